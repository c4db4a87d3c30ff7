// An expression written back as definitions keep it: views, constraints, generated columns, defaults.
// Source: what 9.7.4 shows of views and check constraints.
import type { Expression, OrderItem, WindowSpec } from './ast/expression.ts';
import type { Query } from './ast/query.ts';

const DEPTH = 60;

/** Writes a column's name; the default quotes each part of it. */
export type ColumnPrinter = (path: readonly string[]) => string;

export interface Printing {
  readonly column: ColumnPrinter;
  /** Character set told before each string, as constraints keep them; empty for none. */
  readonly introducer: string;
  /** Writes a subquery without its parentheses. */
  readonly query: (query: Query) => string;
  /** Conditions are turned into comparisons with 0, as definitions keep them. */
  readonly resolved: boolean;
}

/** The expression's text. */
export function printWith(expression: Expression, printing: Printing): string {
  return print(expression, printing, 0);
}

export function quoteName(name: string): string {
  return `\`${name.replace(/`/g, '``')}\``;
}

/** The operands of a chain of one logical operator, as the server keeps them; chains lean left, however long. */
function chain(e: Expression, operator: string): Expression[] {
  const operands: Expression[] = [];
  let rest = e;
  while (rest.kind === 'binary' && rest.operator === operator) {
    operands.push(...chain(rest.right, operator).reverse());
    rest = rest.left;
  }
  operands.push(rest);
  return operands.reverse();
}

const COMPARED: Readonly<Record<string, string>> = {
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};

function isComparison(e: Expression): boolean {
  return e.kind === 'binary' && (e.operator in COMPARED || e.operator === '<=>');
}

const TRUTHS: ReadonlySet<Expression['kind']> = new Set([
  'between',
  'in',
  'in-query',
  'like',
  'regexp',
  'is',
  'exists',
  'compare-query',
  'boolean',
]);

/** Functions that answer yes or no, which a constraint takes as they are. */
const TRUTH_CALLS =
  /^(JSON_VALID|REGEXP_LIKE|JSON_CONTAINS|JSON_CONTAINS_PATH|JSON_OVERLAPS|MEMBER OF|JSON_SCHEMA_VALID|IS_\w+|ISNULL|ST_\w+|MBR\w+)$/i;

/** True where the expression answers yes or no rather than a number. */
export function isTruth(e: Expression): boolean {
  if (TRUTHS.has(e.kind) || isComparison(e)) return true;
  if (e.kind === 'unary') return e.operator === 'NOT' || e.operator === '!';
  if (e.kind === 'binary') return ['AND', 'OR', 'XOR'].includes(e.operator);
  return e.kind === 'call' && TRUTH_CALLS.test(e.name);
}

/** An operand of AND, OR, XOR and IS: a number is compared with 0. */
function condition(e: Expression, p: Printing, depth: number): string {
  return p.resolved && !isTruth(e) ? `(0 <> ${print(e, p, depth + 1)})` : print(e, p, depth + 1);
}

function negation(e: Expression, p: Printing, depth: number): string {
  const inner = (child: Expression) => print(child, p, depth + 1);
  if (!p.resolved) return `(not(${inner(e)}))`;
  if (e.kind === 'binary' && e.operator in COMPARED)
    return `(${inner(e.left)} ${COMPARED[e.operator]} ${inner(e.right)})`;
  if (e.kind === 'is' || e.kind === 'in' || e.kind === 'between') return print({ ...e, not: !e.not }, p, depth + 1);
  return isTruth(e) ? `(not(${inner(e)}))` : `(0 = ${inner(e)})`;
}

/** Names functions are kept under, where that is not the one they were called by. */
const KEPT_NAMES: Readonly<Record<string, string>> = {
  __proto__: null as never,
  current_timestamp: 'now',
  localtime: 'now',
  localtimestamp: 'now',
  current_date: 'curdate',
  current_time: 'curtime',
  substring: 'substr',
  mid: 'substr',
  ucase: 'upper',
  lcase: 'lower',
  character_length: 'char_length',
  power: 'pow',
  ceil: 'ceiling',
  schema: 'database',
  day: 'dayofmonth',
  stddev: 'std',
  session_user: 'user',
  system_user: 'user',
  octet_length: 'length',
  position: 'locate',
};

