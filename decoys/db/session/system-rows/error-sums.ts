// Sums of performance_schema by error: what was raised for the server itself when it started, and for a source's clients since.
// Source: https://dev.mysql.com/doc/refman/9.7/en/performance-schema-error-summary-tables.html; the start's as a fresh 9.7.4 tells them.
import type { Raised } from '../../overlay/raised-errors.ts';
import { fromMs } from '../../sql/value/temporal.ts';
import type { Session } from '../session.ts';
import type { Record_ } from './record.ts';

/** Warnings a start raises of the server's own definitions, by code. */
const OF_START: ReadonlyMap<number, number> = new Map([
  [1287, 34],
  [3778, 73],
]);

const NONE: ReadonlyMap<number, Raised> = new Map();

/** What was raised for the server itself, by code. */
export function serverErrors(session: Session): ReadonlyMap<number, Raised> {
  const atMs = session.server.options.startedMs;
  return new Map([...OF_START].map(([code, count]) => [code, { count, firstMs: atMs, lastMs: atMs }]));
}

/** What was raised for clients, by code: of one user, host or thread where `key` names it by its column. */
export function clientErrors(session: Session, key: Record_): ReadonlyMap<number, Raised> {
  const { raised } = session.overlay;
  if (key.THREAD_ID !== undefined) return NONE;
  return raised.sums(textOf(key.USER), textOf(key.HOST));
}

function textOf(cell: unknown): string | undefined {
  return typeof cell === 'string' ? cell : undefined;
}

/** The columns of a row of sums. */
export function errorSums(raised: Raised | undefined): Record_ {
  const second = (ms: number) => fromMs(ms - (ms % 1000), 'datetime');
  return {
    SUM_ERROR_RAISED: BigInt(raised?.count ?? 0),
    SUM_ERROR_HANDLED: 0n,
    FIRST_SEEN: raised ? second(raised.firstMs) : null,
    LAST_SEEN: raised ? second(raised.lastMs) : null,
  };
}
