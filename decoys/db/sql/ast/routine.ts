// Routines, triggers and events as parsed: their heads, and the flow of their bodies.

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

/** What a trigger waits for. */
export interface TriggerMoment {
  readonly timing: 'BEFORE' | 'AFTER';
  readonly event: 'INSERT' | 'UPDATE' | 'DELETE';
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

export type RoutineType = 'FUNCTION' | 'PROCEDURE' | 'TRIGGER' | 'EVENT';

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
      readonly condition: Expression | undefined;
      readonly items: readonly DiagnosticItem[];
    }
  | {
      readonly kind: 'create-routine';
      readonly type: RoutineType;
      readonly name: TableName;
      readonly ifNotExists: boolean;
      readonly text: string;
      readonly body: string;
      readonly parameters: readonly RoutineParameter[];
      readonly returns: ColumnType | undefined;
      readonly moment: TriggerMoment | undefined;
      /** False for a function not declared fit for the binary log. */
      readonly safe: boolean;
      readonly table: TableName | undefined;
    }
  | {
      readonly kind: 'drop-routine';
      readonly type: RoutineType;
      readonly name: TableName;
      readonly ifExists: boolean;
    }
  | { readonly kind: 'call'; readonly name: TableName; readonly args: readonly Expression[] };
