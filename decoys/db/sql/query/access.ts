// Which tables of a query are read row for row, no key leading to their rows: what the server tells a client by a status flag.
// Source: https://dev.mysql.com/doc/refman/9.7/en/explain-output.html (join types), flags as told by a live 9.7.4.
import type { TableSource } from '../../session/table-source.ts';
import type { Expression, OrderItem } from '../ast/expression.ts';
import type { IndexHint, SelectCore, TableRef } from '../ast/query.ts';
import type { IndexSpec } from '../ast/table.ts';
import type { Node, Scope, ScopeColumn } from '../scope.ts';
import { holdsTotal, namesColumn, operandsOf } from '../walk.ts';

/** A base table of FROM, under the name it has there. */
export interface Leaf {
  readonly table: TableSource;
  readonly alias: string;
  /** Stands where an outer join may have no row for it, so that it is not read first. */
  readonly inner: boolean;
  readonly hints?: readonly IndexHint[] | undefined;
}

function nameOf(e: Expression): string | undefined {
  return e.kind === 'column' ? e.path.at(-1)?.toLowerCase() : undefined;
}

/** True where an index holds all that the query names of the table; a secondary one holds the primary key too. */
function coveredBy(columns: readonly ScopeColumn[], indexes: readonly IndexSpec[] = []): boolean {
  if (columns.every((column) => column.primary)) return true;
  return indexes.some((index) => {
    if (index.kind === 'primary' || index.kind === 'fulltext' || index.kind === 'spatial') return false;
    const held = new Set(
      index.columns.filter(({ length }) => length === undefined).map(({ name }) => name.toLowerCase()),
    );
    return columns.every((column) => column.primary || held.has(column.name.toLowerCase()));
  });
}

/** The secondary index a scan goes along, since it holds all that the query names of its one table. */
export function indexAlong(leaves: readonly Leaf[], core: SelectCore, scope: Scope): IndexSpec | undefined {
  const [only] = leaves;
  if (leaves.length !== 1 || !only?.table.indexes) return undefined;
  const used = [...scope.used];
  if (used.length === 0 || used.every((column) => column.primary)) return undefined;
  const primary = only.table.indexes.find((index) => index.kind === 'primary');
  const names = new Set(primary?.columns.map(({ name }) => name.toLowerCase()));
  if (core.where && !only.table.scans(core.where) && mentionsOnly(core.where, names)) return undefined;
  return only.table.indexes.find((index) => index.kind !== 'primary' && coveredBy(used, [index]));
}

/** True where every column a condition names is among these. */
function mentionsOnly(e: Expression, names: ReadonlySet<string>): boolean {
  if (e.kind === 'column') return names.has(nameOf(e) ?? '');
  return operandsOf(e).every((operand) => mentionsOnly(operand, names));
}

/** True where some index begins with these columns, in this order. */
export function leads(columns: readonly (string | undefined)[], indexes: readonly IndexSpec[] = []): boolean {
  return indexes.some(
    (index) =>
      index.columns.length >= columns.length &&
      columns.every((name, at) => name !== undefined && index.columns[at]?.name.toLowerCase() === name),
  );
}

/** True where GROUP BY, DISTINCT or ORDER BY alone makes the server go along an index. */
function ordered(
  leaf: Leaf,
  core: SelectCore,
  group: readonly Node[],
  order: readonly OrderItem[],
  selected: readonly Node[],
): boolean {
  const { indexes } = leaf.table;
  const names = (nodes: readonly Node[]) => nodes.map((node) => node.column?.name.toLowerCase());
  if (group.length > 0) return !core.rollup && leads(names(group), indexes);
  if (core.distinct) return leads(names(selected), indexes);
  const primary = indexes?.filter((index) => index.kind === 'primary');
  return (
    order.length > 0 &&
    leads(
      order.map((item) => nameOf(item.expression)),
      primary,
    )
  );
}

