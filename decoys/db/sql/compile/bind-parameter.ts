// A parameter with the value it was given: of the type its place asks for, or else of its own, which it then keeps.
// Source: https://dev.mysql.com/doc/refman/9.7/en/prepare.html (derived data types), with what a live 9.7.4 converts.
import { parameterNode, parameterType } from '../../session/parameter.ts';
import { TYPE } from '../../wire/constants.ts';
import type { Execution } from '../execution.ts';
import type { Node } from '../scope.ts';
import { Decimal, rescale } from '../value/decimal.ts';
import { Temporal } from '../value/temporal.ts';
import { isInteger, isString } from '../value/type.ts';
import { toDecimal } from '../value/value.ts';
import { boundValue } from './bound-value.ts';
import { LITERAL, NUMERIC } from './compiler.ts';
import { DECIMAL, MOMENT, textOf, widest } from './parameter-types.ts';

/** The node of the parameter at `index`, which has a value. Throws 1292 as `boundValue` does. */
export function bindParameter(x: Execution, index: number): Node {
  const value = x.parameters[index] ?? null;
  const told = x.parameterTypes[index];
  const collation = x.session.connectionCollation();
  const derived = x.derivedTypes.get(index);
  const text = told?.text ? told : textOf(collation);
  if (!derived && (value === null || typeof value === 'string')) return parameterNode(value, collation, text);
  const bound = derived && boundValue(x, value, derived, told);
  if (bound !== undefined && derived) {
    const moment = derived.type === TYPE.DATE && bound instanceof Temporal && bound.kind === 'datetime';
    if (moment) x.prepareFor(index, MOMENT);
    return {
      type: moment ? MOMENT : derived,
      get: () => bound,
      constant: bound,
      coercibility: typeof bound === 'string' ? LITERAL : NUMERIC,
    };
  }
  const own = told ?? parameterType(value, collation);
  const type = isString(own) ? own : widest(own);
  x.prepareFor(index, isString(own) && own.text ? text : type);
  // A text that is a number is as wide as one, and still what its place asks for.
  const number = derived && isInteger(derived) && typeof value === 'string' ? toDecimal(value) : undefined;
  if (number) {
    x.prepareFor(index, DECIMAL);
    const scaled = rescale(number, DECIMAL.decimals);
    return { type: DECIMAL, get: () => scaled, constant: scaled, coercibility: NUMERIC };
  }
  const kept = derived && value instanceof Decimal ? rescale(value, DECIMAL.decimals) : value;
  return parameterNode(kept, collation, told && isString(told) ? told : type);
}
