// What one source has made of the server: databases, tables, accounts, settings. Every connection of that source sees it, no other.
// Bounded in sources, databases, tables, rows, bytes and time; the source unseen longest is forgotten first.

import { PARSED_BYTES_A_BYTE } from '../limits.ts';
import type { Query } from '../sql/ast/query.ts';
import { sqlError } from '../sql/errors.ts';
import { detached } from '../sql/value/detached.ts';
import type { Value } from '../sql/value/value.ts';
import { type Account, termsLength } from './account.ts';
import { BinaryLog } from './binary-log.ts';
import { OpenTables } from './open-tables.ts';
import { RaisedErrors } from './raised-errors.ts';
import { ReadViews } from './read-views.ts';
import { Replication } from './replication.ts';
import type { ResourceGroup } from './resource-groups.ts';
import { type Routine, routineBytes } from './routine.ts';
import { valueBytes } from './row-bytes.ts';
import type { Holder } from './row-locks.ts';
import { StatementLog } from './statement-log.ts';
import type { OverlayTable } from './table.ts';

/** Sources remembered, and for how long after their last connection, in ms. */
const MAX_SOURCES = 512;
const KEPT_MS = 24 * 3_600_000;
/** Of one source. */
export const MAX_DATABASES = 16;
export const MAX_TABLES = 64;
export const MAX_ROWS = 16_000;
const MAX_BYTES = 4 * 1024 * 1024;
export const MAX_ACCOUNTS = 64;
export const MAX_ROUTINES = 128;
/** What events failed of: how many of their errors are kept, and characters of each. */
const MAX_EVENT_ERRORS = 64;
const EVENT_ERROR_CHARACTERS = 512;
/** Bytes of all sources together. */
const ALL_BYTES = 6 * 1024 * 1024;

export interface View {
  readonly schema: string;
  readonly name: string;
  readonly query: Query;
  readonly columns: readonly string[];
  /** Its query as the server writes it, every name with its database. */
  readonly text: string;
  /** As `text`, without the database where that is its own. */
  readonly shortText: string;
  readonly checkOption: 'NONE' | 'LOCAL' | 'CASCADED';
  readonly algorithm: string;
  /** `user` and host of who it runs as. */
  readonly definer: readonly [string, string];
  readonly security: string;
  /** What SHOW COLUMNS tells of it. */
  readonly charset: string;
  readonly collation: string;
  /** When it was made or altered last, in ms since the epoch. */
  readonly createdMs: number;
}

export interface Database {
  readonly name: string;
  collation: string;
  encrypted?: boolean;
  /** Takes no changes until it is altered again. */
  readOnly?: boolean;
  readonly tables: Map<string, OverlayTable>;
  readonly views: Map<string, View>;
}

/** A session, as far as the locks of LOCK TABLES it holds keep others waiting. */
interface Keeper {
  readonly tableLocks: { readonly keeps: (schema: string, name: string, change: boolean) => boolean };
  readonly transaction: Holder;
}

/** A transaction waiting for its second phase. */
interface Prepared {
  readonly commit: () => void;
  readonly rollback: () => void;
}

export class Overlay {
  readonly databases = new Map<string, Database>();
  /** System schemas this source believes it dropped. */
  readonly dropped = new Set<string>();
  /** TEMPORARY tables of the sessions under way; each takes its own away when it ends. */
  readonly temporary = new Set<ReadonlyMap<string, OverlayTable>>();
  readonly accounts = new Map<string, Account>();
  readonly globals = new Map<string, Value>();
  /** Variables SET PERSIST kept, as text: no more of them than there are variables. */
  readonly persisted = new Map<string, string>();
  /** By `routineKey`; triggers of one moment in the order they run. */
  readonly routines = new Map<string, Routine>();
  /** Moments of events until here are past, run or not, ms since the epoch. */
  eventsSeenMs = 0;
  /** What events failed of, the latest ones; older ones go. */
  readonly eventErrors: { readonly atMs: number; readonly thread: bigint; readonly text: string }[] = [];
  /** Files INTO OUTFILE wrote, with what they hold where that is short. */
  readonly files = new Map<string, Buffer | null>();
  binaryLog = new BinaryLog();
  /** Moments its transactions read. */
  readonly readViews = new ReadViews();
  /** Sessions that hold locks of tables. */
  readonly keepers = new Set<Keeper>();
  /** Transactions of XA PREPARE, by xid. */
  readonly preparedXa = new Map<string, Prepared>();
  readonly openTables = new OpenTables();
  readonly raised = new RaisedErrors();
  /** Resource groups by their names in lower case. */
  readonly resourceGroups = new Map<string, ResourceGroup>();
  /** Tablespaces, by kind and name. */
  readonly objects = new Set<string>();
  /** Logs kept in tables, while they are on. */
  readonly generalLog = new StatementLog();
  readonly slowLog = new StatementLog();
  /** Components installed, by URN, in the order they came; no more than the server comes with. */
  readonly components = new Map<string, { readonly id: number; readonly group: number; readonly sinceMs: number }>();
  /** Plugins loaded, by their names in lower case, in the order they came; no more than the server comes with. */
  readonly plugins = new Map<string, { readonly name: string; readonly leaving: boolean }>();
  /** Components ever given an id, and groups of them. */
  lastComponent = { id: 0, group: 0 };
  /** Replication and binary logs as its statements left them. */
  readonly replication = new Replication();
  /** InnoDB writes its redo log. */
  redoLog = true;
  lastUsedMs: number;
  /** Until when the server it shut down refuses it, ms. */
  downUntilMs = 0;
  connections = 0;
  /** Bytes its sessions keep, as booked. */
  sessionBytes = 0;
  /** Bytes it had when all sources were counted last. */
  counted = 0;

