// One client connection: the shell that feeds the pure parts with what the socket brings, in the order nginx does (keep-alive,
// pipelining, discarded bodies, half-close and lingering, time-outs).
import type { Socket } from 'node:net';
import { ticksMs } from '../../touch/ticks.ts';
import type { Client } from '../reading.ts';
import { answer } from '../serve/answer.ts';
import { finishTurn, goOn, pageFor, push, refuse, send, sendLast } from './answering.ts';
import { type BodyProgress, readBody } from './body.ts';
import { close, drop } from './closing.ts';
import type { ConnectionEvents, ServerContext } from './context.ts';
import { ASKING, BODY, CLOSED, Conversation, DISCARDING, HEAD, LINGERING, NEVER, SENDING } from './conversation.ts';
import type { Ending } from './exchange.ts';
import * as limits from './limits.ts';
import type { Peer } from './peer.ts';
import type { Reply } from './reply.ts';
import type { RunQueue, Waiter } from './run-queue.ts';
import type { Timed } from './timetable.ts';
import { newTurn, type Turn } from './turn.ts';

/** Answers of the file modules: before them nginx tells a client that expects it to go on, before its own pages it does not. */
const OF_FILES: ReadonlySet<number> = new Set([200, 206, 304, 412, 416]);

export class Connection extends Conversation implements Client, Timed, Waiter {
  readonly #owner: ConnectionEvents<Connection>;
  readonly #queue: RunQueue;

  constructor(
    socket: Socket,
    peer: Peer,
    context: ServerContext,
    events: ConnectionEvents<Connection>,
    queue: RunQueue,
  ) {
    super(socket, peer, context, events);
    this.#owner = events;
    this.#queue = queue;
  }

  closed(): void {
    this.#owner.closed(this);
  }

  look(now: number): void {
    if (now >= this.expiresAt) {
      this.drop('timed out');
      return;
    }
    // The touch does not wait for a body that nobody needs.
    if (this.mode === DISCARDING && this.turn) this.account.exchanged(this.turn);
    this.account.noticed();
  }

  take(chunk: Buffer): void {
    if (this.mode === CLOSED) return;
    const now = ticksMs();
    this.heardAt = now;
    this.received += chunk.length;
    if (this.mode === LINGERING) {
      this.expiresAt = now + Math.min(limits.LINGERING_SILENCE_MS, this.lingerUntil - now);
      return;
    }
    this.intake.add(chunk);
    this.#work();
    this.settle();
  }

  ended(): void {
    this.halfClosed = true;
    if (this.mode === ASKING) this.asking?.abort();
    else if (this.mode !== SENDING && !this.scheduled) this.drop('closed by the client');
  }

  drained(): void {
    if (this.mode !== SENDING || !push(this)) return;
    this.socket.resume();
    if (!this.scheduled) this.advance();
  }

  gone(): void {
    this.drop('reset by the client');
  }

  /** Closes it at once and records what was half done. */
  drop(ending: Ending): void {
    drop(this, ending);
  }

