// SHOW of routines, triggers and events, and how they were created.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show.html

import { routineKey } from '../../../overlay/routine.ts';
import { SqlError, sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { quoteName } from '../../../sql/quote-name.ts';
import { fromMs } from '../../../sql/value/temporal.ts';
import type { Value } from '../../../sql/value/value.ts';
import type { Column } from '../../../wire/column.ts';
import { STATUS } from '../../../wire/constants.ts';
import type { Outcome } from '../../outcome.ts';
import { createText } from '../../routine-text.ts';
import { canonicalSchema } from '../../schemas.ts';
import { recordedRecords } from '../../system-rows/recorded.ts';
import { events, libraries, routines, triggers } from '../../system-rows/routines.ts';
import { shown } from '../result.ts';
import { filtered, type Handler, scanFlag, schemaOf } from './filter.ts';
import { ROUTINES_NAMED, whereColumns } from './where-columns.ts';

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
          row.EXTERNAL_LANGUAGE,
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
    const columns = whereColumns(outcome.columns, s.filter.where, ROUTINES_NAMED);
    return { ...outcome, columns, flags: s.filter.like === undefined ? scanFlag(s, { range: ['db', 'name'] }) : 0 };
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

/** SHOW LIBRARY STATUS. */
export const showLibraryStatus: Handler = (x, s) => {
  const { columns } = shown(x.session, 'procedure-status', []);
  const told = LIBRARY_COLUMNS.flatMap(([from, name]) => {
    const column = columns.find((each) => each.name === from);
    return column ? [{ ...column, name, table: 'LIBRARIES', orgName: name }] : [];
  });
  const rows = libraries(x.session).map((row): Value[] =>
    [
      row.LIBRARY_SCHEMA,
      row.LIBRARY_NAME,
      row.LANGUAGE,
      row.CREATOR,
      row.LAST_ALTERED,
      row.CREATED,
      row.LIBRARY_COMMENT,
    ].map((cell) => cell ?? null),
  );
  return filtered(x, s, { kind: 'rows', columns: told, rows }, 1);
};

export const showRoutineCode: Handler = (x, s) => {
  if (s.table?.schema === '' && x.session.database === '') throw sqlError('ER_NO_DB_ERROR');
  throw new SqlError(
    1289,
    'HY000',
    "The 'SHOW PROCEDURE|FUNCTION CODE' feature is disabled; you need MySQL built with '--with-debug' to have it working",
  );
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

type Created = 'FUNCTION' | 'PROCEDURE' | 'TRIGGER' | 'EVENT' | 'LIBRARY';

/** Throws what is told of a routine that is not there. */
function missing(type: Created, name: string): SqlError {
  if (type === 'TRIGGER') return sqlError('ER_TRG_DOES_NOT_EXIST');
  if (type === 'EVENT') return sqlError('ER_EVENT_DOES_NOT_EXIST', name);
  return sqlError('ER_SP_DOES_NOT_EXIST', type, name);
}

const DEFINITION_CHARACTERS = 1024;

/** SHOW CREATE of a routine, trigger or event. Throws 1046. */
export function createRoutine(type: Created): Handler {
  return (x, s) => {
    const { session } = x;
    const schema = canonicalSchema(s.table?.schema || session.database);
    const name = s.table?.name ?? '';
    if (schema === '') throw sqlError('ER_NO_DB_ERROR');
    const routine = session.overlay.routines.get(routineKey(type, schema, name));
    if (!routine && type === 'TRIGGER' && schema === 'sys') return systemTrigger(x, name);
    if (!routine) throw missing(type, name);
    const { under } = routine;
    const text = createText(routine, session.timezoneOffsetMs());
    const head: Value[] =
      type === 'EVENT' ? [routine.name, under.sqlMode, 'SYSTEM', text] : [routine.name, under.sqlMode, text];
    const tail: Value[] = type === 'LIBRARY' ? [] : [under.charset, under.connection, under.database];
    const made: Value[] = type === 'TRIGGER' ? [fromMs(routine.createdMs, 'datetime')] : [];
    const form = type === 'LIBRARY' ? 'create-procedure' : `create-${type.toLowerCase()}`;
    const outcome = shown(session, form, [[...head, ...tail, ...made]]);
    return { ...outcome, columns: definitionColumns(type, outcome.columns, text) };
  };
}

/** The column of a definition is as long as a long one is; of an event, as this one is. A library has but three. */
function definitionColumns(type: Created, columns: readonly Column[], text: string): Column[] {
  const at = type === 'EVENT' ? 3 : 2;
  const own = type === 'LIBRARY' ? LIBRARY_NAMES : undefined;
  const told = own ? columns.slice(0, own.length) : columns;
  return told.map((column, place) => ({
    ...column,
    name: own?.[place] ?? column.name,
    length:
      place !== at || type === 'TRIGGER'
        ? column.length
        : type === 'EVENT'
          ? text.length
          : Math.max(DEFINITION_CHARACTERS, text.length),
  }));
}

const LIBRARY_NAMES = ['Library', 'sql_mode', 'Create Library'];

export const showTriggers: Handler = (x, s) => {
  const schema = schemaOf(x, s);
  const rows = triggers(x.session)
    .filter((row) => row.TRIGGER_SCHEMA === schema)
    .map((row): Value[] =>
      [
        row.TRIGGER_NAME,
        row.EVENT_MANIPULATION,
        row.EVENT_OBJECT_TABLE,
        row.ACTION_STATEMENT,
        row.ACTION_TIMING,
        row.CREATED,
        row.SQL_MODE,
        row.DEFINER,
        row.CHARACTER_SET_CLIENT,
        row.COLLATION_CONNECTION,
        row.DATABASE_COLLATION,
      ].map((cell) => cell ?? null),
    );
  return { ...filtered(x, s, shown(x.session, 'triggers', rows), 2), flags: STATUS.NO_INDEX };
};

export const showEvents: Handler = (x, s) => {
  // A schema that is not there has no events.
  const schema = s.schema === '' ? schemaOf(x, s) : canonicalSchema(s.schema);
  const rows = events(x.session)
    .filter((row) => row.EVENT_SCHEMA === schema)
    .map((row): Value[] =>
      [
        row.EVENT_SCHEMA,
        row.EVENT_NAME,
        row.DEFINER,
        row.TIME_ZONE,
        row.EVENT_TYPE,
        row.EXECUTE_AT,
        row.INTERVAL_VALUE,
        row.INTERVAL_FIELD,
        row.STARTS,
        row.ENDS,
        row.STATUS,
        row.ORIGINATOR,
        row.CHARACTER_SET_CLIENT,
        row.COLLATION_CONNECTION,
        row.DATABASE_COLLATION,
      ].map((cell) => cell ?? null),
    );
  return { ...filtered(x, s, shown(x.session, 'events', rows), 1), flags: STATUS.NO_INDEX };
};
