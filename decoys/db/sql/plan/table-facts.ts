// What a plan knows of a table: its rows, how many values its keys have, and what reading it costs.
// Source: costs as 9.7.4 tells them in its plans; https://dev.mysql.com/doc/refman/9.7/en/cost-model.html

import { TYPE } from '../../wire/constants.ts';
import type { IndexSpec, KeyPart } from '../ast/table.ts';
import type { Execution } from '../execution.ts';
import type { Leaf } from '../query/access.ts';
import type { ScopeColumn } from '../scope.ts';
import { findCharset, findCollation, textKey } from '../value/charset.ts';
import { toText, type Value } from '../value/value.ts';

/** What a page costs to read from memory, and a row to be looked at. */
export const PAGE_COST = 0.25;
export const ROW_COST = 0.1;
/** Bytes of rows a page of the clustered index holds, and half of one of a secondary index. */
const PAGE_BYTES = 15_000;
const HALF_PAGE_BYTES = 8_192;
/** Bytes of a row beyond its values. */
const ROW_BYTES = 20;

export interface TableFacts {
  readonly leaf: Leaf;
  /** Columns of it that the query names, in the table's order. */
  readonly used: readonly ScopeColumn[];
  readonly place: number;
  /** Read when they are first asked for. */
  readonly rows: readonly (readonly Value[])[];
  /** As many rows as the server thinks there are; never none. */
  readonly count: number;
  readonly pages: number;
  /** Indexes a plan may use. */
  readonly indexes: readonly IndexSpec[];
  /** Indexes that hold all that the query names of the table. */
  readonly covering: ReadonlySet<IndexSpec>;
  /** Rows that have one value of the first `parts` columns of an index. */
  readonly perKey: (index: IndexSpec, parts: number) => number;
}

/** True for the primary key. */
export function isPrimary(index: IndexSpec): boolean {
  return index.kind === 'primary';
}

/** The index InnoDB keeps rows in: the primary key, or the first unique one of columns that are never NULL. */
export function clusteredOf(leaf: Leaf): IndexSpec | undefined {
  const { indexes = [] } = leaf.table;
  return indexes.find(isPrimary) ?? indexes.find((index) => index.kind === 'unique' && neverNull(leaf, index));
}

/** The place of a column by its name in any case; -1 where the table has none. */
export function columnNamed(leaf: Leaf, name: string): number {
  return leaf.table.columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
}

/** True where no column of the index may be NULL. */
export function neverNull(leaf: Leaf, index: IndexSpec): boolean {
  return index.columns.every(({ name }) => leaf.table.columns[columnNamed(leaf, name)]?.type.nullable === false);
}

function pagesOf({ rows, bytes: values }: { readonly rows: number; readonly bytes: number }): number {
  const bytes = values + rows * ROW_BYTES;
  return bytes <= PAGE_BYTES ? 1 : 1 + Math.ceil(bytes / PAGE_BYTES);
}

const INTEGER_BYTES: Readonly<Record<number, number>> = {
  [TYPE.TINY]: 1,
  [TYPE.YEAR]: 1,
  [TYPE.SHORT]: 2,
  [TYPE.INT24]: 3,
  [TYPE.LONG]: 4,
  [TYPE.FLOAT]: 4,
  [TYPE.LONGLONG]: 8,
  [TYPE.DOUBLE]: 8,
  [TYPE.DATE]: 3,
  [TYPE.TIME]: 3,
  [TYPE.DATETIME]: 5,
  [TYPE.TIMESTAMP]: 4,
};
/** Bytes of a decimal's digits, nine at a time, and of those that are left. */
const DIGIT_BYTES = [0, 1, 1, 2, 2, 3, 3, 4, 4, 4];
const FRACTION_DIGITS_A_BYTE = 2;
/** Members of an ENUM one byte holds. */
const ENUM_BYTE = 255;

function decimalBytes(digits: number): number {
  return Math.floor(digits / 9) * 4 + (DIGIT_BYTES[digits % 9] as number);
}

/** Bytes of one column of a key: as stored, text as its widest characters; one more where NULL may be. */
export function partBytes(column: ScopeColumn | undefined, part: KeyPart): number {
  if (!column) return 0;
  const { type } = column;
  const widest = type.text ? (findCharset(findCollation(type.collation)?.charset ?? '')?.maxBytes ?? 1) : 1;
  const spare = type.nullable ? 1 : 0;
  if (type.members) return (type.members.length > ENUM_BYTE ? 2 : 1) + spare;
  if (type.type === TYPE.NEWDECIMAL) {
    const digits = type.length - (type.unsigned ? 0 : 1) - (type.decimals > 0 ? 1 : 0);
    return decimalBytes(digits - type.decimals) + decimalBytes(type.decimals) + spare;
  }
  const fixed = INTEGER_BYTES[type.type];
  if (fixed !== undefined) {
    const fraction = fixed >= 3 && type.type >= TYPE.TIMESTAMP && type.type <= TYPE.DATETIME ? type.decimals % 31 : 0;
    return fixed + Math.ceil(fraction / FRACTION_DIGITS_A_BYTE) + spare;
  }
  const variable = type.type === TYPE.STRING ? 0 : 2;
  return (part.length ?? type.length) * widest + variable + spare;
}

