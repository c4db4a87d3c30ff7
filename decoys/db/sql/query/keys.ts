// Which rows of a base table a WHERE can ask by key.
import type { TableSource } from '../../session/table-source.ts';
import type { Expression } from '../ast/expression.ts';
import type { Compiler } from '../compile/compiler.ts';
import type { Node, Row, Scope } from '../scope.ts';
import type { Value } from '../value/value.ts';

/** Constant a column must equal for WHERE to hold: `id = 5 AND …`. */
export function keyOf(
  c: Compiler,
  e: Expression | undefined,
  table: TableSource,
  scope: Scope,
  row: Row,
): readonly (readonly Value[])[] | undefined {
  if (!e || !table.lookup) return undefined;
  if (e.kind === 'binary' && e.operator === 'AND')
    return keyOf(c, e.left, table, scope, row) ?? keyOf(c, e.right, table, scope, row);
  if (e.kind === 'binary' && e.operator === '=')
    return keyedBy(c, e.left, e.right, table, scope, row) ?? keyedBy(c, e.right, e.left, table, scope, row);
  if (e.kind === 'between' && !e.not && e.operand.kind === 'column')
    return keyed(c, e.operand, [e.low, e.high], table, scope, row);
  return undefined;
}

function keyedBy(
  c: Compiler,
  column: Expression,
  value: Expression,
  table: TableSource,
  scope: Scope,
  row: Row,
): readonly (readonly Value[])[] | undefined {
  return column.kind === 'column' && scope.own(column.path) ? keyed(c, column, [value], table, scope, row) : undefined;
}

const REACHING = new Set(['+', '-', '*']);

/** True for sums of numbers and of columns that are of a query around this one. */
function isOfOuterRow(e: Expression, scope: Scope): boolean {
  if (e.kind === 'number') return true;
  if (e.kind === 'column') return scope.own(e.path) === undefined;
  return e.kind === 'binary' && REACHING.has(e.operator) && isOfOuterRow(e.left, scope) && isOfOuterRow(e.right, scope);
}

/** What was compiled for a query is asked again for each row around it. */
const compiled = new WeakMap<Scope, Map<Expression, Node>>();

/** An integer the row of the query around this one gives; undefined where it gives none, or this query's own rows have a part in it. */
function ofOuterRow(c: Compiler, e: Expression, scope: Scope, row: Row): Value | undefined {
  if (!row.parent || !isOfOuterRow(e, scope)) return undefined;
  let known = compiled.get(scope);
  if (!known) {
    known = new Map();
    compiled.set(scope, known);
  }
  let node = known.get(e);
  if (!node) {
    node = c.compile(e, scope);
    known.set(e, node);
  }
  const value = node.get(row);
  return typeof value === 'bigint' ? value : undefined;
}

function keyed(
  c: Compiler,
  column: Extract<Expression, { kind: 'column' }>,
  ends: readonly Expression[],
  table: TableSource,
  scope: Scope,
  row: Row,
): readonly (readonly Value[])[] | undefined {
  const values = ends.map((e) =>
    e.kind === 'number' || e.kind === 'string' || e.kind === 'parameter' || e.kind === 'variable'
      ? c.compile(e, scope).get(row)
      : ofOuterRow(c, e, scope, row),
  );
  if (values.some((value) => value === undefined || value === null)) return undefined;
  return table.lookup?.(column.path.at(-1) as string, values[0] as Value, values.at(-1) as Value, c.x);
}
