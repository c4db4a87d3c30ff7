// Functions that choose among their arguments: IF, COALESCE, GREATEST and their kin.
// Source: https://dev.mysql.com/doc/refman/9.7/en/flow-control-functions.html
import type { Execution } from '../execution.ts';
import { countType, isNull, isString, mergeTypes, NOT_SPECIFIED, type SqlType } from '../value/type.ts';
import { compareValues, fromBoolean, toBoolean, toText, type Value } from '../value/value.ts';
import { anyNullable, type FunctionTable, MANY } from './function.ts';

/** The same type as a value of an expression: what its table told of the column beside that is gone. */
function anyOf(type: SqlType): SqlType {
  const { nullable, unsigned } = type;
  const plain = { ...type, members: undefined, exactFlags: false, flags: 0, nullable, unsigned };
  return isString(type) ? { ...plain, decimals: NOT_SPECIFIED } : plain;
}

export const CONTROL_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  ANY_VALUE: {
    args: [1, 1],
    type: ([arg]) => anyOf(arg as SqlType),
    evaluate: ([value]) => value as Value,
  },
  ISNULL: { args: [1, 1], type: () => countType(1), evaluate: ([value]) => fromBoolean(value === null) },
  IF: {
    args: [3, 3],
    type: ([, yes, no]) => mergeTypes([yes as SqlType, no as SqlType]),
    evaluate: ([condition, yes, no]) => (toBoolean(condition as Value) ? (yes as Value) : (no as Value)),
  },
  IFNULL: {
    args: [2, 2],
    type: ([a, b]) => ({
      ...mergeTypes([a as SqlType, b as SqlType]),
      nullable: (a as SqlType).nullable && (b as SqlType).nullable,
    }),
    evaluate: ([a, b]) => (a === null ? (b as Value) : (a as Value)),
  },
  COALESCE: {
    args: [1, MANY],
    type: (args) => ({ ...mergeTypes(args), nullable: args.every((type) => type.nullable) }),
    evaluate: (args) => args.find((value) => value !== null) ?? null,
  },
  NULLIF: {
    args: [2, 2],
    type: ([a]) => ({ ...(a as SqlType), nullable: true, flags: 0, exactFlags: false }),
    // The compiler compares: it answers by itself.
    evaluate: ([a]) => a as Value,
  },
  GREATEST: {
    args: [2, MANY],
    strict: true,
    rescales: true,
    type: extreme,
    evaluate: (args, x, types) => pick(args, types, 1, x),
  },
  LEAST: {
    args: [2, MANY],
    strict: true,
    rescales: true,
    type: extreme,
    evaluate: (args, x, types) => pick(args, types, -1, x),
  },
};

function extreme(args: readonly SqlType[]): SqlType {
  return { ...mergeTypes(args), nullable: anyNullable(args) };
}

/** Numbers among text are compared as text. */
function pick(args: readonly Value[], types: readonly SqlType[], sign: 1 | -1, x: Execution): Value {
  const textual = types.some((type) => isString(type)) && !types.every((type) => isNull(type));
  const values = textual ? args.map((value) => (Buffer.isBuffer(value) ? value : toText(value))) : args;
  const collation = types.find((type) => type.text)?.collation ?? x.session.connectionCollation();
  return values.reduce((best, value) => ((compareValues(value, best, collation) as number) * sign > 0 ? value : best));
}
