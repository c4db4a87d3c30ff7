// One client's session: database, variables, warnings, transaction, prepared statements; and what it sees of the server.

import { USER_VARIABLE_BYTES, USER_VARIABLES } from '../limits.ts';
import type { Account, Overlay } from '../overlay/overlay.ts';
import { valueBytes } from '../overlay/table.ts';
import { type SqlError, sqlError } from '../sql/errors.ts';
import type { Node, ScopeColumn } from '../sql/scope.ts';
import { collationById, findCharset, findCollation } from '../sql/value/charset.ts';
import { Decimal } from '../sql/value/decimal.ts';
import { Json } from '../sql/value/json.ts';
import { compilePattern, type Program } from '../sql/value/pattern.ts';
import { type Bounds, matchPattern } from '../sql/value/regexp.ts';
import {
  bytesType,
  dateType,
  datetimeType,
  decimalType,
  doubleType,
  intType,
  jsonType,
  type SqlType,
  textType,
  timeType,
} from '../sql/value/type.ts';
import type { Value } from '../sql/value/value.ts';
import type { ResultCharset } from '../wire/column.ts';
import { STATUS } from '../wire/constants.ts';
import { findAccount } from './accounts.ts';
import { resolveTable } from './catalogue-tables.ts';
import type { ServerState } from './server-state.ts';
import type { XaState } from './statements/xa.ts';
import type { TableSource } from './table-source.ts';
import { findVariable, readVariable, type VariableValue } from './variables.ts';

export interface Warning {
  readonly level: 'Note' | 'Warning' | 'Error';
  readonly code: number;
  readonly message: string;
}

export interface SessionStart {
  readonly server: ServerState;
  readonly overlay: Overlay;
  readonly connectionId: number;
  readonly address: string;
  readonly port: number;
  readonly connectedMs: number;
}

/** A change a rollback takes back. */
export type Undo = () => void;

const MAX_WARNINGS = 1024;
const MAX_UNDO = 20_000;
const MAX_PATTERNS = 8;
const MAX_LOCKS = 16;

export class Session {
  readonly server: ServerState;
  readonly overlay: Overlay;
  readonly connectionId: number;
  readonly address: string;
  readonly port: number;
  readonly connectedMs: number;
  user = '';
  accountName = '';
  database = '';
  /** Session values of system variables that differ from the global ones. */
  readonly variables = new Map<string, Value>();
  readonly userVariables = new Map<string, Value>();
  warnings: Warning[] = [];
  warningCount = 0;
  lastInsertId = 0n;
  rowCount = -1n;
  foundRows = 1n;
  inTransaction = false;
  /** The XA transaction under way. */
  xa: { readonly xid: string; readonly state: XaState } | undefined;
  readOnlyTransaction = false;
  undo: Undo[] = [];
  savepoints: { readonly name: string; readonly at: number }[] = [];
  /** Tables HANDLER reads, by name, and the row each stands at. */
  readonly handlers = new Map<string, { readonly schema: string; readonly name: string; at: number }>();
  /** Transaction state last told to the client. */
  toldTransaction = '';
  /** Statements of PREPARE, by lower-case name. */
  readonly prepared = new Map<string, Buffer>();
  readonly attributes: ReadonlyMap<string, string> = new Map();
  clientCollation = 255;
  command = 'Sleep';
  commandMs: number;
  info: string | null = null;
  state = '';
  tlsCipher = '';
  tlsVersion = '';
  /** How its packets are compressed, if they are. */
  compression: { readonly algorithm: 'zlib' | 'zstd'; readonly level: number } | undefined;
  /** Its client can do without the columns of a result. */
  mayOmitMetadata = false;
  #userVariableBytes = 0;
  readonly #locks = new Map<string, number>();
  #groups: readonly (Bounds | undefined)[] = [];
  readonly #patterns = new Map<string, Program>();
  /** Ends the connection or its statement; set by whoever owns the socket. */
  kill: (query: boolean) => void = () => undefined;

  constructor(start: SessionStart) {
    this.server = start.server;
    this.overlay = start.overlay;
    this.connectionId = start.connectionId;
    this.address = start.address;
    this.port = start.port;
    this.connectedMs = start.connectedMs;
    this.commandMs = start.connectedMs;
  }

