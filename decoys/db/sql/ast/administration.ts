// Statements that look after the server and the session, as parsed: SET, SHOW, plugins, locks, maintenance.
import type { AccountName } from './account.ts';
import type { Expression } from './expression.ts';
import type { Limit } from './query.ts';
import type { TableName } from './table.ts';

export type SetItem =
  | { readonly kind: 'user'; readonly name: string; readonly value: Expression }
  | {
      readonly kind: 'system';
      readonly scope: '' | 'global' | 'session' | 'persist' | 'persist_only';
      readonly name: string;
      readonly value: Expression | undefined;
    }
  | { readonly kind: 'names'; readonly charset: string | undefined; readonly collation: string }
  | { readonly kind: 'charset'; readonly charset: string | undefined }
  | {
      readonly kind: 'transaction';
      readonly scope: '' | 'global' | 'session';
      readonly isolation: string;
      readonly readOnly: boolean | undefined;
    };

export interface ShowFilter {
  readonly like: string | undefined;
  readonly where: Expression | undefined;
}

/** Statements that change nothing we keep and are answered by a row of the administration table. */
export interface Administration {
  readonly kind: 'administration';
  readonly what: string;
  readonly tables: readonly TableName[];
  readonly text: string;
  readonly names: readonly string[];
  readonly value?: Expression | undefined;
}

/** UPDATE or DROP HISTOGRAM ON columns. */
export interface HistogramSpec {
  readonly action: 'update' | 'drop';
  readonly columns: readonly string[];
  readonly buckets: number;
}

export type AdministrationStatement =
  | { readonly kind: 'set'; readonly items: readonly SetItem[] }
  | { readonly kind: 'use'; readonly schema: string }
  | {
      readonly kind: 'show';
      readonly what: string;
      readonly full: boolean;
      readonly extended: boolean;
      /** Roles SHOW GRANTS … USING takes as active. */
      readonly using: readonly AccountName[];
      /** The replication channel meant: empty for the default one, `*` for all. */
      readonly channel: string;
      /** What SHOW PROFILE tells beyond times. */
      readonly kinds: readonly string[];
      readonly scope: '' | 'global' | 'session';
      readonly table: TableName | undefined;
      readonly schema: string;
      readonly name: string;
      readonly account: AccountName | undefined;
      readonly filter: ShowFilter;
      readonly limit: Limit | undefined;
      readonly ifNotExists: boolean;
      /** Where in a log SHOW BINLOG EVENTS begins. */
      readonly position: number;
    }
  | {
      readonly kind: 'create-udf';
      readonly name: string;
      readonly library: string;
      readonly ifNotExists: boolean;
      readonly aggregate: boolean;
      readonly returns: string;
    }
  | { readonly kind: 'install-plugin'; readonly name: string; readonly library: string }
  | { readonly kind: 'uninstall-plugin'; readonly name: string }
  | { readonly kind: 'install-component'; readonly urns: readonly string[]; readonly uninstall: boolean }
  | {
      readonly kind: 'kill';
      readonly explains?: boolean;
      readonly analyzes?: boolean;
      readonly query: boolean;
      readonly id: Expression;
    }
  | {
      readonly kind: 'lock-tables';
      readonly tables: readonly (TableName & { readonly alias: string; readonly write: boolean })[];
    }
  | { readonly kind: 'unlock-tables' }
  | {
      readonly kind: 'flush';
      readonly what: readonly string[];
      readonly tables: readonly TableName[];
      /** The replication channel whose relay logs are meant; empty for all. */
      readonly channel: string;
    }
  | {
      readonly kind: 'table-maintenance';
      readonly operation: 'check' | 'analyze' | 'optimize' | 'repair' | 'checksum';
      readonly histogram?: HistogramSpec | undefined;
      /** CHECKSUM TABLE … QUICK: only what is kept is told. */
      readonly quick: boolean;
      readonly tables: readonly TableName[];
    }
  | { readonly kind: 'shutdown'; readonly restart: boolean }
  | Administration;
