// Operators: arithmetic, logic, bits, dates and intervals.
// Source: https://dev.mysql.com/doc/refman/9.7/en/non-typed-operators.html

import { arithmetic, arithmeticType } from '../arithmetic.ts';
import { realOperand, wholeOperand } from '../coerce.ts';
import { sqlError } from '../errors.ts';
import { printInScope } from '../print-message.ts';
import type { Node, Row, Scope } from '../scope.ts';
import { Decimal } from '../value/decimal.ts';
import {
  booleanType,
  bytesType,
  countType,
  decimalType,
  doubleOf,
  intType,
  isDecimal,
  isInteger,
  isString,
  type SqlType,
} from '../value/type.ts';
import { fromBoolean, toBytes } from '../value/value.ts';
import { compileComparison } from './comparison.ts';
import { type Compiler, condition, literal, NUMERIC, negated, type Of, scalar, truth } from './compiler.ts';
import { compileDateArithmetic } from './date-arithmetic.ts';

export function compileUnary(c: Compiler, e: Of<'unary'>, scope: Scope): Node {
  const operand = scalar(c, e.operand, scope);
  if (e.operator === '+') return operand;
  if (e.operator === 'NOT' || e.operator === '!') {
    condition(c, operand);
    return {
      type: booleanType(operand.type.nullable),
      coercibility: NUMERIC,
      get: (row) => fromBoolean(negated(truth(c, operand, row))),
    };
  }
  if (e.operator === '~') {
    if (isBytes(operand)) return complementOfBytes(operand);
    return {
      type: intType(21, { unsigned: true, nullable: operand.type.nullable }),
      coercibility: NUMERIC,
      get: (row) => {
        const value = wholeOperand(operand, row, c.x);
        return value === null ? null : BigInt.asUintN(64, ~value);
      },
    };
  }
  return compileNegation(c, e, operand, scope);
}

const ZERO: Node = literal(countType(1), 0n);

function compileNegation(c: Compiler, e: Of<'unary'>, operand: Node, scope: Scope): Node {
  const { type } = operand;
  const exact = isInteger(type) || isDecimal(type);
  const constant = operand.constant;
  if (typeof constant === 'bigint') {
    // The negative of a constant that is no BIGINT, or is negative itself, is a decimal.
    const asDecimal = constant < 0n || constant > 2n ** 63n;
    const negative = constant === 2n ** 63n ? -(2n ** 63n) : -constant;
    if (asDecimal)
      return literal(
        decimalType(Math.max(1, type.length - (type.unsigned ? 0 : 1)), 0, { nullable: false }),
        new Decimal(negative, 0),
      );
    return literal(countType(Math.max(2, type.length + (type.unsigned ? 1 : 0))), negative);
  }
  const result = isInteger(type)
    ? intType(Math.max(2, type.length + (type.unsigned ? 1 : 0)), { nullable: type.nullable })
    : isDecimal(type)
      ? { ...type, exactFlags: false, flags: 0 }
      : operand.digits
        ? doubleOf({ ...intType(), nullable: type.nullable })
        : doubleOf(type);
  return {
    type: result,
    coercibility: NUMERIC,
    get: (row) => {
      if (exact) return arithmetic('-', ZERO, operand, row, result, c.x, () => printInScope(c.x, e, scope));
      const value = realOperand(operand, row, c.x);
      return value === null ? null : -value;
    },
  };
}

export const ARITHMETIC = new Set(['+', '-', '*', '/', '%', 'MOD', 'DIV']);
export const BITS = new Set(['|', '&', '^', '<<', '>>']);

/** The type of an operation under the session's modes: a difference may be signed, a quotient has more digits or fewer. */
function operatorType(c: Compiler, operator: string, left: Node, right: Node): SqlType {
  const { session } = c.x;
  if (operator === '/')
    return arithmeticType(operator, left, right, Number(session.readVariable('div_precision_increment', '').value));
  const type = arithmeticType(operator, left, right);
  if (operator !== '-' || !isInteger(type) || !type.unsigned) return type;
  return session.sqlMode().includes('NO_UNSIGNED_SUBTRACTION')
    ? { ...type, unsigned: false, length: type.length + (type.length < 22 ? 1 : 0) }
    : type;
}

