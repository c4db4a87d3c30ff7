// One client connection: the shell that feeds the pure parts with what the socket brings, and closes it the way nginx does
// (keep-alive, pipelining, discarded bodies, half-close and lingering, time-outs). It is long because it is one state machine.
import type { Socket } from 'node:net';
import { Waiting } from '../pool.ts';
import { answer, type Place } from '../serve/answer.ts';
import { type BodyBudget, readBody, releaseBody } from './body.ts';
import { createDeadline } from './deadline.ts';
import { endsConnection, errorPage } from './error-page.ts';
import type { ApplicationNote, Ending, Observer, Peer } from './exchange.ts';
import { createGauge } from './gauge.ts';
import { type Head, type HeadFailure, isUntouched, newHeadReader, readHead } from './head.ts';
import * as limits from './limits.ts';
import { createOutbox } from './outbox.ts';
import { type Reply, renderHead } from './reply.ts';
import { answerTurn, exchangeOf, newTurn, type Turn } from './turn.ts';

export interface ApplicationReply extends Reply {
  readonly statusText: string;
  readonly note?: ApplicationNote;
}

export interface ServerContext {
  readonly place: Place;
  readonly observer: Observer;
  readonly budget: BodyBudget;
  /** Bytes of all heads that wait for their end. */
  readonly heads: { used: number };
  /** Asks the application; `gone` aborts it where the client has left. Never rejects. */
  readonly ask: (head: Head, body: Buffer, bodyBytes: number, gone: AbortSignal) => Promise<ApplicationReply>;
  /** The Date header's text, renewed by the second. */
  readonly date: () => string;
  /** So many requests a second that header and file leave in one segment: half the system calls, and nobody left to notice. */
  readonly flooded: () => boolean;
}

/** What the server knows of a connection it may have to drop. */
export interface Connection {
  /** What the socket brought; the bytes are the caller's again afterwards. */
  take(bytes: Buffer): void;
  /** Bytes of a head that waits for its end. */
  pendingBytes(): number;
  /** Closes it at once and records what was half done. */
  drop(ending: Ending): void;
  /** ms on the monotonic clock since when nothing has come. */
  quietSince(): number;
}

const HEAD = 0;
const BODY = 1;
const ASKING = 2;
const SENDING = 3;
const DISCARDING = 4;
const LINGERING = 5;
const CLOSED = 6;

/** A connection that has no whole request by then is a touch of its own. */
const NOTICE_MS = 300;
/** Of refused or broken input, what the touch may show. */
const SHOWN_BYTES = 16 * 1024;
const NO_BYTES = Buffer.alloc(0);
const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
/** Answers of the file modules: before them nginx tells a client that expects it to go on, before its own pages it does not. */
const CONTINUED: ReadonlySet<number> = new Set([200, 206, 304, 412, 416]);

/** What a connection tells the server it belongs to. */
export interface ConnectionEvents {
  closed(): void;
  /** There are more bytes of waiting heads than there may be. */
  crowded(): void;
}

