// An output: a place notices go to. Each has a folder with a pure payload and a thin post.
import type { SecurityEvent } from '../events/security-event.ts';
import type { NoticeKind } from '../state/batch.ts';

/** A change of a security event on its way out. */
export interface Notice {
  /** Grows by one from notice to notice: receivers that see a pair of event id and number again may drop it. */
  readonly seq: number;
  readonly kind: NoticeKind;
  readonly atMs: number;
  /** The event as it was then. */
  readonly event: SecurityEvent;
}

export interface Output {
  /** What the configuration, metrics and messages call it; unique. */
  readonly name: string;
  /** Notices of less severe events are left out. */
  readonly minSeverity: number;
  /** Notices one post takes at most. */
  readonly batch: number;
  /** Posts under way at once; notices of one event are never in two of them. */
  readonly lanes: number;
  /** Resolves once the receiver has taken them; throws DeliveryError where it has not. */
  post(notices: readonly Notice[], signal: AbortSignal): Promise<void>;
  /** Called every second or so, for what an output says without being given a notice. */
  tick?(nowMs: number, signal: AbortSignal): void;
  close?(): void;
}

/** Why a receiver did not take a post. */
export class DeliveryError extends Error {
  /** False where the same payload would be refused again. */
  readonly retry: boolean;
  /** Where the receiver said when to come back. */
  readonly afterMs: number | undefined;

  constructor(message: string, { retry, afterMs }: { readonly retry: boolean; readonly afterMs?: number }) {
    super(message);
    this.name = 'DeliveryError';
    this.retry = retry;
    this.afterMs = afterMs;
  }
}
