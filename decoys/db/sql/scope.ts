// What names an expression may see, and the row its values come from. Scopes nest as queries do.
import type { Expression, WindowSpec } from './ast/expression.ts';
import { sqlError } from './errors.ts';
import type { Steps } from './steps.ts';
import type { Interval } from './value/interval.ts';
import type { SqlType } from './value/type.ts';
import type { Value } from './value/value.ts';

export interface ScopeColumn {
  readonly schema: string;
  /** Name or alias of its table. */
  readonly table: string;
  readonly name: string;
  readonly type: SqlType;
  /** As told on the wire. */
  readonly orgTable: string;
  readonly orgName: string;
  readonly shownSchema: string;
  /** How messages name it, where that is not by schema, table and name: the column a derived table passes on. */
  readonly source?: readonly string[];
  /** A column of the right side that NATURAL or USING merged into the left one. */
  readonly merged?: boolean;
  /** How easily it gives its collation up, where it is no table's. */
  readonly coercibility?: number;
  /** The view of INFORMATION_SCHEMA it is told as a column of where it is named; `*` tells the tables behind it. */
  readonly view?: string;
  /** Of a view of INFORMATION_SCHEMA: the table a derived table tells it to be of, both empty for none. */
  readonly behind?: readonly [schema: string, table: string];
  /** Left out of `*`. */
  readonly invisible?: boolean;
  /** Primary key part, so that the rest depends on it. */
  readonly primary?: boolean;
}

/** A column of no table; `orgName` is told on the wire. */
export function madeColumn(name: string, type: SqlType, orgName = ''): ScopeColumn {
  return { schema: '', table: '', name, type, orgTable: '', orgName, shownSchema: '' };
}

export interface Row {
  readonly values: readonly Value[];
  readonly parent?: Row;
  readonly aggregates?: readonly Value[];
  /** Number of the row in its set, for window functions. */
  readonly position?: number;
  /** Columns of GROUP BY this row of WITH ROLLUP is a total over, from the last. */
  readonly rolled?: number;
}

/** A compiled expression. */
/** Asks for a row what an expression will ask for it, with others having their turn. */
export type Ahead = (row: Row) => Steps<void>;

export interface Node {
  readonly type: SqlType;
  readonly get: (row: Row) => Value;
  /** As `get`, for whoever can wait, of what may go through many rows. */
  readonly steps?: (row: Row) => Steps<Value>;
  /** Its subqueries, to be asked before it is by whoever can wait. */
  readonly ahead?: readonly Ahead[];
  /** Set where parsing alone knows the value. */
  readonly constant?: Value;
  /** 0 COLLATE, 2 column, 4 literal, 5 number, 6 NULL: which operand's collation wins. */
  readonly coercibility: number;
  /** A hexadecimal or bit literal, which is a number where one is wanted. */
  readonly digits?: boolean;
  /** A parameter that has no value yet. */
  readonly unbound?: boolean;
  readonly column?: ScopeColumn;
  /** Bits of bytes: taken for a number, they are told of in no warning. */
  readonly quiet?: boolean;
  /** Text that is a date or time: taken for a number, it is that one's. */
  readonly moment?: boolean;
  /** The name warnings give it: of the function it is, or of the column. */
  readonly label?: string;
  /** A function of the source's own: its result is told under its name. */
  readonly stored?: boolean;
  readonly row?: readonly Node[];
}

export interface AggregateSlot {
  readonly expression: Extract<Expression, { kind: 'aggregate' }>;
  readonly args: readonly Node[];
  readonly order: readonly { readonly node: Node; readonly descending: boolean }[];
  readonly type: SqlType;
}

/** One bound of a frame as a distance: rows, units of the one sort key, or an interval, of which `by` is the sign. */
export interface FrameEdge {
  readonly by: number;
  readonly interval?: Interval;
}

export interface Frame {
  readonly unit: 'rows' | 'range';
  readonly start: FrameEdge;
  readonly end: FrameEdge;
}

export interface WindowSlot {
  readonly expression: Extract<Expression, { kind: 'window' }> | Extract<Expression, { kind: 'aggregate' }>;
  readonly args: readonly Node[];
  readonly partition: readonly Node[];
  readonly order: readonly { readonly node: Node; readonly descending: boolean }[];
  readonly frame: Frame | undefined;
  values: readonly Value[];
}

export interface CommonRows {
  readonly columns: readonly ScopeColumn[];
  /** Rows differ from one call to the next: the table a recursion reads of itself. */
  readonly changes?: boolean;
  readonly rows: () => readonly (readonly Value[])[];
  /** Works them out ahead. */
  readonly prepare?: (() => Steps<void>) | undefined;
}

