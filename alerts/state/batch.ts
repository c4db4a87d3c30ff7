// A batch: what the lines of a few milliseconds changed, committed as one so that a crash keeps all of it or none.

/** Where a line stands in its input, so that reading goes on after it. */
export interface Origin {
  /** Names the input: `file:/var/log/app.log`, `pod:<uid>`. */
  readonly stream: string;
  /** What that input needs to go on after this line; compared by nobody else. */
  readonly position: string;
}

/** A touch as its table has it, in the order of its columns: rows without names are what threads hand over fastest. */
export type TouchRow = readonly [
  id: string,
  receivedMs: number,
  decoy: string,
  source: string | null,
  /** Touches folded into the line. */
  count: number,
  /** JSON of who the source was then, where that is more than its address. */
  culprit: string | null,
  /** The touch line as it was read, unwrapped. */
  line: string,
];

export interface EventRow {
  readonly id: string;
  readonly rule: string;
  readonly decoy: string;
  readonly source: string | undefined;
  readonly severity: number;
  readonly state: 'open' | 'closed';
  readonly openedMs: number;
  readonly heardMs: number;
  readonly count: number;
  /** The event as JSON, see events/stored.ts. */
  readonly body: string;
}

export const NOTICE_KINDS = ['opened', 'escalated', 'reminded', 'closed'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** One change of a security event that outputs are told of. */
export interface NoticeRow {
  readonly event: string;
  readonly kind: NoticeKind;
  readonly atMs: number;
  /** The event as it was then, as JSON. */
  readonly body: string;
}

export interface StoredNotice extends NoticeRow {
  /** Grows by one from notice to notice. */
  readonly seq: number;
}

export interface Batch {
  readonly touches: readonly TouchRow[];
  readonly events: readonly EventRow[];
  readonly notices: readonly NoticeRow[];
  /** Stream → position. */
  readonly positions: ReadonlyMap<string, string>;
}

/** A statement of whoever keeps tables of its own beside those of state. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly (string | number | null)[];
}

/** One thing to be written: all of it or none. */
export type Write =
  | {
      readonly kind: 'batch';
      readonly batch: Omit<Batch, 'notices'> & { readonly notices: readonly StoredNotice[] };
      readonly nowMs: number;
    }
  | { readonly kind: 'cursors'; readonly moved: ReadonlyMap<string, number> }
  | { readonly kind: 'dropCursor'; readonly output: string }
  | { readonly kind: 'statements'; readonly statements: readonly Statement[] };
