// CREATE TABLE in its three forms: columns, LIKE, SELECT.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-table.html
import { type Database, definitionBytes, MAX_TABLES } from '../../../overlay/overlay.ts';
import type { OverlayTable, TableFacts } from '../../../overlay/table.ts';
import type { StatementOf } from '../../../sql/ast/statement.ts';
import type { ColumnSpec, TableOptions } from '../../../sql/ast/table.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { warnOfType } from '../../../sql/parse/type-warnings.ts';
import { compileQuery, compilerOf } from '../../../sql/select.ts';
import type { Steps } from '../../../sql/steps.ts';
import { OK, type Outcome } from '../../outcome.ts';
import { expectUnlocked, redefined } from '../../row-locking.ts';
import { tableExists } from '../../schemas.ts';
import { insertInto } from '../change/insert.ts';
import { materialize } from '../materialize.ts';
import { buildTable, type TableDefinition } from './build.ts';
import { checkName, collationFrom, refuseReadOnly, writableDatabase } from './database.ts';
import { engineOf, refuseOptions } from './engines.ts';
import { copiedSpec, originsOf, specOf } from './inferred.ts';
import { columnKeys, warnDuplicates } from './keys.ts';

const COMMENT_CHARACTERS = 2_048;

/** Facts of a new table from its options. */
function factsOf(x: Execution, options: TableOptions, table: string, database: Database): TableFacts {
  if (options.comment.length > COMMENT_CHARACTERS)
    throw sqlError('ER_TOO_LONG_TABLE_COMMENT', table, COMMENT_CHARACTERS);
  refuseOptions(engineOf(x, options.engine, table), options.others);
  const others = new Map([...options.others].filter(([, value]) => value !== 'DEFAULT'));
  return {
    engine: engineOf(x, options.engine, table),
    collation: collationFrom(options.charset, options.collation, database.collation),
    comment: options.comment,
    createdMs: x.startedMs,
    others,
  };
}

/** Where the new table goes: the session's own temporary tables, or a database. */
function place(x: Execution, database: Database, table: OverlayTable, temporary: boolean): void {
  x.session.server.overlays.claim(x.session.overlay, table.name, table.bytes + definitionBytes(table), 0);
  if (!temporary) {
    redefined(x.session, table);
    database.tables.set(table.name, table);
    return;
  }
  table.temporary = true;
  x.session.tracker.changed();
  x.session.tracker.transaction.cut();
  x.session.temporary.set(`${table.schema}.${table.name}`, table);
}

const TEMPORARY_TABLES = 16;

/** CREATE TABLE: of columns, LIKE another, or of a query's rows, which come in slices. Throws 1050, 1103, 1114 or 1562. */
export function* createTable(x: Execution, s: StatementOf<'create-table'>): Steps<Outcome> {
  const { session } = x;
  const database = writableDatabase(x, s.table);
  session.tableLocks.checkWrite(database.name, s.table.name, s.table.name);
  expectUnlocked(session, database.name, s.table.name, true);
  const { name } = s.table;
  checkName(name);
  if (name === '' || name.endsWith(' ')) throw sqlError('ER_WRONG_TABLE_NAME', name);
  refuseReadOnly(database);
  if (s.like) session.table(s.like.schema, s.like.name);
  const there = s.temporary
    ? session.temporary.has(`${database.name}.${name}`)
    : tableExists(session, database.name, name);
  if (there) {
    if (!s.ifNotExists) throw sqlError('ER_TABLE_EXISTS_ERROR', name);
    x.note('ER_TABLE_EXISTS_ERROR', name);
    return OK;
  }
  const full = s.temporary ? session.temporary.size >= TEMPORARY_TABLES : session.overlay.tableCount >= MAX_TABLES;
  if (full) throw sqlError('ER_RECORD_FILE_FULL', name);
  if (s.like) {
    place(x, database, likeTable(x, s, database), s.temporary);
    return OK;
  }
  const definition: TableDefinition = {
    schema: database.name,
    name,
    columns: s.columns,
    indexes: [...columnKeys(s.columns), ...s.indexes],
    foreignKeys: s.temporary ? [] : s.foreignKeys,
    checks: s.checks,
    partitioning: s.partitioning,
    facts: factsOf(x, s.options, name, database),
  };
  if (s.query) return yield* createFromQuery(x, s, database, definition);
  if (s.partitioning && s.temporary) throw sqlError('ER_PARTITION_NO_TEMPORARY');
  const table = buildTable(x, definition);
  if (s.options.autoIncrement > 0) table.autoIncrement = BigInt(s.options.autoIncrement);
  warnDuplicates(x, table.indexes, table.indexes, table);
  place(x, database, table, s.temporary);
  return OK;
}

