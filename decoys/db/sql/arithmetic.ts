// + - * / DIV % on values, and the types of their results.
// Source: https://dev.mysql.com/doc/refman/9.7/en/arithmetic-functions.html; lengths as recorded from 9.7.
import { TYPE } from '../wire/constants.ts';
import { exactOperand, realOperand, wholeOperand } from './coerce.ts';
import { sqlError } from './errors.ts';
import type { Execution } from './execution.ts';
import type { Node, Row } from './scope.ts';
import {
  addDecimals,
  Decimal,
  divideDecimals,
  moduloDecimals,
  multiplyDecimals,
  pow10,
  subtractDecimals,
  truncate,
} from './value/decimal.ts';
import {
  decimalType,
  digitsOf,
  doubleOfOperands,
  doubleType,
  intType,
  isDouble,
  isInteger,
  isNull,
  isString,
  isTemporal,
  NOT_SPECIFIED,
  type SqlType,
  textLength,
} from './value/type.ts';
import type { Value } from './value/value.ts';

const MIN_INT = -(2n ** 63n);
const MAX_INT = 2n ** 63n - 1n;
const MAX_UINT = 2n ** 64n - 1n;
const DIVISION_DIGITS = 4;

/** Digits of the largest integer of so many bytes. */
const BYTES_DIGITS = [1, 3, 5, 8, 10, 13, 15, 17, 20];

/** Digits of a date, a time and a date-time as numbers. */
const TEMPORAL_DIGITS: Readonly<Record<number, number>> = { [TYPE.DATE]: 8, [TYPE.TIME]: 7 };
const DATETIME_DIGITS = 14;

/** How an operand takes part: hexadecimal literals and times are integers, text is a double, NULL a double without digits. */
export function numericType(node: Node): SqlType {
  const { type } = node;
  if (node.unbound) return intType(21);
  if (node.digits) {
    const digits = BYTES_DIGITS[type.length] ?? 20;
    return intType(type.unsigned ? digits : digits + 1, { unsigned: type.unsigned, nullable: type.nullable });
  }
  if (isTemporal(type)) {
    const digits = TEMPORAL_DIGITS[type.type] ?? DATETIME_DIGITS;
    return type.decimals > 0
      ? decimalType(digits + type.decimals, type.decimals, { nullable: type.nullable })
      : intType(digits + 1, { nullable: type.nullable });
  }
  if (isNull(type)) return doubleType({ length: 0, decimals: 0 });
  if (isString(type) || type.text) return doubleType({ nullable: type.nullable });
  return type;
}

/** A double divided: its fraction grows as a decimal's would, where it is of fixed length. */
function quotientOf(left: SqlType, right: SqlType, division: number): SqlType {
  const decimals = Math.max(left.decimals, right.decimals) + division;
  if (decimals >= NOT_SPECIFIED) return doubleType();
  return doubleType({ decimals, length: left.length - left.decimals + decimals });
}

/** Digits DIV may keep: text has as many as it has characters. */
function wholeDigits(node: Node, digits: { readonly whole: number }): number {
  if (isNull(node.type)) return 0;
  if (node.digits) return digits.whole;
  return isString(node.type) || node.type.text ? textLength(node.type) : digits.whole;
}

/** Digits the divisor's fraction adds: of text as many as it has characters. */
function fractionDigits(node: Node, digits: { readonly scale: number }): number {
  if (node.digits || isNull(node.type)) return 0;
  if (isString(node.type) || node.type.text) return textLength(node.type);
  return isDouble(node.type) ? NOT_SPECIFIED : digits.scale;
}

/** `division` is the digits a quotient has more than its dividend. */
export function arithmeticType(operator: string, leftNode: Node, rightNode: Node, division = DIVISION_DIGITS): SqlType {
  const [left, right] = [numericType(leftNode), numericType(rightNode)];
  const nullable = left.nullable || right.nullable;
  const integers = isInteger(left) && isInteger(right);
  const doubles = isDouble(left) || isDouble(right);
  const unsigned = left.unsigned || right.unsigned;
  const [a, b] = [digitsOf(left), digitsOf(right)];
  switch (operator) {
    case '/':
      if (doubles) return quotientOf(left, right, division);
      return decimalType(
        Math.min(65, a.whole + b.scale + Math.min(30, a.scale + division)),
        Math.min(30, a.scale + division),
      );
    case 'DIV': {
      const grown = wholeDigits(leftNode, a) + fractionDigits(rightNode, b) + (unsigned ? 0 : 1);
      return intType(Math.min(unsigned ? 21 : 22, grown), { unsigned });
    }
    case '%':
    case 'MOD':
      if (integers) return intType(Math.max(left.length, right.length), { unsigned: left.unsigned });
      if (doubles) return doubleOfOperands(left, right, true);
      return decimalType(Math.max(a.whole + a.scale, b.whole + b.scale), Math.max(a.scale, b.scale));
    case '*':
      if (integers) return intType(a.whole + b.whole + (unsigned ? 0 : 1), { nullable, unsigned });
      if (doubles) return doubleOfOperands(left, right, nullable);
      return decimalType(
        Math.min(65, a.whole + b.whole + Math.min(30, a.scale + b.scale)),
        Math.min(30, a.scale + b.scale),
        { nullable },
      );
    default:
      if (integers) return intType(Math.max(a.whole, b.whole) + (unsigned ? 1 : 2), { nullable, unsigned });
      if (doubles) return doubleOfOperands(left, right, nullable);
      return decimalType(Math.max(a.whole, b.whole) + 1 + Math.max(a.scale, b.scale), Math.max(a.scale, b.scale), {
        nullable,
      });
  }
}

