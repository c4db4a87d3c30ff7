// The types parameters may have, and the one each place asks for: arguments of functions, totals, casts, LIMIT.
// Source: https://dev.mysql.com/doc/refman/9.7/en/prepare.html (derived data types), with the types a live 9.7.4 derives.
import { TYPE } from '../../wire/constants.ts';
import {
  bytesType,
  DEFAULT_COLLATION,
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
  isString,
  isTemporal,
  jsonType,
  keptBytes,
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
export const DECIMAL = decimalType(65, 30);
export const MOMENT = datetimeType(6);
/** Text that is parsed where it is bound, as by CAST. */
export const DOCUMENT: SqlType = jsonType();
/** Text that any value is written as. */
export const ANY_TEXT: SqlType = { ...TEXT };
const SHAPE: SqlType = { ...BINARY, type: TYPE.GEOMETRY, length: 16_777_216 };
const VECTOR: SqlType = { ...BINARY, type: TYPE.VECTOR, length: 65_532 };

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
  if (type.type === TYPE.GEOMETRY) return SHAPE;
  if (type.type === TYPE.VECTOR) return VECTOR;
  const blob = type.type === TYPE.BLOB || type.type === TYPE.MEDIUM_BLOB || type.type === TYPE.LONG_BLOB;
  const widestText = type.text ? textOf(type.collation) : BINARY;
  return blob ? { ...widestText, type: TYPE.LONG_BLOB, length: LONGEST } : widestText;
}

/** As long a text of a collation as a parameter can be. */
export function textOf(collation: string): SqlType {
  if (collation === DEFAULT_COLLATION) return TEXT;
  const length = Math.floor(BINARY_BYTES / keptBytes({ length: 1, collation }));
  return { ...TEXT, length, collation };
}

/** What a LIKE compares a parameter as: text or bytes, however long. */
export function patternType(type: SqlType): SqlType {
  if (type.text) return textOf(type.collation);
  return isString(type) ? BINARY : TEXT;
}

/** Letters of `FUNCTIONS`: what an argument is to be. `*`: the letter before it goes on to the last argument. */
export const KINDS: Readonly<Record<string, SqlType>> = {
  __proto__: null as never,
  i: INTEGER,
  d: DOUBLE,
  n: DECIMAL,
  s: TEXT,
  b: BINARY,
  j: DOCUMENT,
  m: MOMENT,
  D: dateType(),
  T: timeType(6),
  g: SHAPE,
  v: VECTOR,
};

/** What is read from text and from bytes. */
const SHAPE_NAMES: readonly string[] = [
  ...['GEOM', 'GEOMETRY', 'GEOMCOLL', 'GEOMETRYCOLLECTION', 'POINT', 'MPOINT', 'MULTIPOINT', 'LINE', 'LINESTRING'],
  ...['MLINE', 'MULTILINESTRING', 'POLY', 'POLYGON', 'MPOLY', 'MULTIPOLYGON'],
];