/** Columns taken over are warned of as written ones are, but for the display widths nobody wrote. */
function warnOfTypes(x: Execution, columns: readonly ColumnSpec[]): void {
  for (const { type } of columns) warnOfType(x, { ...type, length: undefined });
}

function likeTable(x: Execution, s: StatementOf<'create-table'>, database: Database): OverlayTable {
  const like = s.like as NonNullable<typeof s.like>;
  const schema = like.schema || x.session.database;
  if (x.session.overlay.databases.get(schema)?.views.has(like.name))
    throw sqlError('ER_WRONG_OBJECT', schema, like.name, 'BASE TABLE');
  const source = materialize(x, like);
  warnOfTypes(
    x,
    source.named.map(({ spec }) => spec),
  );
  const stem = `${source.name}_chk_`;
  return buildTable(x, {
    schema: database.name,
    name: s.table.name,
    columns: source.named.map((column) => ({ ...column.spec, primary: false, unique: false })),
    indexes: source.indexes,
    foreignKeys: [],
    checks: source.checks.map((check) => ({
      name: check.name.startsWith(stem) ? '' : check.name,
      expression: check.expression,
      enforced: check.enforced,
      column: undefined,
    })),
    partitioning: source.partitioning,
    facts: { ...source.facts, createdMs: x.startedMs },
  });
}

function* createFromQuery(
  x: Execution,
  s: StatementOf<'create-table'>,
  database: Database,
  definition: TableDefinition,
): Steps<Outcome> {
  const query = s.query as NonNullable<typeof s.query>;
  if (s.foreignKeys.length > 0) throw sqlError('ER_FOREIGN_KEY_WITH_ATOMIC_CREATE_SELECT');
  const compiled = compileQuery(compilerOf(x), query, undefined);
  const own = new Set(s.columns.map((column) => column.name.toLowerCase()));
  const origins = originsOf(query, 'item', compiled.columns);
  const added = compiled.columns.flatMap((column, at) =>
    own.has(column.name.toLowerCase()) ? [] : [copiedSpec(x, column) ?? specOf(column, origins[at])],
  );
  warnOfTypes(x, added);
  // Columns the query gives too stand where it has them; the others come first.
  const given = new Set(compiled.columns.map((column) => column.name.toLowerCase()));
  const columns = [
    ...s.columns.filter((column) => !given.has(column.name.toLowerCase())),
    ...compiled.columns.map(
      (column) =>
        s.columns.find((spec) => spec.name.toLowerCase() === column.name.toLowerCase()) ??
        (added.find((spec) => spec.name === column.name) as (typeof added)[number]),
    ),
  ];
  const table = buildTable(x, { ...definition, columns });
  const made = yield* insertInto(
    x,
    {
      kind: 'insert',
      table: { schema: database.name, name: table.name },
      replace: s.collisions === 'replace',
      ignore: s.collisions === 'ignore',
      partitions: [],
      columns: compiled.columns.map((column) => column.name),
      rows: undefined,
      query,
      alias: undefined,
      update: [],
    },
    table,
    undefined,
  );
  place(x, database, table, s.temporary);
  return made;
}
