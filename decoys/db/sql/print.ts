// An expression written back as the server writes it in messages: operators in parentheses, names quoted.
// Source: Item::print as seen in 9.7's errors 1690 and 1292.
import type { Expression } from './ast/expression.ts';

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
      return `0x${e.bytes.toString('hex').toUpperCase()}`;
    case 'column':
      return column(e.path);
    case 'unary':
      return e.operator === 'NOT'
        ? `(not(${inner(e.operand)}))`
        : `${e.operator === '!' ? 'not ' : e.operator}(${inner(e.operand)})`;
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
      return `(${inner(e.left)} ${e.operator.toLowerCase() === 'mod' ? '%' : e.operator.toLowerCase()} ${inner(e.right)})`;
    case 'call':
      return `${e.name.toLowerCase()}(${e.args.map(inner).join(',')})`;
    case 'cast':
      return `cast(${inner(e.operand)} as ${e.type.base})`;
    case 'variable':
      return `(@\`${e.name}\`)`;
    case 'system':
      return `@@${e.name}`;
    case 'case':
      return `(case ${e.branches.map(([when, then]) => `when ${inner(when)} then ${inner(then)}`).join(' ')}${e.otherwise ? ` else ${inner(e.otherwise)}` : ''} end)`;
    case 'subquery':
      return '(select #2)';
    case 'exists':
      return 'exists(select #2)';
    default:
      return '...';
  }
}