  /** Looks at what has come, if it is the client's turn. */
  #work(): void {
    if (this.mode === ASKING || this.mode === SENDING) {
      if (this.intake.bytes.length > limits.PIPELINE_BYTES) this.socket.pause();
      return;
    }
    if (this.mode === DISCARDING) {
      this.expiresIn(Math.min(limits.LINGERING_SILENCE_MS, this.lingerUntil - this.heardAt));
    }
    if (this.mode === BODY) {
      this.expiresIn(limits.BODY_TIMEOUT_MS);
      // nginx reads what comes after the head into another buffer, and does not look back at that when it closes.
      if (this.turn) this.turn.abrupt = true;
    }
    if (!this.scheduled) this.#serve();
    else if (this.intake.bytes.length > limits.PIPELINE_BYTES) this.socket.pause();
  }

  /** Goes on with what has come meanwhile. */
  advance(): void {
    if (this.scheduled) this.socket.resume();
    this.scheduled = false;
    this.#serve();
    this.settle();
  }

  /** Does all that can be done with the bytes there are. */
  #serve(): void {
    let served = 0;
    for (;;) {
      if (this.mode === BODY || this.mode === DISCARDING) {
        if (!this.#readOn()) return;
      } else if (this.mode === HEAD) {
        if (this.intake.bytes.length === 0) {
          if (this.halfClosed) this.drop('closed by the client');
          return;
        }
        if (served === limits.PIPELINE_TURN || !this.#queue.takes()) {
          this.#wait();
          return;
        }
        if (!this.#begin()) return;
        served++;
      } else return;
    }
  }

  /** Others have their turn first. */
  #wait(): void {
    this.scheduled = true;
    if (this.intake.bytes.length > limits.PIPELINE_BYTES) this.socket.pause();
    this.#queue.wait(this);
  }

  /** Reads the head of the next request; false where there is nothing more to do now. */
  #begin(): boolean {
    if (!this.begun) {
      this.begun = true;
      this.gauge.reading();
      if (this.requests > 0) this.expiresIn(limits.HEADER_TIMEOUT_MS);
    }
    const progress = this.intake.head();
    if (progress === undefined) {
      if (this.halfClosed) this.drop('closed by the client');
      return false;
    }
    if ('failure' in progress) {
      refuse(this, progress.failure);
      return false;
    }
    const { head } = progress;
    this.gauge.writing();
    this.requests++;
    this.turn = newTurn(head, head.keepAlive && this.requests < limits.KEEPALIVE_REQUESTS, this.heardAt);
    this.intake.consume(head.bytes);
    const decided = answer(head, this.context.place, this.peer);
    if (decided === 'application') {
      goOn(this, this.turn);
      this.mode = BODY;
      this.expiresIn(limits.BODY_TIMEOUT_MS);
    } else this.#discard(this.turn, decided);
    return true;
  }

  /** nginx reads away the body of a request it answers by itself: what has come before the answer, the rest after. */
  #discard(current: Turn, reply: Reply): void {
    if (OF_FILES.has(reply.status)) goOn(this, current);
    const progress = this.#readBody(current, NEVER);
    if (progress === 400) {
      // The file modules read the body away before they answer, and withhold the answer; nginx's own pages stand.
      sendLast(this, current, OF_FILES.has(reply.status) ? pageFor(400, current.head) : reply);
      return;
    }
    current.bodyDone = progress === 'done';
    send(this, current, reply);
  }

  #readBody(current: Turn, limit: number): BodyProgress {
    const { progress, next } = readBody(this.intake.bytes, 0, current.body, limit, this.context.budget);
    this.intake.consume(next);
    return progress;
  }

  /** Reads on in a body; false where more bytes are needed. */
  #readOn(): boolean {
    const current = this.turn!;
    const progress = this.#readBody(current, this.mode === BODY ? limits.BODY_BYTES : NEVER);
    if (progress === 'more') {
      if (this.halfClosed) this.drop('closed by the client');
      return false;
    }
    current.bodyDone = progress === 'done';
    if (this.mode === DISCARDING) {
      if (progress === 'done') finishTurn(this);
      else close(this, false);
      return progress === 'done' && current.keepAlive;
    }
    if (progress === 'done') this.#ask(current);
    else sendLast(this, current, pageFor(progress, current.head));
    return false;
  }

  #ask(current: Turn): void {
    this.mode = ASKING;
    this.expiresAt = NEVER;
    this.asking = new AbortController();
    const { body, head } = current;
    this.context.ask(head, Buffer.concat(body.kept), body.bytes, this.asking.signal).then(
      (reply) => {
        this.asking = undefined;
        if (this.mode !== ASKING) return;
        if (this.halfClosed) {
          this.drop('closed by the client');
          return;
        }
        current.note = reply.note;
        send(this, current, reply, reply.statusText);
        this.advance();
      },
      (error: unknown) => {
        // The application answers 500 for its own errors; a rejection is a bug and must be loud.
        queueMicrotask(() => {
          throw error;
        });
      },
    );
  }
}
