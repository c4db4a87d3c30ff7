// ORDER BY and LIMIT: rows sorted by keys, and which of them are told.
// Source: https://dev.mysql.com/doc/refman/9.7/en/select.html
import { RESULT_ROWS } from '../../limits.ts';
import { compareKeys } from '../aggregate.ts';
import type { Expression, OrderItem } from '../ast/expression.ts';
import type { Limit } from '../ast/query.ts';
import type { Compiler } from '../compile/compiler.ts';
import { moves } from '../compile/fixed.ts';
import { COUNT_PARAMETER } from '../compile/parameter-types.ts';
import { derive } from '../compile/parameters.ts';
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import { type Node, type Row, Scope } from '../scope.ts';
import { mapped, type Steps } from '../steps.ts';
import { toInteger } from '../value/value.ts';
import { holdsTotal, holdsWindow, namesColumn, queriesIn } from '../walk.ts';
import { filesorted, sortsTexts } from './filesort.ts';
import { type Rows, sortSteps } from './rows.ts';

export type Order = readonly { readonly node: Node; readonly descending: boolean }[];

/** ORDER BY's items; `selected` are the nodes positions count. Throws 1054 past the last. */
export function compileOrder(c: Compiler, items: readonly OrderItem[], scope: Scope, selected: readonly Node[]): Order {
  return items.flatMap(({ expression, descending }) => {
    if (expression.kind === 'number' && expression.form === 'integer') {
      const node = selected[Number(expression.text) - 1];
      if (!node) throw sqlError('ER_BAD_FIELD_ERROR', expression.text, 'order clause');
      return { node, descending };
    }
    const node = c.compile(expression, scope);
    // Rows are not sorted by what is the same for all of them.
    return sameForAll(expression) ? [] : [{ node, descending }];
  });
}

function sameForAll(e: Expression): boolean {
  return !namesColumn(e) && !moves(e) && !holdsTotal(e) && !holdsWindow(e) && queriesIn(e).length === 0;
}

/** Words a row takes while it is sorted. */
const KEYED_CELLS = 8;

/** Rows in order, of which the first `count` are wanted; costs fuel by n log n. */
export function* sortRows(rows: Rows, order: Order, parent: Row | undefined, x: Execution, count: number): Steps<Rows> {
  if (order.length === 0) return rows;
  x.hold(rows.length * KEYED_CELLS);
  const keyed = yield* mapped(x, rows, (values) => ({
    values,
    keys: order.map((item) => item.node.get({ values, parent })),
  }));
  x.spend(sortSteps(keyed.length));
  x.session.work.sort(keyed.length);
  const compare = (a: (typeof keyed)[number], b: (typeof keyed)[number]) => compareKeys(a.keys, b.keys, order);
  const inOrder = yield* filesorted(x, keyed, compare, count, keyed.length, sortsTexts(order));
  return inOrder.map((entry) => entry.values);
}

interface Bounds {
  readonly offset: number;
  readonly count: number;
}

/** A parameter as LIMIT takes it: NULL is none. Throws 1210 for what is no whole number, 1690 for less than none. */
function boundCount(x: Execution, index: number): number {
  const value = x.parameters[index] ?? null;
  const byPacket = x.parameterTypes.length > 0;
  const command = byPacket ? 'mysqld_stmt_execute' : 'EXECUTE';
  if (value === null) return 0;
  if (typeof value === 'bigint') {
    if (value < 0n) throw sqlError('ER_DATA_OUT_OF_RANGE', 'unsigned integer', command);
    return Number(value);
  }
  if (byPacket && typeof value === 'string') return Math.max(0, Number(toInteger(value) ?? 0n));
  if (byPacket && typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw sqlError('ER_WRONG_ARGUMENTS', command);
}

/** Gives the bounds anew for each run, since they may be parameters. */
export function compileLimit(c: Compiler, limit: Limit | undefined): () => Bounds {
  if (!limit) return () => ({ offset: 0, count: Number.MAX_SAFE_INTEGER });
  const scope = new Scope([], undefined);
  derive(c.x, limit.count, COUNT_PARAMETER);
  derive(c.x, limit.offset, COUNT_PARAMETER);
  const bound = new Map(
    [limit.count, limit.offset].flatMap((e) =>
      e?.kind === 'parameter' && c.x.hasParameters ? [[e as Expression, boundCount(c.x, e.index)] as const] : [],
    ),
  );
  const number = (e: Expression): number => {
    const known = bound.get(e);
    if (known !== undefined) return known;
    const value = toInteger(c.compile(e, scope).get({ values: [] }));
    if (value === null || value < 0n) throw sqlError('ER_WRONG_ARGUMENTS', 'LIMIT');
    return Number(value);
  };
  return () => ({ offset: limit.offset ? number(limit.offset) : 0, count: number(limit.count) });
}

/** The rows within the bounds. */
export function cut(rows: Rows, { offset, count }: Bounds): Rows {
  if (offset === 0 && count >= rows.length) return rows;
  return rows.slice(offset, offset + Math.min(count, RESULT_ROWS));
}
