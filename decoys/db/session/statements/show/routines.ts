// SHOW of routines, triggers and events, and how they were created.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show.html

import { sqlError } from '../../../sql/errors.ts';
import { fromMs } from '../../../sql/value/temporal.ts';
import type { Value } from '../../../sql/value/value.ts';
import { STATUS } from '../../../wire/constants.ts';
import { shown } from '../result.ts';
import type { Handler } from './filter.ts';
import { filtered, schemaOf, tick } from './filter.ts';

export function routineStatus(type: 'FUNCTION' | 'PROCEDURE'): Handler {
  return (x, s) => {
    const rows = [...x.session.overlay.routines.values()]
      .filter((routine) => routine.type === type)
      .map((routine): Value[] => [
        routine.schema,
        routine.name,
        type,
        'SQL',
        'root@%',
        fromMs(routine.createdMs, 'datetime'),
        fromMs(routine.createdMs, 'datetime'),
        'DEFINER',
        '',
        'utf8mb4',
        'utf8mb4_0900_ai_ci',
        'utf8mb4_0900_ai_ci',
      ]);
    return filtered(x, s, shown(x.session, type === 'FUNCTION' ? 'function-status' : 'procedure-status', rows), 1);
  };
}

export function createRoutine(type: 'FUNCTION' | 'PROCEDURE' | 'TRIGGER' | 'EVENT'): Handler {
  return (x, s) => {
    const schema = s.table?.schema || x.session.database;
    const name = s.table?.name ?? '';
    if (schema === '') throw sqlError('ER_NO_DB_ERROR');
    const routine = x.session.overlay.routines.get(`${type}:${schema}.${name}`);
    if (!routine) {
      if (type === 'TRIGGER') throw sqlError('ER_TRG_DOES_NOT_EXIST');
      if (type === 'EVENT') throw sqlError('ER_EVENT_DOES_NOT_EXIST', name);
      throw sqlError('ER_SP_DOES_NOT_EXIST', type, name);
    }
    const text = `CREATE DEFINER=\`root\`@\`%\` ${type} ${tick(name)}${routine.text}`;
    const tail: Value[] = ['utf8mb4', 'utf8mb4_0900_ai_ci', 'utf8mb4_0900_ai_ci'];
    const head: Value[] =
      type === 'EVENT' ? [name, x.session.sqlMode(), 'SYSTEM', text] : [name, x.session.sqlMode(), text];
    return shown(x.session, `create-${type.toLowerCase()}`, [
      [...head, ...tail, ...(type === 'TRIGGER' ? [fromMs(routine.createdMs, 'datetime')] : [])],
    ]);
  };
}

export const showTriggers: Handler = (x, s) => {
  schemaOf(x, s);
  return { ...filtered(x, s, shown(x.session, 'triggers', [])), flags: STATUS.NO_INDEX };
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
