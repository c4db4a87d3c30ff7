// What a query's conditions say of its tables: which must hold together, which columns are equal, which tables an outer join waits for.
// Source: https://dev.mysql.com/doc/refman/9.7/en/outer-join-simplification.html, where-optimization.html
import type { Expression } from '../ast/expression.ts';
import type { SelectCore, TableRef } from '../ast/query.ts';
import type { Leaf } from '../query/access.ts';
import type { Scope, ScopeColumn } from '../scope.ts';
import { operandsOf } from '../walk.ts';

/** Tables by their places in FROM, one bit each. */
export type Mask = number;

/** A condition that must hold, and the tables it names. `nest` are those of the outer join whose ON it is; 0 for WHERE. */
export interface Conjunct {
  readonly e: Expression;
  readonly tables: Mask;
  readonly nest: Mask;
}

/** A column of one of the tables. */
export interface PlanColumn {
  readonly table: number;
  readonly column: ScopeColumn;
}

export interface Conditions {
  readonly conjuncts: readonly Conjunct[];
  /** What USING and NATURAL make equal. */
  readonly pairs: readonly (readonly [PlanColumn, PlanColumn])[];
  /** Tables each table can only be read after. */
  readonly after: readonly Mask[];
  /** Tables that may have no row for those before them. */
  readonly optional: Mask;
  /** Columns the conditions name, beyond those of the clauses after FROM. */
  readonly named: readonly PlanColumn[];
  readonly columnOf: (e: Expression) => PlanColumn | undefined;
  readonly tablesOf: (e: Expression) => Mask;
}

/** Marks what cannot be told apart from every table: a subquery may name any. */
export const EVERY: Mask = -1;

/** The parts of a condition that must all hold, from left to right, added to `into`. */
export function splitAnd(e: Expression | undefined, into: Expression[] = []): Expression[] {
  let rest = e;
  const found: Expression[] = [];
  while (rest?.kind === 'binary' && rest.operator === 'AND') {
    found.push(rest.right);
    rest = rest.left;
  }
  if (rest) found.push(rest);
  into.push(
    ...found
      .reverse()
      .flatMap((part) => (part.kind === 'binary' && part.operator === 'AND' ? splitAnd(part) : cellsEqual(part))),
  );
  return into;
}

/** `(a, b) = (x, y)` as the equalities it stands for; any other condition as it is. */
function cellsEqual(e: Expression): Expression[] {
  if (e.kind !== 'binary' || e.operator !== '=' || e.left.kind !== 'row' || e.right.kind !== 'row') return [e];
  const others = e.right.items;
  if (others.length !== e.left.items.length) return [e];
  return e.left.items.flatMap((left, at) => cellsEqual({ ...e, left, right: others[at] as Expression }));
}

/** Expressions that hold a query. */
const QUERIED: ReadonlySet<Expression['kind']> = new Set(['subquery', 'exists', 'in-query', 'compare-query']);

const COMPARISONS: ReadonlySet<string> = new Set(['=', '<', '>', '<=', '>=', '<>', '!=']);

/** Tables whose rows of NULLs a condition refuses. */
function refused(e: Expression, tablesOf: (e: Expression) => Mask): Mask {
  if (e.kind === 'binary' && e.operator === 'AND') return refused(e.left, tablesOf) | refused(e.right, tablesOf);
  if (e.kind === 'binary' && e.operator === 'OR') return refused(e.left, tablesOf) & refused(e.right, tablesOf);
  if (e.kind === 'binary' && COMPARISONS.has(e.operator)) return strict(e.left, tablesOf) | strict(e.right, tablesOf);
  if (e.kind === 'between' || e.kind === 'like' || e.kind === 'in' || e.kind === 'in-query')
    return e.kind !== 'in-query' || !e.not ? strict(e.operand, tablesOf) : 0;
  if (e.kind === 'is' && (e.what === 'null' ? e.not : !e.not && e.what !== 'unknown'))
    return strict(e.operand, tablesOf);
  return e.kind === 'column' ? tablesOf(e) : 0;
}

