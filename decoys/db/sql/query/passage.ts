// Which temporary tables the server would make on a SELECT's way: they change what its columns tell.
// Source: https://dev.mysql.com/doc/refman/9.7/en/internal-temporary-tables.html
import { sortedColumns } from '../../persona/catalogue.ts';
import type { Expression } from '../ast/expression.ts';
import type { SelectCore } from '../ast/query.ts';
import type { Node, Scope, ScopeColumn, WindowSlot } from '../scope.ts';
import { groupsByKey } from './group.ts';
import type { Passage } from './items.ts';
import type { Order } from './order.ts';

/** What of a resolved SELECT decides its temporary tables. */
interface Resolved {
  readonly scope: Scope;
  readonly group: readonly Node[];
  readonly windows: readonly WindowSlot[];
  readonly order: Order;
}

/** Temporary tables the server would make on the way, which change what columns tell. */
export function passageOf(core: SelectCore, { scope, group, windows, order }: Resolved): Passage {
  if (windows.length > 0) return 'temporary';
  if (sortsDictionary(core, scope, order, group)) return 'dictionary';
  if (group.length === 0) return 'straight';
  const sorted = order.length > 0 && !order.every((item, at) => !item.descending && sameNode(item.node, group[at]));
  if (core.rollup) return order.length > 0 ? 'temporary' : 'rollup';
  if (sorted && !groupsByKey(scope.columns, group)) return 'temporary';
  return groupsByKey(scope.columns, group) ? 'straight' : 'grouped';
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
