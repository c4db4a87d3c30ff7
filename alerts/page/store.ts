// What the page reads and marks: events by filter, one event, its touches, dismissals, the accused. Both go the way of
// state's own questions and writes, off the thread that reads lines.
import type { DatabaseSync } from 'node:sqlite';
import type { SecurityEvent } from '../events/security-event.ts';
import { eventFrom } from '../events/stored.ts';
import type { State } from '../state/state.ts';
import { type EventPage, type EventRow, FACETS, type FacetName, type Facets, SEVERITIES, severityName } from './api.ts';
import { type Condition, STATES } from './filter.ts';
import { columnsOf, rowFrom } from './row.ts';
import { type Dismissed, installTables, rowStatements, staleRows } from './tables.ts';

/** Rows of one answer. */
export const PAGE_ROWS = 500;
const FACET_VALUES = 50;
/** Counting the values to filter by may take this share of the time. */
const FACETS_SHARE = 0.05;
/** Undismissed events looked at for the accused, the newest ones. */
const RECENT = 2_000;
const ACCUSED = 6;
const EVENTS_OF_ACCUSED = 12;
export const TOUCHES_PAGE = 100;

export interface StoredLine {
  readonly seq: number;
  readonly receivedMs: number;
  readonly line: string;
}

export interface AccusedEvents {
  readonly key: string;
  readonly events: number;
  readonly touches: number;
  readonly lastMs: number;
  readonly bodies: readonly SecurityEvent[];
}

export interface PageStore {
  /** Resolves once their rows can be read. */
  write(events: Iterable<SecurityEvent>): Promise<void>;
  /** Makes rows of events of before, among the next few after `id`. `last` is the last of those, undefined at the end. */
  fill(id: string): { readonly last: string | undefined; readonly written: Promise<unknown> };
  page(condition: Condition, offset: number, limit: number): Promise<EventPage>;
  facets(nowMs: number): Promise<Facets>;
  row(id: string): Promise<EventRow | undefined>;
  event(id: string): Promise<SecurityEvent | undefined>;
  /** Those that are stored, by id. */
  events(ids: readonly string[]): Promise<ReadonlyMap<string, SecurityEvent>>;
  /** Touches of an event's source on its decoy from its start to its end, after `seq`. */
  touches(event: SecurityEvent, after: number, limit: number): Promise<StoredLine[]>;
  /** Any touch line after `seq`, to count what was there before. */
  linesAfter(seq: number, limit: number): Promise<StoredLine[]>;
  lastLine(): Promise<number>;
  /** Marks them as dismissed; the stamp undoes it. */
  dismiss(ids: readonly string[], nowMs: number): Promise<{ changed: number; stamp: number }>;
  dismissAll(condition: Condition, nowMs: number): Promise<{ changed: number; stamp: number }>;
  undo(stamp: number): Promise<number>;
  restore(ids: readonly string[]): Promise<number>;
  accused(): Promise<{
    readonly groups: AccusedEvents[];
    readonly sources: number;
    readonly undismissed: number;
    readonly bySeverity: Record<string, number>;
  }>;
  proofs(): Promise<ReadonlyMap<string, number>>;
  proven(pod: string, atMs: number): Promise<void>;
  /** At once: they are in force before the first line is read. */
  exceptions(): string[];
  keepException(name: string, object: string): Promise<void>;
  dropException(name: string): Promise<void>;
}

