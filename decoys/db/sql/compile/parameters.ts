// What type a statement's parameter (`?`) has: the one its place asks for, as long as the values it is given can be that.
// Source: https://dev.mysql.com/doc/refman/9.7/en/prepare.html (derived data types), with the types a live 9.7.4 derives.
import type { Expression, WindowSpec } from '../ast/expression.ts';
import type { Execution } from '../execution.ts';
import type { Scope } from '../scope.ts';
import { findCharset } from '../value/charset.ts';
import { DEFAULT_COLLATION, dateType, type SqlType } from '../value/type.ts';
import type { Compiler } from './compiler.ts';
import {
  AGGREGATES,
  ANY_TEXT,
  BINARY,
  CASTS,
  DECIMAL,
  DOUBLE,
  FUNCTIONS,
  INTEGER,
  KINDS,
  MOMENT,
  patternType,
  TEXT,
  textOf,
  widest,
} from './parameter-types.ts';

const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%']);
const BITS: ReadonlySet<string> = new Set(['&', '|', '^']);
const COMPARISONS: ReadonlySet<string> = new Set(['=', '<=>', '<', '>', '<=', '>=', '<>', '!=']);
const LOGIC: ReadonlySet<string> = new Set(['AND', 'OR', 'XOR']);
const DATE_UNITS: ReadonlySet<string> = new Set(['DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR', 'YEAR_MONTH']);

/** What asks for the types: a compiler, and the scope its operands are in. */
interface Asking {
  readonly c: Compiler;
  readonly scope: Scope;
}

/** Functions that have the type of some of their arguments: the place of the first of those. */
const TYPED_BY_ARGUMENTS: ReadonlyMap<string, number> = new Map(
  Object.entries({ IF: 1, COALESCE: 0, IFNULL: 0, NULLIF: 0, GREATEST: 0, LEAST: 0, MOD: 0 }),
);

/** Operands an expression takes its type from, the last first; none where it has a type whatever they are. */
function deciding(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case 'binary':
      return (ARITHMETIC.has(e.operator) || e.operator === 'DIV') && e.right.kind !== 'interval'
        ? [e.right, e.left]
        : [];
    case 'unary':
      return e.operator === '-' ? [e.operand] : [];
    case 'case':
      return resultsOf(e);
    case 'call': {
      const first = TYPED_BY_ARGUMENTS.get(e.name.toUpperCase());
      return first === undefined ? [] : e.args.slice(first);
    }
    default:
      return [];
  }
}

/** Nothing is known yet of what it will be: a parameter without a type, or made of such alone. */
function isOpen(x: Execution, e: Expression): boolean {
  if (e.kind === 'parameter') return !x.derivedTypes.has(e.index);
  x.spend(1);
  const operands = deciding(e);
  return operands.length > 0 && operands.every((operand) => isOpen(x, operand));
}

/** Gives the parameters an open expression is made of their type. */
function fix(x: Execution, e: Expression, type: SqlType): void {
  if (e.kind === 'parameter') x.derivedTypes.set(e.index, type);
  else for (const operand of deciding(e)) fix(x, operand, type);
}

/** Gives a parameter, or an expression that has no type but its parameters', its type, where it has none yet. */
export function derive(x: Execution, e: Expression | undefined, type: SqlType): void {
  if (e && x.hasParameters && isOpen(x, e)) fix(x, e, type);
}

/** The type of the first operand that has one; its compiled form is kept for when its turn comes. */
function known({ c, scope }: Asking, operands: readonly Expression[]): SqlType | undefined {
  const other = operands.find((e) => !isOpen(c.x, e));
  if (!other) return undefined;
  const node = c.x.compiled.get(other) ?? c.compile(other, scope);
  c.x.compiled.set(other, node);
  return node.row ? undefined : node.type;
}

function alike(asking: Asking, operands: readonly Expression[], both: SqlType, as = widest): void {
  const { x } = asking.c;
  if (!operands.some((e) => isOpen(x, e))) return;
  const found = known(asking, operands);
  const type = found ? as(found) : both;
  for (const e of operands) derive(x, e, type);
}

function deriveBinary(asking: Asking, e: Extract<Expression, { kind: 'binary' }>): void {
  const { x } = asking.c;
  const pair = [e.left, e.right];
  if (e.right.kind === 'interval') {
    const { amount, unit } = e.right;
    derive(x, e.left, DATE_UNITS.has(unit) ? dateType() : MOMENT);
    derive(x, amount, unit === 'SECOND' ? DECIMAL : unit.includes('_') ? TEXT : INTEGER);
  } else if (LOGIC.has(e.operator)) for (const side of pair) derive(x, side, INTEGER);
  else if (e.operator === 'DIV') alike(asking, pair, INTEGER);
  else if (ARITHMETIC.has(e.operator)) alike(asking, pair, DOUBLE);
  else if (BITS.has(e.operator)) alike(asking, pair, BINARY);
  else if (e.operator === '<<' || e.operator === '>>') {
    derive(x, e.left, BINARY);
    derive(x, e.right, INTEGER);
  } else if (e.left.kind === 'row' && e.right.kind === 'row') {
    const right = e.right.items;
    for (const [at, item] of e.left.items.entries()) alike(asking, [item, ...right.slice(at, at + 1)], TEXT);
  } else if (COMPARISONS.has(e.operator)) alike(asking, pair, TEXT);
}

