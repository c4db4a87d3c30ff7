// CREATE, ALTER, DROP of databases, tables, indexes and views on the source's overlay.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-data-definition-statements.html
import { makeColumn } from '../../overlay/column.ts';
import { type Database, MAX_DATABASES, MAX_TABLES } from '../../overlay/overlay.ts';
import { storeValue } from '../../overlay/store-value.ts';
import { OverlayTable, rowBytes } from '../../overlay/table.ts';
import type { AlterAction, ColumnSpec, IndexSpec, TableName } from '../../sql/ast/definition.ts';
import type { Statement } from '../../sql/ast/statement.ts';
import { compile } from '../../sql/compile.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { Scope, type ScopeColumn } from '../../sql/scope.ts';
import { compileQuery, compilerOf } from '../../sql/select.ts';
import { findCharset, findCollation } from '../../sql/value/charset.ts';
import { DEFAULT_COLLATION, isDecimal, isDouble, isInteger, isTemporal, type SqlType } from '../../sql/value/type.ts';
import type { Value } from '../../sql/value/value.ts';
import { FLAG, STATUS, TYPE } from '../../wire/constants.ts';
import { schemaChange } from '../../wire/session-track.ts';
import { OK, type Outcome } from '../outcome.ts';
import { canonicalSchema, schemaExists, tableExists } from '../schemas.ts';
import { materialize } from './materialize.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

const NAME_CHARACTERS = 64;

function checkName(name: string): void {
  if (name.length > NAME_CHARACTERS) throw sqlError('ER_TOO_LONG_IDENT', name);
}

/** The schema a table is to be in, as a database of the overlay; refuses INFORMATION_SCHEMA and performance_schema. */
export function writableDatabase(x: Execution, table: TableName): Database {
  const { session } = x;
  const schema = canonicalSchema(table.schema || session.database);
  if (schema === '') throw sqlError('ER_NO_DB_ERROR');
  if (!schemaExists(session, schema)) throw sqlError('ER_BAD_DB_ERROR', schema);
  if (schema === 'information_schema')
    throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, session.accountName.split('@')[1] ?? '%', schema);
  if (schema === 'performance_schema')
    throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, session.accountName.split('@')[1] ?? '%', schema);
  const known = session.overlay.databases.get(schema);
  if (known) return known;
  const made: Database = { name: schema, collation: DEFAULT_COLLATION, tables: new Map(), views: new Map() };
  session.overlay.databases.set(schema, made);
  return made;
}

function collationFrom(charset: string, collation: string, fallback: string): string {
  if (collation && collation !== 'default') {
    const found = findCollation(collation);
    if (!found) throw sqlError('ER_UNKNOWN_COLLATION', collation);
    return found.name;
  }
  if (!charset || charset === 'default') return fallback;
  const found = findCharset(charset);
  if (!found) throw sqlError('ER_UNKNOWN_CHARACTER_SET', charset);
  return found.defaultCollation;
}

export function createDatabase(x: Execution, s: Of<'create-database'>): Outcome {
  const { session } = x;
  const { databases } = session.overlay;
  checkName(s.name);
  if (s.name === '' || s.name.endsWith(' ')) throw sqlError('ER_WRONG_DB_NAME', s.name);
  if (canonicalSchema(s.name) === 'information_schema')
    throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, '%', 'information_schema');
  if (s.name === 'mysql') throw sqlError('ER_NO_SYSTEM_SCHEMA_ACCESS', s.name);
  if (schemaExists(session, s.name)) {
    if (!s.ifNotExists) throw sqlError('ER_DB_CREATE_EXISTS', s.name);
    x.note('ER_DB_CREATE_EXISTS', s.name);
    return { kind: 'ok', affected: 1n };
  }
  if (databases.size >= MAX_DATABASES) throw sqlError('ER_RECORD_FILE_FULL', s.name);
  session.overlay.dropped.delete(s.name);
  databases.set(s.name, {
    name: s.name,
    collation: collationFrom(s.charset, s.collation, DEFAULT_COLLATION),
    tables: new Map(),
    views: new Map(),
  });
  return { kind: 'ok', affected: 1n };
}

