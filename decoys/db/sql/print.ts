// An expression written back as the server writes it in messages: operators in parentheses, names quoted.
// Source: Item::print as seen in 9.7's errors 1690 and 1292.
import type { CastType, Expression } from './ast/expression.ts';
import { plainExpression, printQuery } from './print-query.ts';

const PRINT_CHARACTERS = 512;

/** Writes a column's name; the default quotes each part of it. */
export type ColumnPrinter = (path: readonly string[]) => string;

export function printExpression(
  expression: Expression,
  column: ColumnPrinter = quoted,
  characters: number = PRINT_CHARACTERS,
): string {
  return print(expression, column, 0).slice(0, characters);
}

function quoted(path: readonly string[]): string {
  return path.map((part) => `\`${part}\``).join('.');
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

const SIGNS: Readonly<Record<string, string>> = { MOD: '%', DIV: 'DIV' };

/** Functions that are printed under another name than the one they were called by. */
const PRINTED: Readonly<Record<string, string>> = {
  __proto__: null as never,
  SUBSTRING: 'substr',
  MID: 'substr',
  UCASE: 'upper',
  LCASE: 'lower',
  CEIL: 'ceiling',
  POWER: 'pow',
  CHARACTER_LENGTH: 'char_length',
  OCTET_LENGTH: 'length',
  SCHEMA: 'database',
  DAYOFMONTH: 'dayofmonth',
  SESSION_USER: 'user',
  SYSTEM_USER: 'user',
  JSON_MERGE: 'json_merge_preserve',
};

/** The name a function has in messages, however it was called. */
export function printedName(name: string): string {
  return PRINTED[name.toUpperCase()] ?? name.toLowerCase();
}

function castName(type: CastType): string {
  if (type.base === 'decimal') return `decimal(${type.length ?? 10},${type.decimals ?? 0})`;
  const size = type.length ?? type.decimals;
  return `${type.base}${size === undefined ? '' : `(${size})`}`;
}

const OPPOSITE: Readonly<Record<string, string>> = { '=': '<>', '<>': '=', '<': '>=', '>=': '<', '>': '<=', '<=': '>' };

/** NOT turns a comparison round; of anything that is no truth it is a comparison with 0. */
function printNot(e: Expression, inner: (child: Expression) => string): string {
  if (e.kind === 'binary') {
    const turned = OPPOSITE[e.operator];
    if (turned) return `(${inner(e.left)} ${turned} ${inner(e.right)})`;
    if (e.operator === 'AND' || e.operator === 'OR' || e.operator === 'XOR') return `(not(${inner(e)}))`;
  }
  const truths = ['in', 'between', 'like', 'regexp', 'is', 'exists', 'in-query', 'unary'];
  return truths.includes(e.kind) ? `(not(${inner(e)}))` : `(0 = ${inner(e)})`;
}

function print(e: Expression, column: ColumnPrinter, depth: number): string {
  if (depth > 20) return '...';
  const inner = (child: Expression) => print(child, column, depth + 1);
  const not = (negated: boolean) => (negated ? ' not' : '');
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
      return `'${e.bytes.toString().replace(/'/g, "\\'")}'`;
    case 'bytes':
      return `0x${e.bytes.toString('hex')}`;
    case 'column':
      return column(e.path);
    case 'unary':
      return e.operator === 'NOT' || e.operator === '!'
        ? printNot(e.operand, inner)
        : `${e.operator}(${inner(e.operand)})`;
    case 'between':
      return `(${inner(e.operand)}${not(e.not)} between ${inner(e.low)} and ${inner(e.high)})`;
    case 'in':
      return `(${inner(e.operand)}${not(e.not)} in (${e.list.map(inner).join(',')}))`;
    case 'like':
      return `(${inner(e.operand)}${not(e.not)} like ${inner(e.pattern)})`;
    case 'is':
      return `(${inner(e.operand)} is${not(e.not)} ${e.what})`;
    case 'aggregate':
      return `${e.name.toLowerCase()}(${e.distinct ? 'distinct ' : ''}${e.star ? '0' : e.args.map(inner).join(',')})`;
    case 'binary':
      if (e.operator === 'AND' || e.operator === 'OR')
        return `(${chain(e, e.operator).map(inner).join(` ${e.operator.toLowerCase()} `)})`;
      return `(${inner(e.left)} ${SIGNS[e.operator] ?? e.operator.toLowerCase()} ${inner(e.right)})`;
    case 'call':
      return `${printedName(e.name)}(${e.args.map(inner).join(',')})`;
    case 'cast':
      return `cast(${inner(e.operand)} as ${castName(e.type)})`;
    case 'temporal':
      return `${e.type.toUpperCase()}'${e.text}'`;
    case 'assign':
      return `(@${e.name}:=${inner(e.value)})`;
    case 'variable':
      return `(@\`${e.name}\`)`;
    case 'system':
      return `@@${e.name}`;
    case 'case':
      return `(case ${e.branches.map(([when, then]) => `when ${inner(when)} then ${inner(then)}`).join(' ')}${e.otherwise ? ` else ${inner(e.otherwise)}` : ''} end)`;
    case 'interval':
      return `interval ${inner(e.amount)} ${e.unit.toLowerCase()}`;
    case 'subquery': {
      const plain = plainExpression(e.query);
      if (plain) return inner(plain);
      return `(${printQuery(e.query, (child, names) => print(child, names, depth + 1))})`;
    }
    case 'exists':
      return 'exists(select #2)';
    default:
      return '...';
  }
}
