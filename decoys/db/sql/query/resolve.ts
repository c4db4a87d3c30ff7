// Names and types of a SELECT's clauses, found in the order the server resolves them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/select.html, group-by-handling.html
import { SELECT_COLUMNS } from '../../limits.ts';
import type { Expression } from '../ast/expression.ts';
import type { Query, SelectCore } from '../ast/query.ts';
import { withAhead } from '../compile/ahead.ts';
import type { Compiler } from '../compile/compiler.ts';
import { changesEachTime } from '../compile/fixed.ts';
import { TRUTH_PARAMETER } from '../compile/parameter-types.ts';
import { derive } from '../compile/parameters.ts';
import { checkWindows } from '../compile/windows.ts';
import { compile } from '../compile.ts';
import { sqlError } from '../errors.ts';
import { printExpression } from '../print-message.ts';
import type { AggregateSlot, Node, Row, Scope, WindowSlot } from '../scope.ts';
import type { Value } from '../value/value.ts';
import { holdsTotal, holdsWindow } from '../walk.ts';
import { checkDistinctOrder, checkFullGroupBy, groupedExpressions, type Selected } from './dependence.ts';
import { compileGroup, rolledItem } from './group.ts';
import { compileItems, type Item } from './items.ts';
import { compileOrder, type Order } from './order.ts';
import { type Reading, readingOf } from './reading.ts';
import type { Source } from './source.ts';
import { compileWhere, type Where } from './where.ts';

export interface Phases {
  readonly source: Source;
  readonly where: Where | undefined;
  readonly scope: Scope;
  readonly group: readonly Node[];
  readonly aggregates: readonly AggregateSlot[];
  readonly windows: readonly WindowSlot[];
  readonly having: Node | undefined;
  readonly order: Order;
  readonly nodes: readonly Node[];
  /** How its tables are read; worked out when it is first asked. */
  readonly reading: () => Reading;
}

/** Whether several tables have a column of this name, USING or not. */
function isShared(e: Expression, scope: Scope): e is Extract<Expression, { kind: 'column' }> {
  if (e.kind !== 'column' || e.path.length > 1) return false;
  const name = (e.path[0] as string).toLowerCase();
  return scope.columns.filter((column) => column.name.toLowerCase() === name).length > 1;
}

/** What the list has of the name; undefined where two columns have it. */
function itemNamed(name: string, found: readonly Selected[]): Selected | undefined {
  const named = found.filter((item) => item.name.toLowerCase() === name);
  const [first, ...others] = named;
  const other = named.find(({ column }) => !column);
  const same = others.every(({ column }) => column === first?.column);
  return other ?? (same ? first : undefined);
}

/** A name of GROUP BY or ORDER BY that tables share means what the list calls so. */
function listed(e: Expression, found: readonly Selected[], scope: Scope): Expression {
  if (!isShared(e, scope)) return e;
  const meant = itemNamed((e.path[0] as string).toLowerCase(), found);
  if (!meant) return e;
  const { expression, column } = meant;
  return expression ?? (column ? { ...e, path: [column.table, column.name] } : e);
}

/** As `listed`, before the list is resolved: of what is written in it. */
function written(e: Expression, core: SelectCore, scope: Scope): Expression {
  if (!isShared(e, scope)) return e;
  const name = (e.path[0] as string).toLowerCase();
  const item = core.items.find(
    ({ expression, alias }) =>
      expression?.kind === 'column' && (alias ?? (expression.path.at(-1) as string)).toLowerCase() === name,
  );
  return item?.expression ?? e;
}

/** GROUP BY means the column where a name is that of a column and of something else in the list, and warns: gives that name. */
function columnOverAlias(c: Compiler, e: Expression, { column }: Node, found: readonly Selected[]): string[] {
  if (e.kind !== 'column' || e.path.length > 1 || !column) return [];
  const name = (e.path[0] as string).toLowerCase();
  const other = (item: Selected) => item.column?.name !== column.name || item.column.table !== column.table;
  if (!found.some((item) => item.name.toLowerCase() === name && other(item))) return [];
  c.x.warn('ER_NON_UNIQ_ERROR', e.path[0] as string, 'group statement');
  return [name];
}

