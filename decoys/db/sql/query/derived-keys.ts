// Columns of derived tables the server makes an index of, since a condition it cannot look at inside asks for one value of them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/derived-table-optimization.html (derived condition pushdown, auto_key); flags as told by 9.7.4.
import type { Expression } from '../ast/expression.ts';
import type { Query, SelectCore, TableRef } from '../ast/query.ts';
import { splitAnd } from '../plan/conditions.ts';
import type { ScopeColumn } from '../scope.ts';
import { holdsWindow, namesColumn, queriesIn } from '../walk.ts';
import { givesOneRow, mergeable } from './derived.ts';

type Derived = Extract<TableRef, { kind: 'derived' }>;

/** Derived tables of FROM that are tables of their own, and whether another one stands before each. */
function tablesIn(ref: TableRef | undefined): readonly { readonly table: Derived; readonly follows: boolean }[] {
  if (ref?.kind === 'join')
    return [...tablesIn(ref.left), ...tablesIn(ref.right).map(({ table }) => ({ table, follows: true }))];
  const own = ref?.kind === 'derived' && !mergeable(ref.query) && !givesOneRow(ref.query, false);
  return own ? [{ table: ref, follows: false }] : [];
}

function conditionsOn(ref: TableRef | undefined): readonly Expression[] {
  if (ref?.kind !== 'join') return [];
  return [...conditionsOn(ref.left), ...conditionsOn(ref.right), ...(ref.on ? splitAnd(ref.on) : [])];
}

/** Whether a condition with a constant stays outside: under LIMIT, and on what windows are worked out to. */
function keepsOut({ body, limit }: Query, name: string): boolean {
  if (limit) return true;
  if (body.kind !== 'select') return false;
  const windowed = body.items.some(({ expression: e }) => e && holdsWindow(e));
  const divided = body.items.flatMap(({ expression: e }) => (e && 'over' in e && e.over ? [e.over.partition] : []));
  const divides = divided.every((list) => list.some((e) => e.kind === 'column' && e.path.at(-1) === name));
  return windowed && !divides;
}

/** Whether a join's condition asks a derived table for one value of a column, given by the tables before it. */
export function asksByKey(on: Expression, alias: string): boolean {
  const own = (e: Expression) => e.kind === 'column' && e.path.length > 1 && e.path.at(-2) === alias;
  const others = (e: Expression) => e.kind === 'column' && e.path.length > 1 && e.path.at(-2) !== alias;
  return splitAnd(on).some(
    (e) =>
      e.kind === 'binary' &&
      e.operator === '=' &&
      ((own(e.left) && others(e.right)) || (own(e.right) && others(e.left))),
  );
}

/** Whether the column of a select list is of such a derived table and such a condition is on it. */
export function isDerivedKey(core: SelectCore, column: ScopeColumn): boolean {
  const found = tablesIn(core.from).find(({ table }) => table.alias === column.table);
  if (!found) return false;
  const own = (e: Expression) =>
    e.kind === 'column' && e.path.at(-1) === column.name && (e.path.length === 1 || e.path.at(-2) === column.table);
  const conditions = [...(core.where ? splitAnd(core.where) : []), ...conditionsOn(core.from)];
  return conditions.some((e) => {
    if (e.kind !== 'binary' || (e.operator !== '=' && e.operator !== '<=>')) return false;
    const other = own(e.left) ? e.right : own(e.right) ? e.left : undefined;
    if (!other) return false;
    if (queriesIn(other).length > 0) return true;
    return namesColumn(other) ? found.follows : keepsOut(found.table.query, column.name);
  });
}
