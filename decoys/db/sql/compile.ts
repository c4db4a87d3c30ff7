// Turns a parsed expression into something that gives values: names bound, types inferred, every step counted.
// Source: result types and lengths as recorded from 9.7; https://dev.mysql.com/doc/refman/9.7/en/expressions.html

import { aggregateType } from './aggregate.ts';
import { arithmetic, arithmeticType } from './arithmetic.ts';
import type { CastType, Expression, Query } from './ast.ts';
import { castType, castValue } from './cast.ts';
import { sqlError } from './errors.ts';
import type { Execution } from './execution.ts';
import { nativeFunction } from './functions/native.ts';
import { NUMBER_FUNCTIONS } from './functions/number.ts';
import { search, TEXT_FUNCTIONS } from './functions/text.ts';
import { dateOf } from './functions/time.ts';
import { matchesLike } from './like.ts';
import { printExpression } from './print.ts';
import { type Node, outer, type Row, type Scope, type ScopeColumn } from './scope.ts';
import { decodeText, encodeText, findCharset, findCollation } from './value/charset.ts';
import { parseDecimal } from './value/decimal.ts';
import { addInterval, parseDate, parseInterval, parseTime, Temporal } from './value/temporal.ts';
import {
  booleanType,
  bytesType,
  countType,
  dateType,
  datetimeType,
  decimalType,
  doubleType,
  intType,
  isDecimal,
  isDouble,
  isInteger,
  isString,
  isTemporal,
  mergeTypes,
  nullType,
  type SqlType,
  textLength,
  textType,
  timeType,
} from './value/type.ts';
import { compareValues, fromBoolean, toBoolean, toInteger, toNumber, toText, type Value } from './value/value.ts';

/** What compiling a subquery gives: its columns and its rows for an outer row. */
export interface CompiledQuery {
  readonly columns: readonly ScopeColumn[];
  readonly rows: (outerRow: Row | undefined, limit?: number) => readonly (readonly Value[])[];
}

export interface Compiler {
  readonly x: Execution;
  readonly compileQuery: (query: Query, scope: Scope) => CompiledQuery;
}

type Kinds = Expression['kind'];
type Of<K extends Kinds> = Extract<Expression, { kind: K }>;

const LITERAL = 4;
const NUMERIC = 5;

function literal(type: SqlType, value: Value, coercibility = NUMERIC): Node {
  return { type, get: () => value, constant: value, coercibility };
}

/** Words a compiled expression takes, about. */
const NODE_CELLS = 8;

export function compile(c: Compiler, e: Expression, scope: Scope): Node {
  c.x.spend(1);
  c.x.hold(NODE_CELLS);
  const compiler = COMPILERS[e.kind] as (c: Compiler, e: Expression, scope: Scope) => Node;
  return compiler(c, e, scope);
}

/** Compiles an operand that must be one column wide. */
function scalar(c: Compiler, e: Expression, scope: Scope): Node {
  const node = compile(c, e, scope);
  if (node.row) throw sqlError('ER_OPERAND_COLUMNS', 1);
  return node;
}

function collationOf(a: Node, b: Node): string {
  if (a.coercibility !== b.coercibility) return a.coercibility < b.coercibility ? a.type.collation : b.type.collation;
  if (!a.type.text) return b.type.collation;
  if (!b.type.text || a.type.collation === b.type.collation) return a.type.collation;
  return a.type.collation.endsWith('_bin')
    ? a.type.collation
    : b.type.collation.endsWith('_bin')
      ? b.type.collation
      : a.type.collation;
}

/** Numbers of a hexadecimal literal where a number is wanted. */
function numeric(node: Node, row: Row): Value {
  const value = node.get(row);
  if (!node.digits || !Buffer.isBuffer(value)) return value;
  return value.length > 8 ? 2n ** 64n - 1n : BigInt(`0x0${value.toString('hex')}`);
}

function compileNumber(e: Of<'number'>): Node {
  if (e.form === 'integer') {
    const value = BigInt(e.text);
    const digits = value.toString().length;
    if (value > 18446744073709551615n)
      return literal(decimalType(digits, 0, { nullable: false }), parseDecimal(e.text));
    const unsigned = value > 9223372036854775807n;
    return literal(countType(digits + (unsigned ? 0 : 1), { unsigned }), value);
  }
  if (e.form === 'float') {
    const value = Number(e.text);
    if (!Number.isFinite(value)) throw sqlError('ER_ILLEGAL_VALUE_FOR_TYPE', 'double', e.text);
    return literal(doubleType({ length: e.text.length, nullable: false }), value);
  }
  const value = parseDecimal(
    e.text.startsWith('.') ? `0${e.text}` : e.text.endsWith('.') ? e.text.slice(0, -1) : e.text,
  );
  const whole = e.text.split('.')[0]?.replace(/^0+(?=\d)/, '') || '0';
  return literal(
    decimalType((whole === '0' ? (value.scale > 0 ? 1 : 1) : whole.length) + value.scale, value.scale, {
      nullable: false,
    }),
    value,
  );
}

