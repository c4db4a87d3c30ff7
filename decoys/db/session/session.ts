// One client's session: database, variables, warnings, transaction, prepared statements; and what it sees of the server.

import { USER_VARIABLE_BYTES, USER_VARIABLES } from '../limits.ts';
import { type Account, accountKey } from '../overlay/account.ts';
import { SessionBytes } from '../overlay/kept.ts';
import type { Overlay } from '../overlay/overlay.ts';
import type { OverlayTable } from '../overlay/table.ts';
import { valueBytes } from '../overlay/table.ts';
import type { Budget } from '../sql/budget.ts';
import { type SqlError, sqlError } from '../sql/errors.ts';
import type { Node, ScopeColumn } from '../sql/scope.ts';
import { collationById, findCharset, findCollation } from '../sql/value/charset.ts';
import { type SqlType, textType } from '../sql/value/type.ts';
import type { Value } from '../sql/value/value.ts';
import type { ResultCharset } from '../wire/column.ts';
import { STATUS } from '../wire/constants.ts';
import { findAccount } from './accounts.ts';
import { resolveTable } from './catalogue-tables.ts';
import { tableDenied } from './denied.ts';
import { NAMED_VIEWS } from './named-views.ts';
import { parameterType } from './parameter.ts';
import { Patterns } from './patterns.ts';
import { mayDoAll, Privileges } from './privileges.ts';
import { canonicalSchema } from './schemas.ts';
import type { ServerState } from './server-state.ts';
import { TableLocks } from './table-locks.ts';
import type { TableSource } from './table-source.ts';
import { zoneOffsetMs } from './time-zone.ts';
import { Tracker } from './tracking.ts';
import { Transaction, type Undo } from './transaction.ts';
import { isTransactional } from './transactional.ts';
import { UserLocks } from './user-locks.ts';
import { findVariable, readVariable, type VariableValue, variableText } from './variables.ts';

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

const MAX_WARNINGS = 1024;

export class Session {
  readonly server: ServerState;
  readonly overlay: Overlay;
  readonly connectionId: number;
  readonly address: string;
  readonly port: number;
  readonly connectedMs: number;
  user = '';
  accountName = '';
  /** The password is to be changed before anything else is done. */
  passwordExpired = false;
  /** The login gave a password. */
  usedPassword = false;
  /** Views and routines under way that read by their definer's rights. */
  asDefiner = 0;
  /** Roles of this session, as SET ROLE made them. */
  activeRoles: ReadonlySet<string> = new Set();
  database = '';
  /** Session values of system variables that differ from the global ones. */
  readonly variables = new Map<string, Value>();
  readonly userVariables = new Map<string, Value>();
  warnings: Warning[] = [];
  warningCount = 0;
  lastInsertId = 0n;
  rowCount = 0n;
  foundRows = 0n;
  /** The client counts rows an UPDATE finds, not those it changes. */
  countsFound = false;
  /** The statement under way reads a table whose engine has transactions: with autocommit off it begins one. */
  readsTransactional = false;
  /** What its client is told of it. */
  readonly tracker = new Tracker();
  transaction: Transaction;
  /** Locks of LOCK TABLES. */
  readonly tableLocks = new TableLocks();
  /** Locks of GET_LOCK. */
  readonly locks = new UserLocks();
  readonly patterns = new Patterns();
  /** Tables HANDLER reads, by name, and the row each stands at. */
  readonly handlers = new Map<string, { readonly schema: string; readonly name: string; at: number }>();
  /** Statements of PREPARE, by lower-case name. */
  readonly prepared = new Map<string, Buffer>();
  attributes: readonly (readonly [name: string, value: string | null])[] = [];
  /** TEMPORARY tables, by `database.name`; they hide others of that name. */
  readonly temporary = new Map<string, OverlayTable>();
  clientCollation = 255;
  /** Statements asked so far. */
  asked = 0;
  command = 'Sleep';
  commandMs: number;
  info: string | null = null;
  state = '';
  tlsCipher = '';
  tlsVersion = '';
  /** How its packets are compressed, if they are. */
  compression: { readonly algorithm: 'zlib' | 'zstd'; readonly level: number } | undefined;
  /** Its client wants schemas not to be named before tables. */
  wantsNoSchemas = false;
  /** Its client can do without the columns of a result. */
  mayOmitMetadata = false;
  /** What it keeps between statements, as booked. */
  readonly kept: SessionBytes;
  #userVariableBytes = 0;
  /** What the statement under way may still do; views it reads draw on it too. */
  budget: Budget | undefined;
  /** Ends the connection or its statement; set by whoever owns the socket. */
  kill: (query: boolean) => void = () => undefined;