function inRange(value: bigint, unsigned: boolean, print: () => string): bigint {
  const fits = unsigned ? value >= 0n && value <= MAX_UINT : value >= MIN_INT && value <= MAX_INT;
  if (!fits) throw sqlError('ER_DATA_OUT_OF_RANGE', unsigned ? 'BIGINT UNSIGNED' : 'BIGINT', print());
  return value;
}

function divisionByZero(x: Execution): null {
  if (x.session.sqlMode().includes('ERROR_FOR_DIVISION_BY_ZERO')) x.warn('ER_DIVISION_BY_ZERO');
  return null;
}

function onIntegers(operator: string, a: bigint, b: bigint, type: SqlType, x: Execution, print: () => string): Value {
  switch (operator) {
    case '+':
      return inRange(a + b, type.unsigned, print);
    case '-':
      return inRange(a - b, type.unsigned, print);
    case '*':
      return inRange(a * b, type.unsigned, print);
    case 'DIV':
      return b === 0n ? divisionByZero(x) : inRange(a / b, type.unsigned, print);
    default:
      return b === 0n ? divisionByZero(x) : a % b;
  }
}

function onDecimals(operator: string, a: Decimal, b: Decimal, type: SqlType, x: Execution): Value {
  switch (operator) {
    case '+':
      return addDecimals(a, b);
    case '-':
      return subtractDecimals(a, b);
    case '*':
      return multiplyDecimals(a, b);
    case '/':
      return divideDecimals(a, b, Math.max(0, type.decimals - a.scale)) ?? divisionByZero(x);
    case 'DIV': {
      const quotient = divideDecimals(a, b);
      return quotient ? truncate(quotient, 0).units : divisionByZero(x);
    }
    default:
      return moduloDecimals(a, b) ?? divisionByZero(x);
  }
}

function onDoubles(operator: string, a: number, b: number, x: Execution, print: () => string): Value {
  if ((operator === '/' || operator === '%' || operator === 'MOD') && b === 0) return divisionByZero(x);
  const results: Readonly<Record<string, () => number>> = {
    '+': () => a + b,
    '-': () => a - b,
    '*': () => a * b,
    '/': () => a / b,
  };
  const result = results[operator]?.() ?? a % b;
  if (!Number.isFinite(result)) throw sqlError('ER_DATA_OUT_OF_RANGE', 'DOUBLE', print());
  return result;
}

/** A decimal's whole part is below this. */
const MAX_WHOLE = 10n ** 81n;

function checkDecimal(value: Value, print: () => string): Value {
  if (value instanceof Decimal && (value.units < 0n ? -value.units : value.units) / pow10(value.scale) >= MAX_WHOLE)
    throw sqlError('ER_DATA_OUT_OF_RANGE', 'DECIMAL', print());
  return value;
}

/** NULL where an operand is. `print` gives the expression as error 1690 shows it. */
export function arithmetic(
  operator: string,
  left: Node,
  right: Node,
  row: Row,
  type: SqlType,
  x: Execution,
  print: () => string,
): Value {
  const whole = operator === 'DIV' ? isInteger(numericType(left)) && isInteger(numericType(right)) : isInteger(type);
  if (whole) {
    const [a, b] = [wholeOperand(left, row, x), wholeOperand(right, row, x)];
    return a === null || b === null ? null : onIntegers(operator, a, b, type, x, print);
  }
  if (operator !== 'DIV' && isDouble(type)) {
    const [a, b] = [realOperand(left, row, x), realOperand(right, row, x)];
    return a === null || b === null ? null : onDoubles(operator, a, b, x, print);
  }
  const a = exactOperand(left, row, x);
  const b = a && exactOperand(right, row, x);
  if (!a || !b) return null;
  const made = onDecimals(operator, a, b, type, x);
  if (typeof made === 'bigint') return inRange(made, type.unsigned, print);
  return checkDecimal(made, print);
}