function deriveCall(asking: Asking, e: Extract<Expression, { kind: 'call' }>): void {
  const kinds = FUNCTIONS.get(e.name.toUpperCase());
  if (kinds === undefined) return;
  for (const [at, arg] of e.args.entries()) {
    const kind = kinds[at] === '*' || kinds[at] === undefined ? repeated(kinds) : kinds[at];
    if (kind === '=') alike(asking, e.args.slice(kinds.indexOf('=')), e.name.toUpperCase() === 'MOD' ? DOUBLE : TEXT);
    else derive(asking.c.x, arg, KINDS[kind ?? 's'] ?? TEXT);
  }
}

/** The kind of an argument past those a function lists. */
function repeated(kinds: string): string | undefined {
  if (kinds.endsWith('*')) return kinds.at(-2);
  return kinds.endsWith('=') ? '=' : 's';
}

function resultsOf(e: Extract<Expression, { kind: 'case' }>): readonly Expression[] {
  return [...e.branches.map(([, then]) => then), ...(e.otherwise ? [e.otherwise] : [])];
}

function deriveCase(asking: Asking, e: Extract<Expression, { kind: 'case' }>): void {
  const whens = e.branches.map(([when]) => when);
  alike(asking, e.operand ? [e.operand, ...whens] : whens, TEXT);
  alike(asking, resultsOf(e), TEXT);
}

/** Where a parameter is turned into another character set, it is of that one. */
function charsetText(charset: string): SqlType {
  if (charset === 'binary') return BINARY;
  return charset === '' ? ANY_TEXT : textOf(findCharset(charset)?.defaultCollation ?? DEFAULT_COLLATION);
}

/** LAG's and LEAD's value and what stands for none are alike; rows, and places in a frame, are counted. */
function deriveWindow(asking: Asking, e: Extract<Expression, { kind: 'window' }>): void {
  const { x } = asking.c;
  const [value, count, fallback] = e.args;
  derive(x, count, INTEGER);
  if (e.name === 'NTILE') derive(x, value, INTEGER);
  else if (value && fallback) alike(asking, [value, fallback], TEXT);
  deriveFrame(x, e.over);
}

function deriveFrame(x: Execution, over: WindowSpec | undefined): void {
  derive(x, over?.frame?.start.amount, INTEGER);
  derive(x, over?.frame?.end.amount, INTEGER);
}

/** Types of the parameters that stand directly in an expression. */
export function deriveParameters(c: Compiler, e: Expression, scope: Scope): void {
  const asking = { c, scope };
  const { x } = c;
  switch (e.kind) {
    case 'binary':
      deriveBinary(asking, e);
      return;
    case 'unary':
      derive(
        x,
        e.operand,
        e.operator === '-' ? DOUBLE : e.operator === '~' ? BINARY : e.operator === '+' ? TEXT : INTEGER,
      );
      return;
    case 'is':
      if (e.what === 'true' || e.what === 'false') derive(x, e.operand, INTEGER);
      return;
    case 'between':
      alike(asking, [e.operand, e.low, e.high], TEXT);
      return;
    case 'in':
      if (e.operand.kind === 'row') {
        for (const [at, item] of e.operand.items.entries())
          alike(
            asking,
            [item, ...e.list.flatMap((row) => (row.kind === 'row' ? row.items.slice(at, at + 1) : []))],
            TEXT,
          );
      } else alike(asking, [e.operand, ...e.list], TEXT);
      return;
    case 'case':
      deriveCase(asking, e);
      return;
    case 'cast':
      derive(x, e.operand, CASTS[e.type.base] ?? charsetText(e.type.charset));
      return;
    case 'call':
      deriveCall(asking, e);
      return;
    case 'aggregate':
      for (const arg of e.args) derive(x, arg, AGGREGATES[e.name] ?? TEXT);
      deriveFrame(x, e.over);
      return;
    case 'window':
      deriveWindow(asking, e);
      return;
    case 'like':
      alike(asking, [e.operand, e.pattern, ...(e.escape ? [e.escape] : [])], TEXT, patternType);
      return;
    case 'convert-charset':
      derive(x, e.operand, charsetText(e.charset));
      return;
    case 'collate':
      derive(x, e.operand, textOf(e.collation));
      return;
    default:
  }
}

/** A parameter set to a column: as wide as the column's kind. */
export function deriveAssigned(x: Execution, e: Expression | undefined, column: SqlType | undefined): void {
  if (column) derive(x, e, widest(column));
}

/** Parameters compared with the columns of a query. */
export function deriveCompared(x: Execution, e: Expression, columns: readonly { readonly type: SqlType }[]): void {
  for (const [at, item] of (e.kind === 'row' ? e.items : [e]).entries()) deriveAssigned(x, item, columns[at]?.type);
}
