// Values made to fit the columns they are stored in: cut, rounded, warned of, or refused under strict mode.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-mode.html#sql-mode-strict; errors as recorded from 9.7.
import { sqlError } from '../sql/errors.ts';
import { geometryOf } from '../sql/spatial/geometry.ts';
import { decodeText, encodeText, isAscii, textKey } from '../sql/value/charset.ts';
import { Decimal, pow10, rescale } from '../sql/value/decimal.ts';
import { detachedValue } from '../sql/value/detached.ts';
import { Json, parseJson } from '../sql/value/json.ts';
import { leadingNumber, toBytes, toDecimal, toInteger, toNumber, toText, type Value } from '../sql/value/value.ts';
import { TYPE } from '../wire/constants.ts';
import { type Base, baseOf, type TableColumn } from './column.ts';
import { refuse, refuseLength, type Store } from './store.ts';
import { storeTemporal, storeYear } from './store-temporal.ts';

/** A value as the column keeps it. Throws under strict mode what MySQL throws; else warns and bends it. */
export function storeValue(value: Value, column: TableColumn, store: Store): Value {
  return value === null ? null : detachedValue(fitted(value, column, store));
}

function fitted(value: Exclude<Value, null>, column: TableColumn, store: Store): Value {
  const base = baseOf(column);
  switch (base.kind) {
    case 'int':
      return storeInteger(value, column, base, store);
    case 'bit':
      return storeBits(value, column, store);
    case 'year':
      return storeYear(value, column, store);
    case 'real':
      return storeReal(value, column, store);
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
      return storeEnum(value, column, store);
    case 'set':
      return storeSet(value, column, store);
    case 'json':
      return storeJson(value, column, store);
    default:
      return storeGeometry(value, column);
  }
}

/** Bytes of a geometry of the column's kind and reference system. Throws 1416 for any others and 3643 for another system. */
function storeGeometry(value: Value, column: TableColumn): Value {
  const bytes = toBytes(value);
  const geometry = bytes && geometryOf(bytes);
  const kind = column.base.toUpperCase();
  const own = geometry?.shape.kind ?? '';
  const fits = kind === 'GEOMETRY' || kind === own || (kind === 'GEOMCOLLECTION' && own.startsWith('MULTI'));
  if (!geometry || !fits) throw sqlError('ER_CANT_CREATE_GEOMETRY_OBJECT');
  const { srid } = column.spec;
  if (srid !== undefined && srid !== geometry.srid)
    throw sqlError('ER_WRONG_SRID_FOR_COLUMN', column.name, geometry.srid, srid);
  return bytes;
}

/** Tells of text that is no number, or is one only at its beginning. */
function checkNumber(value: Value, column: TableColumn, store: Store, what: string): void {
  if (typeof value !== 'string' || leadingNumber(value).whole) return;
  const counted = what === 'integer' || (what === 'decimal' && !store.strict);
  if (counted && /^\s*[+-]?\.?\d/.test(value)) {
    if (what === 'decimal') store.x.note('ER_WARN_DATA_TRUNCATED', column.name, store.row);
    else refuse(store, 'ER_WARN_DATA_TRUNCATED', column.name, store.row);
  } else
    refuse(store, 'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD', what, value.slice(0, SHOWN_CHARACTERS), column.name, store.row);
}

const SHOWN_CHARACTERS = 64;
const FLOAT_MAX = 3.402_823_466_385_288_6e38;

function storeReal(value: Value, column: TableColumn, store: Store): Value {
  checkNumber(value, column, store, column.base.toUpperCase());
  const { decimals, length, unsigned } = column.spec.type;
  let number = toNumber(value) as number;
  if (decimals !== undefined) number = Math.round(number * 10 ** decimals) / 10 ** decimals;
  const digits = decimals === undefined ? Number.POSITIVE_INFINITY : 10 ** ((length ?? 0) - decimals) - 10 ** -decimals;
  const limit = Math.min(column.base === 'float' ? FLOAT_MAX : Number.MAX_VALUE, digits);
  const low = unsigned ? 0 : -limit;
  if (number > limit || number < low) {
    refuse(store, 'ER_WARN_DATA_OUT_OF_RANGE', column.name, store.row);
    number = number > limit ? limit : low;
  }
  return column.base === 'float' ? Math.fround(number) : number;
}