/** Tables whose NULLs make the whole expression NULL. */
function strict(e: Expression, tablesOf: (e: Expression) => Mask): Mask {
  if (e.kind === 'column') return tablesOf(e);
  if (e.kind === 'binary' && /^[-+*/%]$/.test(e.operator)) return strict(e.left, tablesOf) | strict(e.right, tablesOf);
  return e.kind === 'unary' && e.operator === '-' ? strict(e.operand, tablesOf) : 0;
}

/** The conditions of a SELECT whose FROM is of `leaves` alone, in this order; `scope` is that of its WHERE. */
export function conditionsOf(core: SelectCore, leaves: readonly Leaf[], scope: Scope): Conditions {
  const placeOf = (column: ScopeColumn): number =>
    leaves.findIndex(({ alias, table }) => alias === column.table && table.schema === column.schema);
  const columnOf = (e: Expression): PlanColumn | undefined => {
    const column = e.kind === 'column' ? scope.own(e.path) : undefined;
    const table = column ? placeOf(column) : -1;
    return column && table >= 0 ? { table, column } : undefined;
  };
  const tablesOf = (e: Expression): Mask => {
    if (QUERIED.has(e.kind)) return EVERY;
    const own = columnOf(e);
    return operandsOf(e).reduce((mask, operand) => mask | tablesOf(operand), own ? 1 << own.table : 0);
  };
  const conjuncts: Conjunct[] = [];
  const pairs: (readonly [PlanColumn, PlanColumn])[] = [];
  const after: Mask[] = leaves.map(() => 0);
  let optional: Mask = 0;
  const where = splitAnd(core.where);
  const refusing = where.reduce((mask, e) => mask | refused(e, tablesOf), 0);
  let next = 0;
  const columns: PlanColumn[] = [];
  const note = (e: Expression): void => {
    const column = columnOf(e);
    if (column) columns.push(column);
    for (const operand of operandsOf(e)) note(operand);
  };
  const named = (mask: Mask, name: string): PlanColumn | undefined => {
    for (const [table, { alias }] of leaves.entries()) {
      if ((mask & (1 << table)) === 0) continue;
      const column = scope.columns.find((each) => each.table === alias && each.name.toLowerCase() === name);
      if (column) return { table, column };
    }
    return undefined;
  };
  const walk = (ref: TableRef | undefined, nest: Mask): Mask => {
    if (!ref) return 0;
    if (ref.kind !== 'join') return 1 << next++;
    const outerSide = ref.type === 'inner' ? undefined : ref.type;
    const left = walk(ref.left, nest);
    const right = walk(ref.right, nest);
    const inner = outerSide === 'left' ? right : outerSide === 'right' ? left : 0;
    const stays = inner !== 0 && (refusing & inner) === 0;
    const own = stays ? inner : nest;
    let mentioned: Mask = 0;
    for (const e of splitAnd(ref.on)) {
      const tables = tablesOf(e);
      mentioned |= tables;
      note(e);
      conjuncts.push({ e, tables, nest: own });
    }
    const shared = ref.natural
      ? scope.columns
          .filter((column) => column.merged && (right & (1 << placeOf(column))) !== 0)
          .map(({ name }) => name)
      : ref.using;
    for (const name of shared) {
      const [a, b] = [named(left, name.toLowerCase()), named(right, name.toLowerCase())];
      if (a && b) {
        pairs.push([a, b]);
        columns.push(a, b);
        mentioned |= (1 << a.table) | (1 << b.table);
      }
    }
    if (ref.straight || core.straight)
      for (const table of leaves.keys()) if ((right & (1 << table)) !== 0) after[table] = (after[table] ?? 0) | left;
    if (stays) {
      optional |= inner;
      const outer = (left | right) & ~inner;
      const wanted = mentioned & outer || outer;
      for (const [table] of leaves.entries())
        if ((inner & (1 << table)) !== 0) after[table] = (after[table] ?? 0) | wanted;
    }
    return left | right;
  };
  walk(core.from, 0);
  for (const e of where) conjuncts.push({ e, tables: tablesOf(e), nest: 0 });
  return { conjuncts, pairs, after, optional, named: columns, columnOf, tablesOf };
}
