// A table a client created: its columns, keys and rows, with the bytes it holds counted.
import type { Expression } from '../sql/ast/expression.ts';
import type { IndexSpec, Partitioning } from '../sql/ast/table.ts';
import { sqlError } from '../sql/errors.ts';
import type { Execution } from '../sql/execution.ts';
import type { ScopeColumn } from '../sql/scope.ts';
import { toText, type Value } from '../sql/value/value.ts';
import { FLAG } from '../wire/constants.ts';
import { ClusteredOrder, without } from './clustered-order.ts';
import type { TableColumn } from './column.ts';
import type { Check, ForeignKey } from './constraint.ts';
import { usesColumn } from './index-use.ts';
import { contentBytes, rowBytes, type StoredRow } from './row-bytes.ts';
import { RowLocks } from './row-locks.ts';
import { type KeyColumn, UniqueKeys } from './unique-keys.ts';

export interface TableFacts {
  readonly engine: string;
  readonly collation: string;
  readonly comment: string;
  readonly createdMs: number;
  /** Options SHOW CREATE TABLE tells again, by upper-case name. */
  readonly others: ReadonlyMap<string, string>;
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
  /** Bytes of its rows' values alone. */
  contentBytes = 0;
  /** Columns with a histogram, in lower case; no more than it has columns. */
  readonly histograms = new Set<string>();
  /** Something has opened it since it was made or emptied: from then on it knows its next number. */
  opened = false;
  /** When rows last changed, ms; 0 never. */
  changedMs = 0;
  /** The moment it was made or last made anew; transactions that read an earlier one cannot. */
  definedAt = 0;
  /** Its number in the binary log. */
  number = 0;
  /** What open transactions hold of it. */
  readonly locks = new RowLocks();
  readonly #keys = new UniqueKeys(this);
  readonly #order = new ClusteredOrder(this);

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

  /** Text that two rows have in common where these columns of theirs are equal; undefined where one is NULL. */
  keyOf(parts: readonly KeyColumn[], row: readonly Value[]): string | undefined {
    return this.#keys.textOf(parts, row);
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
      const found = this.#keys.row(index, wanted);
      return found ? [found] : [];
    }
    spend(this.rows.length);
    return this.rows.filter((row) => this.keyOf(parts, row) === wanted);
  }

  /** The row a new or changed row would collide with, and the index that says so. */
  conflict(row: StoredRow, except?: StoredRow): { readonly row: StoredRow; readonly index: IndexSpec } | undefined {
    for (const index of this.uniqueIndexes) {
      const key = this.#keys.text(index, row);
      const found = key === undefined ? undefined : this.#keys.row(index, key);
      if (found && found !== except) return { row: found, index };
    }
    return undefined;
  }

  /** True where two rows have a unique key in common. */
  sharesKey(row: StoredRow, other: readonly Value[]): boolean {
    return this.uniqueIndexes.some((index) => {
      const key = this.#keys.text(index, row);
      return key !== undefined && key === this.#keys.text(index, other);
    });
  }

  /** 1062 for a row that collides in an index, with its values as the session reads them. */
  duplicateError(row: StoredRow, index: IndexSpec, { session }: Execution): Error {
    const shown = index.columns
      .map(({ name, length }) => {
        const text = toText(session.atZone(row[this.columnAt(name)] ?? null));
        return length === undefined ? text : text?.slice(0, length);
      })
      .join('-');
    return sqlError('ER_DUP_ENTRY', shown.slice(0, 64), `${this.name}.${index.name}`);
  }

  /** What a row costs of its source's share, with its keys, in bytes. */
  costOf(row: readonly Value[]): number {
    return rowBytes(row) + this.#keys.bytes(row);
  }

  insert(row: StoredRow): void {
    this.rows.push(row);
    this.bytes += this.costOf(row);
    this.contentBytes += contentBytes(row);
    this.#keys.add(row);
    this.#order.add(row);
  }

  /** Changes a row in place. */
  replace(row: StoredRow, values: readonly Value[]): void {
    this.#keys.drop(row);
    this.bytes += this.costOf(values) - this.costOf(row);
    this.contentBytes += contentBytes(values) - contentBytes(row);
    this.#order.change(row, values);
    for (const [column, value] of values.entries()) row[column] = value;
    this.#keys.add(row);
  }

  remove(rows: ReadonlySet<StoredRow>): void {
    if (rows.size === 0) return;
    for (const row of rows) {
      this.#keys.drop(row);
      this.bytes -= this.costOf(row);
      this.contentBytes -= contentBytes(row);
    }
    const [only] = rows.size === 1 ? rows : [];
    this.rows = only ? without(this.rows, only) : this.rows.filter((row) => !rows.has(row));
    this.#order.drop(only);
  }

  /** Puts back rows as they were, for a rollback. */
  restore(rows: StoredRow[]): void {
    this.rows = rows;
    this.bytes = rows.reduce((sum, row) => sum + this.costOf(row), 0);
    this.contentBytes = rows.reduce((sum, row) => sum + contentBytes(row), 0);
    this.reindex();
  }

  /** Forgets what was built over rows and columns that are no longer the same. */
  reindex(): void {
    this.#keys.clear();
    this.#order.clear();
  }

  /** Rows in the order a scan of the clustered index gives them. */
  ordered(): readonly StoredRow[] {
    return this.#order.rows();
  }

  /** These rows in that order. */
  inOrder<R extends readonly Value[]>(rows: readonly R[]): readonly R[] {
    return this.#order.sorted(rows);
  }

  /** Rows whose primary key lies between two integers; undefined where it is not one integer column of that name. */
  lookup(column: string, low: Value, high: Value): readonly StoredRow[] | undefined {
    return this.#order.between(column, low, high);
  }

  /** Whether some index begins with a column the condition names. */
  scans(where: Expression | undefined): boolean {
    if (!where) return true;
    const first = new Set(this.indexes.map((index) => index.columns[0]?.name.toLowerCase()));
    return !usesColumn(where, first);
  }
}
