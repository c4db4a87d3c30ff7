// An expression written back as the server keeps it: in views, constraints, defaults, messages and EXPLAIN's notes.
// Source: what 9.7.4 shows of each; https://dev.mysql.com/doc/refman/9.7/en/show-create-view.html
import type { Expression, OrderItem } from './ast/expression.ts';
import type { Query } from './ast/query.ts';
import { castName, printAggregate, printCall, printWindow } from './print-call.ts';
import { quoteName } from './quote-name.ts';
import { chain, isJunction, isNot, isTruth, opposite } from './truth.ts';

/** Expressions within each other that are written; what lies deeper is three points. */
const DEPTH = 60;

/** Writes a column's name. */
export type ColumnPrinter = (path: readonly string[]) => string;

export interface Printing {
  readonly column: ColumnPrinter;
  /** Character set told before strings that name none; empty where only what names one tells it, undefined where none does. */
  readonly introducer: string | undefined;
  /** Writes a subquery without its parentheses. */
  readonly query: (query: Query) => string;
  /** What a subquery is already known to stand for. */
  readonly settled?: (query: Query) => Expression | undefined;
  /** System variables have gone when it is written. */
  readonly variablesGone?: boolean;
}

/** The expression's text. */
export function printWith(expression: Expression, printing: Printing): string {
  return print(expression, printing, 0);
}

/** As `printWith`, of what a yes or no is wanted of: a number is compared with 0. */
export function printCondition(expression: Expression, printing: Printing): string {
  return condition(expression, printing, 0);
}

/** What stands behind ORDER BY; `word` tells of items that descend. */
export function printOrder(order: readonly OrderItem[], p: Printing, word = ' desc'): string {
  return order.map(({ expression, descending }) => print(expression, p, 1) + (descending ? word : '')).join(',');
}

/** A string in quotes, with what is escaped of it. */
function quoted(bytes: Buffer): string {
  return `'${bytes.toString().replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n').replace(/\0/g, '\\0')}'`;
}

function introduced(name: string, p: Printing): string {
  if (p.introducer === undefined) return '';
  // N'…' names its character set where all do.
  const charset = name === 'national' ? p.introducer && 'utf8mb3' : name || p.introducer;
  return charset ? `_${charset}` : '';
}

function condition(e: Expression, p: Printing, depth: number): string {
  if (isNot(e)) return negation(e.operand, p, depth);
  return isTruth(e) ? print(e, p, depth + 1) : `(0 <> ${print(e, p, depth + 1)})`;
}

/** NOT goes inwards as far as it can: comparisons are turned round, AND and OR take each other's place. */
function negation(e: Expression, p: Printing, depth: number): string {
  if (depth > DEPTH) return '...';
  if (isNot(e)) return condition(e.operand, p, depth + 1);
  const items = comparedItems(e);
  if (items) {
    const word = e.kind === 'binary' && e.operator === '<>' ? ' and ' : ' or ';
    return `(${items.map((item) => negation(item, p, depth + 1)).join(word)})`;
  }
  const turned = opposite(e);
  if (turned) return print(turned, p, depth + 1);
  if (isJunction(e)) {
    const word = e.operator === 'AND' ? ' or ' : ' and ';
    return `(${chain(e, e.operator)
      .map((child) => negation(child, p, depth + 1))
      .join(word)})`;
  }
  if (e.kind === 'binary' && e.operator === 'XOR')
    return `(${negation(e.left, p, depth + 1)} xor ${condition(e.right, p, depth + 1)})`;
  if (e.kind === 'exists') return `(not ${print(e, p, depth + 1)})`;
  return isTruth(e) ? `(not(${print(e, p, depth + 1)}))` : `(0 = ${print(e, p, depth + 1)})`;
}

function denied(not: boolean, text: string): string {
  return not ? `(not(${text}))` : text;
}

/** Comparisons of the items of two rows, where that is what comparing the rows is. */
function comparedItems(e: Expression): Expression[] | undefined {
  if (e.kind !== 'binary' || !['=', '<=>', '<>'].includes(e.operator)) return undefined;
  const { left, right } = e;
  if (left.kind !== 'row' || right.kind !== 'row') return undefined;
  return left.items.map((item, at) => ({ ...e, left: item, right: right.items[at] ?? item }));
}

const SIGNS: Readonly<Record<string, string>> = { __proto__: null as never, MOD: '%' };

function printBinary(e: Extract<Expression, { kind: 'binary' }>, p: Printing, depth: number): string {
  if (isJunction(e)) {
    const operands = chain(e, e.operator).map((child) => condition(child, p, depth));
    return `(${operands.join(` ${e.operator.toLowerCase()} `)})`;
  }
  if (e.operator === 'XOR') return `(${condition(e.left, p, depth)} xor ${condition(e.right, p, depth)})`;
  const items = comparedItems(e);
  if (items) return `(${items.map((item) => print(item, p, depth + 1)).join(e.operator === '<>' ? ' or ' : ' and ')})`;
  return `(${print(e.left, p, depth + 1)} ${SIGNS[e.operator] ?? e.operator} ${print(e.right, p, depth + 1)})`;
}

