// HANDLER: a table read row by row.
// Source: https://dev.mysql.com/doc/refman/9.7/en/handler.html; columns and errors as answered by a live 9.7.4.
import type { Statement } from '../../sql/ast/statement.ts';
import { compile } from '../../sql/compile.ts';
import { SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { Scope } from '../../sql/scope.ts';
import { compilerOf } from '../../sql/select.ts';
import { compareValues, toBoolean, toInteger, type Value } from '../../sql/value/value.ts';
import { OK, type Outcome } from '../outcome.ts';
import type { TableSource } from '../table-source.ts';
import { resultColumn } from './result.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** Tables one session reads this way at once. */
const MAX_HANDLERS = 16;

/** HANDLER … OPEN. Throws 1066 or 1192. */
export function openHandler(x: Execution, s: Of<'handler-open'>): Outcome {
  const { handlers, tableLocks } = x.session;
  if (tableLocks.held) throw sqlError('ER_LOCK_OR_ACTIVE_TRANSACTION');
  const table = x.session.table(s.table.schema, s.table.name);
  if (table.schema === 'performance_schema' || table.schema === 'information_schema')
    throw new SqlError(1031, 'HY000', `Table storage engine for '${table.name}' doesn't have this option`);
  if (handlers.has(s.alias) || handlers.size >= MAX_HANDLERS) throw sqlError('ER_NONUNIQ_TABLE', s.alias);
  handlers.set(s.alias, { schema: table.schema, name: table.name, at: -1 });
  return OK;
}

/** HANDLER … CLOSE. Throws 1109. */
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

/** A table's rows in the order of an index, with where its columns are. */
interface Walk {
  readonly places: readonly number[];
  readonly collations: readonly string[];
  readonly rows: readonly (readonly Value[])[];
}

/** How columns of a row compare with values of the same columns, the first that differs. */
function compareParts(own: readonly Value[], values: readonly Value[], collations: readonly string[]) {
  for (const [at, value] of values.entries()) {
    const part = own[at] ?? null;
    if (part === null || value === null) return part === value ? 0 : part === null ? -1 : 1;
    const order = compareValues(part, value, collations[at] ?? '') ?? 0;
    if (order !== 0) return order;
  }
  return 0;
}

function keyOf(row: readonly Value[], places: readonly number[]): Value[] {
  return places.map((place) => row[place] ?? null);
}

/** Throws 1176 for an index there is not, 1070 for more values than it has columns. */
function walkOf(x: Execution, table: TableSource, s: Of<'handler-read'>): Walk {
  const rows = table.rows(x);
  if (s.index === '') return { places: [], collations: [], rows };
  const index = table.indexes?.find(({ name }) => name.toLowerCase() === s.index.toLowerCase());
  if (!index) throw sqlError('ER_KEY_DOES_NOT_EXITS', s.index, s.name);
  const places = index.columns.map((part) =>
    table.columns.findIndex((column) => column.name.toLowerCase() === part.name.toLowerCase()),
  );
  if (s.keys.length > places.length) throw sqlError('ER_TOO_MANY_KEY_PARTS', places.length);
  const collations = places.map((place) => table.columns[place]?.type.collation ?? '');
  x.spend(rows.length);
  const keyed = rows.map((row) => ({ row, key: keyOf(row, places) }));
  // Whatever the session's clocks show, moments keep their order.
  keyed.sort((a, b) => compareParts(a.key, b.key, collations));
  return { places, collations, rows: keyed.map(({ row }) => row) };
}

/** Where a walk begins: by its step, or for a key at the end its operator looks from. */
function startOf(s: Of<'handler-read'>, at: number, rows: number): number {
  if (s.step !== 'KEY') return (STARTS[s.step] as (at: number, rows: number) => number)(at, rows);
  return s.operator.startsWith('<') ? rows - 1 : 0;
}

/** HANDLER … READ: the next rows along the table or one of its indexes. Throws 1109. */
export function readHandler(x: Execution, s: Of<'handler-read'>): Outcome {
  const handler = x.session.handlers.get(s.name);
  if (!handler) throw sqlError('ER_UNKNOWN_TABLE', s.name, 'HANDLER');
  const table = handlerTable(x, s.name, handler);
  const told = s.name === handler.name ? {} : { orgTable: s.name };
  const columns = table.columns.map((column) => ({ ...column, table: s.name, shownSchema: '*any*', ...told }));
  const scope = new Scope(columns, undefined);
  const where = s.where && compile(compilerOf(x), s.where, scope);
  const constant = (e: Of<'handler-read'>['keys'][number]): Value =>
    compile(compilerOf(x), e, new Scope([], undefined)).get({ values: [] });
  const walk = walkOf(x, table, s);
  const keys = s.keys.map(constant);
  const number = (e: typeof s.where) => (e ? Number(toInteger(constant(e)) ?? 0n) : undefined);
  const count = number(s.limit?.count) ?? 1;
  let skip = number(s.limit?.offset) ?? 0;
  const { rows, places, collations } = walk;
  const atZone = (value: Value) => x.session.atZone(value);
  const backward = s.step === 'PREV' || s.step === 'LAST' || (s.step === 'KEY' && s.operator.startsWith('<'));
  const found: (readonly Value[])[] = [];
  let at = startOf(s, handler.at, rows.length);
  for (; at >= 0 && at < rows.length && found.length < count; at += backward ? -1 : 1) {
    x.spend(1);
    const row = rows[at] as readonly Value[];
    const key = () => keyOf(row, places).map(atZone);
    if (s.step === 'KEY' && !COMPARE[s.operator]?.(compareParts(key(), keys, collations))) continue;
    const values = row.map(atZone);
    if (where && !toBoolean(where.get({ values }))) continue;
    handler.at = at;
    if (skip-- > 0) continue;
    found.push(values);
  }
  if (found.length === 0) handler.at = Math.max(-1, Math.min(rows.length, at));
  return { kind: 'rows', columns: columns.map(resultColumn), rows: found };
}

/** The table a handler reads; one that is gone took the handler with it. */
function handlerTable(
  x: Execution,
  name: string,
  { schema, name: table }: { schema: string; name: string },
): TableSource {
  try {
    return x.session.table(schema, table);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    x.session.handlers.delete(name);
    throw sqlError('ER_UNKNOWN_TABLE', name, 'HANDLER');
  }
}
