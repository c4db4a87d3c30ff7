// SET: what each system variable takes, which scope may set it, and what the client is told of it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/set-variable.html; permissions as recorded from 9.7.

import { valueBytes } from '../../overlay/row-bytes.ts';
import type { VariableFacts } from '../../persona/system-variables.ts';
import type { SetItem } from '../../sql/ast/administration.ts';
import type { Expression } from '../../sql/ast/expression.ts';
import type { Statement } from '../../sql/ast/statement.ts';
import { compile } from '../../sql/compile.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution, LocalName } from '../../sql/execution.ts';
import { Scope } from '../../sql/scope.ts';
import { compilerOf } from '../../sql/select.ts';
import { type Steps, valueSteps } from '../../sql/steps.ts';
import { detachedValue } from '../../sql/value/detached.ts';
import { toInteger, type Value } from '../../sql/value/value.ts';
import { TYPE } from '../../wire/constants.ts';
import { OK, type Outcome } from '../outcome.ts';
import { keepPasswordLength } from '../password-policy.ts';
import type { Session } from '../session.ts';
import { deprecation, WITHOUT_DEFAULT } from '../variable-choices.ts';
import { findVariable, isSwitch } from '../variables.ts';
import {
  convertCharset,
  convertCollation,
  isCharsetVariable,
  isCollationVariable,
  setCharset,
  setNames,
  setPartner,
} from './set-charset.ts';
import { endClients, keepSessions, persist, warnSmallPacket } from './set-global.ts';
import { settleInnodb } from './set-innodb.ts';
import { setTracking, trackedNames } from './set-tracking.ts';
import { convertValue } from './set-value.ts';
import { characteristicsAsked } from './transaction.ts';

/** Setting it is itself no change that is told. */
const TELLS_ANYTHING = 'session_track_state_change';

function evaluate(x: Execution, e: Expression): Value {
  // A bare word is a value here: SET sql_mode = ANSI, SET default_storage_engine = InnoDB.
  if (e.kind === 'column' && e.path.length === 1) return e.path[0] as string;
  return compile(compilerOf(x), e, new Scope([], undefined)).get({ values: [] });
}

/** The value as the variable keeps it; throws 1231 or 1232 where it cannot. */
function convert(x: Execution, facts: VariableFacts, value: Value): Value {
  if (facts.name === 'session_track_system_variables') return trackedNames(x.session, value);
  if (isCharsetVariable(facts.name)) return convertCharset(x, facts, value);
  if (isCollationVariable(facts.name)) return convertCollation(x, facts, value);
  return convertValue(x, facts, value);
}

function refuseScope(facts: VariableFacts, global: boolean): void {
  const code = global ? facts.writeGlobal : facts.writeSession;
  const otherCode = global ? facts.writeSession : facts.writeGlobal;
  if (code !== 1238) return;
  if (otherCode === 1238) throw sqlError('ER_INCORRECT_GLOBAL_LOCAL_VAR', facts.name, 'read only');
  throw global ? sqlError('ER_LOCAL_VARIABLE', facts.name) : sqlError('ER_GLOBAL_VARIABLE', facts.name);
}

/** What DEFAULT stands for of variables that have no global value. */
const SESSION_DEFAULTS: Readonly<Record<string, Value>> = {
  __proto__: null as never,
  timestamp: 0n,
  sql_log_bin: 1n,
  original_commit_timestamp: 36_028_797_018_963_968n,
  original_server_version: 999_999n,
  immediate_server_version: 999_999n,
  use_secondary_engine: 'ON',
};

function defaultOf(facts: VariableFacts, session: Session, global: boolean): Value {
  const own = global ? undefined : SESSION_DEFAULTS[facts.name];
  if (own !== undefined) return own;
  if (!global) return session.readVariable(facts.name, facts.readGlobal === 0 ? 'global' : '').value;
  const { persona } = session.server.options;
  if (facts.isNull && persona.variables[facts.name] === undefined) return null;
  const text = persona.variables[facts.name] ?? facts.value;
  if (facts.wire?.text === false && isSwitch(facts)) return text === 'ON' ? 1n : 0n;
  return facts.wire?.text === false
    ? facts.wire.type === TYPE.DOUBLE
      ? Number(text)
      : (toInteger(text) as bigint)
    : text;
}

