// What FROM comes to: columns, and rows that may be asked for again.
// Source: https://dev.mysql.com/doc/refman/9.7/en/join.html
import type { TableSource } from '../../session/table-source.ts';
import type { Row, ScopeColumn } from '../scope.ts';
import type { Value } from '../value/value.ts';
import type { Leaf } from './access.ts';

export interface Source {
  readonly columns: readonly ScopeColumn[];
  readonly rows: (outerRow: Row | undefined) => Iterable<readonly Value[]>;
  /** A base table alone, which may be asked by key. */
  readonly table?: TableSource;
  /** Every base table in it. */
  readonly leaves?: readonly Leaf[];
  /** Rows differ from one call to the next. */
  readonly changes?: boolean;
}
