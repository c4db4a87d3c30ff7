// The type of a statement's parameter whose client told none: that of its value.
// Source: https://dev.mysql.com/doc/refman/9.7/en/prepare.html
import type { Node } from '../sql/scope.ts';
import { Decimal } from '../sql/value/decimal.ts';
import { Json } from '../sql/value/json.ts';
import {
  bytesType,
  dateType,
  datetimeType,
  decimalType,
  doubleType,
  intType,
  jsonType,
  type SqlType,
  textType,
  timeType,
} from '../sql/value/type.ts';
import type { Value } from '../sql/value/value.ts';

/** The type a value has by itself. */
export function parameterType(value: Value, collation: string): SqlType {
  if (typeof value === 'bigint') return intType(21);
  if (typeof value === 'number') return doubleType();
  if (typeof value === 'string') return textType([...value].length, { collation });
  if (value === null) return { ...bytesType(0), type: 253 };
  if (Buffer.isBuffer(value)) return bytesType(value.length);
  if (value instanceof Decimal) return decimalType(65, 30);
  if (value instanceof Json) return jsonType();
  return value.kind === 'date' ? dateType() : value.kind === 'time' ? timeType(0) : datetimeType(0);
}

/** `?`: with the type its client told, or that of its value. */
export function parameterNode(value: Value | undefined, collation: string, told?: SqlType): Node {
  const given = value ?? null;
  return {
    type: told ?? parameterType(given, collation),
    get: () => given,
    constant: given,
    coercibility: typeof given === 'string' ? 4 : 5,
  };
}
