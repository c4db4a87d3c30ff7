// Bodies of routines: blocks with variables, cursors and handlers, branches, loops, and plain statements.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-compound-statements.html; places of error 1064 as answered by a live 9.7.4.
import type { Expression } from '../ast/expression.ts';
import type { Query } from '../ast/query.ts';
import type { Condition, Flow, HandlerSpec, LocalSpec } from '../ast/routine.ts';
import type { Statement } from '../ast/statement.ts';
import { sqlError } from '../errors.ts';
import { parseColumnType } from './column-type.ts';
import type { Cursor } from './cursor.ts';
import { parseSqlstate } from './diagnostics.ts';

type StatementParser = (c: Cursor) => Statement;

/** Statements error 1314 keeps out of routines, as it names them. */
const FORBIDDEN: Readonly<Partial<Record<Statement['kind'], string>>> = {
  use: 'USE',
  'lock-tables': 'LOCK',
  'unlock-tables': 'UNLOCK',
  'load-data': 'LOAD DATA',
};

/** What the statements of a body may name: the labels around them, and whether they are a function's. */
interface Around {
  readonly parse: StatementParser;
  readonly labels: readonly string[];
}

type FlowParser = (c: Cursor, around: Around) => Flow;

function parseList(c: Cursor, around: Around, ...ends: readonly string[]): Flow[] {
  const flows: Flow[] = [];
  c.enter();
  while (!c.isOne(...ends)) {
    if (c.ended) throw c.fail();
    flows.push(parseFlow(c, around));
    c.expect(';');
  }
  c.leave();
  return flows;
}

function parseIf(c: Cursor, around: Around): Flow {
  const branches: [Expression, Flow[]][] = [];
  let otherwise: Flow[] = [];
  do {
    const condition = c.parseExpression(c);
    c.expect('THEN');
    branches.push([condition, parseList(c, around, 'ELSEIF', 'ELSE', 'END')]);
  } while (c.accept('ELSEIF'));
  if (c.accept('ELSE')) otherwise = parseList(c, around, 'END');
  c.expect('END', 'IF');
  return { kind: 'if', branches, otherwise };
}

function parseCase(c: Cursor, around: Around): Flow {
  const operand = c.is('WHEN') ? undefined : c.parseExpression(c);
  const branches: [Expression, Flow[]][] = [];
  while (c.accept('WHEN')) {
    const when = c.parseExpression(c);
    c.expect('THEN');
    branches.push([when, parseList(c, around, 'WHEN', 'ELSE', 'END')]);
  }
  if (branches.length === 0) throw c.fail();
  const otherwise = c.accept('ELSE') ? parseList(c, around, 'END') : undefined;
  c.expect('END', 'CASE');
  return { kind: 'case', operand, branches, otherwise };
}

function labelled(around: Around, label: string): Around {
  return label === '' ? around : { ...around, labels: [...around.labels, label.toLowerCase()] };
}

/** A loop's end may repeat its label. */
function endLabel(c: Cursor, label: string): void {
  if (!c.isName() || c.is(';')) return;
  const name = c.name();
  if (name.toLowerCase() !== label.toLowerCase()) throw sqlError('ER_SP_LABEL_MISMATCH', name);
}

const LOOPS: Readonly<Record<string, (c: Cursor, around: Around, label: string) => Flow>> = {
  LOOP: (c, around, label) => {
    const body = parseList(c, labelled(around, label), 'END');
    c.expect('END', 'LOOP');
    return { kind: 'loop', label, body };
  },
  WHILE: (c, around, label) => {
    const condition = c.parseExpression(c);
    c.expect('DO');
    const body = parseList(c, labelled(around, label), 'END');
    c.expect('END', 'WHILE');
    return { kind: 'while', label, condition, body };
  },
  REPEAT: (c, around, label) => {
    const body = parseList(c, labelled(around, label), 'UNTIL');
    c.expect('UNTIL');
    const until = c.parseExpression(c);
    c.expect('END', 'REPEAT');
    return { kind: 'repeat', label, until, body };
  },
  BEGIN: (c, around, label) => parseBlock(c, labelled(around, label), label),
};

function jump(kind: 'leave' | 'iterate'): FlowParser {
  return (c, around) => {
    const label = c.name();
    if (!around.labels.includes(label.toLowerCase()))
      throw sqlError('ER_SP_LILABEL_MISMATCH', kind.toUpperCase(), label);
    return { kind, label: label.toLowerCase() };
  };
}

