// One client's session: database, variables, warnings, transaction, prepared statements; and what it sees of the server.
// Past 300 lines since a third of them are the fields COM_RESET_CONNECTION sets back together; what acts on them stands elsewhere.

import { type Account, accountKey, type Held, heldEverywhere } from '../overlay/account.ts';
import { SessionBytes } from '../overlay/kept.ts';
import type { Overlay } from '../overlay/overlay.ts';
import type { OverlayTable } from '../overlay/table.ts';
import type { AccountTerms } from '../sql/ast/account.ts';
import type { Budget } from '../sql/budget.ts';
import { type SqlError, sqlError } from '../sql/errors.ts';
import type { RoutineRunner } from '../sql/execution.ts';
import type { ScopeColumn } from '../sql/scope.ts';
import { findCollation } from '../sql/value/charset.ts';
import { detached } from '../sql/value/detached.ts';
import { fromMs, Temporal } from '../sql/value/temporal.ts';
import type { Value } from '../sql/value/value.ts';
import { STATUS } from '../wire/constants.ts';
import { findAccount } from './accounts.ts';
import type { LoggedChange } from './binary-logging.ts';
import { resolveTable } from './catalogue-tables.ts';
import { NAMED_VIEWS } from './named-views.ts';
import { Patterns } from './patterns.ts';
import { PreparedTexts } from './prepared-texts.ts';
import { mayDoAll, Privileges } from './privileges.ts';
import { Profiles } from './profiles.ts';
import type { ServerState } from './server-state.ts';
import { TableLocks } from './table-locks.ts';
import type { TableSource } from './table-source.ts';
import { type ClockMoment, momentOfClock, zoneOffsetMs } from './time-zone.ts';
import { Tracker } from './tracking.ts';
import { Transaction, type Undo } from './transaction.ts';
import { isTransactional } from './transactional.ts';
import { UserLocks } from './user-locks.ts';
import { UserVariables } from './user-variables.ts';
import { findVariable, isComputed, readVariable, type VariableValue, variableText } from './variables.ts';
import { Work } from './work.ts';

export interface Warning {
  readonly level: 'Note' | 'Warning' | 'Error';
  readonly code: number;
  readonly message: string;
  /** Where SIGNAL gave it another than its code has. */
  readonly sqlstate?: string | undefined;
  /** What SIGNAL set of it beside these, by item. */
  readonly items?: ReadonlyMap<string, string> | undefined;
}

export interface SessionStart {
  readonly server: ServerState;
  readonly overlay: Overlay;
  readonly connectionId: number;
  readonly address: string;
  readonly port: number;
  readonly connectedMs: number;
}

/** A table HANDLER reads, and the row it stands at. */
interface OpenHandler {
  readonly schema: string;
  readonly name: string;
  at: number;
}

/** What a replica says of itself, which SHOW REPLICAS tells. */
export interface Replica {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly sourceId: number;
}

/** Warnings kept of one statement (max_error_count); more are counted only. */
const MAX_WARNINGS = 1024;

