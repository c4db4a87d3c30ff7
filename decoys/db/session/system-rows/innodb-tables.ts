// The tables of a source as InnoDB has them: their ids, the index their rows are clustered by, the pages they take.
// Source: https://dev.mysql.com/doc/refman/9.7/en/innodb-index-types.html; ids and pages as a live 9.7.4 gives them.
import type { Overlay } from '../../overlay/overlay.ts';
import type { OverlayTable } from '../../overlay/table.ts';
import type { IndexSpec } from '../../sql/ast/table.ts';
import type { Session } from '../session.ts';

export const PAGE_BYTES = 16_384n;
/** Pages of a table's file before its indexes'. */
const FILE_PAGES = 6n;
/** The first ids a fresh server gives. */
const FIRST = { table: 1_065, index: 155, space: 2 };

interface Ids {
  readonly table: bigint;
  readonly index: number;
  readonly space: bigint;
}

const given = new WeakMap<OverlayTable, Ids>();
const next = new WeakMap<Overlay, { table: number; index: number; space: number }>();

/** Ids are given in the order tables were made, and kept while they are there. */
function idsOf(overlay: Overlay, table: OverlayTable): Ids {
  const known = given.get(table);
  if (known) return known;
  const free = next.get(overlay) ?? { ...FIRST };
  const ids = { table: BigInt(free.table), index: free.index, space: BigInt(free.space) };
  free.table++;
  free.space++;
  free.index += indexesOf(table).length;
  next.set(overlay, free);
  given.set(table, ids);
  return ids;
}

interface Known {
  readonly table: OverlayTable;
  readonly ids: Ids;
  /** `database/table`. */
  readonly name: string;
}

/** The source's InnoDB tables, each with its id, in the order they were made. */
export function known(session: Session): Known[] {
  return [...session.overlay.databases.values()]
    .flatMap((database) => [...database.tables.values()])
    .filter((table) => table.facts.engine === 'InnoDB')
    .sort((a, b) => a.facts.createdMs - b.facts.createdMs)
    .map((table) => ({ table, ids: idsOf(session.overlay, table), name: `${table.schema}/${table.name}` }));
}

/** An index as InnoDB has it: rows without a key of their own are clustered by a hidden one. */
interface Clustering {
  readonly name: string;
  readonly spec: IndexSpec | undefined;
}

/** The index a table's rows are kept in; undefined where InnoDB numbers them itself. */
export function clusteredBy(table: OverlayTable): IndexSpec | undefined {
  const whole = (index: IndexSpec) =>
    index.columns.every((part) => !part.expression && table.columns[table.columnAt(part.name)]?.nullable === false);
  return (
    table.indexes.find((index) => index.kind === 'primary') ??
    table.indexes.find((index) => index.kind === 'unique' && whole(index))
  );
}

/** A table's indexes in InnoDB's order, the clustered one first, each with its id. */
export function indexesOf(table: OverlayTable): Clustering[] {
  const clustered = clusteredBy(table);
  const rank = (index: IndexSpec) => (index === clustered ? 0 : index.kind === 'unique' ? 1 : 2);
  const own = [...table.indexes].sort((a, b) => rank(a) - rank(b)).map((spec) => ({ name: spec.name, spec }));
  return clustered ? own : [{ name: 'GEN_CLUST_INDEX', spec: undefined }, ...own];
}

/** INNODB_INDEXES.TYPE: 0 secondary, 1 made by InnoDB, 2 unique, 3 primary, 32 full-text, 64 spatial. */
export function typeOf(table: OverlayTable, { spec }: Clustering): number {
  if (!spec) return 1;
  if (spec === clusteredBy(table)) return 3;
  return { primary: 3, unique: 2, fulltext: 32, spatial: 64, index: 0 }[spec.kind as string] ?? 0;
}

/** Names of the columns rows are clustered by. */
export function keyColumns(table: OverlayTable): string[] {
  return clusteredBy(table)?.columns.map((part) => part.name) ?? ['DB_ROW_ID'];
}

/** Fields of an index's entries, those that find the row among them. */
export function fieldCount(table: OverlayTable, index: Clustering): number {
  const stored = table.columns.filter((column) => column.spec.generated?.stored !== false).length;
  if (!index.spec) return stored + 3;
  if (index.spec === clusteredBy(table)) return stored + 2;
  const own = index.spec.columns.map((part) => part.name);
  return new Set([...own, ...keyColumns(table)]).size;
}
/** Pages its secondary indexes take, one each. */
export function otherPages(table: OverlayTable): bigint {
  return BigInt(indexesOf(table).length - 1);
}

/** Pages its rows take, about. */
export function pages(table: OverlayTable): bigint {
  return BigInt(Math.max(1, Math.ceil(table.bytes / 15_000)));
}

/** Bytes of its file. */
export function fileBytes(table: OverlayTable): bigint {
  return PAGE_BYTES * (FILE_PAGES + BigInt(indexesOf(table).length) + pages(table) - 1n);
}
