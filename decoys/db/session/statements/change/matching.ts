// Rows a WHERE, ORDER BY and LIMIT choose for change.
// Source: https://dev.mysql.com/doc/refman/9.7/en/update.html

import type { StoredRow } from '../../../overlay/row-bytes.ts';
import type { OverlayTable } from '../../../overlay/table.ts';
import { compareKeys } from '../../../sql/aggregate.ts';
import type { Expression, OrderItem } from '../../../sql/ast/expression.ts';
import type { Limit } from '../../../sql/ast/query.ts';
import { compile } from '../../../sql/compile.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { compileLimit } from '../../../sql/query/order.ts';
import { topMatch } from '../../../sql/query/ranked.ts';
import { type Row, Scope, type ScopeColumn } from '../../../sql/scope.ts';
import { compilerOf } from '../../../sql/select.ts';
import { mapped, type Steps, sorted } from '../../../sql/steps.ts';
import { toBoolean } from '../../../sql/value/value.ts';
import { expectFree } from '../../row-locking.ts';
import { partitionFinder } from '../define/partitions.ts';
import { EMPTY } from './defaults.ts';

interface Matched {
  readonly row: StoredRow;
  readonly at: Row;
}

/** A table's columns under an alias, for WHERE and assignments. */
export function scopeOf(table: OverlayTable, alias: string): Scope {
  return new Scope(
    table.scopeColumns().map((column): ScopeColumn => ({ ...column, table: alias })),
    undefined,
  );
}

interface Selection {
  readonly where: Expression | undefined;
  readonly order: readonly OrderItem[];
  readonly limit: Limit | undefined;
  /** Rows of these partitions only. */
  readonly partitions?: ReadonlySet<number> | undefined;
}

/** True where literals alone make a condition false: no row is looked for then. */
function holdsNowhere(e: Expression): boolean {
  if (e.kind === 'number') return true;
  if (e.kind !== 'binary') return false;
  const { left, right } = e;
  if (e.operator.toUpperCase() === 'AND')
    return [left, right].some((part) => part.kind !== 'number' && holdsNowhere(part));
  return e.operator === '=' && left.kind === 'number' && right.kind === 'number' && left.text !== right.text;
}

/** With sql_safe_updates, a change must say by a key which rows it means, or how many. */
export function refuseUnsafe(x: Execution, table: OverlayTable, { where, limit }: Selection): void {
  if (limit || (where && holdsNowhere(where)) || x.session.readVariable('sql_safe_updates', '').value !== 1n) return;
  if (table.scans(where)) throw sqlError('ER_UPDATE_WITHOUT_KEY_IN_SAFE_MODE', '');
}

/** True for a condition that numbers alone make false. */
function isNever(e: Expression): boolean {
  if (e.kind === 'number') return Number(e.text) === 0;
  if (e.kind !== 'binary') return false;
  if (e.operator === 'AND') return isNever(e.left) || isNever(e.right);
  if (e.operator === 'OR') return isNever(e.left) && isNever(e.right);
  return (
    e.operator === '=' &&
    e.left.kind === 'number' &&
    e.right.kind === 'number' &&
    Number(e.left.text) !== Number(e.right.text)
  );
}

/** True where a change reads the whole table: by no key, or by one of full text, and for a condition that may hold. */
export function readsAll(table: OverlayTable, where: Expression | undefined): boolean {
  if (where && isNever(where)) return false;
  return table.scans(where) || topMatch(where) !== undefined;
}

/** Rows a WHERE, ORDER BY and LIMIT choose for change. */
export function* matching(
  x: Execution,
  table: OverlayTable,
  scope: Scope,
  { where, order, limit, partitions }: Selection,
): Steps<Matched[]> {
  const c = compilerOf(x);
  scope.clause = 'where clause';
  const condition = where ? compile(c, where, scope) : undefined;
  const found: Matched[] = [];
  const keyed = keyRange(x, where, table, scope);
  const find = partitions && partitionFinder(x, table);
  for (const row of keyed ?? table.ordered()) {
    x.spend(1);
    if (x.turnIsOver) yield;
    if (find && !partitions.has(find(row))) continue;
    const at: Row = { values: row };
    if (condition && !toBoolean(condition.get(at))) continue;
    expectFree(x.session, table, row);
    found.push({ row: row as StoredRow, at });
  }
  // Rows another transaction removed may come back.
  for (const row of table.locks.gone(x.session.transaction))
    if (!condition || toBoolean(condition.get({ values: row }))) expectFree(x.session, table, row);
  scope.clause = 'order clause';
  if (order.length > 0) {
    const items = order.map((item) => ({ node: compile(c, item.expression, scope), descending: item.descending }));
    const keyed = yield* mapped(x, found, (entry) => ({ entry, keys: items.map((item) => item.node.get(entry.at)) }));
    const inOrder = yield* sorted(x, keyed, (a, b) => compareKeys(a.keys, b.keys, items));
    for (const [at, { entry }] of inOrder.entries()) found[at] = entry;
  }
  if (limit) found.length = Math.min(found.length, compileLimit(c, limit)().count);
  return found;
}

function keyRange(
  x: Execution,
  where: Expression | undefined,
  table: OverlayTable,
  scope: Scope,
): readonly StoredRow[] | undefined {
  if (where?.kind !== 'binary' || where.operator !== '=' || where.left.kind !== 'column') return undefined;
  if (!['number', 'parameter', 'variable'].includes(where.right.kind)) return undefined;
  const value = compile(compilerOf(x), where.right, scope).get(EMPTY);
  return table.lookup(where.left.path.at(-1) as string, value, value);
}