/** Read-only variables that are not kept for the next start either. */
const NOT_PERSISTED: ReadonlySet<string> = new Set(
  'basedir bind_address character_set_system character_sets_dir core_file datadir have_statement_timeout hostname innodb_read_only innodb_version large_files_support large_page_size license locked_in_memory log_bin log_bin_basename log_bin_index log_error lower_case_file_system pid_file plugin_dir port protocol_version relay_log relay_log_basename relay_log_index secure_file_priv server_uuid skip_external_locking skip_networking socket ssl_fips_mode system_time_zone tmpdir version version_comment version_compile_machine version_compile_os version_compile_zlib'.split(
    ' ',
  ),
);
/** Variables a session has a value of that only the global one gives. */
const GLOBAL_ONLY_TO_SET: ReadonlySet<string> = new Set([
  'max_allowed_packet',
  'net_buffer_length',
  'max_user_connections',
]);
const SKIPPING: ReadonlySet<string> = new Set(['sql_replica_skip_counter', 'sql_slave_skip_counter']);
const SKIPS_NOTHING =
  'The value of sql_replica_skip_counter will only take effect for channels running with ASSIGN_GTIDS_TO_ANONYMOUS_TRANSACTIONS <> OFF.';

/** A join may be as large as it likes. */
const UNLIMITED_JOIN = 18_446_744_073_709_551_615n;

/** Longest text of a session's own variable: what is a session's is booked to nobody. */
const SESSION_CHARACTERS = 4_096;

/** Assigns what was checked; gives the names of the session's own variables that changed. */
type Assignment = () => readonly string[];

/** Looks at one system variable's value; throws where it cannot have it. */
function checkSystem(x: Execution, item: Extract<SetItem, { kind: 'system' }>): Assignment {
  const { session } = x;
  const facts = findVariable(item.name, x.session.overlay);
  if (!facts) throw sqlError('ER_UNKNOWN_SYSTEM_VARIABLE', item.name);
  const global = item.scope === 'global' || item.scope === 'persist' || item.scope === 'persist_only';
  if (item.scope !== 'persist_only') refuseScope(facts, global);
  else if (facts.writeGlobal === 1238 && NOT_PERSISTED.has(facts.name))
    throw sqlError('ER_INCORRECT_GLOBAL_LOCAL_VAR', facts.name, 'non persistent read only');
  if (!global && GLOBAL_ONLY_TO_SET.has(facts.name))
    throw sqlError('ER_VARIABLE_IS_READONLY', 'SESSION', facts.name, 'GLOBAL');
  if (item.value === undefined && WITHOUT_DEFAULT.has(facts.name)) throw sqlError('ER_NO_DEFAULT', facts.name);
  const told = deprecation(facts.name);
  const onlyOff = facts.name === 'explicit_defaults_for_timestamp';
  if (told && !onlyOff) session.addWarning('Warning', 1287, told);
  const given = item.value && evaluate(x, item.value);
  if (!global && typeof given === 'string' && given.length > SESSION_CHARACTERS) throw sqlError('ER_OUT_OF_RESOURCES');
  const value = given === undefined ? defaultOf(facts, session, global) : convert(x, facts, given);
  if (item.name.includes('.')) session.warnOfKeyCache(item.name, facts.name);
  if (facts.name === 'key_buffer_size' && value === 0n) throw sqlError('ER_WARN_CANT_DROP_DEFAULT_KEYCACHE');
  if (told && onlyOff && value === 0n) session.addWarning('Warning', 1287, told);
  if (SKIPPING.has(facts.name)) session.addWarning('Warning', 4016, SKIPS_NOTHING);
  return () => assign(x, item.scope, facts, value);
}

/** Sets one system variable; gives its name where the session's own changed. */
function assign(x: Execution, scope: string, facts: VariableFacts, value: Value): readonly string[] {
  const { session } = x;
  if (scope === 'persist' || scope === 'persist_only') persist(session, facts, value);
  if (scope === 'persist_only') return [];
  if (facts.name === 'partial_revokes' && value === 0n)
    for (const { restrictions } of session.overlay.accounts.values())
      if (restrictions.size > 0) throw sqlError('ER_PARTIAL_REVOKES_EXIST');
  if (scope === 'global' || scope === 'persist') {
    warnSmallPacket(session, facts, value);
    keepSessions(session, facts.name);
    session.server.overlays.claim(session.overlay, facts.name, facts.name.length + valueBytes(value), 0);
    session.overlay.globals.set(facts.name, detachedValue(settleInnodb(session, facts.name, value)));
    keepPasswordLength(session);
    if (facts.name === 'offline_mode' && value === 1n) endClients(session);
    // The one goes on with the other, and off with it.
    if (facts.name === 'super_read_only' && value === 1n) session.overlay.globals.set('read_only', 1n);
    if (facts.name === 'read_only' && value === 0n) session.overlay.globals.set('super_read_only', 0n);
    return [];
  }
  setSession(session, facts, value);
  return [facts.name];
}

