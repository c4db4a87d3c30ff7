// A parameter's value as the type derived for it holds it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/prepare.html (derived data types).
import { TYPE } from '../../wire/constants.ts';
import type { Execution } from '../execution.ts';
import { Decimal } from '../value/decimal.ts';
import { Json } from '../value/json.ts';
import { Temporal } from '../value/temporal.ts';
import { parseDate, parseTime } from '../value/temporal-text.ts';
import { isDecimal, isDouble, isInteger, isJson, isString, isTemporal, type SqlType } from '../value/type.ts';
import { leadingNumber, toDecimal, toInteger, toNumber, type Value } from '../value/value.ts';

/** A value as the type derived for its parameter holds it; undefined where it cannot, and keeps its own. */
export function boundValue(x: Execution, value: Value, type: SqlType): Value | undefined {
  if (value === null) return null;
  const text = typeof value === 'string';
  if (type.type === TYPE.YEAR || type.type === TYPE.BIT || isJson(type) || (isString(type) && !type.text))
    return undefined;
  if (isInteger(type)) {
    if (typeof value === 'bigint') return type.unsigned || value <= LARGEST ? value : undefined;
    if (!text) return undefined;
    if (!leadingNumber(value).whole) x.warn('ER_TRUNCATED_WRONG_VALUE', 'INTEGER', value.slice(0, 128));
    return toInteger(value);
  }
  if (isDecimal(type)) {
    if (typeof value !== 'bigint' && !(value instanceof Decimal) && !text) return undefined;
    return toDecimal(value);
  }
  if (isDouble(type)) return value instanceof Temporal || value instanceof Json ? undefined : toNumber(value);
  if (isTemporal(type)) {
    if (value instanceof Temporal) return (value.kind === 'time') === (type.type === TYPE.TIME) ? value : undefined;
    if (!text) return undefined;
    return (type.type === TYPE.TIME ? parseTime(value) : parseDate(value)) ?? undefined;
  }
  return text ? value : undefined;
}

/** Largest signed integer of eight bytes. */
const LARGEST = 2n ** 63n - 1n;
