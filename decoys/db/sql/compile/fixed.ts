// Which expressions are worked out before any row is read.

import type { Expression } from '../ast/expression.ts';
import { operandsOf } from '../walk.ts';

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
    case 'subquery':
      return itemsAlone(e)?.every(readsNoRow) === true;
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

/** Functions whose value is known only once the statement runs, though no row changes it. */
const RUNNING: ReadonlySet<string> = new Set([
  'CHARSET',
  'COLLATION',
  'CONNECTION_ID',
  'CURDATE',
  'CURRENT_DATE',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
  'CURRENT_USER',
  'CURTIME',
  'GET_LOCK',
  'LAST_INSERT_ID',
  'LOAD_FILE',
  'LOCALTIME',
  'LOCALTIMESTAMP',
  'NOW',
  'SESSION_USER',
  'SYSTEM_USER',
  'UNIX_TIMESTAMP',
  'USER',
  'UTC_DATE',
  'UTC_TIME',
  'UTC_TIMESTAMP',
]);

/** Functions that give another value for each row. */
const EACH_ROW: ReadonlySet<string> = new Set(['BENCHMARK', 'RAND', 'SLEEP', 'SYSDATE', 'UUID', 'UUID_SHORT']);

/** True for expressions whose value is known while the statement is still being read. */
export function knownWhileRead(e: Expression): boolean {
  if (e.kind === 'call') return !RUNNING.has(e.name.toUpperCase()) && e.args.every(knownWhileRead);
  if (e.kind === 'system' || e.kind === 'variable' || e.kind === 'column') return false;
  if (e.kind === 'subquery') return itemsAlone(e)?.every(knownWhileRead) === true;
  const operands = operandsOf(e);
  return operands.length > 0 ? operands.every(knownWhileRead) : readsNoRow(e);
}

/** What a subquery that reads no table gives; undefined where it reads one. */
function itemsAlone({ query: { body } }: Extract<Expression, { kind: 'subquery' }>): readonly Expression[] | undefined {
  if (body.kind !== 'select' || body.from) return undefined;
  const items = body.items.flatMap(({ expression }) => expression ?? []);
  return items.length === body.items.length ? items : undefined;
}

/** True for expressions that give another value each time they are worked out. */
export function changesEachTime(e: Expression): boolean {
  if (e.kind === 'call' && EACH_ROW.has(e.name.toUpperCase())) return true;
  return operandsOf(e).some(changesEachTime);
}

/** Functions of the connection's or the server's state, which moves while rows are read. */
const STATE: ReadonlySet<string> = new Set(['FOUND_ROWS', 'GET_LOCK', 'LAST_INSERT_ID', 'RELEASE_LOCK', 'ROW_COUNT']);

/** True for expressions that may come out otherwise, or do something, each time they are worked out. */
export function moves(e: Expression): boolean {
  if (e.kind === 'assign' || e.kind === 'variable' || e.kind === 'parameter') return true;
  if (e.kind === 'call') {
    const name = e.name.toUpperCase();
    if (e.schema !== '' || EACH_ROW.has(name) || STATE.has(name)) return true;
  }
  return operandsOf(e).some(moves);
}