/** The roles of an account that has none by default. */
export const NO_ROLES: ReadonlySet<string> = new Set();

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
  /** What its account is held to, where anything of it is counted. */
  limits: AccountTerms | undefined;
  /** It is counted as one of its account's connections. */
  countedAsUser = false;
  /** What its next command is refused with, where the server could not make it ready. */
  aborted: SqlError | undefined;
  /** The login gave a password. */
  usedPassword = false;
  /** Views and routines under way that read by their definer's rights. */
  asDefiner = 0;
  /** Roles of this session, as SET ROLE made them. */
  activeRoles: ReadonlySet<string> = NO_ROLES;
  database = '';
  /** Session values of system variables that differ from the global ones. */
  readonly variables = new Map<string, Value>();
  readonly userVariables: UserVariables;
  warnings: Warning[] = [];
  warningCount = 0;
  /** What is worked out is warned of nowhere. */
  muted = false;
  /** What the statement before left: @@warning_count and @@error_count. */
  countsBefore = { warnings: 0, errors: 0 };
  lastInsertId = 0n;
  /** Where RAND() stands once rand_seed1 or rand_seed2 was set. */
  randomState: { first: number; second: number } | undefined;
  rowCount = 0n;
  foundRows = 0n;
  /** Stored functions it was told are named as native ones. */
  get notedFunctions(): Set<string> {
    this.#notedFunctions ??= new Set();
    return this.#notedFunctions;
  }
  #notedFunctions: Set<string> | undefined;
  /** The resource group it asked for; empty for the default one. */
  resourceGroup = '';
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
  get handlers(): Map<string, OpenHandler> {
    this.#handlers ??= new Map();
    return this.#handlers;
  }
  #handlers: Map<string, OpenHandler> | undefined;
  /** Statements of PREPARE. */
  readonly prepared: PreparedTexts;
  attributes: readonly (readonly [name: string, value: string | null])[] = [];
  /** TEMPORARY tables, by `database.name`; they hide others of that name. */
  readonly temporary = new Map<string, OverlayTable>();
  clientCollation = 255;
  /** Collation results are told in: that of the login or of SET NAMES, until character_set_results is set by itself. */
  resultCollation = '';
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
  /** Its last statements, while it asked for them; `profiling` is off for the statement that turns it on. */
  readonly profiles: Profiles;
  profiling = false;
  /** Rows its transaction changed, for the binary log. */
  readonly logged: LoggedChange[] = [];
  /** What it did, counted. */
  readonly work: Work;
  /** A replica it said to be. */
  replica: Replica | undefined;
  /** What it keeps between statements, as booked. */
  readonly kept: SessionBytes;
  /** Number of the statement prepared last, by command or by PREPARE, anew too. */
  lastStatementId = 0;
  /** What the statement under way may still do; views it reads draw on it too. */
  budget: Budget | undefined;
  /** Runs the source's functions for the statement under way, and for views it reads. */
  routines: RoutineRunner | undefined;
  /** Ends the connection or its statement; set by whoever owns the socket. */
  kill: (query: boolean) => void = () => undefined;
  /** Ends its statement that is laid down, with what it changed taken back; undefined where none is. */
  stop: (() => void) | undefined;

  constructor(start: SessionStart) {
    this.server = start.server;
    this.overlay = start.overlay;
    this.work = new Work(start.server);
    this.kept = new SessionBytes(start.server.kept, start.overlay);
    this.userVariables = new UserVariables(this.kept);
    this.profiles = new Profiles(this.kept);
    this.prepared = new PreparedTexts(this.kept);
    this.transaction = new Transaction(this.tracker.transaction, this.kept, this.overlay.readViews);
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

  #login: { readonly account: Account; readonly held: Held } | undefined;

  /** Notes whose session it is from now on. */
  loggedIn(account: Account | undefined): void {
    this.accountName = `${account?.user ?? ''}@${account?.host ?? '%'}`;
    this.#login = account && { account, held: heldEverywhere(account) };
  }

  /** The account the session logged in as, while there is one. */
  ownAccount(): Account | undefined {
    const at = this.accountName.lastIndexOf('@');
    return this.overlay.accounts.get(accountKey(this.accountName.slice(0, at), this.accountName.slice(at + 1)));
  }

  accountRecord(): Account | undefined {
    return findAccount(this.overlay, this.user, this.address);
  }

  /** What the account and its roles may do; undefined for one that may do everything, and before a login. */
  privileges(): Privileges | undefined {
    const [own, login] = [this.ownAccount(), this.#login];
    // What is held everywhere counts as it was at the login, whatever became of the account.
    const account = login ? { ...(own ?? login.account), ...login.held } : own;
    if (!account || mayDoAll(account)) return undefined;
    const held = new Privileges(account, this.activeRoles, this.overlay.accounts);
    return held.all ? undefined : held;
  }

  /** Makes a schema the current one; its character set becomes that of character_set_database. */
  use(schema: string): void {
    this.database = schema;
    this.variables.delete('character_set_database');
    this.variables.delete('collation_database');
  }

  // --- variables

  readVariable(name: string, scope: '' | 'global' | 'session' | 'persist'): VariableValue {
    return readVariable(this, name, scope);
  }

  text(name: string): string {
    const own = this.variables.get(name);
    if (typeof own === 'string') return own;
    const unset = !this.variables.has(name) && !this.overlay.globals.has(name) && !isComputed(name);
    const known = unset ? this.server.startTexts.get(name) : undefined;
    if (known !== undefined) return known;
    const text = String(this.readVariable(name, '').value ?? '');
    if (unset) this.server.startTexts.set(name, text);
    return text;
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

  // --- time

  /** Milliseconds this session's clocks are ahead of UTC at a moment, now where none is given. */
  timezoneOffsetMs(atMs?: number): number {
    return zoneOffsetMs(this.text('time_zone'), atMs) ?? 0;
  }

  /** When this session's clocks show a time that is no zero date. */
  momentOf(shown: Temporal): ClockMoment {
    const ms = shown.toMs();
    return momentOfClock(this.text('time_zone'), ms) ?? { ms, skipped: false };
  }

  /** A stored value as this session reads it: a TIMESTAMP by its own clocks. */
  atZone(value: Value): Value {
    if (!(value instanceof Temporal && value.utc)) return value;
    const ms = value.toMs();
    return fromMs(ms + this.timezoneOffsetMs(ms), 'datetime', value.micro);
  }

  // --- tables and functions

  table(schema: string, name: string): TableSource {
    const source = resolveTable(this, this.wantsNoSchemas ? this.database : schema, name);
    if (isTransactional(this, source)) this.readsTransactional = true;
    if (source.schema !== 'information_schema' && !this.temporary.has(`${source.schema}.${source.name}`))
      this.overlay.openTables.open(detached(source.schema), detached(source.name));
    return source;
  }

  unknownFunction(schema: string, name: string): SqlError {
    const database = schema || this.database;
    if (database === '') return sqlError('ER_NO_DB_ERROR');
    return sqlError('ER_SP_DOES_NOT_EXIST', 'FUNCTION', `${database}.${name}`);
  }

  namesOwnColumns(column: ScopeColumn): boolean {
    return column.schema === 'information_schema' && (column.behind !== undefined || NAMED_VIEWS.has(column.orgTable));
  }

  // --- warnings, transactions

  addWarning(level: Warning['level'], code: number, message: string): void {
    this.addCondition({ level, code, message });
  }

  /** As `addWarning`, with what SIGNAL set of it. */
  addCondition(condition: Warning): void {
    if (condition.level === 'Note' && this.readVariable('sql_notes', '').value === 0n) return;
    this.warningCount++;
    this.overlay.raised.note(this.user, this.address, condition.code, Date.now());
    const most = this.variables.get('max_error_count') ?? this.overlay.globals.get('max_error_count') ?? MAX_WARNINGS;
    if (this.warnings.length < Math.min(MAX_WARNINGS, Number(most))) {
      const message = detached(condition.message);
      this.warnings.push({ ...condition, message });
    }
  }

  /** What `work` gives, without what it warns of: of conditions looked at ahead nothing is told. */
  unwarned<T>(work: () => T): T {
    const [before, count] = [this.warnings, this.warningCount];
    const around = this.muted;
    this.warnings = [];
    this.muted = true;
    try {
      return work();
    } finally {
      this.muted = around;
      this.warnings = before;
      this.warningCount = count;
    }
  }

  /** Naming a key cache before a variable is on its way out. */
  warnOfKeyCache(written: string, variable: string): void {
    if (!variable.includes('key_')) return;
    this.addWarning('Warning', 1287, `${written} syntax is deprecated and will be removed in a future release`);
  }

  /** Forgets all but the first `count`. */
  dropWarnings(count: number): void {
    this.warningCount -= Math.max(0, this.warnings.length - count);
    this.warnings.length = Math.min(this.warnings.length, count);
  }

  clearWarnings(): void {
    this.countsBefore = { warnings: this.warningCount, errors: this.errorCount() };
    this.warnings = [];
    this.warningCount = 0;
  }

  errorCount(): number {
    return this.warnings.filter(({ level }) => level === 'Error').length;
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

  /** Remembers how to take a change back, for which `bytes` of values are kept; outside a transaction there is nothing to take back. False where it stays. */
  changed(undo: Undo, bytes: number): boolean {
    if (!this.autocommit) this.transaction.open = true;
    return !this.transaction.open || this.transaction.note(undo, bytes);
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
    this.resultCollation = '';
    this.userVariables.clear();
    this.prepared.clear();
    this.#handlers = undefined;
    this.temporary.clear();
    this.locks.releaseAll();
    this.tableLocks.release();
    this.tableLocks.global = false;
    this.overlay.keepers.delete(this);
    this.transaction.xa = undefined;
    this.clearWarnings();
    this.lastInsertId = 0n;
    this.randomState = undefined;
    this.rowCount = 0n;
    this.tracker.reset();
  }

  /** What changed of the session since its client was told last, encoded; undefined where nothing did. */
  takeChanges(): Buffer | undefined {
    return this.tracker.take((name) => {
      const facts = findVariable(name, this.overlay);
      return facts ? variableText(this, facts, false) : '';
    });
  }
}
