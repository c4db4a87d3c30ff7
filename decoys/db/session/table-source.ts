// A table a query can read: its columns, its rows now, and perhaps a way to find rows by key.

import type { Expression } from '../sql/ast/expression.ts';
import type { Locking } from '../sql/ast/query.ts';
import type { IndexSpec } from '../sql/ast/table.ts';
import type { Execution } from '../sql/execution.ts';
import type { ScopeColumn } from '../sql/scope.ts';
import type { Steps } from '../sql/steps.ts';
import type { Value } from '../sql/value/value.ts';

export interface TableSource {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly ScopeColumn[];
  /** Of a view: the columns its query gives, with the tables they are of. */
  readonly shows?: readonly ScopeColumn[];
  readonly rows: (x: Execution) => readonly (readonly Value[])[];
  /** As `rows`, for whoever can wait; without it they are there at once. */
  readonly steps?: () => Steps<readonly (readonly Value[])[]>;
  /** Rows whose column is between two values, where an index knows; undefined where none does. */
  readonly lookup?: (
    column: string,
    low: Value,
    high: Value,
    x: Execution,
  ) => readonly (readonly Value[])[] | undefined;
  /** What a column holds where a statement gives it nothing. Throws 1364. */
  readonly defaultOf?: (x: Execution, column: string) => Value;
  /** Holds a row for a locking read; false where it is to be skipped. Throws SqlError 1205 or 3572. */
  readonly lock?: (row: readonly Value[], locking: Locking) => boolean;
  /** How many rows a table of the source's own has now, and the bytes of their values, whoever may see them. */
  readonly size?: () => { readonly rows: number; readonly bytes: number };
  /** Keys of a table of the source's own. */
  readonly indexes?: readonly IndexSpec[];
  /** Rows of the partitions named only. Throws 1735 and 1747. */
  readonly partitioned?: (x: Execution, names: readonly string[]) => readonly (readonly Value[])[];
  /** True where the server would report that no index was used. */
  readonly scans: (where: Expression | undefined) => boolean;
  /** The same of a query that names none of its columns, such as COUNT(*); without it no such query is reported. */
  readonly scansToCount?: () => boolean;
  /** True where indexes of a table of the server's own hold all the columns named, so that no row is read. */
  readonly holds?: (columns: readonly string[], where: Expression | undefined) => boolean;
  /** Columns of such a table, in lower case, whose equal values lead to its rows. */
  readonly leads?: ReadonlySet<string>;
  /** Its indexes find equal values and nothing else, so that no query is answered from one alone. */
  readonly hashed?: boolean;
}
