// Which system tables have rows of the session or the source rather than recorded ones, and what gives them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/information-schema.html and performance-schema.html

import { resourceGroups } from '../overlay/resource-groups.ts';
import { systemTable } from '../persona/system-tables.ts';
import { pluginRecords, shippedPlugin } from './plugins.ts';
import type { Session } from './session.ts';
import { statusRows } from './status.ts';
import { globalGrants, userPrivileges, users } from './system-rows/accounts.ts';
import {
  checkConstraints,
  keyColumnUsage,
  referentialConstraints,
  tableConstraints,
} from './system-rows/constraints.ts';
import { DICTIONARY } from './system-rows/dictionary.ts';
import { errorLog } from './system-rows/error-log.ts';
import {
  columnGrants,
  columnPrivileges,
  defaultRoles,
  proxyGrants,
  roleEdges,
  routineGrants,
  schemaGrants,
  schemaPrivileges,
  tableGrants,
  tablePrivileges,
  userAttributes,
} from './system-rows/grants.ts';
import { CONSTRAINT_NAMES, indexRows, STATISTICS_NAMES, withRecorded } from './system-rows/indexes.ts';
import { INNODB } from './system-rows/innodb.ts';
import { INSTANCES, systemUserProcess, toldStatus } from './system-rows/instances.ts';
import { LOGS } from './system-rows/logs.ts';
import { processList, processView, sessionAttributes } from './system-rows/processes.ts';
import { profiling } from './system-rows/profiling.ts';
import type { Provider, Record_ } from './system-rows/record.ts';
import { recordedRecords } from './system-rows/recorded.ts';
import { REPLICATION } from './system-rows/replication.ts';
import { columns, schemata, tables } from './system-rows/schemas.ts';
import { statementsByDigest, statementsCurrent, statementsHistory } from './system-rows/statement-rows.ts';
import { SUMMARIES } from './system-rows/summaries.ts';
import { connectionViews } from './system-rows/sys/connections.ts';
import { fileViews } from './system-rows/sys/files.ts';
import { objectViews } from './system-rows/sys/objects.ts';
import { peopleViews, waitViews } from './system-rows/sys/people.ts';
import { statementViews } from './system-rows/sys/statements.ts';
import { TABLE_IO } from './system-rows/table-io.ts';
import { accounts, hosts, threadMemory, threadRows, usersSeen } from './system-rows/threads.ts';
import { TRANSACTIONS } from './system-rows/transactions.ts';
import { VIEW_USE } from './system-rows/view-use.ts';
import { listedText, variablesOf } from './variables.ts';

function variables(global: boolean): Provider {
  return (session) =>
    [...variablesOf(session.overlay)]
      .filter((facts) => (global ? facts.readGlobal === 0 : true))
      .map((facts) => ({ VARIABLE_NAME: facts.name, VARIABLE_VALUE: listedText(session, facts, global) }));
}

function status(global: boolean): Provider {
  return (session) => {
    const told = toldStatus(global);
    return statusRows(session, global)
      .filter(([name]) => told.has(name))
      .map(([name, value]) => ({ VARIABLE_NAME: name, VARIABLE_VALUE: value }));
  };
}

/** The recorded rows of a view of INFORMATION_SCHEMA, then those of a source; the view is read up when it is first asked for. */
function after(name: string, more: Provider): Provider {
  let rows: Provider | undefined;
  return (session) => {
    rows ??= withRecorded(
      `information_schema.${name}`,
      systemTable('information_schema', name)?.columns.map((column) => column.name) ?? [],
      more,
    );
    return rows(session);
  };
}

