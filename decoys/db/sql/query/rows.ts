// Rows as queries pass them on: keys equal for rows taken for the same, and what a row costs to keep.

import { textKey } from '../value/charset.ts';
import type { SqlType } from '../value/type.ts';
import { toText, type Value } from '../value/value.ts';

export type Rows = readonly (readonly Value[])[];

/** A text equal for rows that DISTINCT, UNION and GROUP BY take for the same. */
export function rowKey(row: readonly Value[], types: readonly { readonly type: SqlType }[]): string {
  return row
    .map((value, at) =>
      value === null
        ? '\u0001'
        : typeof value === 'string'
          ? textKey(value, types[at]?.type.collation ?? '')
          : toText(value),
    )
    .join('\u0000');
}

/** Characters of a key's text that cost one step: each is looked up in its collation. */
const KEY_CHARACTERS_A_STEP = 2;

/** What the key of a row costs, in steps. */
export function keySteps(row: readonly Value[]): number {
  let steps = 2 + 2 * row.length;
  for (const value of row) if (typeof value === 'string') steps += value.length / KEY_CHARACTERS_A_STEP;
  return Math.floor(steps);
}

/** What sorting so many rows costs: a step a comparison. */
export function sortSteps(rows: number): number {
  return Math.ceil(rows * Math.log2(rows + 2));
}

/** Adds a row's key to those seen; false where an equal row was there. */
export function addKey(
  seen: Set<string>,
  row: readonly Value[],
  types: readonly { readonly type: SqlType }[],
): boolean {
  const key = rowKey(row, types);
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}
