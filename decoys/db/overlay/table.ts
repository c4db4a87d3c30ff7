// A table a client created: its columns, keys and rows, with the bytes it holds counted.

import type { Expression } from '../sql/ast/expression.ts';
import type { IndexSpec, Partitioning } from '../sql/ast/table.ts';
import { sqlError } from '../sql/errors.ts';
import type { ScopeColumn } from '../sql/scope.ts';
import { textKey } from '../sql/value/charset.ts';
import { compareValues, toText, type Value } from '../sql/value/value.ts';
import { FLAG } from '../wire/constants.ts';
import type { TableColumn } from './column.ts';
import type { Check, ForeignKey } from './constraint.ts';
import { RowLocks } from './row-locks.ts';

/** What a value costs of its source's share, beyond its own bytes. */
const VALUE_OVERHEAD_BYTES = 16;
const ROW_OVERHEAD_BYTES = 64;

export interface TableFacts {
  readonly engine: string;
  readonly collation: string;
  readonly comment: string;
  readonly createdMs: number;
  /** Options SHOW CREATE TABLE tells again, by upper-case name. */
  readonly others: ReadonlyMap<string, string>;
}

export type StoredRow = Value[];

export function valueBytes(value: Value): number {
  if (typeof value === 'string' || Buffer.isBuffer(value)) return value.length + VALUE_OVERHEAD_BYTES;
  if (value !== null && typeof value === 'object') return VALUE_OVERHEAD_BYTES * 4 + (toText(value) as string).length;
  return VALUE_OVERHEAD_BYTES;
}

export function rowBytes(row: readonly Value[]): number {
  return row.reduce<number>((sum, value) => sum + valueBytes(value), ROW_OVERHEAD_BYTES);
}

export class OverlayTable {
  schema: string;
  name: string;
  columns: TableColumn[];
  indexes: IndexSpec[];
  facts: TableFacts;
  foreignKeys: ForeignKey[] = [];
  checks: Check[] = [];
  partitioning: Partitioning | undefined;
  /** Seen by one session only, and gone with it. */
  temporary = false;
  rows: StoredRow[] = [];
  autoIncrement = 1n;
  bytes = 0;
  /** When rows last changed, ms; 0 never. */
  changedMs = 0;
  /** What open transactions hold of it. */
  readonly locks = new RowLocks();
  /** Unique keys by index name: key text → row. Built when first needed. */
  #unique = new Map<string, Map<string, StoredRow>>();
  /** Rows in order of the primary key's only column, where it is an integer. */
  #sorted: StoredRow[] | undefined;

  constructor(schema: string, name: string, columns: TableColumn[], indexes: IndexSpec[], facts: TableFacts) {
    this.schema = schema;
    this.name = name;
    this.columns = columns;
    this.indexes = indexes;
    this.facts = facts;
  }

  columnAt(name: string): number {
    return this.columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
  }

  /** Columns a statement may name; those made for functional indexes come after them. */
  get named(): readonly TableColumn[] {
    return this.columns.filter((column) => !column.hidden);
  }

  scopeColumns(): ScopeColumn[] {
    return this.named.map((column) => ({
      ...(column.spec.invisible && { invisible: true }),
      schema: this.schema,
      table: this.name,
      name: column.name,
      type: column.type,
      orgTable: this.name,
      orgName: column.name,
      shownSchema: this.schema,
      primary: ((column.type.flags ?? 0) & FLAG.PRI_KEY) !== 0,
    }));
  }

  get uniqueIndexes(): readonly IndexSpec[] {
    return this.indexes.filter((index) => index.kind === 'primary' || index.kind === 'unique');
  }

