// System variables: what each reads as at each scope, and what SET may do to it.
// Source: SHOW VARIABLES, performance_schema.variables_metadata and @@ reads recorded from 9.7 (in the persona's data).

import type { Overlay } from '../overlay/overlay.ts';
import type { WireKind } from '../persona/recorded.ts';
import { allVariables, type VariableFacts } from '../persona/system-variables.ts';
import { type SqlError, sqlError } from '../sql/errors.ts';
import { intType, type SqlType, SYSTEM_COLLATION, textType } from '../sql/value/type.ts';
import type { Value } from '../sql/value/value.ts';
import { TYPE } from '../wire/constants.ts';
import { componentVariables } from './components.ts';
import { pluginVariables } from './plugins.ts';
import { databaseCollation } from './schemas.ts';
import type { Session } from './session.ts';

export interface VariableValue {
  readonly type: SqlType;
  readonly value: Value;
}

const ALIASES: Readonly<Record<string, string>> = { tx_isolation: '', tx_read_only: '', storage_engine: '' };

/** Variables every key cache has of its own, under `cache.variable`. */
const OF_KEY_CACHES: ReadonlySet<string> = new Set([
  'key_buffer_size',
  'key_cache_block_size',
  'key_cache_division_limit',
  'key_cache_age_threshold',
]);

/** A key cache's variable; that of the default cache is the server's. */
function keyCacheVariable(lower: string): VariableFacts | undefined {
  const dot = lower.lastIndexOf('.');
  const known = OF_KEY_CACHES.has(lower.slice(dot + 1)) ? allVariables().get(lower.slice(dot + 1)) : undefined;
  if (!known || dot < 1 || lower.startsWith('default.')) return known;
  // A cache nobody gave a size has none.
  return { ...known, name: lower, value: known.name === 'key_buffer_size' ? '0' : known.value };
}

/** A variable by name; those of components and plugins only where `overlay` has them. */
export function findVariable(name: string, overlay?: Overlay): VariableFacts | undefined {
  const lower = name.toLowerCase();
  if (overlay && lower.includes('.'))
    return keyCacheVariable(lower) ?? componentVariables(overlay).find((facts) => facts.name === lower);
  const known = allVariables().get(ALIASES[lower] === undefined ? lower : '') ?? HIDDEN.get(lower);
  return known ?? (overlay && pluginVariables(overlay).find((facts) => facts.name === lower));
}