/** What the arguments of a function are to be, where they are not text; `=`: what the other arguments are. */
export const FUNCTIONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    d: 'ABS SIGN CEIL CEILING FLOOR SQRT EXP LN LOG2 LOG10 SIN COS TAN ASIN ACOS COT DEGREES RADIANS SLEEP RAND FORMAT_BYTES FORMAT_PICO_TIME',
    dd: 'LOG ATAN ATAN2 POW POWER POINT',
    ni: 'ROUND TRUNCATE',
    nis: 'FORMAT',
    n: 'SEC_TO_TIME',
    ns: 'FROM_UNIXTIME',
    i: 'BIN OCT SPACE RANDOM_BYTES FROM_DAYS INET_NTOA LAST_INSERT_ID PS_THREAD_ID',
    'i*': 'CHAR INTERVAL',
    ii: 'MAKEDATE PERIOD_ADD PERIOD_DIFF',
    iii: 'CONV',
    iin: 'MAKETIME',
    is: 'BENCHMARK ELT MAKE_SET',
    isssi: 'EXPORT_SET',
    b: 'BIT_COUNT',
    si: 'LEFT RIGHT REPEAT SHA2 GET_LOCK UUID_TO_BIN BIN_TO_UUID ST_POINTFROMGEOHASH',
    sii: 'SUBSTRING SUBSTR MID MASTER_POS_WAIT SOURCE_POS_WAIT',
    siis: 'INSERT',
    sis: ['LPAD', 'RPAD', ...SHAPE_NAMES.flatMap((shape) => [`ST_${shape}FROMTEXT`, `ST_${shape}FROMWKB`])].join(' '),
    ssi: 'LOCATE SUBSTRING_INDEX',
    ssii: 'REGEXP_INSTR REGEXP_SUBSTR',
    sssii: 'REGEXP_REPLACE',
    sd: 'ST_BUFFER_STRATEGY WAIT_FOR_EXECUTED_GTID_SET',
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
    j: 'JSON_VALID JSON_TYPE JSON_DEPTH JSON_PRETTY JSON_STORAGE_SIZE JSON_STORAGE_FREE',
    js: 'JSON_EXTRACT JSON_CONTAINS JSON_REMOVE JSON_SEARCH JSON_CONTAINS_PATH JSON_KEYS JSON_LENGTH JSON_SCHEMA_VALIDATION_REPORT',
    'j*': 'JSON_MERGE_PATCH JSON_MERGE_PRESERVE JSON_MERGE',
    jj: 'MEMBER\u00a0OF',
    jsjsjsj: 'JSON_SET JSON_INSERT JSON_REPLACE JSON_ARRAY_APPEND JSON_ARRAY_INSERT',
    jii: 'ST_GEOMFROMGEOJSON',
    'g*': 'LINESTRING POLYGON MULTIPOINT MULTILINESTRING MULTIPOLYGON GEOMETRYCOLLECTION GEOMCOLLECTION',
    g: 'ST_AREA ST_CENTROID ST_CONVEXHULL ST_DIMENSION ST_ENDPOINT ST_ENVELOPE ST_EXTERIORRING ST_GEOMETRYTYPE ST_ISCLOSED ST_ISEMPTY ST_ISSIMPLE ST_ISVALID ST_NUMGEOMETRIES ST_NUMINTERIORRING ST_NUMINTERIORRINGS ST_NUMPOINTS ST_STARTPOINT ST_SWAPXY ST_VALIDATE',
    gg: 'ST_CONTAINS ST_CROSSES ST_DIFFERENCE ST_DISJOINT ST_EQUALS ST_INTERSECTION ST_INTERSECTS ST_LENGTH ST_MAKEENVELOPE ST_OVERLAPS ST_SYMDIFFERENCE ST_TOUCHES ST_UNION ST_WITHIN MBRCONTAINS MBRCOVEREDBY MBRCOVERS MBRDISJOINT MBREQUALS MBRINTERSECTS MBROVERLAPS MBRTOUCHES MBRWITHIN',
    ggg: 'ST_DISTANCE ST_FRECHETDISTANCE ST_HAUSDORFFDISTANCE',
    ggd: 'ST_DISTANCE_SPHERE',
    gd: 'ST_BUFFER ST_LATITUDE ST_LONGITUDE ST_LINEINTERPOLATEPOINT ST_LINEINTERPOLATEPOINTS ST_POINTATDISTANCE ST_SIMPLIFY ST_X ST_Y',
    gi: 'ST_GEOHASH ST_GEOMETRYN ST_INTERIORRINGN ST_POINTN ST_SRID',
    gii: 'ST_ASGEOJSON',
    gs: 'ST_ASBINARY ST_ASWKB ST_ASTEXT ST_ASWKT',
    v: 'FROM_VECTOR VECTOR_DIM VECTOR_TO_STRING',
    'i=': 'IF',
    '=': 'COALESCE IFNULL NULLIF GREATEST LEAST FIELD MOD',
  }).flatMap(([kinds, names]) => names.split(' ').map((name) => [name.replace('\u00a0', ' '), kinds] as const)),
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
  json: DOCUMENT,
  point: SHAPE,
  linestring: SHAPE,
  polygon: SHAPE,
  multipoint: SHAPE,
  multilinestring: SHAPE,
  multipolygon: SHAPE,
  geometrycollection: SHAPE,
};

/** The type of a parameter that nothing derives one for. */
export const UNTYPED: SqlType = TEXT;

/** LIMIT's numbers. */
export const COUNT_PARAMETER: SqlType = intType(21, { unsigned: true });
export const TRUTH_PARAMETER: SqlType = INTEGER;
