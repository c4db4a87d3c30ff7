// Views of schema sys that sum up what each user, or each host, did: statements, stages, files read and written, memory.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sys-user-summary.html and its neighbours; order and contents as of an idle 9.7.4.
import type { Provider, Record_ } from '../record.ts';
import { amount, grouped, largest, mostFirst, pair, quotient, type Read, smallest, sum, who } from './shape.ts';

/** By whom it is counted: the column of the tables, the views' names, the other column that is counted of accounts. */
interface Side {
  readonly name: 'user' | 'host';
  readonly column: 'USER' | 'HOST';
  readonly other: 'USER' | 'HOST';
  readonly unique: string;
  /** Whether threads of the server itself have a row of the summary. */
  readonly server: boolean;
}

const SIDES: readonly Side[] = [
  { name: 'user', column: 'USER', other: 'HOST', unique: 'unique_hosts', server: true },
  { name: 'host', column: 'HOST', other: 'USER', unique: 'unique_users', server: false },
];

const FILES = 'wait/io/file/';

function isFile(row: Record_): boolean {
  return who(row, 'EVENT_NAME').startsWith(FILES);
}

function scans(rows: readonly Record_[]): bigint {
  return sum(rows, 'SUM_NO_INDEX_USED') + sum(rows, 'SUM_NO_GOOD_INDEX_USED');
}

function table(side: Side, what: string): string {
  return `performance_schema.${what.replace('%', side.name)}`;
}

const STATEMENTS = 'events_statements_summary_by_%_by_event_name';
const WAITS = 'events_waits_summary_by_%_by_event_name';
const STAGES = 'events_stages_summary_by_%_by_event_name';
const MEMORY = 'memory_summary_by_%_by_event_name';

function summary(side: Side, read: Read): Provider {
  return (session) => {
    const by = (what: string) => grouped(read(session, table(side, what)), (row) => who(row, side.column));
    const [statements, waits, memory] = [by(STATEMENTS), by(WAITS), by(MEMORY)];
    const accounts = grouped(read(session, 'performance_schema.accounts'), (row) => who(row, side.column));
    const rows = [...accounts].flatMap(([name, members]): Record_[] => {
      if (name === 'background' && !side.server) return [];
      const asked = statements.get(name) ?? [];
      const files = (waits.get(name) ?? []).filter(isFile);
      const held = memory.get(name) ?? [];
      const [count, latency] = [sum(asked, 'COUNT_STAR'), sum(asked, 'SUM_TIMER_WAIT')];
      const others = new Set(members.map((row) => row[side.other]).filter((other) => other !== null));
      return [
        {
          [side.name]: name,
          statements: count,
          statement_latency: latency,
          statement_avg_latency: quotient(latency, count),
          table_scans: scans(asked),
          file_ios: sum(files, 'COUNT_STAR'),
          file_io_latency: sum(files, 'SUM_TIMER_WAIT'),
          current_connections: sum(members, 'CURRENT_CONNECTIONS'),
          total_connections: sum(members, 'TOTAL_CONNECTIONS'),
          [side.unique]: BigInt(others.size),
          current_memory: sum(held, 'CURRENT_NUMBER_OF_BYTES_USED'),
          total_memory_allocated: sum(held, 'SUM_NUMBER_OF_BYTES_ALLOC'),
        },
      ];
    });
    return mostFirst(rows, 'statement_latency');
  };
}

function fileIo(side: Side, read: Read): Provider {
  return (session) => {
    const waits = grouped(read(session, table(side, WAITS)).filter(isFile), (row) => who(row, side.column));
    const rows = [...waits].map(([name, files]) => ({
      [side.name]: name,
      ios: sum(files, 'COUNT_STAR'),
      io_latency: sum(files, 'SUM_TIMER_WAIT'),
    }));
    return mostFirst(rows, 'io_latency');
  };
}

