// WITH: common tables, and recursive ones step by step.
// Source: https://dev.mysql.com/doc/refman/9.7/en/with.html
import { RESULT_ROWS } from '../../limits.ts';
import { STATUS } from '../../wire/constants.ts';
import type { CommonTable, Query, QueryBody, TableRef } from '../ast/query.ts';
import type { Compiler } from '../compile/compiler.ts';
import { sqlError } from '../errors.ts';
import { type CommonRows, Scope, type ScopeColumn } from '../scope.ts';
import { isString, widened } from '../value/type.ts';
import type { Value } from '../value/value.ts';
import { derivedColumns } from './from.ts';
import { addKey, type Rows } from './rows.ts';

export function compileCommon(
  c: Compiler,
  table: CommonTable,
  recursive: boolean,
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
): CommonRows {
  const rename = (columns: readonly ScopeColumn[]) => derivedColumns(columns, table.name, table.columns, table.query);
  const { body } = table.query;
  if (recursive && body.kind === 'set' && mentions(body.right, table.name))
    return compileRecursive(c, table, body, parent, common, rename);
  const scope = new Scope([], parent, common);
  const query = c.compileQuery(table.query, scope);
  let memo: Rows | undefined;
  return {
    columns: rename(query.columns),
    rows: () => {
      memo ??= query.rows(undefined);
      if (table.query.body.kind !== 'select') c.x.statusFlags |= STATUS.NO_INDEX;
      return memo;
    },
  };
}

function mentions(query: Query, name: string): boolean {
  const refers = (ref: TableRef | undefined): boolean => {
    if (!ref) return false;
    if (ref.kind === 'table') return ref.schema === '' && ref.name.toLowerCase() === name.toLowerCase();
    if (ref.kind === 'json-table') return false;
    return ref.kind === 'join' ? refers(ref.left) || refers(ref.right) : mentions(ref.query, name);
  };
  const { body } = query;
  if (body.kind === 'select') return refers(body.from);
  return body.kind === 'set' && (mentions(body.left, name) || mentions(body.right, name));
}

function compileRecursive(
  c: Compiler,
  table: CommonTable,
  body: Extract<QueryBody, { kind: 'set' }>,
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
  rename: (columns: readonly ScopeColumn[]) => ScopeColumn[],
): CommonRows {
  const seed = c.compileQuery(body.left, new Scope([], parent, common));
  const columns = rename(seed.columns).map((column) => ({ ...column, type: nullableColumn(column) }));
  let working: Rows = [];
  const inner = new Map(common);
  inner.set(table.name.toLowerCase(), { columns, rows: () => working, changes: true });
  const step = c.compileQuery(body.right, new Scope([], parent, inner));
  const limit = Number(c.x.session.readVariable('cte_max_recursion_depth', '').value);
  let memo: Rows | undefined;
  const run = (): Rows => {
    const all: (readonly Value[])[] = [];
    const seen = new Set<string>();
    const take = (rows: Rows): Rows => {
      const fresh = body.all ? rows : rows.filter((row) => addKey(seen, row, columns));
      c.x.spend(rows.length * 4);
      all.push(...fresh);
      if (all.length > RESULT_ROWS) throw sqlError('ER_QUERY_TIMEOUT');
      return fresh;
    };
    c.x.statusFlags |= STATUS.NO_INDEX;
    working = take(seed.rows(undefined));
    for (let iteration = 1; working.length > 0; iteration++) {
      if (iteration > limit) throw sqlError('ER_CTE_MAX_RECURSION_DEPTH', iteration);
      working = take(fitted(step.rows(undefined), columns));
    }
    return all;
  };
  return {
    columns,
    rows: () => {
      memo ??= run();
      return memo;
    },
  };
}

function nullableColumn(column: ScopeColumn): ScopeColumn['type'] {
  const { type } = column;
  return { ...type, nullable: true, flags: type.exactFlags ? (type.flags ?? 0) & ~1 : type.flags };
}

/** Rows as the seed's columns hold them: text longer than the seed's is error 1406. */
function fitted(rows: Rows, columns: readonly ScopeColumn[]): Rows {
  const limits = columns.map(({ type }) => (isString(type) ? widened(type).length : Number.MAX_SAFE_INTEGER));
  const tooLong = (value: Value, at: number) =>
    (typeof value === 'string' || Buffer.isBuffer(value)) && value.length > (limits[at] as number);
  for (const row of rows) {
    const at = row.findIndex(tooLong);
    if (at >= 0) throw sqlError('ER_DATA_TOO_LONG', (columns[at] as ScopeColumn).name, 1);
  }
  return rows;
}
