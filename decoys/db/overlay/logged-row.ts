// How many bytes tables and rows take in events of a binary log.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/classmysql_1_1binlog_1_1event_1_1Rows__event.html; sizes as recorded from 9.7.
import { Json } from '../sql/value/json.ts';
import { storedBytes } from '../sql/value/json-storage.ts';
import { toText, type Value } from '../sql/value/value.ts';
import { baseOf, type TableColumn } from './column.ts';

/** Bytes of header and checksum, of a table's number with flags, and of a row event's own head. */
const FRAME_BYTES = 23;
const TABLE_BYTES = 8;
const EXTRA_BYTES = 2;
/** Bytes that tell the character set all columns have, and whether numbers are unsigned. */
const CHARSET_BYTES = 5;
const SIGN_BYTES = 2;

const bitsIn = (count: number) => Math.ceil(count / 8);
const NUMBERS: ReadonlySet<string> = new Set(['int', 'real', 'decimal']);
/** Bytes of what else than its type is told of a column. */
const FACTS: Readonly<Record<string, number>> = {
  real: 1,
  decimal: 2,
  bit: 2,
  text: 2,
  bytes: 2,
  datetime: 1,
  time: 1,
  enum: 2,
  set: 2,
  json: 1,
  geometry: 1,
};

function isBlob({ base }: TableColumn): boolean {
  return /text$|blob$|^vector$/.test(base);
}

/** Bytes of the event that tells which table the next one is about. */
export function tableMapBytes(schema: string, name: string, columns: readonly TableColumn[]): number {
  const kinds = columns.map((column) => baseOf(column).kind);
  const facts = columns.reduce((sum, column, at) => sum + (isBlob(column) ? 1 : (FACTS[kinds[at] as string] ?? 0)), 0);
  const numbers = kinds.filter((kind) => NUMBERS.has(kind)).length;
  const text = columns.some((column) => column.charset !== '' && baseOf(column).kind === 'text');
  const names = Buffer.byteLength(schema) + Buffer.byteLength(name) + 4;
  const optional = (numbers > 0 ? SIGN_BYTES + bitsIn(numbers) : 0) + (text ? CHARSET_BYTES : 0);
  return FRAME_BYTES + TABLE_BYTES + names + 1 + columns.length + 1 + facts + bitsIn(columns.length) + optional;
}

/** Bytes of a row event but for its rows; of an update it tells the columns twice. */
export function rowsEventBytes(columns: number, images: number): number {
  return FRAME_BYTES + TABLE_BYTES + EXTRA_BYTES + 1 + images * bitsIn(columns);
}

/** Bytes of DECIMAL digits, nine to a word of four. */
function digitBytes(digits: number): number {
  return Math.floor(digits / 9) * 4 + Math.ceil((digits % 9) / 2);
}

function fraction(column: TableColumn): number {
  return Math.ceil((column.type.decimals % 31) / 2);
}

const FIXED: Readonly<Record<string, number>> = { date: 3, year: 1, float: 4, double: 8 };

function lengthBytes(column: TableColumn): number {
  const prefixes: Readonly<Record<string, number>> = { tiny: 1, medium: 3, long: 4 };
  if (isBlob(column)) return prefixes[column.base.replace(/text$|blob$/, '')] ?? 2;
  return column.length * (column.charset === 'utf8mb4' ? 4 : column.charset === 'utf8mb3' ? 3 : 1) > 255 ? 2 : 1;
}

function valueBytes(column: TableColumn, value: Value): number {
  const { kind, bits = 0 } = baseOf(column);
  const fixed = FIXED[column.base];
  if (fixed !== undefined) return fixed;
  if (kind === 'int') return bits / 8;
  if (kind === 'bit') return bitsIn(column.length);
  if (kind === 'decimal') {
    const scale = column.type.decimals;
    const digits = column.type.length - (scale > 0 ? 1 : 0) - (column.type.unsigned ? 0 : 1);
    return digitBytes(digits - scale) + digitBytes(scale);
  }
  if (kind === 'time') return 3 + fraction(column);
  if (kind === 'datetime') return (column.base === 'timestamp' ? 4 : 5) + fraction(column);
  if (kind === 'enum') return column.values.length > 255 ? 2 : 1;
  if (kind === 'set') return Math.max(1, bitsIn(column.values.length));
  if (value instanceof Json) return 4 + storedBytes(value.data);
  const bytes = Buffer.isBuffer(value) ? value.length : Buffer.byteLength(toText(value) ?? '');
  return bytes + (kind === 'geometry' ? 4 : lengthBytes(column));
}

/** Bytes of one row as an event has it. */
export function imageBytes(columns: readonly TableColumn[], row: readonly Value[]): number {
  return columns.reduce(
    (sum, column, at) => (row[at] == null ? sum : sum + valueBytes(column, row[at] as Value)),
    bitsIn(columns.length),
  );
}
