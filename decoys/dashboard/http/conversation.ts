// The state of one client connection: what has come, what is being answered, and until when it may take. `connection.ts` reads,
// `answering.ts` answers, `closing.ts` ends it. A class because a closure for each of its steps took a third of the memory of a short
// connection.
import type { Socket } from 'node:net';
import { ticksMs } from '../../touch/ticks.ts';
import { Account, NOTICE_MS } from './account.ts';
import type { ConnectionEvents, ServerContext } from './context.ts';
import { Gauge } from './gauge.ts';
import { Intake } from './intake.ts';
import * as limits from './limits.ts';
import { Outbox } from './outbox.ts';
import type { Peer } from './peer.ts';
import type { Turn } from './turn.ts';

/** What a connection is at, in the order of a request. */
export const HEAD = 0;
export const BODY = 1;
export const ASKING = 2;
export const SENDING = 3;
export const DISCARDING = 4;
export const LINGERING = 5;
export const CLOSED = 6;
export type Mode = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** What any step of a conversation may tell the server. */
type ConversationEvents = Omit<ConnectionEvents<never>, 'closed'>;

export const NEVER = Number.POSITIVE_INFINITY;

export abstract class Conversation {
  readonly socket: Socket;
  readonly peer: Peer;
  readonly context: ServerContext;
  readonly events: ConversationEvents;
  readonly openedAt: number;
  readonly gauge: Gauge;
  readonly outbox: Outbox;
  readonly account: Account;
  readonly intake: Intake;
  mode: Mode = HEAD;
  turn: Turn | undefined;
  requests = 0;
  asking: AbortController | undefined;
  /** The client has ended its side. */
  halfClosed = false;
  /** The first bytes of the next request have been seen. */
  begun = false;
  /** The next turn of the event loop goes on. */
  scheduled = false;
  received = 0;
  /** ms on the monotonic clock, as all times here. */
  heardAt: number;
  lingerUntil = 0;
  /** When the time-out of what the connection is doing strikes. */
  expiresAt: number;

  constructor(socket: Socket, peer: Peer, context: ServerContext, events: ConversationEvents) {
    const now = ticksMs();
    this.socket = socket;
    this.peer = peer;
    this.context = context;
    this.events = events;
    this.openedAt = now;
    this.heardAt = now;
    this.expiresAt = now + limits.HEADER_TIMEOUT_MS;
    this.gauge = new Gauge(context.place.counters);
    this.outbox = new Outbox(socket);
    this.account = new Account(context.observer, peer);
    this.intake = new Intake(context.heads);
    events.sooner(now + NOTICE_MS);
  }

  /** It is over, and all it held was given back. */
  abstract closed(): void;

  expiresIn(ms: number): void {
    this.expiresAt = ticksMs() + ms;
    this.events.sooner(this.expiresAt);
  }

  /** When the connection has to be looked at although nothing comes. */
  lookAt(): number {
    if (this.mode === CLOSED) return NEVER;
    const noticeAt = this.account.told ? NEVER : this.openedAt + NOTICE_MS;
    const unrecorded = this.mode === DISCARDING && !this.turn?.recorded;
    const recordAt = unrecorded ? this.lingerUntil - limits.LINGERING_MS + NOTICE_MS : NEVER;
    return Math.min(this.expiresAt, noticeAt, recordAt);
  }

  /** Keeps of what has come what must wait. */
  settle(): void {
    this.intake.settle(this.mode === HEAD);
    if (this.context.heads.used > limits.PENDING_HEADERS_BYTES) this.events.crowded();
  }
}
