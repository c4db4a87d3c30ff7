// Derived tables: a query in FROM, kept as a view of its source or read into a temporary table.
// Source: https://dev.mysql.com/doc/refman/9.7/en/derived-tables.html, derived-table-optimization.html

import { STATUS } from '../../wire/constants.ts';
import type { Query, TableRef } from '../ast/query.ts';
import type { Compiler } from '../compile/compiler.ts';
import { sqlError } from '../errors.ts';
import { type CommonRows, type Row, Scope, type ScopeColumn } from '../scope.ts';
import { holdsTotal, holdsWindow } from '../walk.ts';
import type { Rows } from './rows.ts';
import type { Source } from './source.ts';
import { materialized, throughTemporary } from './temporary-type.ts';

/**
 * Columns of a derived or common table under its own names.
 * Throws 1353 where the list of names is not as long as the query is wide.
 */
function derivedColumns(
  columns: readonly ScopeColumn[],
  table: string,
  names: readonly string[],
  query: Query,
): ScopeColumn[] {
  if (names.length > 0 && names.length !== columns.length) throw sqlError('ER_VIEW_WRONG_LIST');
  const narrows = query.body.kind === 'select';
  return columns.map((column, at) => {
    const name = names[at] ?? column.name;
    const from = column.orgTable === '' ? undefined : column;
    const type =
      query.body.kind === 'set' && column.type.exactFlags
        ? column.type
        : from
          ? throughTemporary(column.type)
          : materialized(column.type, narrows);
    const { shownSchema, orgTable } = from ?? { shownSchema: '', orgTable: '' };
    return { schema: '', table, name, type, orgTable, orgName: name, shownSchema };
  });
}

/** A derived table that is only a view of its source keeps that source's columns. */
export function mergeable(query: Query): boolean {
  const { body } = query;
  if (body.kind !== 'select' || !body.from || query.limit || query.with.length > 0) return false;
  return (
    !body.distinct &&
    body.group.length === 0 &&
    !body.having &&
    !body.items.some(({ expression: e }) => e && (holdsTotal(e) || holdsWindow(e)))
  );
}

/**
 * Columns of a derived or common table: those of its source where it is only a view of it, else those of a temporary table.
 * Throws 1353 as `derivedColumns` does.
 */
export function shownColumns(
  columns: readonly ScopeColumn[],
  table: string,
  names: readonly string[],
  query: Query,
): ScopeColumn[] {
  const made = derivedColumns(columns, table, names, query);
  if (!mergeable(query)) return made;
  return columns.map((column, at) => {
    const name = names[at] ?? column.name;
    const source =
      column.source ?? (column.orgTable === '' ? undefined : [column.schema, column.table, column.orgName]);
    const orgName = column.orgTable === '' && column.orgName !== '' ? column.orgName : name;
    const [shownSchema, orgTable] = column.behind ?? [column.shownSchema, column.orgTable];
    return { ...column, ...(source && { source }), table, name, orgName, shownSchema, orgTable };
  });
}

/** Throws 1248 for one without an alias, 1060 where two of its columns have one name; `keyed` says its rows are looked up by an index made for it. */
export function compileDerived(
  c: Compiler,
  ref: Extract<TableRef, { kind: 'derived' }>,
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
  keyed = false,
): Source {
  if (ref.alias === '') throw sqlError('ER_DERIVED_MUST_HAVE_ALIAS');
  const scope = new Scope([], parent, common);
  const query = c.compileQuery(ref.query, scope);
  if (parent && scope.correlated) parent.correlated = true;
  const names = query.columns.map((column, at) => ref.columns[at] ?? column.name);
  const duplicate =
    ref.alias === '('
      ? undefined
      : names.find((name, at) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) !== at);
  if (duplicate !== undefined) throw sqlError('ER_DUP_FIELDNAME', duplicate);
  const keeps = mergeable(ref.query);
  const columns = ref.alias === '(' ? query.columns : shownColumns(query.columns, ref.alias, ref.columns, ref.query);
  const reads = !keyed && !keeps && ref.alias !== '(' && (scope.correlated || !givesOneRow(ref.query, false));
  let memo: Rows | undefined;
  return {
    columns,
    *prepare(outerRow) {
      if (!scope.correlated) memo ??= yield* query.steps(outerRow ? { values: [], parent: outerRow } : { values: [] });
    },
    rows: (outerRow) => {
      if (reads) c.x.statusFlags |= STATUS.NO_INDEX;
      const around: Row = outerRow ? { values: [], parent: outerRow } : { values: [] };
      if (scope.correlated) return query.rows(around);
      if (memo) return memo;
      const before = c.x.planning;
      // One row known to be the only one is read before the query runs.
      if (!keeps && givesOneRow(ref.query, scope.correlated)) c.x.planning = true;
      memo = query.rows(around);
      c.x.planning = before;
      return memo;
    },
  };
}

/** A query without FROM is one row known before the outer query runs, and so are totals without GROUP BY, and LIMIT 1. */
export function givesOneRow({ body, limit }: Query, correlated: boolean): boolean {
  if (!correlated && limit?.count.kind === 'number' && Number(limit.count.text) <= 1) return true;
  return (
    body.kind === 'select' &&
    (body.from === undefined || (body.group.length === 0 && body.items.some(({ expression: e }) => e && holdsTotal(e))))
  );
}
