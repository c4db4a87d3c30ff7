// ONLY_FULL_GROUP_BY: which columns a grouping fixes, through keys and equalities, and which expressions name others.
// Source: https://dev.mysql.com/doc/refman/9.7/en/group-by-functional-dependence.html

import { FLAG } from '../../wire/constants.ts';
import type { Expression } from '../ast/expression.ts';
import type { SelectCore, TableRef } from '../ast/query.ts';
import { sqlError } from '../errors.ts';
import { printExpression } from '../print-message.ts';
import type { Scope, ScopeColumn } from '../scope.ts';
import { operandsOf } from '../walk.ts';

/** An expression of the select list; of `*`, the column it stands for. */
export interface Selected {
  readonly expression: Expression | undefined;
  readonly column: ScopeColumn | undefined;
  readonly name: string;
}

function qualified(column: ScopeColumn): string {
  return [column.schema, column.table, column.name].filter((part) => part !== '').join('.');
}

function same(a: ScopeColumn, b: ScopeColumn): boolean {
  return a.table === b.table && a.name === b.name && a.schema === b.schema;
}

/** The column a name means in the query itself; undefined where it is an outer query's or an alias. */
function columnOf(e: Expression, scope: Scope): ScopeColumn | undefined {
  if (e.kind !== 'column') return undefined;
  return scope.own(e.path);
}

/** Conditions that all must hold: WHERE, and ON of inner joins. */
function conditionsOf(core: SelectCore): Expression[] {
  const found: Expression[] = [];
  const split = (e: Expression | undefined): void => {
    let rest = e;
    while (rest?.kind === 'binary' && rest.operator === 'AND') {
      split(rest.right);
      rest = rest.left;
    }
    if (rest) found.push(rest);
  };
  const join = (ref: TableRef | undefined): void => {
    if (ref?.kind !== 'join') return;
    join(ref.left);
    join(ref.right);
    if (ref.type === 'inner') split(ref.on);
  };
  join(core.from);
  split(core.where);
  return found;
}

/** True where nothing in the expression comes from a row of the query. */
function isFixed(e: Expression, scope: Scope): boolean {
  if (e.kind === 'column') return columnOf(e, scope) === undefined;
  if (e.kind === 'subquery' || e.kind === 'exists' || e.kind === 'aggregate') return false;
  return operandsOf(e).every((operand) => isFixed(operand, scope));
}

/** Keys that fix a whole row: the primary one, and each unique one of a column that is never NULL. */
function keysOf(columns: readonly ScopeColumn[]): ScopeColumn[][] {
  const unique = columns.filter(({ type }) => !type.nullable && ((type.flags ?? 0) & FLAG.UNIQUE_KEY) !== 0);
  return [columns.filter((column) => column.primary), ...unique.map((column) => [column])];
}

/** Columns that have one value in a group: grouped ones, those equal to them or to constants, and all their keys fix. */
function determined(core: SelectCore, grouped: readonly ScopeColumn[], scope: Scope): ScopeColumn[] {
  const known = [...grouped];
  const has = (column: ScopeColumn) => known.some((other) => same(other, column));
  const equalities = conditionsOf(core).filter((e) => e.kind === 'binary' && e.operator === '=');
  for (let grows = true; grows; ) {
    const before = known.length;
    for (const e of equalities) {
      if (e.kind !== 'binary') continue;
      for (const [to, from] of [
        [e.left, e.right],
        [e.right, e.left],
      ] as const) {
        const column = columnOf(to, scope);
        if (!column || has(column)) continue;
        const other = columnOf(from, scope);
        if (other ? has(other) : isFixed(from, scope)) known.push(column);
      }
    }
    for (const table of new Set(scope.columns.map((column) => column.table))) {
      const columns = scope.columns.filter((column) => column.table === table);
      const whole = keysOf(columns).some((keys) => keys.length > 0 && keys.every(has));
      // Totals have NULL where the keys are, of which there are many.
      if (whole && !core.rollup) known.push(...columns.filter((column) => !has(column)));
    }
    grows = known.length > before;
  }
  return known;
}

