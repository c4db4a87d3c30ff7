// How the rows of a SELECT are read: in which order they come, and whether some table is gone through row for row.
// Source: https://dev.mysql.com/doc/refman/9.7/en/order-by-optimization.html, group-by-optimization.html
import type { Expression } from '../ast/expression.ts';
import type { Query, SelectCore, TableRef } from '../ast/query.ts';
import type { IndexSpec } from '../ast/table.ts';
import type { Compiler } from '../compile/compiler.ts';
import { withCheckedRanges } from '../plan/checked-ranges.ts';
import type { Step } from '../plan/join-order.ts';
import { nameIn, type Plan, planOf } from '../plan/plan.ts';
import { planScans, rowOrder } from '../plan/row-order.ts';
import { PAGE_COST, ROW_COST } from '../plan/table-facts.ts';
import type { Node, Scope } from '../scope.ts';
import type { Value } from '../value/value.ts';
import { indexAlong, leads, scansRows } from './access.ts';
import type { Order } from './order.ts';
import type { Source } from './source.ts';

export interface Reading {
  /** What rows of the FROM are sorted by as they come; undefined where they do so by themselves. */
  readonly along: Order | undefined;
  /** Some table is read row for row. */
  readonly scans: boolean;
  /** Some table's ranges are looked for anew for each row before it. */
  readonly checked: boolean;
  readonly plan: Plan | undefined;
  /** The plan's steps as they are taken: along the index that sorts or groups, where one does. */
  readonly steps: readonly Step[];
  /** The first table's rows come sorted or grouped, so that nothing need sort them. */
  readonly turned: boolean;
}

/** What of a resolved SELECT decides how it is read. */
export interface ReadingParts {
  readonly core: SelectCore;
  readonly query: Query;
  readonly source: Source;
  readonly scope: Scope;
  readonly group: readonly Node[];
  readonly selected: readonly Node[];
  /** Expressions of GROUP BY, or of ORDER BY, their aliases and positions looked up. */
  readonly sorts: readonly Expression[];
  /** The list or HAVING holds aggregates. */
  readonly totals: boolean;
}

function tablesIn(ref: TableRef | undefined): number {
  if (!ref) return 0;
  return ref.kind === 'join' ? tablesIn(ref.left) + tablesIn(ref.right) : 1;
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

function namesOf(nodes: readonly Node[]): (string | undefined)[] {
  return nodes.map((node) => node.column?.name.toLowerCase());
}

/** The index of the first table that ORDER BY … LIMIT is read along, since it is cheaper than sorting all rows. */
function limited({ core, query }: ReadingParts, plan: Plan, { candidate: { facts } }: Step): IndexSpec | undefined {
  const { limit, order } = query;
  if (core.group.length > 0 || order.length === 0 || limit?.count.kind !== 'number') return undefined;
  if (order.some(({ descending }) => descending !== order[0]?.descending)) return undefined;
  const names = order.map(({ expression }) => nameIn(plan, facts.place, expression));
  if (names.includes(undefined)) return undefined;
  const wanted = Number(limit.count.text) + (limit.offset?.kind === 'number' ? Number(limit.offset.text) : 0);
  const scan = facts.pages * PAGE_COST;
  return facts.indexes.find((index) => {
    if (!leads(names, [index])) return false;
    const perKey = facts.perKey(index, names.length);
    return (wanted / perKey) * Math.min(perKey * PAGE_COST, scan) < scan + ROW_COST * facts.count;
  });
}

/** The index of the table read first that GROUP BY, DISTINCT or ORDER BY makes the server go along. */
function sortingIndex(
  parts: ReadingParts,
  plan: Plan,
  { candidate: { facts } }: Step,
  alone: boolean,
): IndexSpec | undefined {
  const { core, group, selected, query, sorts, scope } = parts;
  const { indexes, leaf } = facts;
  const along = (names: readonly (string | undefined)[], some: readonly IndexSpec[]) =>
    names.includes(undefined) ? undefined : some.find((index) => leads(names, [index]));
  if (group.length > 0) {
    // What windows are worked out over is grouped in a table of its own.
    if (scope.windows && scope.windows.length > 0) return undefined;
    const names = new Set(namesOf(group));
    // One row a group: there is nothing to group.
    const single = ({ kind, columns }: IndexSpec) =>
      (kind === 'primary' || kind === 'unique') && columns.every(({ name }) => names.has(name.toLowerCase()));
    if (alone && !parts.totals && indexes.some(single)) return undefined;
    return group.every((node) => node.column?.table === leaf.alias) ? along(namesOf(group), indexes) : undefined;
  }
  if (core.distinct && alone) return along(namesOf(selected), indexes);
  // Rows in an index's order are sorted anew for windows, and the result after them.
  if (query.order.length === 0 || (scope.windows?.length ?? 0) > 0) return undefined;
  return along(
    sorts.map((e) => nameIn(plan, facts.place, e)),
    indexes.filter(({ kind }) => kind === 'primary'),
  );
}

/** COUNT(*) of a whole table is asked of the table, which reads no rows for it. */
function isCounted({ query, core, source, group }: ReadingParts): boolean {
  if (core.where || group.length > 0 || core.having || source.leaves?.length !== 1 || query.order.length > 0)
    return false;
  return core.items.every(({ expression: e }) => e?.kind === 'aggregate' && e.name === 'COUNT' && e.star && !e.over);
}

/** How a SELECT is read: by a plan where its tables are the source's own, else as its one table would be. */
export function readingOf(c: Compiler, parts: ReadingParts): Reading {
  const { core, query, source, scope, group, selected, sorts } = parts;
  const leaves = source.leaves ?? [];
  const plan = leaves.length === tablesIn(core.from) ? planOf(c, core, leaves, scope, sorts) : undefined;
  if (!plan) {
    const index = indexAlong(leaves, core, scope);
    const scans = scansRows(leaves, core, query.order, scope, group, selected);
    return { along: index && sortKeys(index, scope), scans, checked: false, plan, steps: [], turned: false };
  }
  if (isCounted(parts)) return { along: undefined, scans: false, checked: false, plan, steps: [], turned: false };
  const [first, ...others] = plan.steps;
  if (!first) return { along: undefined, scans: false, checked: false, plan, steps: [], turned: true };
  const wanted = limited(parts, plan, first) ?? sortingIndex(parts, plan, first, leaves.length === 1);
  const { type, index } = first.access;
  const turns = wanted !== undefined && (type === 'ALL' || type === 'index');
  const access = turns ? { ...first.access, type: 'index' as const, index: wanted } : first.access;
  // What goes along an index for its order goes on doing so.
  const ordered = turns ? [{ ...first, access }] : [];
  const { steps, checked } = withCheckedRanges(plan, ordered, turns ? others : plan.steps);
  const read = { ...plan, steps };
  const turned = turns || (wanted !== undefined && index === wanted);
  return { along: rowOrder(read, scope), scans: planScans(read), checked, plan, steps, turned };
}
