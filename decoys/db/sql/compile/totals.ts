// Aggregates, those of windows aside, and GROUPING.

import { aggregateType } from '../aggregate.ts';
import { numericType } from '../arithmetic.ts';
import { operandOf } from '../coerce.ts';
import { sqlError } from '../errors.ts';
import { printExpression } from '../print-message.ts';
import type { Node, Scope } from '../scope.ts';
import { intType, isString, jsonType } from '../value/type.ts';
import type { Value } from '../value/value.ts';
import { jsonOperand } from './calls.ts';
import { aggregated } from './collations.ts';
import { type Compiler, NUMERIC, type Of, scalar } from './compiler.ts';
import { compileWindow } from './windows.ts';

/** Totals that take texts as they are, and no hexadecimal literal for a number. */
const KEEPING_TEXT: ReadonlySet<string> = new Set([
  ...['MIN', 'MAX', 'COUNT', 'GROUP_CONCAT', 'JSON_ARRAYAGG', 'JSON_OBJECTAGG', 'ANY_VALUE'],
]);

/** An argument as a total takes it: of most a hexadecimal literal is a number; in JSON a truth is one. */
function totalled(c: Compiler, name: string, node: Node): Node {
  if (name.startsWith('JSON_') && node.type.boolean)
    return { ...node, type: jsonType(), get: (row) => jsonOperand(node, row) };
  if (node.type.members && !KEEPING_TEXT.has(name)) return { ...node, get: (row) => operandOf(node, row, c.x) };
  if (!node.digits || KEEPING_TEXT.has(name)) return node;
  return { ...node, digits: false, type: numericType(node), get: (row) => operandOf(node, row, c.x) };
}

export function compileAggregate(c: Compiler, e: Of<'aggregate'>, scope: Scope): Node {
  if (e.over) return compileWindow(c, e, scope);
  const slots = scope.aggregates;
  if (!slots || scope.insideAggregate) throw sqlError('ER_INVALID_GROUP_FUNC_USE');
  scope.insideAggregate = true;
  const taken = e.args.map((arg) => totalled(c, e.name, scalar(c, arg, scope)));
  const args = e.name === 'GROUP_CONCAT' ? aggregated(taken, 'group_concat') : taken;
  const order = e.order.map((item) => ({ node: scalar(c, item.expression, scope), descending: item.descending }));
  scope.insideAggregate = false;
  const type = aggregateType(
    e.name,
    args.map((arg) => arg.type),
    c.x.session,
  );
  const at = slots.length;
  slots.push({ expression: e, args, order, type });
  const coercibility = type.text ? Math.min(2, ...args.map((arg) => arg.coercibility)) : NUMERIC;
  const quiet = (e.name === 'MIN' || e.name === 'MAX') && isString(type);
  return { type, coercibility, quiet, get: (row) => (row.aggregates?.[at] ?? null) as Value };
}

/** GROUPING(a, b): a bit for each argument the row is a total over. */
export function compileGrouping(_c: Compiler, e: Of<'grouping'>, scope: Scope): Node {
  const group = scope.grouping;
  if (!group || group.length === 0) throw sqlError('ER_WRONG_ARGUMENTS', 'GROUPING function');
  const places = e.args.map((arg, at) => {
    const place = group.findIndex((other) => printExpression(other) === printExpression(arg));
    if (place < 0) throw sqlError('ER_FIELD_IN_GROUPING_NOT_GROUP_BY', at + 1);
    return place;
  });
  return {
    type: intType(21),
    coercibility: NUMERIC,
    get: (row) =>
      places.reduce((bits, place) => bits * 2n + ((row.rolled ?? 0) > group.length - 1 - place ? 1n : 0n), 0n),
  };
}
