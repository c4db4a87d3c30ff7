// What a connection tells of itself: the facts a touch is made from, and who is told.
import type { Head, HeadFailure } from './head.ts';
import type { Peer } from './peer.ts';

export interface BodyFacts {
  readonly bytes: number;
  readonly kept: Buffer;
  /** Hex; undefined where no body came. */
  readonly sha256: string | undefined;
  /** All that was announced has come. */
  readonly complete: boolean;
}

export interface Exchange {
  readonly peer: Peer;
  readonly head: Head;
  readonly body: BodyFacts;
  readonly status: number;
  /** Bytes of the answer on the wire and of its body. */
  readonly responseBytes: number;
  readonly responseBodyBytes: number;
  readonly responseType: string | undefined;
  /** What the application says of the request, if it was asked. */
  readonly note: ApplicationNote | undefined;
  /** Wall clock, ms. */
  readonly at: number;
  readonly durationNs: number;
}

/** What only the application knows of a request. */
export interface ApplicationNote {
  readonly credential?: { readonly user?: string; readonly password?: string };
  /** Path id of the canary that was used. */
  readonly canary?: string;
  readonly accepted?: boolean;
}

export type Ending =
  | 'closed by the client'
  | 'reset by the client'
  | 'timed out'
  | 'dropped for others'
  | 'still open at the end';

export interface Observer {
  /** One request, answered. */
  exchanged(exchange: Exchange): void;
  /** Bytes that are no request nginx serves; `sent` is a prefix of them, `bytes` how many came. */
  refused(peer: Peer, failure: HeadFailure, sent: Buffer, bytes: number, at: number, responseBytes: number): void;
  /** A request that never became whole. */
  broken(peer: Peer, sent: Buffer, bytes: number, ending: Ending, at: number, head: Head | undefined): void;
  /** A connection over which nothing, or no whole request, has come yet. */
  connected(peer: Peer, at: number): void;
  /** A connection reset before its peer could be read. */
  vanished(port: number, at: number): void;
  /** A connection that stayed silent until the decoy closed it. */
  timedOut(peer: Peer, at: number, openMs: number): void;
}
