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
