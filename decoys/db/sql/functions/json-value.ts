// JSON_VALUE(document, path [RETURNING type] [… ON EMPTY] [… ON ERROR]): one value of a document as an SQL type.
// Source: https://dev.mysql.com/doc/refman/9.7/en/json-search-functions.html#function_json-value
import type { CastType } from '../ast/expression.ts';
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import { type Decimal, rescale } from '../value/decimal.ts';
import { isContainer, Json, type JsonData, parseJson } from '../value/json.ts';
import { extract, type PathStep } from '../value/json-path.ts';
import { dateOfNumber } from '../value/temporal-number.ts';
import { parseDate, parseTime } from '../value/temporal-text.ts';
import { leadingNumber, toDecimal, toText, type Value } from '../value/value.ts';

/** What to give where there is nothing, or nothing fitting; the text is a DEFAULT's. */
export type Otherwise = { readonly kind: 'null' | 'error' } | { readonly kind: 'default'; readonly value: Value };

const SIGNED = [-(2n ** 63n), 2n ** 63n - 1n] as const;
const UNSIGNED = [0n, 2n ** 64n - 1n] as const;

/** A scalar as the type wanted; undefined where it does not fit. */
function converted(data: JsonData, type: CastType): Value | undefined {
  const plain = typeof data === 'string' ? data : new Json(data).toString();
  const number = typeof data === 'boolean' ? Number(data) : leadingNumber(plain);
  const found = typeof number === 'number' ? { number, whole: true } : number;
  switch (type.base) {
    case 'signed':
    case 'unsigned': {
      if (!found.whole) return undefined;
      const whole =
        typeof data === 'bigint' ? data : /^-?\d+$/.test(plain) ? BigInt(plain) : BigInt(Math.round(found.number));
      const [low, high] = type.base === 'signed' ? SIGNED : UNSIGNED;
      return whole >= low && whole <= high ? whole : undefined;
    }
    case 'decimal': {
      if (!found.whole) return undefined;
      const exact = rescale(toDecimal(plain) as Decimal, type.decimals ?? 0);
      return exact.toString().replace(/[-.]/g, '').length <= (type.length ?? 10) + 1 ? exact : undefined;
    }
    case 'double':
    case 'float':
      return found.whole ? found.number : undefined;
    case 'date':
    case 'datetime': {
      const date = typeof data === 'bigint' ? dateOfNumber(Number(data), true) : parseDate(plain);
      return date && date.month > 0 && date.day > 0 ? date : undefined;
    }
    case 'time':
      return parseTime(plain);
    case 'year': {
      const year = found.whole ? found.number : Number.NaN;
      return year === 0 || (year >= 1901 && year <= 2155) ? BigInt(year) : undefined;
    }
    case 'json':
      return new Json(data);
    default:
      return type.length !== undefined && [...plain].length > type.length ? undefined : plain;
  }
}

const NAMES: Readonly<Record<string, string>> = {
  decimal: 'DECIMAL',
  signed: 'SIGNED',
  unsigned: 'UNSIGNED',
  char: 'CHAR',
};

/** The value of one document. Throws 3966, 3967 or 1690 where the call asks for an error. */
export function jsonValue(
  document: Value,
  path: readonly PathStep[],
  type: CastType,
  onEmpty: Otherwise,
  onError: Otherwise,
  x: Execution,
): Value {
  const instead = (otherwise: Otherwise, refuse: () => Error): Value => {
    if (otherwise.kind === 'error') throw refuse();
    return otherwise.kind === 'default' ? otherwise.value : null;
  };
  x.spend(1);
  let data: JsonData;
  if (document instanceof Json) data = document.data;
  else {
    const text = toText(document) as string;
    const parsed = parseJson(text);
    if (!('data' in parsed) && onError.kind !== 'error')
      x.warn('ER_INVALID_JSON_TEXT_IN_PARAM', 1, 'json_value', parsed.reason, parsed.position);
    if (!('data' in parsed))
      return instead(onError, () =>
        sqlError('ER_INVALID_JSON_TEXT_IN_PARAM', 1, 'json_value', parsed.reason, parsed.position),
      );
    data = parsed.data;
  }
  const found = extract(data, path);
  if (found.length === 0) return instead(onEmpty, () => sqlError('ER_JSON_VALUE_MISSING', 'json_value'));
  if (found.length > 1) return instead(onError, () => sqlError('ER_JSON_VALUE_MULTIPLE', 'json_value'));
  const [only] = found as [JsonData];
  if (only === null) return null;
  const scalar = isContainer(only) && !['json', 'char'].includes(type.base) ? undefined : converted(only, type);
  if (scalar !== undefined) return scalar;
  return instead(onError, () =>
    sqlError('ER_DATA_OUT_OF_RANGE', NAMES[type.base] ?? type.base.toUpperCase(), 'json_value'),
  );
}
