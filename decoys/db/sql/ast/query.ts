// What a query is once parsed: SELECT, VALUES, TABLE and their unions, with the tables they read.

import type { Expression, OrderItem, WindowSpec } from './expression.ts';
import type { ColumnType } from './table.ts';

export interface SelectItem {
  readonly expression: Expression | undefined;
  /** `*` or `t.*`; then `expression` is undefined. */
  readonly star: readonly string[] | undefined;
  readonly alias: string | undefined;
  /** The text of the expression, which names the column where there is no alias. */
  readonly text: string;
}

/** USE, FORCE or IGNORE INDEX: which indexes, and for what alone: JOIN, ORDER BY, GROUP BY, or all. */
export interface IndexHint {
  readonly kind: 'USE' | 'FORCE' | 'IGNORE';
  readonly purpose: '' | 'JOIN' | 'ORDER' | 'GROUP';
  readonly names: readonly string[];
}

export type TableRef =
  | {
      readonly kind: 'table';
      readonly schema: string;
      readonly name: string;
      readonly alias: string;
      readonly start: number;
      /** Partitions named; none: all. */
      readonly partitions?: readonly string[];
      readonly hints?: readonly IndexHint[];
    }
  | {
      readonly kind: 'derived';
      readonly query: Query;
      readonly alias: string;
      readonly columns: readonly string[];
      readonly lateral: boolean;
    }
  | {
      readonly kind: 'json-table';
      readonly document: Expression;
      readonly path: string;
      readonly columns: readonly JsonTableColumn[];
      readonly alias: string;
    }
  | {
      readonly kind: 'join';
      readonly type: 'inner' | 'left' | 'right';
      readonly natural: boolean;
      readonly left: TableRef;
      readonly right: TableRef;
      readonly on: Expression | undefined;
      readonly using: readonly string[];
      /** STRAIGHT_JOIN: the left side is read first. */
      readonly straight?: boolean;
    };

/** JSON text of DEFAULT, an error, or NULL. */
export type JsonOtherwise = string | { readonly refuses: true } | undefined;

export type JsonTableColumn =
  | { readonly kind: 'ordinality'; readonly name: string }
  | { readonly kind: 'exists'; readonly name: string; readonly path: string }
  | {
      readonly kind: 'path';
      readonly name: string;
      readonly type: ColumnType;
      readonly path: string;
      readonly onEmpty: JsonOtherwise;
      readonly onError: JsonOtherwise;
    }
  | { readonly kind: 'nested'; readonly path: string; readonly columns: readonly JsonTableColumn[] };

/** How rows stand in a file: FIELDS and LINES of INTO OUTFILE and LOAD DATA, bytes held as latin1. */
export interface FileFormat {
  readonly charset: string;
  readonly fieldEnd: string;
  readonly enclosed: string;
  /** Only text is enclosed. */
  readonly optionally: boolean;
  readonly escaped: string;
  readonly lineStart: string;
  readonly lineEnd: string;
}

export interface Into {
  readonly kind: 'outfile' | 'dumpfile' | 'variables';
  readonly file: string;
  readonly format: FileFormat;
  readonly names: readonly string[];
  /** Which of the names are a routine's own variables rather than the user's. */
  readonly local: readonly boolean[];
}

export interface Limit {
  readonly count: Expression;
  readonly offset: Expression | undefined;
}

export interface SelectCore {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly calcFoundRows: boolean;
  /** SQL_BIG_RESULT, SQL_BUFFER_RESULT. */
  readonly bigResult?: boolean;
  readonly bufferResult?: boolean;
  /** STRAIGHT_JOIN: tables are read from left to right. */
  readonly straight?: boolean;
  readonly items: readonly SelectItem[];
  readonly from: TableRef | undefined;
  readonly where: Expression | undefined;
  readonly group: readonly Expression[];
  readonly rollup: boolean;
  readonly having: Expression | undefined;
  /** QUALIFY, which this server takes but does not run. */
  readonly qualify?: Expression | undefined;
  /** WINDOW's names, in lower case. */
  readonly windows: ReadonlyMap<string, WindowSpec>;
}

export type QueryBody =
  | SelectCore
  | { readonly kind: 'values'; readonly rows: readonly (readonly Expression[])[] }
  | {
      readonly kind: 'set';
      readonly operator: 'union' | 'except' | 'intersect';
      readonly all: boolean;
      readonly left: Query;
      readonly right: Query;
    };

export interface CommonTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly query: Query;
}

export interface Query {
  readonly body: QueryBody;
  readonly order: readonly OrderItem[];
  readonly limit: Limit | undefined;
  readonly into: Into | undefined;
  readonly with: readonly CommonTable[];
  readonly recursive: boolean;
  /** FOR UPDATE: rows are locked as for a change. */
  readonly locking: boolean;
  /** FOR UPDATE and FOR SHARE, as written. */
  readonly locks?: readonly Locking[];
}

/** A locking clause: how rows are held, what becomes of held ones, and which tables it is for; none names all. */
export interface Locking {
  readonly strength: 'update' | 'share';
  readonly wait: 'wait' | 'nowait' | 'skip';
  readonly of: readonly string[];
}
