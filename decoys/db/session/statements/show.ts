// SHOW in all its forms: one entry a form, giving its rows; the columns are those recorded from the server.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show.html

import { privilegeRows } from '../../persona/catalogue.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import type { Outcome } from '../outcome.ts';
import { pluginRecords } from '../plugins.ts';
import { upToLimit } from './query.ts';
import { showCreateUser, showGrants } from './show/accounts.ts';
import { showBinaryLogStatus, showBinaryLogs, showBinlogEvents, showReplicas } from './show/binary-log.ts';
import { showCreateDatabase, showCreateTable } from './show/definition.ts';
import { showEngineMutex, showEngineStatus, showProfile, showProfiles } from './show/engine.ts';
import { type Handler, recordedColumns, type Show, scanFlag, simple } from './show/filter.ts';
import { showIndex } from './show/indexes.ts';
import { showOpenTables } from './show/open-tables.ts';
import { showRelayLogEvents, showReplicaStatus } from './show/replica.ts';
import {
  createRoutine,
  routineStatus,
  showEvents,
  showLibraryStatus,
  showRoutineCode,
  showTriggers,
} from './show/routines.ts';
import { showColumns, showDatabases, showTableStatus, showTables } from './show/tables.ts';
import { countWarnings, showProcesses, showStatus, showVariables, showWarnings } from './show/variables.ts';

/** Places of SHOW PLUGINS' columns in information_schema.PLUGINS: name, status, type, library, license. */
const PLUGIN_COLUMNS: readonly number[] = [0, 2, 3, 5, 9];

const HANDLERS: Readonly<Record<string, Handler>> = {
  databases: showDatabases,
  tables: showTables,
  'table-status': showTableStatus,
  'open-tables': showOpenTables,
  columns: showColumns,
  index: showIndex,
  triggers: showTriggers,
  events: showEvents,
  variables: showVariables,
  status: showStatus,
  warnings: showWarnings,
  errors: showWarnings,
  'count-warnings': countWarnings,
  'count-errors': countWarnings,
  'create-database': showCreateDatabase,
  'create-table': showCreateTable,
  'create-view': showCreateTable,
  'create-user': showCreateUser,
  'create-function': createRoutine('FUNCTION'),
  'create-procedure': createRoutine('PROCEDURE'),
  'create-trigger': createRoutine('TRIGGER'),
  'create-event': createRoutine('EVENT'),
  grants: showGrants,
  processlist: showProcesses,
  engines: simple('engines', recordedColumns('information_schema.ENGINES', [0, 1, 2, 3, 4, 5]), scanFlag),
  plugins: simple(
    'plugins',
    (x) => [
      ...recordedColumns('information_schema.PLUGINS', PLUGIN_COLUMNS)(x),
      ...pluginRecords(x.session).map((row) => Object.values(row).filter((_, at) => PLUGIN_COLUMNS.includes(at))),
    ],
    scanFlag,
  ),
  privileges: simple('privileges', () => privilegeRows()),
  charset: simple('charset', recordedColumns('information_schema.CHARACTER_SETS', [0, 2, 1, 3], true), (s) =>
    scanFlag(s, { like: true, range: ['charset', 'default collation'] }),
  ),
  collation: simple('collation', recordedColumns('information_schema.COLLATIONS', [0, 1, 2, 3, 4, 5, 6], true), (s) =>
    scanFlag(s, { equal: ['collation', 'id'] }),
  ),
  'binary-logs': showBinaryLogs,
  'binary-log-status': showBinaryLogStatus,
  'binlog-events': showBinlogEvents,
  'relaylog-events': showRelayLogEvents,
  'replica-status': showReplicaStatus,
  replicas: showReplicas,
  'procedure-status': routineStatus('PROCEDURE'),
  'function-status': routineStatus('FUNCTION'),
  'library-status': showLibraryStatus,
  'routine-code': showRoutineCode,
  'create-library': createRoutine('LIBRARY'),
  profiles: showProfiles,
  profile: showProfile,
  'engine-status': showEngineStatus,
  'engine-mutex': showEngineMutex,
  'engine-logs': showEngineMutex,
};

/** Forms the server turns into a query of a view: @@sql_select_limit cuts them too. */
const FROM_VIEWS: ReadonlySet<string> = new Set(
  'databases tables table-status open-tables columns index triggers events variables status engines plugins charset collation procedure-status function-status library-status'.split(
    ' ',
  ),
);

/** Runs one form of SHOW. Throws 1235. */
export function runShow(x: Execution, s: Show): Outcome {
  const handler = HANDLERS[s.what];
  if (!handler) throw sqlError('ER_NOT_SUPPORTED_YET', s.what);
  const outcome = handler(x, s);
  if (outcome.kind !== 'rows' || !FROM_VIEWS.has(s.what)) return outcome;
  return { ...outcome, rows: upToLimit(x.session, outcome.rows) };
}
