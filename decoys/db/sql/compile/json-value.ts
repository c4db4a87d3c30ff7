// JSON_VALUE: its path read once, its defaults turned into the type it returns.
// Source: https://dev.mysql.com/doc/refman/9.7/en/json-search-functions.html#function_json-value
import { castType, castValue } from '../cast.ts';
import { sqlError } from '../errors.ts';
import { jsonValue, type Otherwise } from '../functions/json-value.ts';
import type { Node, Scope } from '../scope.ts';
import { findsMany, readPath } from '../value/json-path.ts';
import { isJson, isNull, isString, textType } from '../value/type.ts';
import { type Compiler, LITERAL, NUMERIC, type Of, scalar } from './compiler.ts';

export function compileJsonValue(c: Compiler, e: Of<'json-value'>, scope: Scope): Node {
  const operand = scalar(c, e.operand, scope);
  if (!isJson(operand.type) && !isString(operand.type) && !isNull(operand.type))
    throw sqlError('ER_INVALID_TYPE_FOR_JSON', 1, 'json_value');
  const path = readPath(e.path);
  if (typeof path === 'number') throw sqlError('ER_INVALID_JSON_PATH', path);
  const plain = castType(e.type, textType(0), c.x.session);
  const type = {
    ...plain,
    nullable: true,
    ...(plain.text && !isJson(plain) ? { collation: 'utf8mb4_bin', flags: 128 } : {}),
  };
  const otherwise = (given: Of<'json-value'>['onEmpty']): Otherwise => {
    if (given === 'null' || given === 'error') return { kind: given };
    const value = scalar(c, given, scope).get({ values: [] });
    return { kind: 'default', value: castValue(value, e.type, type, c.x) };
  };
  const [onEmpty, onError] = [otherwise(e.onEmpty), otherwise(e.onError)];
  const many = path.some(findsMany);
  return {
    type,
    coercibility: type.text ? LITERAL : NUMERIC,
    label: 'json_value',
    get: (row) => {
      c.x.spend(many ? 4 : 1);
      const document = operand.get(row);
      return document === null ? null : jsonValue(document, path, e.type, onEmpty, onError, c.x);
    },
  };
}