/** Names and types of a SELECT, clause by clause in the order the server resolves them; `query` is it with what ORDER BY means by its names. */
export function resolve(
  c: Compiler,
  asked: SelectCore,
  given: Query,
  source: Source,
  scope: Scope,
): { readonly items: readonly Item[]; readonly phases: Phases; readonly query: Query } {
  let core = asked.rollup ? { ...asked, group: asked.group.map((e) => written(e, asked, scope)) } : asked;
  if (core.qualify) throw sqlError('ER_HYPERGRAPH_ONLY', 'QUALIFY clause');
  const aggregates: AggregateSlot[] = [];
  const windows: WindowSlot[] = [];
  scope.aggregates = aggregates;
  scope.windows = windows;
  scope.namedWindows = core.windows;
  checkWindows(core.windows);
  scope.grouping = core.rollup ? core.group : undefined;
  scope.rolled = core.rollup ? core.group.map((e) => (e.kind === 'column' ? scope.own(e.path) : undefined)) : undefined;
  const found: (Selected & { readonly item: Item })[] = [];
  for (const item of core.items) {
    for (const made of compileItems(c, { ...core, items: [item] }, scope)) {
      const moves = core.group.length > 0 && item.expression !== undefined && changesEachTime(item.expression);
      const kept = moves ? { ...made, node: oncePerRow(made.node) } : made;
      found.push({ item: kept, expression: item.expression, column: made.node.column, name: made.name });
    }
    if (found.length > SELECT_COLUMNS) throw sqlError('ER_TOO_MANY_FIELDS');
  }
  scope.totals = aggregates.length > 0 || core.group.length > 0;
  const where = compileWhere(c, core, scope);
  const selected = found.map(({ item }) => item.node);
  scope.aliases = aliasesOf(found.map(({ item }) => item));
  scope.ambiguous = namedTwice(found.map(({ item }) => item));
  scope.windowed = new Set(
    found.flatMap(({ name, expression }) => (expression && holdsWindow(expression) ? [name.toLowerCase()] : [])),
  );
  core = { ...core, group: core.group.map((e) => listed(e, found, scope)) };
  const sorting = given.order.map((item) => ({ ...item, expression: listed(item.expression, found, scope) }));
  const query = { ...given, order: sorting };
  for (const e of core.group) {
    const total = holdsTotal(e) ? found.find((item) => item.expression && sameText(item.expression, e)) : undefined;
    if (total) throw sqlError('ER_WRONG_GROUP_FIELD', total.name);
  }
  scope.clause = 'group statement';
  const group = core.group.map((e) => compileGroup(c, e, scope, selected));
  scope.preferred = new Set(core.group.flatMap((e, at) => columnOverAlias(c, e, group[at] as Node, found)));
  const meant = groupedExpressions(core, found, scope);
  for (const e of meant)
    if (holdsTotal(e) || holdsWindow(e))
      throw sqlError('ER_WRONG_GROUP_FIELD', found.find((item) => item.expression === e)?.name ?? '');
  const items = found.map(({ item, expression }) =>
    core.rollup ? rolledItem(item, expression, core, group, query.order.length > 0) : item,
  );
  const nodes = items.map((item) => item.node);
  if (core.rollup) scope.aliases = new Map(items.map((item) => [item.name.toLowerCase(), item.node]));
  scope.clause = 'having clause';
  scope.kept = new Set([...nodes, ...group].flatMap((node) => node.column ?? []));
  derive(c.x, core.having, TRUTH_PARAMETER);
  const having = core.having
    ? withAhead(c, core.having, () => compile(c, core.having as Expression, scope))
    : undefined;
  const totals = aggregates.length;
  scope.clause = 'order clause';
  const order = compileOrder(c, query.order, scope, nodes);
  checkFull(c, core, query, found, group, totals, scope);
  let reading: Reading | undefined;
  const sorts = core.group.length > 0 ? meant : query.order.map(({ expression }) => expression);
  return {
    items,
    query,
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
      reading: () => {
        reading ??= readingOf(c, {
          core,
          query,
          source,
          scope,
          group,
          selected: nodes,
          sorts,
          totals: aggregates.length > 0,
        });
        return reading;
      },
    },
  };
}

function sameText(a: Expression, b: Expression): boolean {
  return printExpression(a).toLowerCase() === printExpression(b).toLowerCase();
}

/** What each name of the list means: the first item of it that is no column, else the last column. */
function aliasesOf(items: readonly Item[]): Map<string, Node> {
  const others = items.filter(({ column }) => !column).reverse();
  return new Map([...items, ...others].map(({ name, node }) => [name.toLowerCase(), node]));
}

/** Names that more than one column has before anything that is no column has them, unless they are all the same of the same table. */
function namedTwice(items: readonly Item[]): ReadonlySet<string> {
  const known = new Map<string, Item>();
  const twice = new Set<string>();
  const settled = new Set<string>();
  for (const item of items) {
    const name = item.name.toLowerCase();
    // What is no column is meant, whatever follows it.
    if (settled.has(name)) continue;
    if (!item.column) {
      settled.add(name);
      continue;
    }
    const other = known.get(name);
    const same = other?.column !== undefined && other.column === item.column;
    if (other && !same) twice.add(name);
    known.set(name, item);
  }
  return twice;
}

/** A value worked out once for a row: what rows are grouped by is what is shown of them. */
function oncePerRow(node: Node): Node {
  const known = new WeakMap<readonly Value[], Value>();
  const get = (row: Row): Value => {
    if (!known.has(row.values)) known.set(row.values, node.get(row));
    return known.get(row.values) as Value;
  };
  return { ...node, get };
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
