// Rows of performance_schema's statement tables: what each session asked last, and sums by digest of what a source asked.
// Source: https://dev.mysql.com/doc/refman/9.7/en/performance-schema-statement-tables.html

import { digestHash, digestText } from '../../sql/digest.ts';
import { fromMs, microsOf, type Temporal } from '../../sql/value/temporal.ts';
import type { Session } from '../session.ts';
import { type AskedStatement, microsAfter, picoseconds, type StatementSum } from '../statement-history.ts';
import { threadIdOf } from '../thread-id.ts';
import type { Record_ } from './record.ts';
import { filled } from './threads.ts';

const SOURCE = 'init_net_server_extension.cc:103';
const LOCK_PICOSECONDS = 1_000_000n;
/** Events of the thread before the first statement. */
const FIRST_EVENT = 2;

function grammar(session: Session) {
  return { ansiQuotes: false, noBackslashEscapes: false, version: session.server.options.persona.number };
}

function eventName({ name, error }: Pick<AskedStatement, 'name' | 'error'>): string {
  return `statement/sql/${error?.code === 1064 ? 'error' : name}`;
}

function yes(scanned: boolean): bigint {
  return scanned ? 1n : 0n;
}

/** Memory of a session that does nothing, and what statements take beside it, in bytes, as a live 9.7.4 tells them of new sessions. */
const IDLE_MEMORY = { controlled: 12_336, total: 90_351 };
const STATEMENT_MEMORY = 18_480;
const SHOW_MEMORY = { controlled: 626_464, total: 640_649 };
const READING_MEMORY = 25_222;

function memoryOf({ name, examined }: AskedStatement): Record_ {
  const shows = name.startsWith('show_');
  const controlled = name === 'set_option' ? 0 : shows ? SHOW_MEMORY.controlled : STATEMENT_MEMORY;
  const total = shows ? SHOW_MEMORY.total : controlled + (examined > 0 ? READING_MEMORY : 0);
  return {
    MAX_CONTROLLED_MEMORY: BigInt(IDLE_MEMORY.controlled + controlled),
    MAX_TOTAL_MEMORY: BigInt(IDLE_MEMORY.total + total),
  };
}

function eventRow(session: Session, table: string, asked: AskedStatement, ended: boolean): Record_ {
  const startedMs = asked.startedMs - session.server.options.startedMs;
  const spent = BigInt(picoseconds(asked));
  const start = BigInt(Math.max(0, startedMs)) * 1_000_000_000n + BigInt(microsAfter(asked.number)) * 1_003_000n;
  const eventId = BigInt(asked.number * 2 + FIRST_EVENT);
  const digest = digestText(asked.text, grammar(session));
  return filled(`performance_schema.${table}`, {
    THREAD_ID: threadIdOf(asked.sessionId),
    EVENT_ID: eventId,
    END_EVENT_ID: ended ? eventId + 1n : null,
    EVENT_NAME: eventName(asked),
    SOURCE,
    TIMER_START: start,
    TIMER_END: start + spent,
    TIMER_WAIT: spent,
    LOCK_TIME: LOCK_PICOSECONDS,
    SQL_TEXT: asked.text,
    DIGEST: digest === '' ? null : digestHash(digest),
    DIGEST_TEXT: digest === '' ? null : digest,
    CURRENT_SCHEMA: asked.schema === '' ? null : asked.schema,
    MYSQL_ERRNO: BigInt(asked.error?.code ?? 0),
    RETURNED_SQLSTATE: asked.error?.sqlstate ?? (ended ? '00000' : null),
    MESSAGE_TEXT: asked.error?.message ?? null,
    ERRORS: asked.error ? 1n : 0n,
    WARNINGS: BigInt(asked.warnings),
    ROWS_AFFECTED: BigInt(asked.affected),
    ROWS_SENT: BigInt(asked.sent),
    ROWS_EXAMINED: BigInt(asked.examined),
    CREATED_TMP_TABLES: BigInt(asked.temporary),
    SELECT_SCAN: yes(asked.scanned),
    SORT_ROWS: BigInt(asked.sorted),
    SORT_SCAN: BigInt(asked.sorts),
    NO_INDEX_USED: yes(asked.scanned),
    NESTING_EVENT_LEVEL: 0n,
    STATEMENT_ID: eventId,
    EXECUTION_ENGINE: 'PRIMARY',
    ...memoryOf(asked),
  });
}

function underWay(session: Session): AskedStatement {
  return {
    sessionId: session.connectionId,
    number: session.asked,
    text: (session.info ?? '').slice(0, 1024),
    schema: session.database,
    startedMs: session.commandMs,
    durationMs: 0,
    error: undefined,
    warnings: 0,
    affected: 0,
    sent: 0,
    ...session.work.done(),
  };
}

/** What each session asks now, or asked last. */
export function statementsCurrent(session: Session): Record_[] {
  const history = session.server.historyOf(session.overlay);
  return session.server.sessionsOf(session.overlay).flatMap((other) => {
    if (other === session) return [eventRow(session, 'events_statements_current', underWay(session), false)];
    const last = history.of(other.connectionId).at(-1);
    return last ? [eventRow(session, 'events_statements_current', last, true)] : [];
  });
}

/** What each session asked before, newest last. */
export function statementsHistory(session: Session): Record_[] {
  const history = session.server.historyOf(session.overlay);
  return session.server
    .sessionsOf(session.overlay)
    .flatMap((other) =>
      history.of(other.connectionId).map((asked) => eventRow(session, 'events_statements_history', asked, true)),
    );
}

