// Procedures of schema `sys`: what each asks of the server's own tables and answers, one entry a procedure.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sys-schema-procedures.html; results and errors as answered by a live 9.7.4.
import { systemRows } from '../persona/system-tables.ts';
import { SqlError, sqlError } from '../sql/errors.ts';
import type { Execution } from '../sql/execution.ts';
import { quoteName } from '../sql/quote-name.ts';
import { toBoolean, toText, type Value } from '../sql/value/value.ts';
import { bareColumn, type Column } from '../wire/column.ts';
import type { Outcome, RowsOutcome } from './outcome.ts';
import { canonicalSchema, schemaExists, tablesOf } from './schemas.ts';

/** What a procedure works with: its session, and statements it has the server run. */
export interface SysCall {
  readonly x: Execution;
  readonly args: readonly Value[];
  readonly ask: (sql: string) => Outcome;
}

export interface SysResult {
  readonly before: readonly RowsOutcome[];
  /** Values of its OUT parameters, by their place. */
  readonly out?: ReadonlyMap<number, Value>;
}

type SysProcedure = (call: SysCall) => SysResult;

const NOTHING: SysResult = { before: [] };

function rows({ ask }: SysCall, sql: string): RowsOutcome[] {
  const outcome = ask(sql);
  return outcome.kind === 'rows' ? [outcome] : [];
}

function changed({ ask }: SysCall, sql: string): bigint {
  const outcome = ask(sql);
  return outcome.kind === 'ok' ? (outcome.affected ?? 0n) : 0n;
}

function signal(message: string, state = '45000'): SqlError {
  return new SqlError(1644, state, message);
}

/** Decimals of what has no point of its own. */
const NO_DECIMALS = 31;

function textColumn(name: string, length: number, type = 253): Column {
  return bareColumn(name, { type, binary: false, length, flags: 0, decimals: NO_DECIMALS });
}

const COUNT_CHARACTERS = 21;

/** `Enabled 4 consumers`: how many of what were changed. */
function summary(verb: string, count: bigint, noun: string): SysResult {
  const text = `${verb} ${count} ${noun}${count === 1n ? '' : 's'}`;
  const length = verb.length + 1 + COUNT_CHARACTERS + 1 + noun.length + 1;
  return { before: [{ kind: 'rows', columns: [textColumn('summary', length)], rows: [[text]] }] };
}

/** A value as a literal of our own statements. */
function quoted(value: Value | undefined): string {
  if (value === null || value === undefined) return 'NULL';
  return `'${(toText(value) as string).replace(/['\\]/g, '\\$&')}'`;
}

function consumers(enabled: boolean): string {
  const name = enabled ? 'enabled_consumers' : 'disabled_consumers';
  return `SELECT NAME AS ${name} FROM performance_schema.setup_consumers WHERE ENABLED = '${enabled ? 'YES' : 'NO'}' ORDER BY ${name}`;
}

function instruments(enabled: boolean): string {
  const name = enabled ? 'enabled_instruments' : 'disabled_instruments';
  return `SELECT NAME AS ${name}, TIMED AS timed FROM performance_schema.setup_instruments WHERE ENABLED = '${enabled ? 'YES' : 'NO'}' ORDER BY ${name}`;
}

function setup(call: SysCall, enabled: boolean): SysResult {
  const [withInstruments, withThreads] = call.args.map((value) => value !== null && toBoolean(value));
  const [name, state] = enabled ? ['enabled', 'YES'] : ['disabled', 'NO'];
  return {
    before: [
      ...rows(call, 'SELECT @@performance_schema AS performance_schema_enabled'),
      ...rows(
        call,
        `SELECT CONCAT('\\'', HOST, '\\'@\\'', USER, '\\'') AS ${name}_users FROM performance_schema.setup_actors WHERE ENABLED = '${state}' ORDER BY ${name}_users`,
      ),
      ...rows(
        call,
        `SELECT OBJECT_TYPE AS object_type, CONCAT(OBJECT_SCHEMA, '.', OBJECT_NAME) AS objects, ENABLED AS enabled, TIMED AS timed FROM performance_schema.setup_objects WHERE ENABLED = '${state}' ORDER BY object_type, objects`,
      ),
      ...rows(call, consumers(enabled)),
      ...(withThreads
        ? rows(
            call,
            `SELECT IF(NAME = 'thread/sql/one_connection', CONCAT(PROCESSLIST_USER, '@', PROCESSLIST_HOST), REPLACE(NAME, 'thread/', '')) AS ${name}_threads, TYPE AS thread_type FROM performance_schema.threads WHERE INSTRUMENTED = '${state}' ORDER BY ${name}_threads`,
          )
        : []),
      ...(withInstruments ? rows(call, instruments(enabled)) : []),
    ],
  };
}

/** Turns rows of a setup table on or off where their names contain what was asked for. */
function turn(call: SysCall, table: 'consumers' | 'instruments', on: boolean): SysResult {
  const state = on ? 'YES' : 'NO';
  const timed = table === 'instruments' ? `, TIMED = '${state}'` : '';
  const sql = `UPDATE performance_schema.setup_${table} SET ENABLED = '${state}'${timed} WHERE NAME LIKE CONCAT('%', ${quoted(call.args[0])}, '%')`;
  return summary(on ? 'Enabled' : 'Disabled', changed(call, sql), table.slice(0, -1));
}

