// SET: what each system variable takes, which scope may set it, and what the client is told of it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/set-variable.html; permissions as recorded from 9.7.
import type { VariableFacts } from '../../persona/catalogue.ts';
import type { SetItem } from '../../sql/ast/administration.ts';
import type { Expression } from '../../sql/ast/expression.ts';
import type { Statement } from '../../sql/ast/statement.ts';
import { compile } from '../../sql/compile.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution, LocalName } from '../../sql/execution.ts';
import { Scope } from '../../sql/scope.ts';
import { compilerOf } from '../../sql/select.ts';
import { toInteger, toNumber, toText, type Value } from '../../sql/value/value.ts';
import { TYPE } from '../../wire/constants.ts';
import { variableChange } from '../../wire/session-track.ts';
import { OK, type Outcome } from '../outcome.ts';
import type { Session } from '../session.ts';
import { zoneOffsetMs } from '../time-zone.ts';
import { findVariable, isSwitch, variableText } from '../variables.ts';
import {
  convertCharset,
  convertCollation,
  isCharsetVariable,
  isCollationVariable,
  setCharset,
  setNames,
  setPartner,
} from './set-charset.ts';

const TRACKED = new Set([
  'time_zone',
  'autocommit',
  'character_set_client',
  'character_set_results',
  'character_set_connection',
]);
const SQL_MODES = new Set(
  'REAL_AS_FLOAT PIPES_AS_CONCAT ANSI_QUOTES IGNORE_SPACE ONLY_FULL_GROUP_BY NO_UNSIGNED_SUBTRACTION NO_DIR_IN_CREATE ANSI NO_AUTO_VALUE_ON_ZERO NO_BACKSLASH_ESCAPES STRICT_TRANS_TABLES STRICT_ALL_TABLES NO_ZERO_IN_DATE NO_ZERO_DATE ALLOW_INVALID_DATES ERROR_FOR_DIVISION_BY_ZERO TRADITIONAL HIGH_NOT_PRECEDENCE NO_ENGINE_SUBSTITUTION PAD_CHAR_TO_FULL_LENGTH TIME_TRUNCATE_FRACTIONAL'.split(
    ' ',
  ),
);
const COMPOUND_MODES: Readonly<Record<string, string>> = {
  ANSI: 'REAL_AS_FLOAT,PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE,ONLY_FULL_GROUP_BY,ANSI',
  TRADITIONAL:
    'STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,TRADITIONAL,NO_ENGINE_SUBSTITUTION',
};
/** Modes in the order the server lists them. */
const MODE_ORDER = [...SQL_MODES];
const STRICT_PARTS = ['STRICT_TRANS_TABLES', 'NO_ZERO_IN_DATE', 'NO_ZERO_DATE', 'ERROR_FOR_DIVISION_BY_ZERO'];
const ENUM_VALUES: Readonly<Record<string, readonly string[]>> = {
  transaction_isolation: ['READ-UNCOMMITTED', 'READ-COMMITTED', 'REPEATABLE-READ', 'SERIALIZABLE'],
  binlog_format: ['MIXED', 'STATEMENT', 'ROW'],
  completion_type: ['NO_CHAIN', 'CHAIN', 'RELEASE'],
  default_storage_engine: ['InnoDB', 'MyISAM', 'MEMORY', 'CSV', 'ARCHIVE', 'BLACKHOLE', 'MRG_MYISAM'],
};
/** Directories the server may write a log into; others do not exist in the image or are not its own. */
const LOG_PATH = /^(\/tmp\/|\/var\/lib\/mysql\/|\/var\/lib\/mysql-files\/|\/var\/run\/mysqld\/|\.\/)?[^/]+$/;
const LOG_FILES = new Set(['general_log_file', 'slow_query_log_file']);
const DEPRECATED: Readonly<Record<string, string>> = {
  log_bin_trust_function_creators: '',
  binlog_format: '',
  replica_parallel_type: '',
  old_alter_table: '',
};

function evaluate(x: Execution, e: Expression): Value {
  // A bare word is a value here: SET sql_mode = ANSI, SET default_storage_engine = InnoDB.
  if (e.kind === 'column' && e.path.length === 1) return e.path[0] as string;
  return compile(compilerOf(x), e, new Scope([], undefined)).get({ values: [] });
}