const NATIONAL_TEXT =
  'NATIONAL/NCHAR/NVARCHAR implies the character set UTF8MB3, which will be replaced by UTF8MB4 in a future release. Please consider using CHAR(x) CHARACTER SET UTF8MB4 in order to be unambiguous.';

function compileString(c: Compiler, e: Of<'string'>): Node {
  if (e.introducer === 'binary') return literal(bytesType(e.bytes.length, { nullable: false }), e.bytes, LITERAL);
  const introducer = e.introducer === 'national' ? 'utf8mb3' : e.introducer;
  if (e.introducer === 'national') c.x.session.addWarning('Warning', 3720, NATIONAL_TEXT);
  const charset = introducer ? findCharset(introducer) : undefined;
  if (e.introducer && !charset) throw sqlError('ER_UNKNOWN_CHARACTER_SET', e.introducer);
  if (e.introducer === 'utf8') c.x.warn('ER_WARN_UTF8_ALIAS');
  const decoded = decodeText(e.bytes, charset ? charset.name : c.x.session.clientCharset());
  if (decoded === undefined) {
    if (charset)
      throw sqlError('ER_INVALID_CHARACTER_STRING', charset.name, e.bytes.toString('hex').toUpperCase().slice(0, 12));
    return literal(bytesType(e.bytes.length, { nullable: false }), e.bytes, LITERAL);
  }
  const collation = charset ? charset.defaultCollation : c.x.session.connectionCollation();
  return literal(textType([...decoded].length, { nullable: false, collation }), decoded, LITERAL);
}

function compileTemporal(e: Of<'temporal'>): Node {
  const value = e.type === 'time' ? parseTime(e.text) : parseDate(e.text);
  const fits = value && (e.type !== 'date' || value.kind === 'date');
  if (!fits)
    throw sqlError('ER_INCORRECT_VALUE', e.type === 'date' ? 'DATE' : e.type === 'time' ? 'TIME' : 'DATETIME', e.text);
  const decimals = value.micro === 0 ? 0 : (/\.(\d+)/.exec(e.text)?.[1]?.length ?? 0);
  if (e.type === 'date') return literal(dateType({ nullable: false }), value);
  if (e.type === 'time')
    return literal(timeType(decimals, { nullable: false, length: 8 + (decimals ? decimals + 1 : 0) }), value);
  return literal(datetimeType(decimals, { nullable: false }), new Temporal({ ...value, kind: 'datetime' }));
}

function compileColumn(c: Compiler, e: Of<'column'>, scope: Scope): Node {
  const alias = e.path.length === 1 ? scope.aliases?.get((e.path[0] as string).toLowerCase()) : undefined;
  if (alias && scope.clause !== 'group statement') return alias;
  let found: ReturnType<Scope['find']>;
  try {
    found = scope.find(e.path);
  } catch (error) {
    if (alias) return alias;
    throw error;
  }
  const { column, at, depth } = found;
  if (depth === 0 && !scope.insideAggregate) scope.bare.push(column);
  const get = depth === 0 ? (row: Row) => row.values[at] as Value : (row: Row) => outer(row, depth).values[at] as Value;
  c.x.spend(1);
  return { type: column.type, get, coercibility: isString(column.type) || column.type.text ? 2 : NUMERIC, column };
}

/** A user variable nobody has set. */
const UNSET_VARIABLE: SqlType = bytesType(65_532);

function variableType(value: Value): SqlType {
  if (typeof value === 'bigint') return intType(21);
  if (typeof value === 'number') return doubleType();
  if (value === null) return { ...textType(16_383), type: 253 };
  if (Buffer.isBuffer(value)) return { ...bytesType(268_435_440), type: 251 };
  if (typeof value === 'object' && 'units' in value) return decimalType(65, 30, { length: 83 } as Partial<SqlType>);
  return { ...textType(67_108_860), type: 251 };
}

function compileVariable(c: Compiler, e: Of<'variable'>): Node {
  const { session } = c.x;
  const known = session.userVariable(e.name);
  const type = session.hasUserVariable(e.name) ? variableType(known) : UNSET_VARIABLE;
  return { type, get: () => session.userVariable(e.name), coercibility: 3 };
}

function compileAssign(c: Compiler, e: Of<'assign'>, scope: Scope): Node {
  const value = scalar(c, e.value, scope);
  c.x.warn(
    'ER_WARN_DEPRECATED_SYNTAX',
    'Setting user variables within expressions',
    "alternatives include: 'SET variable=expression, ...', or 'SELECT expression(s) INTO variables(s)'",
  );
  const { session } = c.x;
  return {
    type: value.type,
    coercibility: value.coercibility,
    get: (row) => {
      const result = value.get(row);
      session.setUserVariable(e.name, result);
      return result;
    },
  };
}