  // --- who

  version(): string {
    return this.server.options.persona.version;
  }

  account(): string {
    return this.accountName;
  }

  userAtClient(): string {
    return `${this.user}@${this.address}`;
  }

  accountRecord(): Account | undefined {
    return findAccount(this.overlay, this.user, this.address);
  }

  uuid(nowMs: number, random: () => number): string {
    const ticks = (BigInt(nowMs) + 12_219_292_800_000n) * 10_000n + BigInt(Math.floor(random() * 10_000));
    const [low, middle, high] = [ticks & 0xffff_ffffn, (ticks >> 32n) & 0xffffn, (ticks >> 48n) & 0x0fffn];
    const hex = (value: bigint, width: number) => value.toString(16).padStart(width, '0');
    return `${hex(low, 8)}-${hex(middle, 4)}-1${hex(high, 3)}-${this.server.uuid.slice(19)}`;
  }

  shortUuid(): bigint {
    return this.server.shortUuid();
  }

  // --- variables

  readVariable(name: string, scope: '' | 'global' | 'session' | 'persist'): VariableValue {
    return readVariable(this, name, scope);
  }

  text(name: string): string {
    const own = this.variables.get(name);
    if (typeof own === 'string') return own;
    return String(this.readVariable(name, '').value ?? '');
  }

  sqlMode(): string {
    return this.text('sql_mode');
  }

  strict(): boolean {
    return /STRICT_(TRANS|ALL)_TABLES/.test(this.sqlMode());
  }

  /** Seconds between two commands after which the server says goodbye (wait_timeout). */
  idleSeconds(): number {
    const own = this.variables.get('wait_timeout') ?? this.overlay.globals.get('wait_timeout');
    return Number(own ?? findVariable('wait_timeout')?.value);
  }

  maxAllowedPacket(): number {
    return Number(this.readVariable('max_allowed_packet', '').value);
  }

  userVariable(name: string): Value {
    return this.userVariables.get(name.toLowerCase()) ?? null;
  }

  hasUserVariable(name: string): boolean {
    return this.userVariables.has(name.toLowerCase());
  }

  setUserVariable(name: string, value: Value): void {
    const key = name.toLowerCase();
    const before = this.userVariables.get(key);
    const bytes = this.#userVariableBytes + valueBytes(value) - (before === undefined ? 0 : valueBytes(before));
    if (bytes > USER_VARIABLE_BYTES || (before === undefined && this.userVariables.size >= USER_VARIABLES))
      throw sqlError('ER_OUT_OF_RESOURCES');
    this.#userVariableBytes = bytes;
    this.userVariables.set(key, value);
  }

  // --- character sets

  clientCharset(): string {
    return this.text('character_set_client');
  }

  connectionCharset(): string {
    return this.text('character_set_connection');
  }

  connectionCollation(): string {
    return this.text('collation_connection');
  }

  charsetOf(collation: string): string {
    return findCollation(collation)?.charset ?? 'utf8mb4';
  }

  /** Charset results are told in; null where the client asked for none. */
  resultCharset(): { readonly charset: string | null; readonly told: ResultCharset } {
    const own = this.variables.get('character_set_results');
    const name = typeof own === 'string' ? own : this.readVariable('character_set_results', '').value;
    if (name === null || name === '') return { charset: null, told: { id: 255, bytesPerCharacter: 4 } };
    const charset = findCharset(String(name));
    const collation =
      this.connectionCharset() === charset?.name ? this.connectionCollation() : charset?.defaultCollation;
    return {
      charset: charset?.name ?? 'utf8mb4',
      told: { id: findCollation(collation ?? '')?.id ?? 255, bytesPerCharacter: charset?.maxBytes ?? 4 },
    };
  }

  /** Sets the three client character sets, as a login or SET NAMES does. */
  setNames(charset: string, collation: string): void {
    this.variables.set('character_set_client', charset);
    this.variables.set('character_set_connection', charset);
    this.variables.set('character_set_results', charset);
    this.variables.set('collation_connection', collation);
  }

