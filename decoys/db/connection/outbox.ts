// Replies on their way out: those to all that came at once leave together when all of it is answered, each by itself in a segment. A
// client that waits is woken by a write, which costs more than the write; one that was woken already is not woken again.
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers';
import { ticksMs } from '../../touch/ticks.ts';
import type { UnsentReplies } from './unsent.ts';

/** Longest a reply waits for others, beside the one statement that is under way. */
const LONGEST_MS = 1;

export class Outbox {
  readonly #unsent: UnsentReplies;
  readonly #alone: () => boolean;
  readonly #leave = () => this.#release();
  /** Sockets with a reply that waits. */
  #waiting: Socket[] = [];
  #sinceMs = 0;

  /** `alone` tells whether there is only one client, whose replies have nothing to wait for. */
  constructor(unsent: UnsentReplies, alone: () => boolean) {
    this.#unsent = unsent;
    this.#alone = alone;
  }

  send(socket: Socket, bytes: Buffer): void {
    // A reply before this one leaves by itself.
    if (socket.writableCorked > 0) this.#uncork(socket);
    if (this.#alone()) {
      socket.write(bytes);
      this.#unsent.wrote(socket);
      return;
    }
    const now = ticksMs();
    if (now - this.#sinceMs > LONGEST_MS) this.#release();
    if (this.#waiting.length === 0) {
      this.#sinceMs = now;
      setImmediate(this.#leave);
    }
    socket.cork();
    socket.write(bytes);
    this.#waiting.push(socket);
  }

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const socket of waiting) if (socket.writableCorked > 0) this.#uncork(socket);
  }

  #uncork(socket: Socket): void {
    socket.uncork();
    this.#unsent.wrote(socket);
  }
}