function storeBits(value: Value, column: TableColumn, store: Store): Value {
  const text = typeof value === 'string' ? Buffer.from(value) : value;
  const number = toInteger(Buffer.isBuffer(text) ? BigInt(`0x0${text.toString('hex')}`) : text) as bigint;
  const limit = 2n ** BigInt(column.spec.type.length ?? 1) - 1n;
  if (number >= 0n && number <= limit) return number;
  refuse(store, store.strict ? 'ER_DATA_TOO_LONG' : 'ER_WARN_DATA_OUT_OF_RANGE', column.name, store.row);
  return limit;
}

function storeInteger(value: Value, column: TableColumn, base: Base, store: Store): Value {
  checkNumber(value, column, store, 'integer');
  const number = wholeOf(value);
  const bits = BigInt(base.bits as number);
  const [low, high] = column.type.unsigned ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
  if (number >= low && number <= high) return number;
  refuse(store, 'ER_WARN_DATA_OUT_OF_RANGE', column.name, store.row);
  return number < low ? low : high;
}

/** The number a value is, however large. */
function wholeOf(value: Value): bigint {
  if (typeof value === 'number' && Math.abs(value) >= 2 ** 63) return BigInt(Math.sign(value)) * 2n ** 65n;
  const digits = typeof value === 'string' ? /^\s*([+-]?\d{19,64})(?!\d*[.eE])/.exec(value.slice(0, 128)) : undefined;
  return digits ? BigInt(digits[1] as string) : (toInteger(value) as bigint);
}

function storeDecimal(value: Value, column: TableColumn, store: Store): Value {
  checkNumber(value, column, store, 'decimal');
  const scale = column.spec.type.decimals ?? 0;
  const exact = toDecimal(value) as Decimal;
  const made = rescale(exact, scale);
  const limit = pow10(column.spec.type.length ?? 10) - 1n;
  const low = column.type.unsigned ? 0n : -limit;
  if (made.units <= limit && made.units >= low) {
    if (rescale(made, Math.max(scale, exact.scale)).units !== rescale(exact, Math.max(scale, exact.scale)).units)
      store.x.note('ER_WARN_DATA_TRUNCATED', column.name, store.row);
    return made;
  }
  refuse(store, 'ER_WARN_DATA_OUT_OF_RANGE', column.name, store.row);
  return new Decimal(made.units < 0n ? low : limit, scale);
}

/** Where the first `count` characters of a text end. */
function endOf(text: string, count: number): number {
  if (text.length <= count) return text.length;
  let at = 0;
  for (let left = count; left > 0 && at < text.length; left--) at += (text.codePointAt(at) as number) > 0xffff ? 2 : 1;
  return at;
}

/** Bytes of what cannot be stored that its error shows. */
const SHOWN_BYTES = 6;

function tellUnstorable(bytes: Buffer, column: TableColumn, store: Store): void {
  const shown = [...bytes.subarray(0, SHOWN_BYTES)]
    .map((byte) =>
      byte < 128 && byte > 31 ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
  const more = bytes.length > SHOWN_BYTES ? '...' : '';
  refuse(store, 'ER_TRUNCATED_WRONG_VALUE_FOR_FIELD', 'string', shown + more, column.name, store.row);
}

/** Character sets that lack characters a client can send, and whose own are known. */
const NARROW: ReadonlySet<string> = new Set(
  'ascii latin1 latin2 latin5 cp1250 cp1251 cp1256 cp1257 cp866 koi8r koi8u greek hebrew utf8mb3'.split(' '),
);

/** The text with `?` for each character the column's set has not; the first of them is told of. */
function encodable(text: string, column: TableColumn, store: Store): string {
  const { charset } = column;
  if (!NARROW.has(charset) || isAscii(text)) return text;
  const bent = decodeText(encodeText(text, charset), charset) as string;
  if (bent === text) return text;
  let at = 0;
  for (const kept of bent) {
    if (!text.startsWith(kept, at)) break;
    at += kept.length;
  }
  tellUnstorable(Buffer.from(text.slice(at, at + SHOWN_BYTES + 1)), column, store);
  return bent;
}

/** A text without the blanks at its end; an expression would look for that end anew from each of them. */
function unpadded(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === ' ') end--;
  return text.slice(0, end);
}