export function serveConnection(
  socket: Socket,
  peer: Peer,
  context: ServerContext,
  { closed, crowded }: ConnectionEvents,
): Connection {
  const { place, observer, budget, heads } = context;
  const openedAt = performance.now();
  const gauge = createGauge(place.counters);
  const outbox = createOutbox(socket);
  const waiting = new Waiting();
  const deadline = createDeadline(limits.HEADER_TIMEOUT_MS, NOTICE_MS, notice, () => drop('timed out'));
  let mode = HEAD;
  let pending: Buffer = NO_BYTES;
  let heldBytes = 0;
  let reader = newHeadReader();
  let turn: Turn | undefined;
  let last: { readonly bytes: Buffer; readonly head: Head } | undefined;
  let requests = 0;
  let asking: AbortController | undefined;
  /** The client has ended its side. */
  let ended = false;
  /** The first bytes of the next request have been seen. */
  let begun = false;
  /** There has been a touch of this connection. */
  let recorded = false;
  /** The next turn of the event loop goes on. */
  let scheduled = false;
  let received = 0;
  let heardAt = openedAt;
  let lingerUntil = 0;

  socket.setNoDelay(true);
  socket.on('error', () => drop('reset by the client'));
  socket.on('end', onEnd);
  socket.on('close', () => drop('reset by the client'));
  socket.on('drain', onDrain);

  /** A connection that says nothing whole for a while is worth a touch before its end is known. */
  function notice(): void {
    if (recorded) return;
    recorded = true;
    observer.connected(peer, Date.now());
  }

  function take(chunk: Buffer): void {
    heardAt = performance.now();
    received += chunk.length;
    if (mode === LINGERING) {
      deadline.in(Math.min(limits.LINGERING_SILENCE_MS, lingerUntil - heardAt));
      return;
    }
    pending = waiting.with(chunk);
    work();
    settleBytes();
  }

  /** Keeps what must wait, now that the caller wants its bytes back, and counts what waits for the end of a head. */
  function settleBytes(): void {
    pending = waiting.keep(pending);
    const bytes = mode === HEAD ? pending.length : 0;
    heads.used += bytes - heldBytes;
    heldBytes = bytes;
    if (heads.used > limits.PENDING_HEADERS_BYTES) crowded();
  }

  /** Looks at what has come, if it is the client's turn. */
  function work(): void {
    if (mode === ASKING || mode === SENDING) {
      if (pending.length > limits.PIPELINE_BYTES) socket.pause();
      return;
    }
    if (mode === DISCARDING) deadline.in(Math.min(limits.LINGERING_SILENCE_MS, lingerUntil - heardAt));
    if (mode === BODY) {
      deadline.in(limits.BODY_TIMEOUT_MS);
      // nginx reads what comes after the head into another buffer, and does not look back at that when it closes.
      if (turn) turn.abrupt = true;
    }
    if (!scheduled) advance();
  }

  function onEnd(): void {
    ended = true;
    if (mode === ASKING) {
      asking?.abort();
      return;
    }
    if (mode === SENDING || scheduled) return;
    drop('closed by the client');
  }

  function onDrain(): void {
    if (mode !== SENDING) return;
    push();
  }

  /** Does all that can be done with the bytes there are, and keeps the rest. */
  function advance(): void {
    scheduled = false;
    serve();
    settleBytes();
  }

  function serve(): void {
    let served = 0;
    for (;;) {
      if (mode === BODY || mode === DISCARDING) {
        if (!readOn()) return;
      } else if (mode === HEAD) {
        if (pending.length === 0) {
          if (ended) drop('closed by the client');
          return;
        }
        if (served === limits.PIPELINE_TURN) {
          scheduled = true;
          setImmediate(advance);
          return;
        }
        if (!begin()) return;
        served++;
      } else return;
    }
  }

  /** Reads the head of the next request; false where there is nothing more to do now. */
  function begin(): boolean {
    if (!begun) {
      begun = true;
      gauge.reading();
      if (requests > 0) deadline.in(limits.HEADER_TIMEOUT_MS);
    }
    const progress = repeated() ?? readHead(pending, reader);
    if (progress === undefined) {
      if (ended) drop('closed by the client');
      return false;
    }
    if ('failure' in progress) {
      refuse(progress.failure);
      return false;
    }
    const { head } = progress;
    remember(head);
    gauge.writing();
    requests++;
    turn = newTurn(head, head.keepAlive && requests < limits.KEEPALIVE_REQUESTS);
    consume(head.bytes);
    const decided = answer(head, place);
    if (decided === 'application') {
      goOn(turn);
      mode = BODY;
      deadline.in(limits.BODY_TIMEOUT_MS);
      return true;
    }
    discard(turn, decided);
    return true;
  }

  /** The head before, where the client sends the same bytes again, as floods and load balancers do. */
  function repeated(): { readonly head: Head } | undefined {
    if (last === undefined || !isUntouched(reader)) return undefined;
    const { bytes, head } = last;
    if (pending.length < bytes.length || reader.bufferEnd < bytes.length) return undefined;
    return pending.compare(bytes, 0, bytes.length, 0, bytes.length) === 0 ? { head } : undefined;
  }

  function remember(head: Head): void {
    if (last?.head === head || head.bytes > limits.HEADER_BUFFER_BYTES) return;
    last = { bytes: Buffer.from(pending.subarray(0, head.bytes)), head };
  }

  /** nginx reads away the body of a request it answers by itself: what has come before the answer, the rest after. */
  function discard(current: Turn, reply: Reply): void {
    if (CONTINUED.has(reply.status)) goOn(current);
    const { progress, next } = readBody(pending, 0, current.body, Number.POSITIVE_INFINITY, budget);
    consume(next);
    if (progress === 400) {
      // A body that cannot be read spoils a page less than a file: the file is withheld.
      current.keepAlive = false;
      current.bodyDone = true;
      const { version } = current.head.line;
      const page = { userAgent: current.head.known.get('user-agent'), version };
      send(current, reply.status >= 300 ? reply : errorPage(400, page));
      return;
    }
    current.bodyDone = progress === 'done';
    send(current, reply);
  }

  function goOn(current: Turn): void {
    const { head } = current;
    if (current.continued || head.line.version < 1001) return;
    if (head.known.get('expect')?.toLowerCase() !== '100-continue') return;
    current.continued = true;
    socket.write(CONTINUE, 'latin1');
  }

  /** Reads on in a body; false where more bytes are needed. */
  function readOn(): boolean {
    const current = turn!;
    const limit = mode === BODY ? limits.BODY_BYTES : Number.POSITIVE_INFINITY;
    const { progress, next } = readBody(pending, 0, current.body, limit, budget);
    consume(next);
    if (progress === 'more') {
      if (ended) drop('closed by the client');
      return false;
    }
    current.bodyDone = progress === 'done';
    if (mode === DISCARDING) {
      if (progress === 'done') finishTurn();
      else close(false);
      return progress === 'done' && current.keepAlive;
    }
    if (progress === 'done') {
      ask(current);
      return false;
    }
    current.keepAlive = false;
    current.bodyDone = true;
    send(
      current,
      errorPage(progress, { userAgent: current.head.known.get('user-agent'), version: current.head.line.version }),
    );
    return false;
  }

  function ask(current: Turn): void {
    mode = ASKING;
    deadline.never();
    asking = new AbortController();
    const { body, head } = current;
    context.ask(head, Buffer.concat(body.kept), body.bytes, asking.signal).then(
      (reply) => {
        asking = undefined;
        if (mode !== ASKING) return;
        if (ended) {
          drop('closed by the client');
          return;
        }
        current.note = reply.note;
        send(current, reply, reply.statusText);
        advance();
      },
      (error: unknown) => {
        // The application answers 500 for its own errors; a rejection is a bug and must be loud.
        queueMicrotask(() => {
          throw error;
        });
      },
    );
  }

  function send(current: Turn, reply: Reply, statusText?: string): void {
    const { head } = current;
    // An upstream's own error says nothing about the connection to the client.
    if (statusText === undefined && endsConnection(reply.status)) current.keepAlive = false;
    const text = head.line.version === 9 ? '' : renderHead(reply, context.date(), current.keepAlive, statusText);
    if (reply.closes) {
      current.keepAlive = false;
      current.bodyDone = true;
      current.abrupt = true;
    }
    answerTurn(current, reply, text.length);
    outbox.put(text, reply, head.line.method === 'HEAD', context.flooded());
    if (current.bodyDone) record(current);
    push();
  }

  /** Hands what is left of an answer to the socket as fast as the client takes it. */
  function push(): void {
    if (!outbox.push()) {
      mode = SENDING;
      deadline.in(limits.SEND_TIMEOUT_MS);
      return;
    }
    const resumed = mode === SENDING;
    sent();
    if (resumed) {
      socket.resume();
      if (!scheduled) advance();
    }
  }

  /** The answer is out. */
  function sent(): void {
    const current = turn!;
    if (!current.bodyDone) {
      mode = DISCARDING;
      lingerUntil = performance.now() + limits.LINGERING_MS;
      deadline.in(limits.LINGERING_SILENCE_MS);
      // The touch does not wait for a body that nobody needs.
      setTimeout(() => record(current), NOTICE_MS);
      return;
    }
    finishTurn();
  }

  function finishTurn(): void {
    const current = turn!;
    record(current);
    if (!current.keepAlive) {
      close(pending.length > 0 && !current.abrupt);
      return;
    }
    releaseBody(current.body, budget);
    turn = undefined;
    begun = false;
    const room = reader.bufferEnd - current.head.bytes - current.body.bytes;
    reader = pending.length > 0 && room > 0 ? newHeadReader(room, Math.min(reader.largeBuffers, 1)) : newHeadReader();
    mode = HEAD;
    gauge.idle();
    socket.resume();
    deadline.in(limits.KEEPALIVE_TIMEOUT_MS);
  }

  function record(current: Turn): void {
    if (current.recorded) return;
    current.recorded = true;
    recorded = true;
    observer.exchanged(exchangeOf(current, peer));
  }

  function refuse(failure: HeadFailure): void {
    const userAgent = failure.known.get('user-agent');
    const version = failure.line?.version ?? 1000;
    const reply = errorPage(failure.status, { userAgent, version });
    const text = version === 9 ? '' : renderHead(reply, context.date(), false);
    const body = failure.bodiless ? NO_BYTES : reply.body[0]!;
    socket.write(Buffer.concat([Buffer.from(text, 'latin1'), body]));
    recorded = true;
    observer.refused(
      peer,
      failure,
      pending.subarray(0, SHOWN_BYTES),
      pending.length,
      Date.now(),
      text.length + body.length,
    );
    // Unread bytes make nginx linger; so does a buffer that was read full.
    const unread = failure.unread || pending.length > failure.at || pending.length >= reader.bufferEnd;
    pending = NO_BYTES;
    close(unread);
  }

  function consume(bytes: number): void {
    pending = bytes === pending.length ? NO_BYTES : pending.subarray(bytes);
  }

  /** Ends our side; with `linger`, what the client still sends is read and dropped for a while. */
  function close(linger: boolean): void {
    if (turn) record(turn);
    pending = NO_BYTES;
    if (!linger || ended) {
      mode = CLOSED;
      settle();
      if (socket.writableLength === 0) socket.destroy();
      else {
        // Whoever does not take the last bytes is not waited for longer than between any two writes.
        socket.setTimeout(limits.SEND_TIMEOUT_MS, () => socket.destroy());
        socket.destroySoon();
      }
      return;
    }
    mode = LINGERING;
    gauge.lingering();
    lingerUntil = performance.now() + limits.LINGERING_MS;
    deadline.in(limits.LINGERING_SILENCE_MS);
    socket.end();
    socket.resume();
  }

  /** The connection is over for whatever reason; records what nobody recorded yet. */
  function drop(ending: Ending): void {
    if (mode === CLOSED) return;
    const now = Date.now();
    if (turn && !turn.recorded) {
      if (turn.status > 0) record(turn);
      else {
        recorded = true;
        const kept = Buffer.concat(turn.body.kept);
        observer.broken(peer, kept, turn.head.bytes + turn.body.bytes, ending, now, turn.head);
      }
    } else if (mode === HEAD && pending.length > 0) {
      recorded = true;
      observer.broken(peer, pending.subarray(0, SHOWN_BYTES), pending.length, ending, now, undefined);
    } else if (received === 0 && ending === 'timed out') {
      recorded = true;
      observer.timedOut(peer, now, performance.now() - openedAt);
    }
    notice();
    mode = CLOSED;
    settle();
    socket.destroy();
  }

  /** Gives back what the connection held; once. */
  function settle(): void {
    deadline.stop();
    asking?.abort();
    gauge.gone();
    if (turn) releaseBody(turn.body, budget);
    outbox.clear();
    pending = NO_BYTES;
    settleBytes();
    closed();
  }

  return {
    take,
    pendingBytes: () => heldBytes,
    quietSince: () => heardAt,
    drop,
  };
}