  /** Takes the collation a client logs in with; gives the name of a character set no client may have. */
  setClientCollation(id: number): string | undefined {
    const collation = collationById(id) ?? collationById(255);
    if (!collation) return undefined;
    if (['ucs2', 'utf16', 'utf16le', 'utf32'].includes(collation.charset)) return collation.charset;
    this.setNames(collation.charset, collation.name);
    return undefined;
  }

  // --- time

  timezoneOffsetMs(): number {
    return this.zoneOffsetMs(this.text('time_zone')) ?? 0;
  }

  zoneOffsetMs(zone: string): number | undefined {
    if (zone === 'SYSTEM' || /^(utc|gmt)$/i.test(zone)) return 0;
    const found = /^([+-])(\d{1,2}):(\d{2})$/.exec(zone);
    if (found) {
      const minutes = Number(found[2]) * 60 + Number(found[3]);
      return (found[1] === '-' ? -1 : 1) * minutes * 60_000;
    }
    return namedZoneOffset(zone);
  }

  // --- tables and functions

  table(schema: string, name: string): TableSource {
    return resolveTable(this, schema, name);
  }

  unknownFunction(schema: string, name: string): SqlError {
    const database = schema || this.database;
    if (database === '') return sqlError('ER_NO_DB_ERROR');
    return sqlError('ER_SP_DOES_NOT_EXIST', 'FUNCTION', `${database}.${name}`);
  }

  namesOwnColumns(column: ScopeColumn): boolean {
    return column.schema === 'information_schema' && NAMED_VIEWS.has(column.orgTable);
  }

  /** `?`: with the type its client told, or that of its value. */
  parameterNode(value: Value | undefined, bound: boolean, told?: SqlType): Node {
    if (!bound) return { type: textType(16_383), get: () => null, coercibility: 4, unbound: true };
    const given = value ?? null;
    return {
      type: told ?? parameterType(given, this.connectionCollation()),
      get: () => given,
      constant: given,
      coercibility: typeof given === 'string' ? 4 : 5,
    };
  }

