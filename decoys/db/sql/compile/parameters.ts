// What type a statement's parameter (`?`) has: the one its place asks for, as long as the values it is given can be that.
// Source: https://dev.mysql.com/doc/refman/9.7/en/prepare.html (derived data types), with the types a live 9.7.4 derives.

import { TYPE } from '../../wire/constants.ts';
import type { Expression } from '../ast/expression.ts';
import type { Execution } from '../execution.ts';
import type { Scope } from '../scope.ts';
import { Decimal } from '../value/decimal.ts';
import { Json } from '../value/json.ts';
import { Temporal } from '../value/temporal.ts';
import { parseDate, parseTime } from '../value/temporal-text.ts';
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
  isString,
  isTemporal,
  jsonType,
  type SqlType,
  textType,
  timeType,
  yearType,
} from '../value/type.ts';
import { leadingNumber, toDecimal, toInteger, toNumber, type Value } from '../value/value.ts';
import type { Compiler } from './compiler.ts';

/** Characters of a parameter that is text, and bytes of one that is none. */
const TEXT_CHARACTERS = 16_383;
const BINARY_BYTES = 65_535;
const LONGEST = 4_294_967_295;

const TEXT = textType(TEXT_CHARACTERS);
const BINARY = bytesType(BINARY_BYTES);
const INTEGER = intType();
const DOUBLE = doubleType();
const DECIMAL = decimalType(65, 30);
const MOMENT = datetimeType(6);

