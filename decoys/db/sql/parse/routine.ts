// CREATE PROCEDURE, FUNCTION, TRIGGER, EVENT and LIBRARY, ALTER of what is told of them, and bodies kept for a later CALL.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-procedure.html; places of error 1064 as answered by a live 9.7.4.
import type { AccountName } from '../ast/account.ts';
import type { RoutineParameter, RoutineType, TriggerMoment, TriggerPlace } from '../ast/routine.ts';
import type { Statement, StatementOf } from '../ast/statement.ts';
import type { TableName } from '../ast/table.ts';
import { sqlError } from '../errors.ts';
import type { StatementParser } from './body-scope.ts';
import { parseColumnType } from './column-type.ts';
import { type Cursor, decode } from './cursor.ts';
import { parseEventHead } from './event.ts';
import { type Body, parseBody } from './flow.ts';
import { parseRoutineName, parseTableName } from './names.ts';
import { PLAIN_TRAITS, parseForeignBody, parseTraits } from './routine-traits.ts';
import { rowNames } from './trigger-rows.ts';

type CreateRoutine = StatementOf<'create-routine'>;

/** What CREATE says before the kind of routine. */
export interface CreateHead {
  readonly type: RoutineType;
  readonly definer: AccountName | undefined;
  readonly aggregate: boolean;
}

const MODES = { IN: 'in', OUT: 'out', INOUT: 'inout' } as const;

function parseParameters(c: Cursor, procedure: boolean): RoutineParameter[] {
  c.expect('(');
  if (c.accept(')')) return [];
  const parameters: RoutineParameter[] = [];
  c.list(() => {
    const mode = procedure ? c.acceptOne('IN', 'OUT', 'INOUT') : undefined;
    const name = c.name();
    if (parameters.some((other) => other.name.toLowerCase() === name.toLowerCase()))
      throw sqlError('ER_SP_DUP_PARAM', name);
    parameters.push({ mode: MODES[(mode ?? 'IN') as keyof typeof MODES], name, type: parseRoutineType(c) });
  });
  c.expect(')');
  return parameters;
}

/** The type of a parameter or result. Throws 1235 for a collation without its character set. */
function parseRoutineType(c: Cursor): RoutineParameter['type'] {
  const type = parseColumnType(c);
  if (type.collation !== '' && type.collation !== 'binary' && type.charset === '')
    throw sqlError('ER_NOT_SUPPORTED_YET', 'COLLATE with no CHARACTER SET in SP parameters, RETURNS, DECLARE');
  return type;
}

interface TriggerHead {
  readonly table: TableName;
  readonly moment: TriggerMoment;
  readonly place: TriggerPlace | undefined;
}

function parseTriggerHead(c: Cursor): TriggerHead {
  const timing = c.acceptOne('BEFORE', 'AFTER') as TriggerMoment['timing'] | undefined;
  const event = timing && (c.acceptOne('INSERT', 'UPDATE', 'DELETE') as TriggerMoment['event'] | undefined);
  if (!timing || !event) throw c.fail();
  c.expect('ON');
  const table = parseTableName(c);
  c.expect('FOR', 'EACH', 'ROW');
  const word = c.acceptOne('FOLLOWS', 'PRECEDES');
  const place = word ? { follows: word === 'FOLLOWS', other: c.nameOrText() } : undefined;
  return { table, moment: { timing, event }, place };
}

function parseCreateUdf(c: Cursor, name: string, ifNotExists: boolean, aggregate: boolean): Statement {
  c.expect('RETURNS');
  const returns = c.acceptOne('STRING', 'INTEGER', 'INT', 'REAL', 'DECIMAL', 'DEC');
  if (!returns) throw c.fail();
  c.expect('SONAME');
  return { kind: 'create-udf', name, library: c.string(), ifNotExists, aggregate, returns };
}

/** What every routine's statement holds where its kind says nothing else. */
function baseOf({ type, definer }: CreateHead, name: TableName, ifNotExists: boolean): CreateRoutine {
  return {
    kind: 'create-routine',
    type,
    name,
    ifNotExists,
    definer,
    body: '',
    flow: undefined,
    parameters: [],
    parametersText: '',
    returns: undefined,
    traits: PLAIN_TRAITS,
    moment: undefined,
    place: undefined,
    table: undefined,
    event: undefined,
    sets: [],
    rowNames: [],
  };
}

/** The body from here on, and its text. */
function parseOwnBody(c: Cursor, parse: StatementParser, base: CreateRoutine): Body & { readonly body: string } {
  if (c.ended) throw c.fail();
  const { start } = c.token;
  const body = parseBody(c, parse, base.type, base.parameters);
  return { ...body, body: c.source(start) };
}

function parseCalled(c: Cursor, base: CreateRoutine, parse: StatementParser): Statement {
  const { start } = c.token;
  const parameters = parseParameters(c, base.type === 'PROCEDURE');
  const parametersText = decode(c.source(start).slice(1, -1));
  if (base.type === 'FUNCTION') c.expect('RETURNS');
  const returns = base.type === 'FUNCTION' ? parseRoutineType(c) : undefined;
  const traits = { ...PLAIN_TRAITS, ...parseTraits(c) };
  const made = { ...base, parameters, parametersText, returns, traits };
  if (traits.language !== 'SQL') return { ...made, body: parseForeignBody(c) };
  return { ...made, ...parseOwnBody(c, parse, made) };
}

function parseLibrary(c: Cursor, base: CreateRoutine): Statement {
  const comment = c.accept('COMMENT') ? c.string() : '';
  c.expect('LANGUAGE');
  const language = c.name().toUpperCase();
  return { ...base, traits: { ...PLAIN_TRAITS, comment, language }, body: parseForeignBody(c) };
}

/** Parses after `CREATE … PROCEDURE`, `FUNCTION`, `TRIGGER`, `EVENT` or `LIBRARY`. */
export function parseCreateRoutine(c: Cursor, head: CreateHead, parse: StatementParser): Statement {
  const ifNotExists = c.acceptAll('IF', 'NOT', 'EXISTS');
  const name = parseRoutineName(c);
  if (head.type === 'FUNCTION' && (head.aggregate || c.is('RETURNS')))
    return parseCreateUdf(c, name.name, ifNotExists, head.aggregate);
  const base = baseOf(head, name, ifNotExists);
  if (head.type === 'LIBRARY') return parseLibrary(c, base);
  if (head.type === 'EVENT') {
    const event = parseEventHead(c);
    return { ...base, event, ...parseOwnBody(c, parse, base) };
  }
  if (head.type !== 'TRIGGER') return parseCalled(c, base, parse);
  const { table, moment, place } = parseTriggerHead(c);
  const body = parseOwnBody(c, parse, base);
  return { ...base, table, moment, place, ...body, rowNames: rowNames(body.flow, moment) };
}

/** Parses after ALTER PROCEDURE, FUNCTION and LIBRARY. */
export function parseAlterRoutine(c: Cursor, type: RoutineType): Statement {
  const name = parseRoutineName(c);
  if (type !== 'LIBRARY') return { kind: 'alter-routine', type, name, traits: parseTraits(c, true) };
  c.expect('COMMENT');
  return { kind: 'alter-routine', type, name, traits: { comment: c.string() } };
}
