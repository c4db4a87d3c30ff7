// Calls of functions.

import type { Expression } from '../ast/expression.ts';
import { exactOperand, operandOf, realOperand, wholeOperand } from '../coerce.ts';
import { sqlError } from '../errors.ts';
import { JSON_BYTES_A_STEP } from '../execution.ts';
import type { FunctionEntry } from '../functions/function.ts';
import { isInternalFunction, isNullUnderStrictOnly, nativeFunction } from '../functions/native.ts';
import { seededRandom } from '../functions/number.ts';
import { keptName } from '../print-call.ts';
import { printInScope } from '../print-message.ts';
import type { Node, Row, Scope } from '../scope.ts';
import { encodeText, findCollation } from '../value/charset.ts';
import { type Decimal, rescale } from '../value/decimal.ts';
import { Json } from '../value/json.ts';
import { doubleType, isDecimal, isInteger, isJson, isString, type SqlType } from '../value/type.ts';
import { toDecimal, type Value, written } from '../value/value.ts';
import { namesColumn } from '../walk.ts';
import { aggregatedArguments, coercibilityOf } from './collations.ts';
import { compileComparison } from './comparison.ts';
import { type Compiler, NUMERIC, type Of, scalar, truth } from './compiler.ts';
import { conform } from './conversions.ts';
import { changesEachTime, knownWhileRead, readsNoRow } from './fixed.ts';

export function compileCall(c: Compiler, e: Of<'call'>, scope: Scope): Node {
  const { changes } = c.x.session.server.options.persona;
  const entry = e.schema === '' && !e.name.endsWith(' ') ? nativeFunction(e.name, changes) : undefined;
  if (!entry && e.schema === '' && isInternalFunction(e.name))
    throw sqlError('ER_NO_ACCESS_TO_NATIVE_FCT', e.name.toLowerCase());
  if (!entry) return compileStored(c, e, scope);
  const [fewest, most] = entry.args;
  const odd = entry.pairsFrom !== undefined && (e.args.length - entry.pairsFrom) % 2 === 1;
  if (odd || e.args.length < fewest || e.args.length > most)
    throw sqlError('ER_WRONG_PARAMCOUNT_TO_NATIVE_FCT', e.name);
  const upper = e.name.toUpperCase();
  const args = aggregatedArguments(
    upper,
    e.args.map((arg) => scalar(c, arg, scope)),
  );
  const types = args.map((arg) => arg.type);
  const known = args.map((arg) => (arg.constant === undefined ? null : arg.constant));
  for (const at of entry.sizedBy ?? []) {
    const arg = e.args[at];
    if (arg && knownWhileRead(arg)) known[at] = wholeOperand(args[at] as Node, NO_ROW, c.x);
  }
  for (const at of entry.knows ?? []) {
    const arg = e.args[at];
    if (arg && knownWhileRead(arg)) known[at] = (args[at] as Node).get(NO_ROW);
  }
  const type = entry.type(types, known, c.x);
  const coercibility = coercibilityOf(upper, args, type.text || isString(type));
  if (upper === 'IF') return compileIf(c, args, type, coercibility);
  if (upper === 'NULLIF') return compileNullIf(c, args, type, coercibility);
  if (upper === 'COALESCE' || upper === 'IFNULL') return compileCoalesce(args, type, coercibility);
  if (upper === 'COERCIBILITY') return literalOf(type, BigInt(args[0]?.coercibility ?? 6));
  if (upper === 'RAND' && args[0]) return compileSeededRandom(c, args[0], e.args[0] as Expression);
  if (upper === 'NAME_CONST' && !(isLiteral(e.args[0] as Expression) && isLiteral(e.args[1] as Expression)))
    throw sqlError('ER_WRONG_ARGUMENTS', 'NAME_CONST');
  const printed = e.args.map((arg) => () => printInScope(c.x, arg, scope));
  if (upper === 'JSON_MERGE')
    c.x.warn('ER_WARN_DEPRECATED_SYNTAX', 'JSON_MERGE', 'JSON_MERGE_PRESERVE/JSON_MERGE_PATCH');
  entry.checkTypes?.(types, printed);
  entry.check?.(args.map((arg, at) => (readsNoRow(e.args[at] as Expression) ? arg.get(NO_ROW) : undefined)));
  if (entry.fixed) expectFixed(entry.fixed, e.args, args, scope);
  const bytesAStep = upper.startsWith('JSON_') || upper === 'MEMBER OF' ? JSON_BYTES_A_STEP : undefined;
  const takes = entry.takes ?? ' ';
  const label = args.find((arg) => isJson(arg.type))?.label ?? '';
  return {
    type:
      c.x.session.strict() ||
      types.some((arg) => arg.nullable) ||
      !isNullUnderStrictOnly(
        upper,
        args.every((arg) => arg.constant !== undefined),
      )
        ? type
        : { ...type, nullable: false },
    coercibility,
    label: keptName(e.name),
    moment: entry.moment === true && isString(type),
    quiet: EXTREMES.has(upper) && isString(type),
    get: (row) => {
      const values: Value[] = [];
      for (let at = 0; at < args.length; at++) {
        const value = argument(c, args[at] as Node, taken(takes, at), row);
        if (entry.early && value === null) return null;
        values.push(value);
      }
      c.x.examine(values, bytesAStep);
      if (entry.strict && values.includes(null)) return null;
      if (entry.ofBytes) values[0] = inOwnCharset(values[0] as Value, types[0] as SqlType);
      c.x.label = label;
      const made = entry.evaluate(values, c.x, types, printed);
      if (typeof made === 'number' && !Number.isFinite(made)) {
        if (Number.isNaN(made)) return null;
        throw sqlError(
          'ER_DATA_OUT_OF_RANGE',
          'DOUBLE',
          `${upper.toLowerCase()}(${printed.map((print) => print()).join(',')})`,
        );
      }
      return entry.rescales && isDecimal(type) && made !== null
        ? rescale(toDecimal(made) as Decimal, type.decimals)
        : made;
    },
  };
}

