// Reads a client's messages in turn: while a command is under way what comes waits, in bounds, and other clients have their turn.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_command_phase.html
import { ticksMs } from '../../touch/ticks.ts';
import { READ_AHEAD_BYTES, UNSENT_REPLY_BYTES, WRITE_TIMEOUT_MS } from '../limits.ts';
import { inTurn, spendTurn, turnIsOver } from '../turn.ts';
import { type MessageBudget, PIECE_BYTES } from '../wire/held-message.ts';
import type { Channel, Received } from './channel.ts';
import type { TlsLayer } from './tls-layer.ts';
import type { Deadline } from './waits.ts';

/** What a connection lends the intake of its messages. */
export interface IntakeContext {
  readonly channel: Channel;
  /** What messages of all connections may take. */
  readonly budget: MessageBudget;
  /** The client's address: whose turn its messages wait for. */
  readonly source: string;
  /** How long the client may leave a reply unread. */
  readonly deadline: Deadline;
  /** A command is under way. */
  readonly commanding: () => boolean;
  /** Messages are looked at: the client has not gone, and nothing else is waited for. */
  readonly open: () => boolean;
  readonly take: (received: Exclude<Received, { kind: 'more' }>) => void;
  /** The client sends nothing more, and all it said has been taken. */
  readonly exhausted: () => void;
}

export class Intake {
  readonly #lent: IntakeContext;
  /** Others have their turn before the next message is read. */
  #yielding = false;
  /** The client will send nothing more. */
  clientEnded = false;
  /** Bytes booked that came while nothing was read. */
  #ahead = 0;

  constructor(lent: IntakeContext) {
    this.#lent = lent;
  }

  /** Nothing is read: a command is under way, or others have their turn. */
  get busy(): boolean {
    return this.#yielding || this.#lent.commanding();
  }

  /**
   * What comes before the last command is answered waits, in bounds over all: who sends more is hung up on.
   * False where that is so.
   */
  admits(bytes: number): boolean {
    if (!this.busy) return true;
    const held = bytes + PIECE_BYTES;
    if (!this.#lent.budget.book(held)) {
      this.#lent.channel.socket.destroy();
      return false;
    }
    this.#ahead += held;
    return true;
  }

  /** Gives back what was booked of bytes that came early. */
  release(): void {
    if (this.#ahead === 0) return;
    this.#lent.budget.release(this.#ahead);
    this.#ahead = 0;
  }

  /** Takes records of TLS; they cost, a handshake a signature, and are read in turn too. */
  records(tls: TlsLayer, chunk: Buffer): void {
    if (!turnIsOver()) {
      const begunMs = ticksMs();
      tls.received(chunk);
      spendTurn(ticksMs() - begunMs);
      return;
    }
    const { raw } = tls;
    raw.pause();
    inTurn(this.#lent.source, () => {
      raw.resume();
      this.records(tls, chunk);
    });
  }

  /** Takes messages while there are any and nothing is under way. */
  pump(): void {
    const { channel, deadline, open, take, exhausted } = this.#lent;
    if (!this.busy) this.release();
    while (!this.busy && open()) {
      const { socket } = channel;
      if (socket.writableLength > UNSENT_REPLY_BYTES) {
        socket.pause();
        deadline.arm(WRITE_TIMEOUT_MS);
        return;
      }
      if (socket.isPaused()) socket.resume();
      if (turnIsOver() && channel.pending > 0) {
        this.#pumpLater();
        break;
      }
      const received = channel.next();
      if (received.kind === 'more') {
        if (this.clientEnded) exhausted();
        return;
      }
      const begunMs = ticksMs();
      take(received);
      spendTurn(ticksMs() - begunMs);
    }
    if (this.busy && channel.pending > READ_AHEAD_BYTES) channel.socket.pause();
  }

  /** Commands that came together are answered in slices: other clients have their turn in between. */
  #pumpLater(): void {
    this.#yielding = true;
    inTurn(this.#lent.source, () => {
      this.#yielding = false;
      this.pump();
    });
  }
}
