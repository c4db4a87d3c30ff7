// How the server's own tables and views are defined and told, and the rows of those that begin the same on every server,
// unpacked when first asked for. The data was recorded from a freshly started 9.7.4 by record-contents.ts.
import { zlib } from '../on-demand.ts';
import { ownTimes } from './beginnings.ts';
import { CONTENTS, DEFINITIONS, TOLD } from './mysql-9.7-contents.ts';

type Cell = string | null;
export type Cells = readonly (readonly Cell[])[];

/** A table's CREATE statement. */
export type Definition = string;

/** Status of `SELECT *` and of `SELECT COUNT(*)`; schema and original table of each column told elsewhere. */
type Told = readonly [whole: number, count: number, places?: readonly string[]];

function inflated(text: string): string {
  return zlib().brotliDecompressSync(Buffer.from(text, 'base64')).toString();
}

/** What a brotli text in base64 says in JSON. */
export function unpacked<T>(text: string): T {
  return JSON.parse(inflated(text)) as T;
}

const definitions = new Map<string, Readonly<Record<string, Definition>>>();

/** How `schema.table` was created; undefined where the server has no such table. */
export function definitionOf(schema: string, table: string): Definition | undefined {
  let known = definitions.get(schema);
  if (!known) {
    if (!Object.hasOwn(DEFINITIONS, schema)) return undefined;
    known = unpacked<Readonly<Record<string, Definition>>>(DEFINITIONS[schema] as string);
    definitions.set(schema, known);
  }
  return Object.hasOwn(known, table) ? known[table] : undefined;
}

let told: Readonly<Record<string, Told>> | undefined;

/** How the table `schema.TABLE` is told by a query of it alone. */
export function toldOf(key: string): Told | undefined {
  told ??= unpacked<Readonly<Record<string, Told>>>(TOLD);
  return Object.hasOwn(told, key) ? told[key] : undefined;
}

/** Tables unpacked last, and cells of all of them kept at once; past that the longest unasked are forgotten. */
const kept = new Map<string, Cells>();
const KEPT_CELLS = 40_000;
let keptCells = 0;

function cellsOf(rows: Cells): number {
  return rows.length * (rows[0]?.length ?? 0);
}

/** Rows recorded of the table `schema.TABLE`, as `own` makes them this server's when they are unpacked; empty where none were. */
export function contentsOf(key: string, own: (rows: Cells) => Cells): Cells {
  const known = kept.get(key);
  if (known) {
    kept.delete(key);
    kept.set(key, known);
    return known;
  }
  if (!Object.hasOwn(CONTENTS, key)) return [];
  const rows = own(JSON.parse(ownTimes(inflated(CONTENTS[key] as string))) as Cells);
  kept.set(key, rows);
  keptCells += cellsOf(rows);
  for (const [oldest, cells] of kept) {
    if (keptCells <= KEPT_CELLS || kept.size === 1) break;
    kept.delete(oldest);
    keptCells -= cellsOf(cells);
  }
  return rows;
}
