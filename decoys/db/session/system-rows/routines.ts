// Rows of the dictionary's views of routines: their parameters, triggers, events and libraries; those of `sys`, then the source's own.
// Source: https://dev.mysql.com/doc/refman/9.7/en/information-schema-routines-table.html, -parameters-table.html, -triggers-table.html, -events-table.html

import type { Routine } from '../../overlay/routine.ts';
import { INITIALIZED_MS } from '../../persona/beginnings.ts';
import { systemRows } from '../../persona/system-tables.ts';
import type { RoutineType } from '../../sql/ast/routine.ts';
import type { ColumnType } from '../../sql/ast/table.ts';
import { decode } from '../../sql/parse/cursor.ts';
import { findCharset } from '../../sql/value/charset.ts';
import { fromMs } from '../../sql/value/temporal.ts';
import type { Value } from '../../sql/value/value.ts';
import type { Session } from '../session.ts';
import { databaseColumn } from '../statements/locals.ts';
import { typeFacts } from './column-facts.ts';
import type { Provider, Record_ } from './record.ts';
import { recordedRecords } from './recorded.ts';

const ROUTINE_COLUMNS =
  'ROUTINE_NAME ROUTINE_TYPE DATA_TYPE CHARACTER_MAXIMUM_LENGTH CHARACTER_OCTET_LENGTH NUMERIC_PRECISION NUMERIC_SCALE CHARACTER_SET_NAME COLLATION_NAME DTD_IDENTIFIER IS_DETERMINISTIC SQL_DATA_ACCESS SECURITY_TYPE SQL_MODE'.split(
    ' ',
  );

