// Rows of performance_schema's statement tables: what each session asked last, and sums by digest of what a source asked.
// Source: https://dev.mysql.com/doc/refman/9.7/en/performance-schema-statement-tables.html

import { digestHash, digestText } from '../../sql/digest.ts';
import { fromMs } from '../../sql/value/temporal.ts';
import type { Session } from '../session.ts';
import { type AskedStatement, picoseconds, type StatementSum } from '../statement-history.ts';
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

/** Words of a statement that name its event, where they are not the first word alone. */
const EVENTS: readonly (readonly [RegExp, string])[] = [
  [/^(select\b|with\b|table\b|values\b|\()/i, 'select'],
  [/^set\b/i, 'set_option'],
  [/^use\b/i, 'change_db'],
  [/^show (full )?tables\b/i, 'show_tables'],
  [/^show (databases|schemas)\b/i, 'show_databases'],
  [/^show (global |session |local )?variables\b/i, 'show_variables'],
  [/^show (global |session |local )?status\b/i, 'show_status'],
  [/^show (full )?processlist\b/i, 'show_processlist'],
  [/^show (full )?(columns|fields)\b/i, 'show_fields'],
  [/^(desc|describe)\b/i, 'show_fields'],
  [/^show (index|keys|indexes)\b/i, 'show_keys'],
  [/^show (warnings|errors)\b/i, 'show_warnings'],
  [/^show grants\b/i, 'show_grants'],
  [/^show create table\b/i, 'show_create_table'],
  [/^create table\b/i, 'create_table'],
  [/^create (database|schema)\b/i, 'create_db'],
  [/^drop table\b/i, 'drop_table'],
  [/^drop (database|schema)\b/i, 'drop_db'],
  [/^create user\b/i, 'create_user'],
  [/^drop user\b/i, 'drop_user'],
  [/^(insert|update|delete|replace|truncate|grant|revoke|begin|commit|rollback|flush|kill|call|do|help)\b/i, '$1'],
];

function eventName({ text, error }: Pick<AskedStatement, 'text' | 'error'>): string {
  if (error?.code === 1064) return 'statement/sql/error';
  for (const [pattern, name] of EVENTS) {
    const found = pattern.exec(text);
    if (found) return `statement/sql/${name === '$1' ? (found[1] as string).toLowerCase() : name}`;
  }
  return 'statement/sql/select';
}

function eventRow(session: Session, table: string, asked: AskedStatement, ended: boolean): Record_ {
  const startedMs = asked.startedMs - session.server.options.startedMs;
  const spent = BigInt(picoseconds(asked));
  const start = BigInt(Math.max(0, startedMs)) * 1_000_000_000n;
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
    ROWS_EXAMINED: BigInt(asked.sent),
    NESTING_EVENT_LEVEL: 0n,
    STATEMENT_ID: eventId,
    EXECUTION_ENGINE: 'PRIMARY',
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
    for (const name of ['count', 'picoseconds', 'errors', 'warnings', 'affected', 'sent'] as const)
      before[name] += sum[name];
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

export function statementsByDigest(session: Session): Record_[] {
  return sumsByDigest(session).map((sum) =>
    filled('performance_schema.events_statements_summary_by_digest', {
      SCHEMA_NAME: sum.schema === '' ? null : sum.schema,
      DIGEST: digestHash(sum.digest),
      DIGEST_TEXT: sum.digest,
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
      SUM_ROWS_EXAMINED: BigInt(sum.sent),
      FIRST_SEEN: fromMs(sum.firstMs, 'datetime'),
      LAST_SEEN: fromMs(sum.lastMs, 'datetime'),
      QUANTILE_95: quantile(sum.longest),
      QUANTILE_99: quantile(sum.longest),
      QUANTILE_999: quantile(sum.longest),
      QUERY_SAMPLE_TEXT: sum.text,
      QUERY_SAMPLE_SEEN: fromMs(sum.lastMs, 'datetime'),
      QUERY_SAMPLE_TIMER_WAIT: BigInt(sum.longest),
    }),
  );
}

/** How many statements of each kind the source asked, by the event's name. */
export function countsByEvent(session: Session): ReadonlyMap<string, { count: bigint; picoseconds: bigint }> {
  const out = new Map<string, { count: bigint; picoseconds: bigint }>();
  for (const sum of session.server.historyOf(session.overlay).sums()) {
    const name = eventName({ text: sum.text, error: undefined });
    const known = out.get(name) ?? { count: 0n, picoseconds: 0n };
    out.set(name, {
      count: known.count + BigInt(sum.count),
      picoseconds: known.picoseconds + BigInt(Math.round(sum.picoseconds)),
    });
  }
  return out;
}
