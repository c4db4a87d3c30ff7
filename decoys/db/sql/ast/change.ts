// Statements that change rows, as parsed.
import type { TableName } from './definition.ts';
import type { Expression, OrderItem } from './expression.ts';
import type { Limit, Query, TableRef } from './query.ts';

export interface Assignment {
  readonly column: readonly string[];
  readonly value: Expression | undefined;
}

export type ChangeStatement =
  | {
      readonly kind: 'insert';
      readonly table: TableName;
      readonly replace: boolean;
      readonly ignore: boolean;
      readonly columns: readonly string[] | undefined;
      readonly rows: readonly (readonly (Expression | undefined)[])[] | undefined;
      readonly query: Query | undefined;
      readonly update: readonly Assignment[];
    }
  | {
      readonly kind: 'update';
      readonly table: TableName;
      readonly alias: string;
      readonly from: TableRef;
      readonly assignments: readonly Assignment[];
      readonly where: Expression | undefined;
      readonly order: readonly OrderItem[];
      readonly limit: Limit | undefined;
    }
  | {
      readonly kind: 'delete';
      readonly table: TableName;
      readonly alias: string;
      readonly from: TableRef;
      readonly where: Expression | undefined;
      readonly order: readonly OrderItem[];
      readonly limit: Limit | undefined;
    }
  | { readonly kind: 'load-data'; readonly local: boolean; readonly file: string; readonly table: TableName };