export function alterDatabase(x: Execution, s: Of<'alter-database'>): Outcome {
  const name = s.name || x.session.database;
  if (name === '') throw sqlError('ER_NO_DB_ERROR');
  if (!schemaExists(x.session, name)) throw sqlError('ER_BAD_DB_ERROR', name);
  const database = x.session.overlay.databases.get(name);
  const collation = collationFrom(s.charset, s.collation, database?.collation ?? DEFAULT_COLLATION);
  if (database) database.collation = collation;
  return { kind: 'ok', affected: 1n };
}

export function dropDatabase(x: Execution, s: Of<'drop-database'>): Outcome {
  const { session } = x;
  const schema = canonicalSchema(s.name);
  if (schema === 'information_schema' || schema === 'performance_schema')
    throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, '%', schema);
  if (!schemaExists(session, schema)) {
    if (!s.ifExists) throw sqlError('ER_DB_DROP_EXISTS', s.name);
    x.note('ER_DB_DROP_EXISTS', s.name);
    x.statusFlags |= STATUS.DB_DROPPED;
    return OK;
  }
  const tables = session.overlay.databases.get(schema)?.tables.size ?? 0;
  session.overlay.databases.delete(schema);
  session.overlay.dropped.add(schema);
  const affected = BigInt(tables);
  x.statusFlags |= STATUS.DB_DROPPED;
  if (session.database !== schema) return { kind: 'ok', affected };
  session.database = '';
  return { kind: 'ok', affected, changes: [schemaChange('')] };
}

function indexFlags(indexes: readonly IndexSpec[], column: ColumnSpec): number {
  let flags = column.primary
    ? FLAG.PRI_KEY | FLAG.PART_KEY
    : column.unique || column.type.name === 'serial'
      ? FLAG.UNIQUE_KEY | FLAG.PART_KEY
      : 0;
  for (const index of indexes) {
    const at = index.columns.findIndex((part) => part.name.toLowerCase() === column.name.toLowerCase());
    if (at < 0) continue;
    if (index.kind !== 'fulltext') flags |= FLAG.PART_KEY;
    if (index.kind === 'primary') flags |= FLAG.PRI_KEY;
    else if (at === 0)
      flags |= index.kind === 'unique' && index.columns.length === 1 ? FLAG.UNIQUE_KEY : FLAG.MULTIPLE_KEY;
  }
  return flags;
}

/** Indexes of a definition with those its columns carry, named as the server names them, primary first, unique next. */
function allIndexes(columns: readonly ColumnSpec[], indexes: readonly IndexSpec[]): IndexSpec[] {
  const own: IndexSpec[] = [];
  for (const column of columns) {
    const part = [{ name: column.name, length: undefined }];
    if (column.primary) own.push({ kind: 'primary', name: 'PRIMARY', columns: part });
    if (column.unique || column.type.name === 'serial') own.push({ kind: 'unique', name: '', columns: part });
  }
  const all = [...indexes, ...own];
  if (all.filter((index) => index.kind === 'primary').length > 1) throw sqlError('ER_MULTIPLE_PRI_KEY');
  const names = new Set<string>();
  const named = all.map((index) => {
    for (const part of index.columns) {
      if (part.name !== '' && !columns.some((column) => column.name.toLowerCase() === part.name.toLowerCase()))
        throw sqlError('ER_KEY_COLUMN_DOES_NOT_EXIST', part.name);
    }
    let { name } = index;
    if (name === '') {
      const base = index.columns[0]?.name || 'functional_index';
      name = base;
      for (let number = 2; names.has(name.toLowerCase()); number++) name = `${base}_${number}`;
    } else if (names.has(name.toLowerCase())) throw sqlError('ER_DUP_KEYNAME', name);
    names.add(name.toLowerCase());
    return { ...index, name };
  });
  const rank = { primary: 0, unique: 1, index: 2, spatial: 2, fulltext: 3 } as const;
  return named.sort((a, b) => rank[a.kind] - rank[b.kind]);
}