function compileSystem(c: Compiler, e: Of<'system'>): Node {
  const { type, value } = c.x.session.readVariable(e.name, e.scope);
  return { type, get: () => value, coercibility: type.text ? 3 : NUMERIC };
}

function compileUnary(c: Compiler, e: Of<'unary'>, scope: Scope): Node {
  const operand = scalar(c, e.operand, scope);
  if (e.operator === '+') return operand;
  if (e.operator === 'NOT' || e.operator === '!') {
    if (e.operator === '!') c.x.warn('ER_WARN_DEPRECATED_SYNTAX', '!', 'NOT');
    return {
      type: booleanType(operand.type.nullable),
      coercibility: NUMERIC,
      get: (row) => fromBoolean(negated(toBoolean(numeric(operand, row)))),
    };
  }
  if (e.operator === '~') {
    return {
      type: intType(21, { unsigned: true, nullable: operand.type.nullable }),
      coercibility: NUMERIC,
      get: (row) => {
        const value = toInteger(numeric(operand, row));
        return value === null ? null : BigInt.asUintN(64, ~value);
      },
    };
  }
  return compileNegation(c, e, operand);
}

function negated(value: boolean | null): boolean | null {
  return value === null ? null : !value;
}

function compileNegation(c: Compiler, e: Of<'unary'>, operand: Node): Node {
  const { type } = operand;
  const exact = isInteger(type) || isDecimal(type);
  const constant = operand.constant;
  if (typeof constant === 'bigint')
    return literal(
      countType(type.length + (type.unsigned ? 1 : 0)),
      constant === 9223372036854775808n ? -(2n ** 63n) : -constant,
    );
  const result = isInteger(type)
    ? intType(type.length + (type.unsigned ? 1 : 0), { nullable: type.nullable })
    : isDecimal(type)
      ? { ...type, exactFlags: false, flags: 0 }
      : doubleType({ nullable: type.nullable });
  return {
    type: result,
    coercibility: NUMERIC,
    get: (row) => {
      const value = numeric(operand, row);
      if (value === null) return null;
      if (!exact) return -(toNumber(value) as number);
      return arithmetic('-', 0n, value, result, c.x, () => printExpression(e));
    },
  };
}

const ARITHMETIC = new Set(['+', '-', '*', '/', '%', 'MOD', 'DIV']);
const BITS = new Set(['|', '&', '^', '<<', '>>']);

function compileBinary(c: Compiler, e: Of<'binary'>, scope: Scope): Node {
  if (e.right.kind === 'interval') return compileDateArithmetic(c, e, e.right, scope);
  if (e.operator === 'AND' || e.operator === 'OR' || e.operator === 'XOR') return compileLogic(c, e, scope);
  if (ARITHMETIC.has(e.operator)) {
    const [left, right] = [scalar(c, e.left, scope), scalar(c, e.right, scope)];
    const type = arithmeticType(e.operator, left, right);
    return {
      type,
      coercibility: NUMERIC,
      get: (row) => {
        c.x.spend(1);
        const [a, b] = [numeric(left, row), numeric(right, row)];
        return a === null || b === null ? null : arithmetic(e.operator, a, b, type, c.x, () => printExpression(e));
      },
    };
  }
  if (BITS.has(e.operator)) return compileBits(c, e, scope);
  return compileComparison(c, e.operator, compile(c, e.left, scope), compile(c, e.right, scope));
}

function compileLogic(c: Compiler, e: Of<'binary'>, scope: Scope): Node {
  const [left, right] = [scalar(c, e.left, scope), scalar(c, e.right, scope)];
  const type = booleanType(left.type.nullable || right.type.nullable);
  const truth = (node: Node, row: Row) => toBoolean(numeric(node, row));
  const evaluators: Record<string, (row: Row) => boolean | null> = {
    AND: (row) => {
      const a = truth(left, row);
      if (a === false) return false;
      const b = truth(right, row);
      return b === false ? false : a === null || b === null ? null : true;
    },
    OR: (row) => {
      const a = truth(left, row);
      if (a === true) return true;
      const b = truth(right, row);
      return b === true ? true : a === null || b === null ? null : false;
    },
    XOR: (row) => {
      const [a, b] = [truth(left, row), truth(right, row)];
      return a === null || b === null ? null : a !== b;
    },
  };
  const evaluate = evaluators[e.operator] as (row: Row) => boolean | null;
  return { type, coercibility: NUMERIC, get: (row) => fromBoolean(evaluate(row)) };
}