  regexp(
    pattern: string,
    fold: boolean,
    text: string,
    spend: (steps: number) => void,
    modes = '',
    from = 0,
  ): Bounds | undefined {
    const key = `${fold ? 'i' : 'c'}${modes} ${pattern}`;
    let program = this.#patterns.get(key);
    if (!program) {
      program = compilePattern(pattern, fold, modes);
      if (this.#patterns.size >= MAX_PATTERNS) this.#patterns.clear();
      this.#patterns.set(key, program);
    }
    const found = matchPattern(program, text, spend, from);
    this.#groups = found ?? [];
    return found?.[0];
  }

  /** Bounds of the groups of the match found last. */
  regexpGroups(): readonly (Bounds | undefined)[] {
    return this.#groups;
  }

  // --- locks of GET_LOCK

  getLock(name: string): boolean {
    if (this.#locks.size >= MAX_LOCKS && !this.#locks.has(name)) return false;
    this.#locks.set(name, (this.#locks.get(name) ?? 0) + 1);
    return true;
  }

  holdsLock(name: string): boolean {
    return this.#locks.has(name);
  }

  releaseLock(name: string): boolean | undefined {
    const held = this.#locks.get(name);
    if (held === undefined) return undefined;
    if (held === 1) this.#locks.delete(name);
    else this.#locks.set(name, held - 1);
    return true;
  }

  releaseAllLocks(): bigint {
    let count = 0n;
    for (const held of this.#locks.values()) count += BigInt(held);
    this.#locks.clear();
    return count;
  }

  // --- warnings, transactions

  addWarning(level: Warning['level'], code: number, message: string): void {
    this.warningCount++;
    if (this.warnings.length < MAX_WARNINGS) this.warnings.push({ level, code, message });
  }

  clearWarnings(): void {
    this.warnings = [];
    this.warningCount = 0;
  }

  get autocommit(): boolean {
    const own = this.variables.get('autocommit') ?? this.overlay.globals.get('autocommit');
    return own === undefined || own !== 0n;
  }

  status(): number {
    return (
      (this.inTransaction ? STATUS.IN_TRANS : 0) |
      (this.autocommit ? STATUS.AUTOCOMMIT : 0) |
      (this.inTransaction && this.readOnlyTransaction ? STATUS.IN_TRANS_READONLY : 0) |
      (this.sqlMode().includes('NO_BACKSLASH_ESCAPES') ? STATUS.NO_BACKSLASH_ESCAPES : 0)
    );
  }

  /** Remembers how to take a change back; outside a transaction there is nothing to take back. */
  changed(undo: Undo): void {
    if (!this.autocommit) this.inTransaction = true;
    if (this.inTransaction && this.undo.length < MAX_UNDO) this.undo.push(undo);
  }

  commit(): void {
    this.undo = [];
    this.savepoints = [];
    this.inTransaction = false;
    this.readOnlyTransaction = false;
  }

  rollback(to = 0): void {
    for (let at = this.undo.length - 1; at >= to; at--) this.undo[at]?.();
    this.undo.length = Math.min(this.undo.length, to);
  }

  /** Back to how a session begins: COM_RESET_CONNECTION, COM_CHANGE_USER. */
  reset(): void {
    this.rollback();
    this.commit();
    this.variables.clear();
    this.userVariables.clear();
    this.#userVariableBytes = 0;
    this.prepared.clear();
    this.handlers.clear();
    this.#locks.clear();
    this.xa = undefined;
    this.clearWarnings();
    this.lastInsertId = 0n;
    this.rowCount = -1n;
    this.foundRows = 1n;
  }
}

/** INFORMATION_SCHEMA's views over the dictionary: their columns are told under the names the views have. */
const NAMED_VIEWS: ReadonlySet<string> = new Set(
  'ADMINISTRABLE_ROLE_AUTHORIZATIONS CHARACTER_SETS CHECK_CONSTRAINTS COLLATION_CHARACTER_SET_APPLICABILITY COLUMNS COLUMNS_EXTENSIONS COLUMN_STATISTICS EVENTS FILES INNODB_DATAFILES INNODB_FIELDS INNODB_FOREIGN_COLS INNODB_TABLESPACES_BRIEF JSON_DUALITY_VIEWS JSON_DUALITY_VIEW_COLUMNS JSON_DUALITY_VIEW_LINKS JSON_DUALITY_VIEW_TABLES KEYWORDS KEY_COLUMN_USAGE LIBRARIES PARAMETERS PARTITIONS REFERENTIAL_CONSTRAINTS RESOURCE_GROUPS ROUTINES ROUTINE_LIBRARIES SCHEMATA SCHEMATA_EXTENSIONS SHOW_STATISTICS STATISTICS ST_GEOMETRY_COLUMNS ST_SPATIAL_REFERENCE_SYSTEMS ST_UNITS_OF_MEASURE TABLES TABLESPACES_EXTENSIONS TABLES_EXTENSIONS TABLE_CONSTRAINTS TABLE_CONSTRAINTS_EXTENSIONS TRIGGERS USER_ATTRIBUTES VIEWS VIEW_ROUTINE_USAGE VIEW_TABLE_USAGE'.split(
    ' ',
  ),
);

function namedZoneOffset(zone: string): number | undefined {
  if (!/^[A-Za-z]+(\/[A-Za-z_+-]+)*\d{0,2}$/.test(zone) || zone.length > 40) return undefined;
  try {
    const shown =
      new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
        .formatToParts()
        .find((part) => part.type === 'timeZoneName')?.value ?? '';
    const found = /GMT([+-])(\d{2}):(\d{2})/.exec(shown);
    return found ? (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) * 60_000 : 0;
  } catch {
    // Not a zone the runtime knows.
    return undefined;
  }
}

function parameterType(value: Value, collation: string): SqlType {
  if (typeof value === 'bigint') return intType(21);
  if (typeof value === 'number') return doubleType();
  if (typeof value === 'string') return textType([...value].length, { collation });
  if (value === null) return { ...bytesType(0), type: 253 };
  if (Buffer.isBuffer(value)) return bytesType(value.length);
  if (value instanceof Decimal) return decimalType(65, 30);
  if (value instanceof Json) return jsonType();
  return value.kind === 'date' ? dateType() : value.kind === 'time' ? timeType(0) : datetimeType(0);
}