function printIn(e: Extract<Expression, { kind: 'in' }>, p: Printing, depth: number): string {
  const left = print(e.operand, p, depth + 1);
  const list = e.list.map((item) => print(item, p, depth + 1)).join(',');
  return e.list.length === 1
    ? `(${left} ${e.not ? '<>' : '='} ${list})`
    : `(${left}${e.not ? ' not' : ''} in (${list}))`;
}

/** A query on the right of IN or a comparison. */
function printQueryOperand(
  e: Extract<Expression, { kind: 'in-query' | 'compare-query' }>,
  p: Printing,
  depth: number,
): string {
  const left = e.kind === 'in-query' ? e.operand : e.left;
  const operator = e.kind === 'in-query' ? '=' : e.operator;
  const [any, all] = [e.kind === 'in-query' || !e.all, e.kind === 'compare-query' && e.all];
  const isIn = any && operator === '=';
  const isNotIn = all && operator === '<>';
  const not = isNotIn || (e.kind === 'in-query' && e.not);
  const settled = isIn || isNotIn ? p.settled?.(e.query) : undefined;
  if (settled) return denied(not, `(${print(left, p, depth + 1)} = ${print(settled, p, depth + 1)})`);
  if (isIn || isNotIn) return denied(not, `${print(left, p, depth + 1)} in (${p.query(e.query)})`);
  return `${print(left, p, depth + 1)} ${operator} ${all ? 'all' : 'any'} (${p.query(e.query)})`;
}

const MATCH_MODES = { natural: '', boolean: ' in boolean mode', expansion: ' with query expansion' } as const;

function print(e: Expression, p: Printing, depth: number): string {
  if (depth > DEPTH) return '...';
  const inner = (child: Expression) => print(child, p, depth + 1);
  switch (e.kind) {
    case 'null':
      return 'NULL';
    case 'grouping':
      return `grouping(${e.args.map(inner).join(',')})`;
    case 'boolean':
      return e.value ? 'true' : 'false';
    case 'number':
      return e.text;
    case 'string':
      return introduced(e.introducer, p) + quoted(e.bytes);
    case 'bytes':
      return e.introducer ? introduced(e.introducer, p) + quoted(e.bytes) : `0x${e.bytes.toString('hex')}`;
    case 'temporal':
      return `${e.type.toUpperCase()}'${e.text}'`;
    case 'column':
      return p.column(e.path);
    case 'unary':
      return isNot(e) ? negation(e.operand, p, depth) : `${e.operator}(${inner(e.operand)})`;
    case 'between':
      return `(${inner(e.operand)}${e.not ? ' not' : ''} between ${inner(e.low)} and ${inner(e.high)})`;
    case 'in':
      return printIn(e, p, depth);
    case 'in-query':
    case 'compare-query':
      return printQueryOperand(e, p, depth);
    case 'like': {
      const escaping = e.escape ? ` escape ${inner(e.escape)}` : '';
      return denied(e.not, `(${inner(e.operand)} like ${inner(e.pattern)}${escaping})`);
    }
    case 'regexp':
      return denied(e.not, `regexp_like(${inner(e.operand)},${inner(e.pattern)})`);
    case 'is': {
      const nothing = e.what === 'null' || e.what === 'unknown';
      const operand = nothing ? inner(e.operand) : condition(e.operand, p, depth);
      return `(${operand} is${e.not ? ' not' : ''} ${nothing ? 'null' : e.what})`;
    }
    case 'aggregate':
      return printAggregate(e, inner, quoted);
    case 'window':
      return `${e.name.toLowerCase()}(${e.args.map(inner).join(',')}) OVER ${printWindow(e.over, inner)} `;
    case 'binary':
      return printBinary(e, p, depth);
    case 'interval':
      return `interval ${inner(e.amount)} ${e.unit.toLowerCase()}`;
    case 'call':
      return printCall(e, inner);
    case 'cast':
      return `cast(${inner(e.operand)} as ${e.array ? `${castName(e.type).replace(/ charset \w+$/, '')} array` : castName(e.type)})`;
    case 'json-value':
      return `json_value(${inner(e.operand)}, ${quoted(Buffer.from(e.path))} returning ${castName(e.type)})`;
    case 'convert-charset':
      return `convert(${inner(e.operand)} using ${e.charset})`;
    case 'collate':
      return `(${inner(e.operand)} collate ${e.collation})`;
    case 'assign':
      return `(@${e.name}:=${inner(e.value)})`;
    case 'variable':
      return `(@${quoteName(e.name)})`;
    case 'system':
      return p.variablesGone ? '' : `@@${e.name}`;
    case 'row':
      return `(${e.items.map(inner).join(',')})`;
    case 'case': {
      const branches = e.branches.map(([when, then]) => `when ${inner(when)} then ${inner(then)} `).join('');
      return `(case ${e.operand ? `${inner(e.operand)} ` : ''}${branches}${e.otherwise ? `else ${inner(e.otherwise)} ` : ''}end)`;
    }
    case 'subquery': {
      const settled = p.settled?.(e.query);
      return settled ? inner(settled) : `(${p.query(e.query)})`;
    }
    case 'parameter':
      return '?';
    case 'exists':
      return `exists(${p.query(e.query)})`;
    case 'match':
      return `(match ${e.columns.map(inner).join(',')} against (${inner(e.against)}${MATCH_MODES[e.mode]}))`;
    default:
      return '...';
  }
}