const FLOWS: Readonly<Record<string, FlowParser>> = {
  __proto__: null as never,
  IF: parseIf,
  CASE: parseCase,
  LEAVE: jump('leave'),
  ITERATE: jump('iterate'),
  RETURN: (c) => ({ kind: 'return', value: c.parseExpression(c) }),
  OPEN: (c) => ({ kind: 'open', cursor: c.name().toLowerCase() }),
  CLOSE: (c) => ({ kind: 'close', cursor: c.name().toLowerCase() }),
  FETCH: (c) => {
    if (c.accept('NEXT')) c.expect('FROM');
    else c.accept('FROM');
    const cursor = c.name().toLowerCase();
    c.expect('INTO');
    return { kind: 'fetch', cursor, into: c.list(() => c.name()) };
  },
};

/** One statement of a body. Throws 1064 and 1314 as the server does when the routine is made. */
function parseFlow(c: Cursor, around: Around): Flow {
  if (c.isName() && c.peek().upper === ':') {
    const label = c.name();
    c.advance();
    const loop = LOOPS[c.token.upper];
    if (!loop) throw c.fail();
    c.advance();
    const flow = loop(c, around, label);
    endLabel(c, label);
    return flow;
  }
  const word = c.token.upper;
  const calls = c.peek().upper === '(';
  const loop = c.token.kind === 'word' && !(word === 'REPEAT' && calls) ? LOOPS[word] : undefined;
  if (loop) {
    c.advance();
    return loop(c, around, '');
  }
  const parser = c.token.kind === 'word' ? FLOWS[word] : undefined;
  if (parser) {
    c.advance();
    return parser(c, around);
  }
  return parsePlain(c, around);
}

function parsePlain(c: Cursor, around: Around): Flow {
  const first = c.token;
  const { at } = c;
  try {
    const statement = around.parse(c);
    const forbidden = FORBIDDEN[statement.kind];
    if (forbidden !== undefined) throw sqlError('ER_SP_BADSTATEMENT', forbidden);
    return { kind: 'statement', statement };
  } catch (error) {
    // A word that opens no statement is a label, which a colon has to follow.
    if (c.at === at && c.isName(first)) throw c.fail(c.peek());
    throw error;
  }
}

function parseCondition(c: Cursor): Condition {
  if (c.is('SQLSTATE')) return { kind: 'state', state: parseSqlstate(c) };
  if (c.token.kind === 'integer') return { kind: 'code', code: c.integer() };
  if (c.acceptAll('NOT', 'FOUND')) return { kind: 'class', name: 'NOT FOUND' };
  const word = c.acceptOne('SQLEXCEPTION', 'SQLWARNING');
  if (word) return { kind: 'class', name: word as 'SQLWARNING' };
  return { kind: 'named', name: c.name().toLowerCase() };
}

interface Declarations {
  readonly locals: LocalSpec[];
  readonly conditions: Map<string, Condition>;
  readonly cursors: Map<string, Query>;
  readonly handlers: HandlerSpec[];
}

function parseDeclaration(c: Cursor, around: Around, into: Declarations): void {
  const action = c.isOne('CONTINUE', 'EXIT', 'UNDO') && c.peek().upper === 'HANDLER' ? c.advance().upper : undefined;
  if (action) {
    c.expect('HANDLER', 'FOR');
    const conditions = c.list(() => parseCondition(c));
    into.handlers.push({ exits: action === 'EXIT', conditions, body: parseFlow(c, around) });
    return;
  }
  const names = c.list(() => c.name());
  const [name = ''] = names;
  if (names.length === 1 && c.acceptAll('CURSOR', 'FOR')) {
    if (into.handlers.length > 0) throw sqlError('ER_SP_CURSOR_AFTER_HANDLER');
    into.cursors.set(name.toLowerCase(), c.parseQuery(c));
    return;
  }
  if (names.length === 1 && c.acceptAll('CONDITION', 'FOR')) {
    into.conditions.set(name.toLowerCase(), parseCondition(c));
    return;
  }
  if (into.cursors.size > 0 || into.handlers.length > 0) throw sqlError('ER_SP_VARCOND_AFTER_CURSHNDLR');
  const type = parseColumnType(c);
  const fallback = c.accept('DEFAULT') ? c.parseExpression(c) : undefined;
  for (const local of names) {
    if (into.locals.some((other) => other.name.toLowerCase() === local.toLowerCase()))
      throw sqlError('ER_SP_DUP_VAR', local);
    into.locals.push({ name: local, type, fallback });
  }
}

function parseBlock(c: Cursor, around: Around, label: string): Flow {
  const declared: Declarations = { locals: [], conditions: new Map(), cursors: new Map(), handlers: [] };
  c.enter();
  while (c.accept('DECLARE')) {
    parseDeclaration(c, around, declared);
    c.expect(';');
  }
  const body = parseList(c, around, 'END');
  c.expect('END');
  c.leave();
  return { kind: 'block', label, ...declared, body };
}

/** The body of a routine, to its end. */
export function parseBody(c: Cursor, parse: StatementParser): Flow {
  const flow = parseFlow(c, { parse, labels: [] });
  if (!c.ended && !c.is(';')) throw c.fail();
  return flow;
}
