// Which system tables have rows of the session or the source rather than recorded ones, and what gives them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/information-schema.html and performance-schema.html

import { allVariables } from '../persona/catalogue.ts';
import { statusRows } from './status.ts';
import { globalGrants, userPrivileges, users } from './system-rows/accounts.ts';
import { CONSTRAINT_NAMES, constraints, indexRows, STATISTICS_NAMES, withRecorded } from './system-rows/indexes.ts';
import { processList, sessionAttributes } from './system-rows/processes.ts';
import type { Provider } from './system-rows/record.ts';
import { columns, schemata, tables } from './system-rows/schemas.ts';
import { variableText } from './variables.ts';

function variables(global: boolean): Provider {
  return (session) =>
    [...allVariables().values()]
      .filter((facts) => (global ? facts.readGlobal === 0 : true))
      .map((facts) => ({ VARIABLE_NAME: facts.name, VARIABLE_VALUE: variableText(session, facts, global) }));
}

function status(global: boolean): Provider {
  return (session) =>
    statusRows(session, global).map(([name, value]) => ({ VARIABLE_NAME: name, VARIABLE_VALUE: value }));
}

export const SYSTEM_PROVIDERS: Readonly<Record<string, Provider>> = {
  __proto__: null as never,
  'information_schema.SCHEMATA': schemata,
  'information_schema.TABLES': tables,
  'information_schema.COLUMNS': columns,
  'information_schema.STATISTICS': withRecorded('information_schema.STATISTICS', STATISTICS_NAMES, indexRows),
  'information_schema.TABLE_CONSTRAINTS': withRecorded(
    'information_schema.TABLE_CONSTRAINTS',
    CONSTRAINT_NAMES,
    constraints,
  ),
  'information_schema.USER_PRIVILEGES': userPrivileges,
  'information_schema.PROCESSLIST': processList,
  'information_schema.VIEWS': (session) =>
    [...session.overlay.databases.values()].flatMap((database) =>
      [...database.views.values()].map((view) => ({
        TABLE_CATALOG: 'def',
        TABLE_SCHEMA: database.name,
        TABLE_NAME: view.name,
        VIEW_DEFINITION: view.text,
        CHECK_OPTION: 'NONE',
        IS_UPDATABLE: 'YES',
        DEFINER: 'root@%',
        SECURITY_TYPE: 'DEFINER',
        CHARACTER_SET_CLIENT: 'utf8mb4',
        COLLATION_CONNECTION: 'utf8mb4_0900_ai_ci',
      })),
    ),
  'performance_schema.processlist': processList,
  'performance_schema.global_variables': variables(true),
  'performance_schema.session_variables': variables(false),
  'performance_schema.global_status': status(true),
  'performance_schema.session_status': status(false),
  'performance_schema.session_connect_attrs': sessionAttributes,
  'performance_schema.session_account_connect_attrs': sessionAttributes,
  'mysql.user': users,
  'mysql.global_grants': globalGrants,
  'sys.version': (session) => [{ sys_version: '2.1.3', mysql_version: session.version() }],
};
