// FROM: tables, joins, derived tables and index hints as one reference.
// Source: https://dev.mysql.com/doc/refman/9.7/en/join.html
import type { IndexHint, SelectCore, TableRef } from '../ast/query.ts';
import { sqlError } from '../errors.ts';
import type { Cursor } from './cursor.ts';
import { parseJsonTable } from './json-table.ts';
import { parseTableName } from './names.ts';

export function parseTables(c: Cursor): TableRef {
  let left = parseJoined(c);
  while (c.accept(',')) {
    const right = parseJoined(c);
    left = { kind: 'join', type: 'inner', natural: false, left, right, on: undefined, using: [] };
  }
  return left;
}

function parseJoined(c: Cursor): TableRef {
  let left = parseFactor(c);
  for (;;) {
    const natural = c.accept('NATURAL');
    const side = c.acceptOne('LEFT', 'RIGHT');
    if (side) c.accept('OUTER');
    else if (!natural || c.is('INNER')) c.acceptOne('INNER', 'CROSS');
    const straight =
      !side && !natural && c.peek(-1).upper !== 'INNER' && c.peek(-1).upper !== 'CROSS' && c.accept('STRAIGHT_JOIN');
    if (!straight) {
      if (c.is('JOIN')) c.advance();
      else if (natural || side || (c.at > 0 && ['INNER', 'CROSS'].includes(c.peek(-1).upper))) throw c.fail();
      else return left;
    }
    const right = parseFactor(c);
    let on = undefined as SelectCore['where'];
    let using: string[] = [];
    if (!natural && c.accept('ON')) on = c.parseExpression(c);
    else if (!natural && c.accept('USING')) using = c.parenthesised(() => c.list(() => c.name()));
    else if (side && !natural) throw c.fail();
    left = {
      kind: 'join',
      type: side === 'LEFT' ? 'left' : side === 'RIGHT' ? 'right' : 'inner',
      natural,
      left,
      right,
      on,
      using,
      ...(straight && { straight: true }),
    };
  }
}

const INDEX_HINTS = ['USE', 'FORCE', 'IGNORE'];

/** USE INDEX and its kin. USE alone may name none. Throws 1221 where one table is told both to use and to force. */
function parseIndexHints(c: Cursor): IndexHint[] {
  const hints: IndexHint[] = [];
  while (c.isOne(...INDEX_HINTS) && ['INDEX', 'KEY'].includes(c.peek().upper)) {
    const kind = c.advance().upper as IndexHint['kind'];
    c.advance();
    let purpose: IndexHint['purpose'] = '';
    if (c.accept('FOR')) {
      const word = c.acceptOne('JOIN', 'ORDER', 'GROUP');
      if (!word) throw c.fail();
      if (word !== 'JOIN') c.expect('BY');
      purpose = word as IndexHint['purpose'];
    }
    const names = c.parenthesised(() =>
      c.is(')') && kind === 'USE' ? [] : c.list(() => (c.accept('PRIMARY') ? 'PRIMARY' : c.name())),
    );
    hints.push({ kind, purpose, names });
  }
  const both = (purpose: string) =>
    hints.some((hint) => hint.kind === 'USE' && hint.purpose === purpose) &&
    hints.some((hint) => hint.kind === 'FORCE' && hint.purpose === purpose);
  if (['', 'JOIN', 'ORDER', 'GROUP'].some(both)) {
    const [first, second] = hints.filter(({ kind }) => kind !== 'IGNORE');
    throw sqlError('ER_WRONG_USAGE', `${first?.kind} INDEX`, `${second?.kind} INDEX`);
  }
  return hints;
}

function parseFactor(c: Cursor): TableRef {
  c.enter();
  const ref = parseFactorInside(c);
  c.leave();
  return ref;
}

function parseFactorInside(c: Cursor): TableRef {
  const lateral = c.accept('LATERAL');
  if (c.is('(')) {
    let ahead = 0;
    while (c.peek(ahead).upper === '(') ahead++;
    if (['SELECT', 'WITH', 'TABLE', 'VALUES'].includes(c.peek(ahead).upper)) {
      const query = c.parenthesised(() => c.parseQuery(c));
      c.accept('AS');
      const alias = c.isName() ? c.name() : '';
      const columns = alias && c.is('(') ? c.parenthesised(() => c.list(() => c.name())) : [];
      return { kind: 'derived', query, alias, columns, lateral };
    }
    return c.parenthesised(() => parseTables(c));
  }
  if (c.is('JSON_TABLE') && c.peek().upper === '(') return parseJsonTable(c);
  const { start } = c.token;
  const { schema, name } = parseTableName(c);
  const partitions = c.accept('PARTITION') ? c.parenthesised(() => c.list(() => c.name())) : [];
  let alias = name;
  if (c.accept('AS')) alias = c.name();
  else if (c.isName()) alias = c.name();
  const hints = parseIndexHints(c);
  return {
    kind: 'table',
    schema,
    name,
    alias,
    start,
    ...(partitions.length > 0 && { partitions }),
    ...(hints.length > 0 && { hints }),
  };
}
