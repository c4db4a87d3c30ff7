// OVER and WINDOW: partitions, order, frames, and windows by name.
// Source: https://dev.mysql.com/doc/refman/9.7/en/window-functions-usage.html, window-functions-frames.html
import type { Expression, FrameBound, WindowFrame, WindowSpec } from '../ast/expression.ts';
import { sqlError } from '../errors.ts';
import type { Cursor } from './cursor.ts';
import { parseInterval } from './date-call.ts';

/** What follows OVER: a window's name, or a window in parentheses. */
export function parseOver(c: Cursor): WindowSpec {
  if (c.is('(')) return parseWindow(c);
  return { base: c.name().toLowerCase(), partition: [], order: [], frame: undefined, bare: true };
}

function parseWindow(c: Cursor): WindowSpec {
  c.expect('(');
  const base = c.isName() && !c.isOne('PARTITION', 'ORDER', 'ROWS', 'RANGE', 'GROUPS') ? c.name().toLowerCase() : '';
  const partition = c.acceptAll('PARTITION', 'BY') ? c.list(() => c.parseExpression(c)) : [];
  const order = c.acceptAll('ORDER', 'BY') ? c.list(() => c.parseOrderItem(c)) : [];
  const frame = c.isOne('ROWS', 'RANGE', 'GROUPS') ? parseFrame(c) : undefined;
  c.expect(')');
  return { base, partition, order, frame };
}

/** WINDOW name AS (…), … */
export function parseWindowClause(c: Cursor): Map<string, WindowSpec> {
  const windows = new Map<string, WindowSpec>();
  c.list(() => {
    const name = c.name().toLowerCase();
    c.expect('AS');
    if (windows.has(name)) throw sqlError('ER_WINDOW_DUPLICATE_NAME', name);
    windows.set(name, parseWindow(c));
  });
  return windows;
}

/** Arguments each window function's grammar takes after its first: whole numbers that are fixed, or any expression. */
const ARGUMENTS: Readonly<Record<string, readonly ('any' | 'whole')[]>> = {
  __proto__: null as never,
  NTILE: ['whole'],
  LAG: ['any', 'whole', 'any'],
  LEAD: ['any', 'whole', 'any'],
  FIRST_VALUE: ['any'],
  LAST_VALUE: ['any'],
  NTH_VALUE: ['any', 'any'],
};

/** Arguments that may be left out, from the last. */
const OPTIONAL: Readonly<Record<string, number>> = { __proto__: null as never, LAG: 2, LEAD: 2 };

/** Functions that may say what becomes of NULLs. */
const NULL_TREATED: ReadonlySet<string> = new Set(['LAG', 'LEAD', 'FIRST_VALUE', 'LAST_VALUE', 'NTH_VALUE']);

/** `ROW_NUMBER() OVER …` and its like, from the name on. */
export function parseWindowCall(c: Cursor, name: string, start: number): Expression {
  c.advance();
  c.expect('(');
  const kinds = ARGUMENTS[name] ?? [];
  const args: Expression[] = [];
  for (const [at, kind] of kinds.entries()) {
    if (at > 0 && !c.accept(',')) {
      if (at < kinds.length - (OPTIONAL[name] ?? 0)) throw c.fail();
      break;
    }
    args.push(kind === 'whole' ? parseWhole(c) : c.parseExpression(c));
  }
  c.expect(')');
  if (name === 'NTH_VALUE' && c.is('FROM') && ['FIRST', 'LAST'].includes(c.peek().upper)) {
    c.advance();
    if (c.advance().upper === 'LAST') throw sqlError('ER_NOT_SUPPORTED_YET', 'FROM LAST');
  }
  if (NULL_TREATED.has(name) && c.isOne('RESPECT', 'IGNORE') && c.peek().upper === 'NULLS') {
    if (c.advance().upper === 'IGNORE') throw sqlError('ER_NOT_SUPPORTED_YET', 'IGNORE NULLS');
    c.advance();
  }
  c.expect('OVER');
  return { kind: 'window', name, args, over: parseOver(c), start, end: c.lastEnd };
}

/** A whole number, a parameter, or a variable. */
function parseWhole(c: Cursor): Expression {
  const { kind } = c.token;
  if (kind !== 'integer' && kind !== 'parameter' && kind !== 'variable' && !c.isName()) throw c.fail();
  return c.parsePrimary(c);
}

const CURRENT: FrameBound = { kind: 'current', amount: undefined };

function parseFrame(c: Cursor): WindowFrame {
  const unit = c.advance().upper;
  const frame = parseExtent(c, unit === 'ROWS' ? 'rows' : 'range');
  if (c.is('EXCLUDE')) throw sqlError('ER_NOT_SUPPORTED_YET', 'EXCLUDE');
  if (unit === 'GROUPS') throw sqlError('ER_NOT_SUPPORTED_YET', 'GROUPS');
  return frame;
}

function parseExtent(c: Cursor, unit: WindowFrame['unit']): WindowFrame {
  if (!c.accept('BETWEEN')) return { unit, start: parseBound(c, ['PRECEDING']), end: CURRENT };
  const start = parseBound(c, ['PRECEDING', 'FOLLOWING']);
  c.expect('AND');
  return { unit, start, end: parseBound(c, ['PRECEDING', 'FOLLOWING']) };
}

function parseBound(c: Cursor, sides: readonly string[]): FrameBound {
  if (c.acceptAll('CURRENT', 'ROW')) return CURRENT;
  const unbounded = c.accept('UNBOUNDED');
  const amount = unbounded ? undefined : parseAmount(c);
  const side = c.acceptOne(...sides);
  if (!side) throw c.fail();
  const kind = side === 'PRECEDING' ? 'preceding' : 'following';
  return { kind: unbounded ? `unbounded-${kind}` : kind, amount };
}

/** A number, a parameter, or INTERVAL n unit. */
function parseAmount(c: Cursor): Expression {
  if (c.is('INTERVAL')) return parseInterval(c);
  const { kind } = c.token;
  if (kind !== 'integer' && kind !== 'decimal' && kind !== 'float' && kind !== 'parameter') throw c.fail();
  return c.parsePrimary(c);
}
