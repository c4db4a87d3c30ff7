// The state file: an SQLite database (https://www.sqlite.org/lang.html) in a directory of its own, or in memory where there is none.
// One program: a lock file beside it is held while one runs, and the lock goes with the process, however it ends. Inside that program one
// connection writes and one reads (https://www.sqlite.org/wal.html).
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { UserError } from '../../decoys/touch/errors.ts';

export const STATE_FILE = 'alerts.db';
const LOCK_FILE = 'alerts.lock';
/** Counted up whenever TABLES changes; a file of another version is set aside, as a broken one is. */
const VERSION = 1;
const LOCK_WAIT_MS = 2_000;
/** A larger file is not read through at start; what is broken in it shows when it is used. */
const CHECKED_BYTES = 134_217_728;
/**
 * Pages (of 4 KiB) the write-ahead log may grow to before a commit has to move it into the file by itself; whoever writes does that
 * before, after a commit or once nothing comes.
 */
const CHECKPOINT_PAGES = 16_384;
/** Room for the rows of 100,000 events: without it every filter reads them from the file again. */
const READ_CACHE_KIB = 32_768;
/** Bytes the write-ahead log is cut back to after a checkpoint. */
const JOURNAL_BYTES = 16_777_216;

const TABLES = `
  CREATE TABLE touches (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, received_ms INTEGER NOT NULL,
    decoy TEXT NOT NULL, source TEXT, count INTEGER NOT NULL, culprit TEXT, line TEXT NOT NULL
  );
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, rule TEXT NOT NULL, decoy TEXT NOT NULL, source TEXT, severity INTEGER NOT NULL,
    state TEXT NOT NULL, opened_ms INTEGER NOT NULL, heard_ms INTEGER NOT NULL, count INTEGER NOT NULL, body TEXT NOT NULL
  );
  CREATE INDEX events_closed ON events (heard_ms) WHERE state = 'closed';
  CREATE TABLE notices (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, kind TEXT NOT NULL, at_ms INTEGER NOT NULL, body TEXT NOT NULL
  );
  CREATE TABLE cursors (output TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE positions (stream TEXT PRIMARY KEY, position TEXT NOT NULL, at_ms INTEGER NOT NULL) WITHOUT ROWID;
`;

export interface Opened {
  readonly database: DatabaseSync;
  /** Where it is; undefined where it lives in memory. */
  readonly path: string | undefined;
  /** Whether another connection of this program may write while this one reads; a network's file system may refuse what that needs. */
  readonly shared: boolean;
  /** Lets another program have it. */
  unlock(): void;
}

/**
 * Opens the state of `directory`, making both where they are missing. A file that is no state of ours is renamed and a
 * fresh one started; a directory that cannot be written leaves the state in memory. Both are told to `say`.
 * Throws UserError where another program holds it or where `directory` is a file.
 */
export function openDatabase(directory: string | undefined, say: (message: string) => void, nowMs: number): Opened {
  if (directory === undefined) return openMemory();
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOTDIR')
      throw new UserError('BAD_STATE', `--state ${directory}: is not a directory`);
    say(`--state ${directory}: cannot be made (${code}); state is kept in memory and lost at the end`);
    return openMemory();
  }
  const path = join(directory, STATE_FILE);
  let lock: DatabaseSync | undefined;
  const opened = (): Opened => ({ ...openFile(path), path, unlock: () => lock?.close() });
  try {
    lock = openLock(join(directory, LOCK_FILE));
    return opened();
  } catch (error) {
    if (isBusy(error))
      throw new UserError(
        'STATE_IN_USE',
        `--state ${directory}: another alerts uses it; give each a directory of its own`,
      );
    if (lock && isBroken(error)) {
      try {
        const aside = setStateAside(directory, nowMs);
        const fresh = opened();
        say(
          `--state ${directory}: ${STATE_FILE} cannot be read (${messageOf(error)}); it is now ${aside}, and a fresh one is started`,
        );
        return fresh;
      } catch {
        // It can neither be read nor replaced: the line below says so.
      }
    }
    lock?.close();
    say(`--state ${directory}: cannot be used (${messageOf(error)}); state is kept in memory and lost at the end`);
    return openMemory();
  }
}

export function openMemory(): Opened {
  const database = new DatabaseSync(':memory:');
  // Nothing here fails half-way as a disk may, so nothing is kept to go back to.
  database.exec(`PRAGMA journal_mode = OFF; ${TABLES}`);
  return { database, path: undefined, shared: false, unlock: () => {} };
}

