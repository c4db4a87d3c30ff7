// Routines, triggers and events as parsed: their heads, and the flow of their bodies.

import type { AccountName } from './account.ts';
import type { Expression } from './expression.ts';
import type { Query } from './query.ts';
import type { Statement } from './statement.ts';
import type { ColumnType, TableName } from './table.ts';

export type Condition =
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'state'; readonly state: string }
  | { readonly kind: 'class'; readonly name: 'SQLWARNING' | 'NOT FOUND' | 'SQLEXCEPTION' }
  | { readonly kind: 'named'; readonly name: string };

export interface HandlerSpec {
  /** EXIT leaves the block it stands in, CONTINUE goes on after the statement. */
  readonly exits: boolean;
  readonly conditions: readonly Condition[];
  readonly body: Flow;
}

export interface LocalSpec {
  readonly name: string;
  readonly type: ColumnType;
  readonly fallback: Expression | undefined;
}

/** A statement of a routine's body. */
export type Flow =
  | { readonly kind: 'statement'; readonly statement: Statement }
  | {
      readonly kind: 'block';
      readonly label: string;
      readonly locals: readonly LocalSpec[];
      readonly conditions: ReadonlyMap<string, Condition>;
      readonly cursors: ReadonlyMap<string, Query>;
      readonly handlers: readonly HandlerSpec[];
      readonly body: readonly Flow[];
    }
  | {
      readonly kind: 'if';
      readonly branches: readonly (readonly [Expression, readonly Flow[]])[];
      readonly otherwise: readonly Flow[];
    }
  | {
      readonly kind: 'case';
      readonly operand: Expression | undefined;
      readonly branches: readonly (readonly [Expression, readonly Flow[]])[];
      readonly otherwise: readonly Flow[] | undefined;
    }
  | { readonly kind: 'loop'; readonly label: string; readonly body: readonly Flow[] }
  | { readonly kind: 'while'; readonly label: string; readonly condition: Expression; readonly body: readonly Flow[] }
  | { readonly kind: 'repeat'; readonly label: string; readonly until: Expression; readonly body: readonly Flow[] }
  | { readonly kind: 'leave' | 'iterate'; readonly label: string }
  | { readonly kind: 'return'; readonly value: Expression }
  | { readonly kind: 'open' | 'close'; readonly cursor: string }
  | { readonly kind: 'fetch'; readonly cursor: string; readonly into: readonly string[] };

export interface RoutineParameter {
  readonly mode: 'in' | 'out' | 'inout';
  readonly name: string;
  readonly type: ColumnType;
}

/** What is told of a routine between its parameters and its body. */
export interface RoutineTraits {
  readonly deterministic: boolean;
  /** `CONTAINS SQL` where nothing else was said. */
  readonly access: string;
  readonly security: 'DEFINER' | 'INVOKER';
  readonly comment: string;
  /** `SQL`, or a language that no component here runs, in upper case. */
  readonly language: string;
  /** Libraries of USING, each as schema, name and alias. */
  readonly libraries: readonly (readonly [schema: string, name: string, alias: string])[];
}

/** What a trigger waits for. */
export interface TriggerMoment {
  readonly timing: 'BEFORE' | 'AFTER';
  readonly event: 'INSERT' | 'UPDATE' | 'DELETE';
}

/** Where a trigger stands among those of its moment. */
export interface TriggerPlace {
  readonly follows: boolean;
  readonly other: string;
}

/** When an event runs: once, or again and again. */
export type ScheduleSpec =
  | { readonly at: Expression }
  | {
      readonly every: Expression;
      readonly unit: string;
      readonly starts: Expression | undefined;
      readonly ends: Expression | undefined;
    };

/** What CREATE and ALTER EVENT say; undefined where they say nothing of it. */
export interface EventSpec {
  readonly schedule: ScheduleSpec | undefined;
  readonly preserve: boolean | undefined;
  readonly status: string | undefined;
  readonly comment: string | undefined;
}

export interface SignalItem {
  readonly name: string;
  readonly value: Expression;
}

export interface DiagnosticItem {
  readonly target: string;
  /** A user variable; otherwise a routine's own. */
  readonly variable: boolean;
  readonly name: string;
}

export type RoutineType = 'FUNCTION' | 'PROCEDURE' | 'TRIGGER' | 'EVENT' | 'LIBRARY';

export type RoutineStatement =
  | {
      readonly kind: 'signal';
      readonly state: string;
      readonly condition: string;
      readonly items: readonly SignalItem[];
    }
  | {
      readonly kind: 'resignal';
      readonly state: string;
      readonly condition: string;
      readonly items: readonly SignalItem[];
    }
  | {
      readonly kind: 'get-diagnostics';
      /** Those the handler under way was entered for. */
      readonly stacked: boolean;
      readonly condition: Expression | undefined;
      readonly items: readonly DiagnosticItem[];
    }
  | {
      readonly kind: 'create-routine';
      readonly type: RoutineType;
      readonly name: TableName;
      readonly ifNotExists: boolean;
      readonly definer: AccountName | undefined;
      /** Its body as bytes held as latin1; what stands between the dollars or quotes for another language. */
      readonly body: string;
      /** undefined for another language than SQL. */
      readonly flow: Flow | undefined;
      readonly parameters: readonly RoutineParameter[];
      /** As written between its parentheses. */
      readonly parametersText: string;
      readonly returns: ColumnType | undefined;
      readonly traits: RoutineTraits;
      readonly moment: TriggerMoment | undefined;
      readonly place: TriggerPlace | undefined;
      readonly table: TableName | undefined;
      readonly event: EventSpec | undefined;
      /** System variables its body sets, which have to be there. */
      readonly sets: readonly string[];
      /** Columns of NEW and OLD its body names. */
      readonly rowNames: readonly (readonly [row: string, column: string])[];
    }
  | {
      readonly kind: 'alter-routine';
      readonly type: RoutineType;
      readonly name: TableName;
      readonly traits: Partial<RoutineTraits>;
    }
  | {
      readonly kind: 'alter-event';
      readonly name: TableName;
      readonly definer: AccountName | undefined;
      readonly event: EventSpec;
      readonly rename: TableName | undefined;
      /** Its new body, as of CREATE; undefined where it keeps the one it has. */
      readonly body: string | undefined;
      readonly sets: readonly string[];
    }
  | {
      readonly kind: 'drop-routine';
      readonly type: RoutineType;
      readonly name: TableName;
      readonly ifExists: boolean;
    }
  | { readonly kind: 'call'; readonly name: TableName; readonly args: readonly Expression[] };