/** The value as the variable keeps it; throws 1231 or 1232 where it cannot. */
function convert(x: Execution, facts: VariableFacts, value: Value): Value {
  const shownValue = value === null ? 'NULL' : (toText(value) as string);
  const wrong = () => sqlError('ER_WRONG_VALUE_FOR_VAR', facts.name, shownValue);
  if (facts.name === 'sql_mode') return convertModes(x, value, wrong);
  if (isCharsetVariable(facts.name)) return convertCharset(x, facts, value);
  if (isCollationVariable(facts.name)) return convertCollation(x, facts, value);
  if (LOG_FILES.has(facts.name) && !LOG_PATH.test(shownValue)) throw wrong();
  if (facts.name === 'time_zone' && zoneOffsetMs(shownValue) === undefined)
    throw sqlError('ER_UNKNOWN_TIME_ZONE', shownValue);
  if (isSwitch(facts)) return convertSwitch(facts, value, wrong);
  const choices = ENUM_VALUES[facts.name];
  if (choices) return convertChoice(choices, value, wrong);
  if (facts.wire?.type === TYPE.DOUBLE) {
    if (typeof value === 'string' || value === null) throw sqlError('ER_WRONG_TYPE_FOR_VAR', facts.name);
    return toNumber(value);
  }
  if (facts.wire?.text === false) return convertInteger(x, facts, value);
  if (typeof value === 'bigint' && facts.dataType === 'Enumeration') return String(value);
  if (typeof value === 'bigint' && facts.dataType === 'String') throw sqlError('ER_WRONG_TYPE_FOR_VAR', facts.name);
  if (value === null && !facts.isNull) throw wrong();
  return value === null ? null : shownValue;
}

function convertInteger(x: Execution, facts: VariableFacts, value: Value): Value {
  if (typeof value !== 'bigint') throw sqlError('ER_WRONG_TYPE_FOR_VAR', facts.name);
  const [low, high] = [facts.min, facts.max].map((text) => (/^-?\d+$/.test(text) ? BigInt(text) : undefined));
  const bent = low !== undefined && value < low ? low : high !== undefined && high > 0n && value > high ? high : value;
  if (bent !== value) x.session.addWarning('Warning', 1292, `Truncated incorrect ${facts.name} value: '${value}'`);
  return bent;
}

function convertSwitch(facts: VariableFacts, value: Value, wrong: () => Error): Value {
  if (value === 0n || value === 1n) return value;
  const word = typeof value === 'string' ? value.toUpperCase() : '';
  if (['ON', 'TRUE'].includes(word)) return 1n;
  if (['OFF', 'FALSE'].includes(word)) return 0n;
  if (typeof value === 'number') throw sqlError('ER_WRONG_TYPE_FOR_VAR', facts.name);
  throw wrong();
}

function convertChoice(choices: readonly string[], value: Value, wrong: () => Error): Value {
  const found =
    typeof value === 'bigint'
      ? choices[Number(value)]
      : choices.find((choice) => choice.toLowerCase() === (toText(value) ?? '').toLowerCase());
  if (found === undefined) throw wrong();
  return found;
}

function convertModes(x: Execution, value: Value, wrong: () => Error): Value {
  if (value === null) throw wrong();
  if (typeof value === 'bigint') return value === 0n ? '' : x.session.sqlMode();
  const asked = new Set<string>();
  for (const part of (toText(value) as string).split(',')) {
    const mode = part.trim().toUpperCase();
    if (mode === '') continue;
    if (!SQL_MODES.has(mode)) throw sqlError('ER_WRONG_VALUE_FOR_VAR', 'sql_mode', part.trim());
    for (const each of (COMPOUND_MODES[mode] ?? mode).split(',')) asked.add(each);
  }
  const strictness = STRICT_PARTS.filter((mode) => asked.has(mode)).length;
  const whole = asked.has('STRICT_TRANS_TABLES') || asked.has('STRICT_ALL_TABLES');
  if ((strictness > 0 || whole) && !(whole && STRICT_PARTS.slice(1).every((mode) => asked.has(mode)))) {
    x.session.addWarning(
      'Warning',
      3135,
      "'NO_ZERO_DATE', 'NO_ZERO_IN_DATE' and 'ERROR_FOR_DIVISION_BY_ZERO' sql modes should be used with strict mode. They will be merged with strict mode in a future release.",
    );
  }
  return MODE_ORDER.filter((mode) => asked.has(mode)).join(',');
}

function refuseScope(facts: VariableFacts, global: boolean): void {
  const code = global ? facts.writeGlobal : facts.writeSession;
  const otherCode = global ? facts.writeSession : facts.writeGlobal;
  if (code !== 1238) return;
  if (otherCode === 1238) throw sqlError('ER_INCORRECT_GLOBAL_LOCAL_VAR', facts.name, 'read only');
  throw global ? sqlError('ER_LOCAL_VARIABLE', facts.name) : sqlError('ER_GLOBAL_VARIABLE', facts.name);
}

