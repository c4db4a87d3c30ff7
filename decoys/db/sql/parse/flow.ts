// Bodies of routines: blocks with variables, cursors and handlers, branches, loops, and plain statements.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-compound-statements.html; places of error 1064 as answered by a live 9.7.4.
import type { Expression } from '../ast/expression.ts';
import type { Flow, RoutineType } from '../ast/routine.ts';
import { sqlError } from '../errors.ts';
import { checkDeeds, checkedStatement } from './body-rules.ts';
import {
  type Around,
  expectCursor,
  expectLabel,
  expectVariable,
  labelled,
  Scope,
  type Seen,
  type StatementParser,
} from './body-scope.ts';
import type { Cursor } from './cursor.ts';
import { newDeclarations, parseDeclaration } from './declare.ts';

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

/** A loop's end may repeat its label. */
function endLabel(c: Cursor, label: string): void {
  if (!c.isName() || c.is(';')) return;
  const name = c.name();
  if (name.toLowerCase() !== label.toLowerCase()) throw sqlError('ER_SP_LABEL_MISMATCH', name);
}

const LOOPS: Readonly<Record<string, (c: Cursor, around: Around, label: string) => Flow>> = {
  LOOP: (c, around, label) => {
    const body = parseList(c, labelled(around, label, true), 'END');
    c.expect('END', 'LOOP');
    return { kind: 'loop', label, body };
  },
  WHILE: (c, around, label) => {
    const condition = c.parseExpression(c);
    c.expect('DO');
    const body = parseList(c, labelled(around, label, true), 'END');
    c.expect('END', 'WHILE');
    return { kind: 'while', label, condition, body };
  },
  REPEAT: (c, around, label) => {
    const body = parseList(c, labelled(around, label, true), 'UNTIL');
    c.expect('UNTIL');
    const until = c.parseExpression(c);
    c.expect('END', 'REPEAT');
    return { kind: 'repeat', label, until, body };
  },
  BEGIN: (c, around, label) => parseBlock(c, labelled(around, label, false), label),
};

function jump(kind: 'leave' | 'iterate'): FlowParser {
  return (c, around) => {
    const label = c.name();
    expectLabel(around, kind.toUpperCase(), label);
    return { kind, label: label.toLowerCase() };
  };
}

const FLOWS: Readonly<Record<string, FlowParser>> = {
  __proto__: null as never,
  IF: parseIf,
  CASE: parseCase,
  LEAVE: jump('leave'),
  ITERATE: jump('iterate'),
  RETURN: (c, around) => {
    if (around.type !== 'FUNCTION') throw sqlError('ER_SP_BADRETURN');
    return { kind: 'return', value: c.parseExpression(c) };
  },
  OPEN: (c, around) => ({ kind: 'open', cursor: expectCursor(around, c.name()) }),
  CLOSE: (c, around) => ({ kind: 'close', cursor: expectCursor(around, c.name()) }),
  FETCH: (c, around) => {
    if (c.accept('NEXT')) c.expect('FROM');
    else c.accept('FROM');
    const name = c.name();
    c.expect('INTO');
    const cursor = expectCursor(around, name);
    const into = c.list(() => {
      const variable = c.name();
      expectVariable(around, variable);
      return variable;
    });
    return { kind: 'fetch', cursor, into };
  },
};

/** One statement of a body. Throws 1064 and what `body-rules.ts` refuses. */
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
    return { kind: 'statement', statement: checkedStatement(c, at, around.parse(c), around) };
  } catch (error) {
    // A word that opens no statement is a label, which a colon has to follow.
    if (c.at === at && c.isName(first)) throw c.fail(c.peek());
    throw error;
  }
}

function parseBlock(c: Cursor, outside: Around, label: string): Flow {
  const around = { ...outside, scope: new Scope(outside.scope) };
  const declared = newDeclarations();
  c.enter();
  while (c.accept('DECLARE')) {
    parseDeclaration(c, around, declared, parseFlow);
    c.expect(';');
  }
  const body = parseList(c, around, 'END');
  c.expect('END');
  c.leave();
  return { kind: 'block', label, ...declared, body };
}

export interface Body {
  readonly flow: Flow;
  /** System variables it sets. */
  readonly sets: readonly string[];
}

/**
 * The body of a routine, to its end; `parameters` are the names it begins with.
 * Throws what its statements are refused for, and what only the whole of it is.
 */
export function parseBody(
  c: Cursor,
  parse: StatementParser,
  type: RoutineType,
  parameters: readonly { readonly name: string }[],
): Body {
  const seen: Seen = { deeds: new Set(), sets: [] };
  const scope = new Scope(undefined);
  for (const { name } of parameters) {
    if (scope.hasVariable(name)) throw sqlError('ER_SP_DUP_PARAM', name);
    scope.variables.add(name.toLowerCase());
  }
  const flow = parseFlow(c, { parse, type, labels: [], scope, seen });
  if (!c.ended && !c.is(';')) throw c.fail();
  checkDeeds({ type, seen });
  return { flow, sets: seen.sets };
}