/** Equalities that join tables: ON's and WHERE's, NATURAL's and USING's names. */
function joinsOf(core: SelectCore): {
  readonly equal: Expression[];
  readonly shared: Set<string>;
  readonly natural: boolean;
} {
  const equal: Expression[] = [];
  const shared = new Set<string>();
  let natural = false;
  const split = (e: Expression | undefined): void => {
    let rest = e;
    while (rest?.kind === 'binary' && rest.operator === 'AND') {
      split(rest.right);
      rest = rest.left;
    }
    if (rest?.kind === 'binary' && rest.operator === '=') equal.push(rest);
  };
  const walk = (ref: TableRef | undefined): void => {
    if (ref?.kind !== 'join') return;
    walk(ref.left);
    walk(ref.right);
    split(ref.on);
    for (const name of ref.using) shared.add(name.toLowerCase());
    natural = natural || ref.natural;
  };
  walk(core.from);
  split(core.where);
  return { equal, shared, natural };
}

/** True where an equality with another table leads to this one's rows by a key. */
function reached(leaf: Leaf, leaves: readonly Leaf[], core: SelectCore): boolean {
  const { equal, shared, natural } = joinsOf(core);
  const has = (table: TableSource, name: string) => table.columns.some((column) => column.name.toLowerCase() === name);
  const firsts = [...(leaf.table.leads ?? [])];
  for (const index of leaf.table.indexes ?? []) firsts.push(index.columns[0]?.name.toLowerCase() ?? '');
  const others = leaves.filter((other) => other !== leaf);
  return firsts.some((name) => {
    if (shared.has(name) || (natural && others.some((other) => has(other.table, name)))) return true;
    return equal.some((e) => {
      if (e.kind !== 'binary') return false;
      const own = (side: Expression) =>
        side.kind === 'column' && nameOf(side) === name && (side.path.length === 1 || side.path.at(-2) === leaf.alias);
      return (own(e.left) && e.right.kind === 'column') || (own(e.right) && e.left.kind === 'column');
    });
  });
}

/** A condition on one table of several, as it reads with that table alone. */
function filters(leaf: Leaf, leaves: readonly Leaf[], where: Expression | undefined): boolean {
  if (!where) return false;
  const usable = (e: Expression): boolean => {
    if (e.kind === 'binary' && e.operator === 'AND') return usable(e.left) || usable(e.right);
    const column =
      e.kind === 'binary' ? (e.left.kind === 'column' ? e.left : e.right) : 'operand' in e ? e.operand : undefined;
    if (column?.kind !== 'column' || (e.kind === 'binary' && e.left.kind === 'column' && e.right.kind === 'column'))
      return false;
    if (leaves.length > 1 && column.path.length > 1 && column.path.at(-2) !== leaf.alias) return false;
    return !leaf.table.scans(e);
  };
  return leaves.length > 1 ? usable(where) : !leaf.table.scans(where);
}

/** True where the query only counts all rows, which a table that knows their number answers unread. */
function counts({ items, where, group, having }: SelectCore): boolean {
  if (where || having || group.length > 0) return false;
  const totals = items.filter(({ expression }) => expression && holdsTotal(expression));
  return (
    totals.length > 0 &&
    totals.every(
      ({ expression: e }) => e?.kind === 'aggregate' && e.name === 'COUNT' && !e.distinct && !namesColumn(e),
    ) &&
    items.every((item) => totals.includes(item) || (item.expression && !namesColumn(item.expression)))
  );
}

/** Whether the query reads any table row for row. */
export function scansRows(
  leaves: readonly Leaf[],
  core: SelectCore,
  order: readonly OrderItem[],
  scope: Scope,
  group: readonly Node[],
  selected: readonly Node[],
): boolean {
  const [only] = leaves;
  if (!only) return false;
  const named = (leaf: Leaf) => [...scope.used].filter((column) => column.table === leaf.alias);
  const held = ({ table }: Leaf, columns: readonly ScopeColumn[]) =>
    table.holds?.(
      columns.map(({ name }) => name),
      core.where,
    ) ??
    (!table.hashed && coveredBy(columns, table.indexes));
  const cheap = (leaf: Leaf) => held(leaf, named(leaf)) || filters(leaf, leaves, core.where);
  if (leaves.length === 1) {
    if (only.table.hashed && counts(core)) return false;
    if (only.table.indexes && ordered(only, core, group, order, selected)) return false;
    if (held(only, named(only))) return !core.where && only.table.scansToCount?.() === true;
    return only.table.scans(core.where);
  }
  const dear = leaves.filter((leaf) => !cheap(leaf));
  if (dear.some((leaf) => !reached(leaf, leaves, core))) return true;
  // One table has to be read first, by none of the others' rows.
  return dear.length > 0 && !leaves.some((leaf) => !leaf.inner && cheap(leaf));
}