function compileBits(c: Compiler, e: Of<'binary'>, scope: Scope): Node {
  const [left, right] = [scalar(c, e.left, scope), scalar(c, e.right, scope)];
  const operations: Record<string, (a: bigint, b: bigint) => bigint> = {
    '|': (a, b) => a | b,
    '&': (a, b) => a & b,
    '^': (a, b) => a ^ b,
    '<<': (a, b) => (b >= 64n ? 0n : a << b),
    '>>': (a, b) => (b >= 64n ? 0n : a >> b),
  };
  const operation = operations[e.operator] as (a: bigint, b: bigint) => bigint;
  return {
    type: intType(21, { unsigned: true, nullable: left.type.nullable || right.type.nullable }),
    coercibility: NUMERIC,
    get: (row) => {
      const [a, b] = [toInteger(numeric(left, row)), toInteger(numeric(right, row))];
      return a === null || b === null
        ? null
        : BigInt.asUintN(64, operation(BigInt.asUintN(64, a), BigInt.asUintN(64, b)));
    },
  };
}

const COMPARE: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** Order of two operands; hexadecimal literals are numbers beside numbers. */
function comparer(a: Node, b: Node, c: Compiler): (row: Row) => number | null {
  const collation = collationOf(a, b);
  const numbers = (node: Node) => isInteger(node.type) || isDecimal(node.type) || isDouble(node.type);
  const asNumber = (a.digits && numbers(b)) || (b.digits && numbers(a));
  const warns = (isString(a.type) && numbers(b)) || (isString(b.type) && numbers(a));
  return (row) => {
    c.x.spend(1);
    if (asNumber) return compareValues(numeric(a, row), numeric(b, row), collation);
    const [x, y] = [a.get(row), b.get(row)];
    if (warns) warnTruncated(c, typeof x === 'string' ? x : y);
    return compareValues(x, y, collation);
  };
}

function warnTruncated(c: Compiler, value: Value): void {
  if (typeof value !== 'string') return;
  if (!/^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/.test(value.slice(0, 128)))
    c.x.warn('ER_TRUNCATED_WRONG_VALUE', 'DOUBLE', value.slice(0, 128));
}

function compileComparison(c: Compiler, operator: string, left: Node, right: Node): Node {
  if (left.row || right.row) return compileRowComparison(c, operator, left, right);
  const compare = comparer(left, right, c);
  if (operator === '<=>') {
    return {
      type: booleanType(false),
      coercibility: NUMERIC,
      get: (row) => {
        const [a, b] = [left.get(row), right.get(row)];
        return fromBoolean(a === null || b === null ? a === b : compare(row) === 0);
      },
    };
  }
  const test = COMPARE[operator] as (order: number) => boolean;
  return {
    type: booleanType(left.type.nullable || right.type.nullable),
    coercibility: NUMERIC,
    get: (row) => {
      const order = compare(row);
      return order === null ? null : fromBoolean(test(order));
    },
  };
}

function compileRowComparison(c: Compiler, operator: string, left: Node, right: Node): Node {
  if (!left.row || !right.row || left.row.length !== right.row.length)
    throw sqlError('ER_OPERAND_COLUMNS', (left.row ?? [left]).length);
  const pairs = left.row.map((item, at) =>
    compileComparison(
      c,
      operator === '<>' ? '=' : operator === '<=>' ? '<=>' : '=',
      item,
      (right.row as readonly Node[])[at] as Node,
    ),
  );
  if (operator === '=' || operator === '<=>' || operator === '<>') {
    return {
      type: booleanType(pairs.some((pair) => pair.type.nullable)),
      coercibility: NUMERIC,
      get: (row) => {
        const results = pairs.map((pair) => toBoolean(pair.get(row)));
        const all = results.includes(false) ? false : results.includes(null) ? null : true;
        return fromBoolean(operator === '<>' ? negated(all) : all);
      },
    };
  }
  const orders = left.row.map((item, at) => comparer(item, (right.row as readonly Node[])[at] as Node, c));
  const test = COMPARE[operator] as (order: number) => boolean;
  return {
    type: booleanType(true),
    coercibility: NUMERIC,
    get: (row) => {
      for (const order of orders) {
        const found = order(row);
        if (found === null) return null;
        if (found !== 0) return fromBoolean(test(found));
      }
      return fromBoolean(test(0));
    },
  };
}

