// The page's own tables beside those of state: rows to filter and sort by without opening an event, dismissals, exceptions, proofs.
import type { DatabaseSync } from 'node:sqlite';
import { eventFrom } from '../events/stored.ts';
import { ACTIVE } from './filter.ts';
import { COLUMNS, type Column, type Columns, columnsOf } from './row.ts';

/** Room for the rows of 100,000 events: without it every filter reads them from the file again. */
const CACHE_KIB = 32_768;
/** Events whose rows are made at a turn. */
const FILLED = 250;

const columns = (wide: boolean) => COLUMNS.filter((column) => column.wide === wide);
const declared = (list: readonly Column[]) => list.map(({ name, type }) => `${name} ${type} NOT NULL`).join(', ');
const EVENTS = `CREATE TABLE page_events (id TEXT PRIMARY KEY, ${declared(columns(false))}, dismissed_ms INTEGER) WITHOUT ROWID`;
/** Long texts stand apart, so that a filter over everything reads little. */
const TEXTS = `CREATE TABLE page_texts (id TEXT PRIMARY KEY, ${declared(columns(true))}) WITHOUT ROWID`;
const TABLES = `
  CREATE INDEX IF NOT EXISTS page_events_end ON page_events (end_ms);
  CREATE INDEX IF NOT EXISTS page_events_active_end ON page_events (end_ms) WHERE ${ACTIVE};
  CREATE INDEX IF NOT EXISTS page_events_active_severity ON page_events (severity, end_ms) WHERE ${ACTIVE};
  CREATE TABLE IF NOT EXISTS page_exceptions (name TEXT PRIMARY KEY, object TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS page_proofs (pod TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS page_touches ON touches (source, decoy, received_ms);
  CREATE TRIGGER IF NOT EXISTS page_events_pruned AFTER DELETE ON events BEGIN
    DELETE FROM page_events WHERE id = OLD.id;
    DELETE FROM page_texts WHERE id = OLD.id;
  END;
`;

function upsert(table: string, list: readonly Column[]): string {
  const names = list.map(({ name }) => name);
  return `INSERT INTO ${table} (id, ${names.join(', ')}) VALUES (?, ${names.map(() => '?').join(', ')})
    ON CONFLICT (id) DO UPDATE SET ${names.map((name) => `${name} = excluded.${name}`).join(', ')}`;
}

/** When each event was dismissed, by id. */
export type Dismissed = ReadonlyMap<string, number>;

/** Makes the tables where they are missing. Returns what was dismissed in tables of another version, for `fillRows`. */
export function installTables(database: DatabaseSync): Dismissed {
  const dismissed = dropOthers(database);
  database.exec(`${TABLES} PRAGMA cache_size = -${CACHE_KIB}`);
  return dismissed;
}

/** Rows of events that were stored while no page was there: the next few after `id`. Returns the last id; undefined at the end. */
export function fillRows(database: DatabaseSync, id: string, dismissed: Dismissed): string | undefined {
  // Never back: a row may be ahead of what is stored of its event.
  const stale = database
    .prepare(
      `SELECT e.id, e.body FROM events e LEFT JOIN page_events p ON p.id = e.id
        WHERE e.id > ? AND (p.id IS NULL OR p.count < e.count OR (p.state = 'open' AND e.state = 'closed')) ORDER BY e.id LIMIT ?`,
    )
    .all(id, FILLED);
  const events = stale.map(({ body }) => eventFrom(String(body))).filter((event) => event !== undefined);
  writeRows(
    database,
    events.map((event) => [event.id, columnsOf(event)] as const),
  );
  const dismiss = database.prepare('UPDATE page_events SET dismissed_ms = ? WHERE id = ?');
  for (const event of events) {
    const ms = dismissed.get(event.id);
    if (ms !== undefined) dismiss.run(ms, event.id);
  }
  return stale.length < FILLED ? undefined : String(stale.at(-1)?.id);
}

/** Makes way for the rows of this version where another wrote the file; what was dismissed is kept. */
function dropOthers(database: DatabaseSync): Dismissed {
  const sqlOf = (name: string) => database.prepare('SELECT sql FROM sqlite_master WHERE name = ?').get(name)?.sql;
  if (sqlOf('page_events') === EVENTS && sqlOf('page_texts') === TEXTS) return new Map();
  let dismissed: Dismissed = new Map();
  if (sqlOf('page_events') !== undefined) {
    const rows = database.prepare('SELECT id, dismissed_ms FROM page_events WHERE dismissed_ms IS NOT NULL').all();
    dismissed = new Map(rows.map((row) => [String(row.id), Number(row.dismissed_ms)]));
    database.exec('DROP TABLE page_events');
  }
  database.exec(`DROP TABLE IF EXISTS page_texts; DROP TRIGGER IF EXISTS page_events_pruned; ${EVENTS}; ${TEXTS}`);
  return dismissed;
}

export function writeRows(database: DatabaseSync, rows: Iterable<readonly [id: string, columns: Columns]>): void {
  const writes = [
    [database.prepare(upsert('page_events', columns(false))), columns(false)],
    [database.prepare(upsert('page_texts', columns(true))), columns(true)],
  ] as const;
  database.exec('BEGIN');
  try {
    for (const [id, values] of rows)
      for (const [statement, list] of writes) statement.run(id, ...list.map(({ name }) => values[name]!));
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
