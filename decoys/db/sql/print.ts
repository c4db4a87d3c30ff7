// An expression written back as the server writes it in messages: operators in parentheses, names quoted.
// Source: Item::print as seen in 9.7's errors 1690 and 1292.
import type { Expression } from './ast.ts';

const PRINT_CHARACTERS = 512;

export function printExpression(expression: Expression): string {
  return print(expression, 0).slice(0, PRINT_CHARACTERS);
}

function print(e: Expression, depth: number): string {
  if (depth > 20) return '...';
  const inner = (child: Expression) => print(child, depth + 1);
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
      return e.path.map((part) => `\`${part}\``).join('.');
    case 'unary':
      return e.operator === 'NOT'
        ? `(not(${inner(e.operand)}))`
        : `${e.operator === '!' ? 'not ' : e.operator}(${inner(e.operand)})`;
    case 'binary':
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
