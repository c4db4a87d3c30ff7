// What views of schema sys are made with: rows summed by a column, and amounts told in words beside the `x$` form's bare numbers.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sys-schema-views.html
import { formatBytes, formatPicoTime } from '../../../sql/functions/info.ts';
import type { Value } from '../../../sql/value/value.ts';
import { toText } from '../../../sql/value/value.ts';
import type { Session } from '../../session.ts';
import { formatPath, shortStatement } from '../../sys-functions.ts';
import type { Provider, Record_ } from '../record.ts';

/** Rows of the table of `performance_schema` or another schema, as the session reads it. */
export type Read = (session: Session, key: string) => readonly Record_[];

/** How a column's amount is told in the view that is for people. */
export type Told = 'time' | 'bytes' | 'path' | 'statement';

const TELL: Readonly<Record<Told, (session: Session, value: Value) => Value>> = {
  time: (_session, value) => formatPicoTime(Number(toText(value))),
  bytes: (_session, value) => formatBytes(Number(toText(value))),
  path: (session, value) => formatPath(toText(value) as string, session),
  statement: (_session, value) => shortStatement(toText(value) as string),
};

/** A view and its `x$` form: the rows are the second's, and `told` says which columns are told in words in the first. */
export function pair(name: string, rows: Provider, told: Readonly<Record<string, Told>>): Record<string, Provider> {
  const shown: Provider = (session) =>
    rows(session).map((row) => {
      const out: Record<string, Value> = { ...row };
      for (const [column, how] of Object.entries(told)) {
        const value = row[column];
        if (value !== null && value !== undefined) out[column] = TELL[how](session, value);
      }
      return out;
    });
  return { [`sys.${name}`]: shown, [`sys.x$${name}`]: rows };
}

/** A count or an amount; what is not told counts for nothing. */
export function amount(row: Record_, column: string): bigint {
  const value = row[column];
  if (typeof value === 'bigint') return value;
  if (value === null || value === undefined) return 0n;
  const text = toText(value) ?? '0';
  return /^-?\d+$/.test(text) ? BigInt(text) : BigInt(Math.trunc(Number(text) || 0));
}

/** A column's amounts added up. */
export function sum(rows: readonly Record_[], column: string): bigint {
  return rows.reduce((total, row) => total + amount(row, column), 0n);
}

function sorted(rows: readonly Record_[], column: string): bigint[] {
  return rows.map((row) => amount(row, column)).sort((a, b) => (a === b ? 0 : a < b ? -1 : 1));
}

/** The largest of a column's amounts; 0 of no rows. */
export function largest(rows: readonly Record_[], column: string): bigint {
  return sorted(rows, column).at(-1) ?? 0n;
}

/** The smallest of a column's amounts; 0 of no rows. */
export function smallest(rows: readonly Record_[], column: string): bigint {
  return sorted(rows, column)[0] ?? 0n;
}

const QUOTIENT_DIGITS = 10_000n;

/** Quotient with four decimals as DECIMAL division gives it; zero where there is nothing to divide by. */
export function quotient(value: bigint, by: bigint): string {
  if (by === 0n) return '0.0000';
  const scaled = (value * QUOTIENT_DIGITS * 2n + by) / (by * 2n);
  return `${scaled / QUOTIENT_DIGITS}.${String(scaled % QUOTIENT_DIGITS).padStart(4, '0')}`;
}

/** Quotient rounded to a whole number; zero where there is nothing to divide by. */
export function rounded(value: bigint, by: bigint): bigint {
  return by === 0n ? 0n : (value * 2n + by) / (by * 2n);
}

/** Rows by what `key` gives for them, groups and rows in the order they came. */
export function grouped(rows: readonly Record_[], key: (row: Record_) => string): Map<string, Record_[]> {
  const out = new Map<string, Record_[]>();
  for (const row of rows) {
    const own = out.get(key(row));
    if (own) own.push(row);
    else out.set(key(row), [row]);
  }
  return out;
}

/** Rows with most of `column` first; those with as much stay as they came. */
export function mostFirst(rows: Record_[], column: string): Record_[] {
  return rows.sort((a, b) => {
    const [one, other] = [amount(a, column), amount(b, column)];
    return one === other ? 0 : one < other ? 1 : -1;
  });
}

/** Who is counted for; the server's own threads have no name. */
export function who(row: Record_, column: string): string {
  return toText(row[column] ?? null) ?? 'background';
}

/** A column's value as text; nothing for NULL. */
export function textOf(row: Record_, column: string): string {
  return toText(row[column] ?? null) ?? '';
}

/** Rows changed, and how long that took, of a summary of waits for a table or an index. */
export function changes(row: Record_): Record_ {
  return {
    rows_inserted: amount(row, 'COUNT_INSERT'),
    insert_latency: amount(row, 'SUM_TIMER_INSERT'),
    rows_updated: amount(row, 'COUNT_UPDATE'),
    update_latency: amount(row, 'SUM_TIMER_UPDATE'),
    rows_deleted: amount(row, 'COUNT_DELETE'),
    delete_latency: amount(row, 'SUM_TIMER_DELETE'),
  };
}
