// JSON_VALUE(document, path [RETURNING type] [on_empty] [on_error]), whose arguments carry words.
// Source: https://dev.mysql.com/doc/refman/9.7/en/json-search-functions.html#function_json-value
import type { CastType, Expression } from '../ast/expression.ts';
import { parseCastType } from './cast-type.ts';
import { type Cursor, decode } from './cursor.ts';

type Otherwise = 'null' | 'error' | Expression;

const PLAIN: CastType = { base: 'char', length: 512, decimals: undefined, charset: '' };

/** NULL, ERROR or DEFAULT x, up to its ON; undefined where none of them stands here. */
function parseOtherwise(c: Cursor): Otherwise | undefined {
  if (c.accept('NULL')) return 'null';
  if (c.accept('ERROR')) return 'error';
  return c.accept('DEFAULT') ? c.parsePrimary(c) : undefined;
}

export function parseJsonValue(c: Cursor, start: number): Expression {
  c.advance();
  c.expect('(');
  const operand = c.parseExpression(c);
  c.expect(',');
  if (c.token.kind !== 'string') throw c.fail();
  const path = decode(c.advance().text);
  const type = c.accept('RETURNING') ? parseCastType(c) : PLAIN;
  let [onEmpty, onError]: [Otherwise, Otherwise] = ['null', 'null'];
  let found = parseOtherwise(c);
  if (found) {
    c.expect('ON');
    if (c.accept('EMPTY')) {
      onEmpty = found;
      found = parseOtherwise(c);
      if (found) c.expect('ON');
    }
    if (found) {
      c.expect('ERROR');
      onError = found;
    }
  }
  c.expect(')');
  return { kind: 'json-value', operand, path, type, onEmpty, onError, start, end: c.lastEnd };
}
