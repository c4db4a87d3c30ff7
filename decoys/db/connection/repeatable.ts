// A statement said again: where nothing else was asked in between and it names no table, function or variable, its reply is the one before.
import type { Touch } from '../../touch/touch.ts';
import type { Expression } from '../sql/ast/expression.ts';
import type { Statement } from '../sql/ast/statement.ts';

/** Longest command and reply kept to be given again, in bytes. */
export const REPEATABLE_COMMAND_BYTES = 256;
export const REPEATABLE_REPLY_BYTES = 2_048;

/** The command a connection asked last, with its reply and its touch. */
export interface Repeatable {
  readonly command: Buffer;
  readonly reply: Buffer;
  readonly touch: Touch;
}

const LITERALS: ReadonlySet<Expression['kind']> = new Set(['null', 'boolean', 'number', 'string', 'bytes', 'temporal']);

/** Whether a statement selects literals and does nothing else. */
export function isOfLiterals(statement: Statement): boolean {
  if (statement.kind !== 'query') return false;
  const { body, into, limit, locking } = statement.query;
  if (body.kind !== 'select' || body.from || body.where || body.having || body.group.length > 0) return false;
  if (into || limit || locking || body.calcFoundRows || statement.query.order.length > 0) return false;
  if (statement.query.with.length > 0) return false;
  return body.items.every((item) => item.expression !== undefined && LITERALS.has(item.expression.kind));
}