/** The database is asked for each time: a disk that fails is replaced by memory while we run. */
export function createPageStore(state: Pick<State, 'database' | 'query' | 'write'>): PageStore {
  let installed: DatabaseSync | undefined;
  let dismissed: Dismissed = new Map();
  let stamped = 0;
  let facets: { readonly untilMs: number; readonly value: Facets } | undefined;

  function open(): DatabaseSync {
    const current = state.database();
    if (current === installed) return current;
    dismissed = installTables(current);
    const replaced = installed !== undefined;
    installed = current;
    // Memory that took a disk's place holds few events, and takes rows at once; those of a disk are filled in bit by bit.
    for (let id: string | undefined = replaced ? '' : undefined; id !== undefined; ) {
      const { last, statements } = staleRows(current, id, dismissed);
      void state.write(statements);
      id = last;
    }
    return current;
  }
  const all = (sql: string, ...values: (string | number)[]) => {
    open();
    return state.query({ sql, values });
  };
  const run = (sql: string, ...values: (string | number)[]) => {
    open();
    return state.write([{ sql, values }]);
  };
  const count = async (sql: string, ...values: (string | number)[]) => Number((await all(sql, ...values))[0]?.n ?? 0);
  const marks = (list: readonly unknown[]) => list.map(() => '?').join(', ');
  /** Grows with every call, so that one undo takes back one dismissal. */
  const stamp = (nowMs: number) => {
    stamped = Math.max(stamped + 1, nowMs);
    return stamped;
  };
  const lines = (rows: readonly Record<string, unknown>[]): StoredLine[] =>
    rows.map((row) => ({ seq: Number(row.seq), receivedMs: Number(row.received_ms), line: String(row.line) }));

  async function events(ids: readonly string[]): Promise<ReadonlyMap<string, SecurityEvent>> {
    const rows = await all(`SELECT body FROM events WHERE id IN (${marks(ids)})`, ...ids);
    const found = rows.map(({ body }) => eventFrom(String(body))).filter((event) => event !== undefined);
    return new Map(found.map((event) => [event.id, event]));
  }

  return {
    async write(changed) {
      open();
      const statements = [...changed].flatMap((event) => rowStatements(event.id, columnsOf(event)));
      if (statements.length > 0) await state.write(statements);
    },
    fill(id) {
      const { last, statements } = staleRows(open(), id, dismissed);
      return { last, written: statements.length > 0 ? state.write(statements) : Promise.resolve() };
    },
    async page({ where, values, order }, offset, limit) {
      const total = await count(`SELECT count(*) AS n FROM page_events WHERE ${where}`, ...values);
      // Ids first: what is skipped on the way to `offset` is then read from an index alone where there is one.
      const rows = await all(
        `SELECT * FROM (SELECT id FROM page_events WHERE ${where} ORDER BY ${order} LIMIT ? OFFSET ?)
           JOIN page_events USING (id) JOIN page_texts USING (id) ORDER BY ${order}`,
        ...values,
        Math.min(limit, PAGE_ROWS),
        offset,
      );
      return { total, offset, rows: rows.map(rowFrom) };
    },
    async facets(nowMs) {
      if (facets && nowMs < facets.untilMs) return facets.value;
      const started = performance.now();
      const found: [FacetName, (readonly [string, number])[]][] = [];
      for (const name of FACETS) {
        const rows = await all(
          `SELECT ${name} AS value, count(*) AS n FROM page_events WHERE ${name} != '' GROUP BY ${name} ORDER BY n DESC, value LIMIT ?`,
          FACET_VALUES,
        );
        found.push([name, rows.map(({ value, n }) => [String(value), Number(n)] as const)]);
      }
      const value = Object.fromEntries(found) as unknown as Facets;
      facets = { untilMs: nowMs + (performance.now() - started) / FACETS_SHARE, value };
      return value;
    },
    async row(id) {
      const [found] = await all('SELECT * FROM page_events JOIN page_texts USING (id) WHERE id = ?', id);
      return found && rowFrom(found);
    },
    async event(id) {
      const [found] = await all('SELECT body FROM events WHERE id = ?', id);
      return found && eventFrom(String(found.body));
    },
    events,
    async touches({ decoy, last, startMs, endMs }, after, limit) {
      const source = last.source.ip;
      return lines(
        await all(
          `SELECT seq, received_ms, line FROM touches WHERE source IS ${source === undefined ? 'NULL' : '?'} AND decoy = ?
             AND received_ms >= max(?, coalesce((SELECT received_ms FROM touches WHERE seq = ?), 0)) AND received_ms <= ?
             AND seq > ? ORDER BY received_ms, seq LIMIT ?`,
          ...(source === undefined ? [] : [source]),
          decoy,
          Math.floor(startMs) - CLOCK_MS,
          after,
          Math.ceil(endMs) + LATE_MS,
          after,
          limit,
        ),
      );
    },
    linesAfter: async (seq, limit) =>
      lines(await all('SELECT seq, received_ms, line FROM touches WHERE seq > ? ORDER BY seq LIMIT ?', seq, limit)),
    lastLine: () => count('SELECT coalesce(max(seq), 0) AS n FROM touches'),
    async dismiss(ids, nowMs) {
      const at = stamp(nowMs);
      const changed = await run(
        `UPDATE page_events SET dismissed_ms = ? WHERE dismissed_ms IS NULL AND id IN (${marks(ids)})`,
        at,
        ...ids,
      );
      return { changed, stamp: at };
    },
    async dismissAll({ where, values }, nowMs) {
      const at = stamp(nowMs);
      const changed = await run(
        `UPDATE page_events SET dismissed_ms = ? WHERE dismissed_ms IS NULL AND ${where}`,
        at,
        ...values,
      );
      return { changed, stamp: at };
    },
    undo: (at) => run('UPDATE page_events SET dismissed_ms = NULL WHERE dismissed_ms = ?', at),
    restore: (ids) => run(`UPDATE page_events SET dismissed_ms = NULL WHERE id IN (${marks(ids)})`, ...ids),
    async accused() {
      const recent = await all(
        `SELECT id, source_key, decoy, kind, count, severity, end_ms FROM page_events WHERE ${STATES.active} ORDER BY end_ms DESC LIMIT ?`,
        RECENT,
      );
      const groups = groupBySource(recent.filter(({ kind }) => kind !== 'health'));
      const bySeverity = Object.fromEntries(SEVERITIES.map(({ name }) => [name, 0])) as Record<string, number>;
      let undismissed = 0;
      for (const { severity, n } of await all(
        `SELECT severity, count(*) AS n FROM page_events WHERE ${STATES.active} GROUP BY severity`,
      )) {
        bySeverity[severityName(Number(severity))]! += Number(n);
        undismissed += Number(n);
      }
      const worst = groups.toSorted(
        (a, b) => b.severity - a.severity || b.decoys.size - a.decoys.size || b.lastMs - a.lastMs,
      );
      const shown = worst.slice(0, ACCUSED).map((group) => ({ ...group, told: group.ids.slice(0, EVENTS_OF_ACCUSED) }));
      const found = await events(shown.flatMap(({ told }) => told));
      return {
        sources: groups.length,
        undismissed,
        bySeverity,
        groups: shown.map(({ key, ids, told, decoys, lastMs }) => {
          const bodies = told
            .map((id) => found.get(id))
            .filter((event) => event !== undefined)
            .sort((a, b) => b.rule.severity - a.rule.severity || b.endMs - a.endMs);
          const touches = [...decoys.values()].reduce((sum, most) => sum + most, 0);
          return { key, events: ids.length, touches, lastMs, bodies };
        }),
      };
    },
    proofs: async () =>
      new Map((await all('SELECT pod, at_ms FROM page_proofs')).map((row) => [String(row.pod), Number(row.at_ms)])),
    async proven(pod, atMs) {
      await run(
        'INSERT INTO page_proofs VALUES (?, ?) ON CONFLICT (pod) DO UPDATE SET at_ms = excluded.at_ms',
        pod,
        atMs,
      );
    },
    exceptions: () =>
      open()
        .prepare('SELECT object FROM page_exceptions')
        .all()
        .map((row) => String(row.object)),
    async keepException(name, object) {
      await run(
        'INSERT INTO page_exceptions VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET object = excluded.object',
        name,
        object,
      );
    },
    async dropException(name) {
      await run('DELETE FROM page_exceptions WHERE name = ?', name);
    },
  };
}

interface SourceGroup {
  readonly key: string;
  readonly ids: string[];
  /** Several alerts may count one touch, so a decoy's touches are those of the alert that counted most. */
  readonly decoys: Map<string, number>;
  severity: number;
  readonly lastMs: number;
}

/** Rows come newest first. */
function groupBySource(rows: readonly Record<string, unknown>[]): SourceGroup[] {
  const groups = new Map<string, SourceGroup>();
  for (const row of rows) {
    const key = String(row.source_key);
    let group = groups.get(key);
    if (!group) {
      group = { key, ids: [], decoys: new Map(), severity: 0, lastMs: Number(row.end_ms) };
      groups.set(key, group);
    }
    const decoy = String(row.decoy);
    group.ids.push(String(row.id));
    group.severity = Math.max(group.severity, Number(row.severity));
    group.decoys.set(decoy, Math.max(group.decoys.get(decoy) ?? 0, Number(row.count)));
  }
  return [...groups.values()];
}

/** A decoy's clock may be this far ahead of ours … */
const CLOCK_MS = 5_000;
/** … and its line may come this much later than what it tells of. */
const LATE_MS = 120_000;