function setSession(session: Session, facts: VariableFacts, value: Value): void {
  if (facts.name === 'resultset_metadata' && value === 'NONE' && !session.mayOmitMetadata)
    throw sqlError('ER_CLIENT_DOESNT_SUPPORT_METADATA');
  // Autocommit commits what was open without it; where it is on already, nothing ends.
  if (facts.name === 'autocommit' && value === 1n && !session.autocommit) session.transaction.commit();
  session.variables.set(facts.name, detachedValue(value));
  // The clock goes on.
  if (facts.name === 'timestamp' && Number(value) === 0) session.variables.delete(facts.name);
  if (facts.name === 'rand_seed1' || facts.name === 'rand_seed2') {
    session.randomState ??= { first: 1, second: 1 };
    session.randomState[facts.name === 'rand_seed1' ? 'first' : 'second'] = Number(value);
    // They are set and not told.
    session.variables.delete(facts.name);
  }
  if (facts.name === 'max_join_size') session.variables.set('sql_big_selects', value === UNLIMITED_JOIN ? 1n : 0n);
  if (facts.name === 'last_insert_id' || facts.name === 'identity') session.lastInsertId = value as bigint;
  setPartner(session, facts.name, value);
  setTracking(session, facts.name, value);
}

function setTransaction(x: Execution, item: Extract<SetItem, { kind: 'transaction' }>): readonly string[] {
  const { session } = x;
  const { transaction, tracker } = session;
  if (item.scope === '') {
    if (transaction.open) throw sqlError('ER_CANT_CHANGE_TX_CHARACTERISTICS');
    const isolation = item.isolation || transaction.next.isolation;
    transaction.next = { isolation, readOnly: item.readOnly ?? transaction.next.readOnly };
    tracker.transaction.characterize(characteristicsAsked(transaction.next));
    return [];
  }
  if (item.scope === 'global')
    for (const name of ['transaction_isolation', 'transaction_read_only']) keepSessions(session, name);
  const target = item.scope === 'global' ? session.overlay.globals : session.variables;
  if (item.isolation) target.set('transaction_isolation', item.isolation);
  if (item.readOnly !== undefined) target.set('transaction_read_only', item.readOnly ? 1n : 0n);
  if (item.scope === 'global') return [];
  return [
    ...(item.isolation ? ['transaction_isolation'] : []),
    ...(item.readOnly === undefined ? [] : ['transaction_read_only']),
  ];
}

function* checkUser(x: Execution, item: Extract<SetItem, { kind: 'user' }>): Steps<Assignment> {
  const node = compile(compilerOf(x), item.value, new Scope([], undefined));
  if (node.row) throw sqlError('ER_OPERAND_COLUMNS', 1);
  const value = yield* valueSteps(node, { values: [] });
  return () => {
    x.session.userVariables.set(item.name, value, node.type);
    x.session.tracker.changed();
    return [];
  };
}

const ITEMS: {
  readonly [K in Exclude<SetItem['kind'], 'user'>]: (x: Execution, item: Extract<SetItem, { kind: K }>) => Assignment;
} = {
  system: checkSystem,
  names: (x, item) => () => setNames(x, item),
  charset: (x, item) => () => setCharset(x, item),
  transaction: (x, item) => () => setTransaction(x, item),
};

/** A routine's own variable, or NEW's column in a trigger, which SET means before any of the server's. */
function localOf(x: Execution, item: SetItem): LocalName | undefined {
  return item.kind === 'system' && item.scope === '' ? x.names?.find(item.name.split('.')) : undefined;
}

/** SET of variables, system ones, the user's and a routine's: every name is checked before any is set. Throws 1193. */
export function* runSet(x: Execution, statement: Extract<Statement, { kind: 'set' }>): Steps<Outcome> {
  // The server checks every name and whether it may be set before it sets any.
  const variables = statement.items.flatMap((item) => {
    if (item.kind !== 'system' || localOf(x, item)) return [];
    const facts = findVariable(item.name, x.session.overlay);
    if (!facts) throw sqlError('ER_UNKNOWN_SYSTEM_VARIABLE', item.name);
    return [{ facts, scope: item.scope }];
  });
  for (const { facts, scope } of variables)
    if (scope !== 'persist_only') refuseScope(facts, scope === 'global' || scope === 'persist');
  const changed: string[] = [];
  let checked: Assignment[] = [];
  // What stands between two of a routine's own variables is assigned once all of it is known.
  const assignChecked = () => {
    for (const assignment of checked) changed.push(...assignment());
    checked = [];
  };
  for (const item of statement.items) {
    const local = localOf(x, item);
    if (item.kind === 'user') checked.push(yield* checkUser(x, item));
    else if (local && item.kind === 'system') {
      assignChecked();
      const node = item.value && compile(compilerOf(x), item.value, new Scope([], undefined));
      local.set(node ? yield* valueSteps(node, { values: [] }) : null);
    } else checked.push((ITEMS[item.kind] as (x: Execution, item: SetItem) => Assignment)(x, item));
  }
  assignChecked();
  for (const name of changed) x.session.tracker.assigned(name, name !== TELLS_ANYTHING);
  return OK;
}