export function compileBinary(c: Compiler, e: Of<'binary'>, scope: Scope): Node {
  if (e.right.kind === 'interval') return compileDateArithmetic(c, e, e.right, scope);
  if (e.operator === 'AND' || e.operator === 'OR' || e.operator === 'XOR') return compileLogic(c, e, scope);
  if (ARITHMETIC.has(e.operator)) {
    const [left, right] = [scalar(c, e.left, scope), scalar(c, e.right, scope)];
    const type = operatorType(c, e.operator, left, right);
    return {
      type,
      coercibility: NUMERIC,
      get: (row) => {
        c.x.spend(1);
        return arithmetic(e.operator, left, right, row, type, c.x, () => printInScope(c.x, e, scope));
      },
    };
  }
  if (BITS.has(e.operator)) return compileBits(c, e, scope);
  return compileComparison(c, e.operator, c.compile(e.left, scope), c.compile(e.right, scope), false, e);
}

function compileLogic(c: Compiler, e: Of<'binary'>, scope: Scope): Node {
  const [left, right] = [condition(c, scalar(c, e.left, scope)), condition(c, scalar(c, e.right, scope))];
  const type = booleanType(left.type.nullable || right.type.nullable);
  const evaluators: Record<string, (row: Row) => boolean | null> = {
    AND: (row) => {
      const a = truth(c, left, row);
      if (a === false) return false;
      const b = truth(c, right, row);
      return b === false ? false : a === null || b === null ? null : true;
    },
    OR: (row) => {
      const a = truth(c, left, row);
      if (a === true) return true;
      const b = truth(c, right, row);
      return b === true ? true : a === null || b === null ? null : false;
    },
    XOR: (row) => {
      const [a, b] = [truth(c, left, row), truth(c, right, row)];
      return a === null || b === null ? null : a !== b;
    },
  };
  const evaluate = evaluators[e.operator] as (row: Row) => boolean | null;
  return { type, coercibility: NUMERIC, get: (row) => fromBoolean(evaluate(row)) };
}

/** A binary string, other than a hexadecimal or bit literal: bits of it are operated on as bytes. */
function isBytes(node: Node): boolean {
  return isString(node.type) && !node.type.text && !node.digits;
}

const asBytes = (node: Node, row: Row): Buffer | null => toBytes(node.get(row));

function complementOfBytes(operand: Node): Node {
  return {
    type: bytesType(operand.type.length, { nullable: operand.type.nullable }),
    coercibility: operand.coercibility,
    quiet: true,
    get: (row) => {
      const bytes = asBytes(operand, row);
      return bytes && Buffer.from(bytes.map((byte) => ~byte & 255));
    },
  };
}

const BYTE_OPERATIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '|': (a, b) => a | b,
  '&': (a, b) => a & b,
  '^': (a, b) => a ^ b,
};

/** Moves the bits of all bytes together; what leaves at either end is gone. */
function shiftBytes(bytes: Buffer, by: bigint, left: boolean): Buffer {
  const width = BigInt(bytes.length * 8);
  if (bytes.length === 0) return bytes;
  const value = BigInt(`0x${bytes.toString('hex')}`);
  const moved = by < 0n || by >= width ? 0n : left ? BigInt.asUintN(Number(width), value << by) : value >> by;
  return Buffer.from(moved.toString(16).padStart(bytes.length * 2, '0'), 'hex');
}

function compileByteBits(c: Compiler, e: Of<'binary'>, left: Node, right: Node): Node {
  const operation = BYTE_OPERATIONS[e.operator];
  return {
    type: bytesType(left.type.length, { nullable: left.type.nullable || right.type.nullable }),
    coercibility: left.coercibility,
    quiet: true,
    get: (row) => {
      const a = asBytes(left, row);
      if (!operation) {
        const by = wholeOperand(right, row, c.x);
        if (a === null || by === null) return null;
        c.x.spend(1 + (a.length >> 3));
        return a.length > SHIFTED_BYTES ? a : shiftBytes(a, by, e.operator === '<<');
      }
      const b = asBytes(right, row);
      if (a === null || b === null) return null;
      if (a.length !== b.length) throw sqlError('ER_INVALID_BITWISE_OPERANDS_SIZE');
      c.x.spend(1 + (a.length >> 3));
      return Buffer.from(a.map((byte, at) => operation(byte, b[at] as number)));
    },
  };
}

/** Longest binary string whose bits are shifted; a longer one is given back as it is. */
const SHIFTED_BYTES = 4_096;

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
  if (isBytes(left) && (isBytes(right) || e.operator.length === 2)) return compileByteBits(c, e, left, right);
  return {
    type: intType(21, { unsigned: true, nullable: left.type.nullable || right.type.nullable }),
    coercibility: NUMERIC,
    get: (row) => {
      const a = wholeOperand(left, row, c.x);
      const b = a === null ? null : wholeOperand(right, row, c.x);
      return a === null || b === null
        ? null
        : BigInt.asUintN(64, operation(BigInt.asUintN(64, a), BigInt.asUintN(64, b)));
    },
  };
}