/** The first column of an expression that has no one value in a group. */
function loose(
  e: Expression,
  scope: Scope,
  grouped: ReadonlySet<string>,
  known: readonly ScopeColumn[],
): ScopeColumn | undefined {
  if (e.kind === 'aggregate' && !e.over) return undefined;
  if (e.kind === 'call' && e.name.toUpperCase() === 'ANY_VALUE') return undefined;
  if (e.kind !== 'column' && grouped.has(printExpression(e).toLowerCase())) return undefined;
  const column = columnOf(e, scope);
  if (column) return known.some((other) => same(other, column)) ? undefined : column;
  const windowed = e.kind === 'window' || e.kind === 'aggregate' ? e.over : undefined;
  const parts = windowed
    ? [...operandsOf(e), ...windowed.partition, ...windowed.order.map((item) => item.expression)]
    : operandsOf(e);
  for (const operand of parts) {
    const found = loose(operand, scope, grouped, known);
    if (found) return found;
  }
  return undefined;
}

/** What GROUP BY's items are once their aliases and positions are looked up. */
export function groupedExpressions(core: SelectCore, selected: readonly Selected[], scope: Scope): Expression[] {
  return core.group.map((e) => {
    if (e.kind === 'number' && e.form === 'integer') return selected[Number(e.text) - 1]?.expression ?? e;
    if (e.kind !== 'column' || e.path.length > 1 || columnOf(e, scope)) return e;
    const name = (e.path[0] as string).toLowerCase();
    const named = selected.filter((item) => item.name.toLowerCase() === name);
    return (named.find(({ column }) => !column) ?? named[0])?.expression ?? e;
  });
}

/**
 * Throws 1055 or 1140 where the select list or ORDER BY names a column that has no one value in a group.
 * `order` are ORDER BY's expressions that are neither positions nor aliases, with their places.
 */
export function checkFullGroupBy(
  core: SelectCore,
  selected: readonly Selected[],
  groupColumns: readonly ScopeColumn[],
  order: readonly (readonly [number, Expression])[],
  scope: Scope,
): void {
  const expressions = groupedExpressions(core, selected, scope);
  const plain = expressions.flatMap((e) => columnOf(e, scope) ?? []);
  const known = determined(core, [...plain, ...groupColumns], scope);
  const grouped = new Set(expressions.map((e) => printExpression(e).toLowerCase()));
  const refuse = (at: number, clause: string, column: ScopeColumn): never => {
    if (core.group.length === 0) throw sqlError('ER_MIX_OF_GROUP_FUNC_AND_FIELDS', at + 1, qualified(column));
    throw sqlError('ER_WRONG_FIELD_WITH_GROUP', at + 1, clause, qualified(column));
  };
  for (const [at, item] of selected.entries()) {
    const isLoose = (column: ScopeColumn) => !known.some((other) => same(other, column));
    const found = item.expression
      ? loose(item.expression, scope, grouped, known)
      : item.column && isLoose(item.column)
        ? item.column
        : undefined;
    if (found) refuse(at, 'SELECT list', found);
  }
  if (core.group.length === 0) return;
  for (const [at, e] of order) {
    const found = loose(e, scope, grouped, known);
    if (found) refuse(at, 'ORDER BY clause', found);
  }
}

/** Throws 3065 where rows made distinct are sorted by a column that is not selected. */
export function checkDistinctOrder(
  selected: readonly Selected[],
  order: readonly (readonly [number, Expression])[],
  scope: Scope,
): void {
  const columns = selected.flatMap(({ expression, column }) =>
    expression ? (columnOf(expression, scope) ?? []) : (column ?? []),
  );
  const printed = new Set(selected.flatMap(({ expression: e }) => (e ? [printExpression(e).toLowerCase()] : [])));
  for (const [at, e] of order) {
    const found = loose(e, scope, printed, columns);
    if (found) throw sqlError('ER_FIELD_IN_ORDER_NOT_SELECT', at + 1, qualified(found), 'DISTINCT');
  }
}