function compileDateArithmetic(c: Compiler, e: Of<'binary'>, interval: Of<'interval'>, scope: Scope): Node {
  const base = scalar(c, e.left, scope);
  const amount = scalar(c, interval.amount, scope);
  const sign = e.operator === '+' ? 1 : -1;
  const timed = /HOUR|MINUTE|SECOND/.test(interval.unit);
  const micro = interval.unit.includes('MICROSECOND') ? 6 : 0;
  const { type } = base;
  let result: SqlType;
  if (type.type === 10 && !timed) result = dateType();
  else if (type.type === 11) result = timeType(Math.max(type.decimals, micro));
  else if (isTemporal(type)) result = datetimeType(Math.max(type.decimals, micro));
  else result = { ...textType(29), type: 254 };
  return {
    type: result,
    coercibility: LITERAL,
    get: (row) => {
      const [value, by] = [base.get(row), amount.get(row)];
      if (value === null || by === null) return null;
      const from = value instanceof Temporal ? value : dateOf(value, c.x);
      if (!from) return null;
      const moved = addInterval(from, parseInterval(toText(by) as string, interval.unit), sign, !timed);
      if (!moved) {
        c.x.warn('ER_DATETIME_FUNCTION_OVERFLOW', 'datetime');
        return null;
      }
      return isTemporal(type) ? moved : moved.toString();
    },
  };
}

function compileBetween(c: Compiler, e: Of<'between'>, scope: Scope): Node {
  const [operand, low, high] = [scalar(c, e.operand, scope), scalar(c, e.low, scope), scalar(c, e.high, scope)];
  const [below, above] = [comparer(operand, low, c), comparer(operand, high, c)];
  return {
    type: booleanType(operand.type.nullable || low.type.nullable || high.type.nullable),
    coercibility: NUMERIC,
    get: (row) => {
      const [a, b] = [below(row), above(row)];
      const inside = (a !== null && a < 0) || (b !== null && b > 0) ? false : a === null || b === null ? null : true;
      return fromBoolean(e.not ? negated(inside) : inside);
    },
  };
}

/** Lists up to this long are compared item by item like any other expressions. */
const SHORT_LIST = 16;

/** A long list of literals keeps their values only. */
function compileInConstants(c: Compiler, e: Of<'in'>, operand: Node, scope: Scope): Node {
  const values = e.list.map((item) => compile(c, item, scope).constant as Value);
  const { collation } = operand.type;
  return {
    type: booleanType(operand.type.nullable),
    coercibility: NUMERIC,
    get: (row) => {
      const value = numeric(operand, row);
      if (value === null) return null;
      c.x.spend(1 + (values.length >> 3));
      return fromBoolean(values.some((item) => compareValues(value, item, collation) === 0) !== e.not);
    },
  };
}

function compileIn(c: Compiler, e: Of<'in'>, scope: Scope): Node {
  const operand = compile(c, e.operand, scope);
  if (
    !operand.row &&
    e.list.length > SHORT_LIST &&
    e.list.every((item) => item.kind === 'number' || item.kind === 'string')
  )
    return compileInConstants(c, e, operand, scope);
  const tests = e.list.map((item) => compileComparison(c, '=', operand, compile(c, item, scope)));
  return {
    type: booleanType(operand.type.nullable || tests.some((test) => test.type.nullable)),
    coercibility: NUMERIC,
    get: (row) => {
      let unknown = false;
      for (const test of tests) {
        const result = toBoolean(test.get(row));
        if (result) return fromBoolean(!e.not);
        if (result === null) unknown = true;
      }
      return unknown ? null : fromBoolean(e.not);
    },
  };
}

function cells(row: readonly Value[], columns: readonly ScopeColumn[]): Node {
  const nodes = columns.map(
    (column, at): Node => ({ type: column.type, get: () => row[at] as Value, coercibility: 2 }),
  );
  return nodes.length === 1 ? (nodes[0] as Node) : { type: nullType(), get: () => null, coercibility: 6, row: nodes };
}

function width(node: Node): number {
  return node.row?.length ?? 1;
}

function compileInQuery(c: Compiler, e: Of<'in-query'>, scope: Scope): Node {
  const operand = compile(c, e.operand, scope);
  const query = c.compileQuery(e.query, scope);
  if (query.columns.length !== width(operand)) throw sqlError('ER_OPERAND_COLUMNS', width(operand));
  return {
    type: booleanType(operand.type.nullable || query.columns.some((column) => column.type.nullable)),
    coercibility: NUMERIC,
    get: (row) => {
      let unknown = false;
      for (const found of query.rows(row)) {
        const result = toBoolean(compileComparison(c, '=', operand, cells(found, query.columns)).get(row));
        if (result) return fromBoolean(!e.not);
        if (result === null) unknown = true;
      }
      return unknown ? null : fromBoolean(e.not);
    },
  };
}

function compileCompareQuery(c: Compiler, e: Of<'compare-query'>, scope: Scope): Node {
  const operand = compile(c, e.left, scope);
  const query = c.compileQuery(e.query, scope);
  if (query.columns.length !== width(operand)) throw sqlError('ER_OPERAND_COLUMNS', width(operand));
  return {
    type: booleanType(true),
    coercibility: NUMERIC,
    get: (row) => {
      let unknown = false;
      for (const found of query.rows(row)) {
        const result = toBoolean(
          compileComparison(c, e.operator === '!=' ? '<>' : e.operator, operand, cells(found, query.columns)).get(row),
        );
        if (result === null) unknown = true;
        else if (result !== e.all) return fromBoolean(!e.all);
      }
      return unknown ? null : fromBoolean(e.all);
    },
  };
}

