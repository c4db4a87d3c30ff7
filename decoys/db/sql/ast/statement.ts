// Any statement, once parsed.
import type { AccountStatement } from './account.ts';
import type { AdministrationStatement } from './administration.ts';
import type { ChangeStatement } from './change.ts';
import type { DefinitionStatement } from './definition.ts';
import type { Expression } from './expression.ts';
import type { Limit, Query } from './query.ts';
import type { RoutineStatement } from './routine.ts';
import type { TableName } from './table.ts';

/** A warning the grammar itself gives, before anything runs. */
export interface Told {
  readonly code: number;
  readonly message: string;
}

/** The statements of one kind. */
export type StatementOf<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** A variable that is another for this statement, or the resource group it asks for. */
export interface SettingHint {
  readonly name: string;
  readonly group: boolean;
  readonly value: string | bigint | number;
}

export type Statement = StatementBody & { readonly told?: readonly Told[]; readonly hints?: readonly SettingHint[] };

type StatementBody =
  | DefinitionStatement
  | ChangeStatement
  | AccountStatement
  | RoutineStatement
  | AdministrationStatement
  | { readonly kind: 'handler-open'; readonly table: TableName; readonly alias: string }
  | { readonly kind: 'handler-close'; readonly name: string }
  | {
      readonly kind: 'handler-read';
      readonly name: string;
      readonly index: string;
      readonly step: 'FIRST' | 'NEXT' | 'PREV' | 'LAST' | 'KEY';
      readonly operator: string;
      readonly keys: readonly Expression[];
      readonly where: Expression | undefined;
      readonly limit: Limit | undefined;
    }
  | { readonly kind: 'query'; readonly query: Query }
  | {
      readonly kind: 'explain';
      readonly statement: Statement;
      /** Empty: what @@explain_format says. */
      readonly format: string;
      readonly analyze: boolean;
    }
  | { readonly kind: 'begin'; readonly readOnly: boolean | undefined; readonly snapshot: boolean }
  | { readonly kind: 'commit'; readonly chain: boolean; readonly release: boolean; readonly plain: boolean }
  | {
      readonly kind: 'rollback';
      readonly to: string;
      readonly chain: boolean;
      readonly release: boolean;
      readonly plain: boolean;
    }
  | { readonly kind: 'savepoint'; readonly name: string; readonly release: boolean }
  | { readonly kind: 'do'; readonly expressions: readonly Expression[] }
  | { readonly kind: 'prepare'; readonly name: string; readonly from: Expression }
  | { readonly kind: 'execute'; readonly name: string; readonly using: readonly string[] }
  | { readonly kind: 'deallocate'; readonly name: string }
  | { readonly kind: 'empty' };
