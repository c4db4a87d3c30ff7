// Statements that change rows, as parsed.
import type { Expression, OrderItem } from './expression.ts';
import type { CommonTable, Limit, Query, TableRef } from './query.ts';
import type { TableName } from './table.ts';

export interface Assignment {
  readonly column: readonly string[];
  readonly value: Expression | undefined;
}

/** `AS new(a, b)` behind VALUES: what ON DUPLICATE KEY UPDATE may call the row offered. */
export interface RowAlias {
  readonly table: string;
  readonly columns: readonly string[];
}

/** WITH before UPDATE or DELETE. */
export interface Leading {
  readonly with: readonly CommonTable[];
  readonly recursive: boolean;
}

export type ChangeStatement =
  | {
      readonly kind: 'insert';
      readonly table: TableName;
      readonly replace: boolean;
      readonly ignore: boolean;
      /** Partitions named; empty: any. */
      readonly partitions: readonly string[];
      readonly columns: readonly string[] | undefined;
      readonly rows: readonly (readonly (Expression | undefined)[])[] | undefined;
      readonly query: Query | undefined;
      readonly alias: RowAlias | undefined;
      readonly update: readonly Assignment[];
    }
  | ({
      readonly kind: 'update';
      readonly table: TableName;
      readonly alias: string;
      readonly ignore: boolean;
      readonly from: TableRef;
      readonly assignments: readonly Assignment[];
      readonly where: Expression | undefined;
      readonly order: readonly OrderItem[];
      readonly limit: Limit | undefined;
    } & Leading)
  | ({
      readonly kind: 'delete';
      readonly table: TableName;
      readonly alias: string;
      readonly ignore: boolean;
      /** Tables of a multi-table DELETE, by name or alias; undefined for that of one table. */
      readonly targets: readonly TableName[] | undefined;
      readonly from: TableRef;
      readonly where: Expression | undefined;
      readonly order: readonly OrderItem[];
      readonly limit: Limit | undefined;
    } & Leading)
  | { readonly kind: 'load-data'; readonly local: boolean; readonly file: string; readonly table: TableName };