/** Rows that counted anything, by whom, most time first. */
function counted(side: Side, rows: readonly Record_[]): Record_[] {
  const some = rows.filter((row) => amount(row, 'COUNT_STAR') > 0n);
  return mostFirst([...some], 'SUM_TIMER_WAIT').sort((a, b) => {
    const [one, other] = [who(a, side.column), who(b, side.column)];
    return one === other ? 0 : one < other ? -1 : 1;
  });
}

function fileIoType(side: Side, read: Read): Provider {
  const latency = side.name === 'user' ? 'latency' : 'total_latency';
  return (session) =>
    counted(side, read(session, table(side, WAITS)).filter(isFile)).map((row) => ({
      [side.name]: who(row, side.column),
      event_name: row.EVENT_NAME ?? null,
      total: amount(row, 'COUNT_STAR'),
      [latency]: amount(row, 'SUM_TIMER_WAIT'),
      max_latency: amount(row, 'MAX_TIMER_WAIT'),
    }));
}

function stages(side: Side, read: Read): Provider {
  return (session) =>
    counted(side, read(session, table(side, STAGES))).map((row) => ({
      [side.name]: who(row, side.column),
      event_name: row.EVENT_NAME ?? null,
      total: amount(row, 'COUNT_STAR'),
      total_latency: amount(row, 'SUM_TIMER_WAIT'),
      avg_latency: amount(row, 'AVG_TIMER_WAIT'),
    }));
}

function statementSums(rows: readonly Record_[]): Record_ {
  return {
    total: sum(rows, 'COUNT_STAR'),
    total_latency: sum(rows, 'SUM_TIMER_WAIT'),
    max_latency: largest(rows, 'MAX_TIMER_WAIT'),
    lock_latency: sum(rows, 'SUM_LOCK_TIME'),
    cpu_latency: sum(rows, 'SUM_CPU_TIME'),
    rows_sent: sum(rows, 'SUM_ROWS_SENT'),
    rows_examined: sum(rows, 'SUM_ROWS_EXAMINED'),
    rows_affected: sum(rows, 'SUM_ROWS_AFFECTED'),
    full_scans: scans(rows),
  };
}

function statementLatency(side: Side, read: Read): Provider {
  return (session) => {
    const asked = grouped(read(session, table(side, STATEMENTS)), (row) => who(row, side.column));
    const rows = [...asked].map(([name, members]): Record_ => ({ [side.name]: name, ...statementSums(members) }));
    return mostFirst(rows, 'total_latency');
  };
}

function statementType(side: Side, read: Read): Provider {
  return (session) =>
    counted(side, read(session, table(side, STATEMENTS))).map((row) => ({
      [side.name]: who(row, side.column),
      statement: who(row, 'EVENT_NAME').split('/').at(-1) ?? '',
      ...statementSums([row]),
    }));
}

function memory(side: Side, read: Read): Provider {
  return (session) => {
    const held = grouped(read(session, table(side, MEMORY)), (row) => who(row, side.column));
    const rows = [...held].map(([name, members]): Record_ => {
      const [count, bytes] = [sum(members, 'CURRENT_COUNT_USED'), sum(members, 'CURRENT_NUMBER_OF_BYTES_USED')];
      return {
        [side.name]: name,
        current_count_used: count,
        current_allocated: bytes,
        current_avg_alloc: quotient(bytes, count),
        current_max_alloc: largest(members, 'CURRENT_NUMBER_OF_BYTES_USED'),
        total_allocated: sum(members, 'SUM_NUMBER_OF_BYTES_ALLOC'),
      };
    });
    return mostFirst(rows, 'current_allocated');
  };
}

function waits(side: Side, read: Read): Provider {
  return (session) =>
    counted(
      side,
      read(session, table(side, WAITS)).filter(
        (row) => row.EVENT_NAME !== 'idle' && (side.name === 'host' || row[side.column] !== null),
      ),
    ).map((row) => ({
      [side.name]: who(row, side.column),
      event: row.EVENT_NAME ?? null,
      total: amount(row, 'COUNT_STAR'),
      total_latency: amount(row, 'SUM_TIMER_WAIT'),
      avg_latency: amount(row, 'AVG_TIMER_WAIT'),
      max_latency: amount(row, 'MAX_TIMER_WAIT'),
    }));
}

