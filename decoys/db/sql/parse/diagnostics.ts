// SIGNAL, RESIGNAL and GET DIAGNOSTICS.
// Source: https://dev.mysql.com/doc/refman/9.7/en/signal.html, get-diagnostics.html
import type { Expression } from '../ast/expression.ts';
import type { DiagnosticItem, SignalItem } from '../ast/routine.ts';
import type { Statement } from '../ast/statement.ts';
import { sqlError } from '../errors.ts';
import { type Cursor, decode } from './cursor.ts';
import { parseExpression } from './expression.ts';

const SIGNAL_ITEMS = [
  'CLASS_ORIGIN',
  'SUBCLASS_ORIGIN',
  'CONSTRAINT_CATALOG',
  'CONSTRAINT_SCHEMA',
  'CONSTRAINT_NAME',
  'CATALOG_NAME',
  'SCHEMA_NAME',
  'TABLE_NAME',
  'COLUMN_NAME',
  'CURSOR_NAME',
  'MESSAGE_TEXT',
  'MYSQL_ERRNO',
] as const;

/** `SQLSTATE [VALUE] 'xxxxx'`. Throws 1407 where that is no state an error can have. */
export function parseSqlstate(c: Cursor): string {
  c.expect('SQLSTATE');
  c.accept('VALUE');
  const state = c.string();
  if (!/^[0-9A-Z]{5}$/.test(state) || state.startsWith('00')) throw sqlError('ER_SP_BAD_SQLSTATE', state);
  return state;
}

/** Kinds of expressions an item is not given: all that are no literal, variable or name. */
const COMPUTED: ReadonlySet<Expression['kind']> = new Set<Expression['kind']>([
  'call',
  'aggregate',
  'window',
  'row',
  'case',
  'cast',
  'subquery',
  'exists',
  'unary',
  'binary',
]);

function parseSimple(c: Cursor): Expression {
  const { token } = c;
  const value = c.parsePrimary(c);
  if (COMPUTED.has(value.kind) || c.tokens[c.at - 1]?.upper === ')') throw c.fail(token);
  return value;
}

function parseItems(c: Cursor): SignalItem[] {
  if (!c.accept('SET')) return [];
  const items: SignalItem[] = [];
  c.list(() => {
    const name = c.acceptOne(...SIGNAL_ITEMS);
    if (!name) throw c.fail();
    if (items.some((item) => item.name === name)) throw sqlError('ER_DUP_SIGNAL_SET', name);
    c.expect('=');
    items.push({ name, value: parseSimple(c) });
  });
  return items;
}

export function parseSignal(c: Cursor): Statement {
  if (c.is('SQLSTATE')) return { kind: 'signal', state: parseSqlstate(c), condition: '', items: parseItems(c) };
  return { kind: 'signal', state: '', condition: c.name(), items: parseItems(c) };
}

export function parseResignal(c: Cursor): Statement {
  const state = c.is('SQLSTATE') ? parseSqlstate(c) : '';
  const condition = state === '' && c.isName() && !c.is('SET') ? c.name() : '';
  return { kind: 'resignal', state, condition, items: parseItems(c) };
}

const STATEMENT_ITEMS = ['NUMBER', 'ROW_COUNT'];
const CONDITION_ITEMS = [...SIGNAL_ITEMS, 'RETURNED_SQLSTATE'];

export function parseGetDiagnostics(c: Cursor): Statement {
  const stacked = c.acceptOne('CURRENT', 'STACKED') === 'STACKED';
  c.expect('DIAGNOSTICS');
  const condition = c.acceptOne('CONDITION', 'EXCEPTION') ? parseExpression(c) : undefined;
  const allowed = condition ? CONDITION_ITEMS : STATEMENT_ITEMS;
  const items = c.list((): DiagnosticItem => {
    const variable = c.token.kind === 'variable';
    const target = variable ? decode(c.advance().text) : c.name();
    c.expect('=');
    const name = c.acceptOne(...allowed);
    if (!name) throw c.fail();
    return { target, variable, name };
  });
  return { kind: 'get-diagnostics', stacked, condition, items };
}
