// The server's own tables: columns, facts and the rows every server of the version has.
// Source: recorded from a live 9.7.4 by record.ts.
import { ownDuration, ownTimes } from './beginnings.ts';
import { contentsOf, unpacked } from './contents.ts';
import * as data from './mysql-9.7.ts';
import { type Cell, differences, kinds, type WireKind, wireKind } from './recorded.ts';

type TableData = readonly [readonly Cell[], readonly (readonly (Cell | number)[])[]];

export interface SystemColumn {
  readonly name: string;
  readonly columnType: string;
  readonly nullable: boolean;
  readonly charset: string;
  readonly collation: string;
  readonly key: string;
  readonly extra: string;
  readonly fallback: string | null;
  readonly comment: string;
  /** Name told as the column's original name, where it differs. */
  readonly orgName: string;
  readonly wire: WireKind | undefined;
}

export interface SystemTable {
  readonly schema: string;
  readonly name: string;
  readonly type: string;
  readonly engine: Cell;
  readonly collation: Cell;
  readonly comment: string;
  /** row format, options, rows, average length, data, max data, index, free, auto increment as TABLES shows them. */
  readonly facts: readonly Cell[];
  readonly columns: readonly SystemColumn[];
}

type ColumnKind = Pick<SystemColumn, 'columnType' | 'nullable' | 'charset' | 'collation' | 'key' | 'extra' | 'wire'>;
/** Few kinds serve thousands of columns, so each is read once. */
const columnKinds = new Map<number, ColumnKind>();

function columnKind(kind: number): ColumnKind {
  const known = columnKinds.get(kind);
  if (known) return known;
  const [columnType, nullable, charset, collation, key, extra, wire] = (kinds()[kind] as string).split('|') as string[];
  const made = {
    columnType: columnType as string,
    nullable: nullable === 'YES',
    charset: charset as string,
    collation: collation as string,
    key: key as string,
    extra: extra as string,
    wire: wireKind(wire ?? ''),
  };
  columnKinds.set(kind, made);
  return made;
}

function systemColumn(entry: readonly (Cell | number)[]): SystemColumn {
  const [name, kind, fallback, comment, orgName] = entry;
  return {
    ...columnKind(kind as number),
    name: name as string,
    fallback: (fallback as Cell | undefined) ?? null,
    comment: (comment as string | undefined) ?? '',
    orgName: (orgName as Cell | undefined) ?? (name as string),
  };
}

let allTables: Readonly<Record<string, TableData>> | undefined;

function tableData(): Readonly<Record<string, TableData>> {
  allTables ??= unpacked<Readonly<Record<string, TableData>>>(data.TABLES);
  return allTables;
}

const tables = new Map<string, SystemTable>();
let names: Map<string, string> | undefined;

/** Keys are `schema.TABLE` in lower case; values as the server spells them. */
function tableNames(): Map<string, string> {
  names ??= new Map(
    Object.keys(tableData())
      .filter((key) => !differences().lacks.tables.includes(key))
      .map((key) => [key.toLowerCase(), key]),
  );
  return names;
}

/** A system table by name; schema and table of INFORMATION_SCHEMA match in any case, the others as written. */
export function systemTable(schema: string, table: string): SystemTable | undefined {
  const anyCase = schema.toLowerCase() === 'information_schema';
  const key = anyCase ? tableNames().get(`${schema}.${table}`.toLowerCase()) : `${schema}.${table}`;
  if (key === undefined || differences().lacks.tables.includes(key)) return undefined;
  const known = tables.get(key);
  if (known) return known;
  const found = Object.hasOwn(tableData(), key) ? tableData()[key] : undefined;
  if (!found) return undefined;
  const [facts, columns] = found;
  const [owner, name] = [key.slice(0, key.indexOf('.')), key.slice(key.indexOf('.') + 1)];
  const made: SystemTable = {
    schema: owner,
    name,
    type: facts[0] as string,
    engine: facts[1] ?? null,
    collation: facts[2] ?? null,
    comment: facts[3] ?? '',
    facts: facts.slice(4),
    columns: columns.map(systemColumn),
  };
  tables.set(key, made);
  return made;
}

/** `schema.TABLE` of every system table, as the server spells them. */
export function systemTableNames(): IterableIterator<string> {
  return tableNames().values();
}

const rows = new Map<string, readonly (readonly Cell[])[]>();

function rowsAs(key: string, recorded: readonly (readonly Cell[])[]): readonly (readonly Cell[])[] {
  const { cells, rows: more } = differences().has;
  const replaced = cells[key];
  const own = replaced ? recorded.map((row) => row.map((cell) => replaced[cell ?? ''] ?? cell)) : recorded;
  return more[key] ? [...own, ...more[key]] : own;
}

/** Columns of durations. */
const TIMER = /^(SUM|MIN|AVG|MAX)_TIMER_/;

/** Rows with what took its time taking it as this server's machine would. */
function withOwnDurations(key: string, recorded: readonly (readonly Cell[])[]): readonly (readonly Cell[])[] {
  const [schema = '', table = ''] = key.split('.');
  if (schema !== 'performance_schema') return recorded;
  const timed = (systemTable(schema, table)?.columns ?? []).map(({ name }) => TIMER.test(name));
  if (!timed.includes(true)) return recorded;
  return recorded.map((row) => row.map((cell, at) => (timed[at] && cell !== null ? ownDuration(cell) : cell)));
}

/** Rows recorded for a table that holds the same on every server; empty for others. */
export function systemRows(key: string): readonly (readonly Cell[])[] {
  const known = rows.get(key);
  if (known) return known;
  const text = Object.hasOwn(data.ROWS, key) ? data.ROWS[key] : undefined;
  if (text === undefined)
    return rowsAs(
      key,
      contentsOf(key, (recorded) => withOwnDurations(key, recorded)),
    );
  const made = rowsAs(key, JSON.parse(ownTimes(text)) as readonly (readonly Cell[])[]);
  rows.set(key, made);
  return made;
}
