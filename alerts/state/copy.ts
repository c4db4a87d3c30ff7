// What a failing disk can still give, copied into the memory that takes its place.
import type { DatabaseSync } from 'node:sqlite';

/** What must outlive the disk: open events, notices not yet delivered everywhere, cursors and positions. */
const COPIED = [
  ['events', "WHERE state = 'open'"],
  ['notices', 'WHERE seq > (SELECT coalesce(min(seq), 0) FROM cursors)'],
  ['cursors', ''],
  ['positions', ''],
] as const;

/** Throws where `from` cannot be read. */
export function copyState(from: DatabaseSync, to: DatabaseSync): void {
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
