// Comparisons: = < BETWEEN IN LIKE REGEXP IS, of values and of rows.
// Source: https://dev.mysql.com/doc/refman/9.7/en/comparison-operators.html
import { TYPE } from '../../wire/constants.ts';
import type { Expression } from '../ast/expression.ts';
import { operandOf, realOperand } from '../coerce.ts';
import { sqlError } from '../errors.ts';
import { dateOf, tellOdd } from '../functions/time-argument.ts';
import type { Node, Row, Scope } from '../scope.ts';
import { Json } from '../value/json.ts';
import { Temporal } from '../value/temporal.ts';
import { readDate } from '../value/temporal-text.ts';
import {
  booleanType,
  isDecimal,
  isDouble,
  isInteger,
  isJson,
  isString,
  isTemporal,
  type SqlType,
} from '../value/type.ts';
import { compareValues, fromBoolean, toBoolean, type Value, written } from '../value/value.ts';
import { aggregated, checkMix, stronger } from './collations.ts';
import { type Compiler, condition, NUMERIC, negated, type Of, scalar, truth } from './compiler.ts';

export function collationOf(a: Node, b: Node): string {
  if (a.type.text && b.type.text && !isJson(a.type) && !isJson(b.type)) return (stronger(a, b) ?? a).type.collation;
  if (a.coercibility !== b.coercibility) return a.coercibility < b.coercibility ? a.type.collation : b.type.collation;
  if (!a.type.text) return b.type.collation;
  if (!b.type.text || a.type.collation === b.type.collation) return a.type.collation;
  return a.type.collation.endsWith('_bin')
    ? a.type.collation
    : b.type.collation.endsWith('_bin')
      ? b.type.collation
      : a.type.collation;
}

export const COMPARE: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '<>': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** A text beside a date has to be one: error 1525 says so before any row is read; in a list of several, warning 1292. */
function checkTemporal(c: Compiler, temporal: Node, other: Node, listed = false): void {
  if (!isTemporal(temporal.type) || temporal.type.type === TYPE.TIME || typeof other.constant !== 'string') return;
  const name = temporal.type.type === TYPE.DATE ? 'DATE' : 'DATETIME';
  const read = readDate(other.constant);
  if (!read.value || read.truncated)
    c.x.warn('ER_TRUNCATED_WRONG_VALUE', name.toLowerCase(), other.constant.slice(0, 128));
  if (read.value) tellOdd(other.constant, read.odd, c.x);
  else if (!listed) throw sqlError('ER_WRONG_VALUE', name, other.constant.slice(0, 128));
}

/** A time beside a text is text too, where it is no column's. */
function comparedAsText(a: Node, b: Node): boolean {
  const time = (node: Node) => node.type.type === TYPE.TIME && !node.column;
  return (time(a) && isText(b)) || (time(b) && isText(a));
}

/** A time beside a date is that time of today. */
function todayAt(value: Value, c: Compiler): Value {
  return value instanceof Temporal && value.kind === 'time' ? dateOf(value, c.x) : value;
}

const isMoment = (type: SqlType): boolean => isTemporal(type) && type.type !== TYPE.TIME;

export const isNumber = (type: SqlType): boolean => isInteger(type) || isDecimal(type) || isDouble(type);
export const isText = (node: Node): boolean =>
  !node.digits && (isString(node.type) || node.type.text) && !isJson(node.type);

/** An operand beside a document: a truth is true or false there. */
function inJson(node: Node, row: Row): Value {
  const value = node.get(row);
  return node.type.boolean && typeof value === 'bigint' ? new Json(value !== 0n) : value;
}

/** Order of two operands; hexadecimal literals are numbers beside numbers, and so is text. */
function comparer(a: Node, b: Node, c: Compiler, e?: Expression): (row: Row) => number | null {
  const collation = collationOf(a, b);
  const asNumber = (a.digits && isNumber(b.type)) || (b.digits && isNumber(a.type));
  const asReal = (isText(a) && isNumber(b.type)) || (isText(b) && isNumber(a.type));
  if (comparedAsText(a, b))
    return (row) => compareValues(written(a.get(row), a.type), written(b.get(row), b.type), collation);
  if (isMoment(a.type) !== isMoment(b.type) && isTemporal(a.type) && isTemporal(b.type))
    return (row) => compareValues(todayAt(a.get(row), c), todayAt(b.get(row), c), collation);
  if (isJson(a.type) || isJson(b.type)) return (row) => compareValues(inJson(a, row), inJson(b, row), collation);
  const real = (node: Node, other: Node, row: Row) =>
    e && other.column && typeof node.constant === 'string'
      ? c.x.knownReal(e, () => realOperand(node, row, c.x))
      : realOperand(node, row, c.x);
  return (row) => {
    c.x.spend(1);
    if (asNumber) return compareValues(operandOf(a, row, c.x), operandOf(b, row, c.x), collation);
    if (asReal) {
      const x = real(a, b, row);
      const y = x === null ? null : real(b, a, row);
      return x === null || y === null ? null : x < y ? -1 : x > y ? 1 : 0;
    }
    return compareValues(a.get(row), b.get(row), collation);
  };
}

