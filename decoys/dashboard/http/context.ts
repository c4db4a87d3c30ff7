// What a connection is given by the server it belongs to, and what it tells it.
import type { Place } from '../serve/answer.ts';
import type { BodyBudget } from './body.ts';
import type { ApplicationNote, Observer } from './exchange.ts';
import type { Head } from './head.ts';
import type { HeadsBudget } from './intake.ts';
import type { Reply } from './reply.ts';

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
export interface ConnectionEvents<Connection> {
  closed(connection: Connection): void;
  /** There are more bytes of waiting heads than there may be. */
  crowded(): void;
  /** The connection has to be looked at by then, on the monotonic clock. */
  sooner(at: number): void;
}
