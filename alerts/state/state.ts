// What must outlive the program: touches, events, undelivered notices, how far outputs and inputs are. Reading is synchronous; writing goes
// to a thread of its own, so that a slow disk keeps neither lines nor alerts waiting. Without a directory, or once a disk has failed, in memory.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Batch, Statement, StoredNotice, Write } from './batch.ts';
import { copyState } from './copy.ts';
import { isBroken, messageOf, openDatabase, openMemory, setStateAside } from './database.ts';
import { createDiskReader } from './disk-reader.ts';
import { type DiskWriter, startDiskWriter, type Unwritten } from './disk-writer.ts';
import { LIMITS, type Limits } from './limits.ts';
import { createNoticeLog } from './notice-log.ts';
import { createReader } from './reader.ts';
import { createWriter } from './writer.ts';

/**
 * Notices are told of once they are committed, or after this long: a disk that takes longer must not hold an alert back. What a crash then
 * takes back is read again from the input and told of again under the same event id.
 */
const PATIENCE_MS = 25;

/** A disk that takes longer to be ready is not waited for. */
const READY_MS = 1_000;

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
  /** Resolves once it can be written, after READY_MS at most: until then it only collects. */
  readonly ready: Promise<void>;
  /** False where it lives in memory only. */
  durable(): boolean;
  /** Whether a touch of this id is stored; one that is being written is not seen yet. */
  knows(touchId: string): boolean;
  /** The largest touch id stored by a run before, in the order of text; '' for none. */
  readonly newestTouch: string;
  /**
   * Writes all of the batch or none. Resolves once its notices may be given to outputs. Never rejects: a disk that fails is replaced by
   * memory and said.
   */
  commit(batch: Batch, nowMs: number): Promise<void>;
  /** For those who keep tables of their own here: all of the statements or none. Resolves with the rows changed; 0 where the disk failed meanwhile. */
  write(statements: readonly Statement[]): Promise<number>;
  /** Asks what may look at many rows; sees what is written. Rejects with what SQLite says. */
  query(question: Statement): Promise<readonly Record<string, unknown>[]>;
  /** Resolves once there is room for more lines; undefined while there is. */
  room(): Promise<void> | undefined;
  position(stream: string): string | undefined;
  /** JSON of the open events, the one longest unheard first. */
  openEvents(): string[];
  /** Touches received since, oldest first, the youngest `limit` of them. */
  touchesSince(ms: number, limit: number): Iterable<StoredTouch>;
  /** Notices after `seq`, in order; where the first is not `seq + 1`, those between were dropped from a full log. */
  noticesAfter(seq: number, limit: number): readonly StoredNotice[];
  /** The last notice given to `output`; a new output starts with what comes next. */
  cursor(output: string): number;
  /** Output → last notice given to it, all in one commit. */
  moveCursors(moved: ReadonlyMap<string, number>): void;
  /** Forgets outputs that are no longer configured, so that they hold nothing back. */
  keepCursors(outputs: readonly string[]): void;
  backlog(output: string): Backlog;
  /** What it is kept in now, to read a few rows at once; another one once a disk has failed. */
  database(): DatabaseSync;
  /** Resolves once all is written. */
  close(): Promise<void>;
}

export interface StateOptions {
  /** Absent: in memory. */
  readonly directory?: string;
  readonly say: (message: string) => void;
  readonly now?: () => number;
  readonly limits?: Partial<Limits>;
}

