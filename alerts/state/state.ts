// What `alerts` remembers: touches, security events, notices to deliver and how far each output is, positions of inputs.
// The same tables whether on disk or in memory; a disk that fails is said once and left for memory.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Batch, NoticeKind, StoredNotice } from './batch.ts';
import { isBroken, messageOf, openDatabase, openMemory, setStateAside } from './database.ts';
import { LIMITS, type Limits, prune } from './limits.ts';

export interface StoredTouch {
  readonly receivedMs: number;
  readonly line: string;
  /** JSON of the culprit, where one was stored. */
  readonly culprit: string | undefined;
}

export interface Backlog {
  readonly depth: number;
  /** When the oldest undelivered notice was made; undefined where there is none. */
  readonly oldestMs: number | undefined;
}

export interface State {
  /** False where it lives in memory only. */
  durable(): boolean;
  knows(touchId: string): boolean;
  /** Writes all of the batch or none. Never throws: a disk that fails is replaced by memory and said. */
  commit(batch: Batch, nowMs: number): void;
  position(stream: string): string | undefined;
  /** JSON of the open events, the one longest unheard first. */
  openEvents(): string[];
  /** Touches received since, oldest first, the youngest `limit` of them. */
  touchesSince(ms: number, limit: number): Iterable<StoredTouch>;
  /** Notices after `seq`, in order; where the first is not `seq + 1`, those between were dropped from a full log. */
  noticesAfter(seq: number, limit: number): StoredNotice[];
  /** The last notice given to `output`; a new output starts with what comes next. */
  cursor(output: string): number;
  /** Output → last notice given to it, all in one commit. */
  moveCursors(moved: ReadonlyMap<string, number>): void;
  /** Forgets outputs that are no longer configured, so that they hold nothing back. */
  keepCursors(outputs: readonly string[]): void;
  backlog(output: string): Backlog;
  /** Moves the write-ahead log into the file; for a moment when nothing comes. */
  settle(): void;
  /** What it is kept in now, for readers that ask more of it; another one once a disk has failed. */
  database(): DatabaseSync;
  close(): void;
}

export interface StateOptions {
  /** Absent: in memory. */
  readonly directory?: string;
  readonly say: (message: string) => void;
  readonly now?: () => number;
  readonly limits?: Partial<Limits>;
}