/** `listed` is one of several tests of one operand; `e` is the comparison as it is written, of which a text beside a number is read once. */
export function compileComparison(
  c: Compiler,
  operator: string,
  left: Node,
  right: Node,
  listed = false,
  e?: Expression,
): Node {
  if (left.row || right.row) return compileRowComparison(c, operator, left, right);
  checkMix(operator, left, right);
  checkTemporal(c, left, right, listed);
  checkTemporal(c, right, left, listed);
  const compare = comparer(left, right, c, e);
  if (operator === '<=>') {
    return {
      type: booleanType(false),
      coercibility: NUMERIC,
      get: (row) => {
        const order = compare(row);
        if (order !== null) return fromBoolean(order === 0);
        return fromBoolean(left.get(row) === null && right.get(row) === null);
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
    type: booleanType(pairs.some((pair) => pair.type.nullable)),
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

/** A node that gives one value for each row, however often it is asked in turn. */
export function once(node: Node): Node {
  let last: { readonly row: Row; readonly value: Value } | undefined;
  return {
    ...node,
    get: (row) => {
      if (last?.row !== row) last = { row, value: node.get(row) };
      return last.value;
    },
  };
}

export function compileBetween(c: Compiler, e: Of<'between'>, scope: Scope): Node {
  const nodes = [scalar(c, e.operand, scope), scalar(c, e.low, scope), scalar(c, e.high, scope)];
  const [operand, low, high] = (nodes.every((node) => node.type.text) ? aggregated(nodes, 'between') : nodes) as [
    Node,
    Node,
    Node,
  ];
  const type = booleanType(nodes.some((node) => node.type.nullable));
  if (nodes.some((node) => isJson(node.type)))
    c.x.warn('ER_NOT_SUPPORTED_YET', 'comparison of JSON in the BETWEEN operator');
  const decide = (a: number | null, b: number | null) => {
    const inside = (a !== null && a < 0) || (b !== null && b > 0) ? false : a === null || b === null ? null : true;
    return fromBoolean(e.not ? negated(inside) : inside);
  };
  const order = (a: number | null, b: number | null) => (a === null || b === null ? null : a < b ? -1 : a > b ? 1 : 0);
  const numbers = nodes.some((node) => isNumber(node.type) && !node.digits);
  if (
    numbers &&
    nodes.some((node) => isText(node) || isJson(node.type)) &&
    !nodes.some((node) => isTemporal(node.type))
  ) {
    return {
      type,
      coercibility: NUMERIC,
      get: (row) => {
        const value = realOperand(operand, row, c.x);
        if (value === null) return null;
        return decide(order(value, realOperand(low, row, c.x)), order(value, realOperand(high, row, c.x)));
      },
    };
  }
  const kept = once(operand);
  const [below, above] = [comparer(kept, low, c), comparer(kept, high, c)];
  return { type, coercibility: NUMERIC, get: (row) => decide(below(row), above(row)) };
}

export function compileIs(c: Compiler, e: Of<'is'>, scope: Scope): Node {
  const operand = scalar(c, e.operand, scope);
  if (e.what === 'true' || e.what === 'false') condition(c, operand);
  const tests: Record<string, (row: Row) => boolean> = {
    null: (row) => operand.get(row) === null,
    unknown: (row) => operand.get(row) === null,
    true: (row) => truth(c, operand, row) === true,
    false: (row) => truth(c, operand, row) === false,
  };
  const test = tests[e.what] as (row: Row) => boolean;
  return {
    type: booleanType(false),
    coercibility: NUMERIC,
    get: (row) => fromBoolean(test(row) !== e.not),
  };
}
