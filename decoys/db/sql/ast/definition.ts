// Statements that define: databases, tables, indexes, views and events, as parsed.
import type { AccountName } from './account.ts';
import type { Expression } from './expression.ts';
import type { Query } from './query.ts';
import type {
  CheckSpec,
  ColumnSpec,
  ForeignKeySpec,
  IndexSpec,
  Partitioning,
  PartitionSpec,
  TableName,
  TableOptions,
  TableParts,
} from './table.ts';

/** FIRST, or AFTER a column; undefined: where it is, or last. */
export interface ColumnPlace {
  readonly after: string | undefined;
  readonly first: boolean;
}

export type AlterAction =
  | ({
      readonly kind: 'add-column';
      readonly column: ColumnSpec;
    } & ColumnPlace)
  | { readonly kind: 'drop-column'; readonly name: string }
  | ({
      readonly kind: 'change-column';
      readonly from: string;
      readonly column: ColumnSpec;
    } & ColumnPlace)
  | { readonly kind: 'rename-column'; readonly from: string; readonly to: string }
  | {
      readonly kind: 'set-default';
      readonly name: string;
      readonly fallback: Expression | undefined;
      readonly computed: boolean;
    }
  | { readonly kind: 'column-visibility'; readonly name: string; readonly invisible: boolean }
  | { readonly kind: 'add-index'; readonly index: IndexSpec }
  | { readonly kind: 'drop-index'; readonly name: string }
  | { readonly kind: 'rename-index'; readonly from: string; readonly to: string }
  | { readonly kind: 'index-visibility'; readonly name: string; readonly invisible: boolean }
  | { readonly kind: 'add-foreign-key'; readonly key: ForeignKeySpec }
  | { readonly kind: 'drop-foreign-key'; readonly name: string }
  | { readonly kind: 'add-check'; readonly check: CheckSpec }
  | { readonly kind: 'drop-check'; readonly name: string }
  | { readonly kind: 'enforce-check'; readonly name: string; readonly enforced: boolean; readonly any: boolean }
  | { readonly kind: 'drop-constraint'; readonly name: string }
  | { readonly kind: 'rename'; readonly schema: string; readonly name: string }
  | { readonly kind: 'order'; readonly columns: readonly string[] }
  | { readonly kind: 'convert'; readonly charset: string; readonly collation: string }
  | { readonly kind: 'keys'; readonly enable: boolean }
  | { readonly kind: 'algorithm' | 'lock'; readonly value: string }
  | { readonly kind: 'force' }
  | { readonly kind: 'tablespace' }
  | { readonly kind: 'options' }
  | { readonly kind: 'add-partitions'; readonly partitions: readonly PartitionSpec[]; readonly count: number }
  | { readonly kind: 'drop-partitions'; readonly names: readonly string[] }
  | { readonly kind: 'coalesce-partitions'; readonly count: number }
  | {
      readonly kind: 'reorganize-partitions';
      readonly names: readonly string[];
      readonly into: readonly PartitionSpec[];
    }
  | {
      readonly kind: 'exchange-partition';
      readonly name: string;
      readonly table: TableName;
      readonly validate: boolean;
    }
  | {
      readonly kind: 'partition-maintenance';
      readonly operation: 'truncate' | 'analyze' | 'check' | 'optimize' | 'repair' | 'rebuild' | 'discard' | 'import';
      /** undefined: ALL. */
      readonly names: readonly string[] | undefined;
    }
  | { readonly kind: 'remove-partitioning' }
  | { readonly kind: 'partition-by'; readonly partitioning: Partitioning };

/** What CREATE and ALTER VIEW say of a view beside its query. */
/** Words as given; empty where they are not. */
export interface ViewOptions {
  readonly algorithm: string;
  readonly definer: AccountName | undefined;
  readonly security: string;
}

export interface DatabaseOptions {
  readonly charset: string;
  readonly collation: string;
  /** `Y` or `N` as given; empty where not. */
  readonly encryption: string;
  readonly readOnly: boolean | undefined;
}

export type DefinitionStatement =
  | ({ readonly kind: 'create-database'; readonly name: string; readonly ifNotExists: boolean } & DatabaseOptions)
  | ({ readonly kind: 'alter-database'; readonly name: string } & DatabaseOptions)
  | { readonly kind: 'drop-database'; readonly name: string; readonly ifExists: boolean }
  | ({
      readonly kind: 'create-table';
      readonly table: TableName;
      readonly ifNotExists: boolean;
      readonly temporary: boolean;
      readonly like: TableName | undefined;
      readonly query: Query | undefined;
      /** What to do with rows of the query that collide. */
      readonly collisions: 'refuse' | 'replace' | 'ignore';
      readonly options: TableOptions;
      readonly partitioning: Partitioning | undefined;
    } & TableParts)
  | {
      readonly kind: 'create-index';
      readonly table: TableName;
      readonly index: IndexSpec;
      readonly actions: readonly AlterAction[];
    }
  | {
      readonly kind: 'drop-index';
      readonly table: TableName;
      readonly name: string;
      readonly actions: readonly AlterAction[];
    }
  | {
      readonly kind: 'alter-table';
      readonly table: TableName;
      readonly actions: readonly AlterAction[];
      readonly options: TableOptions;
    }
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
      readonly ifNotExists: boolean;
      /** ALTER VIEW: there must be one. */
      readonly alters: boolean;
      readonly text: string;
      readonly checkOption: 'NONE' | 'LOCAL' | 'CASCADED';
      readonly options: ViewOptions;
    };
