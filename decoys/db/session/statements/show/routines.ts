// SHOW of routines, triggers and events, and how they were created.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show.html

import { SqlError, sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { quoteName } from '../../../sql/quote-name.ts';
import { fromMs } from '../../../sql/value/temporal.ts';
import type { Value } from '../../../sql/value/value.ts';
import { STATUS } from '../../../wire/constants.ts';
import type { Outcome } from '../../outcome.ts';
import { recordedRecords, routines } from '../../system-rows/dictionary.ts';
import { shown } from '../result.ts';
import { filtered, type Handler, scanFlag, schemaOf } from './filter.ts';

/** SHOW PROCEDURE STATUS and SHOW FUNCTION STATUS: those of `sys` and those the source made. */
export function routineStatus(type: 'FUNCTION' | 'PROCEDURE'): Handler {
  return (x, s) => {
    const rows = routines(x.session)
      .filter((row) => row.ROUTINE_TYPE === type)
      .map((row): Value[] =>
        [
          row.ROUTINE_SCHEMA,
          row.ROUTINE_NAME,
          type,
          'SQL',
          row.DEFINER,
          row.LAST_ALTERED,
          row.CREATED,
          row.SECURITY_TYPE,
          row.ROUTINE_COMMENT,
          row.CHARACTER_SET_CLIENT,
          row.COLLATION_CONNECTION,
          row.DATABASE_COLLATION,
        ].map((cell) => cell ?? null),
      );
    const outcome = filtered(
      x,
      s,
      shown(x.session, type === 'FUNCTION' ? 'function-status' : 'procedure-status', rows),
      1,
    );
    return { ...outcome, flags: s.filter.like === undefined ? scanFlag(s, { range: ['db', 'name'] }) : 0 };
  };
}

/** Columns of SHOW LIBRARY STATUS among those of SHOW PROCEDURE STATUS, by the names they have there. */
const LIBRARY_COLUMNS: readonly (readonly [string, string])[] = [
  ['Db', 'Db'],
  ['Name', 'Name'],
  ['Language', 'Language'],
  ['Definer', 'Creator'],
  ['Modified', 'Modified'],
  ['Created', 'Created'],
  ['Comment', 'Comment'],
];

export const showLibraryStatus: Handler = (x, s) => {
  const { columns } = shown(x.session, 'procedure-status', []);
  const told = LIBRARY_COLUMNS.flatMap(([from, name]) => {
    const column = columns.find((each) => each.name === from);
    return column ? [{ ...column, name, table: 'LIBRARIES', orgName: name }] : [];
  });
  return filtered(x, s, { kind: 'rows', columns: told, rows: [] }, 1);
};

export const showRoutineCode: Handler = () => {
  throw new SqlError(
    1289,
    'HY000',
    "The 'SHOW PROCEDURE|FUNCTION CODE' feature is disabled; you need MySQL built with '--with-debug' to have it working",
  );
};

export const showCreateLibrary: Handler = (x, s) => {
  const schema = s.table?.schema || x.session.database;
  if (schema === '') throw sqlError('ER_NO_DB_ERROR');
  throw sqlError('ER_SP_DOES_NOT_EXIST', 'LIBRARY', s.table?.name ?? '');
};

/** A trigger of `sys`, written from what TRIGGERS tells of it. Throws 1360 where there is none. */
function systemTrigger(x: Execution, name: string): Outcome {
  const found = recordedRecords('information_schema.TRIGGERS').find((row) => row.TRIGGER_NAME === name);
  if (!found) throw sqlError('ER_TRG_DOES_NOT_EXIST');
  const [user, host] = String(found.DEFINER).split('@') as [string, string];
  const text = `CREATE DEFINER=${quoteName(user)}@${quoteName(host)} TRIGGER ${quoteName(name)} ${found.ACTION_TIMING} ${found.EVENT_MANIPULATION} ON ${quoteName(String(found.EVENT_OBJECT_TABLE))} FOR EACH ROW ${found.ACTION_STATEMENT}`;
  return shown(x.session, 'create-trigger', [
    [
      name,
      found.SQL_MODE as Value,
      text,
      'utf8mb4',
      'utf8mb4_0900_ai_ci',
      'utf8mb4_0900_ai_ci',
      fromMs(x.session.server.options.startedMs, 'datetime'),
    ],
  ]);
}

export function createRoutine(type: 'FUNCTION' | 'PROCEDURE' | 'TRIGGER' | 'EVENT'): Handler {
  return (x, s) => {
    const schema = s.table?.schema || x.session.database;
    const name = s.table?.name ?? '';
    if (schema === '') throw sqlError('ER_NO_DB_ERROR');
    const routine = x.session.overlay.routines.get(`${type}:${schema}.${name}`);
    if (!routine) {
      if (type === 'TRIGGER' && schema === 'sys') return systemTrigger(x, name);
      if (type === 'TRIGGER') throw sqlError('ER_TRG_DOES_NOT_EXIST');
      if (type === 'EVENT') throw sqlError('ER_EVENT_DOES_NOT_EXIST', name);
      throw sqlError('ER_SP_DOES_NOT_EXIST', type, name);
    }
    const text = `CREATE DEFINER=\`root\`@\`%\` ${type} ${quoteName(name)}${routine.text}`;
    const tail: Value[] = ['utf8mb4', 'utf8mb4_0900_ai_ci', 'utf8mb4_0900_ai_ci'];
    const head: Value[] =
      type === 'EVENT' ? [name, x.session.sqlMode(), 'SYSTEM', text] : [name, x.session.sqlMode(), text];
    return shown(x.session, `create-${type.toLowerCase()}`, [
      [...head, ...tail, ...(type === 'TRIGGER' ? [fromMs(routine.createdMs, 'datetime')] : [])],
    ]);
  };
}

export const showTriggers: Handler = (x, s) => {
  const schema = schemaOf(x, s);
  const rows = (schema === 'sys' ? recordedRecords('information_schema.TRIGGERS') : []).map((row): Value[] => [
    row.TRIGGER_NAME as Value,
    row.EVENT_MANIPULATION as Value,
    row.EVENT_OBJECT_TABLE as Value,
    row.ACTION_STATEMENT as Value,
    row.ACTION_TIMING as Value,
    fromMs(x.session.server.options.startedMs - (x.session.server.options.startedMs % 10), 'datetime'),
    row.SQL_MODE as Value,
    row.DEFINER as Value,
    'utf8mb4',
    'utf8mb4_0900_ai_ci',
    'utf8mb4_0900_ai_ci',
  ]);
  return { ...filtered(x, s, shown(x.session, 'triggers', rows), 2), flags: STATUS.NO_INDEX };
};

export const showEvents: Handler = (x, s) => {
  const schema = schemaOf(x, s);
  const rows = [...x.session.overlay.routines.values()]
    .filter((routine) => routine.type === 'EVENT' && routine.schema === schema)
    .map((routine): Value[] => [
      schema,
      routine.name,
      'root@%',
      'SYSTEM',
      'RECURRING',
      null,
      '1',
      'DAY',
      fromMs(routine.createdMs, 'datetime'),
      null,
      'ENABLED',
      1n,
      'utf8mb4',
      'utf8mb4_0900_ai_ci',
      'utf8mb4_0900_ai_ci',
    ]);
  return { ...filtered(x, s, shown(x.session, 'events', rows), 1), flags: STATUS.NO_INDEX };
};