function compileLike(c: Compiler, e: Of<'like'>, scope: Scope): Node {
  const [operand, pattern] = [scalar(c, e.operand, scope), scalar(c, e.pattern, scope)];
  const escapeNode = e.escape ? scalar(c, e.escape, scope) : undefined;
  const collation = collationOf(operand, pattern);
  return {
    type: booleanType(operand.type.nullable || pattern.type.nullable),
    coercibility: NUMERIC,
    get: (row) => {
      const [value, like] = [toText(operand.get(row)), toText(pattern.get(row))];
      if (value === null || like === null) return null;
      const escaping = escapeNode ? (toText(escapeNode.get(row)) ?? '\\') : '\\';
      if ([...escaping].length > 1) throw sqlError('ER_WRONG_ARGUMENTS', 'ESCAPE');
      const found = matchesLike(value, like, escaping, collation, (steps) => c.x.spend(steps));
      return fromBoolean(found !== e.not);
    },
  };
}

function compileRegexp(c: Compiler, e: Of<'regexp'>, scope: Scope): Node {
  const [operand, pattern] = [scalar(c, e.operand, scope), scalar(c, e.pattern, scope)];
  return {
    type: booleanType(operand.type.nullable || pattern.type.nullable),
    coercibility: NUMERIC,
    get: (row) => {
      const [value, against] = [toText(operand.get(row)), toText(pattern.get(row))];
      if (value === null || against === null) return null;
      if (against === '') throw sqlError('ER_REGEXP_ILLEGAL_ARGUMENT');
      return fromBoolean((search(value, against, undefined, c.x) !== undefined) !== e.not);
    },
  };
}

function compileIs(c: Compiler, e: Of<'is'>, scope: Scope): Node {
  const operand = scalar(c, e.operand, scope);
  const tests: Record<string, (value: Value) => boolean> = {
    null: (value) => value === null,
    unknown: (value) => value === null,
    true: (value) => toBoolean(value) === true,
    false: (value) => toBoolean(value) === false,
  };
  const test = tests[e.what] as (value: Value) => boolean;
  return {
    type: booleanType(false),
    coercibility: NUMERIC,
    get: (row) => fromBoolean(test(operand.get(row)) !== e.not),
  };
}

function compileCase(c: Compiler, e: Of<'case'>, scope: Scope): Node {
  const operand = e.operand ? scalar(c, e.operand, scope) : undefined;
  const branches = e.branches.map(([when, then]) => {
    const condition = scalar(c, when, scope);
    return [operand ? compileComparison(c, '=', operand, condition) : condition, scalar(c, then, scope)] as const;
  });
  const otherwise = e.otherwise ? scalar(c, e.otherwise, scope) : undefined;
  const results = [...branches.map(([, then]) => then.type), ...(otherwise ? [otherwise.type] : [])];
  const merged = mergeTypes(results);
  return {
    type: otherwise ? merged : { ...merged, nullable: true },
    coercibility: LITERAL,
    get: (row) => {
      for (const [when, then] of branches) if (toBoolean(when.get(row))) return conform(then.get(row), merged);
      return otherwise ? conform(otherwise.get(row), merged) : null;
    },
  };
}

/** A branch's value as the merged type has it: text where any branch is text. */
function conform(value: Value, type: SqlType): Value {
  if (value === null || !isString(type) || Buffer.isBuffer(value) || typeof value === 'string') return value;
  return toText(value);
}

function compileCast(c: Compiler, e: Of<'cast'>, scope: Scope): Node {
  const operand = scalar(c, e.operand, scope);
  const type = castType(e.type, operand.type, c.x.session);
  if (e.type.base === 'binary' && e.type.length === undefined && c.x.session && c.x) warnBinary(c, e);
  return {
    type,
    coercibility: e.type.base === 'char' ? 2 : NUMERIC,
    get: (row) => castValue(numericFor(e.type, operand, row), e.type, type, c.x),
  };
}

function numericFor(type: CastType, operand: Node, row: Row): Value {
  return ['signed', 'unsigned', 'decimal', 'double', 'float'].includes(type.base)
    ? numeric(operand, row)
    : operand.get(row);
}

/** `BINARY expr` is deprecated; CAST(… AS BINARY) is not. They differ by where the text begins. */
function warnBinary(c: Compiler, e: Of<'cast'>): void {
  if (e.start + 7 <= e.operand.start && e.end === e.operand.end)
    c.x.warn('ER_WARN_DEPRECATED_SYNTAX', 'BINARY expr', 'CAST');
}

