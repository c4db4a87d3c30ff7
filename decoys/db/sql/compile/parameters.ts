// What type a statement's parameter (`?`) has: the one its place asks for, as long as the values it is given can be that.
// Source: https://dev.mysql.com/doc/refman/9.7/en/prepare.html (derived data types), with the types a live 9.7.4 derives.
import type { Expression } from '../ast/expression.ts';
import type { Execution } from '../execution.ts';
import type { Scope } from '../scope.ts';
import { dateType, type SqlType } from '../value/type.ts';
import type { Compiler } from './compiler.ts';
import {
  AGGREGATES,
  BINARY,
  CASTS,
  DOUBLE,
  FUNCTIONS,
  INTEGER,
  KINDS,
  MOMENT,
  TEXT,
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

/** Gives a parameter its type, where it has none yet. */
export function derive(x: Execution, e: Expression | undefined, type: SqlType): void {
  if (e?.kind === 'parameter' && !x.derivedTypes.has(e.index)) x.derivedTypes.set(e.index, type);
}

/** The type of the first operand that is no parameter; its compiled form is kept for when its turn comes. */
function known({ c, scope }: Asking, operands: readonly Expression[]): SqlType | undefined {
  const other = operands.find((e) => e.kind !== 'parameter');
  if (!other) return undefined;
  const node = c.x.compiled.get(other) ?? c.compile(other, scope);
  c.x.compiled.set(other, node);
  return node.row ? undefined : widest(node.type);
}

function alike(asking: Asking, operands: readonly Expression[], both: SqlType): void {
  if (!operands.some((e) => e.kind === 'parameter')) return;
  const type = known(asking, operands) ?? both;
  for (const e of operands) derive(asking.c.x, e, type);
}

function deriveBinary(asking: Asking, e: Extract<Expression, { kind: 'binary' }>): void {
  const { x } = asking.c;
  const pair = [e.left, e.right];
  if (e.right.kind === 'interval') {
    derive(x, e.left, DATE_UNITS.has(e.right.unit) ? dateType() : MOMENT);
    derive(x, e.right.amount, INTEGER);
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
    if (arg.kind !== 'parameter') continue;
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

function deriveCase(asking: Asking, e: Extract<Expression, { kind: 'case' }>): void {
  const whens = e.branches.map(([when]) => when);
  const results = [...e.branches.map(([, then]) => then), ...(e.otherwise ? [e.otherwise] : [])];
  if (e.operand) alike(asking, [e.operand, ...whens], TEXT);
  else if (results.some((result) => result.kind !== 'parameter'))
    for (const when of whens) derive(asking.c.x, when, INTEGER);
  alike(asking, results, TEXT);
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
      if (e.what !== 'null') derive(x, e.operand, INTEGER);
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
      derive(x, e.operand, CASTS[e.type.base] ?? TEXT);
      return;
    case 'call':
      deriveCall(asking, e);
      return;
    case 'aggregate':
      for (const arg of e.args) derive(x, arg, AGGREGATES[e.name] ?? TEXT);
      return;
    case 'window':
      for (const arg of e.args.slice(1, 2)) derive(x, arg, INTEGER);
      if (e.name === 'NTILE') derive(x, e.args[0], INTEGER);
      return;
    default:
  }
}

/** A parameter set to a column: as wide as the column's kind. */
export function deriveAssigned(x: Execution, e: Expression | undefined, column: SqlType | undefined): void {
  if (column) derive(x, e, widest(column));
}
