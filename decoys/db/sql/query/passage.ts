// Which temporary tables the server would make on a SELECT's way: they change what its columns tell.
// Source: https://dev.mysql.com/doc/refman/9.7/en/internal-temporary-tables.html
import { sortedColumns } from '../../persona/sorted-columns.ts';
import type { Expression } from '../ast/expression.ts';
import type { SelectCore } from '../ast/query.ts';
import type { IndexSpec } from '../ast/table.ts';
import type { AggregateSlot, Node, Scope, ScopeColumn, WindowSlot } from '../scope.ts';
import { leads } from './access.ts';
import type { Passage } from './items.ts';
import type { Order } from './order.ts';

/** What of a resolved SELECT decides its temporary tables. */
interface Resolved {
  readonly scope: Scope;
  readonly group: readonly Node[];
  readonly windows: readonly WindowSlot[];
  readonly order: Order;
  readonly aggregates: readonly AggregateSlot[];
  readonly selected: readonly Node[];
  /** Keys of the table read first. */
  readonly indexes: readonly IndexSpec[] | undefined;
  /** Whether rows come grouped by the plan; undefined where there is none. */
  readonly keyed: boolean | undefined;
  /** Several tables are joined. */
  readonly joined: boolean;
  /** ORDER BY holds what is worked out anew for each row: a query, or RAND(). */
  readonly sortsAnew: boolean;
}

/** Totals no temporary table can keep as it grows: rows are sorted by their group first. */
export function sortsGroups(core: SelectCore, aggregates: readonly AggregateSlot[]): boolean {
  return (
    core.bigResult ||
    aggregates.some(
      ({ expression }) =>
        expression.distinct || expression.name === 'GROUP_CONCAT' || expression.name.startsWith('JSON_'),
    )
  );
}

/** Temporary tables the server would make on the way, which change what columns tell. */
export function passageOf(
  core: SelectCore,
  { scope, group, windows, order, aggregates, indexes, keyed: planned, joined, selected, sortsAnew }: Resolved,
): Passage {
  if (windows.length > 0) return 'temporary';
  if (sortsDictionary(core, scope, order, group)) return 'dictionary';
  if (group.length === 0) {
    if (core.from && (core.bufferResult || sortsAnew)) return 'buffered';
    return core.distinct && core.from && (joined || !distinctByKey(core, selected, indexes)) ? 'buffered' : 'straight';
  }
  if (!core.from && !core.rollup) return 'straight';
  const moving = order.filter(({ node }) => node.constant === undefined);
  const sorted = moving.length > 0 && !moving.every((item, at) => !item.descending && sameNode(item.node, group[at]));
  if (core.rollup) return moving.length > 0 ? 'temporary' : 'rollup';
  const keyed = planned ?? leads(group.map(nameOf), indexes);
  if (sorted) {
    if (alongKey(moving.map((item) => item.node))) return 'straight';
    return keyed || sortsGroups(core, aggregates) ? 'temporary' : 'regrouped';
  }
  if (keyed) return 'straight';
  return sortsGroups(core, aggregates) ? 'sorted' : 'grouped';

  function alongKey(nodes: readonly Node[]): boolean {
    return leads(nodes.map(nameOf), indexes);
  }
}

/** True where rows come without doubles by themselves: along a key, with a unique key among them, or of a fixed key. */
function distinctByKey(core: SelectCore, selected: readonly Node[], indexes: readonly IndexSpec[] = []): boolean {
  const names = selected.map(nameOf);
  if (leads(names, indexes)) return true;
  return indexes.some(({ kind, columns }) => {
    const unique = kind === 'primary' || kind === 'unique';
    const first = selected.find((node) => nameOf(node) === columns[0]?.name.toLowerCase());
    if (unique && columns.every(({ name }) => names.includes(name.toLowerCase()))) return true;
    return fixesFirst(core.where, columns[0]?.name) || (first !== undefined && fixedByWhere(core.where, first.column));
  });
}

/** True where WHERE holds a key's first column to one value, so that rows are found by it. */
function fixesFirst(where: Expression | undefined, name: string | undefined): boolean {
  if (where?.kind !== 'binary' || name === undefined) return false;
  if (where.operator === 'AND') return fixesFirst(where.left, name) || fixesFirst(where.right, name);
  const { left } = where;
  return where.operator === '=' && left.kind === 'column' && left.path.at(-1)?.toLowerCase() === name.toLowerCase();
}

function nameOf(node: Node): string | undefined {
  return node.column?.name.toLowerCase();
}

/** Sorting, grouping or making distinct a view over the dictionary's tables. */
function sortsDictionary(core: SelectCore, scope: Scope, order: Order, group: readonly Node[]): boolean {
  if (order.length === 0 && !core.distinct && group.length === 0) return false;
  if (group.length > 0 && fixedByWhere(core.where, group[0]?.column)) return false;
  return scope.columns.some(
    (column) => column.schema === 'information_schema' && sortedColumns(column.orgTable) !== undefined,
  );
}

/** A column WHERE holds to one value needs no grouping. */
function fixedByWhere(where: Expression | undefined, column: ScopeColumn | undefined): boolean {
  if (where?.kind !== 'binary' || !column) return false;
  if (where.operator === 'AND') return fixedByWhere(where.left, column) || fixedByWhere(where.right, column);
  return (
    where.operator === '=' &&
    where.left.kind === 'column' &&
    where.left.path.at(-1)?.toLowerCase() === column.name.toLowerCase()
  );
}

function sameNode(a: Node, b: Node | undefined): boolean {
  return a === b || (a.column !== undefined && a.column === b?.column);
}
