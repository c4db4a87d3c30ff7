// Rows of a table in the order of its clustered index, the primary key.
// Source: https://dev.mysql.com/doc/refman/9.7/en/innodb-index-types.html
import type { IndexSpec } from '../sql/ast/table.ts';
import { compareValues, type Value } from '../sql/value/value.ts';
import type { StoredRow } from './row-bytes.ts';

/** What the order is made of. */
interface OrderedTable {
  readonly columns: readonly { readonly collation: string }[];
  readonly indexes: readonly IndexSpec[];
  readonly rows: readonly StoredRow[];
  columnAt(name: string): number;
}

export class ClusteredOrder {
  readonly #table: OrderedTable;
  /** Rows in order of the primary key's only column; kept as rows come and go. */
  #sorted: StoredRow[] | undefined;

  constructor(table: OrderedTable) {
    this.#table = table;
  }

  get #primary(): IndexSpec | undefined {
    return this.#table.indexes.find((index) => index.kind === 'primary');
  }

  /** Place of the primary key's only column; -1 where there is none. */
  #place(): number {
    const primary = this.#primary;
    return primary?.columns.length === 1 ? this.#table.columnAt(primary.columns[0]?.name ?? '') : -1;
  }

  /** Rows as a scan of the clustered index gives them; without a primary key as they came. */
  rows(): readonly StoredRow[] {
    const { rows } = this.#table;
    if (!this.#primary) return rows;
    if (this.#place() < 0) return this.sorted(rows);
    this.#sorted ??= this.sorted(rows);
    return this.#sorted;
  }

  /** These rows in that order; without a primary key as they are. */
  sorted<R extends readonly Value[]>(rows: readonly R[]): R[] {
    const { columns } = this.#table;
    const place = this.#place();
    if (place >= 0 && rows.every((row) => typeof row[place] === 'bigint')) return byInteger(rows, place);
    const parts = (this.#primary?.columns ?? []).map((part) => this.#table.columnAt(part.name));
    return [...rows].sort((a, b) => {
      for (const part of parts) {
        const order = compareValues(a[part] as Value, b[part] as Value, columns[part]?.collation ?? '') ?? 0;
        if (order !== 0) return order;
      }
      return 0;
    });
  }

  /** Rows whose primary key, one integer column of this name, lies between two integers; undefined where it is none. */
  between(column: string, low: Value, high: Value): readonly StoredRow[] | undefined {
    const at = this.#place();
    if (at < 0 || this.#table.columnAt(column) !== at) return undefined;
    const first = this.#table.rows[0]?.[at];
    if (typeof low !== 'bigint' || typeof high !== 'bigint' || typeof first !== 'bigint') return undefined;
    const rows = this.rows();
    const start = firstAtLeast(rows, at, low);
    let end = start;
    while (end < rows.length && ((rows[end] as StoredRow)[at] as bigint) <= high) end++;
    return rows.slice(start, end);
  }

  /** A row has come: to its place where its key is an integer or the largest, else all are sorted anew. */
  add(row: StoredRow): void {
    const sorted = this.#sorted;
    if (!sorted) return;
    const at = this.#place();
    const last = sorted.at(-1);
    if (!last || (compareValues(row[at] as Value, last[at] as Value, '') ?? 0) > 0) sorted.push(row);
    else this.#sorted = placed(sorted, row, at);
  }

  /** A row is about to take these values. */
  change(row: StoredRow, values: readonly Value[]): void {
    const at = this.#place();
    if (this.#sorted && compareValues(row[at] as Value, values[at] as Value, '') !== 0) this.#sorted = undefined;
  }

  /** A row has gone; undefined where it were several. */
  drop(only: StoredRow | undefined): void {
    this.#sorted = only && this.#sorted ? without(this.#sorted, only) : undefined;
  }

  clear(): void {
    this.#sorted = undefined;
  }
}

/** The rows with one more behind those whose keys are not larger; undefined where keys are no integers. */
function placed(sorted: StoredRow[], row: StoredRow, at: number): StoredRow[] | undefined {
  const key = row[at];
  if (typeof key !== 'bigint' || typeof sorted[0]?.[at] !== 'bigint') return undefined;
  return sorted.toSpliced(firstAtLeast(sorted, at, key + 1n), 0, row);
}

/** Rows in the order of an integer key; most come in it. */
function byInteger<R extends readonly Value[]>(rows: readonly R[], at: number): R[] {
  const key = (row: R) => row[at] as bigint;
  return [...rows].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

/** The rows but one; REPLACE takes them one by one, and a statement taken back the last first. */
export function without(rows: StoredRow[], row: StoredRow): StoredRow[] {
  const at = rows.lastIndexOf(row);
  if (at < 0) return rows;
  if (at < rows.length - 1) return rows.toSpliced(at, 1);
  rows.pop();
  return rows;
}

function firstAtLeast(rows: readonly StoredRow[], at: number, low: bigint): number {
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (((rows[middle] as StoredRow)[at] as bigint) < low) from = middle + 1;
    else to = middle;
  }
  return from;
}
