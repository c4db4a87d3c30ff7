// What the statements of a routine's body may name: its variables, conditions, cursors and labels, block inside block.
// Source: https://dev.mysql.com/doc/refman/9.7/en/local-variable-scope.html, declare-condition.html, statement-labels.html
import type { Condition, RoutineType } from '../ast/routine.ts';
import type { Statement } from '../ast/statement.ts';
import { sqlError } from '../errors.ts';
import type { Cursor } from './cursor.ts';

export type StatementParser = (c: Cursor) => Statement;

/** What one block declares. */
export class Scope {
  readonly #outer: Scope | undefined;
  readonly variables = new Set<string>();
  readonly conditions = new Map<string, Condition>();
  readonly cursors = new Set<string>();
  /** Conditions its handlers are for, as text. */
  readonly handled = new Set<string>();

  constructor(outer: Scope | undefined) {
    this.#outer = outer;
  }

  hasVariable(name: string): boolean {
    return this.variables.has(name.toLowerCase()) || (this.#outer?.hasVariable(name) ?? false);
  }

  hasCursor(name: string): boolean {
    return this.cursors.has(name.toLowerCase()) || (this.#outer?.hasCursor(name) ?? false);
  }

  condition(name: string): Condition | undefined {
    return this.conditions.get(name.toLowerCase()) ?? this.#outer?.condition(name);
  }
}

interface Label {
  readonly name: string;
  /** ITERATE goes to loops alone. */
  readonly loop: boolean;
}

/** What keeps a body from being a function's or a trigger's; the first that holds is told. */
export type Deed = 'dynamic' | 'results' | 'autocommit' | 'commit' | 'reset' | 'flush';

/** What a body was seen to do, over all its statements. */
export interface Seen {
  readonly deeds: Set<Deed>;
  /** System variables it sets. */
  readonly sets: string[];
}

/** Where a statement of a body stands. */
export interface Around {
  readonly parse: StatementParser;
  readonly type: RoutineType;
  readonly labels: readonly Label[];
  readonly scope: Scope;
  readonly seen: Seen;
}

/** Throws 1309 where a label of that name is open already. */
export function labelled(around: Around, label: string, loop: boolean): Around {
  if (label === '') return around;
  const name = label.toLowerCase();
  if (around.labels.some((open) => open.name === name)) throw sqlError('ER_SP_LABEL_REDEFINE', label);
  return { ...around, labels: [...around.labels, { name, loop }] };
}

/** Throws 1308 where LEAVE or ITERATE names no label it may go to. */
export function expectLabel(around: Around, word: string, label: string): void {
  const name = label.toLowerCase();
  if (!around.labels.some((open) => open.name === name && (open.loop || word === 'LEAVE')))
    throw sqlError('ER_SP_LILABEL_MISMATCH', word, label);
}

/** Throws 1327 where no block around declares the variable. */
export function expectVariable(around: Around, name: string): void {
  if (!around.scope.hasVariable(name)) throw sqlError('ER_UNDECLARED_VAR', name);
}

/** Throws 1324 where no block around declares the cursor. */
export function expectCursor(around: Around, name: string): string {
  if (!around.scope.hasCursor(name)) throw sqlError('ER_SP_CURSOR_MISMATCH', name);
  return name.toLowerCase();
}

/** The condition a name was declared for. Throws 1319 where it was not. */
export function conditionNamed(around: Around, name: string): Condition {
  const found = around.scope.condition(name);
  if (!found) throw sqlError('ER_SP_COND_MISMATCH', name);
  return found;
}
