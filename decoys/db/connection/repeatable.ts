// A statement said again: where nothing else was asked in between and it names no table, function or variable, its reply is the one before.
import type { Touch } from '../../touch/touch.ts';
import type { Expression } from '../sql/ast/expression.ts';
import type { Statement } from '../sql/ast/statement.ts';

/** Longest command and reply kept to be given again, in bytes. */
export const REPEATABLE_COMMAND_BYTES = 256;
export const REPEATABLE_REPLY_BYTES = 2_048;

/** The command a connection asked last. */
export interface Repeatable {
  readonly command: Buffer;
  /** Its reply and its touch, once it was asked a second time: most are asked once. */
  readonly known?: { readonly reply: Buffer; readonly touch: Touch };
}

/** A touch put into words, which lets go of the bytes it was read from. */
export function wholeTouch({ details, ...own }: Touch): Touch {
  return { ...own, ...details?.() };
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
