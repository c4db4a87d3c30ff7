// The types parameters may have, and the one each place asks for: arguments of functions, totals, casts, LIMIT.
// Source: https://dev.mysql.com/doc/refman/9.7/en/prepare.html (derived data types), with the types a live 9.7.4 derives.
import { TYPE } from '../../wire/constants.ts';
import {
  bytesType,
  dateType,
  datetimeType,
  decimalType,
  doubleType,
  intType,
  isDecimal,
  isDouble,
  isInteger,
  isJson,
  isNull,
  isTemporal,
  jsonType,
  type SqlType,
  textType,
  timeType,
  yearType,
} from '../value/type.ts';

/** Characters of a parameter that is text, and bytes of one that is none. */
const TEXT_CHARACTERS = 16_383;
const BINARY_BYTES = 65_535;
const LONGEST = 4_294_967_295;

export const TEXT = textType(TEXT_CHARACTERS);
export const BINARY = bytesType(BINARY_BYTES);
export const INTEGER = intType();
export const DOUBLE = doubleType();
const DECIMAL = decimalType(65, 30);
export const MOMENT = datetimeType(6);

/** A type as parameters have it: as wide as its kind can be. */
export function widest(type: SqlType): SqlType {
  if (type.type === TYPE.YEAR) return yearType();
  if (type.type === TYPE.BIT)
    return { ...intType(64, { unsigned: true }), type: TYPE.BIT, exactFlags: true, flags: 32 };
  if (isInteger(type)) return intType(21, { unsigned: type.unsigned });
  if (isDecimal(type)) return DECIMAL;
  if (isDouble(type)) return DOUBLE;
  if (isJson(type)) return jsonType();
  if (type.type === TYPE.DATE) return dateType();
  if (type.type === TYPE.TIME) return timeType(6);
  if (isTemporal(type)) return MOMENT;
  if (isNull(type)) return BINARY;
  const blob = type.type === TYPE.BLOB || type.type === TYPE.MEDIUM_BLOB || type.type === TYPE.LONG_BLOB;
  if (!type.text) return blob ? { ...BINARY, type: TYPE.LONG_BLOB, length: LONGEST } : BINARY;
  return blob ? { ...TEXT, type: TYPE.LONG_BLOB, length: LONGEST } : TEXT;
}

/** Letters of `FUNCTIONS`: what an argument is to be. `*`: the letter before it goes on to the last argument. */
export const KINDS: Readonly<Record<string, SqlType>> = {
  __proto__: null as never,
  i: INTEGER,
  d: DOUBLE,
  n: DECIMAL,
  s: TEXT,
  b: BINARY,
  j: jsonType(),
  m: MOMENT,
  D: dateType(),
  T: timeType(6),
};

/** What the arguments of a function are to be, where they are not text; `=`: what the other arguments are. */
export const FUNCTIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    d: 'ABS SIGN CEIL CEILING FLOOR SQRT EXP LN LOG2 LOG10 SIN COS TAN ASIN ACOS COT DEGREES RADIANS SLEEP RAND FORMAT_BYTES',
    dd: 'LOG ATAN ATAN2 POW POWER',
    ni: 'ROUND TRUNCATE',
    nis: 'FORMAT',
    n: 'SEC_TO_TIME',
    ns: 'FROM_UNIXTIME',
    i: 'BIN OCT SPACE RANDOM_BYTES FROM_DAYS INET_NTOA LAST_INSERT_ID',
    'i*': 'CHAR INTERVAL',
    ii: 'MAKEDATE PERIOD_ADD PERIOD_DIFF',
    iii: 'CONV',
    iin: 'MAKETIME',
    's*': 'CONCAT CONCAT_WS JSON_ARRAY JSON_OBJECT',
    'is*': 'ELT MAKE_SET',
    iss: 'EXPORT_SET',
    is: 'BENCHMARK',
    b: 'BIT_COUNT',
    si: 'LEFT RIGHT REPEAT SHA2 GET_LOCK UUID_TO_BIN BIN_TO_UUID',
    sii: 'SUBSTRING SUBSTR MID',
    siis: 'INSERT',
    sis: 'LPAD RPAD',
    ssi: 'LOCATE SUBSTRING_INDEX',
    m: 'YEAR MONTH DAY DAYOFMONTH DAYOFWEEK DAYOFYEAR DAYNAME MONTHNAME WEEKDAY WEEKOFYEAR QUARTER HOUR MINUTE SECOND MICROSECOND LAST_DAY TO_DAYS TO_SECONDS UNIX_TIMESTAMP TIME',
    mi: 'WEEK YEARWEEK',
    mm: 'DATEDIFF',
    mT: 'TIMESTAMP',
    ms: 'DATE_FORMAT TIME_FORMAT',
    mss: 'CONVERT_TZ',
    sm: 'EXTRACT',
    smm: 'TIMESTAMPDIFF',
    D: 'DATE',
    T: 'TIME_TO_SEC',
    TT: 'ADDTIME SUBTIME',
    j: 'JSON_VALID JSON_TYPE JSON_LENGTH JSON_DEPTH JSON_KEYS JSON_PRETTY',
    'js*': 'JSON_EXTRACT JSON_CONTAINS JSON_REMOVE JSON_SEARCH JSON_CONTAINS_PATH',
    'j*': 'JSON_MERGE_PATCH JSON_MERGE_PRESERVE JSON_MERGE',
    jsjsjsj: 'JSON_SET JSON_INSERT JSON_REPLACE JSON_ARRAY_APPEND JSON_ARRAY_INSERT',
    'i=': 'IF',
    '=': 'COALESCE IFNULL NULLIF GREATEST LEAST FIELD MOD',
  }).flatMap(([kinds, names]) => names.split(' ').map((name) => [name, kinds] as const)),
);

export const AGGREGATES: Readonly<Record<string, SqlType>> = {
  __proto__: null as never,
  SUM: DOUBLE,
  AVG: DOUBLE,
  STD: DECIMAL,
  STDDEV: DECIMAL,
  STDDEV_POP: DECIMAL,
  STDDEV_SAMP: DECIMAL,
  VARIANCE: DECIMAL,
  VAR_POP: DECIMAL,
  VAR_SAMP: DECIMAL,
  BIT_AND: bytesType(511),
  BIT_OR: bytesType(511),
  BIT_XOR: bytesType(511),
};

export const CASTS: Readonly<Record<string, SqlType>> = {
  __proto__: null as never,
  signed: INTEGER,
  unsigned: INTEGER,
  decimal: DECIMAL,
  double: DOUBLE,
  float: DOUBLE,
  real: DOUBLE,
  date: dateType(),
  datetime: MOMENT,
  time: MOMENT,
  year: yearType(),
  binary: BINARY,
  json: jsonType(),
};

/** The type of a parameter that nothing derives one for. */
export const UNTYPED: SqlType = TEXT;

/** LIMIT's numbers. */
export const COUNT_PARAMETER: SqlType = intType(21, { unsigned: true });
export const TRUTH_PARAMETER: SqlType = INTEGER;