/** A type as parameters have it: as wide as its kind can be. */
function widest(type: SqlType): SqlType {
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
const KINDS: Readonly<Record<string, SqlType>> = {
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
const FUNCTIONS: ReadonlyMap<string, string> = new Map(
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

const AGGREGATES: Readonly<Record<string, SqlType>> = {
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

const CASTS: Readonly<Record<string, SqlType>> = {
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

const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%']);
const BITS: ReadonlySet<string> = new Set(['&', '|', '^']);
const COMPARISONS: ReadonlySet<string> = new Set(['=', '<=>', '<', '>', '<=', '>=', '<>', '!=']);
const LOGIC: ReadonlySet<string> = new Set(['AND', 'OR', 'XOR']);
const DATE_UNITS: ReadonlySet<string> = new Set(['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR', 'YEAR_MONTH']);

/** What asks for the types: a compiler, and the scope its operands are in. */
interface Asking {
  readonly c: Compiler;
  readonly scope: Scope;
}

/** Gives a parameter its type, where it has none yet. */
export function derive(x: Execution, e: Expression | undefined, type: SqlType): void {
  if (e?.kind === 'parameter' && !x.derivedTypes.has(e.index)) x.derivedTypes.set(e.index, type);
}

/** The type of the first operand that is no parameter; its compiled form is kept for when its turn comes. */
function known({ c, scope }: Asking, operands: readonly Expression[]): SqlType | undefined {
  const other = operands.find((e) => e.kind !== 'parameter');
  if (!other) return undefined;
  const node = c.x.compiled.get(other) ?? c.compile(other, scope);
  c.x.compiled.set(other, node);
  return node.row ? undefined : widest(node.type);
}

function alike(asking: Asking, operands: readonly Expression[], both: SqlType): void {
  if (!operands.some((e) => e.kind === 'parameter')) return;
  const type = known(asking, operands) ?? both;
  for (const e of operands) derive(asking.c.x, e, type);
}

function deriveBinary(asking: Asking, e: Extract<Expression, { kind: 'binary' }>): void {
  const { x } = asking.c;
  const pair = [e.left, e.right];
  if (e.right.kind === 'interval') {
    derive(x, e.left, DATE_UNITS.has(e.right.unit) ? dateType() : MOMENT);
    derive(x, e.right.amount, INTEGER);
  } else if (LOGIC.has(e.operator)) for (const side of pair) derive(x, side, INTEGER);
  else if (e.operator === 'DIV') alike(asking, pair, INTEGER);
  else if (ARITHMETIC.has(e.operator)) alike(asking, pair, DOUBLE);
  else if (BITS.has(e.operator)) alike(asking, pair, BINARY);
  else if (e.operator === '<<' || e.operator === '>>') {
    derive(x, e.left, BINARY);
    derive(x, e.right, INTEGER);
  } else if (e.left.kind === 'row' && e.right.kind === 'row') {
    const right = e.right.items;
    for (const [at, item] of e.left.items.entries()) alike(asking, [item, ...right.slice(at, at + 1)], TEXT);
  } else if (COMPARISONS.has(e.operator)) alike(asking, pair, TEXT);
}

function deriveCall(asking: Asking, e: Extract<Expression, { kind: 'call' }>): void {
  const kinds = FUNCTIONS.get(e.name.toUpperCase());
  if (kinds === undefined) return;
  for (const [at, arg] of e.args.entries()) {
    if (arg.kind !== 'parameter') continue;
    const kind = kinds[at] === '*' || kinds[at] === undefined ? repeated(kinds) : kinds[at];
    if (kind === '=') alike(asking, e.args.slice(kinds.indexOf('=')), e.name.toUpperCase() === 'MOD' ? DOUBLE : TEXT);
    else derive(asking.c.x, arg, KINDS[kind ?? 's'] ?? TEXT);
  }
}

/** The kind of an argument past those a function lists. */
function repeated(kinds: string): string | undefined {
  if (kinds.endsWith('*')) return kinds.at(-2);
  return kinds.endsWith('=') ? '=' : 's';
}

function deriveCase(asking: Asking, e: Extract<Expression, { kind: 'case' }>): void {
  const whens = e.branches.map(([when]) => when);
  const results = [...e.branches.map(([, then]) => then), ...(e.otherwise ? [e.otherwise] : [])];
  if (e.operand) alike(asking, [e.operand, ...whens], TEXT);
  else if (results.some((result) => result.kind !== 'parameter'))
    for (const when of whens) derive(asking.c.x, when, INTEGER);
  alike(asking, results, TEXT);
}

/** Types of the parameters that stand directly in an expression. */
export function deriveParameters(c: Compiler, e: Expression, scope: Scope): void {
  const asking = { c, scope };
  const { x } = c;
  switch (e.kind) {
    case 'binary':
      deriveBinary(asking, e);
      return;
    case 'unary':
      derive(
        x,
        e.operand,
        e.operator === '-' ? DOUBLE : e.operator === '~' ? BINARY : e.operator === '+' ? TEXT : INTEGER,
      );
      return;
    case 'is':
      if (e.what !== 'null') derive(x, e.operand, INTEGER);
      return;
    case 'between':
      alike(asking, [e.operand, e.low, e.high], TEXT);
      return;
    case 'in':
      if (e.operand.kind === 'row') {
        for (const [at, item] of e.operand.items.entries())
          alike(
            asking,
            [item, ...e.list.flatMap((row) => (row.kind === 'row' ? row.items.slice(at, at + 1) : []))],
            TEXT,
          );
      } else alike(asking, [e.operand, ...e.list], TEXT);
      return;
    case 'case':
      deriveCase(asking, e);
      return;
    case 'cast':
      derive(x, e.operand, CASTS[e.type.base] ?? TEXT);
      return;
    case 'call':
      deriveCall(asking, e);
      return;
    case 'aggregate':
      for (const arg of e.args) derive(x, arg, AGGREGATES[e.name] ?? TEXT);
      return;
    case 'window':
      for (const arg of e.args.slice(1, 2)) derive(x, arg, INTEGER);
      if (e.name === 'NTILE') derive(x, e.args[0], INTEGER);
      return;
    default:
  }
}

/** The type of a parameter that nothing derives one for. */
export const UNTYPED: SqlType = TEXT;

/** A parameter set to a column: as wide as the column's kind. */
export function deriveAssigned(x: Execution, e: Expression | undefined, column: SqlType | undefined): void {
  if (column) derive(x, e, widest(column));
}

/** LIMIT's numbers. */
export const COUNT_PARAMETER: SqlType = intType(21, { unsigned: true });
export const TRUTH_PARAMETER: SqlType = INTEGER;

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
