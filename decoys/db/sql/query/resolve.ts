// Names and types of a SELECT's clauses, found in the order the server resolves them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/select.html, group-by-handling.html
import { SELECT_COLUMNS } from '../../limits.ts';
import type { Expression } from '../ast/expression.ts';
import type { Query, SelectCore } from '../ast/query.ts';
import type { IndexSpec } from '../ast/table.ts';
import type { Compiler } from '../compile/compiler.ts';
import { TRUTH_PARAMETER } from '../compile/parameter-types.ts';
import { derive } from '../compile/parameters.ts';
import { compile } from '../compile.ts';
import { sqlError } from '../errors.ts';
import type { AggregateSlot, Node, Scope, WindowSlot } from '../scope.ts';
import { toBoolean, type Value } from '../value/value.ts';
import { holdsTotal } from '../walk.ts';
import { indexAlong, scansRows } from './access.ts';
import { checkDistinctOrder, checkFullGroupBy, groupedExpressions, type Selected } from './dependence.ts';
import { compileGroup, rolledNode } from './group.ts';
import { compileItems, type Item } from './items.ts';
import { compileOrder, type Order } from './order.ts';
import type { Source } from './source.ts';

export interface Phases {
  readonly source: Source;
  readonly where: Node | undefined;
  readonly scope: Scope;
  readonly group: readonly Node[];
  readonly aggregates: readonly AggregateSlot[];
  readonly windows: readonly WindowSlot[];
  readonly having: Node | undefined;
  readonly order: Order;
  readonly nodes: readonly Node[];
  /** WHERE is false before any row is read. */
  readonly empty: boolean;
  /** Places of the columns of the index the one table is read along. */
  readonly along: Order | undefined;
  /** Some table is read row for row. */
  readonly scans: boolean;
}

/** Names and types of a SELECT, clause by clause in the order the server resolves them. */
export function resolve(
  c: Compiler,
  core: SelectCore,
  query: Query,
  source: Source,
  scope: Scope,
): { readonly items: readonly Item[]; readonly phases: Phases } {
  const aggregates: AggregateSlot[] = [];
  const windows: WindowSlot[] = [];
  scope.aggregates = aggregates;
  scope.windows = windows;
  scope.namedWindows = core.windows;
  scope.grouping = core.rollup ? core.group : undefined;
  const found: (Selected & { readonly item: Item })[] = [];
  for (const item of core.items) {
    for (const made of compileItems(c, { ...core, items: [item] }, scope))
      found.push({ item: made, expression: item.expression, column: made.node.column, name: made.name });
    if (found.length > SELECT_COLUMNS) throw sqlError('ER_TOO_MANY_FIELDS');
  }
  const where = compileWhere(c, core, scope);
  const selected = found.map(({ item }) => item.node);
  scope.aliases = new Map(found.map(({ item }) => [item.name.toLowerCase(), item.node]));
  scope.clause = 'group statement';
  const group = core.group.map((e) => compileGroup(c, e, scope, selected));
  const meant = groupedExpressions(core, found, scope);
  for (const e of meant)
    if (holdsTotal(e)) throw sqlError('ER_WRONG_GROUP_FIELD', found.find((item) => item.expression === e)?.name ?? '');
  const items = found.map(({ item, expression }) =>
    core.rollup ? { ...item, node: rolledNode(item.node, expression, core, group) } : item,
  );
  const nodes = items.map((item) => item.node);
  scope.aliases = new Map(items.map((item) => [item.name.toLowerCase(), item.node]));
  scope.clause = 'having clause';
  scope.kept = new Set([...nodes, ...group].flatMap((node) => node.column ?? []));
  derive(c.x, core.having, TRUTH_PARAMETER);
  const having = core.having ? compile(c, core.having, scope) : undefined;
  const totals = aggregates.length;
  scope.clause = 'order clause';
  const order = compileOrder(c, query.order, scope, nodes);
  checkFull(c, core, query, found, group, totals, scope);
  const empty = where !== undefined && neverHolds(core.where as Expression, where);
  const along = indexAlong(source.leaves ?? [], core, scope);
  const scans = scansRows(source.leaves ?? [], core, query.order, scope, group, nodes);
  return {
    items,
    phases: {
      source,
      where,
      scope,
      group,
      aggregates,
      windows,
      having,
      order,
      nodes,
      empty,
      scans,
      along: along && sortKeys(along, scope),
    },
  };
}

/** A condition of constants that is not true. */
function neverHolds(e: Expression, where: Node): boolean {
  const fixed = (part: Expression): boolean =>
    part.kind === 'number' ||
    part.kind === 'boolean' ||
    part.kind === 'null' ||
    (part.kind === 'binary' && fixed(part.left) && fixed(part.right));
  return fixed(e) && !toBoolean(where.get({ values: [] }));
}

/** What sql_mode ONLY_FULL_GROUP_BY refuses. `totals` counts the aggregates of the select list and HAVING. */
function checkFull(
  c: Compiler,
  core: SelectCore,
  query: Query,
  selected: readonly Selected[],
  group: readonly Node[],
  totals: number,
  scope: Scope,
): void {
  if (!c.x.session.sqlMode().includes('ONLY_FULL_GROUP_BY')) return;
  const grouped = core.group.length > 0;
  const sorts = query.order.map(({ expression }, at) => [at, expression] as const);
  const total = sorts.find(([, e]) => holdsTotal(e));
  if (!grouped && totals === 0 && total) throw sqlError('ER_AGGREGATE_ORDER_NON_AGG_QUERY', total[0] + 1);
  const own = sorts.filter(
    ([, e]) => e.kind !== 'column' || e.path.length > 1 || !scope.aliases?.has((e.path[0] as string).toLowerCase()),
  );
  if (grouped || totals > 0)
    checkFullGroupBy(
      core,
      selected,
      group.flatMap((node) => node.column ?? []),
      own,
      scope,
    );
  else if (core.distinct) checkDistinctOrder(selected, own, scope);
}

/** What rows are sorted by that come along an index. */
function sortKeys(index: IndexSpec, scope: Scope): Order {
  return index.columns.flatMap(({ name }) => {
    const at = scope.columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
    const column = scope.columns[at];
    if (!column) return [];
    const node: Node = { type: column.type, get: (row) => row.values[at] as Value, coercibility: 2 };
    return [{ node, descending: false }];
  });
}

function compileWhere(c: Compiler, core: SelectCore, scope: Scope): Node | undefined {
  if (!core.where) return undefined;
  scope.clause = 'where clause';
  derive(c.x, core.where, TRUTH_PARAMETER);
  const [aggregates, windows] = [scope.aggregates, scope.windows];
  scope.aggregates = undefined;
  scope.windows = undefined;
  const where = compile(c, core.where, scope);
  scope.aggregates = aggregates;
  scope.windows = windows;
  if (where.row) throw sqlError('ER_OPERAND_COLUMNS', 1);
  return where;
}