/** Every system variable a source's server has, those of its components and plugins among the others. */
export function variablesOf(overlay: Overlay): readonly VariableFacts[] {
  const own = [...allVariables().values()];
  const more = [...componentVariables(overlay), ...pluginVariables(overlay)];
  if (more.length === 0) return own;
  return [...own, ...more].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const UNSIGNED_WIRE: WireKind = {
  type: TYPE.LONGLONG,
  text: false,
  length: 21,
  flags: 160,
  decimals: 0,
  schemaShown: false,
};

/** Variables SHOW does not list but SELECT knows. */
const HIDDEN: ReadonlyMap<string, VariableFacts> = new Map(
  (
    [
      ['gtid_executed_compression_period', '0'],
      ['rand_seed1', '0'],
      ['rand_seed2', '0'],
    ] as const
  ).map(([name, value]) => [
    name,
    {
      name,
      value,
      wire: UNSIGNED_WIRE,
      dataType: 'Integer',
      min: '0',
      max: '',
      readGlobal: 0,
      readSession: 0,
      writeGlobal: 0,
      writeSession: 0,
      isNull: false,
    },
  ]),
);

function typeOf(wire: WireKind | undefined): SqlType {
  if (!wire) return textType(21_845, { collation: SYSTEM_COLLATION });
  if (wire.text) return textType(wire.length, { collation: SYSTEM_COLLATION });
  if (wire.type === TYPE.DOUBLE)
    return {
      type: TYPE.DOUBLE,
      text: false,
      length: wire.length,
      decimals: wire.decimals,
      unsigned: false,
      nullable: true,
      collation: 'binary',
    };
  return intType(wire.length, { unsigned: (wire.flags & 32) !== 0 });
}

/** Values that are of this session or of now, not kept. */
const COMPUTED: Readonly<Record<string, (session: Session) => Value>> = {
  __proto__: null as never,
  hostname: (s) => s.server.options.hostname,
  port: (s) => String(s.server.options.port),
  report_port: (s) => String(s.server.options.port),
  server_uuid: (s) => s.server.uuid,
  version: (s) => s.server.options.persona.version,
  pseudo_thread_id: (s) => String(s.connectionId),
  last_insert_id: (s) => String(s.lastInsertId),
  identity: (s) => String(s.lastInsertId),
  warning_count: (s) => String(s.countsBefore.warnings),
  error_count: (s) => String(s.countsBefore.errors),
  gtid_executed: (s) => s.server.options.persona.variables.gtid_executed ?? s.overlay.binaryLog.executed(s.server.uuid),
  statement_id: (s) => String(s.server.counters.get('Questions') ?? 1),
  external_user: () => null,
  proxy_user: () => null,
  timestamp: () => (Date.now() / 1000).toFixed(6),
};

/** Whether a variable's value is of a session or of now. */
export function isComputed(name: string): boolean {
  return COMPUTED[name] !== undefined || OF_DATABASE[name] !== undefined;
}

/** Character sets and collations of the current database, and what they are where there is none. */
const OF_DATABASE: Readonly<Record<string, string>> = {
  __proto__: null as never,
  character_set_database: 'utf8mb4',
  collation_database: 'utf8mb4_0900_ai_ci',
};

function ofDatabase(session: Session, name: string): string {
  const collation = databaseCollation(session, session.database);
  return name === 'collation_database' ? collation : session.charsetOf(collation);
}

const OF_STATEMENT_BEFORE: ReadonlySet<string> = new Set(['warning_count', 'error_count']);

/** Text of a variable where all are listed: that list is a statement of its own, which no warning is of yet. */
export function listedText(session: Session, facts: VariableFacts, global: boolean): string {
  return OF_STATEMENT_BEFORE.has(facts.name) ? '0' : variableText(session, facts, global);
}

/** Text of a variable as SHOW VARIABLES has it. */
export function variableText(session: Session, facts: VariableFacts, global: boolean): string {
  const { name } = facts;
  const kept = (global ? undefined : session.variables.get(name)) ?? session.overlay.globals.get(name);
  if (kept !== undefined) return shownText(facts, kept);
  if (session.variables.has(name) && !global) return '';
  if (!global && OF_DATABASE[name] !== undefined && session.database !== '') return ofDatabase(session, name);
  const computed = COMPUTED[name];
  if (computed) return String(computed(session) ?? '');
  const { persona, hostname, bind } = session.server.options;
  const own = persona.variables[name];
  if (name === 'bind_address') return bind === '::' ? '*' : bind;
  if (own !== undefined) return own.replace('%h', hostname);
  return OF_DATABASE[name] ?? facts.value;
}

function shownText(facts: VariableFacts, value: Value): string {
  if (facts.dataType === 'Boolean' || isSwitch(facts))
    return value === 0n ? 'OFF' : value === 1n ? 'ON' : String(value ?? '');
  if (facts.wire?.type === TYPE.DOUBLE) return Number(value).toFixed(facts.wire.decimals);
  return String(value ?? '');
}

/** True for a variable that is ON or OFF. */
export function isSwitch(facts: VariableFacts): boolean {
  return facts.wire?.type === TYPE.LONGLONG && facts.wire.length === 1;
}

function fromText(facts: VariableFacts, text: string, type: SqlType): Value {
  if (type.text) return text;
  if (type.type === TYPE.DOUBLE) return Number(text);
  if (isSwitch(facts)) return text === 'ON' || text === '1' || text === 'YES' ? 1n : 0n;
  return /^-?\d+$/.test(text) ? BigInt(text) : 0n;
}

/** Why a variable is not read at a scope; undefined where it is. */
function scopeError(facts: VariableFacts, scope: string): SqlError | undefined {
  if (scope === 'global' && facts.readGlobal !== 0)
    return sqlError('ER_INCORRECT_GLOBAL_LOCAL_VAR', facts.name, 'SESSION');
  if (scope === 'session' && facts.readSession !== 0)
    return sqlError('ER_INCORRECT_GLOBAL_LOCAL_VAR', facts.name, 'GLOBAL');
  return undefined;
}

/** What a variable reads as at a scope; of no scope, the session's where it has one. Throws 1193. */
export function readVariable(
  session: Session,
  name: string,
  scope: '' | 'global' | 'session' | 'persist',
): VariableValue {
  const facts = scope === 'persist' ? undefined : findVariable(name, session.overlay);
  if (!facts) throw sqlError('ER_UNKNOWN_SYSTEM_VARIABLE', scope === 'persist' ? `persist.${name}` : name);
  const error = scopeError(facts, scope);
  if (error) throw error;
  if (name.includes('.')) session.warnOfKeyCache(`@@global.${name}`, facts.name);
  const global = scope === 'global' || (scope === '' && facts.readSession !== 0);
  const type = typeOf(facts.wire);
  const own = global ? undefined : session.variables.get(facts.name);
  if (own === null || (!global && session.variables.has(facts.name) && own === undefined)) return { type, value: null };
  const kept = own ?? session.overlay.globals.get(facts.name);
  if (kept === null) return { type, value: null };
  if (kept !== undefined && typeof kept !== 'string') return { type, value: type.text ? String(kept) : kept };
  const computed = COMPUTED[facts.name];
  if (
    kept === undefined &&
    facts.isNull &&
    !computed &&
    session.server.options.persona.variables[facts.name] === undefined
  )
    return { type, value: null };
  const text = variableText(session, facts, global);
  if (computed && computed(session) === null) return { type, value: null };
  return { type, value: type.type === TYPE.DOUBLE ? Number(text) : fromText(facts, text, type) };
}
