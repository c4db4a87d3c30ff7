// CREATE PROCEDURE, FUNCTION, TRIGGER and EVENT, and the body such a routine keeps for a later CALL.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-procedure.html; places of error 1064 as answered by a live 9.7.4.
import type { RoutineType, Statement, TableName } from '../ast.ts';
import { sqlError } from '../errors.ts';
import { type Cursor, decode } from './cursor.ts';
import { parseTableName } from './table.ts';

type StatementParser = (c: Cursor) => Statement;

/** Words that open what only routines hold: variables, cursors, conditions, branches and loops. */
const FLOW = [
  'DECLARE',
  'IF',
  'CASE',
  'WHILE',
  'LOOP',
  'REPEAT',
  'RETURN',
  'LEAVE',
  'ITERATE',
  'OPEN',
  'FETCH',
  'CLOSE',
  'SIGNAL',
  'RESIGNAL',
  'GET',
] as const;

/** Statements error 1314 keeps out of routines, as it names them. */
const FORBIDDEN: Readonly<Partial<Record<Statement['kind'], string>>> = {
  use: 'USE',
  'lock-tables': 'LOCK',
  'unlock-tables': 'UNLOCK',
  'load-data': 'LOAD DATA',
};

const MODES = { IN: 'in', OUT: 'out', INOUT: 'inout' } as const;
export type ParameterMode = (typeof MODES)[keyof typeof MODES];

function skipToEnd(c: Cursor): void {
  while (c.token.kind !== 'end') {
    if (c.token.kind === 'bad') throw c.fail();
    c.advance();
  }
}

/** Skips up to the `)` that closes what is open, or a `,` beside it. */
function skipType(c: Cursor): void {
  for (let open = 0; c.token.kind !== 'end'; c.advance()) {
    if (open === 0 && c.isOne(')', ',')) return;
    if (c.is('(')) open++;
    else if (c.is(')')) open--;
  }
}

function parseParameters(c: Cursor, procedure: boolean): ParameterMode[] {
  c.expect('(');
  if (c.accept(')')) return [];
  const parameters = c.list(() => {
    const mode = procedure ? c.acceptOne('IN', 'OUT', 'INOUT') : undefined;
    c.name();
    if (c.isOne(')', ',') || c.ended) throw c.fail();
    skipType(c);
    return MODES[(mode ?? 'IN') as keyof typeof MODES];
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

/** A body's statements; undefined where it holds flow, which is read no further. */
function parseStatements(c: Cursor, parse: StatementParser): Statement[] | undefined {
  if (c.accept('BEGIN')) {
    const statements: Statement[] = [];
    c.enter();
    while (!c.accept('END')) {
      const inner = parseStatements(c, parse);
      if (!inner) return undefined;
      statements.push(...inner);
      c.expect(';');
    }
    c.leave();
    return statements;
  }
  if (c.isOne(...FLOW)) {
    skipToEnd(c);
    return undefined;
  }
  // A word that opens no statement is a label, which a colon has to follow.
  if (c.isName() && c.peek().upper === ':') {
    skipToEnd(c);
    return undefined;
  }
  const first = c.token;
  const at = c.at;
  try {
    const statement = parse(c);
    const forbidden = FORBIDDEN[statement.kind];
    if (forbidden !== undefined) throw sqlError('ER_SP_BADSTATEMENT', forbidden);
    return [statement];
  } catch (error) {
    if (c.at === at && c.isName(first)) throw c.fail(c.peek());
    throw error;
  }
}

/** The statements of a routine's body; undefined where it holds variables, branches or loops. Throws 1064 and 1314. */
export function parseBody(c: Cursor, parse: StatementParser): Statement[] | undefined {
  const statements = parseStatements(c, parse);
  if (statements && !c.ended && !c.is(';')) throw c.fail();
  return statements;
}

function parseTriggerHead(c: Cursor): TableName {
  if (!c.acceptOne('BEFORE', 'AFTER') || !c.acceptOne('INSERT', 'UPDATE', 'DELETE')) throw c.fail();
  c.expect('ON');
  const table = parseTableName(c);
  c.expect('FOR', 'EACH', 'ROW');
  if (c.acceptOne('FOLLOWS', 'PRECEDES')) c.name();
  return table;
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

/** Parses after `CREATE … PROCEDURE`, `FUNCTION`, `TRIGGER` or `EVENT`. */
export function parseCreateRoutine(
  c: Cursor,
  type: RoutineType,
  aggregate: boolean,
  parse: StatementParser,
): Statement {
  const start = c.token.start;
  const ifNotExists = c.acceptAll('IF', 'NOT', 'EXISTS');
  const name = parseTableName(c);
  if (type === 'FUNCTION' && c.accept('RETURNS')) {
    const returns = c.acceptOne('STRING', 'INTEGER', 'INT', 'REAL', 'DECIMAL', 'DEC');
    if (!returns) throw c.fail();
    c.expect('SONAME');
    return { kind: 'create-udf', name: name.name, library: c.string(), ifNotExists, aggregate, returns };
  }
  const table = type === 'TRIGGER' ? parseTriggerHead(c) : undefined;
  if (type === 'EVENT') parseEventHead(c);
  const called = type === 'PROCEDURE' || type === 'FUNCTION';
  const parameters = called ? parseParameters(c, type === 'PROCEDURE') : [];
  let safe = type !== 'FUNCTION';
  if (type === 'FUNCTION') {
    c.expect('RETURNS');
    // The type a function returns ends where a characteristic or the body begins.
    while (!c.isOne('BEGIN', 'RETURN')) {
      if (parseCharacteristics(c)) safe = true;
      else if (c.ended || c.token.kind === 'bad') throw c.fail();
      else if (!c.isOne('BEGIN', 'RETURN')) c.advance();
    }
    skipToEnd(c);
  } else {
    if (called) parseCharacteristics(c);
    if (c.ended) throw c.fail();
  }
  const bodyAt = c.token.start;
  const simple = type !== 'FUNCTION' && parseBody(c, parse) !== undefined;
  return {
    kind: 'create-routine',
    type,
    name,
    ifNotExists,
    text: decode(c.text.slice(start, c.lastEnd)),
    body: simple ? c.text.slice(bodyAt, c.lastEnd) : undefined,
    parameters,
    safe,
    table,
  };
}