/** What a name stands for: a table, a view, or nothing. */
const tableExists: SysProcedure = ({ x, args }) => {
  const [schemaName, name] = args.map((value) => toText(value) ?? '');
  const schema = canonicalSchema(schemaName ?? '');
  const { session } = x;
  if (!schemaExists(session, schema)) throw sqlError('ER_BAD_DB_ERROR', schemaName ?? '');
  if (session.temporary.has(`${schema}.${name}`)) return { before: [], out: new Map([[2, 'TEMPORARY']]) };
  const found = tablesOf(session, schema).find((table) => table.name === name);
  return { before: [], out: new Map([[2, found?.type ?? '']]) };
};

const executePrepared: SysProcedure = (call) => {
  const text = toText(call.args[0] ?? null) ?? '';
  if (text.trim() === '') throw signal('The @sys.execute_prepared_stmt.sql must contain a query');
  return { before: rows(call, text) };
};

/** A schema of views, one for each table and view of another. */
const synonymSchema: SysProcedure = (call) => {
  const { session } = call.x;
  const [from = '', to = ''] = call.args.map((value) => toText(value) ?? '');
  if (!schemaExists(session, canonicalSchema(from))) throw signal(`Unknown database ${from}`, 'HY000');
  if (schemaExists(session, canonicalSchema(to))) throw signal(`Can't create database ${to}; database exists`, 'HY000');
  call.ask(`CREATE DATABASE ${quoteName(to)}`);
  const names = tablesOf(session, canonicalSchema(from)).map((table) => table.name);
  for (const name of names)
    call.ask(
      `CREATE SQL SECURITY INVOKER VIEW ${quoteName(to)}.${quoteName(name)} AS SELECT * FROM ${quoteName(from)}.${quoteName(name)}`,
    );
  const text = `Created ${names.length} view${names.length === 1 ? '' : 's'} in the ${quoteName(to)} database`;
  return { before: [{ kind: 'rows', columns: [textColumn('summary', 65_700, 250)], rows: [[text]] }] };
};

/** Tables of the performance schema whose counts begin anew. */
const COUNTING = /summary|_history/;

const truncateAll: SysProcedure = (call) => {
  const names = tablesOf(call.x.session, 'performance_schema')
    .map((table) => table.name)
    .filter((name) => COUNTING.test(name));
  const told = call.args[0] !== null && call.args[0] !== undefined && toBoolean(call.args[0]);
  const running = names.map((name): RowsOutcome => {
    call.ask(`TRUNCATE TABLE performance_schema.${quoteName(name)}`);
    const text = `Running: TRUNCATE TABLE performance_schema.${name}`;
    return { kind: 'rows', columns: [textColumn('status', 16_777_216, 251)], rows: [[text]] };
  });
  const text = `Truncated ${names.length} tables`;
  const last: RowsOutcome = { kind: 'rows', columns: [textColumn('summary', 28)], rows: [[text]] };
  return { before: [...(told ? running : []), last] };
};

function turnThread(on: boolean): SysProcedure {
  return (call) => {
    const found = rows(
      call,
      `SELECT 1 FROM performance_schema.threads WHERE PROCESSLIST_ID = ${quoted(call.args[0])} AND INSTRUMENTED <> '${on ? 'YES' : 'NO'}'`,
    );
    return summary(on ? 'Enabled' : 'Disabled', BigInt(found[0]?.rows.length ?? 0), 'thread');
  };
}

const PROCEDURES: Readonly<Record<string, SysProcedure>> = {
  __proto__: null as never,
  create_synonym_db: synonymSchema,
  execute_prepared_stmt: executePrepared,
  ps_setup_disable_background_threads: () => summary('Disabled', 29n, 'background thread'),
  ps_setup_disable_consumer: (call) => turn(call, 'consumers', false),
  ps_setup_disable_instrument: (call) => turn(call, 'instruments', false),
  ps_setup_disable_thread: turnThread(false),
  ps_setup_enable_background_threads: () => summary('Enabled', 0n, 'background thread'),
  ps_setup_enable_consumer: (call) => turn(call, 'consumers', true),
  ps_setup_enable_instrument: (call) => turn(call, 'instruments', true),
  ps_setup_enable_thread: turnThread(true),
  ps_setup_reload_saved: () => NOTHING,
  ps_setup_reset_to_default: () => NOTHING,
  ps_setup_save: () => NOTHING,
  ps_setup_show_disabled: (call) => setup(call, false),
  ps_setup_show_disabled_consumers: (call) => ({ before: rows(call, consumers(false)) }),
  ps_setup_show_disabled_instruments: (call) => ({ before: rows(call, instruments(false)) }),
  ps_setup_show_enabled: (call) => setup(call, true),
  ps_setup_show_enabled_consumers: (call) => ({ before: rows(call, consumers(true)) }),
  ps_setup_show_enabled_instruments: (call) => ({ before: rows(call, instruments(true)) }),
  ps_truncate_all_tables: truncateAll,
  table_exists: tableExists,
};

/** Modes of a procedure's parameters; undefined where schema `sys` has no such procedure. */
export function sysParameters(name: string): readonly string[] | undefined {
  const lower = name.toLowerCase();
  const there = systemRows('information_schema.ROUTINES').some(
    ([own, type]) => type === 'PROCEDURE' && own?.toLowerCase() === lower,
  );
  if (!there) return undefined;
  return systemRows('information_schema.PARAMETERS')
    .filter(([, schema, routine]) => schema === 'sys' && routine?.toLowerCase() === lower)
    .map((row) => row[4] ?? 'IN');
}

/** One procedure of schema `sys` by name; undefined where it is not one of those that can be called here. */
export function sysProcedure(name: string): SysProcedure | undefined {
  return PROCEDURES[name.toLowerCase()];
}
