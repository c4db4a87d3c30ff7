// The page's own tables beside those of state: rows to filter and sort by without opening an event, dismissals, exceptions, proofs.
import type { DatabaseSync } from 'node:sqlite';
import { eventFrom } from '../events/stored.ts';
import type { Statement } from '../state/batch.ts';
import { ACTIVE } from './filter.ts';
import { COLUMNS, type Column, type Columns, columnsOf } from './row.ts';

/** Events looked at at a turn, to make the rows that are missing. */
const FILLED = 400;

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

/** Makes the tables where they are missing. Returns what was dismissed in tables of another version, for `staleRows`. */
export function installTables(database: DatabaseSync): Dismissed {
  const dismissed = dropOthers(database);
  database.exec(TABLES);
  return dismissed;
}

export interface Stale {
  /** The last event looked at; undefined at the end. */
  readonly last: string | undefined;
  /** What makes their rows. */
  readonly statements: readonly Statement[];
}

/** Rows of events that were stored while no page was there: those among the next few after `id`. */
export function staleRows(database: DatabaseSync, id: string, dismissed: Dismissed): Stale {
  const next = database
    .prepare('SELECT id, state, count FROM events WHERE id > ? ORDER BY id LIMIT ?')
    .all(id, FILLED) as { id: string; state: string; count: number }[];
  const rowOf = database.prepare('SELECT state, count FROM page_events WHERE id = ?');
  const bodyOf = database.prepare('SELECT body FROM events WHERE id = ?');
  const statements = next.flatMap((stored) => {
    // Never back: a row may be ahead of what is stored of its event.
    const row = rowOf.get(stored.id);
    const isStale = !row || Number(row.count) < stored.count || (row.state === 'open' && stored.state === 'closed');
    const event = isStale ? eventFrom(String(bodyOf.get(stored.id)?.body)) : undefined;
    if (!event) return [];
    const ms = dismissed.get(event.id);
    const dismiss = { sql: 'UPDATE page_events SET dismissed_ms = ? WHERE id = ?', values: [ms ?? 0, event.id] };
    return [...rowStatements(event.id, columnsOf(event)), ...(ms === undefined ? [] : [dismiss])];
  });
  return { last: next.length < FILLED ? undefined : next.at(-1)?.id, statements };
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

const WRITES = [false, true].map((wide) => {
  const list = columns(wide);
  return { sql: upsert(wide ? 'page_texts' : 'page_events', list), names: list.map(({ name }) => name) };
});

/** What puts an event's row in its place. */
export function rowStatements(id: string, values: Columns): Statement[] {
  return WRITES.map(({ sql, names }) => ({ sql, values: [id, ...names.map((name) => values[name]!)] }));
}