/** Blob columns need a length in a key, but a fulltext one. */
function checkKeyParts(columns: readonly ColumnSpec[], indexes: readonly IndexSpec[]): void {
  for (const index of indexes) {
    for (const part of index.columns) {
      const column = columns.find((other) => other.name.toLowerCase() === part.name.toLowerCase());
      if (!column) continue;
      if (/text$|blob$/.test(column.type.name) && part.length === undefined && index.kind !== 'fulltext')
        throw sqlError('ER_BLOB_KEY_WITHOUT_LENGTH', column.name);
      if (index.kind === 'primary' && column.nullable === true) throw sqlError('ER_PRIMARY_CANT_HAVE_NULL');
    }
  }
}

export function buildTable(
  x: Execution,
  schema: string,
  name: string,
  columns: readonly ColumnSpec[],
  indexes: readonly IndexSpec[],
  facts: { engine: string; collation: string; comment: string },
): OverlayTable {
  if (columns.length === 0) throw sqlError('ER_TABLE_MUST_HAVE_COLUMNS');
  if (columns.length > 1017) throw sqlError('ER_TOO_MANY_FIELDS');
  const seen = new Set<string>();
  for (const column of columns) {
    checkName(column.name);
    if (column.name === '' || column.name.endsWith(' ')) throw sqlError('ER_WRONG_COLUMN_NAME', column.name);
    if (seen.has(column.name.toLowerCase())) throw sqlError('ER_DUP_FIELDNAME', column.name);
    seen.add(column.name.toLowerCase());
  }
  const keys = allIndexes(columns, indexes);
  checkKeyParts(columns, keys);
  const made = columns.map((column) => makeColumn(column, facts.collation, indexFlags(keys, column)));
  const autos = made.filter((column) => column.spec.autoIncrement);
  if (
    autos.length > 1 ||
    autos.some((column) => !keys.some((index) => index.columns[0]?.name.toLowerCase() === column.name.toLowerCase()))
  )
    throw sqlError('ER_WRONG_AUTO_KEY');
  for (const column of made) checkDefault(x, column);
  return new OverlayTable(schema, name, made, keys, { ...facts, createdMs: x.startedMs });
}

function checkDefault(x: Execution, column: OverlayTable['columns'][number]): void {
  const { fallback } = column.spec;
  if (!fallback || fallback.kind === 'null') {
    if (fallback?.kind === 'null' && !column.nullable) throw sqlError('ER_INVALID_DEFAULT', column.name);
    return;
  }
  const literal = ['number', 'string', 'boolean', 'unary'].includes(fallback.kind);
  if (literal && (column.type.type === TYPE.BLOB || column.type.type === TYPE.JSON))
    throw sqlError('ER_BLOB_CANT_HAVE_DEFAULT', column.name);
  if (!literal) return;
  try {
    storeValue(compile(compilerOf(x), fallback, new Scope([], undefined)).get({ values: [] }), column, {
      x,
      row: 1,
      strict: true,
    });
  } catch {
    // Whatever does not fit is told as one error, whichever it was.
    throw sqlError('ER_INVALID_DEFAULT', column.name);
  }
}

const ENGINES = ['InnoDB', 'MyISAM', 'MEMORY', 'CSV', 'ARCHIVE', 'BLACKHOLE', 'MRG_MYISAM'];

function engineOf(name: string): string {
  if (name === '') return 'InnoDB';
  const found = ENGINES.find(
    (engine) => engine.toLowerCase() === name.toLowerCase() || (name.toLowerCase() === 'heap' && engine === 'MEMORY'),
  );
  if (!found) throw sqlError('ER_UNKNOWN_STORAGE_ENGINE', name);
  return found;
}

