// Rows of performance_schema's summaries by account, host, user and thread: the events each may count, as the server's global
// summary names them, counted for the server itself and for nobody else yet.
// Source: https://dev.mysql.com/doc/refman/9.7/en/performance-schema-summary-tables.html
import { systemRows, systemTable } from '../../persona/system-tables.ts';
import type { Value } from '../../sql/value/value.ts';
import type { Session } from '../session.ts';
import { clientErrors, errorSums, serverErrors } from './error-sums.ts';
import type { Provider, Record_ } from './record.ts';
import { recordedRecords } from './recorded.ts';
import { sumsByEvent } from './statement-rows.ts';
import { type Counted, countedAccounts, countedBy, threadRows } from './threads.ts';

/** Someone events are counted for: the server itself, a client, or a daemon that has done nothing. */
interface Member {
  readonly key: readonly Value[];
  readonly server: boolean;
  readonly client: boolean;
}

/** Whom a table counts for: its columns that say so, and who there is. */
interface Dimension {
  readonly columns: readonly string[];
  readonly members: (session: Session) => readonly Member[];
}

function member(each: Counted, key: readonly Value[]): Member {
  const server = each.user === null || each.host === null;
  return { key, server, client: !server && each.user !== 'event_scheduler' };
}

const DIMENSIONS: Readonly<Record<string, Dimension>> = {
  account: {
    columns: ['USER', 'HOST'],
    members: (s) => countedAccounts(s).map((each) => member(each, [each.user, each.host])),
  },
  host: {
    columns: ['HOST'],
    members: (s) => countedBy(s, 'host').map((each) => member(each, [each.host])),
  },
  user: {
    columns: ['USER'],
    members: (s) => countedBy(s, 'user').map((each) => member(each, [each.user])),
  },
  thread: {
    columns: ['THREAD_ID'],
    members: (s) => threadRows(s).map((row) => ({ key: [row.THREAD_ID as Value], server: false, client: false })),
  },
};

interface Family {
  /** Name of the tables, `%` standing for the dimension. */
  readonly tables: string;
  /** The table that has every event. */
  readonly all: string;
  /** Columns that name the event; the others are counters. */
  readonly names: number;
  /** Which events are counted apart at all. */
  readonly apart: () => (row: readonly (string | null)[]) => boolean;
}

const every = () => () => true;

/** Memory that is counted for the whole server only (its instruments' property `global_statistics`). */
function countedApart(): (row: readonly (string | null)[]) => boolean {
  const global = new Set(
    systemRows('performance_schema.setup_instruments')
      .filter((row) => row[3]?.includes('global_statistics'))
      .map((row) => row[0]),
  );
  return (row) => !global.has(row[0] ?? null);
}

/** Errors a client may be told; those above are for the error log alone. */
const LAST_CLIENT_ERROR = 10_000;

const FAMILIES: readonly Family[] = [
  {
    tables: 'events_waits_summary_by_%_by_event_name',
    all: 'events_waits_summary_global_by_event_name',
    names: 1,
    apart: every,
  },
  {
    tables: 'events_stages_summary_by_%_by_event_name',
    all: 'events_stages_summary_global_by_event_name',
    names: 1,
    apart: every,
  },
  {
    tables: 'events_statements_summary_by_%_by_event_name',
    all: 'events_statements_summary_global_by_event_name',
    names: 1,
    apart: every,
  },
  {
    tables: 'events_transactions_summary_by_%_by_event_name',
    all: 'events_transactions_summary_global_by_event_name',
    names: 1,
    apart: every,
  },
  {
    tables: 'memory_summary_by_%_by_event_name',
    all: 'memory_summary_global_by_event_name',
    names: 1,
    apart: countedApart,
  },
  {
    tables: 'events_errors_summary_by_%_by_error',
    all: 'events_errors_summary_global_by_error',
    names: 3,
    apart: () => (row) => Number(row[0] ?? 0) < LAST_CLIENT_ERROR,
  },
];