export function keptName(name: string): string {
  const lower = name.toLowerCase();
  return KEPT_NAMES[lower] ?? lower;
}

function call(e: Extract<Expression, { kind: 'call' }>, p: Printing, depth: number): string {
  const args = e.args.map((arg) => print(arg, p, depth + 1));
  const first = e.args[0];
  switch (e.name.toUpperCase()) {
    case 'MOD':
      return `(${args.join(' % ')})`;
    case 'MEMBER OF':
      return `${args[0]} member of (${args[1]})`;
    case 'EXTRACT':
      return `extract(${first?.kind === 'string' ? first.first.toLowerCase() : args[0]} from ${args[1]})`;
    case 'TIMESTAMPDIFF':
      return `timestampdiff(${first?.kind === 'string' ? first.first.toUpperCase() : args[0]},${args.slice(1).join(',')})`;
    case 'TRIM LEADING':
    case 'TRIM TRAILING': {
      const side = e.name.slice(5).toLowerCase();
      return `trim(${side} ${args[1] === undefined ? '' : `${args[1]} from `}${args[0]})`;
    }
    case 'TRIM':
      return args[1] === undefined ? `trim(${args[0]})` : `trim(both ${args[1]} from ${args[0]})`;
    default: {
      const name = e.schema === '' ? keptName(e.name) : `${quoteName(e.schema)}.${quoteName(e.name)}`;
      return `${name}(${args.join(',')})`;
    }
  }
}

function castType(type: Extract<Expression, { kind: 'cast' }>['type']): string {
  const length = type.length === undefined ? '' : `(${type.length}${type.decimals ? `,${type.decimals}` : ''})`;
  if (type.base === 'binary') return `char${length} charset binary`;
  if (type.base === 'char') return `char${length} charset ${type.charset || 'utf8mb4'}`;
  if (type.base === 'decimal') return `decimal(${type.length ?? 10},${type.decimals ?? 0})`;
  return `${type.base}${type.base === 'signed' || type.base === 'unsigned' ? '' : length}`;
}

export function printOrder(order: readonly OrderItem[], p: Printing, depth = 0, word = ' desc'): string {
  return order
    .map(({ expression, descending }) => print(expression, p, depth + 1) + (descending ? word : ''))
    .join(',');
}

function printWindow(spec: WindowSpec, p: Printing, depth: number): string {
  if (spec.base !== '' && spec.partition.length === 0 && spec.order.length === 0) return quoteName(spec.base);
  const parts = [
    spec.partition.length > 0 ? `PARTITION BY ${spec.partition.map((e) => print(e, p, depth + 1)).join(',')} ` : '',
    spec.order.length > 0 ? `ORDER BY ${printOrder(spec.order, p, depth, ' desc')} ` : '',
  ];
  return `(${parts.join('')})`;
}

function aggregate(e: Extract<Expression, { kind: 'aggregate' }>, p: Printing, depth: number): string {
  const args = e.star ? '0' : e.args.map((arg) => print(arg, p, depth + 1)).join(',');
  const order = e.order.length > 0 ? ` order by ${printOrder(e.order, p, depth, ' DESC')}` : '';
  const separator =
    e.name.toUpperCase() === 'GROUP_CONCAT' && p.resolved ? ` separator ${text(e.separator ?? Buffer.from(','))}` : '';
  const over = e.over ? ` OVER ${printWindow(e.over, p, depth)} ` : '';
  return `${keptName(e.name)}(${e.distinct ? 'distinct ' : ''}${args}${order}${separator})${over}`;
}

/** A string in quotes, with what a definition escapes. */
function text(bytes: Buffer): string {
  return `'${bytes.toString().replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n').replace(/\0/g, '\\0')}'`;
}

function bytesText(bytes: Buffer): string {
  return `0x${bytes.toString('hex').toUpperCase()}`;
}

