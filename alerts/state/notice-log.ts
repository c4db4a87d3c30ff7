// The log of notices as outputs read it: the latest in memory, those before from the database; and how far each output is.
import type { DatabaseSync } from 'node:sqlite';
import type { NoticeKind, NoticeRow, StoredNotice } from './batch.ts';

/** Notices kept in memory once they are committed, so that an output that keeps up reads none from the disk. */
const RECENT = 1_024;

export interface NoticeLog {
  /** Numbers them. Readers see them once `show` says so. */
  add(notices: readonly NoticeRow[]): readonly StoredNotice[];
  show(lastSeq: number): void;
  /** All up to it are in the database. */
  committed(lastSeq: number): void;
  /** Notices after `seq`, in order; where the first is not `seq + 1`, those between were dropped from a full log. */
  after(seq: number, limit: number): readonly StoredNotice[];
  readonly lastSeq: number;
  /** How many there are after `seq`, and when the first of them was made. */
  backlog(seq: number): { readonly depth: number; readonly oldestMs: number | undefined };
}

/** `limit` bounds what is kept in memory as it bounds what the database keeps. */
export function createNoticeLog(database: DatabaseSync, limit: number): NoticeLog {
  const after = database.prepare('SELECT * FROM notices WHERE seq > ? ORDER BY seq LIMIT ?');
  const first = database.prepare('SELECT min(seq) AS seq FROM notices');
  const kept = Math.min(RECENT, limit);
  const recent: StoredNotice[] = [];
  let lastSeq = Number(database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'notices'").get()?.seq ?? 0);
  let shownSeq = lastSeq;
  let committedSeq = lastSeq;

  function read(seq: number, limitOfRead: number): readonly StoredNotice[] {
    const from = recent[0]?.seq ?? Infinity;
    if (seq + 1 < from) {
      const stored = after.all(seq, limitOfRead).map(noticeOf);
      // What memory has is the same and may be newer than what is committed.
      const older = stored.filter((notice) => notice.seq < from);
      return older.length > 0 ? older : recent.slice(0, limitOfRead);
    }
    const start = seq + 1 - from;
    return recent.slice(start, start + limitOfRead);
  }

  return {
    add(notices) {
      const numbered = notices.map((notice) => ({ seq: ++lastSeq, ...notice }));
      recent.push(...numbered);
      return numbered;
    },
    show(seq) {
      shownSeq = Math.max(shownSeq, seq);
    },
    committed(seq) {
      committedSeq = Math.max(committedSeq, seq);
      const old = recent.findIndex((notice) => notice.seq > committedSeq);
      const droppable = old < 0 ? recent.length : old;
      recent.splice(0, Math.min(droppable, Math.max(0, recent.length - kept)));
    },
    after(seq, limitOfRead) {
      if (seq >= shownSeq) return [];
      const found = read(seq, limitOfRead);
      return (found.at(-1)?.seq ?? 0) <= shownSeq ? found : found.filter((notice) => notice.seq <= shownSeq);
    },
    get lastSeq() {
      return lastSeq;
    },
    backlog(seq) {
      const lowest = Number(first.get()?.seq ?? recent[0]?.seq ?? lastSeq + 1);
      const depth = Math.max(0, lastSeq - Math.max(seq, lowest - 1));
      return { depth, oldestMs: depth > 0 ? read(Math.max(seq, lowest - 1), 1)[0]?.atMs : undefined };
    },
  };
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
