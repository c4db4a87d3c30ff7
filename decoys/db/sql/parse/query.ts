// SELECT, VALUES, TABLE, set operations, WITH, and what follows them: ORDER BY, LIMIT, INTO, locking.
// Source: https://dev.mysql.com/doc/refman/9.7/en/select.html

import type { Leading } from '../ast/change.ts';
import type { OrderItem, WindowSpec } from '../ast/expression.ts';
import { everyColumnOf, wholeTable } from '../ast/plain-select.ts';
import type {
  CommonTable,
  Into,
  Limit,
  Locking,
  Query,
  QueryBody,
  SelectCore,
  SelectItem,
  TableRef,
} from '../ast/query.ts';
import { sqlError } from '../errors.ts';
import { parseOrderItem } from './call.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseTables } from './from.ts';
import { parseInto, parseLimit } from './into.ts';
import { parseTableName } from './names.ts';
import { parseWindowClause } from './window.ts';

const SELECT_OPTIONS = [
  'ALL',
  'DISTINCT',
  'DISTINCTROW',
  'HIGH_PRIORITY',
  'STRAIGHT_JOIN',
  'SQL_SMALL_RESULT',
  'SQL_BIG_RESULT',
  'SQL_BUFFER_RESULT',
  'SQL_NO_CACHE',
  'SQL_CALC_FOUND_ROWS',
];

interface Ending {
  order: readonly OrderItem[];
  limit: Limit | undefined;
  into: Into | undefined;
  locking: boolean;
  locks: readonly Locking[];
}

/** WITH and its tables, where the clause is there. */
export function parseCommonTables(c: Cursor): Leading {
  if (!c.accept('WITH')) return { with: [], recursive: false };
  const recursive = c.accept('RECURSIVE');
  return { with: c.list(() => parseCommonTable(c)), recursive };
}

/** A whole query expression, as a statement, subquery or derived table. */
export function parseQuery(c: Cursor): Query {
  c.enter();
  const { with: common, recursive } = parseCommonTables(c);
  const body = parseUnion(c);
  const ending = parseEnding(c);
  c.leave();
  // `(SELECT …) ORDER BY …`: what the parentheses hold keeps its own ending.
  if (isPlain(body, ending) && common.length === 0) return body.inner;
  return { body: 'inner' in body ? wrapped(body.inner) : body, with: common, recursive, ...ending };
}

type Body = QueryBody | { readonly inner: Query };

function isPlain(body: Body, ending: Ending): body is { readonly inner: Query } {
  return 'inner' in body && ending.order.length === 0 && !ending.limit && !ending.into && ending.locks.length === 0;
}

function wrapped(inner: Query): QueryBody {
  if (inner.order.length === 0 && !inner.limit && !inner.into && inner.with.length === 0) return inner.body;
  return everyColumnOf({ kind: 'derived', query: inner, alias: '(', columns: [], lateral: false });
}

function asQuery(body: Body): Query {
  if ('inner' in body) return body.inner;
  return { body, order: [], limit: undefined, into: undefined, with: [], recursive: false, locking: false };
}

function parseUnion(c: Cursor): Body {
  let left = parseIntersect(c);
  for (;;) {
    const word = c.acceptOne('UNION', 'EXCEPT');
    if (!word) return left;
    const all = c.accept('ALL');
    if (!all) c.accept('DISTINCT');
    const right = parseIntersect(c);
    left = {
      kind: 'set',
      operator: word === 'UNION' ? 'union' : 'except',
      all,
      left: asQuery(left),
      right: asQuery(right),
    };
  }
}

function parseIntersect(c: Cursor): Body {
  let left = parseBody(c);
  while (c.accept('INTERSECT')) {
    const all = c.accept('ALL');
    if (!all) c.accept('DISTINCT');
    left = { kind: 'set', operator: 'intersect', all, left: asQuery(left), right: asQuery(parseBody(c)) };
  }
  return left;
}

function parseBody(c: Cursor): Body {
  if (c.accept('(')) {
    const inner = parseQuery(c);
    c.expect(')');
    return { inner };
  }
  if (c.is('VALUES') && c.peek().upper === 'ROW') {
    c.advance();
    const rows = c.list(() => {
      c.expect('ROW');
      return c.parenthesised(() => {
        if (c.is(')')) throw sqlError('ER_VALUES_CLAUSE_NEEDS_COLUMN');
        return c.list(() => {
          if (c.is('DEFAULT') && c.peek().upper !== '(') throw sqlError('ER_VALUES_CLAUSE_CANNOT_USE_DEFAULT_VALUES');
          return parseExpression(c);
        });
      });
    });
    return { kind: 'values', rows };
  }
  if (c.accept('TABLE')) {
    const { start } = c.peek();
    const { schema, name } = parseTableName(c);
    return wholeTable(schema, name, start);
  }
  return parseSelect(c);
}

function parseCommonTable(c: Cursor): CommonTable {
  const name = c.name();
  const columns = c.is('(') ? c.parenthesised(() => c.list(() => c.name())) : [];
  c.expect('AS');
  return { name, columns, query: c.parenthesised(() => parseQuery(c)) };
}

