// What a server of one version knows about itself, read once from the persona's data: variables, status names, system tables.
// The data was recorded from a live 9.7.4 by record.ts; a second version is a second data file.
import type { Column } from '../wire/column.ts';
import { contentsOf, unpacked } from './contents.ts';
import * as data from './mysql-9.7.ts';
import { SORTED } from './mysql-9.7-sorted.ts';

import { NO_CHANGES, type PersonaChanges } from './persona-changes.ts';

type Cell = string | null;

let changes: PersonaChanges = NO_CHANGES;

/** From here on the catalogue is that of a version that differs so from the recorded one; called once, before anything is read. */
export function readAs(differing: PersonaChanges): void {
  changes = differing;
}

/** name, kind, schema, table, original table and name of a SHOW's column. */
type ShownColumn = readonly [string, number, string, string, string, string];

interface VariablesData {
  readonly names: readonly (readonly (string | number)[])[];
}

type TableData = readonly [readonly Cell[], readonly (readonly (Cell | number)[])[]];

/** Parses a text of the persona's data when it is first asked for. */
function lazily<T>(text: () => string): () => T {
  let value: T | undefined;
  return () => {
    value ??= JSON.parse(text()) as T;
    return value;
  };
}

const kinds = lazily<readonly string[]>(() => data.KINDS);
const shows = lazily<Readonly<Record<string, readonly (readonly ShownColumn[])[]>>>(() => data.SHOWS);
const variables = lazily<VariablesData>(() => data.VARIABLES);
const status = lazily<readonly (readonly string[])[]>(() => data.STATUS);
const sessionStatus = lazily<readonly (readonly string[])[]>(() => data.SESSION_STATUS);
const privileges = lazily<readonly (readonly string[])[]>(() => data.PRIVILEGES);
const grants = lazily<readonly string[]>(() => data.GRANTS);

export interface WireKind {
  readonly type: number;
  readonly text: boolean;
  readonly length: number;
  readonly flags: number;
  readonly decimals: number;
  readonly schemaShown: boolean;
}

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

export interface VariableFacts {
  readonly name: string;
  readonly value: string;
  readonly wire: WireKind | undefined;
  /** Boolean, Integer, Unsigned Integer, String, Enumeration, Set, Double … */
  readonly dataType: string;
  readonly min: string;
  readonly max: string;
  /** Errors of reading and writing at each scope; 0 where it works. */
  readonly readGlobal: number;
  readonly readSession: number;
  readonly writeGlobal: number;
  readonly writeSession: number;
  readonly isNull: boolean;
}

function wireKind(text: string): WireKind | undefined {
  if (text === '') return undefined;
  const [type, form, length, flags, decimals, shown] = text.split(',');
  return {
    type: Number(type),
    text: form === 't',
    length: Number(length),
    flags: Number(flags),
    decimals: Number(decimals),
    schemaShown: shown === 's',
  };
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
      .filter((key) => !changes.lacks.tables.includes(key))
      .map((key) => [key.toLowerCase(), key]),
  );
  return names;
}

/** A system table by name; schema and table of INFORMATION_SCHEMA match in any case, the others as written. */
export function systemTable(schema: string, table: string): SystemTable | undefined {
  const anyCase = schema.toLowerCase() === 'information_schema';
  const key = anyCase ? tableNames().get(`${schema}.${table}`.toLowerCase()) : `${schema}.${table}`;
  if (key === undefined || changes.lacks.tables.includes(key)) return undefined;
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

export function systemTableNames(): IterableIterator<string> {
  return tableNames().values();
}

const rows = new Map<string, readonly (readonly Cell[])[]>();

function rowsAs(key: string, recorded: readonly (readonly Cell[])[]): readonly (readonly Cell[])[] {
  const { cells, rows: more } = changes.has;
  const replaced = cells[key];
  const own = replaced ? recorded.map((row) => row.map((cell) => replaced[cell ?? ''] ?? cell)) : recorded;
  return more[key] ? [...own, ...more[key]] : own;
}

/** Rows recorded for a table that holds the same on every server; empty for others. */
export function systemRows(key: string): readonly (readonly Cell[])[] {
  const known = rows.get(key);
  if (known) return known;
  const text = Object.hasOwn(data.ROWS, key) ? data.ROWS[key] : undefined;
  if (text === undefined) return rowsAs(key, contentsOf(key));
  const made = rowsAs(key, JSON.parse(text) as readonly (readonly Cell[])[]);
  rows.set(key, made);
  return made;
}

let variableFacts: Map<string, VariableFacts> | undefined;

export function allVariables(): Map<string, VariableFacts> {
  if (variableFacts) return variableFacts;
  variableFacts = new Map();
  for (const entry of variables().names) {
    const [name, value, kind, dataType, min, max, readGlobal, readSession, writeGlobal, writeSession, isNull] = entry;
    variableFacts.set(name as string, {
      name: name as string,
      value: value as string,
      wire: wireKind(kinds()[kind as number] ?? ''),
      dataType: dataType as string,
      min: min as string,
      max: max as string,
      readGlobal: readGlobal as number,
      readSession: readSession as number,
      writeGlobal: writeGlobal as number,
      writeSession: writeSession as number,
      isNull: isNull === 1,
    });
  }
  for (const [name, like] of Object.entries(changes.has.variables)) {
    const facts = variableFacts.get(like);
    if (facts) variableFacts.set(name, { ...facts, name });
  }
  for (const name of changes.lacks.variables) variableFacts.delete(name);
  if (Object.keys(changes.has.variables).length > 0)
    variableFacts = new Map([...variableFacts].sort(([a], [b]) => (a < b ? -1 : 1)));
  return variableFacts;
}

/** Names and values of SHOW STATUS as recorded; those that move are computed where they are shown. */
export function statusNames(session: boolean): readonly (readonly string[])[] {
  const names = session ? sessionStatus() : status();
  const { lacks } = changes;
  return lacks.status.length === 0 ? names : names.filter(([name]) => !lacks.status.includes(name as string));
}

export function privilegeRows(): readonly (readonly string[])[] {
  const { lacks } = changes;
  return privileges().filter(([name]) => !lacks.privileges.includes(name as string));
}

/** The two GRANT statements of an account that holds everything, written for `root`@`%`. */
export function fullGrants(): readonly string[] {
  return grants();
}

/** Columns of a SHOW as the server tells them. */
export function showColumns(form: string, strict: boolean): Column[] {
  const forms = Object.hasOwn(shows(), form) ? shows()[form] : undefined;
  const columns = (strict ? forms?.[0] : (forms?.[1] ?? forms?.[0])) ?? [];
  return columns.map(([name, kind, schema, table, orgTable, orgName]) => {
    const wire = wireKind(kinds()[kind] ?? '') as WireKind;
    return {
      name,
      schema,
      table,
      orgTable,
      orgName,
      type: wire.type,
      binary: !wire.text,
      length: wire.length,
      flags: wire.flags,
      decimals: wire.decimals,
    };
  });
}