  constructor(start: SessionStart) {
    this.server = start.server;
    this.overlay = start.overlay;
    this.kept = new SessionBytes(start.server.kept, start.overlay);
    this.transaction = new Transaction(this.tracker.transaction, this.kept);
    this.connectionId = start.connectionId;
    this.address = start.address;
    this.port = start.port;
    this.connectedMs = start.connectedMs;
    this.commandMs = start.connectedMs;
    this.overlay.temporary.add(this.temporary);
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

  /** What the account and its roles may do; undefined for one that may do everything, and before a login. */
  privileges(): Privileges | undefined {
    const at = this.accountName.lastIndexOf('@');
    const account = this.overlay.accounts.get(
      accountKey(this.accountName.slice(0, at), this.accountName.slice(at + 1)),
    );
    if (!account || mayDoAll(account)) return undefined;
    const held = new Privileges(account, this.activeRoles, this.overlay.accounts);
    return held.all ? undefined : held;
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
    const full = bytes > USER_VARIABLE_BYTES || (before === undefined && this.userVariables.size >= USER_VARIABLES);
    if (full || !this.kept.book(bytes - this.#userVariableBytes)) throw sqlError('ER_OUT_OF_RESOURCES');
    this.#userVariableBytes = bytes;
    this.userVariables.set(key, value);
  }

  // --- statements of PREPARE

  /** Keeps a statement under a lower-case name; false where there is no room. */
  keepPrepared(name: string, text: Buffer): boolean {
    this.forgetPrepared(name);
    if (!this.kept.book(text.length)) return false;
    this.prepared.set(name, text);
    return true;
  }

  forgetPrepared(name: string): void {
    const text = this.prepared.get(name);
    if (!text) return;
    this.kept.book(-text.length);
    this.prepared.delete(name);
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
    return zoneOffsetMs(this.text('time_zone')) ?? 0;
  }

  // --- tables and functions

  /** Throws 1142 where the account may not read the table; views read by their definer's rights. */
  #mayRead(schema: string, name: string): void {
    if (this.asDefiner > 0 || schema === '' || schema === 'information_schema') return;
    if (this.temporary.has(`${schema}.${name}`)) return;
    const held = this.privileges();
    if (held && !held.onTable('SELECT', schema, name)) throw tableDenied(this, 'SELECT', name);
  }

  /** Throws 1142 where the account may not INSERT, UPDATE or DELETE; other commands are asked for before they run. */
  mayWrite(command: string, schema: string, name: string): void {
    if (!['INSERT', 'UPDATE', 'DELETE'].includes(command) || this.asDefiner > 0) return;
    const held = this.privileges();
    if (held && !held.onTable(command, schema, name)) throw tableDenied(this, command, name);
  }

  /** Throws where the account or LOCK TABLES does not let this session read the table under this name. */
  checkRead(schema: string, name: string, alias: string): void {
    this.#mayRead(canonicalSchema(schema || this.database), name);
    if (this.tableLocks.held) this.tableLocks.checkRead(canonicalSchema(schema || this.database), name, alias);
  }

  table(schema: string, name: string): TableSource {
    const source = resolveTable(this, schema, name);
    if (isTransactional(this, source)) this.readsTransactional = true;
    return source;
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

  // --- warnings, transactions

  addWarning(level: Warning['level'], code: number, message: string): void {
    if (level === 'Note' && this.readVariable('sql_notes', '').value === 0n) return;
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
      (this.transaction.open ? STATUS.IN_TRANS : 0) |
      (this.autocommit ? STATUS.AUTOCOMMIT : 0) |
      (this.transaction.open && this.transaction.readOnly ? STATUS.IN_TRANS_READONLY : 0) |
      (this.sqlMode().includes('NO_BACKSLASH_ESCAPES') ? STATUS.NO_BACKSLASH_ESCAPES : 0)
    );
  }

  /** Remembers how to take a change back; outside a transaction there is nothing to take back. */
  changed(undo: Undo): void {
    if (!this.autocommit) this.transaction.open = true;
    if (this.transaction.open) this.transaction.note(undo);
  }

  /** Takes its temporary tables away. */
  end(): void {
    this.overlay.temporary.delete(this.temporary);
    this.overlay.keepers.delete(this);
  }

  /** Back to how a session begins: COM_RESET_CONNECTION, COM_CHANGE_USER. */
  reset(): void {
    this.transaction.rollback();
    this.transaction.commit();
    this.variables.clear();
    this.userVariables.clear();
    this.kept.book(-this.#userVariableBytes);
    this.#userVariableBytes = 0;
    for (const name of this.prepared.keys()) this.forgetPrepared(name);
    this.handlers.clear();
    this.temporary.clear();
    this.locks.releaseAll();
    this.tableLocks.release();
    this.tableLocks.global = false;
    this.overlay.keepers.delete(this);
    this.transaction.xa = undefined;
    this.clearWarnings();
    this.lastInsertId = 0n;
    this.rowCount = 0n;
    this.foundRows = 0n;
    this.tracker.reset();
  }

  /** What changed of the session since its client was told last, encoded; undefined where nothing did. */
  takeChanges(): Buffer | undefined {
    return this.tracker.take((name) => {
      const facts = findVariable(name);
      return facts ? variableText(this, facts, false) : '';
    });
  }
}