  constructor(nowMs: number) {
    this.lastUsedMs = nowMs;
  }

  /** The number of a table the binary log has not told of yet. */
  lastTableNumber = 100;

  get tableCount(): number {
    let count = 0;
    for (const database of this.databases.values()) count += database.tables.size + database.views.size;
    return count;
  }

  get bytes(): number {
    let bytes = this.generalLog.bytes + this.slowLog.bytes + this.binaryLog.bytes;
    for (const database of this.databases.values()) {
      bytes += ENTRY_BYTES;
      for (const table of database.tables.values()) bytes += table.bytes + definitionBytes(table);
      for (const view of database.views.values()) bytes += viewBytes(view.text);
    }
    for (const tables of this.temporary)
      for (const table of tables.values()) bytes += table.bytes + definitionBytes(table);
    for (const routine of this.routines.values()) bytes += routineBytes(routine);
    for (const account of this.accounts.values()) bytes += accountBytes(account);
    for (const [name, value] of this.globals) bytes += ENTRY_BYTES + name.length + valueBytes(value);
    for (const text of this.persisted.values()) bytes += ENTRY_BYTES + text.length;
    for (const [name, content] of this.files) bytes += ENTRY_BYTES + name.length + (content?.length ?? 0);
    bytes += this.replication.bytes;
    for (const { text } of this.eventErrors) bytes += ENTRY_BYTES + text.length;
    for (const object of this.objects) bytes += ENTRY_BYTES + object.length;
    return bytes;
  }

  /** Notes what an event failed of in its thread, at `atMs` since the epoch. */
  logEventError(atMs: number, thread: bigint, text: string): void {
    this.eventErrors.push({ atMs, thread, text: detached(text.slice(0, EVENT_ERROR_CHARACTERS)) });
    if (this.eventErrors.length > MAX_EVENT_ERRORS) this.eventErrors.shift();
  }

  get rowCount(): number {
    let rows = 0;
    for (const database of this.databases.values())
      for (const table of database.tables.values()) rows += table.rows.length;
    for (const tables of this.temporary) for (const table of tables.values()) rows += table.rows.length;
    return rows;
  }
}

/** What one entry of a map costs beyond what it holds. */
const ENTRY_BYTES = 128;
/** What a column, an index and an account take, about. */
const COLUMN_BYTES = 1_024;
const INDEX_BYTES = 512;
const ACCOUNT_BYTES = 1_024;
/** How often the members of an ENUM or SET are kept. */
const MEMBER_COPIES = 3;

/** What a table's definition takes of its source's share. */
export function definitionBytes({ columns, indexes }: OverlayTable): number {
  // The members of an ENUM are kept as they are told, as they were defined, and as its values are checked against.
  const members = columns.reduce((sum, { columnType }) => sum + columnType.length * MEMBER_COPIES, 0);
  return columns.length * COLUMN_BYTES + indexes.length * INDEX_BYTES + members;
}

/** What a view takes, which is kept as it was parsed. */
export function viewBytes(text: string): number {
  return ENTRY_BYTES + text.length * PARSED_BYTES_A_BYTE;
}

function accountBytes({ levels, password, shown, terms }: Account): number {
  return ACCOUNT_BYTES + levels.size * ENTRY_BYTES + (password?.length ?? 0) + shown.length + termsLength(terms);
}

export class Overlays {
  readonly #bySource = new Map<string, Overlay>();
  #allBytes = 0;
  readonly #seed: (overlay: Overlay) => void;

  /** `seed` puts into a new overlay what every server has at its start. */
  constructor(seed: (overlay: Overlay) => void) {
    this.#seed = seed;
  }

  get size(): number {
    return this.#bySource.size;
  }

  of(source: string, nowMs: number): Overlay {
    let overlay = this.#bySource.get(source);
    if (overlay && nowMs - overlay.lastUsedMs > KEPT_MS && overlay.connections === 0) {
      this.#forget(source, overlay);
      overlay = undefined;
    }
    if (overlay) this.#bySource.delete(source);
    else {
      overlay = new Overlay(nowMs);
      this.#seed(overlay);
    }
    overlay.lastUsedMs = nowMs;
    this.#bySource.set(source, overlay);
    this.#evict(MAX_SOURCES);
    return overlay;
  }

  #evict(limit: number): void {
    for (const [source, overlay] of this.#bySource) {
      if (this.#bySource.size <= limit) return;
      if (overlay.connections === 0) this.#forget(source, overlay);
    }
  }

  #forget(source: string, overlay: Overlay): void {
    this.#allBytes -= overlay.counted;
    this.#bySource.delete(source);
  }

  /** Counts anew what a source holds, which only its own statements change. */
  #count(overlay: Overlay): number {
    const { bytes } = overlay;
    this.#allBytes += bytes - overlay.counted;
    overlay.counted = bytes;
    return bytes;
  }

  /** Makes room for `bytes` more of `overlay`; throws 1114 where there is none. */
  claim(overlay: Overlay, table: string, bytes: number, rows: number): void {
    if (this.#count(overlay) + bytes > MAX_BYTES || (rows > 0 && overlay.rowCount + rows > MAX_ROWS))
      throw sqlError('ER_RECORD_FILE_FULL', table);
    if (this.#allBytes + bytes <= ALL_BYTES) return;
    for (const [source, other] of this.#bySource) {
      if (other === overlay || other.connections > 0) continue;
      this.#forget(source, other);
      if (this.#allBytes + bytes <= ALL_BYTES) return;
    }
    throw sqlError('ER_RECORD_FILE_FULL', table);
  }
}