export function createTable(x: Execution, s: Of<'create-table'>): Outcome {
  const { session } = x;
  const database = writableDatabase(x, s.table);
  checkName(s.table.name);
  if (s.table.name === '' || s.table.name.endsWith(' ')) throw sqlError('ER_WRONG_TABLE_NAME', s.table.name);
  if (tableExists(session, database.name, s.table.name)) {
    if (!s.ifNotExists) throw sqlError('ER_TABLE_EXISTS_ERROR', s.table.name);
    x.note('ER_TABLE_EXISTS_ERROR', s.table.name);
    return OK;
  }
  if (session.overlay.tableCount >= MAX_TABLES) throw sqlError('ER_RECORD_FILE_FULL', s.table.name);
  if (s.like) {
    const source = materialize(x, s.like);
    const table = buildTable(
      x,
      database.name,
      s.table.name,
      source.columns.map((column) => column.spec),
      source.indexes,
      source.facts,
    );
    database.tables.set(s.table.name, table);
    return OK;
  }
  const facts = {
    engine: engineOf(s.engine),
    collation: collationFrom(s.charset, s.collation, database.collation),
    comment: s.comment,
  };
  warnWidths(x, s.columns);
  if (!s.query) {
    const table = buildTable(x, database.name, s.table.name, s.columns, s.indexes, facts);
    if (s.autoIncrement > 0) table.autoIncrement = BigInt(s.autoIncrement);
    database.tables.set(s.table.name, table);
    return OK;
  }
  return createFromQuery(x, s, database, facts);
}

/** Display widths of integers but tinyint(1), and ZEROFILL, FLOAT(M,D), UNSIGNED on decimals are deprecated. */
function warnWidths(x: Execution, columns: readonly ColumnSpec[]): void {
  for (const { type } of columns) {
    const integer = /int$/.test(type.name);
    if (type.zerofill)
      x.session.addWarning(
        'Warning',
        1681,
        'The ZEROFILL attribute is deprecated and will be removed in a future release. Use the LPAD function to zero-pad numbers, or store the formatted numbers in a CHAR column.',
      );
    if (integer && type.length !== undefined && !(type.name === 'tinyint' && type.length === 1))
      x.session.addWarning(
        'Warning',
        1681,
        'Integer display width is deprecated and will be removed in a future release.',
      );
    if ((type.name === 'float' || type.name === 'double') && type.decimals !== undefined)
      x.session.addWarning(
        'Warning',
        1681,
        'Specifying number of digits for floating point data types is deprecated and will be removed in a future release.',
      );
    if (type.unsigned && (type.name === 'decimal' || type.name === 'float' || type.name === 'double'))
      x.session.addWarning(
        'Warning',
        1681,
        'UNSIGNED for decimal and floating point data types is deprecated and support for it will be removed in a future release.',
      );
  }
}

function specOf(column: ScopeColumn): ColumnSpec {
  const { type } = column;
  const blank = {
    length: undefined,
    decimals: undefined,
    unsigned: type.unsigned,
    zerofill: false,
    values: [],
    charset: '',
    collation: '',
  };
  return {
    name: column.name,
    type: { ...blank, ...typeNameOf(type) },
    nullable: type.nullable ? undefined : false,
    fallback: undefined,
    onUpdateNow: false,
    autoIncrement: false,
    primary: false,
    unique: false,
    comment: '',
  };
}

function typeNameOf(type: SqlType): { name: string; length?: number; decimals?: number } {
  if (isInteger(type))
    return {
      name:
        type.type === TYPE.LONG
          ? 'int'
          : type.type === TYPE.YEAR
            ? 'year'
            : type.length <= 11 && type.type === TYPE.LONGLONG
              ? 'int'
              : 'bigint',
    };
  if (isDecimal(type))
    return {
      name: 'decimal',
      length: Math.max(1, type.length - (type.decimals > 0 ? 1 : 0) - (type.unsigned ? 0 : 1)),
      decimals: type.decimals,
    };
  if (isDouble(type)) return { name: type.type === TYPE.FLOAT ? 'float' : 'double' };
  if (isTemporal(type)) {
    const names: Readonly<Record<number, string>> = {
      [TYPE.DATE]: 'date',
      [TYPE.TIME]: 'time',
      [TYPE.DATETIME]: 'datetime',
      [TYPE.TIMESTAMP]: 'timestamp',
    };
    return { name: names[type.type] as string, length: type.decimals || undefined };
  }
  if (type.type === TYPE.JSON) return { name: 'json' };
  if (type.text)
    return type.length > 16_383
      ? { name: type.length > 65_535 ? 'longtext' : 'text' }
      : { name: 'varchar', length: type.length };
  if (type.type === TYPE.NULL) return { name: 'binary', length: 0 };
  return type.length > 65_535 ? { name: 'longblob' } : { name: 'varbinary', length: type.length };
}

