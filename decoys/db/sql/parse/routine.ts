// CREATE PROCEDURE, FUNCTION, TRIGGER and EVENT, and the body such a routine keeps for a later CALL.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-procedure.html; places of error 1064 as answered by a live 9.7.4.

import type { Flow, RoutineParameter, RoutineType, TriggerMoment } from '../ast/routine.ts';
import type { Statement } from '../ast/statement.ts';
import type { ColumnType, TableName } from '../ast/table.ts';
import { sqlError } from '../errors.ts';
import { parseColumnType } from './column-type.ts';
import { type Cursor, decode } from './cursor.ts';
import { parseBody } from './flow.ts';
import { parseRoutineName, parseTableName } from './names.ts';

type StatementParser = (c: Cursor) => Statement;

const MODES = { IN: 'in', OUT: 'out', INOUT: 'inout' } as const;

function parseParameters(c: Cursor, procedure: boolean): RoutineParameter[] {
  c.expect('(');
  if (c.accept(')')) return [];
  const parameters = c.list(() => {
    const mode = procedure ? c.acceptOne('IN', 'OUT', 'INOUT') : undefined;
    const name = c.name();
    return { mode: MODES[(mode ?? 'IN') as keyof typeof MODES], name, type: parseColumnType(c) };
  });
  c.expect(')');
  return parameters;
}

/** Reads what is told of a routine before its body; gives whether that makes a function fit for the binary log. */
function parseCharacteristics(c: Cursor): boolean {
  let safe = false;
  for (;;) {
    if (c.accept('DETERMINISTIC') || c.acceptAll('NO', 'SQL') || c.acceptAll('READS', 'SQL', 'DATA')) safe = true;
    else if (c.acceptAll('NOT', 'DETERMINISTIC') || c.acceptAll('CONTAINS', 'SQL')) continue;
    else if (c.acceptAll('MODIFIES', 'SQL', 'DATA') || c.acceptAll('LANGUAGE', 'SQL')) continue;
    else if (c.accept('COMMENT')) c.string();
    else if (c.acceptAll('SQL', 'SECURITY')) {
      if (!c.acceptOne('DEFINER', 'INVOKER')) throw c.fail();
    } else return safe;
  }
}

function parseTriggerHead(c: Cursor): { readonly table: TableName; readonly moment: TriggerMoment } {
  const timing = c.acceptOne('BEFORE', 'AFTER') as TriggerMoment['timing'] | undefined;
  const event = timing && (c.acceptOne('INSERT', 'UPDATE', 'DELETE') as TriggerMoment['event'] | undefined);
  if (!timing || !event) throw c.fail();
  c.expect('ON');
  const table = parseTableName(c);
  c.expect('FOR', 'EACH', 'ROW');
  if (c.acceptOne('FOLLOWS', 'PRECEDES')) c.name();
  return { table, moment: { timing, event } };
}

/** `ON SCHEDULE … DO`: of the schedule only its first word and its end are looked at. */
function parseEventHead(c: Cursor): void {
  c.expect('ON', 'SCHEDULE');
  if (!c.acceptOne('EVERY', 'AT')) throw c.fail();
  while (!c.accept('DO')) {
    if (c.ended || c.token.kind === 'bad') throw c.fail();
    c.advance();
  }
}

/** A function needs a RETURN somewhere in its body. */
function returnsValue(flow: Flow): boolean {
  switch (flow.kind) {
    case 'return':
      return true;
    case 'block':
      return flow.body.some(returnsValue) || flow.handlers.some((handler) => returnsValue(handler.body));
    case 'if':
      return flow.otherwise.some(returnsValue) || flow.branches.some(([, flows]) => flows.some(returnsValue));
    case 'case':
      return (flow.otherwise ?? []).some(returnsValue) || flow.branches.some(([, flows]) => flows.some(returnsValue));
    case 'loop':
    case 'while':
    case 'repeat':
      return flow.body.some(returnsValue);
    default:
      return false;
  }
}

/** Parses after `CREATE … PROCEDURE`, `FUNCTION`, `TRIGGER` or `EVENT`. */
export function parseCreateRoutine(
  c: Cursor,
  type: RoutineType,
  aggregate: boolean,
  parse: StatementParser,
): Statement {
  const ifNotExists = c.acceptAll('IF', 'NOT', 'EXISTS');
  const name = parseRoutineName(c);
  const start = c.lastEnd;
  if (type === 'FUNCTION' && c.accept('RETURNS')) {
    const returns = c.acceptOne('STRING', 'INTEGER', 'INT', 'REAL', 'DECIMAL', 'DEC');
    if (!returns) throw c.fail();
    c.expect('SONAME');
    return { kind: 'create-udf', name: name.name, library: c.string(), ifNotExists, aggregate, returns };
  }
  const head = type === 'TRIGGER' ? parseTriggerHead(c) : undefined;
  if (type === 'EVENT') parseEventHead(c);
  const called = type === 'PROCEDURE' || type === 'FUNCTION';
  const parameters = called ? parseParameters(c, type === 'PROCEDURE') : [];
  let safe = type !== 'FUNCTION';
  let returns: ColumnType | undefined;
  if (type === 'FUNCTION') {
    c.expect('RETURNS');
    returns = parseColumnType(c);
  }
  if (called && parseCharacteristics(c)) safe = true;
  if (c.ended) throw c.fail();
  const bodyAt = c.token.start;
  const body = parseBody(c, parse);
  if (type === 'FUNCTION' && !returnsValue(body))
    throw sqlError('ER_SP_NORETURN', name.schema === '' ? name.name : `${name.schema}.${name.name}`);
  return {
    kind: 'create-routine',
    type,
    name,
    ifNotExists,
    text: decode(c.source(start)),
    body: c.source(bodyAt),
    parameters,
    returns,
    safe,
    table: head?.table,
    moment: head?.moment,
  };
}
