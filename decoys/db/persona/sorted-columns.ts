// Columns of INFORMATION_SCHEMA's views as they are told once a query sorts or groups them.
// Source: recorded from a live 9.7.4 by record-sorted.ts.
import { SORTED } from './mysql-9.7-sorted.ts';

/** How a sorted view's column is told; undefined where sorting changes nothing. */
export interface SortedColumn {
  readonly type: number;
  readonly length: number;
  readonly flags: number;
  readonly decimals: number;
  readonly schema: string;
  readonly orgTable: string;
}

const sorted = new Map<string, ReadonlyMap<string, SortedColumn>>();

/** Columns of one of INFORMATION_SCHEMA's views as they are told once a query sorts or groups it, by name. */
export function sortedColumns(view: string): ReadonlyMap<string, SortedColumn> | undefined {
  const known = sorted.get(view);
  if (known) return known;
  const text = Object.hasOwn(SORTED, view) ? SORTED[view] : undefined;
  if (text === undefined) return undefined;
  const entries = JSON.parse(text) as readonly [string, number, number, number, number, string, string][];
  const made = new Map(
    entries.map(([name, type, length, flags, decimals, schema, orgTable]) => [
      name,
      { type, length, flags, decimals, schema, orgTable },
    ]),
  );
  sorted.set(view, made);
  return made;
}
