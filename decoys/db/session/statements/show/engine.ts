// SHOW ENGINE in its forms, and SHOW PROFILE(S).
// Source: https://dev.mysql.com/doc/refman/9.7/en/show.html

import { systemRows, systemTable } from '../../../persona/system-tables.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import type { Value } from '../../../sql/value/value.ts';
import { STATUS } from '../../../wire/constants.ts';
import { innodbCounters, logPosition, redoFile, threadOffset } from '../../innodb-counters.ts';
import { innodbStatus, type RowCounts } from '../../innodb-status.ts';
import type { Outcome } from '../../outcome.ts';
import { stageSeconds } from '../../profiles.ts';
import type { Session } from '../../session.ts';
import { stageCell } from '../../system-rows/profiling.ts';
import { shown } from '../result.ts';
import { type Handler, limited, type Show } from './filter.ts';

export const showProfiles: Handler = (x) => {
  x.session.addWarning(
    'Warning',
    1287,
    "'SHOW PROFILES' is deprecated and will be removed in a future release. Please use Performance Schema instead",
  );
  const rows = x.session.profiles.all().map(({ id, seconds, text }) => [BigInt(id), seconds.toFixed(8), text]);
  return shown(x.session, 'profiles', rows);
};

/** Columns of INFORMATION_SCHEMA.PROFILING each kind adds, in the table's order. */
const PROFILE_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  CPU: ['CPU_USER', 'CPU_SYSTEM'],
  'CONTEXT SWITCHES': ['CONTEXT_VOLUNTARY', 'CONTEXT_INVOLUNTARY'],
  'BLOCK IO': ['BLOCK_OPS_IN', 'BLOCK_OPS_OUT'],
  IPC: ['MESSAGES_SENT', 'MESSAGES_RECEIVED'],
  'PAGE FAULTS': ['PAGE_FAULTS_MAJOR', 'PAGE_FAULTS_MINOR'],
  SWAPS: ['SWAPS'],
  SOURCE: ['SOURCE_FUNCTION', 'SOURCE_FILE', 'SOURCE_LINE'],
};

export const showProfile: Handler = (x, s) => {
  x.session.addWarning(
    'Warning',
    1287,
    "'SHOW PROFILE' is deprecated and will be removed in a future release. Please use Performance Schema instead",
  );
  const asked = Object.keys(PROFILE_COLUMNS).filter((kind) => s.kinds.includes(kind) || s.kinds.includes('ALL'));
  const names = new Set(asked.flatMap((kind) => PROFILE_COLUMNS[kind] ?? []));
  const more = (systemTable('information_schema', 'PROFILING')?.columns ?? [])
    .filter((column) => names.has(column.name))
    .map((column) => ({
      schema: 'information_schema',
      table: 'PROFILING',
      orgTable: 'PROFILING',
      name: (column.name.charAt(0) + column.name.slice(1).toLowerCase()).replace(/^Cpu/, 'CPU'),
      orgName: column.name,
      type: column.wire?.type ?? 253,
      binary: column.wire?.text === false,
      length: column.wire?.length ?? 0,
      flags: column.wire?.flags ?? 0,
      decimals: column.wire?.decimals ?? 0,
    }));
  const profile = x.session.profiles.find(s.position === 0 ? undefined : s.position);
  const seconds = profile ? stageSeconds(profile) : [];
  const stages = (profile?.stages ?? []).map((stage, at): Value[] => [
    stage,
    (seconds[at] ?? 0).toFixed(6),
    ...more.map(({ orgName }) => stageCell(orgName, stage, seconds[at] ?? 0, at)),
  ]);
  const outcome = shown(x.session, 'profile', limited(x, s, stages));
  return { ...outcome, columns: [...outcome.columns, ...more], flags: STATUS.NO_INDEX };
};

function rowCounts({ server: { counters } }: Session): RowCounts {
  const count = (name: string) => counters.get(`Innodb_rows_${name}`) ?? 0;
  return { inserted: count('inserted'), updated: count('updated'), deleted: count('deleted'), read: count('read') };
}

/** Id of the first transaction a client can have, less one. */
const BEFORE_FIRST_TRANSACTION = 1_800;

function monitorText({ session, startedMs }: Execution): string {
  const { server } = session;
  return innodbStatus({
    nowMs: startedMs,
    startedMs: server.options.startedMs,
    rows: rowCounts(session),
    status: innodbCounters(session),
    nextTransaction: BEFORE_FIRST_TRANSACTION + (server.counters.get('Connections') ?? 0) + 8,
    sessions: server.sessionsOf(session.overlay).length,
    redoFile: redoFile(logPosition(session)).id,
    threadOffset: threadOffset(session),
  });
}

export const showEngineStatus: Handler = (x, s) =>
  engine(x, s, () => shown(x.session, 'engine-status', [['InnoDB', '', monitorText(x)]]));

/** Waits for the one latch that an idle server has waited for. */
const MUTEX_ROWS = [['InnoDB', 'sum rwlock: buf0buf.cc:853', 'waits=3']];

export const showEngineMutex: Handler = (x, s) => {
  const waits = s.what === 'engine-mutex' ? MUTEX_ROWS : [];
  return engine(x, s, () => shown(x.session, 'engine-mutex', waits));
};

/** Where the persona keeps the sizes of the performance schema's buffers. */
const PERFORMANCE_SCHEMA_STATUS = 'show.engine performance_schema status';

function engine(x: Execution, s: Show, rows: () => Outcome): Outcome {
  const name = s.name.toLowerCase();
  if (name === 'innodb' || name === 'all') return rows();
  if (name === 'performance_schema' && s.what === 'engine-status')
    return shown(x.session, 'engine-status', systemRows(PERFORMANCE_SCHEMA_STATUS));
  if (!systemRows('information_schema.ENGINES').some((row) => (row[0] ?? '').toLowerCase() === name))
    throw sqlError('ER_UNKNOWN_STORAGE_ENGINE', s.name);
  return shown(x.session, 'engine-mutex', []);
}