/** An empty database nobody else can open for as long as it is held. Throws where somebody has it. */
function openLock(path: string): DatabaseSync {
  closeSync(openSync(path, 'a', 0o600));
  const lock = new DatabaseSync(path, { timeout: LOCK_WAIT_MS });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  }
}

function openFile(path: string): Pick<Opened, 'database' | 'shared'> {
  // It holds what intruders tried, passwords among it: nobody else reads it, nor its log, which SQLite makes like it.
  closeSync(openSync(path, 'a', 0o600));
  let database: DatabaseSync;
  let shared = true;
  try {
    database = connect(path, 'NORMAL');
  } catch (error) {
    if (!isUnshareable(error)) throw error;
    database = connect(path, 'EXCLUSIVE');
    shared = false;
  }
  try {
    const version = Number(database.prepare('PRAGMA user_version').get()?.user_version);
    if (version === 0) {
      database.exec(`BEGIN IMMEDIATE; ${TABLES} PRAGMA user_version = ${VERSION}; COMMIT`);
    } else if (version === VERSION) {
      database.exec('BEGIN IMMEDIATE; COMMIT');
      const bytes = statSync(path).size;
      const check = bytes < CHECKED_BYTES ? database.prepare('PRAGMA quick_check(1)').get()?.quick_check : 'ok';
      if (check !== 'ok') throw new BrokenState(String(check));
      if (tablesOf(database) !== tablesOf(openMemory().database)) throw new BrokenState('its tables are others');
    } else {
      throw new BrokenState(`version ${version} of its tables, this program has ${VERSION}`);
    }
    return { database, shared };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The connection of the one who writes, where another one reads. */
export function openForWriting(path: string): DatabaseSync {
  return connect(path, 'NORMAL');
}

/** A connection for questions that look at many rows, beside the one who writes. */
export function openForReading(path: string): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: LOCK_WAIT_MS, readOnly: true });
  database.exec(`PRAGMA cache_size = -${READ_CACHE_KIB}`);
  return database;
}

/**
 * A commit that changes nothing. The first one after a checkpoint begins the write-ahead log anew and waits for the disk, whatever
 * `synchronous` says short of OFF; this way it is none that somebody waits for.
 */
export function restartLog(database: DatabaseSync): void {
  database.exec(`PRAGMA user_version = ${VERSION}`);
}

function connect(path: string, locking: 'NORMAL' | 'EXCLUSIVE'): DatabaseSync {
  const database = new DatabaseSync(path, { timeout: LOCK_WAIT_MS });
  try {
    // NORMAL never loses a committed batch with the process; a power cut may take the last ones back together with
    // their positions, and the inputs then give those lines again.
    database.exec(`PRAGMA locking_mode = ${locking}; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
      PRAGMA journal_size_limit = ${JOURNAL_BYTES}; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    database.prepare('SELECT count(*) FROM sqlite_master').get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function tablesOf(database: DatabaseSync): string {
  // The page keeps tables of its own in the same file, and answers for them itself.
  return JSON.stringify(
    database
      .prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB 'page_*' ORDER BY name")
      .all(),
  );
}

class BrokenState extends Error {}

/** Renames the state file with its log and returns its new name. */
export function setStateAside(directory: string, nowMs: number): string {
  const path = join(directory, STATE_FILE);
  const aside = `${path}.broken-${nowMs}`;
  for (const suffix of ['', '-wal', '-shm']) {
    try {
      renameSync(path + suffix, aside + suffix);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return aside;
}

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html). */
const RESULT = {
  error: 1,
  busy: 5,
  locked: 6,
  ioError: 10,
  corrupt: 11,
  cannotOpen: 14,
  protocol: 15,
  notADatabase: 26,
} as const;

/** True where the file itself is wrong, not the disk under it. */
export function isBroken(error: unknown): boolean {
  const { error: wrong, corrupt, notADatabase } = RESULT;
  return error instanceof BrokenState || isOneOf(error, [wrong, corrupt, notADatabase]);
}

function isBusy(error: unknown): boolean {
  return isOneOf(error, [RESULT.busy, RESULT.locked]);
}

/** True where the file system has no memory that connections could share: one alone may still use the file. */
function isUnshareable(error: unknown): boolean {
  return isOneOf(error, [RESULT.ioError, RESULT.cannotOpen, RESULT.protocol]);
}

function isOneOf(error: unknown, codes: readonly number[]): boolean {
  return codes.includes(Number((error as { errcode?: number }).errcode ?? 0) & 0xff);
}

/** What SQLite or the system said, on one line. */
export function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ');
}
