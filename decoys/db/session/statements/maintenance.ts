// CHECK, ANALYZE, OPTIMIZE, REPAIR and CHECKSUM TABLE, and what engines answer that know no such thing.
// Source: https://dev.mysql.com/doc/refman/9.7/en/table-maintenance-statements.html; rows as recorded from 9.7.
import type { View } from '../../overlay/overlay.ts';
import type { OverlayTable } from '../../overlay/table.ts';
import { type SystemTable, systemTable } from '../../persona/system-tables.ts';
import type { StatementOf } from '../../sql/ast/statement.ts';
import { errorCode, SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import type { Value } from '../../sql/value/value.ts';
import { tableDenied } from '../denied.ts';
import type { Outcome } from '../outcome.ts';
import { canonicalSchema, ownTable, schemaExists, tableExists } from '../schemas.ts';
import { takesChange } from '../system-writes.ts';
import { histogramRows } from './histogram.ts';
import { shown } from './result.ts';

const DONE: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  check: [['status', 'OK']],
  analyze: [['status', 'OK']],
  optimize: [
    ['note', 'Table does not support optimize, doing recreate + analyze instead'],
    ['status', 'OK'],
  ],
  repair: [['note', "The storage engine for the table doesn't support repair"]],
};

/** What maintenance of the server's own views and of engines other than InnoDB is answered with; undefined where as of others. */
function specialMaintenance({ type, engine }: SystemTable, operation: string, name: string): Value[][] | undefined {
  if (type === 'VIEW' && operation !== 'check' && operation !== 'checksum')
    return [
      [name, operation, 'Error', `'${name}' is not BASE TABLE`],
      [name, operation, 'status', 'Operation failed'],
    ];
  const unsupported = [[name, operation, 'note', `The storage engine for the table doesn't support ${operation}`]];
  if (engine === 'PERFORMANCE_SCHEMA' && operation !== 'checksum') return unsupported;
  if (engine === 'CSV' && operation === 'analyze') return unsupported;
  if (engine === 'CSV' && operation === 'optimize') return unsupported;
  if (engine === 'CSV' && operation === 'repair') return [[name, operation, 'status', 'OK']];
  return undefined;
}

/** What engines other than InnoDB answer; undefined where as InnoDB does. */
const ENGINES: Readonly<Record<string, Readonly<Record<string, readonly [string, string]>>>> = {
  __proto__: null as never,
  MyISAM: { repair: ['status', 'OK'] },
  CSV: { repair: ['status', 'OK'] },
  MEMORY: {},
  BLACKHOLE: {},
};

/** Operations the engine knows; others it says it does not support. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  __proto__: null as never,
  MEMORY: [],
  BLACKHOLE: [],
  CSV: ['check', 'repair', 'analyze'],
};

/** Tables as they were when they were analyzed or optimized last, by operation. */
const done = new WeakMap<OverlayTable, Map<string, number>>();

/** MyISAM does again only what has changed since; the first time, what holds no rows is as it should be. */
function settledByMyisam(table: OverlayTable, operation: string): boolean {
  if (operation !== 'analyze' && operation !== 'optimize') return false;
  const before = done.get(table) ?? new Map<string, number>();
  const settled = (before.get(operation) ?? 0) === table.changedMs;
  done.set(table, before.set(operation, table.changedMs).set('analyze', table.changedMs));
  return settled;
}

function byEngine(table: OverlayTable, operation: string, name: string): Value[][] | undefined {
  const { facts } = table;
  if (operation === 'checksum') return undefined;
  const settled = table.facts.engine === 'MyISAM' && settledByMyisam(table, operation);
  if (settled) return [[name, operation, 'status', 'Table is already up to date']];
  const told = ENGINES[facts.engine]?.[operation];
  if (told) return [[name, operation, ...told]];
  if (KNOWN[facts.engine]?.includes(operation) !== false) return undefined;
  return [[name, operation, 'note', `The storage engine for the table doesn't support ${operation}`]];
}

