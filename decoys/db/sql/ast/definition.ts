// What a client may define: databases, tables, columns, indexes and views, as parsed.
import type { Expression } from './expression.ts';
import type { Query } from './query.ts';

export interface ColumnType {
  /** Lower-case MySQL name without arguments: int, varchar, decimal, enum … */
  readonly name: string;
  readonly length: number | undefined;
  readonly decimals: number | undefined;
  readonly unsigned: boolean;
  readonly zerofill: boolean;
  readonly values: readonly string[];
  readonly charset: string;
  readonly collation: string;
}

export interface ColumnSpec {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean | undefined;
  readonly fallback: Expression | undefined;
  readonly onUpdateNow: boolean;
  readonly autoIncrement: boolean;
  readonly primary: boolean;
  readonly unique: boolean;
  readonly comment: string;
}

export interface IndexSpec {
  readonly kind: 'primary' | 'unique' | 'index' | 'fulltext' | 'spatial';
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly length: number | undefined }[];
}

export type AlterAction =
  | {
      readonly kind: 'add-column';
      readonly column: ColumnSpec;
      readonly after: string | undefined;
      readonly first: boolean;
    }
  | { readonly kind: 'drop-column'; readonly name: string }
  | { readonly kind: 'change-column'; readonly from: string; readonly column: ColumnSpec }
  | { readonly kind: 'rename-column'; readonly from: string; readonly to: string }
  | { readonly kind: 'add-index'; readonly index: IndexSpec }
  | { readonly kind: 'drop-index'; readonly name: string }
  | { readonly kind: 'rename'; readonly schema: string; readonly name: string }
  | { readonly kind: 'options' };

export interface TableName {
  readonly schema: string;
  readonly name: string;
}

export type DefinitionStatement =
  | {
      readonly kind: 'create-database';
      readonly name: string;
      readonly ifNotExists: boolean;
      readonly charset: string;
      readonly collation: string;
    }
  | { readonly kind: 'alter-database'; readonly name: string; readonly charset: string; readonly collation: string }
  | { readonly kind: 'drop-database'; readonly name: string; readonly ifExists: boolean }
  | {
      readonly kind: 'create-table';
      readonly table: TableName;
      readonly ifNotExists: boolean;
      readonly temporary: boolean;
      readonly columns: readonly ColumnSpec[];
      readonly indexes: readonly IndexSpec[];
      readonly like: TableName | undefined;
      readonly query: Query | undefined;
      readonly engine: string;
      readonly charset: string;
      readonly collation: string;
      readonly comment: string;
      readonly autoIncrement: number;
    }
  | { readonly kind: 'create-index'; readonly table: TableName; readonly index: IndexSpec }
  | { readonly kind: 'drop-index'; readonly table: TableName; readonly name: string }
  | { readonly kind: 'alter-table'; readonly table: TableName; readonly actions: readonly AlterAction[] }
  | {
      readonly kind: 'drop-table';
      readonly tables: readonly TableName[];
      readonly ifExists: boolean;
      readonly view: boolean;
      readonly temporary: boolean;
    }
  | { readonly kind: 'truncate'; readonly table: TableName }
  | { readonly kind: 'rename-table'; readonly pairs: readonly (readonly [TableName, TableName])[] }
  | {
      readonly kind: 'create-view';
      readonly view: TableName;
      readonly query: Query;
      readonly columns: readonly string[];
      readonly replace: boolean;
      readonly text: string;
    };