function createFromQuery(
  x: Execution,
  s: Of<'create-table'>,
  database: Database,
  facts: { engine: string; collation: string; comment: string },
): Outcome {
  const compiled = compileQuery(compilerOf(x), s.query as NonNullable<typeof s.query>, undefined);
  const own = new Set(s.columns.map((column) => column.name.toLowerCase()));
  const columns = [
    ...s.columns,
    ...compiled.columns.filter((column) => !own.has(column.name.toLowerCase())).map(specOf),
  ];
  const table = buildTable(x, database.name, s.table.name, columns, s.indexes, facts);
  const rows = compiled.rows(undefined);
  const places = compiled.columns.map((column) => table.columnAt(column.name));
  const stored = rows.map((row) => {
    const values: Value[] = table.columns.map(() => null);
    for (const [at, place] of places.entries())
      values[place] = storeValue(row[at] as Value, table.columns[place] as OverlayTable['columns'][number], {
        x,
        row: 1,
        strict: false,
      });
    return values;
  });
  x.session.server.overlays.claim(
    x.session.overlay,
    s.table.name,
    stored.reduce((sum, row) => sum + rowBytes(row), 0),
    stored.length,
  );
  for (const row of stored) table.insert(row);
  database.tables.set(s.table.name, table);
  return {
    kind: 'ok',
    affected: BigInt(rows.length),
    info: `Records: ${rows.length}  Duplicates: 0  Warnings: ${x.session.warningCount}`,
  };
}

export function dropTables(x: Execution, s: Of<'drop-table'>): Outcome {
  const { session } = x;
  const missing: string[] = [];
  const found: (() => void)[] = [];
  for (const table of s.tables) {
    const schema = canonicalSchema(table.schema || session.database);
    if (schema === '') throw sqlError('ER_NO_DB_ERROR');
    const database = session.overlay.databases.get(schema);
    const present = s.view ? database?.views.has(table.name) : database?.tables.has(table.name);
    if (present) found.push(() => (s.view ? database?.views.delete(table.name) : database?.tables.delete(table.name)));
    else if (!s.view && schemaExists(session, schema) && tableExists(session, schema, table.name))
      refuseSystemDrop(x, schema, table.name);
    else if (!schemaExists(session, schema) && !s.ifExists) throw sqlError('ER_BAD_DB_ERROR', schema);
    else missing.push(`${schema}.${table.name}`);
  }
  if (missing.length > 0 && !s.ifExists) throw sqlError('ER_BAD_TABLE_ERROR', missing.join(','));
  for (const name of missing) x.note('ER_BAD_TABLE_ERROR', name);
  for (const drop of found) drop();
  return OK;
}

function refuseSystemDrop(x: Execution, schema: string, name: string): void {
  const { session } = x;
  if (schema === 'information_schema') throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, '%', schema);
  if (schema === 'performance_schema')
    throw sqlError('ER_TABLEACCESS_DENIED_ERROR', 'DROP', session.user, session.address, name);
  throw sqlError('ER_NO_SYSTEM_TABLE_ACCESS', 'system table', `${schema}.${name}`);
}

export function truncate(x: Execution, s: Of<'truncate'>): Outcome {
  const table = materialize(x, s.table);
  table.restore([]);
  table.autoIncrement = 1n;
  return OK;
}