function compileConvert(c: Compiler, e: Of<'convert-charset'>, scope: Scope): Node {
  const operand = scalar(c, e.operand, scope);
  const charset = findCharset(e.charset);
  if (!charset) throw sqlError('ER_UNKNOWN_CHARACTER_SET', e.charset);
  const length = textLength(operand.type);
  const type =
    charset.name === 'binary' ? bytesType(length * 4) : textType(length, { collation: charset.defaultCollation });
  return {
    type,
    coercibility: 2,
    get: (row) => {
      const value = operand.get(row);
      if (value === null) return null;
      if (charset.name === 'binary')
        return Buffer.isBuffer(value) ? value : encodeText(toText(value) as string, c.x.session.connectionCharset());
      const text = Buffer.isBuffer(value) ? (decodeText(value, charset.name) ?? null) : (toText(value) as string);
      return text === null ? null : (decodeText(encodeText(text, charset.name), charset.name) ?? null);
    },
  };
}

function compileCollate(c: Compiler, e: Of<'collate'>, scope: Scope): Node {
  const operand = scalar(c, e.operand, scope);
  const collation = findCollation(e.collation);
  if (!collation) throw sqlError('ER_UNKNOWN_COLLATION', e.collation);
  const own = operand.type.text ? c.x.session.charsetOf(operand.type.collation) : 'binary';
  if (own !== collation.charset && (operand.type.text || operand.coercibility !== NUMERIC))
    throw sqlError('ER_COLLATION_CHARSET_MISMATCH', e.collation, own);
  const binary = collation.name.endsWith('_bin');
  return {
    ...operand,
    constant: undefined,
    coercibility: 0,
    type: { ...textType(textLength(operand.type)), collation: collation.name, flags: binary ? 128 : 0 },
  };
}

function compileCall(c: Compiler, e: Of<'call'>, scope: Scope): Node {
  const entry = e.schema === '' && !e.name.endsWith(' ') ? nativeFunction(e.name) : undefined;
  if (!entry) throw c.x.session.unknownFunction(e.schema, e.name.trimEnd());
  const [fewest, most] = entry.args;
  if (e.args.length < fewest || e.args.length > most) throw sqlError('ER_WRONG_PARAMCOUNT_TO_NATIVE_FCT', e.name);
  const args = e.args.map((arg) => scalar(c, arg, scope));
  const types = args.map((arg) => arg.type);
  const type = entry.type(
    types,
    args.map((arg) => (arg.constant === undefined ? null : arg.constant)),
  );
  const upper = e.name.toUpperCase();
  if (upper === 'IF') return compileIf(args, type);
  // Hexadecimal literals are numbers to functions of numbers.
  const counts = upper === 'CHAR' || NUMBER_FUNCTIONS[upper] !== undefined;
  return {
    type:
      c.x.session.strict() || !TEXT_FUNCTIONS[upper] || types.some((arg) => arg.nullable)
        ? type
        : { ...type, nullable: false },
    coercibility: type.text ? LITERAL : NUMERIC,
    get: (row) => {
      c.x.spend(1);
      const values = args.map((arg) => (counts ? numeric(arg, row) : arg.get(row)));
      if (entry.strict && values.includes(null)) return null;
      return entry.evaluate(values, c.x, types);
    },
  };
}

/** IF evaluates one branch only, so that a delay in the other does not happen. */
function compileIf([condition, yes, no]: readonly Node[], type: SqlType): Node {
  return {
    type,
    coercibility: LITERAL,
    get: (row) =>
      conform(toBoolean(numeric(condition as Node, row)) ? (yes as Node).get(row) : (no as Node).get(row), type),
  };
}

function compileAggregate(c: Compiler, e: Of<'aggregate'>, scope: Scope): Node {
  if (e.over) return compileWindow(c, e, scope);
  const slots = scope.aggregates;
  if (!slots || scope.insideAggregate) throw sqlError('ER_INVALID_GROUP_FUNC_USE');
  scope.insideAggregate = true;
  const args = e.args.map((arg) => scalar(c, arg, scope));
  const order = e.order.map((item) => ({ node: scalar(c, item.expression, scope), descending: item.descending }));
  scope.insideAggregate = false;
  const type = aggregateType(
    e.name,
    args.map((arg) => arg.type),
    c.x.session,
  );
  const at = slots.length;
  slots.push({ expression: e, args, order, type });
  return { type, coercibility: type.text ? LITERAL : NUMERIC, get: (row) => (row.aggregates?.[at] ?? null) as Value };
}

