// HANDLER: a table read row by row.
// Source: https://dev.mysql.com/doc/refman/9.7/en/handler.html; columns and errors as answered by a live 9.7.4.
import type { Statement } from '../../sql/ast/statement.ts';
import { compile } from '../../sql/compile.ts';
import { SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { type Row, Scope } from '../../sql/scope.ts';
import { compilerOf } from '../../sql/select.ts';
import { compareValues, toBoolean, toInteger, type Value } from '../../sql/value/value.ts';
import { OK, type Outcome } from '../outcome.ts';
import { resultColumn } from './result.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** Tables one session reads this way at once. */
const MAX_HANDLERS = 16;

export function openHandler(x: Execution, s: Of<'handler-open'>): Outcome {
  const { handlers } = x.session;
  const table = x.session.table(s.table.schema, s.table.name);
  if (table.schema === 'performance_schema' || table.schema === 'information_schema')
    throw new SqlError(1031, 'HY000', `Table storage engine for '${table.name}' doesn't have this option`);
  if (handlers.has(s.alias) || handlers.size >= MAX_HANDLERS) throw sqlError('ER_NONUNIQ_TABLE', s.alias);
  handlers.set(s.alias, { schema: table.schema, name: table.name, at: -1 });
  return OK;
}

export function closeHandler(x: Execution, s: Of<'handler-close'>): Outcome {
  if (!x.session.handlers.delete(s.name)) throw sqlError('ER_UNKNOWN_TABLE', s.name, 'HANDLER');
  return OK;
}

const STARTS: Readonly<Record<string, (at: number, rows: number) => number>> = {
  FIRST: () => 0,
  LAST: (_at, rows) => rows - 1,
  NEXT: (at) => at + 1,
  PREV: (at) => at - 1,
};

const COMPARE: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '>=': (order) => order >= 0,
  '>': (order) => order > 0,
  '<=': (order) => order <= 0,
  '<': (order) => order < 0,
};

export function readHandler(x: Execution, s: Of<'handler-read'>): Outcome {
  const handler = x.session.handlers.get(s.name);
  if (!handler) throw sqlError('ER_UNKNOWN_TABLE', s.name, 'HANDLER');
  const table = x.session.table(handler.schema, handler.name);
  const columns = table.columns.map((column) => ({ ...column, table: s.name, shownSchema: '*any*' }));
  const scope = new Scope(columns, undefined);
  scope.clause = 'where clause';
  const where = s.where && compile(compilerOf(x), s.where, scope);
  const constant = (e: Of<'handler-read'>['keys'][number]): Value =>
    compile(compilerOf(x), e, new Scope([], undefined)).get({ values: [] });
  const [key] = s.keys.map(constant);
  const number = (e: typeof s.where) => (e ? Number(toInteger(constant(e)) ?? 0n) : undefined);
  const count = number(s.limit?.count) ?? 1;
  let skip = number(s.limit?.offset) ?? 0;
  const rows = table.rows(x);
  const backward = s.step === 'PREV' || s.step === 'LAST';
  const found: (readonly Value[])[] = [];
  let at = s.step === 'KEY' ? 0 : (STARTS[s.step] as (at: number, rows: number) => number)(handler.at, rows.length);
  for (; at >= 0 && at < rows.length && found.length < count; at += backward ? -1 : 1) {
    x.spend(1);
    const values = rows[at] as readonly Value[];
    const row: Row = { values };
    if (key !== undefined) {
      const order = compareValues(values[0] as Value, key, columns[0]?.type.collation ?? '');
      if (order === null || !COMPARE[s.operator]?.(order)) continue;
    }
    if (where && !toBoolean(where.get(row))) continue;
    handler.at = at;
    if (skip-- > 0) continue;
    found.push(values);
  }
  if (found.length === 0) handler.at = Math.max(-1, Math.min(rows.length, at));
  return { kind: 'rows', columns: columns.map(resultColumn), rows: found };
}