function parseSelect(c: Cursor): SelectCore {
  c.expect('SELECT');
  let distinct = false;
  let calcFoundRows = false;
  const given = new Set<string>();
  for (let option = c.acceptOne(...SELECT_OPTIONS); option; option = c.acceptOne(...SELECT_OPTIONS)) {
    given.add(option);
    if (option.startsWith('DISTINCT')) distinct = true;
    if (option === 'SQL_CALC_FOUND_ROWS') {
      calcFoundRows = true;
      c.warn('ER_WARN_CALC_FOUND_ROWS');
    }
    if (option === 'SQL_NO_CACHE') c.warn('ER_DEPRECATED_WITHOUT_REPLACEMENT', 'SQL_NO_CACHE');
  }
  if (distinct && given.has('ALL')) throw sqlError('ER_WRONG_USAGE', 'ALL', 'DISTINCT');
  const items = [parseItem(c, true)];
  while (c.accept(',')) items.push(parseItem(c, false));
  const intoEarly = c.is('INTO') ? parseInto(c) : undefined;
  if (intoEarly) early.set(c, intoEarly);
  let from: TableRef | undefined;
  if (c.accept('FROM') && !c.accept('DUAL')) from = parseTables(c);
  const where = c.accept('WHERE') ? parseExpression(c) : undefined;
  const group = by(c, 'GROUP') ? c.list(() => parseOrderItem(c).expression) : [];
  const rollup = group.length > 0 && c.acceptAll('WITH', 'ROLLUP');
  const having = c.accept('HAVING') ? parseExpression(c) : undefined;
  const windows = c.accept('WINDOW') ? parseWindowClause(c) : NO_WINDOWS;
  const qualify = from && c.accept('QUALIFY') ? parseExpression(c) : undefined;
  return {
    kind: 'select',
    distinct,
    calcFoundRows,
    bigResult: given.has('SQL_BIG_RESULT'),
    bufferResult: given.has('SQL_BUFFER_RESULT'),
    items,
    from,
    where,
    group,
    rollup,
    having,
    windows,
    ...(qualify && { qualify }),
    ...(given.has('STRAIGHT_JOIN') && { straight: true }),
  };
}

/** GROUP BY or ORDER BY, where it begins; its second word is missed by itself. */
function by(c: Cursor, word: 'GROUP' | 'ORDER'): boolean {
  if (!c.accept(word)) return false;
  c.expect('BY');
  return true;
}

const NO_WINDOWS: ReadonlyMap<string, WindowSpec> = new Map();

/** INTO may stand before FROM; it belongs to the whole query all the same. */
const early = new WeakMap<Cursor, Into>();

/** An item of the select list; `*` alone may only be the first. */
function parseItem(c: Cursor, first: boolean): SelectItem {
  const start = c.token.start;
  if (first && c.accept('*')) return { expression: undefined, star: [], alias: undefined, text: '*' };
  const star = parseQualifiedStar(c);
  if (star) return { expression: undefined, star, alias: undefined, text: '*' };
  const expression = parseExpression(c);
  const text = c.textFrom(start);
  const alias = parseAlias(c);
  return { expression, star: undefined, alias, text };
}

function parseQualifiedStar(c: Cursor): string[] | undefined {
  if (!c.isName() || c.peek().text !== '.') return undefined;
  if (c.peek(2).upper === '*') {
    const name = c.name();
    c.at += 2;
    return [name];
  }
  if (c.peek(3).text === '.' && c.peek(4).upper === '*') {
    const schema = c.name();
    c.advance();
    const table = c.nameAfterDot();
    c.at += 2;
    return [schema, table];
  }
  return undefined;
}

/** A column's name; spaces before it are taken away, and told. */
function parseAlias(c: Cursor): string | undefined {
  if (!c.accept('AS') && c.token.kind !== 'string' && !c.isName()) return undefined;
  const name = c.nameOrText();
  const shown = name.replace(/^ +/, '');
  if (shown === name) return name;
  if (shown === '') c.warn('ER_NAME_BECOMES_EMPTY', name);
  else c.warn('ER_REMOVED_SPACES', name);
  return shown;
}

function parseEnding(c: Cursor): Ending {
  const order = by(c, 'ORDER') ? c.list(() => parseOrderItem(c)) : [];
  const limit = parseLimit(c);
  let into = early.get(c);
  if (into) early.delete(c);
  else if (c.is('INTO')) into = parseInto(c);
  let locking = false;
  const locks: Locking[] = [];
  while (c.isOne('FOR', 'LOCK')) {
    if (locks.length === 0 && c.accept('LOCK')) {
      for (const word of ['IN', 'SHARE', 'MODE']) c.expect(word);
      locks.push({ strength: 'share', wait: 'wait', of: [] });
      break;
    }
    c.expect('FOR');
    const strength = c.acceptOne('UPDATE', 'SHARE');
    if (!strength) throw c.fail();
    if (strength === 'UPDATE') locking = true;
    const of = c.accept('OF') ? c.list(() => c.qualified().name) : [];
    const wait = c.acceptAll('SKIP', 'LOCKED') ? 'skip' : c.accept('NOWAIT') ? 'nowait' : 'wait';
    locks.push({ strength: strength === 'UPDATE' ? 'update' : 'share', wait, of });
  }
  if (!into && c.is('INTO')) into = parseInto(c);
  return { order, limit, into, locking, locks };
}