  #keyText(index: IndexSpec, row: readonly Value[]): string | undefined {
    const parts = index.columns.map((part) => ({ at: this.columnAt(part.name), length: part.length }));
    return this.keyOf(parts, row);
  }

  /** Text that two rows have in common where these columns of theirs are equal; undefined where one is NULL. */
  keyOf(
    parts: readonly { readonly at: number; readonly length?: number | undefined }[],
    row: readonly Value[],
  ): string | undefined {
    const texts: string[] = [];
    for (const { at, length } of parts) {
      const value = row[at] ?? null;
      if (value === null) return undefined;
      const text = toText(value) as string;
      const cut = length === undefined ? text : text.slice(0, length);
      texts.push(typeof value === 'string' ? textKey(cut, this.columns[at]?.collation ?? '') : cut);
    }
    return texts.join('\u0000');
  }

  /** Rows whose columns `places` are equal to `values`; through a unique key where one is over just these. */
  matches(places: readonly number[], values: readonly Value[], spend: (steps: number) => void): readonly StoredRow[] {
    const probe: Value[] = [];
    for (const [at, place] of places.entries()) probe[place] = values[at] ?? null;
    const parts = places.map((at) => ({ at }));
    const index = this.uniqueIndexes.find(
      ({ columns }) =>
        columns.length === places.length &&
        columns.every((part, at) => part.length === undefined && this.columnAt(part.name) === places[at]),
    );
    const wanted = this.keyOf(parts, probe);
    if (wanted === undefined) return [];
    if (index) {
      const found = this.#keys(index).get(wanted);
      return found ? [found] : [];
    }
    spend(this.rows.length);
    return this.rows.filter((row) => this.keyOf(parts, row) === wanted);
  }

  #keys(index: IndexSpec): Map<string, StoredRow> {
    const known = this.#unique.get(index.name);
    if (known) return known;
    const made = new Map<string, StoredRow>();
    for (const row of this.rows) {
      const key = this.#keyText(index, row);
      if (key !== undefined) made.set(key, row);
    }
    this.#unique.set(index.name, made);
    return made;
  }

  /** The row a new or changed row would collide with, and the index that says so. */
  conflict(row: StoredRow, except?: StoredRow): { readonly row: StoredRow; readonly index: IndexSpec } | undefined {
    for (const index of this.uniqueIndexes) {
      const key = this.#keyText(index, row);
      const found = key === undefined ? undefined : this.#keys(index).get(key);
      if (found && found !== except) return { row: found, index };
    }
    return undefined;
  }

  /** True where two rows have a unique key in common. */
  sharesKey(row: StoredRow, other: readonly Value[]): boolean {
    return this.uniqueIndexes.some((index) => {
      const key = this.#keyText(index, row);
      return key !== undefined && key === this.#keyText(index, other);
    });
  }

  duplicateError(row: StoredRow, index: IndexSpec): Error {
    const shown = index.columns.map((part) => toText(row[this.columnAt(part.name)] ?? null)).join('-');
    return sqlError('ER_DUP_ENTRY', shown.slice(0, 64), `${this.name}.${index.name}`);
  }

  insert(row: StoredRow): void {
    this.rows.push(row);
    this.bytes += rowBytes(row);
    this.#index(row);
    const sorted = this.#sorted;
    if (sorted) {
      const at = this.#primaryAt();
      const last = sorted.at(-1);
      if (!last || (compareValues(row[at] as Value, last[at] as Value, '') ?? 0) > 0) sorted.push(row);
      else this.#sorted = undefined;
    }
  }

  #index(row: StoredRow): void {
    for (const index of this.uniqueIndexes) {
      const keys = this.#unique.get(index.name);
      const key = keys ? this.#keyText(index, row) : undefined;
      if (keys && key !== undefined) keys.set(key, row);
    }
  }

  #unindex(row: StoredRow): void {
    for (const index of this.uniqueIndexes) {
      const keys = this.#unique.get(index.name);
      const key = keys ? this.#keyText(index, row) : undefined;
      if (keys && key !== undefined && keys.get(key) === row) keys.delete(key);
    }
  }

  /** Changes a row in place. */
  replace(row: StoredRow, values: readonly Value[]): void {
    this.#unindex(row);
    this.bytes += rowBytes(values) - rowBytes(row);
    const at = this.#primaryAt();
    if (this.#sorted && compareValues(row[at] as Value, values[at] as Value, '') !== 0) this.#sorted = undefined;
    for (const [column, value] of values.entries()) row[column] = value;
    this.#index(row);
  }

  remove(rows: ReadonlySet<StoredRow>): void {
    if (rows.size === 0) return;
    for (const row of rows) {
      this.#unindex(row);
      this.bytes -= rowBytes(row);
    }
    const [only] = rows.size === 1 ? rows : [];
    this.rows = only ? without(this.rows, only) : this.rows.filter((row) => !rows.has(row));
    this.#sorted = only && this.#sorted ? without(this.#sorted, only) : undefined;
  }

  /** Puts back rows as they were, for a rollback. */
  restore(rows: StoredRow[]): void {
    this.rows = rows;
    this.bytes = rows.reduce((sum, row) => sum + rowBytes(row), 0);
    this.reindex();
  }

  /** Forgets what was built over rows and columns that are no longer the same. */
  reindex(): void {
    this.#unique.clear();
    this.#sorted = undefined;
  }

  #primaryAt(): number {
    const primary = this.indexes.find((index) => index.kind === 'primary');
    return primary?.columns.length === 1 ? this.columnAt(primary.columns[0]?.name ?? '') : -1;
  }

  /** Rows in the order a scan of the clustered index gives them. */
  ordered(): readonly StoredRow[] {
    const at = this.#primaryAt();
    if (at < 0) {
      const primary = this.indexes.find((index) => index.kind === 'primary');
      if (!primary) return this.rows;
      const parts = primary.columns.map((part) => this.columnAt(part.name));
      return [...this.rows].sort((a, b) => {
        for (const part of parts) {
          const order = compareValues(a[part] as Value, b[part] as Value, this.columns[part]?.collation ?? '') ?? 0;
          if (order !== 0) return order;
        }
        return 0;
      });
    }
    const collation = this.columns[at]?.collation ?? '';
    this.#sorted ??= [...this.rows].sort((a, b) => compareValues(a[at] as Value, b[at] as Value, collation) ?? 0);
    return this.#sorted;
  }

  /** Rows whose primary key lies between two integers. */
  lookup(column: string, low: Value, high: Value): readonly StoredRow[] | undefined {
    const at = this.#primaryAt();
    if (at < 0 || this.columnAt(column) !== at) return undefined;
    if (typeof low !== 'bigint' || typeof high !== 'bigint' || typeof this.rows[0]?.[at] !== 'bigint') return undefined;
    const rows = this.ordered();
    const start = firstAtLeast(rows, at, low);
    let end = start;
    while (end < rows.length && ((rows[end] as StoredRow)[at] as bigint) <= high) end++;
    return rows.slice(start, end);
  }

  /** Whether some index begins with a column the condition names. */
  scans(where: Expression | undefined): boolean {
    if (!where) return true;
    const first = new Set(this.indexes.map((index) => index.columns[0]?.name.toLowerCase()));
    return !usesColumn(where, first);
  }
}

/** The rows but one; REPLACE takes them one by one, and a statement taken back the last first. */
function without(rows: StoredRow[], row: StoredRow): StoredRow[] {
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

const INDEXABLE = ['=', '<=>', '<', '>', '<=', '>='];

export function usesColumn(e: Expression, names: ReadonlySet<string | undefined>): boolean {
  const isKey = (side: Expression) => side.kind === 'column' && names.has(side.path.at(-1)?.toLowerCase());
  if (e.kind === 'binary' && e.operator === 'AND') return usesColumn(e.left, names) || usesColumn(e.right, names);
  if (e.kind === 'binary' && e.operator === 'OR') return usesColumn(e.left, names) && usesColumn(e.right, names);
  if (e.kind === 'binary') return INDEXABLE.includes(e.operator) && (isKey(e.left) || isKey(e.right));
  if (e.kind === 'between' || e.kind === 'in') return !e.not && isKey(e.operand);
  if (e.kind === 'like')
    return !e.not && isKey(e.operand) && e.pattern.kind === 'string' && !/^[%_]/.test(e.pattern.first);
  return e.kind === 'is' && e.what === 'null' && !e.not && isKey(e.operand);
}
