// What SET makes of InnoDB's variables that hang together: I/O, dirty pages, the redo log, the buffer pool, its tables.
// Source: https://dev.mysql.com/doc/refman/9.7/en/innodb-parameters.html; warnings as answered by a live 9.7.4.
import type { VariableFacts } from '../../persona/system-variables.ts';
import { type SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import type { Value } from '../../sql/value/value.ts';
import { ownTable } from '../schemas.ts';
import type { Session } from '../session.ts';

type Convert = (x: Execution, facts: VariableFacts, value: Value, wrong: () => SqlError) => Value;

/** The buffer pool grows and shrinks by whole chunks, in bytes. */
const CHUNK = 134_217_728n;
/** Its variable is kept in blocks of so many bytes. */
const POOL_BLOCK = 1_048_576n;
const POOL_LEAST = 5_242_880n;
/** What of the redo log each thread inside InnoDB may need, in bytes, and threads of its own; of the log so many percent are for them. */
const REDO_A_THREAD = 131_072n;
const OWN_THREADS = 10n;
const FOR_THREADS = 85n;

function warn(session: Session, message: string): void {
  session.addWarning('Warning', 1210, message);
}

function truncated(session: Session, name: string, value: Value): void {
  session.addWarning('Warning', 1292, `Truncated incorrect ${name} value: '${value}'`);
}

const poolSize: Convert = (x, { name }, value) => {
  if (typeof value !== 'bigint') throw sqlError('ER_WRONG_TYPE_FOR_VAR', name);
  const least = value < POOL_LEAST ? POOL_LEAST : value;
  const whole = least - (least % POOL_BLOCK);
  if (whole !== value) truncated(x.session, name, value);
  if (whole < CHUNK) {
    warn(x.session, `InnoDB: Cannot resize buffer pool to lesser than chunk size of ${CHUNK} bytes.`);
    return x.session.readVariable(name, 'global').value;
  }
  if (whole % CHUNK === 0n) return whole;
  truncated(x.session, name, whole);
  return (whole / CHUNK + 1n) * CHUNK;
};

/** A table of stopwords has one column of text, `value`; none of a name that is no table's. */
const tableName: Convert = (x, facts, value, wrong) => {
  if (value === null) return null;
  if (typeof value !== 'string') throw sqlError('ER_WRONG_TYPE_FOR_VAR', facts.name);
  const [schema = '', table = ''] = value.split('/');
  if (value !== '' && !ownTable(x.session, schema, table)) throw wrong();
  return value;
};

const directory: Convert = (x, facts, value, wrong) => {
  if (value === null) return null;
  if (typeof value !== 'string') throw sqlError('ER_WRONG_TYPE_FOR_VAR', facts.name);
  if (value === '' || /^\/(tmp|var\/tmp)\/?$/.test(value)) return value;
  warn(x.session, "InnoDB: Path doesn't exist.");
  throw wrong();
};

const archiveDirectories: Convert = (_x, facts, value, wrong) => {
  if (value === null) return null;
  if (typeof value !== 'string') throw sqlError('ER_WRONG_TYPE_FOR_VAR', facts.name);
  if (value !== '' && !value.split(';').every((each) => each.includes(':'))) throw wrong();
  return value;
};

export const INNODB_VARIABLES: Readonly<Record<string, Convert>> = {
  innodb_buffer_pool_size: poolSize,
  innodb_ft_aux_table: tableName,
  innodb_ft_server_stopword_table: tableName,
  innodb_ft_user_stopword_table: tableName,
  innodb_tmpdir: directory,
  innodb_redo_log_archive_dirs: archiveDirectories,
};

type Settle = (session: Session, value: Value, other: Value) => Value;

function capacity(session: Session, value: Value, most: Value): Value {
  if ((value as bigint) <= (most as bigint)) return value;
  warn(session, 'innodb_io_capacity cannot be set higher than innodb_io_capacity_max.');
  warn(session, `Setting innodb_io_capacity to ${most}`);
  return most;
}

function capacityMax(session: Session, value: Value, least: Value): Value {
  if ((value as bigint) >= (least as bigint)) return value;
  warn(session, 'innodb_io_capacity_max cannot be set lower than innodb_io_capacity.');
  warn(session, `Setting innodb_io_capacity_max to ${least}`);
  return least;
}

function dirtyPages(session: Session, value: Value, lowWater: Value): Value {
  if (Number(value) >= Number(lowWater)) return value;
  warn(session, 'innodb_max_dirty_pages_pct cannot be set lower than innodb_max_dirty_pages_pct_lwm.');
  warn(session, `Lowering innodb_max_dirty_page_pct_lwm to ${Number(value).toFixed(6)}`);
  session.overlay.globals.set('innodb_max_dirty_pages_pct_lwm', value);
  return value;
}

function lowWaterMark(session: Session, value: Value, most: Value): Value {
  if (Number(value) <= Number(most)) return value;
  warn(session, 'innodb_max_dirty_pages_pct_lwm cannot be set higher than innodb_max_dirty_pages_pct.');
  warn(session, `Setting innodb_max_dirty_page_pct_lwm to ${Number(most).toFixed(6)}`);
  return most;
}

function isTight(threads: Value, redo: Value): boolean {
  return ((threads as bigint) + OWN_THREADS) * REDO_A_THREAD * 100n >= (redo as bigint) * FOR_THREADS;
}

function threads(session: Session, value: Value, redo: Value): Value {
  if (isTight(value, redo))
    warn(
      session,
      'Current innodb_thread_concurrency is too big for safety of redo log files. Consider decreasing it or increasing innodb_redo_log_capacity.',
    );
  return value;
}

function redoCapacity(session: Session, value: Value, inside: Value): Value {
  if (isTight(inside, value))
    warn(
      session,
      'Current innodb_redo_log_capacity is too small for safety of redo log files. Consider increasing it or decreasing innodb_thread_concurrency.',
    );
  return value;
}

/** Variables that look at another one before they are set. */
const PAIRS: Readonly<Record<string, readonly [other: string, settle: Settle]>> = {
  __proto__: null as never,
  innodb_io_capacity: ['innodb_io_capacity_max', capacity],
  innodb_io_capacity_max: ['innodb_io_capacity', capacityMax],
  innodb_max_dirty_pages_pct: ['innodb_max_dirty_pages_pct_lwm', dirtyPages],
  innodb_max_dirty_pages_pct_lwm: ['innodb_max_dirty_pages_pct', lowWaterMark],
  innodb_thread_concurrency: ['innodb_redo_log_capacity', threads],
  innodb_redo_log_capacity: ['innodb_thread_concurrency', redoCapacity],
};

/** The value a global variable of InnoDB gets, beside the one it hangs together with; warns 1210 where it gives way. */
export function settleInnodb(session: Session, name: string, value: Value): Value {
  const [other, settle] = PAIRS[name] ?? [];
  if (other === undefined || !settle) return value;
  return settle(session, value, session.readVariable(other, 'global').value);
}