/** Bytes of the first `parts` columns of an index. */
export function keyBytes(leaf: Leaf, index: IndexSpec, parts = index.columns.length): number {
  return index.columns
    .slice(0, parts)
    .reduce((sum, part) => sum + partBytes(leaf.table.columns[columnNamed(leaf, part.name)], part), 0);
}

function holdsAll(leaf: Leaf, index: IndexSpec, used: readonly ScopeColumn[]): boolean {
  if (index.kind === 'fulltext' || index.kind === 'spatial') return false;
  const held = new Set(
    [...index.columns, ...(clusteredOf(leaf)?.columns ?? [])]
      .filter(({ length }) => length === undefined)
      .map(({ name }) => name.toLowerCase()),
  );
  return used.every((column) => held.has(column.name.toLowerCase()));
}

/** The indexes USE INDEX and its kin leave for reading rows. */
function hinted({ table, hints = [] }: Leaf): readonly IndexSpec[] {
  const { indexes = [] } = table;
  const named = (kinds: readonly string[]) => {
    const own = hints.filter(({ kind, purpose }) => kinds.includes(kind) && (purpose === '' || purpose === 'JOIN'));
    return own.length === 0 ? undefined : new Set(own.flatMap(({ names }) => names.map((name) => name.toLowerCase())));
  };
  const [wanted, ignored] = [named(['USE', 'FORCE']), named(['IGNORE'])];
  return indexes.filter(({ name }) => (wanted?.has(name.toLowerCase()) ?? true) && !ignored?.has(name.toLowerCase()));
}

/** What is known of the table at `place` of FROM, of which the query names `used`; counting its keys' values is paid by `x`. */
export function tableFacts(leaf: Leaf, place: number, used: readonly ScopeColumn[], x: Execution): TableFacts {
  const usable = hinted(leaf).filter(
    ({ kind, invisible, columns }) =>
      kind !== 'fulltext' && kind !== 'spatial' && !invisible && columns.every(({ name }) => name !== ''),
  );
  const size = leaf.table.size?.() ?? { rows: 0, bytes: 0 };
  const count = Math.max(1, size.rows);
  let rows: TableFacts['rows'] | undefined;
  const read = () => {
    rows ??= leaf.table.rows(x);
    return rows;
  };
  const known = new Map<string, number>();
  return {
    leaf,
    used: leaf.table.columns.filter(({ name }) => used.some((column) => column.name === name)),
    place,
    get rows() {
      return read();
    },
    count,
    pages: pagesOf(size),
    indexes: usable,
    covering: new Set(usable.filter((index) => holdsAll(leaf, index, used))),
    perKey: (index, parts) => {
      const key = `${index.name} ${parts}`;
      let found = known.get(key);
      if (found === undefined) {
        found = count / Math.max(1, distinct(leaf, index, parts, read(), x));
        known.set(key, found);
      }
      return found;
    },
  };
}

function distinct(
  leaf: Leaf,
  index: IndexSpec,
  parts: number,
  rows: readonly (readonly Value[])[],
  x: Execution,
): number {
  const places = index.columns.slice(0, parts).map(({ name }) => columnNamed(leaf, name));
  const seen = new Set<string>();
  for (const row of rows) {
    let key = '';
    x.examine(places.map((at) => row[at] ?? null));
    for (const at of places) {
      const value = row[at] ?? null;
      const text = value === null ? '\u0001' : (toText(value) as string);
      key += `${typeof value === 'string' ? textKey(text, leaf.table.columns[at]?.type.collation ?? '') : text}\u0000`;
    }
    seen.add(key);
  }
  return seen.size;
}

/** Pages' worth of a secondary index `rows` entries take, as a cost. */
export function indexCost({ leaf }: TableFacts, index: IndexSpec, rows: number): number {
  const reference = clusteredOf(leaf);
  const entry = keyBytes(leaf, index) + (reference ? keyBytes(leaf, reference) : 6);
  const perBlock = Math.floor(HALF_PAGE_BYTES / Math.max(1, entry)) + 1;
  return ((rows + perBlock - 1) / perBlock) * PAGE_COST;
}

/** The narrowest index that holds all the query needs, which a scan then goes along; the one rows are kept in where it holds all columns. */
export function shortestCovering({ leaf, covering }: TableFacts): IndexSpec | undefined {
  const clustered = clusteredOf(leaf);
  let best: IndexSpec | undefined;
  for (const index of covering)
    if (index !== clustered && (!best || keyBytes(leaf, index) < keyBytes(leaf, best))) best = index;
  if (clustered && covering.has(clustered) && (!best || best.columns.length === leaf.table.columns.length))
    return clustered;
  return best;
}
