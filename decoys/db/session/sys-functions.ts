// Functions of schema `sys`: what each takes and gives, one entry a function.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sys-schema-functions.html; results and errors as answered by a live 9.7.4.

import type { ColumnType } from '../sql/ast/table.ts';
import { SqlError } from '../sql/errors.ts';
import type { Execution } from '../sql/execution.ts';
import { quoteName } from '../sql/quote-name.ts';
import { toNumber, toText, type Value } from '../sql/value/value.ts';
import type { Session } from './session.ts';
import { threadRows } from './system-rows/threads.ts';
import { threadIdOf } from './thread-id.ts';

export interface SysFunction {
  readonly returns: ColumnType;
  readonly parameters: number;
  readonly call: (x: Execution, args: readonly Value[]) => Value;
}

function type(name: string, options: Partial<ColumnType> = {}): ColumnType {
  return {
    name,
    length: undefined,
    decimals: undefined,
    unsigned: false,
    zerofill: false,
    values: [],
    charset: '',
    collation: '',
    ...options,
  };
}

const TEXT = type('text');
const LONGTEXT = type('longtext');
const YES_NO = type('enum', { values: ['YES', 'NO'] });

/** A function of texts that is NULL where its first argument is. */
function ofText(returns: ColumnType, call: (text: string, x: Execution) => string): SysFunction {
  return {
    returns,
    parameters: 1,
    call: (x, [value]) => (value === null || value === undefined ? null : call(toText(value) as string, x)),
  };
}

const BYTE_UNITS: readonly (readonly [number, string])[] = [
  [2 ** 60, 'EiB'],
  [2 ** 50, 'PiB'],
  [2 ** 40, 'TiB'],
  [2 ** 30, 'GiB'],
  [2 ** 20, 'MiB'],
  [2 ** 10, 'KiB'],
];
const BYTES_DIGITS = 4;

function formatBytes(value: number): string {
  const unit = BYTE_UNITS.find(([size]) => Math.abs(value) >= size);
  if (!unit) return `${Math.trunc(value).toFixed().padStart(BYTES_DIGITS)} bytes`;
  return `${(value / unit[0]).toFixed(2)} ${unit[1]}`;
}

/** Units of time in picoseconds, largest first. */
const TIME_UNITS: readonly (readonly [number, string])[] = [
  [604_800e12, 'w'],
  [86_400e12, 'd'],
  [3_600e12, 'h'],
  [60e12, 'm'],
  [1e12, 's'],
  [1e9, 'ms'],
  [1e6, 'us'],
  [1e3, 'ns'],
];

/** Two decimals at most, none where they are zeros. */
function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function formatTime(text: string): string {
  const value = toNumber(text) ?? 0;
  const unit = TIME_UNITS.find(([size]) => value >= size);
  return unit ? `${rounded(value / unit[0])} ${unit[1]}` : `${text} ps`;
}

/** A value of sys.sys_config, or of the session's variable `@sys.NAME` that stands for it. */
function configured(x: Execution, name: string, fallback: Value): Value {
  const own = x.session.userVariables.get(`sys.${name}`);
  if (own !== null) return own;
  const table = x.session.table('sys', 'sys_config');
  const found = table.rows(x).find((row) => toText(row[0] as Value)?.toLowerCase() === name.toLowerCase());
  return found ? (found[1] as Value) : fallback;
}

const TRUNCATE_CHARACTERS = 64;

function formatStatement(text: string, x: Execution): string {
  const longest = toNumber(configured(x, 'statement_truncate_len', TRUNCATE_CHARACTERS)) ?? TRUNCATE_CHARACTERS;
  return shortStatement(text, longest);
}

/** A statement on one line, of at most `longest` characters: its middle is left out. */
export function shortStatement(text: string, longest = TRUNCATE_CHARACTERS): string {
  const line = text.replaceAll('\n', ' ');
  if (text.length <= longest) return line;
  const half = Math.max(0, Math.floor(longest / 2) - 2);
  return `${line.slice(0, half)} ... ${half === 0 ? '' : line.slice(-half)}`;
}

/** Directories a path is told by, in the order they are tried. */
const DIRECTORIES = [
  'datadir',
  'tmpdir',
  'replica_load_tmpdir',
  'innodb_data_home_dir',
  'innodb_log_group_home_dir',
  'innodb_undo_directory',
  'basedir',
];

/** A path with the directory it begins with told by its variable's name, as sys.format_path tells it. */
export function formatPath(path: string, session: Session): string {
  for (const name of DIRECTORIES) {
    const directory = session.text(name).replace(/\/$/, '');
    if (directory !== '' && path.startsWith(`${directory}/`)) return `@@${name}${path.slice(directory.length)}`;
  }
  return path;
}

function notNull(functionName: string, parameter: string, value: Value | undefined): string {
  if (value === null || value === undefined)
    throw new SqlError(1138, '02200', `Function sys.${functionName}: ${parameter} input variable should not be NULL`);
  return toText(value) as string;
}

/** What is before the file name; the whole path where that is all there is. */
function directoryOf(path: string): string {
  const parts = path.split('/');
  return parts.length < 2 ? path : (parts.at(-2) as string);
}

function tableOf(path: string): string {
  const file = path.split('/').at(-1) as string;
  return file.split('.')[0]?.replaceAll('@0024', '$') ?? '';
}

/** A text without a character, as often as it stands, at both ends. */
function withoutOuter(text: string, character: string): string {
  let [from, to] = [0, text.length];
  while (from < to && text[from] === character) from++;
  while (to > from && text[to - 1] === character) to--;
  return text.slice(from, to);
}

function yesNo(yes: boolean): string {
  return yes ? 'YES' : 'NO';
}

