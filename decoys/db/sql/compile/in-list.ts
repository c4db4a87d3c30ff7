// x IN (…): a list of constants is turned into the left side's kind at once, any other is compared item by item.
// Source: https://dev.mysql.com/doc/refman/9.7/en/comparison-operators.html#operator_in; warnings as recorded from 9.7.
import { TYPE } from '../../wire/constants.ts';
import type { Expression } from '../ast/expression.ts';
import { operandOf, realOperand, wholeOperand } from '../coerce.ts';
import { timeOf } from '../functions/time-argument.ts';
import type { Node, Row, Scope } from '../scope.ts';
import { booleanType, doubleType, intType, isDouble, isInteger, isNull } from '../value/type.ts';
import { compareValues, fromBoolean, toBoolean, type Value } from '../value/value.ts';
import { compileComparison, isNumber, isText, once } from './comparison.ts';
import { type Compiler, literal, NUMERIC, type Of } from './compiler.ts';
import { readsNoRow } from './fixed.ts';

/** Lists up to this long are compared item by item like any other expressions. */
const SHORT_LIST = 16;

/** Whole numbers of so many digits are values as they stand. */
const PLAIN_DIGITS = 18;

/** The value of a literal whose type nobody asks for; undefined where there is more to it. */
function plainInteger(e: Expression): bigint | undefined {
  return e.kind === 'number' && e.form === 'integer' && e.text.length <= PLAIN_DIGITS ? BigInt(e.text) : undefined;
}

/** A long list of literals keeps their values only. */
function compileInConstants(c: Compiler, e: Of<'in'>, operand: Node, scope: Scope): Node {
  const values = e.list.map((item) => plainInteger(item) ?? (c.compile(item, scope).constant as Value));
  const { collation } = operand.type;
  return {
    type: booleanType(operand.type.nullable),
    coercibility: NUMERIC,
    get: (row) => {
      const value = operandOf(operand, row);
      if (value === null) return null;
      c.x.spend(1 + (values.length >> 3));
      return fromBoolean(values.some((item) => compareValues(value, item, collation) === 0) !== e.not);
    },
  };
}

/** Whether a list is turned into the left side's kind at once: constants of one kind, two or more of them. */
function isArray(e: Of<'in'>, operand: Node, items: readonly Node[]): boolean {
  if (operand.row || items.length < 2 || !e.list.every(readsNoRow)) return false;
  const kinds = new Set(items.filter((item) => !isNull(item.type)).map((item) => comparesAs(operand, item)));
  return kinds.size === 1;
}

/** What two operands are compared as. */
function comparesAs(a: Node, b: Node): 'integer' | 'exact' | 'real' | 'text' {
  const numbers = [a, b].filter((node) => isNumber(node.type));
  if (numbers.length === 0) return 'text';
  if (numbers.length === 1 || numbers.some((node) => isDouble(node.type))) return 'real';
  return numbers.every((node) => isInteger(node.type)) ? 'integer' : 'exact';
}

/** Items of a list as numbers, each told of once before any row is read. */
function numbersOf(c: Compiler, operand: Node, items: readonly Node[]): readonly Node[] {
  const whole = isInteger(operand.type);
  return items.map((item) => {
    if (!isText(item)) return item;
    const value = whole ? wholeOperand(item, NO_ROW, c.x) : realOperand(item, NO_ROW, c.x);
    return literal(whole ? intType(21, { nullable: item.type.nullable }) : doubleType(), value);
  });
}

const NO_ROW: Row = { values: [] };

/** The left side of a list, and as a number, each worked out once a row however many items ask. */
function leftSides(c: Compiler, operand: Node): (item: Node) => Node {
  const plain = operand.row ? operand : once(operand);
  if (operand.row || !isText(operand)) return () => plain;
  const real = once({
    ...plain,
    type: doubleType({ nullable: plain.type.nullable }),
    get: (row) => realOperand(plain, row, c.x),
  });
  return (item) => (isNumber(item.type) && !item.digits ? real : plain);
}

/** A text and a time of a list compare as times. */
function asTimes(c: Compiler, operand: Node, items: readonly Node[]): readonly Node[] {
  if (operand.type.type !== TYPE.TIME || items.length < 2 || !items.every(isText)) return items;
  return items.map((item) =>
    isText(item) && typeof item.constant === 'string' ? literal(operand.type, timeOf(item.constant, c.x)) : item,
  );
}

export function compileIn(c: Compiler, e: Of<'in'>, scope: Scope): Node {
  const operand = c.compile(e.operand, scope);
  if (!operand.row && e.list.length > SHORT_LIST && e.bare) return compileInConstants(c, e, operand, scope);
  const given = e.list.map((item) => c.compile(item, scope));
  const real = isArray(e, operand, given) && isNumber(operand.type) && !operand.digits;
  const items = real ? numbersOf(c, operand, given) : asTimes(c, operand, given);
  const left = leftSides(c, operand);
  const tests = items.map((item) => compileComparison(c, '=', left(item), item, items.length > 1));
  return {
    type: booleanType(
      operand.row
        ? tests.some((test) => test.type.nullable)
        : operand.type.nullable || tests.some((test) => test.type.nullable),
    ),
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