/** Refuses an argument rows change where none may, and one that is known already and is wrong. */
function expectFixed(
  { at, refuse, check }: NonNullable<FunctionEntry['fixed']>,
  asked: readonly Expression[],
  args: readonly Node[],
  scope: Scope,
): void {
  const arg = asked[at] as Expression;
  // Without a table a name is a variable of the routine.
  if (changesEachTime(arg) || (scope.columns.length > 0 && namesColumn(arg))) throw refuse();
  if (knownWhileRead(arg)) check((args[at] as Node).get(NO_ROW));
}

/** Functions whose text, taken for a number, is told of in no warning. */
const EXTREMES: ReadonlySet<string> = new Set(['GREATEST', 'LEAST']);

/** A text as the bytes it has in its character set, where those are not UTF-8's. */
function inOwnCharset(value: Value, type: SqlType): Value {
  if (typeof value !== 'string' || !type.text || type.collation.startsWith('utf8')) return value;
  return encodeText(value, findCollation(type.collation)?.charset ?? 'utf8mb4');
}

/** A literal, or the negative of one. */
function isLiteral(e: Expression): boolean {
  if (e.kind === 'unary') return e.operator === '-' && isLiteral(e.operand);
  if (e.kind === 'collate') return isLiteral(e.operand);
  // A text the server has ready.
  if (e.kind === 'call') return e.name.toUpperCase() === 'VERSION';
  return e.kind === 'number' || e.kind === 'string' || e.kind === 'null' || e.kind === 'bytes' || e.kind === 'boolean';
}

/** Error 1046. */
const NO_DATABASE = 1046;