/** Columns ENABLED of the row of a setup table whose first column is `name`. */
function enabledIn(x: Execution, table: string, name: string): string | undefined {
  const found = x.session.table('performance_schema', table).rows(x);
  return toText(found.find((row) => toText(row[0] as Value) === name)?.[1] ?? null) ?? undefined;
}

/** Instruments that are on unless they are told otherwise: all but those of waits and stages, and of those files and tables. */
function onByDefault(name: string): boolean {
  if (/^wait\/(io\/(file|table)\/|lock\/|idle)/.test(name)) return true;
  return !/^(wait|stage)\//.test(name) || name === 'stage/innodb/alter table (end)';
}

function isOnByDefault(x: Execution, name: Value): Value {
  if (name === null) return 'YES';
  x.spend(1);
  return yesNo(onByDefault(toText(name) as string));
}

function threadOf(x: Execution, id: Value): ReturnType<typeof threadRows>[number] | undefined {
  const wanted = toNumber(id);
  return threadRows(x.session).find((row) => Number(row.THREAD_ID) === wanted);
}

function versionPart(at: number): SysFunction {
  return {
    returns: type('tinyint', { unsigned: true }),
    parameters: 0,
    call: (x) => BigInt(x.session.version().split('.')[at] ?? 0),
  };
}

export const SYS_FUNCTIONS: Readonly<Record<string, SysFunction>> = {
  __proto__: null as never,
  format_bytes: ofText(TEXT, (text) => formatBytes(toNumber(text) ?? 0)),
  format_time: ofText(TEXT, formatTime),
  format_statement: ofText(LONGTEXT, formatStatement),
  format_path: ofText(type('varchar', { length: 512 }), (path, x) => formatPath(path, x.session)),
  quote_identifier: ofText(TEXT, quoteName),
  extract_schema_from_file_name: ofText(type('varchar', { length: 64 }), directoryOf),
  extract_table_from_file_name: ofText(type('varchar', { length: 64 }), tableOf),
  list_add: {
    returns: TEXT,
    parameters: 2,
    call: (_x, [list, value]) => {
      const added = notNull('list_add', 'in_add_value', value);
      const before = toText(list ?? null);
      return before === null || before === '' ? added : `${withoutOuter(before, ',')},${added}`;
    },
  },
  list_drop: {
    returns: TEXT,
    parameters: 2,
    call: (_x, [list, value]) => {
      const dropped = notNull('list_drop', 'in_drop_value', value).trim();
      const before = toText(list ?? null);
      if (before === null || before === '') return before;
      return before
        .split(',')
        .filter((part) => part.trim() !== dropped)
        .join(',');
    },
  },
  ps_is_account_enabled: {
    returns: YES_NO,
    parameters: 2,
    call: (x, [host, user]) => {
      const actors = x.session.table('performance_schema', 'setup_actors').rows(x);
      const matches = (pattern: Value, value: Value | undefined) => pattern === '%' || pattern === value;
      return yesNo(
        actors.some((row) => matches(row[0] as Value, host) && matches(row[1] as Value, user) && row[3] === 'YES'),
      );
    },
  },
  ps_is_consumer_enabled: {
    returns: YES_NO,
    parameters: 1,
    call: (x, [name]) => {
      if (name === null || name === undefined) return null;
      const enabled = enabledIn(x, 'setup_consumers', toText(name) as string);
      if (enabled !== undefined) return enabled;
      throw new SqlError(
        3047,
        'HY000',
        `Invalid argument error: ${toText(name)} in function sys.ps_is_consumer_enabled.`,
      );
    },
  },
  ps_is_instrument_default_enabled: {
    returns: YES_NO,
    parameters: 1,
    call: (x, [name]) => isOnByDefault(x, name ?? null),
  },
  ps_is_instrument_default_timed: {
    returns: YES_NO,
    parameters: 1,
    call: (x, [name]) => isOnByDefault(x, name ?? null),
  },
  ps_is_thread_instrumented: {
    returns: type('enum', { values: ['YES', 'NO', 'UNKNOWN'] }),
    parameters: 1,
    call: (x, [id]) => {
      if (id === null || id === undefined) return null;
      const found = threadRows(x.session).find((row) => Number(row.PROCESSLIST_ID ?? -1) === toNumber(id));
      return found ? (found.INSTRUMENTED as Value) : 'UNKNOWN';
    },
  },
  ps_thread_account: {
    returns: TEXT,
    parameters: 1,
    call: (x, [id]) => {
      const found = threadOf(x, id ?? null);
      if (!found) return null;
      return found.TYPE === 'FOREGROUND'
        ? `${toText(found.PROCESSLIST_USER as Value)}@${toText(found.PROCESSLIST_HOST as Value)}`
        : 'BACKGROUND';
    },
  },
  ps_thread_id: {
    returns: type('bigint', { unsigned: true }),
    parameters: 1,
    call: (x, [id]) => {
      if (id === null || id === undefined) return threadIdOf(x.session.connectionId);
      const found = threadRows(x.session).find((row) => Number(row.PROCESSLIST_ID ?? -1) === toNumber(id));
      return (found?.THREAD_ID as Value | undefined) ?? null;
    },
  },
  ps_thread_stack: { returns: LONGTEXT, parameters: 2, call: () => null },
  ps_thread_trx_info: { returns: LONGTEXT, parameters: 1, call: () => null },
  sys_get_config: {
    returns: type('varchar', { length: 128 }),
    parameters: 2,
    call: (x, [name, fallback]) => configured(x, toText(name ?? null) ?? '', fallback ?? null),
  },
  version_major: versionPart(0),
  version_minor: versionPart(1),
  version_patch: versionPart(2),
};
