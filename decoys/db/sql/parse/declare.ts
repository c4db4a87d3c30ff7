// DECLARE of a routine's block: variables, conditions, cursors and handlers, in that order.
// Source: https://dev.mysql.com/doc/refman/9.7/en/declare.html; errors as answered by a live 9.7.4.
import type { Query } from '../ast/query.ts';
import type { Condition, Flow, HandlerSpec, LocalSpec } from '../ast/routine.ts';
import { sqlError } from '../errors.ts';
import { type Around, conditionNamed } from './body-scope.ts';
import { parseColumnType } from './column-type.ts';
import type { Cursor } from './cursor.ts';
import { parseSqlstate } from './diagnostics.ts';

/** What one block declares, as its flow keeps it. */
interface Declarations {
  readonly locals: LocalSpec[];
  readonly conditions: Map<string, Condition>;
  readonly cursors: Map<string, Query>;
  readonly handlers: HandlerSpec[];
}

export function newDeclarations(): Declarations {
  return { locals: [], conditions: new Map(), cursors: new Map(), handlers: [] };
}

/** A number or a state. */
function parseValue(c: Cursor): Condition {
  if (c.is('SQLSTATE')) return { kind: 'state', state: parseSqlstate(c) };
  const code = c.integer();
  if (code === 0) throw sqlError('ER_WRONG_VALUE', 'CONDITION', '0');
  return { kind: 'code', code };
}

function parseCondition(c: Cursor, around: Around): Condition {
  if (c.is('SQLSTATE') || c.token.kind === 'integer') return parseValue(c);
  if (c.acceptAll('NOT', 'FOUND')) return { kind: 'class', name: 'NOT FOUND' };
  const word = c.acceptOne('SQLEXCEPTION', 'SQLWARNING');
  if (word) return { kind: 'class', name: word as 'SQLWARNING' };
  return conditionNamed(around, c.name());
}

/** Throws 1413 where a handler of this block is for the condition already. */
function handle(around: Around, condition: Condition): Condition {
  const text = Object.values(condition).join(' ');
  if (around.scope.handled.has(text)) throw sqlError('ER_SP_DUP_HANDLER');
  around.scope.handled.add(text);
  return condition;
}

function parseHandler(
  c: Cursor,
  around: Around,
  exits: boolean,
  parseFlow: (c: Cursor, around: Around) => Flow,
): HandlerSpec {
  c.expect('HANDLER', 'FOR');
  const conditions = c.list(() => handle(around, parseCondition(c, around)));
  // A handler stands outside the blocks around it: their labels are not its own.
  return { exits, conditions, body: parseFlow(c, { ...around, labels: [] }) };
}

function parseVariables(c: Cursor, around: Around, names: readonly string[], into: Declarations): void {
  if (into.cursors.size > 0 || into.handlers.length > 0) throw sqlError('ER_SP_VARCOND_AFTER_CURSHNDLR');
  const type = parseColumnType(c);
  const fallback = c.accept('DEFAULT') ? c.parseExpression(c) : undefined;
  for (const name of names) {
    if (around.scope.variables.has(name.toLowerCase())) throw sqlError('ER_SP_DUP_VAR', name);
    around.scope.variables.add(name.toLowerCase());
    into.locals.push({ name, type, fallback });
  }
}

/** What follows DECLARE. Throws 1319, 1323, 1331, 1332, 1333, 1337, 1338, 1413 and 1525 as the server does. */
export function parseDeclaration(
  c: Cursor,
  around: Around,
  into: Declarations,
  parseFlow: (c: Cursor, around: Around) => Flow,
): void {
  const action = c.isOne('CONTINUE', 'EXIT') && c.peek().upper === 'HANDLER' ? c.advance().upper : undefined;
  if (action) {
    into.handlers.push(parseHandler(c, around, action === 'EXIT', parseFlow));
    return;
  }
  if (c.is('UNDO') && c.peek().upper === 'HANDLER') throw c.fail();
  const names = c.list(() => c.name());
  const [name = ''] = names;
  const key = name.toLowerCase();
  if (names.length === 1 && c.acceptAll('CURSOR', 'FOR')) {
    const query = c.parseQuery(c);
    if (query.into) throw sqlError('ER_SP_BAD_CURSOR_SELECT');
    if (into.handlers.length > 0) throw sqlError('ER_SP_CURSOR_AFTER_HANDLER');
    if (around.scope.cursors.has(key)) throw sqlError('ER_SP_DUP_CURS', name);
    around.scope.cursors.add(key);
    into.cursors.set(key, query);
    return;
  }
  if (names.length === 1 && c.acceptAll('CONDITION', 'FOR')) {
    const condition = parseValue(c);
    if (around.scope.conditions.has(key)) throw sqlError('ER_SP_DUP_COND', name);
    if (into.cursors.size > 0 || into.handlers.length > 0) throw sqlError('ER_SP_VARCOND_AFTER_CURSHNDLR');
    around.scope.conditions.set(key, condition);
    into.conditions.set(key, condition);
    return;
  }
  parseVariables(c, around, names, into);
}
