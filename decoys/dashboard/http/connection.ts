// One client connection: the shell that feeds the pure parts with what the socket brings, and closes it the way nginx does
// (keep-alive, pipelining, discarded bodies, half-close and lingering, time-outs). It is long because it is one state machine; it is
// a class because a closure for each of its steps took a third of the memory of a short connection.
import type { Socket } from 'node:net';
import { type Client, letGo } from '../reading.ts';
import { answer, type Place } from '../serve/answer.ts';
import { Account, NOTICE_MS } from './account.ts';
import { type BodyBudget, readBody, releaseBody } from './body.ts';
import { endsConnection, errorPage } from './error-page.ts';
import type { ApplicationNote, Ending, Observer } from './exchange.ts';
import { Gauge } from './gauge.ts';
import type { Head, HeadFailure } from './head.ts';
import { type HeadsBudget, Intake } from './intake.ts';
import * as limits from './limits.ts';
import { Outbox } from './outbox.ts';
import type { Peer } from './peer.ts';
import { type Reply, renderHead } from './reply.ts';
import type { Timed } from './timetable.ts';
import { answerTurn, newTurn, type Turn } from './turn.ts';

export interface ApplicationReply extends Reply {
  readonly statusText: string;
  readonly note?: ApplicationNote;
}

export interface ServerContext {
  readonly place: Place;
  readonly observer: Observer;
  readonly budget: BodyBudget;
  readonly heads: HeadsBudget;
  /** Asks the application; `gone` aborts it where the client has left. Never rejects. */
  readonly ask: (head: Head, body: Buffer, bodyBytes: number, gone: AbortSignal) => Promise<ApplicationReply>;
  /** The Date header's text, renewed by the second. */
  readonly date: () => string;
}

/** What a connection tells the server it belongs to. */
export interface ConnectionEvents {
  closed(connection: Connection): void;
  /** There are more bytes of waiting heads than there may be. */
  crowded(): void;
  /** The connection has to be looked at by then, on the monotonic clock. */
  sooner(at: number): void;
}

const HEAD = 0;
const BODY = 1;
const ASKING = 2;
const SENDING = 3;
const DISCARDING = 4;
const LINGERING = 5;
const CLOSED = 6;

const NO_BYTES = Buffer.alloc(0);
const NEVER = Number.POSITIVE_INFINITY;
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
/** Answers of the file modules: before them nginx tells a client that expects it to go on, before its own pages it does not. */
const OF_FILES: ReadonlySet<number> = new Set([200, 206, 304, 412, 416]);

export class Connection implements Client, Timed {
  readonly #socket: Socket;
  readonly #peer: Peer;
  readonly #context: ServerContext;
  readonly #events: ConnectionEvents;
  readonly #openedAt: number;
  readonly #gauge: Gauge;
  readonly #outbox: Outbox;
  readonly #account: Account;
  readonly #intake: Intake;
  #mode = HEAD;
  #turn: Turn | undefined;
  #requests = 0;
  #asking: AbortController | undefined;
  /** The client has ended its side. */
  #ended = false;
  /** The first bytes of the next request have been seen. */
  #begun = false;
  /** The next turn of the event loop goes on. */
  #scheduled = false;
  #received = 0;
  #heardAt: number;
  #lingerUntil = 0;
  /** When the time-out of what the connection is doing strikes. */
  #expiresAt: number;

  constructor(socket: Socket, peer: Peer, context: ServerContext, events: ConnectionEvents) {
    const now = performance.now();
    this.#socket = socket;
    this.#peer = peer;
    this.#context = context;
    this.#events = events;
    this.#openedAt = now;
    this.#heardAt = now;
    this.#expiresAt = now + limits.HEADER_TIMEOUT_MS;
    this.#gauge = new Gauge(context.place.counters);
    this.#outbox = new Outbox(socket);
    this.#account = new Account(context.observer, peer);
    this.#intake = new Intake(context.heads);
    events.sooner(now + NOTICE_MS);
  }