/** The source's own of these kinds, as the dictionary's keys order them: by schema, kind and name. */
function made(session: Session, ...types: RoutineType[]): Routine[] {
  const keyOf = ({ schema, type, name }: Routine) => `${schema}\0${types.indexOf(type)}\0${name.toLowerCase()}`;
  return [...session.overlay.routines.values()]
    .filter(({ type }) => types.includes(type))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function second(ms: number): Value {
  return fromMs(ms - (ms % 1000), 'datetime');
}

/** What a parameter's or result's type tells; `type` undefined tells nothing. */
function typeColumns(type: ColumnType | undefined, collation: string): Record_ {
  if (!type) return { DATA_TYPE: '' };
  const column = databaseColumn('', type, collation);
  const facts = typeFacts(column.columnType);
  const bytes = BigInt(findCharset(column.charset)?.maxBytes ?? 1);
  const blob = facts.dataType.endsWith('text') || facts.dataType.endsWith('blob');
  return {
    DATA_TYPE: facts.dataType,
    CHARACTER_MAXIMUM_LENGTH: facts.characters,
    CHARACTER_OCTET_LENGTH: facts.characters === null ? null : facts.characters * (blob ? 1n : bytes),
    NUMERIC_PRECISION: facts.precision,
    NUMERIC_SCALE: facts.dataType === 'double' || facts.dataType === 'float' ? 0n : facts.scale,
    DATETIME_PRECISION: facts.fraction,
    CHARACTER_SET_NAME: column.charset || null,
    COLLATION_NAME: column.collation || null,
    DTD_IDENTIFIER: column.columnType,
  };
}

/** What a routine was made under, as its row tells it. */
function underColumns({ under }: Routine): Record_ {
  return {
    SQL_MODE: under.sqlMode,
    CHARACTER_SET_CLIENT: under.charset,
    COLLATION_CONNECTION: under.connection,
    DATABASE_COLLATION: under.database,
  };
}

function madeRoutine(routine: Routine): Record_ {
  const { traits } = routine;
  return {
    ROUTINE_CATALOG: 'def',
    SPECIFIC_NAME: routine.name,
    ROUTINE_SCHEMA: routine.schema,
    ROUTINE_NAME: routine.name,
    ROUTINE_TYPE: routine.type,
    ...typeColumns(routine.returns, routine.under.database),
    ROUTINE_BODY: traits.language === 'SQL' ? 'SQL' : 'EXTERNAL',
    ROUTINE_DEFINITION: decode(routine.body),
    EXTERNAL_LANGUAGE: traits.language,
    PARAMETER_STYLE: 'SQL',
    IS_DETERMINISTIC: traits.deterministic ? 'YES' : 'NO',
    SQL_DATA_ACCESS: traits.access,
    SECURITY_TYPE: traits.security,
    CREATED: second(routine.createdMs),
    LAST_ALTERED: second(routine.alteredMs),
    ROUTINE_COMMENT: traits.comment,
    DEFINER: routine.definer.join('@'),
    ...underColumns(routine),
  };
}

/** Routines of schema `sys`, then those the source made. */
export function routines(session: Session): Record_[] {
  const told = {
    ROUTINE_CATALOG: 'def',
    ROUTINE_BODY: 'SQL',
    EXTERNAL_LANGUAGE: 'SQL',
    PARAMETER_STYLE: 'SQL',
    CHARACTER_SET_CLIENT: 'utf8mb4',
    COLLATION_CONNECTION: 'utf8mb4_0900_ai_ci',
    DATABASE_COLLATION: 'utf8mb4_0900_ai_ci',
  };
  const created = second(session.server.options.startedMs - INITIALIZED_MS);
  const system = session.overlay.dropped.has('sys') ? [] : systemRows('information_schema.ROUTINES');
  const own = system.map((row): Record_ => {
    const facts = Object.fromEntries(ROUTINE_COLUMNS.map((name, at) => [name, row[at] ?? null]));
    return {
      ...told,
      ...facts,
      SPECIFIC_NAME: facts.ROUTINE_NAME as string,
      ROUTINE_SCHEMA: 'sys',
      CREATED: created,
      LAST_ALTERED: created,
      ROUTINE_DEFINITION: null,
      ROUTINE_COMMENT: '',
      DEFINER: 'mysql.sys@localhost',
    };
  });
  return [...own, ...made(session, 'FUNCTION', 'PROCEDURE').map(madeRoutine)];
}

/** What a function gives comes before what it takes. */
function parametersOf(routine: Routine): Record_[] {
  const { schema, name, type, returns, under } = routine;
  const head = { SPECIFIC_CATALOG: 'def', SPECIFIC_SCHEMA: schema, SPECIFIC_NAME: name, ROUTINE_TYPE: type };
  const result = { ...head, ORDINAL_POSITION: 0n, ...typeColumns(returns, under.database) };
  const taken = routine.parameters.map(
    (parameter, at): Record_ => ({
      ...head,
      ORDINAL_POSITION: BigInt(at + 1),
      PARAMETER_MODE: parameter.mode.toUpperCase(),
      PARAMETER_NAME: parameter.name,
      ...typeColumns(parameter.type, under.database),
    }),
  );
  return returns ? [result, ...taken] : taken;
}

function parameters(session: Session): Record_[] {
  const system = session.overlay.dropped.has('sys') ? [] : recordedRecords('information_schema.PARAMETERS');
  return [...system, ...made(session, 'FUNCTION', 'PROCEDURE').flatMap(parametersOf)];
}

/** Where a trigger stands among those of its moment, from 1. */
function orderOf(trigger: Routine, all: readonly Routine[]): bigint {
  const same = all.filter(
    ({ schema, table, moment }) =>
      schema === trigger.schema &&
      table === trigger.table &&
      moment?.timing === trigger.moment?.timing &&
      moment?.event === trigger.moment?.event,
  );
  return BigInt(same.indexOf(trigger) + 1);
}

const TIMINGS = ['BEFORE', 'AFTER'];
const EVENTS = ['INSERT', 'UPDATE', 'DELETE'];

/** Triggers of schema `sys`, then the source's own, table by table in the order they run. */
export function triggers(session: Session): Record_[] {
  const made = session.server.options.startedMs - INITIALIZED_MS;
  const system = session.overlay.dropped.has('sys') ? [] : recordedRecords('information_schema.TRIGGERS');
  const all = [...session.overlay.routines.values()].filter(({ type }) => type === 'TRIGGER');
  const keyOf = ({ schema, table, moment }: Routine) =>
    `${schema}\0${table}\0${EVENTS.indexOf(moment?.event ?? '')}${TIMINGS.indexOf(moment?.timing ?? '')}`;
  const own = [...all].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
  return [
    ...system.map((row) => ({ ...row, CREATED: fromMs(made - (made % 10), 'datetime') })),
    ...own.map(
      (trigger): Record_ => ({
        TRIGGER_CATALOG: 'def',
        TRIGGER_SCHEMA: trigger.schema,
        TRIGGER_NAME: trigger.name,
        EVENT_MANIPULATION: trigger.moment?.event ?? '',
        EVENT_OBJECT_CATALOG: 'def',
        EVENT_OBJECT_SCHEMA: trigger.schema,
        EVENT_OBJECT_TABLE: trigger.table,
        ACTION_ORDER: orderOf(trigger, all),
        ACTION_STATEMENT: decode(trigger.body),
        ACTION_ORIENTATION: 'ROW',
        ACTION_TIMING: trigger.moment?.timing ?? '',
        ACTION_REFERENCE_OLD_ROW: 'OLD',
        ACTION_REFERENCE_NEW_ROW: 'NEW',
        CREATED: fromMs(trigger.createdMs - (trigger.createdMs % 10), 'datetime'),
        DEFINER: trigger.definer.join('@'),
        ...underColumns(trigger),
      }),
    ),
  ];
}

function eventRow(session: Session, routine: Routine): Record_[] {
  const { event } = routine;
  if (!event) return [];
  const { schedule } = event;
  const offset = session.timezoneOffsetMs();
  const at = (ms: number | undefined): Value => (ms === undefined ? null : fromMs(ms + offset, 'datetime'));
  const once = 'atMs' in schedule;
  return [
    {
      EVENT_CATALOG: 'def',
      EVENT_SCHEMA: routine.schema,
      EVENT_NAME: routine.name,
      DEFINER: routine.definer.join('@'),
      TIME_ZONE: 'SYSTEM',
      EVENT_BODY: 'SQL',
      EVENT_DEFINITION: decode(routine.body),
      EVENT_TYPE: once ? 'ONE TIME' : 'RECURRING',
      EXECUTE_AT: once ? at(schedule.atMs) : null,
      INTERVAL_VALUE: once ? null : schedule.value,
      INTERVAL_FIELD: once ? null : schedule.unit,
      STARTS: once ? null : at(schedule.startsMs),
      ENDS: once ? null : at(schedule.endsMs),
      STATUS: event.status,
      ON_COMPLETION: event.preserve ? 'PRESERVE' : 'NOT PRESERVE',
      CREATED: second(routine.createdMs),
      LAST_ALTERED: second(routine.alteredMs),
      LAST_EXECUTED: at(event.lastMs),
      EVENT_COMMENT: routine.traits.comment,
      ORIGINATOR: 1n,
      ...underColumns(routine),
    },
  ];
}

export const events: Provider = (session) => made(session, 'EVENT').flatMap((routine) => eventRow(session, routine));

export const libraries: Provider = (session) =>
  made(session, 'LIBRARY').map((library) => ({
    LIBRARY_CATALOG: 'def',
    LIBRARY_SCHEMA: library.schema,
    LIBRARY_NAME: library.name,
    LIBRARY_DEFINITION: decode(library.body),
    LANGUAGE: library.traits.language,
    CREATED: second(library.createdMs),
    LAST_ALTERED: second(library.alteredMs),
    SQL_MODE: library.under.sqlMode,
    LIBRARY_COMMENT: library.traits.comment,
    CREATOR: library.definer.join('@'),
  }));

const routineLibraries: Provider = (session) =>
  made(session, 'FUNCTION', 'PROCEDURE').flatMap(({ schema, name, type, traits }) =>
    traits.libraries.map(([from, library]) => ({
      ROUTINE_CATALOG: 'def',
      ROUTINE_SCHEMA: schema,
      ROUTINE_NAME: name,
      ROUTINE_TYPE: type,
      LIBRARY_CATALOG: 'def',
      LIBRARY_SCHEMA: from || schema,
      LIBRARY_NAME: library,
      LIBRARY_VERSION: null,
    })),
  );

export const ROUTINE_ROWS: Readonly<Record<string, Provider>> = {
  'information_schema.ROUTINES': routines,
  'information_schema.PARAMETERS': parameters,
  'information_schema.TRIGGERS': triggers,
  'information_schema.EVENTS': events,
  'information_schema.LIBRARIES': libraries,
  'information_schema.ROUTINE_LIBRARIES': routineLibraries,
};