const LATENCIES = {
  total_latency: 'time',
  max_latency: 'time',
  lock_latency: 'time',
  cpu_latency: 'time',
} as const;

const ALLOCATED = {
  current_allocated: 'bytes',
  current_avg_alloc: 'bytes',
  current_max_alloc: 'bytes',
  total_allocated: 'bytes',
} as const;

/** The views by user and by host. */
export function peopleViews(read: Read): Record<string, Provider> {
  return Object.assign(
    {},
    ...SIDES.map((side) => ({
      ...pair(`${side.name}_summary`, summary(side, read), {
        statement_latency: 'time',
        statement_avg_latency: 'time',
        file_io_latency: 'time',
        current_memory: 'bytes',
        total_memory_allocated: 'bytes',
      }),
      ...pair(`${side.name}_summary_by_file_io`, fileIo(side, read), { io_latency: 'time' }),
      ...pair(`${side.name}_summary_by_file_io_type`, fileIoType(side, read), {
        latency: 'time',
        total_latency: 'time',
        max_latency: 'time',
      }),
      ...pair(`${side.name}_summary_by_stages`, stages(side, read), { total_latency: 'time', avg_latency: 'time' }),
      ...pair(`${side.name}_summary_by_statement_latency`, statementLatency(side, read), LATENCIES),
      ...pair(`${side.name}_summary_by_statement_type`, statementType(side, read), LATENCIES),
      ...pair(`memory_by_${side.name}_by_current_bytes`, memory(side, read), ALLOCATED),
      ...pair(`waits_by_${side.name}_by_latency`, waits(side, read), {
        total_latency: 'time',
        avg_latency: 'time',
        max_latency: 'time',
      }),
    })),
  );
}

/** Waits of the whole server, by event and by kind of event. */
export function waitViews(read: Read): Record<string, Provider> {
  const global = 'performance_schema.events_waits_summary_global_by_event_name';
  const events: Provider = (session) =>
    mostFirst(
      read(session, global)
        .filter((row) => row.EVENT_NAME !== 'idle' && amount(row, 'SUM_TIMER_WAIT') > 0n)
        .map((row) => ({
          events: row.EVENT_NAME ?? null,
          total: amount(row, 'COUNT_STAR'),
          total_latency: amount(row, 'SUM_TIMER_WAIT'),
          avg_latency: amount(row, 'AVG_TIMER_WAIT'),
          max_latency: amount(row, 'MAX_TIMER_WAIT'),
        })),
      'total_latency',
    );
  const classes =
    (order: string): Provider =>
    (session) => {
      const some = read(session, global).filter(
        (row) => row.EVENT_NAME !== 'idle' && amount(row, 'SUM_TIMER_WAIT') > 0n,
      );
      const kinds = grouped(some, (row) => who(row, 'EVENT_NAME').split('/').slice(0, 3).join('/'));
      const rows = [...kinds].map(([name, members]): Record_ => {
        const [total, latency] = [sum(members, 'COUNT_STAR'), sum(members, 'SUM_TIMER_WAIT')];
        return {
          event_class: name,
          total,
          total_latency: latency,
          min_latency: smallest(members, 'MIN_TIMER_WAIT'),
          avg_latency: quotient(latency, total),
          max_latency: largest(members, 'MAX_TIMER_WAIT'),
        };
      });
      return mostFirst(rows, order);
    };
  const told = { total_latency: 'time', min_latency: 'time', avg_latency: 'time', max_latency: 'time' } as const;
  return {
    ...pair('waits_global_by_latency', events, told),
    ...pair('wait_classes_global_by_latency', classes('total_latency'), told),
    ...pair('wait_classes_global_by_avg_latency', classes('avg_latency'), told),
  };
}
