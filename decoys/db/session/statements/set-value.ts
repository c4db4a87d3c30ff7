// What SET makes of a value: the variable's own kind and range, or the error MySQL answers.
// Source: https://dev.mysql.com/doc/refman/9.7/en/server-system-variables.html; errors as answered by a live 9.7.4.
import { findLocale } from '../../persona/locale-names.ts';
import { systemRows } from '../../persona/system-tables.ts';
import type { VariableFacts } from '../../persona/system-variables.ts';
import { type SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { toNumber, toText, type Value } from '../../sql/value/value.ts';
import { TYPE } from '../../wire/constants.ts';
import { zoneOffsetMs } from '../time-zone.ts';
import { CHOICES, DEPRECATED, NULLABLE, WORD_SETS } from '../variable-choices.ts';
import { isSwitch, variableText } from '../variables.ts';
import { INNODB_VARIABLES } from './set-innodb.ts';
import { SERVER_VARIABLES } from './set-server.ts';
import { convertModes } from './sql-modes.ts';

/** Directories the server may write a log into: it is refused where it may not, and where there is none. */
const LOG_PATH = /^(\/tmp\/|\/var\/lib\/mysql\/|\/var\/lib\/mysql-files\/|\/var\/run\/mysqld\/|\.\/)?[^/]+$/;

/** Variables that are kept in whole blocks of so many bytes. */
const BLOCKS: Readonly<Record<string, bigint>> = {
  __proto__: null as never,
  ...Object.fromEntries(
    (
      [
        [
          1024n,
          'max_allowed_packet net_buffer_length max_heap_table_size query_alloc_block_size query_prealloc_size range_alloc_block_size transaction_alloc_block_size transaction_prealloc_size replica_max_allowed_packet slave_max_allowed_packet replica_pending_jobs_size_max slave_pending_jobs_size_max',
        ],
        [
          4096n,
          'key_buffer_size read_buffer_size max_binlog_size max_relay_log_size binlog_cache_size binlog_stmt_cache_size max_binlog_cache_size max_binlog_stmt_cache_size preload_buffer_size_block',
        ],
        [128n, 'join_buffer_size'],
        [512n, 'key_cache_block_size'],
        [100n, 'key_cache_age_threshold'],
      ] as const
    ).flatMap(([bytes, names]) => names.split(' ').map((name) => [name, bytes])),
  ),
};

const FARTHEST_ZONE_MS = 14 * 3_600_000;
const FARTHEST_WEST_MS = -(13 * 3_600_000 + 59 * 60_000);

/** A zone as hours and minutes from UTC, which is kept with two digits of each. */
const DISPLACEMENT = /^([+-])(\d{1,2}):(\d{1,2})$/;

type Wrong = (shown?: string) => SqlError;
type Convert = (x: Execution, facts: VariableFacts, value: Value, wrong: Wrong) => Value;

function wrongType(facts: VariableFacts): SqlError {
  return sqlError('ER_WRONG_TYPE_FOR_VAR', facts.name);
}

/** A storage engine as the server spells it; throws 1286 for one there is not. */
const storageEngine: Convert = (_x, facts, value, wrong) => {
  if (value === null) {
    if (NULLABLE.has(facts.name)) return null;
    throw wrong();
  }
  if (typeof value !== 'string') throw wrongType(facts);
  const known = systemRows('information_schema.ENGINES').find(([name]) => name?.toLowerCase() === value.toLowerCase());
  if (!known) throw sqlError('ER_UNKNOWN_STORAGE_ENGINE', value);
  return known[0] as string;
};

const locale: Convert = (_x, facts, value, wrong) => {
  if (value === null) throw wrong();
  if (typeof value !== 'string' && typeof value !== 'bigint') throw wrongType(facts);
  const found = findLocale(typeof value === 'bigint' ? Number(value) : value);
  if (found === undefined) throw sqlError('ER_UNKNOWN_LOCALE', String(value));
  return found;
};

const timeZone: Convert = (_x, facts, value, wrong) => {
  if (value === null) throw wrong();
  if (typeof value !== 'string') throw wrongType(facts);
  const offset = zoneOffsetMs(value);
  if (offset === undefined || offset > FARTHEST_ZONE_MS || offset < FARTHEST_WEST_MS)
    throw sqlError('ER_UNKNOWN_TIME_ZONE', value);
  if (value.toUpperCase() === 'SYSTEM') return 'SYSTEM';
  const displaced = DISPLACEMENT.exec(value);
  return displaced ? `${displaced[1]}${displaced[2]?.padStart(2, '0')}:${displaced[3]?.padStart(2, '0')}` : value;
};

const logFile: Convert = (_x, facts, value, wrong) => {
  if (value !== null && typeof value !== 'string') throw wrongType(facts);
  if (value === null || !LOG_PATH.test(value)) throw wrong();
  return value;
};

/** `flag=on,flag=off,flag=default`, or `default` for all: the flags that are not named stay as they are. */
const flags: Convert = (x, facts, value, wrong) => {
  if (value === null) throw wrong();
  if (typeof value !== 'string') throw wrongType(facts);
  const initial = new Map(facts.value.split(',').map((part) => part.split('=') as [string, string]));
  const now = new Map(
    variableText(x.session, facts, false)
      .split(',')
      .map((part) => part.split('=') as [string, string]),
  );
  const named = new Set<string>();
  for (const part of value === '' ? [] : value.split(',')) {
    const [name = '', state = ''] = part.trim().toLowerCase().split('=');
    if (name === 'default' && state === '') {
      for (const [flag, before] of initial) if (!named.has(flag)) now.set(flag, before);
      continue;
    }
    if (!initial.has(name) || named.has(name) || !['on', 'off', 'default'].includes(state))
      throw wrong(value.slice(value.indexOf(part)));
    named.add(name);
    now.set(name, state === 'default' ? (initial.get(name) as string) : state);
  }
  return [...now].map(([name, state]) => `${name}=${state}`).join(',');
};

/** A log goes somewhere, and be it NONE. */
const logOutput: Convert = (x, facts, value, wrong) => {
  if (value === '' || value === 0n) throw wrong();
  const words = WORD_SETS.log_output ?? [];
  return convertWords(words)(x, facts, typeof value === 'string' ? value.replace(/,$/, '') : value, wrong);
};

const BY_NAME: Readonly<Record<string, Convert>> = {
  __proto__: null as never,
  sql_mode: convertModes,
  default_storage_engine: storageEngine,
  default_tmp_storage_engine: storageEngine,
  external_table_storage_engine: storageEngine,
  external_table_secondary_storage_engine: storageEngine,
  lc_time_names: locale,
  lc_messages: locale,
  time_zone: timeZone,
  general_log_file: logFile,
  slow_query_log_file: logFile,
  optimizer_switch: flags,
  optimizer_trace: flags,
  optimizer_trace_features: flags,
  log_output: logOutput,
  ...SERVER_VARIABLES,
  ...INNODB_VARIABLES,
};

/** What a variable is called now that is on its way out under its old name. */
function shownName(name: string): string {
  return DEPRECATED[name] || name;
}

const convertInteger: Convert = (x, facts, value) => {
  if (typeof value !== 'bigint') throw wrongType(facts);
  const [low, high] = [facts.min, facts.max].map((text) => (/^-?\d+$/.test(text) ? BigInt(text) : undefined));
  let bent = low !== undefined && value < low ? low : high !== undefined && high > 0n && value > high ? high : value;
  const block = BLOCKS[facts.name];
  if (block !== undefined && bent % block !== 0n && bent !== high) bent -= bent % block;
  if (bent !== value)
    x.session.addWarning('Warning', 1292, `Truncated incorrect ${shownName(facts.name)} value: '${value}'`);
  return bent;
};

const convertSwitch: Convert = (_x, facts, value, wrong) => {
  if (value === 0n || value === 1n) return value;
  if (value === null || typeof value === 'bigint') throw wrong();
  if (typeof value !== 'string') throw wrongType(facts);
  const word = value.toUpperCase();
  if (word === 'ON' || word === 'TRUE') return 1n;
  if (word === 'OFF' || word === 'FALSE') return 0n;
  throw wrong();
};

const convertNumber: Convert = (x, facts, value) => {
  if (typeof value === 'string' || value === null) throw wrongType(facts);
  const number = toNumber(value) as number;
  const [low, high] = [facts.min, facts.max].map((text) => (text === '' ? Number.NaN : Number(text)));
  const bent = number < (low as number) ? low : (high as number) > 0 && number > (high as number) ? high : number;
  if (bent !== number)
    x.session.addWarning('Warning', 1292, `Truncated incorrect ${facts.name} value: '${toText(value)}'`);
  return bent as number;
};

function convertChoice(choices: readonly string[]): Convert {
  return (_x, facts, value, wrong) => {
    if (value !== null && typeof value !== 'bigint' && typeof value !== 'string') throw wrongType(facts);
    const found =
      typeof value === 'bigint'
        ? choices[Number(value)]
        : choices.find((choice) => choice.toLowerCase() === value?.toLowerCase());
    if (found === undefined) throw wrong();
    return found;
  };
}

function convertWords(words: readonly string[]): Convert {
  return (_x, facts, value, wrong) => {
    if (value === null) throw wrong();
    if (typeof value === 'bigint') {
      if (value < 0n || value >= 1n << BigInt(words.length)) throw wrong();
      return words.filter((_, bit) => (value >> BigInt(bit)) & 1n).join(',');
    }
    if (typeof value !== 'string') throw wrongType(facts);
    const asked = value === '' ? [] : value.split(',').map((word) => word.trim().toUpperCase());
    const unknown = asked.find((word) => !words.includes(word));
    if (unknown !== undefined) throw wrong(unknown === '' ? value : value.slice(value.toUpperCase().indexOf(unknown)));
    return words.filter((word) => asked.includes(word)).join(',');
  };
}

const convertText: Convert = (_x, facts, value, wrong) => {
  if (value === null) {
    if (NULLABLE.has(facts.name) || facts.isNull) return null;
    throw wrong();
  }
  if (typeof value !== 'string' && !Buffer.isBuffer(value)) throw wrongType(facts);
  return toText(value);
};

function converterOf(facts: VariableFacts): Convert {
  const own = BY_NAME[facts.name];
  if (own) return own;
  const choices = CHOICES[facts.name];
  if (choices) return convertChoice(choices);
  const words = WORD_SETS[facts.name];
  if (words) return convertWords(words);
  if (isSwitch(facts)) return convertSwitch;
  if (facts.wire?.type === TYPE.DOUBLE) return convertNumber;
  return facts.wire?.text === false ? convertInteger : convertText;
}

/** The value as the variable keeps it. Throws 1231, 1232 or the error of its kind where it cannot. */
export function convertValue(x: Execution, facts: VariableFacts, value: Value): Value {
  const shown = value === null ? 'NULL' : (toText(value) as string);
  return converterOf(facts)(x, facts, value, (part = shown) => sqlError('ER_WRONG_VALUE_FOR_VAR', facts.name, part));
}