/** Throws UserError where another program holds the directory or where it is a file. */
export function openState({ directory, say, now = Date.now, limits }: StateOptions): State {
  const opened = openDatabase(directory, say, now());
  let { database } = opened;
  let durable = opened.path !== undefined;
  const bounds = (): Limits => ({ ...(durable ? LIMITS.disk : LIMITS.memory), ...limits });
  let sql = prepare(database);
  let notices = createNoticeLog(database, bounds().notices);
  const cursors = new Map(sql.cursors.all().map(({ output, seq }) => [String(output), Number(seq)]));
  const newestTouch = String(sql.newestTouch.get()?.id ?? '');
  /** Positions on their way to the disk. */
  const moving = new Map<string, string>();
  const thread = opened.path !== undefined && opened.shared ? threadFor(opened.path) : undefined;
  const asking = opened.path !== undefined && thread ? createDiskReader(opened.path) : undefined;
  let local = createWriter(database, bounds());

  function threadFor(path: string): DiskWriter | undefined {
    try {
      return startDiskWriter({ path, limits: bounds(), onFailure: leaveDisk });
    } catch (error) {
      say(`--state ${directory}: no thread may write it (${messageOf(error)}); a slow disk will hold alerts back`);
      return undefined;
    }
  }

  /** Goes on in memory with what the disk can still give and what it did not take. */
  function leaveDisk(error: unknown, unwritten: readonly Unwritten[] = thread?.abandon() ?? []): void {
    if (!durable || directory === undefined) throw error;
    say(
      `--state ${directory}: cannot be written (${messageOf(error)}); from here on state is kept in memory and lost at the end`,
    );
    const memory = openMemory().database;
    try {
      copyState(database, memory);
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
    local = createWriter(database, bounds());
    // Others find their tables gone, and fill them from what is kept.
    for (const { write } of unwritten) if (write.kind !== 'statements') local.write([write]);
    notices = createNoticeLog(database, bounds().notices);
    moving.clear();
    for (const { resolve } of unwritten) resolve(0);
  }

  function guarded<T>(use: () => T): T {
    try {
      return use();
    } catch (error) {
      leaveDisk(error);
      return use();
    }
  }

  function put(write: Write): Promise<number> {
    if (thread && durable) return thread.write(write);
    return Promise.resolve(guarded(() => local.write([write])[0] ?? 0));
  }

  async function commit(batch: Batch, nowMs: number): Promise<void> {
    const numbered = notices.add(batch.notices);
    const last = numbered.at(-1)?.seq ?? 0;
    for (const [stream, position] of batch.positions) moving.set(stream, position);
    const written = put({ kind: 'batch', batch: { ...batch, notices: numbered }, nowMs }).then(() => {
      for (const [stream, position] of batch.positions) if (moving.get(stream) === position) moving.delete(stream);
      notices.committed(last);
    });
    if (last === 0) return written;
    await within(PATIENCE_MS, written);
    notices.show(last);
  }

  return {
    ready: thread ? within(READY_MS, thread.ready) : Promise.resolve(),
    durable: () => durable,
    knows: (id) => guarded(() => sql.knows.get(id)) !== undefined,
    newestTouch,
    commit,
    write: (statements) => put({ kind: 'statements', statements }),
    async query(question) {
      if (!asking || !durable) return createReader(database).rows(question);
      try {
        return await asking.rows(question);
      } catch (error) {
        if (durable) throw error;
        return createReader(database).rows(question); // The disk failed meanwhile.
      }
    },
    room: () => (durable ? thread?.room() : undefined),
    position: (stream) =>
      moving.get(stream) ?? (guarded(() => sql.position.get(stream))?.position as string | undefined),
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
    noticesAfter: (seq, limit) => guarded(() => notices.after(seq, limit)),
    cursor(output) {
      const known = cursors.get(output);
      if (known !== undefined) return known;
      const last = notices.lastSeq;
      cursors.set(output, last);
      void put({ kind: 'cursors', moved: new Map([[output, last]]) });
      return last;
    },
    moveCursors(moved) {
      for (const [output, seq] of moved) cursors.set(output, seq);
      void put({ kind: 'cursors', moved: new Map(moved) });
    },
    keepCursors(outputs) {
      for (const output of [...cursors.keys()].filter((name) => !outputs.includes(name))) {
        cursors.delete(output);
        void put({ kind: 'dropCursor', output });
      }
    },
    backlog: (output) => guarded(() => notices.backlog(cursors.get(output) ?? 0)),
    database: () => database,
    async close() {
      asking?.close();
      await thread?.close();
      database.close();
      opened.unlock();
    },
  };
}

/** Resolves with `task` or after `ms`. */
async function within(ms: number, task: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([task, late]);
  clearTimeout(timer);
}

function prepare(database: DatabaseSync) {
  return {
    knows: database.prepare('SELECT 1 FROM touches WHERE id = ?'),
    newestTouch: database.prepare('SELECT max(id) AS id FROM touches'),
    position: database.prepare('SELECT position FROM positions WHERE stream = ?'),
    openEvents: database.prepare("SELECT body FROM events WHERE state = 'open' ORDER BY heard_ms, id"),
    newest: database.prepare('SELECT max(seq) - ? + 1 AS seq FROM touches'),
    touchesSince: database.prepare(
      'SELECT received_ms, line, culprit FROM touches WHERE seq >= ? AND received_ms >= ? ORDER BY seq',
    ),
    cursors: database.prepare('SELECT output, seq FROM cursors'),
  } satisfies Record<string, StatementSync>;
}