/** A view is looked at, and otherwise none of these statements' business. */
function viewMaintenance(x: Execution, view: View, operation: string, name: string): Value[][] {
  const none = `'${name}' is not BASE TABLE`;
  if (operation === 'checksum') {
    x.session.addWarning('Error', WRONG_OBJECT, none);
    return [[name, null]];
  }
  if (operation !== 'check')
    return [
      [name, operation, 'Error', none],
      [name, operation, 'status', 'Operation failed'],
    ];
  try {
    x.session.table(view.schema, view.name);
    return [[name, operation, 'status', 'OK']];
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return [
      [name, operation, 'Error', error.message],
      [name, operation, 'error', 'Corrupt'],
    ];
  }
}

/** Number of the warning that an object is of another kind. */
const WRONG_OBJECT = errorCode('ER_WRONG_OBJECT');

/** Operations that write to what they look after. */
const WRITING: ReadonlySet<string> = new Set(['analyze', 'optimize', 'repair']);

/** Rows of Table, Op, Msg_type and Msg_text, or of Table and Checksum. */
export function runMaintenance(x: Execution, s: StatementOf<'table-maintenance'>): Outcome {
  const { session } = x;
  const rows: Value[][] = [];
  for (const table of s.tables) {
    const schema = canonicalSchema(table.schema || session.database);
    if (schema === '') throw sqlError('ER_NO_DB_ERROR');
    const shownName = schema === 'information_schema' ? table.name.toUpperCase() : table.name;
    const name = `${schema}.${shownName}`;
    const there = tableExists(session, schema, table.name) || session.temporary.has(`${schema}.${table.name}`);
    if (schema === 'information_schema' && there && s.operation !== 'check' && s.operation !== 'checksum')
      throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, '%', schema);
    const system = systemTable(schema, table.name);
    const own = ownTable(session, schema, table.name);
    const view = own ? undefined : session.overlay.databases.get(schema)?.views.get(table.name);
    if (
      system?.engine === 'PERFORMANCE_SCHEMA' &&
      WRITING.has(s.operation) &&
      !takesChange(schema, table.name, 'INSERT')
    )
      throw tableDenied(session, 'SELECT, INSERT', table.name);
    const special = system ? specialMaintenance(system, s.operation, name) : own && byEngine(own, s.operation, name);
    if (s.histogram) rows.push(...histogramRows(x, s.histogram, own, name));
    else if (view) rows.push(...viewMaintenance(x, view, s.operation, name));
    else if (special) rows.push(...special);
    else if (s.operation === 'checksum') {
      if (!there) session.addWarning('Error', 1146, `Table '${name}' doesn't exist`);
      const viewed = system?.type === 'VIEW';
      if (viewed) session.addWarning('Error', WRONG_OBJECT, `'${name}' is not BASE TABLE`);
      const empty = there && !viewed && !s.quick && session.table(schema, table.name).rows(x).length === 0;
      const sum = empty ? 0n : BigInt(session.server.hash(name));
      rows.push([name, there && !viewed && !s.quick ? sum : null]);
    } else if (there) for (const [type, text] of DONE[s.operation] ?? []) rows.push([name, s.operation, type, text]);
    else if (schemaExists(session, schema))
      rows.push(
        [name, s.operation, 'Error', `Table '${name}' doesn't exist`],
        [name, s.operation, 'status', 'Operation failed'],
      );
    else
      rows.push(
        [name, s.operation, 'Error', `Unknown database '${schema}'`],
        s.operation === 'check'
          ? [name, s.operation, 'error', 'Corrupt']
          : [name, s.operation, 'status', 'Operation failed'],
      );
  }
  return shown(session, s.operation === 'checksum' ? 'checksum' : 'table-maintenance', rows);
}

/** Key caches are MyISAM's: for a table of any other engine one note says so. */
export function ofKeyCache(x: Execution, s: StatementOf<'administration'>, operation: string): Outcome {
  const rows = s.tables.flatMap((table): Value[][] => {
    const schema = canonicalSchema(table.schema || x.session.database);
    if (schema === '') throw sqlError('ER_NO_DB_ERROR');
    const name = `${schema}.${table.name}`;
    if (!tableExists(x.session, schema, table.name))
      return [
        [name, operation, 'Error', `Table '${name}' doesn't exist`],
        [name, operation, 'status', 'Operation failed'],
      ];
    if (ownTable(x.session, schema, table.name)?.facts.engine === 'MyISAM') return [[name, operation, 'status', 'OK']];
    return [[name, operation, 'note', `The storage engine for the table doesn't support ${operation}`]];
  });
  return shown(x.session, 'table-maintenance', rows);
}
