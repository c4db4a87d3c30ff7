// How InnoDB keeps the columns of a table: their main type, precise type and bytes.
// Source: https://dev.mysql.com/doc/refman/9.7/en/information-schema-innodb-columns-table.html; numbers as a live 9.7.4 gives them.
import type { TableColumn } from '../../overlay/column.ts';
import { findCollation } from '../../sql/value/charset.ts';

const INTEGERS: Readonly<Record<string, readonly [type: number, bytes: number]>> = {
  tinyint: [1, 1],
  smallint: [2, 2],
  mediumint: [9, 3],
  int: [3, 4],
  bigint: [8, 8],
};
/** Types of one kind each: how InnoDB keeps them, their number, their bytes. */
const FIXED: Readonly<Record<string, readonly [kept: number, type: number, bytes: number]>> = {
  float: [9, 4, 4],
  double: [10, 5, 8],
  date: [6, 10, 3],
  year: [6, 13, 1],
  tinytext: [5, 252, 9],
  text: [5, 252, 10],
  mediumtext: [5, 252, 11],
  longtext: [5, 252, 12],
  tinyblob: [5, 252, 9],
  blob: [5, 252, 10],
  mediumblob: [5, 252, 11],
  longblob: [5, 252, 12],
  json: [5, 245, 12],
  geometry: [14, 255, 12],
};
const TEMPORAL: Readonly<Record<string, readonly [type: number, bytes: number]>> = {
  time: [11, 3],
  datetime: [12, 5],
  timestamp: [7, 4],
};

const NOT_NULL = 256;
const UNSIGNED = 512;
const BINARY = 1_024;
const LONG_VARCHAR = 4_096;
const LATIN1 = 8;
const BINARY_CHARSET = 63;
const UTF8MB4_BIN = 46;

function charsetBits(id: number): number {
  return id * 65_536;
}

/** Bytes a decimal's digits take, nine of them in four. */
function decimalBytes(digits: number, scale: number): number {
  const rest = [0, 1, 1, 2, 2, 3, 3, 4, 4];
  const part = (count: number) => Math.floor(count / 9) * 4 + (rest[count % 9] ?? 0);
  return part(digits - scale) + part(scale);
}

/** How InnoDB keeps a column: main type, precise type, bytes. */
export function kept(column: TableColumn): readonly [main: number, precise: number, bytes: number] {
  const { base, columnType } = column;
  const missing = column.nullable ? 0 : NOT_NULL;
  const unsigned = columnType.includes('unsigned') ? UNSIGNED : 0;
  const [length = 1, scale = 0] = (/\((\d+)(?:,(\d+))?\)/.exec(columnType) ?? []).slice(1).map(Number);
  const integer = INTEGERS[base];
  if (integer) return [6, integer[0] + missing + unsigned + BINARY, integer[1]];
  const temporal = TEMPORAL[base];
  if (temporal) {
    const fraction = columnType.includes('(') ? Math.ceil(length / 2) : 0;
    return [3, temporal[0] + missing + BINARY + charsetBits(LATIN1), temporal[1] + fraction];
  }
  if (base === 'decimal')
    return [3, 246 + missing + BINARY + charsetBits(LATIN1), decimalBytes(length, Number.isNaN(scale) ? 0 : scale)];
  if (base === 'enum' || base === 'set') return [6, 254 + missing + UNSIGNED, 1];
  if (base === 'bit') return [3, 16 + missing + UNSIGNED + BINARY + charsetBits(BINARY_CHARSET), Math.ceil(length / 8)];
  const collation = findCollation(column.collation);
  const charset = collation?.id ?? BINARY_CHARSET;
  const fixed = FIXED[base];
  if (fixed) {
    const [main, type, bytes] = fixed;
    if (base === 'json') return [main, type + missing + BINARY + charsetBits(UTF8MB4_BIN), bytes];
    if (/blob$|^geometry$/.test(base)) return [main, type + missing + BINARY + charsetBits(BINARY_CHARSET), bytes];
    if (/text$/.test(base)) return [main, type + missing + charsetBits(charset), bytes];
    return [main, type + missing + unsigned + BINARY, bytes];
  }
  const varies = base.startsWith('var');
  const width = column.charset === 'utf8mb4' ? 4 : column.charset === 'utf8mb3' ? 3 : 1;
  const bytes = length * width;
  const type = (varies ? 15 : 254) + missing + (bytes > 255 && varies ? LONG_VARCHAR : 0);
  if (/binary$/.test(base)) return [varies ? 4 : 3, type + BINARY + charsetBits(BINARY_CHARSET), bytes];
  const latin1 = column.charset === 'latin1';
  return [varies ? (latin1 ? 1 : 12) : latin1 ? 2 : 13, type + charsetBits(charset), bytes];
}