export function openState({ directory, say, now = Date.now, limits }: StateOptions): State {
  let { database, durable } = openDatabase(directory, say, now());
  let sql = prepare(database);
  const bounds = () => ({ ...(durable ? LIMITS.disk : LIMITS.memory), ...limits });

  /** Goes on in memory with what the disk can still give. */
  function leaveDisk(error: unknown): void {
    if (!durable || directory === undefined) throw error;
    say(
      `--state ${directory}: cannot be written (${messageOf(error)}); from here on state is kept in memory and lost at the end`,
    );
    const memory = openMemory().database;
    try {
      copy(database, memory);
    } catch (problem) {
      say(
        `--state ${directory}: cannot be read either (${messageOf(problem)}); undelivered notices in it are lost to this run`,
      );
    }
    try {
      database.close();
      if (isBroken(error)) setStateAside(directory, now());
    } catch {
      // The disk is gone already; what matters is that it was said.
    }
    database = memory;
    durable = false;
    sql = prepare(database);
  }

  function inTransaction(use: () => void): void {
    database.exec('BEGIN');
    try {
      use();
      database.exec('COMMIT');
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  }

  function guarded<T>(use: () => T): T {
    try {
      return use();
    } catch (error) {
      leaveDisk(error);
      return use();
    }
  }

  let unsettled = false;

  return {
    durable: () => durable,
    knows: (id) => guarded(() => sql.knows.get(id)) !== undefined,
    commit(batch, nowMs) {
      unsettled = true;
      guarded(() =>
        inTransaction(() => {
          write(sql, batch, nowMs);
          prune(database, bounds(), nowMs);
        }),
      );
    },
    settle() {
      if (!unsettled || !durable) return;
      unsettled = false;
      guarded(() => database.exec('PRAGMA wal_checkpoint(PASSIVE)'));
    },
    position: (stream) => guarded(() => sql.position.get(stream))?.position as string | undefined,
    openEvents: () => guarded(() => sql.openEvents.all()).map((row) => row.body as string),
    *touchesSince(ms, limit) {
      const first = Number(sql.newest.get(limit)?.seq ?? 0);
      for (const row of sql.touchesSince.iterate(first, ms)) {
        yield {
          receivedMs: Number(row.received_ms),
          line: row.line as string,
          culprit: (row.culprit ?? undefined) as string | undefined,
        };
      }
    },
    noticesAfter: (seq, limit) => guarded(() => sql.noticesAfter.all(seq, limit)).map(noticeOf),
    cursor(output) {
      return guarded(() => {
        const row = sql.cursor.get(output);
        if (row) return Number(row.seq);
        const last = lastNotice(sql);
        sql.moveCursor.run(output, last);
        return last;
      });
    },
    moveCursors(moved) {
      guarded(() =>
        inTransaction(() => {
          for (const [output, seq] of moved) sql.moveCursor.run(output, seq);
        }),
      );
    },
    keepCursors(outputs) {
      guarded(() => {
        for (const { output } of sql.cursors.all())
          if (!outputs.includes(output as string)) sql.dropCursor.run(output as string);
      });
    },
    backlog(output) {
      const row = guarded(() => sql.backlog.get(output));
      return {
        depth: Number(row?.depth ?? 0),
        oldestMs: row?.oldest_ms === null || row?.oldest_ms === undefined ? undefined : Number(row.oldest_ms),
      };
    },
    database: () => database,
    close() {
      database.close();
    },
  };
}

function prepare(database: DatabaseSync) {
  return {
    knows: database.prepare('SELECT 1 FROM touches WHERE id = ?'),
    touch: database.prepare(
      'INSERT OR IGNORE INTO touches (id, received_ms, decoy, source, count, culprit, line) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    event: database.prepare(
      `INSERT INTO events (id, rule, decoy, source, severity, state, opened_ms, heard_ms, count, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET severity = excluded.severity, state = excluded.state, heard_ms = excluded.heard_ms,
         count = excluded.count, body = excluded.body`,
    ),
    notice: database.prepare('INSERT INTO notices (event, kind, at_ms, body) VALUES (?, ?, ?, ?)'),
    movePosition: database.prepare(
      'INSERT INTO positions (stream, position, at_ms) VALUES (?, ?, ?) ON CONFLICT (stream) DO UPDATE SET position = excluded.position, at_ms = excluded.at_ms',
    ),
    position: database.prepare('SELECT position FROM positions WHERE stream = ?'),
    openEvents: database.prepare("SELECT body FROM events WHERE state = 'open' ORDER BY heard_ms, id"),
    newest: database.prepare('SELECT max(seq) - ? + 1 AS seq FROM touches'),
    touchesSince: database.prepare(
      'SELECT received_ms, line, culprit FROM touches WHERE seq >= ? AND received_ms >= ? ORDER BY seq',
    ),
    noticesAfter: database.prepare('SELECT * FROM notices WHERE seq > ? ORDER BY seq LIMIT ?'),
    lastNotice: database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'notices'"),
    cursor: database.prepare('SELECT seq FROM cursors WHERE output = ?'),
    cursors: database.prepare('SELECT output FROM cursors'),
    moveCursor: database.prepare(
      'INSERT INTO cursors (output, seq) VALUES (?, ?) ON CONFLICT (output) DO UPDATE SET seq = excluded.seq',
    ),
    dropCursor: database.prepare('DELETE FROM cursors WHERE output = ?'),
    backlog: database.prepare(
      'SELECT count(*) AS depth, min(at_ms) AS oldest_ms FROM notices WHERE seq > coalesce((SELECT seq FROM cursors WHERE output = ?), 0)',
    ),
  } satisfies Record<string, StatementSync>;
}

type Prepared = ReturnType<typeof prepare>;

function write(sql: Prepared, { touches, events, notices, positions }: Batch, nowMs: number): void {
  for (const row of touches) {
    const culprit =
      row.culprit.kind === 'outside' || row.culprit.kind === 'unknown' ? null : JSON.stringify(row.culprit);
    sql.touch.run(row.id, row.receivedMs, row.decoy, row.source ?? null, row.count, culprit, row.line);
  }
  for (const row of events) {
    const { id, rule, decoy, source = null, severity, state, openedMs, heardMs, count, body } = row;
    sql.event.run(id, rule, decoy, source, severity, state, openedMs, heardMs, count, body);
  }
  for (const row of notices) sql.notice.run(row.event, row.kind, row.atMs, row.body);
  for (const [stream, position] of positions) sql.movePosition.run(stream, position, nowMs);
}

function lastNotice(sql: Prepared): number {
  return Number(sql.lastNotice.get()?.seq ?? 0);
}

function noticeOf(row: Record<string, unknown>): StoredNotice {
  return {
    seq: Number(row.seq),
    event: row.event as string,
    kind: row.kind as NoticeKind,
    atMs: Number(row.at_ms),
    body: row.body as string,
  };
}

/** What must outlive the disk: open events, notices not yet delivered everywhere, cursors and positions. */
const COPIED = [
  ['events', "WHERE state = 'open'"],
  ['notices', 'WHERE seq > (SELECT coalesce(min(seq), 0) FROM cursors)'],
  ['cursors', ''],
  ['positions', ''],
] as const;

function copy(from: DatabaseSync, to: DatabaseSync): void {
  const last = from.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'notices'").get()?.seq;
  for (const [table, where] of COPIED) {
    for (const row of from.prepare(`SELECT * FROM ${table} ${where}`).iterate()) {
      const keys = Object.keys(row);
      to.prepare(`INSERT INTO ${table} (${keys}) VALUES (${keys.map(() => '?')})`).run(...Object.values(row));
    }
  }
  if (last !== undefined) {
    to.exec("DELETE FROM sqlite_sequence WHERE name = 'notices'");
    to.prepare("INSERT INTO sqlite_sequence (name, seq) VALUES ('notices', ?)").run(last);
  }
}
