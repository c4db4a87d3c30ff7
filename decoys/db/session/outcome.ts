// What running a statement gives: an OK, rows, or (thrown) an error; plus what changed for the client to track.

import type { Value } from '../sql/value/value.ts';
import type { Column } from '../wire/column.ts';

/** What a called procedure gave back for a parameter of the prepared CALL. */
export interface OutParameter {
  readonly index: number;
  readonly column: Column;
  readonly value: Value;
}

export interface OkOutcome {
  readonly kind: 'ok';
  readonly affected?: bigint;
  readonly insertId?: bigint;
  readonly info?: string;
  /** Warnings its OK counts, where those are not the session's. */
  readonly warnings?: number;
  /** Results a called procedure gave before its OK. */
  readonly before?: readonly RowsOutcome[];
  /** The called procedure, and its schema where it is not the session's. */
  readonly procedure?: string;
  readonly visited?: string;
  /** What it gave back for parameters, told after those. */
  readonly out?: readonly OutParameter[];
  /** The error a called procedure ended with after those. */
  readonly error?: Error;
}

export interface RowsOutcome {
  readonly kind: 'rows';
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Value[])[];
  /** Status bits beyond the session's. */
  readonly flags?: number;
  /** An error that came after the columns were sent. */
  readonly error?: Error;
}

export type Outcome = OkOutcome | RowsOutcome;

export const OK: OkOutcome = { kind: 'ok' };