function binary(e: Extract<Expression, { kind: 'binary' }>, p: Printing, depth: number): string {
  const inner = (child: Expression) => print(child, p, depth + 1);
  if (e.operator === 'AND' || e.operator === 'OR')
    return `(${chain(e, e.operator)
      .map((child) => condition(child, p, depth))
      .join(` ${e.operator.toLowerCase()} `)})`;
  if (e.operator === 'XOR') return `(${condition(e.left, p, depth)} xor ${condition(e.right, p, depth)})`;
  if (p.resolved && e.left.kind === 'row' && e.right.kind === 'row' && e.operator === '=') {
    const { right } = e;
    return `(${e.left.items.map((item, at) => `(${inner(item)} = ${inner(right.items[at] ?? item)})`).join(' and ')})`;
  }
  const operator = e.operator === 'MOD' ? '%' : e.operator === 'DIV' ? (p.resolved ? 'DIV' : 'div') : e.operator;
  return `(${inner(e.left)} ${operator} ${inner(e.right)})`;
}

function print(e: Expression, p: Printing, depth: number): string {
  if (depth > DEPTH) return '...';
  const inner = (child: Expression) => print(child, p, depth + 1);
  const not = (negated: boolean) => (negated ? ' not' : '');
  const denied = (negated: boolean, made: string) => (negated ? `(not(${made}))` : made);
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
      return (p.introducer ? `_${e.introducer || p.introducer}` : '') + text(e.bytes);
    case 'bytes':
      return bytesText(e.bytes);
    case 'temporal':
      return `${e.type.toUpperCase()}'${e.text}'`;
    case 'column':
      return p.column(e.path);
    case 'unary':
      return e.operator === 'NOT' || e.operator === '!'
        ? negation(e.operand, p, depth)
        : `${e.operator}(${inner(e.operand)})`;
    case 'between':
      return `(${inner(e.operand)}${not(e.not)} between ${inner(e.low)} and ${inner(e.high)})`;
    case 'in':
      return `(${inner(e.operand)}${not(e.not)} in (${e.list.map(inner).join(',')}))`;
    case 'in-query':
      return denied(e.not, `${inner(e.operand)} in (${p.query(e.query)})`);
    case 'compare-query':
      return e.operator === '=' && !e.all
        ? `${inner(e.left)} in (${p.query(e.query)})`
        : `<${e.all ? 'all' : 'any'}>(${inner(e.left)} ${e.operator} (${p.query(e.query)}))`;
    case 'like': {
      const escaping = e.escape ? ` escape ${inner(e.escape)}` : '';
      return p.resolved
        ? denied(e.not, `(${inner(e.operand)} like ${inner(e.pattern)}${escaping})`)
        : `(${inner(e.operand)}${not(e.not)} like ${inner(e.pattern)}${escaping})`;
    }
    case 'regexp':
      return denied(e.not, `regexp_like(${inner(e.operand)},${inner(e.pattern)})`);
    case 'is':
      return `(${e.what === 'null' ? inner(e.operand) : condition(e.operand, p, depth)} is${not(e.not)} ${e.what})`;
    case 'aggregate':
      return aggregate(e, p, depth);
    case 'window':
      return `${e.name.toLowerCase()}(${e.args.map(inner).join(',')}) OVER ${printWindow(e.over, p, depth)} `;
    case 'binary':
      return binary(e, p, depth);
    case 'interval':
      return `interval ${inner(e.amount)} ${e.unit.toLowerCase()}`;
    case 'call':
      return call(e, p, depth);
    case 'cast':
      return `cast(${inner(e.operand)} as ${castType(e.type)})`;
    case 'convert-charset':
      return `convert(${inner(e.operand)} using ${e.charset})`;
    case 'collate':
      return `(${inner(e.operand)} collate ${e.collation})`;
    case 'variable':
      return `(@\`${e.name}\`)`;
    case 'system':
      return `@@${e.name}`;
    case 'row':
      return `(${e.items.map(inner).join(',')})`;
    case 'case':
      return `(case ${e.operand ? `${inner(e.operand)} ` : ''}${e.branches.map(([when, then]) => `when ${e.operand ? inner(when) : condition(when, p, depth)} then ${inner(then)}`).join(' ')}${e.otherwise ? ` else ${inner(e.otherwise)}` : ''} end)`;
    case 'subquery':
      return `(${p.query(e.query)})`;
    case 'exists':
      return `exists(${p.query(e.query)})`;
    case 'match':
      return `(match ${e.columns.map(inner).join(',')} against (${inner(e.against)}${MATCH_MODES[e.mode]}))`;
    default:
      return '...';
  }
}

const MATCH_MODES = { natural: '', boolean: ' in boolean mode', expansion: ' with query expansion' } as const;