export function renameTables(x: Execution, s: Of<'rename-table'>): Outcome {
  for (const [from, to] of s.pairs) {
    const table = materialize(x, from);
    const target = writableDatabase(x, to);
    if (tableExists(x.session, target.name, to.name)) throw sqlError('ER_TABLE_EXISTS_ERROR', to.name);
    x.session.overlay.databases.get(table.schema)?.tables.delete(table.name);
    table.schema = target.name;
    table.name = to.name;
    target.tables.set(to.name, table);
  }
  return OK;
}

const NOTHING_COPIED = 'Records: 0  Duplicates: 0  Warnings: 0';

/** Rebuilds a table with other columns; a column that stays keeps its values. */
function rebuild(
  x: Execution,
  table: OverlayTable,
  columns: readonly ColumnSpec[],
  indexes: readonly IndexSpec[],
  origin: readonly (string | undefined)[],
): void {
  const bare = columns.map((column) => ({ ...column, primary: false, unique: false }));
  const carried = columns.flatMap((column, at): IndexSpec[] => {
    const part = [{ name: column.name, length: undefined }];
    if (origin[at] !== undefined) return [];
    return [
      ...(column.primary ? [{ kind: 'primary', name: 'PRIMARY', columns: part } as const] : []),
      ...(column.unique ? [{ kind: 'unique', name: '', columns: part } as const] : []),
    ];
  });
  const made = buildTable(x, table.schema, table.name, bare, [...indexes, ...carried], table.facts);
  const places = origin.map((name) => (name === undefined ? -1 : table.columnAt(name)));
  const rows = table.rows.map((row, number) =>
    made.columns.map((column, at) =>
      places[at] === -1
        ? freshValue(x, column)
        : storeValue(row[places[at] as number] as Value, column, { x, row: number + 1, strict: x.session.strict() }),
    ),
  );
  table.columns = made.columns;
  table.indexes = made.indexes;
  table.restore(rows);
}

function freshValue(x: Execution, column: OverlayTable['columns'][number]): Value {
  if (column.spec.fallback)
    return storeValue(
      compile(compilerOf(x), column.spec.fallback, new Scope([], undefined)).get({ values: [] }),
      column,
      { x, row: 1, strict: false },
    );
  if (column.nullable) return null;
  return isInteger(column.type) || isDecimal(column.type) || isDouble(column.type)
    ? storeValue(0n, column, { x, row: 1, strict: false })
    : '';
}

interface Shape {
  columns: ColumnSpec[];
  origin: (string | undefined)[];
  indexes: IndexSpec[];
}

function place(shape: Shape, name: string): number {
  return shape.columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
}

type Alter = {
  readonly [K in AlterAction['kind']]?: (
    shape: Shape,
    action: Extract<AlterAction, { kind: K }>,
    table: OverlayTable,
  ) => void;
};

const ALTERS: Alter = {
  'add-column': (shape, action) => {
    if (place(shape, action.column.name) >= 0) throw sqlError('ER_DUP_FIELDNAME', action.column.name);
    const after = action.after === undefined ? -1 : place(shape, action.after);
    if (action.after !== undefined && after < 0) throw sqlError('ER_BAD_FIELD_ERROR', action.after, 'alter table');
    const at = action.first ? 0 : action.after === undefined ? shape.columns.length : after + 1;
    shape.columns.splice(at, 0, action.column);
    shape.origin.splice(at, 0, undefined);
  },
  'drop-column': (shape, action) => {
    const at = place(shape, action.name);
    if (at < 0) throw sqlError('ER_CANT_DROP_FIELD_OR_KEY', action.name);
    if (shape.columns.length === 1) throw sqlError('ER_CANT_REMOVE_ALL_FIELDS');
    shape.columns.splice(at, 1);
    shape.origin.splice(at, 1);
    shape.indexes = shape.indexes
      .map((index) => ({
        ...index,
        columns: index.columns.filter((part) => part.name.toLowerCase() !== action.name.toLowerCase()),
      }))
      .filter((index) => index.columns.length > 0);
  },
  'change-column': (shape, action, table) => {
    const at = place(shape, action.from);
    if (at < 0) throw sqlError('ER_BAD_FIELD_ERROR', action.from, table.name);
    shape.columns[at] = action.column;
    renameParts(shape, action.from, action.column.name);
  },
  'rename-column': (shape, action, table) => {
    const at = place(shape, action.from);
    if (at < 0) throw sqlError('ER_BAD_FIELD_ERROR', action.from, table.name);
    shape.columns[at] = { ...(shape.columns[at] as ColumnSpec), name: action.to };
    renameParts(shape, action.from, action.to);
  },
  'add-index': (shape, action) => {
    if (action.index.kind === 'primary' && shape.indexes.some((index) => index.kind === 'primary'))
      throw sqlError('ER_MULTIPLE_PRI_KEY');
    shape.indexes.push(action.index);
  },
  'drop-index': (shape, action) => {
    const at = shape.indexes.findIndex((index) => index.name.toLowerCase() === action.name.toLowerCase());
    if (at < 0) throw sqlError('ER_CANT_DROP_FIELD_OR_KEY', action.name);
    shape.indexes.splice(at, 1);
  },
};

