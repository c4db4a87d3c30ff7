// Which rows of a base table a WHERE can ask by key.
import type { TableSource } from '../../session/table-source.ts';
import type { Expression } from '../ast/expression.ts';
import type { Compiler } from '../compile/compiler.ts';
import type { Row, Scope } from '../scope.ts';
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
  if (e.kind === 'binary' && e.operator === '=' && e.left.kind === 'column')
    return keyed(c, e.left, [e.right], table, scope, row);
  if (e.kind === 'between' && !e.not && e.operand.kind === 'column')
    return keyed(c, e.operand, [e.low, e.high], table, scope, row);
  return undefined;
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
      : undefined,
  );
  if (values.some((value) => value === undefined || value === null)) return undefined;
  return table.lookup?.(column.path.at(-1) as string, values[0] as Value, values.at(-1) as Value, c.x);
}