function defaultOf(facts: VariableFacts, session: Session, global: boolean): Value {
  if (!global) return session.readVariable(facts.name, facts.readGlobal === 0 ? 'global' : '').value;
  const { persona } = session.server.options;
  const text = persona.variables[facts.name] ?? facts.value;
  if (facts.wire?.text === false && isSwitch(facts)) return text === 'ON' ? 1n : 0n;
  return facts.wire?.text === false
    ? facts.wire.type === TYPE.DOUBLE
      ? Number(text)
      : (toInteger(text) as bigint)
    : text;
}

/** Sets one system variable; gives its name where the session's own changed. */
function assign(x: Execution, item: Extract<SetItem, { kind: 'system' }>): readonly string[] {
  const { session } = x;
  const facts = findVariable(item.name);
  if (!facts) throw sqlError('ER_UNKNOWN_SYSTEM_VARIABLE', item.name);
  const global = item.scope === 'global' || item.scope === 'persist' || item.scope === 'persist_only';
  if (item.scope !== 'persist_only') refuseScope(facts, global);
  const value =
    item.value === undefined ? defaultOf(facts, session, global) : convert(x, facts, evaluate(x, item.value));
  if (DEPRECATED[facts.name] !== undefined || (facts.name.startsWith('log_bin_trust') && global))
    x.session.addWarning('Warning', 1287, `'@@${facts.name}' is deprecated and will be removed in a future release.`);
  if (item.scope === 'persist_only') return [];
  if (global) {
    session.overlay.globals.set(facts.name, value);
    return [];
  }
  setSession(session, facts, value);
  return [facts.name];
}

function setSession(session: Session, facts: VariableFacts, value: Value): void {
  if (facts.name === 'resultset_metadata' && value === 'NONE' && !session.mayOmitMetadata)
    throw sqlError('ER_CLIENT_DOESNT_SUPPORT_METADATA');
  // Autocommit commits what was open without it; where it is on already, nothing ends.
  if (facts.name === 'autocommit' && value === 1n && !session.autocommit) session.transaction.commitByTheWay();
  session.variables.set(facts.name, value);
  if (facts.name === 'last_insert_id' || facts.name === 'identity') session.lastInsertId = value as bigint;
  setPartner(session, facts.name, value);
}

function setTransaction(x: Execution, item: Extract<SetItem, { kind: 'transaction' }>): readonly string[] {
  const { session } = x;
  if (item.scope === '') {
    if (session.transaction.open) throw sqlError('ER_CANT_CHANGE_TX_CHARACTERISTICS');
    if (item.readOnly !== undefined) session.transaction.nextReadOnly = item.readOnly;
    return [];
  }
  const target = item.scope === 'global' ? session.overlay.globals : session.variables;
  if (item.isolation) target.set('transaction_isolation', item.isolation);
  if (item.readOnly !== undefined) target.set('transaction_read_only', item.readOnly ? 1n : 0n);
  return [];
}

const ITEMS: {
  readonly [K in SetItem['kind']]: (x: Execution, item: Extract<SetItem, { kind: K }>) => readonly string[];
} = {
  user: (x, item) => {
    x.session.setUserVariable(
      item.name,
      compile(compilerOf(x), item.value, new Scope([], undefined)).get({ values: [] }),
    );
    return [];
  },
  system: assign,
  names: setNames,
  charset: setCharset,
  transaction: setTransaction,
};

/** A routine's own variable, or NEW's column in a trigger, which SET means before any of the server's. */
function localOf(x: Execution, item: SetItem): LocalName | undefined {
  return item.kind === 'system' && item.scope === '' ? x.names?.find(item.name.split('.')) : undefined;
}

export function runSet(x: Execution, statement: Extract<Statement, { kind: 'set' }>): Outcome {
  // The server checks every name before it sets any.
  for (const item of statement.items)
    if (item.kind === 'system' && !localOf(x, item) && !findVariable(item.name))
      throw sqlError('ER_UNKNOWN_SYSTEM_VARIABLE', item.name);
  const changed = statement.items.flatMap((item) => {
    const local = localOf(x, item);
    if (!local || item.kind !== 'system')
      return (ITEMS[item.kind] as (x: Execution, item: SetItem) => readonly string[])(x, item);
    local.set(item.value ? compile(compilerOf(x), item.value, new Scope([], undefined)).get({ values: [] }) : null);
    return [];
  });
  const changes = [...new Set(changed)]
    .filter((name) => TRACKED.has(name))
    .sort()
    .map((name) => variableChange(name, variableText(x.session, findVariable(name) as VariableFacts, false)));
  return changes.length === 0 ? OK : { kind: 'ok', changes };
}