/** A function the source made. */
function compileStored(c: Compiler, e: Of<'call'>, scope: Scope): Node {
  const name = e.name.trimEnd();
  const found = c.x.routines?.functionNamed(e.schema, name, e.args.length);
  if (!found) {
    const refused = c.x.session.unknownFunction(e.schema, name);
    // Nobody knows which database's function it would be: looking for it and refusing it each say so.
    if (refused.code === NO_DATABASE) c.x.session.addWarning('Error', refused.code, refused.message);
    throw refused;
  }
  const args = e.args.map((arg) => scalar(c, arg, scope));
  return {
    type: found.type,
    stored: true,
    coercibility: found.type.text ? 2 : NUMERIC,
    get: (row) => found.call(args.map((arg) => arg.get(row))),
  };
}

const NO_ROW: Row = { values: [] };

function literalOf(type: SqlType, value: Value): Node {
  return { type, coercibility: NUMERIC, get: () => value };
}

/** What `takes` says of the argument at `at`: its last letter holds for all that follow. */
function taken(takes: string, at: number): string {
  return takes[Math.min(at, takes.length - 1)] ?? ' ';
}

/** An argument as the function asks for it. */
function argument(c: Compiler, node: Node, kind: string, row: Row): Value {
  if (kind === 'r') return realOperand(node, row, c.x);
  if (kind === 'i') return wholeOperand(node, row, c.x);
  if (kind === 'x' && node.type.text) return exactOperand(node, row, c.x);
  if (kind === 'n' || kind === 'x')
    return isInteger(node.type) || isDecimal(node.type) || node.digits
      ? operandOf(node, row)
      : realOperand(node, row, c.x);
  if (kind === 'b') {
    const bytes = isString(node.type) && !node.type.text && !node.digits;
    return bytes ? node.get(row) : wholeOperand(node, row, c.x);
  }
  if (kind === 'j') return jsonOperand(node, row);
  if (kind === 't') return written(node.get(row), node.type);
  return node.get(row);
}

/** A value that goes into JSON: truths are true and false there. */
export function jsonOperand(node: Node, row: Row): Value {
  const value = node.get(row);
  return node.type.boolean && typeof value === 'bigint' ? new Json(value !== 0n) : value;
}

/** RAND(seed): with a fixed seed one sequence, a number on for each row; else the first number of each row's own. */
function compileSeededRandom(c: Compiler, seed: Node, e: Expression): Node {
  const start = (row: Row) => {
    return seededRandom(Number(BigInt.asUintN(32, wholeOperand(seed, row, c.x) ?? 0n)));
  };
  const type = doubleType({ nullable: seed.type.nullable });
  if (!readsNoRow(e)) return { type, coercibility: NUMERIC, get: (row) => start(row).next() };
  let sequence: ReturnType<typeof start> | undefined;
  let last: { readonly row: Row; readonly value: number } | undefined;
  return {
    type,
    coercibility: NUMERIC,
    get: (row) => {
      c.x.spend(1);
      sequence ??= start(row);
      if (last?.row !== row) last = { row, value: sequence.next() };
      return last.value;
    },
  };
}

/** The first argument, where the second is not equal to it. */
function compileNullIf(c: Compiler, args: readonly Node[], type: SqlType, coercibility: number): Node {
  const [value, other] = args as [Node, Node];
  const equal = compileComparison(c, '=', value, other);
  return { type, coercibility, get: (row) => (equal.get(row) === 1n ? null : value.get(row)) };
}

/** The first argument that is not NULL; those after it are not worked out. */
function compileCoalesce(args: readonly Node[], type: SqlType, coercibility: number): Node {
  return {
    type,
    coercibility,
    label: 'coalesce',
    quiet: isString(type),
    get: (row) => {
      for (const arg of args) {
        const value = arg.get(row);
        if (value !== null) return conform(value, type, arg.type);
      }
      return null;
    },
  };
}

/** IF evaluates one branch only, so that a delay in the other does not happen. */
function compileIf(c: Compiler, [condition, yes, no]: readonly Node[], type: SqlType, coercibility: number): Node {
  return {
    type,
    coercibility,
    get: (row) => {
      const taken = (truth(c, condition as Node, row) ? yes : no) as Node;
      return conform(taken.get(row), type, taken.type, false);
    },
  };
}