const TABLES: Readonly<Record<string, Provider>> = {
  __proto__: null as never,
  'information_schema.SCHEMATA': schemata,
  'information_schema.TABLES': tables,
  'information_schema.COLUMNS': columns,
  'information_schema.STATISTICS': withRecorded('information_schema.STATISTICS', STATISTICS_NAMES, indexRows),
  'information_schema.TABLE_CONSTRAINTS': withRecorded(
    'information_schema.TABLE_CONSTRAINTS',
    CONSTRAINT_NAMES,
    tableConstraints,
  ),
  'information_schema.USER_PRIVILEGES': userPrivileges,
  'information_schema.PROCESSLIST': processView,
  'information_schema.PROFILING': profiling,
  ...DICTIONARY,
  ...SUMMARIES,
  ...INSTANCES,
  ...INNODB,
  ...TRANSACTIONS,
  ...LOGS,
  ...TABLE_IO,
  ...VIEW_USE,
  'performance_schema.processlist': (session) => {
    const [scheduler, ...clients] = processList(session);
    return [...(scheduler ? [scheduler] : []), systemUserProcess(session), ...clients];
  },
  'performance_schema.threads': threadRows,
  'sys.memory_by_thread_by_current_bytes': threadMemory(true),
  'sys.x$memory_by_thread_by_current_bytes': threadMemory(false),
  'performance_schema.persisted_variables': (session) =>
    [...session.overlay.persisted].map(([name, value]) => ({ VARIABLE_NAME: name, VARIABLE_VALUE: value })),
  'performance_schema.accounts': accounts,
  'performance_schema.hosts': hosts,
  'performance_schema.users': usersSeen,
  'performance_schema.events_statements_current': statementsCurrent,
  'performance_schema.events_statements_history': statementsHistory,
  'performance_schema.events_statements_summary_by_digest': statementsByDigest,
  'information_schema.CHECK_CONSTRAINTS': after('CHECK_CONSTRAINTS', checkConstraints),
  'information_schema.REFERENTIAL_CONSTRAINTS': referentialConstraints,
  'information_schema.KEY_COLUMN_USAGE': after('KEY_COLUMN_USAGE', keyColumnUsage),
  'performance_schema.global_variables': variables(true),
  'performance_schema.session_variables': variables(false),
  'performance_schema.global_status': status(true),
  'performance_schema.session_status': status(false),
  'performance_schema.session_connect_attrs': sessionAttributes,
  'performance_schema.session_account_connect_attrs': sessionAttributes,
  'mysql.user': users,
  'mysql.global_grants': globalGrants,
  'mysql.db': schemaGrants,
  'mysql.tables_priv': tableGrants,
  'mysql.columns_priv': columnGrants,
  'mysql.procs_priv': routineGrants,
  'mysql.proxies_priv': proxyGrants,
  'mysql.role_edges': roleEdges,
  'mysql.default_roles': defaultRoles,
  'information_schema.USER_ATTRIBUTES': userAttributes,
  'information_schema.SCHEMA_PRIVILEGES': schemaPrivileges,
  'information_schema.TABLE_PRIVILEGES': tablePrivileges,
  'information_schema.COLUMN_PRIVILEGES': columnPrivileges,
  ...REPLICATION,
  'information_schema.RESOURCE_GROUPS': (session) =>
    resourceGroups(session.overlay).map(({ name, system, enabled, processors, priority }) => ({
      RESOURCE_GROUP_NAME: name,
      RESOURCE_GROUP_TYPE: system ? 'SYSTEM' : 'USER',
      RESOURCE_GROUP_ENABLED: enabled ? 1n : 0n,
      VCPU_IDS: Buffer.from(processors),
      THREAD_PRIORITY: BigInt(priority),
    })),
  'performance_schema.error_log': errorLog,
  'information_schema.PLUGINS': (session) => [
    ...recordedRecords('information_schema.PLUGINS'),
    ...pluginRecords(session),
  ],
  'mysql.plugin': ({ overlay }) =>
    [...overlay.plugins.values()]
      .filter(({ leaving }) => !leaving)
      .map(({ name }) => ({ name, dl: shippedPlugin(name)?.library ?? '' })),
  'mysql.component': (session) =>
    [...session.overlay.components].map(([urn, { id, group }]) => ({
      component_id: BigInt(id),
      component_group_id: BigInt(group),
      component_urn: urn,
    })),
  'sys.version': (session) => [{ sys_version: '2.1.3', mysql_version: session.version() }],
};

/** Rows of any table above, or those recorded; what views of schema sys are made from. */
function read(session: Session, key: string): readonly Record_[] {
  const provider = TABLES[key];
  return provider ? provider(session) : recordedRecords(key);
}

export const SYSTEM_PROVIDERS: Readonly<Record<string, Provider>> = {
  ...TABLES,
  ...peopleViews(read),
  ...waitViews(read),
  ...fileViews(read),
  ...objectViews(read),
  ...statementViews(read),
  ...connectionViews(read),
};
