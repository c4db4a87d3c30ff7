// OVER and WINDOW: partitions, order, frames, and windows by name.
// Source: https://dev.mysql.com/doc/refman/9.7/en/window-functions-usage.html, window-functions-frames.html
import type { FrameBound, WindowFrame, WindowSpec } from '../ast/expression.ts';
import type { Cursor } from './cursor.ts';

/** What follows OVER: a window's name, or a window in parentheses. */
export function parseOver(c: Cursor): WindowSpec {
  if (c.is('(')) return parseWindow(c);
  return { base: c.name().toLowerCase(), partition: [], order: [], frame: undefined };
}

export function parseWindow(c: Cursor): WindowSpec {
  c.expect('(');
  const base = c.isName() && !c.isOne('PARTITION', 'ORDER', 'ROWS', 'RANGE') ? c.name().toLowerCase() : '';
  const partition = c.acceptAll('PARTITION', 'BY') ? c.list(() => c.parseExpression(c)) : [];
  const order = c.acceptAll('ORDER', 'BY') ? c.list(() => c.parseOrderItem(c)) : [];
  const frame = c.isOne('ROWS', 'RANGE') ? parseFrame(c) : undefined;
  c.expect(')');
  return { base, partition, order, frame };
}

/** WINDOW name AS (…), … */
export function parseWindowClause(c: Cursor): Map<string, WindowSpec> {
  const windows = new Map<string, WindowSpec>();
  c.list(() => {
    const name = c.name().toLowerCase();
    c.expect('AS');
    windows.set(name, parseWindow(c));
  });
  return windows;
}

const CURRENT: FrameBound = { kind: 'current', amount: undefined };

function parseFrame(c: Cursor): WindowFrame {
  const unit = c.advance().upper === 'ROWS' ? 'rows' : 'range';
  if (!c.accept('BETWEEN')) return { unit, start: parseBound(c), end: CURRENT };
  const start = parseBound(c);
  c.expect('AND');
  return { unit, start, end: parseBound(c) };
}

function parseBound(c: Cursor): FrameBound {
  if (c.acceptAll('CURRENT', 'ROW')) return CURRENT;
  if (c.accept('UNBOUNDED')) {
    const side = c.acceptOne('PRECEDING', 'FOLLOWING');
    if (!side) throw c.fail();
    return { kind: side === 'PRECEDING' ? 'unbounded-preceding' : 'unbounded-following', amount: undefined };
  }
  const amount = c.parseExpression(c);
  const side = c.acceptOne('PRECEDING', 'FOLLOWING');
  if (!side) throw c.fail();
  return { kind: side === 'PRECEDING' ? 'preceding' : 'following', amount };
}