interface DigestSum extends StatementSum {
  readonly digest: string;
}

const SUMMED = [
  'count',
  'picoseconds',
  'errors',
  'warnings',
  'affected',
  'sent',
  'examined',
  'sorted',
  'sorts',
  'temporary',
  'scans',
] as const;

/** Sums of the statements whose digest is the same, in the order they came. */
function sumsByDigest(session: Session): DigestSum[] {
  const found = new Map<string, DigestSum>();
  for (const sum of session.server.historyOf(session.overlay).sums()) {
    const digest = digestText(sum.text, grammar(session));
    if (digest === '') continue;
    const key = `${sum.schema}\0${digest}`;
    const before = found.get(key);
    if (!before) {
      found.set(key, { ...sum, digest });
      continue;
    }
    for (const name of SUMMED) before[name] += sum[name];
    before.shortest = Math.min(before.shortest, sum.shortest);
    before.longest = Math.max(before.longest, sum.longest);
    before.lastMs = Math.max(before.lastMs, sum.lastMs);
  }
  return [...found.values()].sort((a, b) => a.firstMs - b.firstMs);
}

/** Quantiles are told as the upper bound of a bucket of the histogram: fifty buckets to a power of ten, from 10 us on. */
function quantile(value: number): bigint {
  const bucket = Math.max(0, Math.ceil(Math.log10(Math.max(value, 1e7) / 1e7) * 50));
  return BigInt(Math.round(10 ** (7 + bucket / 50)));
}

function seenAt(ms: number, number: number): Temporal {
  return fromMs(ms, 'datetime', microsOf(ms, microsAfter(number)));
}

/** Rows of performance_schema.events_statements_summary_by_digest; times in picoseconds. */
export function statementsByDigest(session: Session): Record_[] {
  return sumsByDigest(session).map((sum) =>
    filled('performance_schema.events_statements_summary_by_digest', {
      SCHEMA_NAME: sum.schema === '' ? null : sum.schema,
      DIGEST: digestHash(sum.digest),
      DIGEST_TEXT: sum.digest,
      ...eventSums(sum),
      FIRST_SEEN: seenAt(sum.firstMs, sum.text.length),
      LAST_SEEN: seenAt(sum.lastMs, sum.text.length + sum.count - 1),
      QUANTILE_95: quantile(sum.longest),
      QUANTILE_99: quantile(sum.longest),
      QUANTILE_999: quantile(sum.longest),
      QUERY_SAMPLE_TEXT: sum.text,
      QUERY_SAMPLE_SEEN: seenAt(sum.lastMs, sum.text.length + sum.count - 1),
      QUERY_SAMPLE_TIMER_WAIT: BigInt(sum.longest),
    }),
  );
}

function workSums(sum: StatementSum): Record_ {
  return {
    SUM_ROWS_EXAMINED: BigInt(sum.examined),
    SUM_CREATED_TMP_TABLES: BigInt(sum.temporary),
    SUM_SELECT_SCAN: BigInt(sum.scans),
    SUM_SORT_ROWS: BigInt(sum.sorted),
    SUM_SORT_SCAN: BigInt(sum.sorts),
    SUM_NO_INDEX_USED: BigInt(sum.scans),
  };
}

/** Sums of the statements of each kind the source asked, by the event's name and the columns of the statement tables. */
export function sumsByEvent(session: Session): ReadonlyMap<string, Record_> {
  const sums = [...session.server.historyOf(session.overlay).sumsByName()];
  const asked = new Map(sums.map((sum) => [`statement/sql/${sum.name}`, eventSums(sum)]));
  for (const [name, count] of session.server.countedOf(session.overlay).commands.entries())
    asked.set(name, commandSums(count));
  return asked;
}

/** Time a command that is no statement takes, the shortest and the longest, in picoseconds. */
const COMMAND_PICOSECONDS = { shortest: 9_180_000, usual: 31_460_000, longest: 84_730_000 };

function commandSums(count: number): Record_ {
  const { shortest, usual, longest } = COMMAND_PICOSECONDS;
  return {
    COUNT_STAR: BigInt(count),
    SUM_TIMER_WAIT: BigInt(count * usual),
    MIN_TIMER_WAIT: BigInt(count > 1 ? shortest : usual),
    AVG_TIMER_WAIT: BigInt(usual),
    MAX_TIMER_WAIT: BigInt(count > 1 ? longest : usual),
  };
}

/** What the summaries by event and by digest have in common. */
function eventSums(sum: StatementSum): Record_ {
  return {
    COUNT_STAR: BigInt(sum.count),
    SUM_TIMER_WAIT: BigInt(sum.picoseconds),
    MIN_TIMER_WAIT: BigInt(sum.shortest),
    AVG_TIMER_WAIT: BigInt(Math.floor(sum.picoseconds / sum.count)),
    MAX_TIMER_WAIT: BigInt(sum.longest),
    SUM_LOCK_TIME: LOCK_PICOSECONDS * BigInt(sum.count),
    SUM_ERRORS: BigInt(sum.errors),
    SUM_WARNINGS: BigInt(sum.warnings),
    SUM_ROWS_AFFECTED: BigInt(sum.affected),
    SUM_ROWS_SENT: BigInt(sum.sent),
    ...workSums(sum),
  };
}
