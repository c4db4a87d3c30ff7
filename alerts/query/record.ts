// What a query is put to: fields by their names, and the ports a folded scan stands for.
import type { Ranges } from './ranges.ts';

export type Value = string | number | boolean | readonly (string | number)[] | undefined;

export interface QueryRecord {
  /** A field by its dotted name; undefined where the record has none. */
  get(key: string): Value;
  /** The key whose value is one of `ports`, and those ports; absent where the record has a single port or none. */
  readonly portKey?: string;
  readonly ports?: Ranges;
}