export class Scope {
  readonly columns: readonly ScopeColumn[];
  readonly parent: Scope | undefined;
  /** `field list`, `where clause` …, for error 1054. */
  clause = 'field list';
  /** Where aggregates are collected; undefined where they are not allowed. */
  aggregates: AggregateSlot[] | undefined;
  windows: WindowSlot[] | undefined;
  insideAggregate = false;
  /** Name of the window whose own clauses are being compiled. */
  insideWindow: string | undefined;
  /** Columns HAVING may name: those selected or grouped by; undefined where it may name any. */
  kept: ReadonlySet<ScopeColumn> | undefined;
  /** Aliases of the select list, seen by GROUP BY, HAVING and ORDER BY. */
  aliases: Map<string, Node> | undefined;
  /** Names of the select list that stand for what is worked out over a window. */
  windowed: ReadonlySet<string> | undefined;
  /** Names of the select list that more than one item has, and not for the same column. */
  ambiguous: ReadonlySet<string> | undefined;
  /** Columns of GROUP BY, in lower case, that something else in the list is named as: HAVING means the columns. */
  preferred: ReadonlySet<string> | undefined;
  /** True once a name was found in an outer scope: the query must run again for each outer row. */
  correlated = false;
  /** The query is grouped, or one of totals. */
  totals = false;
  /** Tables a grouped query in the select list names: their columns may be NULL from then on. */
  readonly loosened = new Set<string>();
  /** Names looked up from here and from within, whichever scope they were found in. */
  lookups = 0;
  /** Columns of this scope that anything named. */
  readonly used = new Set<ScopeColumn>();
  /** Columns GROUP BY … WITH ROLLUP groups by, in its order: NULL in the totals over them, wherever they stand. */
  rolled: readonly (ScopeColumn | undefined)[] | undefined;
  /** GROUP BY's expressions under WITH ROLLUP, for GROUPING(). */
  grouping: readonly Expression[] | undefined;
  /** Windows of the WINDOW clause. */
  namedWindows: ReadonlyMap<string, WindowSpec> | undefined;
  /** WITH's tables. */
  common: Map<string, CommonRows>;

  constructor(columns: readonly ScopeColumn[], parent: Scope | undefined, common: Map<string, CommonRows> = new Map()) {
    this.columns = columns;
    this.parent = parent;
    this.common = common;
  }

  /** Position of a column and how many scopes out it is. Throws 1052 or 1054. */
  find(path: readonly string[]): { readonly column: ScopeColumn; readonly at: number; readonly depth: number } {
    let scope: Scope | undefined = this;
    for (let depth = 0; scope; depth++, scope = scope.parent) {
      const at = scope.#lookup(path);
      if (at >= 0) {
        for (let inner: Scope | undefined = this, left = depth; left > 0 && inner; inner = inner.parent, left--) {
          inner.correlated = true;
          inner.lookups++;
        }
        scope.lookups++;
        const column = scope.columns[at] as ScopeColumn;
        scope.used.add(column);
        if (depth > 0 && this.totals && scope.clause === 'field list') scope.loosened.add(column.table);
        return { column, at, depth };
      }
    }
    if (path.length > 1 && this.#bareOfTables()) throw sqlError('ER_UNKNOWN_TABLE', path.at(-2) as string, this.clause);
    throw sqlError('ER_BAD_FIELD_ERROR', path.join('.'), this.clause);
  }

  /** The column a name means in this scope alone; undefined where it means none of its. Throws 1052. */
  own(path: readonly string[]): ScopeColumn | undefined {
    return this.columns[this.#lookup(path)];
  }

  #bareOfTables(): boolean {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) if (scope.columns.length > 0) return false;
    return true;
  }

  #lookup(path: readonly string[]): number {
    const name = (path.at(-1) as string).toLowerCase();
    const table = path.length > 1 ? path.at(-2) : undefined;
    const schema = path.length > 2 ? path.at(-3) : undefined;
    let found = -1;
    for (let at = 0; at < this.columns.length; at++) {
      const column = this.columns[at] as ScopeColumn;
      if (column.name.toLowerCase() !== name) continue;
      if (table !== undefined && !sameTable(column, table)) continue;
      if (schema !== undefined && column.schema.toLowerCase() !== schema.toLowerCase()) continue;
      if (table === undefined && column.merged) continue;
      if (found >= 0) throw sqlError('ER_NON_UNIQ_ERROR', path.join('.'), this.clause);
      found = at;
    }
    return found;
  }
}

function sameTable(column: ScopeColumn, table: string): boolean {
  if (column.table === table) return true;
  return column.schema === 'information_schema' && column.table.toLowerCase() === table.toLowerCase();
}

/** Row `depth` scopes out. */
export function outer(row: Row, depth: number): Row {
  let found = row;
  for (let left = depth; left > 0; left--) found = found.parent as Row;
  return found;
}
