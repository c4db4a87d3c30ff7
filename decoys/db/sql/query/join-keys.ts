// Joins on equal columns find the rows of the other table by key instead of trying each: the server's hash join.
// Source: https://dev.mysql.com/doc/refman/9.7/en/hash-joins.html
import type { Expression } from '../ast/expression.ts';
import type { ScopeColumn } from '../scope.ts';
import type { SqlType } from '../value/type.ts';
import type { Value } from '../value/value.ts';

/** A table of no more rows is tried row by row. */
export const FEW_ROWS = 8;

/** Places of the columns that must be equal: in a row of the table that is gone through, and in one of the other. */
export interface JoinKeys {
  readonly kept: readonly number[];
  readonly other: readonly number[];
}

/** Where a condition names a column of a table by both names; -1 where it does not, or not of that table alone. */
function place(e: Expression, columns: readonly ScopeColumn[]): number {
  if (e.kind !== 'column' || e.path.length < 2) return -1;
  const [name, table] = [(e.path.at(-1) as string).toLowerCase(), e.path.at(-2) as string];
  return columns.findIndex((column) => column.table === table && column.name.toLowerCase() === name);
}

/** Kinds whose equal values have the same key: whole numbers, and texts. */
function alike(a: SqlType, b: SqlType): boolean {
  if (a.text || b.text) return a.text && b.text;
  return INTEGERS.has(a.type) && INTEGERS.has(b.type);
}

/** TINY, SHORT, LONG, LONGLONG, INT24. */
const INTEGERS: ReadonlySet<number> = new Set([1, 2, 3, 8, 9]);

/**
 * Columns that every pair of rows of the join has equal, of `a.x = b.y AND …` and of USING's pairs (places in the joined row).
 * Undefined where there is none that can be looked up.
 */
export function joinKeys(
  on: Expression | undefined,
  pairs: readonly (readonly [number, number])[],
  kept: readonly ScopeColumn[],
  other: readonly ScopeColumn[],
  swapped: boolean,
): JoinKeys | undefined {
  const found = { kept: [] as number[], other: [] as number[] };
  const add = (a: number, b: number) => {
    const [x, y] = [kept[a], other[b]];
    if (!x || !y || !alike(x.type, y.type)) return;
    found.kept.push(a);
    found.other.push(b);
  };
  const left = swapped ? other.length : kept.length;
  for (const [x, y] of pairs) {
    if (swapped) add(y - left, x);
    else add(x, y - left);
  }
  const equalities = [on];
  for (let e = equalities.pop(); e; e = equalities.pop()) {
    if (e.kind !== 'binary') continue;
    if (e.operator === 'AND') equalities.push(e.left, e.right);
    else if (e.operator === '=') {
      add(place(e.left, kept), place(e.right, other));
      add(place(e.right, kept), place(e.left, other));
    }
  }
  return found.kept.length === 0 ? undefined : found;
}

/** Texts of these characters are equal under every collation only where they are but for case and spaces at the end. */
const PLAIN = /^[\x20-\x7e]*$/;

/** What a row is found by: rows that are equal have the same. `null` where it equals no other, undefined where it cannot be told. */
function keyOfCells(row: readonly Value[], places: readonly number[]): string | null | undefined {
  const cells: string[] = [];
  for (const at of places) {
    const cell = row[at];
    if (cell === null || cell === undefined) return null;
    if (typeof cell === 'bigint') cells.push(String(cell));
    else if (typeof cell === 'string' && PLAIN.test(cell)) cells.push(cell.trimEnd().toLowerCase());
    else return undefined;
  }
  return cells.join('\0');
}

type Rows = readonly (readonly Value[])[];

/** Rows by their keys; undefined where one of them has none to be told. */
export function keyIndex(rows: Rows, places: readonly number[]): ReadonlyMap<string, Rows> | undefined {
  const index = new Map<string, (readonly Value[])[]>();
  for (const row of rows) {
    const key = keyOfCells(row, places);
    if (key === undefined) return undefined;
    if (key === null) continue;
    const known = index.get(key);
    if (known) known.push(row);
    else index.set(key, [row]);
  }
  return index;
}

/** Rows of the other table that can be equal to `row`; all of them where that cannot be told. */
export function candidates(
  index: ReadonlyMap<string, Rows>,
  row: readonly Value[],
  places: readonly number[],
  all: Rows,
): Rows {
  const key = keyOfCells(row, places);
  if (key === undefined) return all;
  return key === null ? [] : (index.get(key) ?? []);
}
