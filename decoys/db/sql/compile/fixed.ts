// Which expressions are worked out before any row is read.
import type { Expression } from '../ast/expression.ts';

/** True for expressions whose value no row can change: what they give is known before any row is read. */
export function readsNoRow(e: Expression): boolean {
  switch (e.kind) {
    case 'number':
    case 'string':
    case 'bytes':
    case 'null':
    case 'boolean':
    case 'temporal':
    case 'system':
      return true;
    case 'unary':
    case 'cast':
    case 'convert-charset':
    case 'json-value':
    case 'collate':
      return readsNoRow(e.operand);
    case 'binary':
      return readsNoRow(e.left) && readsNoRow(e.right);
    case 'call':
      return !VOLATILE.has(e.name.toUpperCase()) && e.args.every(readsNoRow);
    case 'case':
      return (
        (!e.operand || readsNoRow(e.operand)) &&
        (!e.otherwise || readsNoRow(e.otherwise)) &&
        e.branches.every(([when, then]) => readsNoRow(when) && readsNoRow(then))
      );
    case 'subquery': {
      const { body } = e.query;
      return (
        body.kind === 'select' &&
        !body.from &&
        body.items.every((item) => item.expression && readsNoRow(item.expression))
      );
    }
    default:
      return false;
  }
}

const VOLATILE: ReadonlySet<string> = new Set([
  'RAND',
  'SLEEP',
  'UUID',
  'UUID_SHORT',
  'BENCHMARK',
  'GET_LOCK',
  'SYSDATE',
  'NAME_CONST',
  'USER',
  'CURRENT_USER',
  'SESSION_USER',
  'SYSTEM_USER',
  'DATABASE',
  'SCHEMA',
  'CONNECTION_ID',
  'NOW',
  'CURDATE',
  'CURTIME',
  'LAST_INSERT_ID',
  'ROW_COUNT',
  'FOUND_ROWS',
]);