function storeText(value: Value, column: TableColumn, base: Base, store: Store): Value {
  if (base.kind === 'bytes') {
    const bytes = toBytes(value) as Buffer;
    if (bytes.length > column.length) {
      refuseLength(store, column.name);
      return bytes.subarray(0, column.length);
    }
    return column.base === 'binary' ? Buffer.concat([bytes, Buffer.alloc(column.length - bytes.length)]) : bytes;
  }
  if (Buffer.isBuffer(value) && Buffer.from(value.toString('utf8')).compare(value) !== 0)
    tellUnstorable(value, column, store);
  const text = encodable(toText(value) as string, column, store);
  const end = endOf(text, column.length);
  if (end < text.length) {
    const kept = text.slice(0, end);
    // Blanks past the end are no loss: a CHAR drops them, others are noted.
    const blank = /^ *$/.test(text.slice(end));
    if (!blank || base.type === TYPE.BLOB) refuseLength(store, column.name);
    else if (column.base !== 'char') store.x.note('ER_WARN_DATA_TRUNCATED', column.name, store.row);
    return column.base === 'char' ? unpadded(kept) : kept;
  }
  return column.base === 'char' ? unpadded(text) : text;
}

/** The member a number stands for, or the text names; text of a number does too where no member is called so. */
function storeEnum(value: Value, column: TableColumn, store: Store): Value {
  const text = toText(value) as string;
  const numeric = typeof value === 'bigint' || typeof value === 'number' || value instanceof Decimal;
  const key = textKey(unpadded(text), column.collation);
  const named = numeric ? undefined : column.values.find((member) => textKey(member, column.collation) === key);
  if (named !== undefined) return named;
  const number = numeric || /^\d{1,5}$/.test(text) ? Number(toInteger(value)) : 0;
  const member = column.values[number - 1];
  if (member !== undefined) return member;
  refuse(store, 'ER_WARN_DATA_TRUNCATED', column.name, store.row);
  return '';
}

/** Members by name, or by the bits of a number. */
function storeSet(value: Value, column: TableColumn, store: Store): Value {
  const numeric = typeof value === 'bigint' || typeof value === 'number' || value instanceof Decimal;
  const text = toText(value) as string;
  if (numeric || (/^\d{1,19}$/.test(text) && !column.values.includes(text))) {
    const bits = toInteger(value) as bigint;
    if (bits < 0n || bits >= 2n ** BigInt(column.values.length))
      refuse(store, 'ER_WARN_DATA_TRUNCATED', column.name, store.row);
    return column.values.filter((_, at) => (bits >> BigInt(at)) & 1n).join(',');
  }
  const keyOf = (member: string) => textKey(unpadded(member), column.collation);
  const wanted = text === '' ? [] : text.split(',').map(keyOf);
  const known = new Set(column.values.map(keyOf));
  if (wanted.some((member) => !known.has(member))) refuse(store, 'ER_WARN_DATA_TRUNCATED', column.name, store.row);
  return column.values.filter((member) => wanted.includes(keyOf(member))).join(',');
}

function storeJson(value: Value, column: TableColumn, store: Store): Value {
  if (value instanceof Json) return value;
  if (Buffer.isBuffer(value)) throw sqlError('ER_JSON_BAD_CHARSET', 'binary');
  const shown = store.table ? `${store.table}.${column.name}` : column.name;
  if (typeof value !== 'string') throw sqlError('ER_INVALID_JSON_TEXT', 'not a JSON text, may need CAST', 0, shown);
  const parsed = parseJson(value);
  if ('data' in parsed) return new Json(parsed.data);
  throw sqlError('ER_INVALID_JSON_TEXT', parsed.reason, parsed.position, shown);
}
