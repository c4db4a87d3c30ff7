// The page's own tables beside those of state: rows to filter and sort by without opening an event, dismissals, exceptions, proofs.
import type { DatabaseSync } from 'node:sqlite';
import { eventFrom } from '../events/stored.ts';
import { COLUMNS, type Columns, columnsOf } from './row.ts';

const EVENTS = `CREATE TABLE page_events (id TEXT PRIMARY KEY, ${COLUMNS.map(({ name, type }) => `${name} ${type} NOT NULL`).join(', ')}, dismissed_ms INTEGER) WITHOUT ROWID`;
const TABLES = `
  CREATE INDEX IF NOT EXISTS page_events_end ON page_events (end_ms);
  CREATE INDEX IF NOT EXISTS page_events_severity ON page_events (severity, end_ms);
  CREATE INDEX IF NOT EXISTS page_events_undismissed ON page_events (end_ms) WHERE dismissed_ms IS NULL;
  CREATE TABLE IF NOT EXISTS page_exceptions (name TEXT PRIMARY KEY, object TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS page_proofs (pod TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS page_touches ON touches (source, decoy, received_ms);
  CREATE TRIGGER IF NOT EXISTS page_events_pruned AFTER DELETE ON events BEGIN DELETE FROM page_events WHERE id = OLD.id; END;
`;

const NAMES = COLUMNS.map(({ name }) => name);
const UPSERT = `INSERT INTO page_events (id, ${NAMES.join(', ')}) VALUES (?, ${NAMES.map(() => '?').join(', ')})
  ON CONFLICT (id) DO UPDATE SET ${NAMES.map((name) => `${name} = excluded.${name}`).join(', ')}`;

/** Makes the tables where they are missing and fills in events that were stored while no page was there. */
export function installTables(database: DatabaseSync): void {
  const dismissed = dropOthers(database);
  database.exec(TABLES);
  const stale = database.prepare(
    `SELECT e.id, e.body FROM events e LEFT JOIN page_events p ON p.id = e.id
      WHERE p.id IS NULL OR p.count != e.count OR p.state != e.state`,
  );
  const fresh: [string, Columns][] = [];
  for (const row of stale.iterate()) {
    const event = eventFrom(row.body as string);
    if (event) fresh.push([event.id, columnsOf(event)]);
  }
  writeRows(database, fresh);
  const dismiss = database.prepare('UPDATE page_events SET dismissed_ms = ? WHERE id = ?');
  for (const [id, ms] of dismissed) dismiss.run(ms, id);
}

/** Makes way for the rows of this version where another wrote the file; what was dismissed is kept. */
function dropOthers(database: DatabaseSync): [id: string, ms: number][] {
  const sql = database.prepare("SELECT sql FROM sqlite_master WHERE name = 'page_events'").get()?.sql;
  if (sql === EVENTS) return [];
  let dismissed: [string, number][] = [];
  if (sql !== undefined) {
    const rows = database.prepare('SELECT id, dismissed_ms FROM page_events WHERE dismissed_ms IS NOT NULL').all();
    dismissed = rows.map((row) => [String(row.id), Number(row.dismissed_ms)]);
    database.exec('DROP TABLE page_events');
  }
  database.exec(EVENTS);
  return dismissed;
}

export function writeRows(database: DatabaseSync, rows: Iterable<readonly [id: string, columns: Columns]>): void {
  const upsert = database.prepare(UPSERT);
  database.exec('BEGIN');
  try {
    for (const [id, columns] of rows) upsert.run(id, ...NAMES.map((name) => columns[name]!));
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