function renameParts(shape: Shape, from: string, to: string): void {
  shape.indexes = shape.indexes.map((index) => ({
    ...index,
    columns: index.columns.map((part) =>
      part.name.toLowerCase() === from.toLowerCase() ? { ...part, name: to } : part,
    ),
  }));
}

export function alterTable(x: Execution, s: Of<'alter-table'>): Outcome {
  const table = materialize(x, s.table);
  const shape: Shape = {
    columns: table.columns.map((column) => column.spec),
    origin: table.columns.map((column) => column.name),
    indexes: [...table.indexes],
  };
  let renamed: TableName | undefined;
  let copies = false;
  for (const action of s.actions) {
    if (action.kind === 'rename') renamed = action;
    else
      (ALTERS[action.kind] as ((shape: Shape, action: AlterAction, table: OverlayTable) => void) | undefined)?.(
        shape,
        action,
        table,
      );
    if (action.kind === 'change-column') {
      warnWidths(x, [action.column]);
      copies = true;
    }
    if (action.kind === 'add-column') warnWidths(x, [action.column]);
  }
  rebuild(x, table, shape.columns, shape.indexes, shape.origin);
  if (renamed)
    renameTables(x, {
      kind: 'rename-table',
      pairs: [
        [
          { schema: table.schema, name: table.name },
          { schema: renamed.schema || table.schema, name: renamed.name },
        ],
      ],
    });
  if (s.actions.length > 0 && s.actions.every((action) => action.kind === 'rename')) return OK;
  const rows = copies ? table.rows.length : 0;
  return {
    kind: 'ok',
    affected: BigInt(rows),
    info:
      rows === 0 && x.session.warningCount === 0
        ? NOTHING_COPIED
        : `Records: ${rows}  Duplicates: 0  Warnings: ${x.session.warningCount}`,
  };
}

export function createIndex(x: Execution, s: Of<'create-index'>): Outcome {
  return alterTable(x, { kind: 'alter-table', table: s.table, actions: [{ kind: 'add-index', index: s.index }] });
}

export function dropIndex(x: Execution, s: Of<'drop-index'>): Outcome {
  return alterTable(x, { kind: 'alter-table', table: s.table, actions: [{ kind: 'drop-index', name: s.name }] });
}

export function createView(x: Execution, s: Of<'create-view'>): Outcome {
  const database = writableDatabase(x, s.view);
  if (tableExists(x.session, database.name, s.view.name) && !(s.replace && database.views.has(s.view.name)))
    throw sqlError('ER_TABLE_EXISTS_ERROR', s.view.name);
  compileQuery(compilerOf(x), s.query, undefined);
  if (x.session.overlay.tableCount >= MAX_TABLES) throw sqlError('ER_RECORD_FILE_FULL', s.view.name);
  database.views.set(s.view.name, {
    schema: database.name,
    name: s.view.name,
    query: s.query,
    columns: s.columns,
    text: s.text,
  });
  return OK;
}
