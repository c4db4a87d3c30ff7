// Unique keys of a table: text two rows have in common that are equal in a key, and the row that has it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-index.html (unique indexes, column prefix key parts).
import type { IndexSpec } from '../sql/ast/table.ts';
import { textKey } from '../sql/value/charset.ts';
import { toText, type Value } from '../sql/value/value.ts';
import type { StoredRow } from './row-bytes.ts';

/** A column of a key, by its place, and how many of its characters count; all where none are told. */
export interface KeyColumn {
  readonly at: number;
  readonly length?: number | undefined;
}

/** What keys are made of. */
export interface KeyedTable {
  readonly columns: readonly { readonly collation: string }[];
  readonly uniqueIndexes: readonly IndexSpec[];
  readonly rows: readonly StoredRow[];
  columnAt(name: string): number;
}

/** What an entry of a key costs beyond its text. */
const KEY_OVERHEAD_BYTES = 96;

export class UniqueKeys {
  readonly #table: KeyedTable;
  /** By index name: key text → row. Built when first needed; as many as the table has rows. */
  readonly #byIndex = new Map<string, Map<string, StoredRow>>();

  constructor(table: KeyedTable) {
    this.#table = table;
  }

  /** Text of a row's key; undefined where a part of it is NULL. */
  text(index: IndexSpec, row: readonly Value[]): string | undefined {
    const parts = index.columns.map((part) => ({ at: this.#table.columnAt(part.name), length: part.length }));
    return this.textOf(parts, row);
  }

  /** As `text`, of any columns. */
  textOf(parts: readonly KeyColumn[], row: readonly Value[]): string | undefined {
    const texts: string[] = [];
    for (const { at, length } of parts) {
      const value = row[at] ?? null;
      if (value === null) return undefined;
      const text = toText(value) as string;
      const cut = length === undefined ? text : text.slice(0, length);
      texts.push(typeof value === 'string' ? textKey(cut, this.#table.columns[at]?.collation ?? '') : cut);
    }
    return texts.join('\u0000');
  }

  /** What the keys of a row cost beside it, in bytes: the first finds its rows where the row is booked. */
  bytes(row: readonly Value[]): number {
    let bytes = 0;
    for (const [number, { columns }] of this.#table.uniqueIndexes.entries()) {
      if (number > 0) bytes += KEY_OVERHEAD_BYTES;
      for (const part of columns) {
        const value = row[this.#table.columnAt(part.name)];
        if (typeof value === 'string' || Buffer.isBuffer(value))
          bytes += Math.min(value.length, part.length ?? value.length);
      }
    }
    return bytes;
  }

  /** The row that has this key. */
  row(index: IndexSpec, key: string): StoredRow | undefined {
    return this.#rows(index).get(key);
  }

  #rows(index: IndexSpec): Map<string, StoredRow> {
    const known = this.#byIndex.get(index.name);
    if (known) return known;
    const made = new Map<string, StoredRow>();
    for (const row of this.#table.rows) {
      const key = this.text(index, row);
      if (key !== undefined) made.set(key, row);
    }
    this.#byIndex.set(index.name, made);
    return made;
  }

  add(row: StoredRow): void {
    this.#each(row, (keys, key) => keys.set(key, row));
  }

  drop(row: StoredRow): void {
    this.#each(row, (keys, key) => {
      if (keys.get(key) === row) keys.delete(key);
    });
  }

  /** The row's key in each index that has been built. */
  #each(row: StoredRow, take: (keys: Map<string, StoredRow>, key: string) => void): void {
    for (const index of this.#table.uniqueIndexes) {
      const keys = this.#byIndex.get(index.name);
      const key = keys ? this.text(index, row) : undefined;
      if (keys && key !== undefined) take(keys, key);
    }
  }

  /** Forgets what was built: rows or columns are no longer the same. */
  clear(): void {
    this.#byIndex.clear();
  }
}