  /** Bytes of a head that waits for its end. */
  pendingBytes(): number {
    return this.#intake.held;
  }

  /** ms on the monotonic clock since when nothing has come. */
  quietSince(): number {
    return this.#heardAt;
  }

  lookAt(): number {
    if (this.#mode === CLOSED) return NEVER;
    const noticeAt = this.#account.told ? NEVER : this.#openedAt + NOTICE_MS;
    const unrecorded = this.#mode === DISCARDING && !this.#turn?.recorded;
    const recordAt = unrecorded ? this.#lingerUntil - limits.LINGERING_MS + NOTICE_MS : NEVER;
    return Math.min(this.#expiresAt, noticeAt, recordAt);
  }

  look(now: number): void {
    if (now >= this.#expiresAt) {
      this.drop('timed out');
      return;
    }
    // The touch does not wait for a body that nobody needs.
    if (this.#mode === DISCARDING && this.#turn) this.#account.exchanged(this.#turn);
    this.#account.noticed();
  }

  take(chunk: Buffer): void {
    if (this.#mode === CLOSED) return;
    const now = performance.now();
    this.#heardAt = now;
    this.#received += chunk.length;
    if (this.#mode === LINGERING) {
      this.#expiresAt = now + Math.min(limits.LINGERING_SILENCE_MS, this.#lingerUntil - now);
      return;
    }
    this.#intake.add(chunk);
    this.#work();
    this.#settle();
  }

  ended(): void {
    this.#ended = true;
    if (this.#mode === ASKING) this.#asking?.abort();
    else if (this.#mode !== SENDING && !this.#scheduled) this.drop('closed by the client');
  }

  drained(): void {
    if (this.#mode === SENDING) this.#push();
  }

  gone(): void {
    this.drop('reset by the client');
  }

  /** Closes it at once and records what was half done. */
  drop(ending: Ending): void {
    if (this.#mode === CLOSED) return;
    const pending = this.#mode === HEAD ? this.#intake.bytes : NO_BYTES;
    const silentMs = this.#received === 0 ? performance.now() - this.#openedAt : undefined;
    this.#account.ended(ending, this.#turn, pending, silentMs);
    this.#giveBack();
    this.#socket.destroy();
  }

  #expiresIn(ms: number): void {
    this.#expiresAt = performance.now() + ms;
    this.#events.sooner(this.#expiresAt);
  }

  #settle(): void {
    this.#intake.settle(this.#mode === HEAD);
    if (this.#context.heads.used > limits.PENDING_HEADERS_BYTES) this.#events.crowded();
  }

  /** Looks at what has come, if it is the client's turn. */
  #work(): void {
    if (this.#mode === ASKING || this.#mode === SENDING) {
      if (this.#intake.bytes.length > limits.PIPELINE_BYTES) this.#socket.pause();
      return;
    }
    if (this.#mode === DISCARDING) {
      this.#expiresIn(Math.min(limits.LINGERING_SILENCE_MS, this.#lingerUntil - this.#heardAt));
    }
    if (this.#mode === BODY) {
      this.#expiresIn(limits.BODY_TIMEOUT_MS);
      // nginx reads what comes after the head into another buffer, and does not look back at that when it closes.
      if (this.#turn) this.#turn.abrupt = true;
    }
    if (!this.#scheduled) this.#serve();
  }

  /** Goes on with what has come meanwhile. */
  #advance(): void {
    this.#scheduled = false;
    this.#serve();
    this.#settle();
  }

  /** Does all that can be done with the bytes there are. */
  #serve(): void {
    let served = 0;
    for (;;) {
      if (this.#mode === BODY || this.#mode === DISCARDING) {
        if (!this.#readOn()) return;
      } else if (this.#mode === HEAD) {
        if (this.#intake.bytes.length === 0) {
          if (this.#ended) this.drop('closed by the client');
          return;
        }
        if (served === limits.PIPELINE_TURN) {
          this.#scheduled = true;
          setImmediate(() => this.#advance());
          return;
        }
        if (!this.#begin()) return;
        served++;
      } else return;
    }
  }

  /** Reads the head of the next request; false where there is nothing more to do now. */
  #begin(): boolean {
    if (!this.#begun) {
      this.#begun = true;
      this.#gauge.reading();
      if (this.#requests > 0) this.#expiresIn(limits.HEADER_TIMEOUT_MS);
    }
    const progress = this.#intake.head();
    if (progress === undefined) {
      if (this.#ended) this.drop('closed by the client');
      return false;
    }
    if ('failure' in progress) {
      this.#refuse(progress.failure);
      return false;
    }
    const { head } = progress;
    this.#gauge.writing();
    this.#requests++;
    this.#turn = newTurn(head, head.keepAlive && this.#requests < limits.KEEPALIVE_REQUESTS, this.#heardAt);
    this.#intake.consume(head.bytes);
    const decided = answer(head, this.#context.place, this.#peer);
    if (decided === 'application') {
      this.#goOn(this.#turn);
      this.#mode = BODY;
      this.#expiresIn(limits.BODY_TIMEOUT_MS);
    } else this.#discard(this.#turn, decided);
    return true;
  }

  /** nginx reads away the body of a request it answers by itself: what has come before the answer, the rest after. */
  #discard(current: Turn, reply: Reply): void {
    if (OF_FILES.has(reply.status)) this.#goOn(current);
    const { progress, next } = readBody(this.#intake.bytes, 0, current.body, NEVER, this.#context.budget);
    this.#intake.consume(next);
    if (progress === 400) {
      // The file modules read the body away before they answer, and withhold the answer; nginx's own pages stand.
      this.#sendLast(current, OF_FILES.has(reply.status) ? pageFor(400, current.head) : reply);
      return;
    }
    current.bodyDone = progress === 'done';
    this.#send(current, reply);
  }

  #goOn(current: Turn): void {
    const { head } = current;
    if (current.continued || head.line.version < 1001) return;
    if (head.known.get('expect')?.toLowerCase() !== '100-continue') return;
    current.continued = true;
    this.#socket.write(CONTINUE, 'latin1');
  }

  /** Reads on in a body; false where more bytes are needed. */
  #readOn(): boolean {
    const current = this.#turn!;
    const limit = this.#mode === BODY ? limits.BODY_BYTES : NEVER;
    const { progress, next } = readBody(this.#intake.bytes, 0, current.body, limit, this.#context.budget);
    this.#intake.consume(next);
    if (progress === 'more') {
      if (this.#ended) this.drop('closed by the client');
      return false;
    }
    current.bodyDone = progress === 'done';
    if (this.#mode === DISCARDING) {
      if (progress === 'done') this.#finishTurn();
      else this.#close(false);
      return progress === 'done' && current.keepAlive;
    }
    if (progress === 'done') this.#ask(current);
    else this.#sendLast(current, pageFor(progress, current.head));
    return false;
  }

  #ask(current: Turn): void {
    this.#mode = ASKING;
    this.#expiresAt = NEVER;
    this.#asking = new AbortController();
    const { body, head } = current;
    this.#context.ask(head, Buffer.concat(body.kept), body.bytes, this.#asking.signal).then(
      (reply) => {
        this.#asking = undefined;
        if (this.#mode !== ASKING) return;
        if (this.#ended) {
          this.drop('closed by the client');
          return;
        }
        current.note = reply.note;
        this.#send(current, reply, reply.statusText);
        this.#advance();
      },
      (error: unknown) => {
        // The application answers 500 for its own errors; a rejection is a bug and must be loud.
        queueMicrotask(() => {
          throw error;
        });
      },
    );
  }

  /** Sends an answer after which nothing more is read. */
  #sendLast(current: Turn, reply: Reply): void {
    current.keepAlive = false;
    current.bodyDone = true;
    this.#send(current, reply);
  }

  #send(current: Turn, reply: Reply, statusText?: string): void {
    const { head } = current;
    // An upstream's own error says nothing about the connection to the client.
    if (statusText === undefined && endsConnection(reply.status)) current.keepAlive = false;
    const text = head.line.version === 9 ? '' : renderHead(reply, this.#context.date(), current.keepAlive, statusText);
    if (reply.closes) {
      current.keepAlive = false;
      current.bodyDone = true;
      current.abrupt = true;
    }
    answerTurn(current, reply, text.length);
    this.#outbox.put(text, reply, head.line.method === 'HEAD');
    if (current.bodyDone) this.#account.exchanged(current);
    this.#push();
  }

  /** Hands what is left of an answer to the socket as fast as the client takes it. */
  #push(): void {
    if (!this.#outbox.push()) {
      this.#mode = SENDING;
      this.#expiresIn(limits.SEND_TIMEOUT_MS);
      return;
    }
    const resumed = this.#mode === SENDING;
    this.#sent();
    if (resumed) {
      this.#socket.resume();
      if (!this.#scheduled) this.#advance();
    }
  }

  /** The answer is out. */
  #sent(): void {
    const current = this.#turn!;
    if (current.bodyDone) {
      this.#finishTurn();
      return;
    }
    this.#mode = DISCARDING;
    this.#lingerUntil = performance.now() + limits.LINGERING_MS;
    this.#expiresIn(limits.LINGERING_SILENCE_MS);
    this.#events.sooner(this.lookAt());
  }

  #finishTurn(): void {
    const current = this.#turn!;
    this.#account.exchanged(current);
    if (!current.keepAlive) {
      this.#close(this.#intake.bytes.length > 0 && !current.abrupt);
      return;
    }
    releaseBody(current.body, this.#context.budget);
    this.#turn = undefined;
    this.#begun = false;
    this.#intake.next(current.head.bytes + current.body.bytes);
    this.#mode = HEAD;
    this.#gauge.idle();
    this.#outbox.atOnce();
    this.#socket.resume();
    this.#expiresIn(limits.KEEPALIVE_TIMEOUT_MS);
  }

  #refuse(failure: HeadFailure): void {
    const version = failure.line?.version ?? 1000;
    const reply = errorPage(failure.status, { userAgent: failure.known.get('user-agent'), version });
    const text = version === 9 ? '' : renderHead(reply, this.#context.date(), false);
    const body = failure.bodiless ? NO_BYTES : reply.body[0]!;
    this.#socket.write(Buffer.concat([Buffer.from(text, 'latin1'), body]));
    const { bytes } = this.#intake;
    this.#account.refused(failure, bytes, text.length + body.length);
    // Unread bytes make nginx linger; so does a buffer that was read full.
    this.#close(failure.unread || bytes.length > failure.at || this.#intake.isFull());
  }

  /** Ends our side; with `linger`, what the client still sends is read and dropped for a while. */
  #close(linger: boolean): void {
    if (this.#turn) this.#account.exchanged(this.#turn);
    const socket = this.#socket;
    if (!linger || this.#ended) {
      this.#giveBack();
      if (socket.writableLength === 0) socket.destroy();
      else {
        // Whoever does not take the last bytes is not waited for longer than between any two writes.
        socket.setTimeout(limits.SEND_TIMEOUT_MS, () => socket.destroy());
        socket.destroySoon();
      }
      return;
    }
    this.#intake.drop();
    this.#mode = LINGERING;
    this.#gauge.lingering();
    this.#lingerUntil = performance.now() + limits.LINGERING_MS;
    this.#expiresIn(limits.LINGERING_SILENCE_MS);
    socket.end();
    socket.resume();
  }

  /** Gives back what the connection held; once. */
  #giveBack(): void {
    this.#mode = CLOSED;
    this.#asking?.abort();
    this.#gauge.gone();
    if (this.#turn) releaseBody(this.#turn.body, this.#context.budget);
    this.#outbox.clear();
    this.#intake.drop();
    this.#settle();
    this.#turn = undefined;
    letGo(this.#socket);
    this.#events.closed(this);
  }
}

function pageFor(status: number, { line, known }: Head): Reply {
  return errorPage(status, { userAgent: known.get('user-agent'), version: line.version });
}