function compileWindow(c: Compiler, e: Of<'window'> | Of<'aggregate'>, scope: Scope): Node {
  const slots = scope.windows;
  if (!slots || !e.over) throw sqlError('ER_WINDOW_INVALID_WINDOW_FUNC_USE', e.name.toLowerCase());
  const args = e.args.map((arg) => scalar(c, arg, scope));
  const slot = {
    expression: e,
    args,
    partition: e.over.partition.map((item) => scalar(c, item, scope)),
    order: e.over.order.map((item) => ({ node: scalar(c, item.expression, scope), descending: item.descending })),
    values: [] as readonly Value[],
  };
  slots.push(slot);
  const types = args.map((arg) => arg.type);
  const type = e.kind === 'aggregate' ? aggregateType(e.name, types, c.x.session) : windowType(e.name, types);
  return { type, coercibility: NUMERIC, get: (row) => (slot.values[row.position ?? 0] ?? null) as Value };
}

function windowType(name: string, args: readonly SqlType[]): SqlType {
  if (name === 'PERCENT_RANK' || name === 'CUME_DIST') return doubleType({ nullable: false });
  if (args.length > 0 && name !== 'NTILE')
    return { ...(args[0] as SqlType), nullable: true, flags: 0, exactFlags: false };
  return countType(21, { unsigned: true });
}

function compileRow(c: Compiler, e: Of<'row'>, scope: Scope): Node {
  return { type: nullType(), get: () => null, coercibility: 6, row: e.items.map((item) => compile(c, item, scope)) };
}

function compileSubquery(c: Compiler, e: Of<'subquery'>, scope: Scope): Node {
  const query = c.compileQuery(e.query, scope);
  const first = (row: Row): readonly Value[] | undefined => {
    const rows = query.rows(row, 2);
    if (rows.length > 1) throw sqlError('ER_SUBQUERY_NO_1_ROW');
    return rows[0];
  };
  if (query.columns.length > 1) {
    const nodes = query.columns.map(
      (column, at): Node => ({ type: column.type, coercibility: LITERAL, get: (row) => first(row)?.[at] ?? null }),
    );
    return { type: nullType(), get: () => null, coercibility: 6, row: nodes };
  }
  const column = query.columns[0] as ScopeColumn;
  const fromTable = e.query.body.kind === 'select' && e.query.body.from === undefined;
  const type = {
    ...column.type,
    nullable: column.type.nullable || !fromTable,
    exactFlags: false,
    flags: column.type.exactFlags ? 0 : column.type.flags,
    decimals: isString(column.type) ? 31 : column.type.decimals,
  };
  return { type, coercibility: LITERAL, get: (row) => first(row)?.[0] ?? null };
}

function compileExists(c: Compiler, e: Of<'exists'>, scope: Scope): Node {
  const query = c.compileQuery(e.query, scope);
  return { type: booleanType(false), coercibility: NUMERIC, get: (row) => fromBoolean(query.rows(row, 1).length > 0) };
}

const COMPILERS: { readonly [K in Kinds]: (c: Compiler, e: Of<K>, scope: Scope) => Node } = {
  null: () => ({ type: nullType(), get: () => null, constant: null, coercibility: 6 }),
  boolean: (_c, e) => literal(countType(1), e.value ? 1n : 0n),
  number: (_c, e) => compileNumber(e),
  string: compileString,
  bytes: (_c, e) => ({
    ...literal(
      bytesType(e.bytes.length, { nullable: false, unsigned: e.form === 'hex', decimals: 0 }),
      e.bytes,
      LITERAL,
    ),
    digits: true,
  }),
  temporal: (_c, e) => compileTemporal(e),
  parameter: (c, e) => c.x.session.parameterNode(c.x.parameters[e.index], e.index < c.x.parameters.length),
  column: compileColumn,
  variable: compileVariable,
  assign: compileAssign,
  system: compileSystem,
  unary: compileUnary,
  binary: compileBinary,
  between: compileBetween,
  in: compileIn,
  'in-query': compileInQuery,
  'compare-query': compileCompareQuery,
  like: compileLike,
  regexp: compileRegexp,
  is: compileIs,
  case: compileCase,
  cast: compileCast,
  'convert-charset': compileConvert,
  collate: compileCollate,
  interval: () => {
    throw sqlError('ER_WRONG_ARGUMENTS', 'INTERVAL');
  },
  call: compileCall,
  aggregate: compileAggregate,
  window: compileWindow,
  row: compileRow,
  subquery: compileSubquery,
  exists: compileExists,
  values: (c, e, scope) =>
    compileColumn(c, { kind: 'column', path: ['VALUES()', e.column], start: e.start, end: e.end }, scope),
  default: (c, e, scope) => compileColumn(c, { kind: 'column', path: [e.column], start: e.start, end: e.end }, scope),
  match: () => {
    throw sqlError('ER_WRONG_ARGUMENTS', 'MATCH');
  },
};
