// Values made to fit the columns they are stored in: cut, rounded, warned of, or refused under strict mode.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-mode.html#sql-mode-strict; errors as recorded from 9.7.
import { type ErrorName, sqlError } from '../sql/errors.ts';
import type { Execution } from '../sql/execution.ts';
import { Decimal, pow10, rescale } from '../sql/value/decimal.ts';
import { Json, parseJson } from '../sql/value/json.ts';
import { Temporal } from '../sql/value/temporal.ts';
import { parseDate, parseTime } from '../sql/value/temporal-text.ts';
import { leadingNumber, toBytes, toDecimal, toInteger, toNumber, toText, type Value } from '../sql/value/value.ts';
import { type Base, baseOf, type TableColumn } from './column.ts';

interface Store {
  readonly x: Execution;
  readonly row: number;
  /** Strict mode makes errors of what are warnings otherwise. */
  readonly strict: boolean;
  /** ALTER tells of a value that no longer fits as cut. */
  readonly cut?: boolean;
}

function refuse(store: Store, name: ErrorName, ...args: readonly (string | number)[]): void {
  if (store.strict) throw sqlError(name, ...args);
  store.x.warn(name, ...args);
}

/** A value as the column keeps it. Throws under strict mode what MySQL throws; else warns and bends it. */
export function storeValue(value: Value, column: TableColumn, store: Store): Value {
  if (value === null) return null;
  const base = baseOf(column);
  switch (base.kind) {
    case 'int':
      return storeInteger(value, column, base, store);
    case 'bit':
      return toInteger(Buffer.isBuffer(value) ? BigInt(`0x0${value.toString('hex')}`) : value);
    case 'year':
      return toInteger(value);
    case 'real':
      checkNumber(value, column, store, 'double');
      return column.base === 'float' ? Math.fround(toNumber(value) as number) : toNumber(value);
    case 'decimal':
      return storeDecimal(value, column, store);
    case 'text':
    case 'bytes':
      return storeText(value, column, base, store);
    case 'date':
    case 'time':
    case 'datetime':
      return storeTemporal(value, column, base.kind, store);
    case 'enum':
    case 'set':
      return storeMember(value, column, base.kind, store);
    case 'json':
      return storeJson(value, column);
    default:
      return toBytes(value);
  }
}

function checkNumber(value: Value, column: TableColumn, store: Store, what: string): void {
  if (typeof value !== 'string') return;
  if (leadingNumber(value).whole) return;
  refuse(store, 'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD', what, value.slice(0, 64), column.name, store.row);
}

function storeInteger(value: Value, column: TableColumn, base: Base, store: Store): Value {
  if (typeof value === 'string') {
    const found = leadingNumber(value);
    if (!found.whole) {
      if (/^\s*[+-]?\d/.test(value)) refuse(store, 'ER_WARN_DATA_TRUNCATED', column.name, store.row);
      else refuse(store, 'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD', 'integer', value.slice(0, 64), column.name, store.row);
    }
  }
  const number = toInteger(value) as bigint;
  const bits = BigInt(base.bits as number);
  const [low, high] = column.type.unsigned ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
  if (number >= low && number <= high) return number;
  refuse(store, 'ER_WARN_DATA_OUT_OF_RANGE', column.name, store.row);
  return number < low ? low : high;
}

function storeDecimal(value: Value, column: TableColumn, store: Store): Value {
  checkNumber(value, column, store, 'decimal');
  const scale = column.spec.type.decimals ?? 0;
  const exact = toDecimal(value) as Decimal;
  const made = rescale(exact, scale);
  if (rescale(made, Math.max(scale, exact.scale)).units !== rescale(exact, Math.max(scale, exact.scale)).units)
    store.x.note('ER_WARN_DATA_TRUNCATED', column.name, store.row);
  const limit = pow10(column.spec.type.length ?? 10) - 1n;
  if (made.units <= limit && made.units >= -limit) return made;
  refuse(store, 'ER_WARN_DATA_OUT_OF_RANGE', column.name, store.row);
  return new Decimal(made.units < 0n ? -limit : limit, scale);
}

function storeText(value: Value, column: TableColumn, base: Base, store: Store): Value {
  if (base.kind === 'bytes') {
    const bytes = toBytes(value) as Buffer;
    if (bytes.length > column.length) {
      refuse(store, 'ER_DATA_TOO_LONG', column.name, store.row);
      return bytes.subarray(0, column.length);
    }
    return column.base === 'binary' ? Buffer.concat([bytes, Buffer.alloc(column.length - bytes.length)]) : bytes;
  }
  if (Buffer.isBuffer(value) && Buffer.from(value.toString('utf8')).compare(value) !== 0) {
    const shown = [...value.subarray(0, 6)]
      .map((byte) =>
        byte < 128 && byte > 31 ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`,
      )
      .join('');
    refuse(
      store,
      'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD',
      'string',
      shown + (value.length > 6 ? '...' : ''),
      column.name,
      store.row,
    );
  }
  const text = toText(value) as string;
  const length = text.length <= column.length ? text.length : [...text].length;
  if (length > column.length) {
    refuse(store, 'ER_DATA_TOO_LONG', column.name, store.row);
    return [...text].slice(0, column.length).join('');
  }
  return column.base === 'char' ? text.replace(/ +$/, '') : text;
}

function storeTemporal(value: Value, column: TableColumn, kind: 'date' | 'time' | 'datetime', store: Store): Value {
  const text = toText(value) as string;
  const found = value instanceof Temporal ? value : kind === 'time' ? parseTime(text) : parseDate(text);
  if (!found) {
    refuse(store, 'ER_INCORRECT_VALUE_FOR_COLUMN', kind, text.slice(0, 64), column.name, store.row);
    return kind === 'time' ? new Temporal({ kind: 'time' }) : new Temporal({ kind });
  }
  if (kind === 'date') return new Temporal({ kind, year: found.year, month: found.month, day: found.day });
  const decimals = column.spec.type.length ?? 0;
  const unit = 10 ** (6 - decimals);
  const micro = Math.min(999_999, Math.round(found.micro / unit) * unit);
  return new Temporal({ ...found, kind, micro });
}

function storeMember(value: Value, column: TableColumn, kind: 'enum' | 'set', store: Store): Value {
  if (typeof value === 'bigint' && kind === 'enum') {
    const member = column.values[Number(value) - 1];
    if (member !== undefined) return member;
  }
  const text = toText(value) as string;
  const find = (item: string) => column.values.find((member) => member.toLowerCase() === item.toLowerCase());
  if (kind === 'enum') {
    const member = find(text);
    if (member === undefined) refuse(store, 'ER_WARN_DATA_TRUNCATED', column.name, store.row);
    return member ?? '';
  }
  const members = text === '' ? [] : text.split(',').map(find);
  if (members.includes(undefined)) refuse(store, 'ER_WARN_DATA_TRUNCATED', column.name, store.row);
  return column.values.filter((member) => members.includes(member)).join(',');
}

function storeJson(value: Value, column: TableColumn): Value {
  if (value instanceof Json) return value;
  const parsed = parseJson(toText(value) as string);
  if ('data' in parsed) return new Json(parsed.data);
  throw sqlError('ER_INVALID_JSON_TEXT', parsed.reason, parsed.position, column.name);
}
