// Turns a parsed expression into something that gives values: names bound, types inferred, every step counted.
// Source: result types and lengths as recorded from 9.7; https://dev.mysql.com/doc/refman/9.7/en/expressions.html
import type { Expression } from './ast/expression.ts';
import { bindParameter } from './compile/bind-parameter.ts';
import { compileCall } from './compile/calls.ts';
import { compileBetween, compileIs } from './compile/comparison.ts';
import { type Compiler, type Kinds, LITERAL, literal, type Of } from './compile/compiler.ts';
import { compileCase, compileCast, compileCollate, compileConvert } from './compile/conversions.ts';
import { compileIn } from './compile/in-list.ts';
import { compileJsonValue } from './compile/json-value.ts';
import { compileBytes, compileNumber, compileString, compileTemporal } from './compile/literals.ts';
import { compileMatch } from './compile/match.ts';
import { compileLike, compileRegexp } from './compile/matching.ts';
import { compileAssign, compileColumn, compileDefault, compileSystem, compileVariable } from './compile/names.ts';
import { compileBinary, compileUnary } from './compile/operators.ts';
import { UNTYPED } from './compile/parameter-types.ts';
import { deriveParameters } from './compile/parameters.ts';
import {
  compileCompareQuery,
  compileExists,
  compileInQuery,
  compileRow,
  compileSubquery,
} from './compile/subqueries.ts';
import { compileAggregate, compileGrouping } from './compile/totals.ts';
import { compileWindow } from './compile/windows.ts';
import { sqlError } from './errors.ts';
import type { Node, Scope } from './scope.ts';
import { countType, nullType } from './value/type.ts';

/** Words a compiled expression takes, about. */
const NODE_CELLS = 8;

export function compile(c: Compiler, e: Expression, scope: Scope): Node {
  c.x.spend(1);
  c.x.hold(NODE_CELLS);
  if (c.x.hasParameters) {
    const made = c.x.takeCompiled(e);
    if (made) return made;
    deriveParameters(c, e, scope);
  }
  const compiler = COMPILERS[e.kind] as (c: Compiler, e: Expression, scope: Scope) => Node;
  return compiler(c, e, scope);
}

const COMPILERS: { readonly [K in Kinds]: (c: Compiler, e: Of<K>, scope: Scope) => Node } = {
  null: () => ({ type: nullType(), get: () => null, constant: null, coercibility: 6 }),
  boolean: (_c, e) => literal(countType(1, { boolean: true }), e.value ? 1n : 0n),
  number: (c, e) => compileNumber(c, e),
  string: compileString,
  bytes: compileBytes,
  temporal: compileTemporal,
  parameter: compileParameter,
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
  'json-value': compileJsonValue,
  interval: () => {
    throw sqlError('ER_WRONG_ARGUMENTS', 'INTERVAL');
  },
  call: compileCall,
  aggregate: compileAggregate,
  window: compileWindow,
  grouping: compileGrouping,
  row: compileRow,
  subquery: compileSubquery,
  exists: compileExists,
  values: compileOffered,
  default: compileDefault,
  match: compileMatch,
};

/** VALUES(column): of the row offered; NULL where none is, of a column there has to be. */
function compileOffered(c: Compiler, { column, start, end }: Of<'values'>, scope: Scope): Node {
  let around: Scope | undefined = scope;
  while (around && !around.columns.some(({ table }) => table === 'VALUES()')) around = around.parent;
  if (around) return compileColumn(c, { kind: 'column', path: ['VALUES()', column], start, end }, scope);
  compileColumn(c, { kind: 'column', path: [column], start, end }, scope);
  return compile(c, { kind: 'null', start, end }, scope);
}

/** `?`: of the type its place asks for, where its value can be that; else of the type its client told, or its value's own. */
function compileParameter({ x }: Compiler, { index }: Of<'parameter'>): Node {
  if (index >= x.parameters.length) {
    const derived = x.derivedTypes.get(index);
    return { type: derived ?? UNTYPED, get: () => null, coercibility: LITERAL, unbound: derived === undefined };
  }
  const made = x.bound.get(index) ?? bindParameter(x, index);
  x.bound.set(index, made);
  return made;
}