function provider(family: Family, dimension: Dimension): Provider {
  return (session) => {
    const columns = systemTable('performance_schema', family.all)?.columns ?? [];
    const counts = family.apart();
    const events = systemRows(`performance_schema.${family.all}`).filter(counts);
    const asked = family.all.startsWith('events_statements') ? sumsByEvent(session) : undefined;
    const out: Record_[] = [];
    for (const { key, server, client } of dimension.members(session)) {
      const who = Object.fromEntries(dimension.columns.map((name, at) => [name, key[at] ?? null]));
      const errors = !family.tables.startsWith('events_errors')
        ? undefined
        : server
          ? serverErrors(session)
          : clientErrors(session, who);
      for (const row of events) {
        const record: Record<string, Value> = { ...who };
        for (const [at, column] of columns.entries()) {
          const told = server || at < family.names;
          record[column.name] = told ? (row[at] ?? null) : column.nullable ? null : 0n;
        }
        const sum = client ? asked?.get(row[0] ?? '') : undefined;
        if (sum) Object.assign(record, sum);
        if (errors) Object.assign(record, errorSums(errors.get(Number(row[0] ?? 0))));
        out.push(record);
      }
    }
    return out;
  };
}

const STATEMENTS = 'performance_schema.events_statements_summary_global_by_event_name';

/** Times that are no sums: the shortest, the longest and the usual. */
const OVER_ALL: Readonly<Record<string, (before: bigint, now: bigint) => bigint>> = {
  MIN_TIMER_WAIT: (before, now) => (before === 0n || now < before ? now : before),
  MAX_TIMER_WAIT: (before, now) => (before === 0n || now > before ? now : before),
};

/** Statements of the whole server: what its start asked, and what the source did. */
function allStatements(session: Session): Record_[] {
  const columns = systemTable('performance_schema', STATEMENTS.slice('performance_schema.'.length))?.columns ?? [];
  const asked = sumsByEvent(session);
  return systemRows(STATEMENTS).map((row): Record_ => {
    const sums = asked.get(row[0] ?? '');
    const record: Record<string, Value> = {};
    for (const [at, { name }] of columns.entries()) {
      const before = BigInt(at === 0 ? 0 : (row[at] ?? 0));
      const now = sums?.[name];
      const over = OVER_ALL[name] ?? ((x: bigint, y: bigint) => x + y);
      record[name] = at === 0 ? (row[0] ?? null) : typeof now === 'bigint' ? over(before, now) : before;
    }
    const [count, time] = [record.COUNT_STAR as bigint, record.SUM_TIMER_WAIT as bigint];
    if (count > 0n) record.AVG_TIMER_WAIT = time / count;
    return record;
  });
}

const ERRORS = 'performance_schema.events_errors_summary_global_by_error';

/** Errors of the whole server: what its start raised, and what the source's clients met. */
function allErrors(session: Session): Record_[] {
  const raised = new Map([...clientErrors(session, {})]);
  for (const [code, ofServer] of serverErrors(session)) {
    const ofClients = raised.get(code);
    raised.set(
      code,
      ofClients ? { ...ofServer, count: ofServer.count + ofClients.count, lastMs: ofClients.lastMs } : ofServer,
    );
  }
  return recordedRecords(ERRORS).map((row) => ({ ...row, ...errorSums(raised.get(Number(row.ERROR_NUMBER ?? 0))) }));
}

export const SUMMARIES: Readonly<Record<string, Provider>> = Object.fromEntries([
  [STATEMENTS, allStatements] as const,
  [ERRORS, allErrors] as const,
  ...FAMILIES.flatMap((family) =>
    Object.entries(DIMENSIONS).map(
      ([name, dimension]) =>
        [`performance_schema.${family.tables.replace('%', name)}`, provider(family, dimension)] as const,
    ),
  ),
]);
