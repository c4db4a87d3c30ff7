// What FROM comes to: columns, and rows that may be asked for again.
// Source: https://dev.mysql.com/doc/refman/9.7/en/join.html
import type { TableSource } from '../../session/table-source.ts';
import type { Row, ScopeColumn } from '../scope.ts';
import type { Steps } from '../steps.ts';
import type { Value } from '../value/value.ts';
import type { Leaf } from './access.ts';

/** Stands among rows for none: others should have their turn. */
export const NO_ROW: readonly Value[] = [];

export interface Source {
  readonly columns: readonly ScopeColumn[];
  /** Its rows, with NO_ROW between them where others should have their turn. */
  readonly rows: (outerRow: Row | undefined) => Iterable<readonly Value[]>;
  /** Works out ahead what `rows` would have to work out at once. */
  readonly prepare?: ((outerRow: Row | undefined) => Steps<void>) | undefined;
  /** A base table alone, which may be asked by key. */
  readonly table?: TableSource;
  /** Every base table in it. */
  readonly leaves?: readonly Leaf[];
  /** Rows differ from one call to the next. */
  readonly changes?: boolean;
}
