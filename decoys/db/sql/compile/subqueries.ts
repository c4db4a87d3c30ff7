// Queries as operands: scalar and row subqueries, IN, ANY, ALL, EXISTS.
// Source: https://dev.mysql.com/doc/refman/9.7/en/subqueries.html
import type { Query } from '../ast/query.ts';
import { sqlError } from '../errors.ts';
import type { Node, Row, Scope, ScopeColumn } from '../scope.ts';
import { booleanType, isString, nullType } from '../value/type.ts';
import { fromBoolean, toBoolean, type Value } from '../value/value.ts';
import { rowsFor } from './ahead.ts';
import { compileComparison } from './comparison.ts';
import { type Compiler, LITERAL, NUMERIC, type Of, width } from './compiler.ts';
import { deriveCompared } from './parameters.ts';

export function cells(row: readonly Value[], columns: readonly ScopeColumn[]): Node {
  return cellsOf(() => row, columns);
}

/** The row that is current, as an operand. */
function cellsOf(current: () => readonly Value[], columns: readonly ScopeColumn[]): Node {
  const nodes = columns.map(
    (column, at): Node => ({ type: column.type, get: () => current()[at] as Value, coercibility: 2 }),
  );
  return nodes.length === 1 ? (nodes[0] as Node) : { type: nullType(), get: () => null, coercibility: 6, row: nodes };
}

/** Compares an operand with one row after the other of a query: compiled once, when there is a first. */
function comparing(
  c: Compiler,
  operator: string,
  operand: Node,
  columns: readonly ScopeColumn[],
): (found: readonly Value[], row: Row) => boolean | null {
  let current: readonly Value[] = [];
  let node: Node | undefined;
  return (found, row) => {
    current = found;
    node ??= compileComparison(
      c,
      operator,
      operand,
      cellsOf(() => current, columns),
    );
    return toBoolean(node.get(row));
  };
}

/** Whether what IN asks of is more than one row known beforehand. */
function readsTables({ body }: Query): boolean {
  return body.kind !== 'select' || body.from !== undefined;
}

export function compileInQuery(c: Compiler, e: Of<'in-query'>, scope: Scope): Node {
  const open = c.x.hasParameters ? c.compileQuery(e.query, scope) : undefined;
  if (open) deriveCompared(c.x, e.operand, open.columns);
  const operand = c.compile(e.operand, scope);
  const query = open ?? c.compileQuery(e.query, scope);
  if (query.columns.length !== width(operand)) throw sqlError('ER_OPERAND_COLUMNS', width(operand));
  const rows = rowsFor(c, query, e.query);
  const compare = comparing(c, '=', operand, query.columns);
  return {
    type: booleanType(
      readsTables(e.query) || operand.type.nullable || query.columns.some((column) => column.type.nullable),
    ),
    coercibility: NUMERIC,
    get: (row) => {
      let unknown = false;
      for (const found of rows(row)) {
        const result = compare(found, row);
        if (result) return fromBoolean(!e.not);
        if (result === null) unknown = true;
      }
      return unknown ? null : fromBoolean(e.not);
    },
  };
}

export function compileCompareQuery(c: Compiler, e: Of<'compare-query'>, scope: Scope): Node {
  const operand = c.compile(e.left, scope);
  const query = c.compileQuery(e.query, scope);
  if (query.columns.length !== width(operand)) throw sqlError('ER_OPERAND_COLUMNS', width(operand));
  // = ANY and <> ALL are IN and NOT IN.
  const rows = rowsFor(c, query, e.query);
  const compare = comparing(c, e.operator === '!=' ? '<>' : e.operator, operand, query.columns);
  const asks = e.all ? e.operator === '<>' || e.operator === '!=' : e.operator === '=';
  return {
    type: booleanType(asks || operand.type.nullable || query.columns.some((column) => column.type.nullable)),
    coercibility: NUMERIC,
    get: (row) => {
      let unknown = false;
      for (const found of rows(row)) {
        const result = compare(found, row);
        if (result === null) unknown = true;
        else if (result !== e.all) return fromBoolean(!e.all);
      }
      return unknown ? null : fromBoolean(e.all);
    },
  };
}

export function compileRow(c: Compiler, e: Of<'row'>, scope: Scope): Node {
  return { type: nullType(), get: () => null, coercibility: 6, row: e.items.map((item) => c.compile(item, scope)) };
}

/** A table's column gives its collation up less easily than a literal. */
const COLUMN = 2;

export function compileSubquery(c: Compiler, e: Of<'subquery'>, scope: Scope): Node {
  const query = c.compileQuery(e.query, scope);
  const only = (rows: readonly (readonly Value[])[]): readonly Value[] | undefined => {
    if (rows.length > 1) throw sqlError('ER_SUBQUERY_NO_1_ROW');
    return rows[0];
  };
  const rows = rowsFor(c, query, e.query, 2);
  const first = (row: Row) => only(rows(row));
  if (query.columns.length > 1) {
    const nodes = query.columns.map(
      (column, at): Node => ({ type: column.type, coercibility: LITERAL, get: (row) => first(row)?.[at] ?? null }),
    );
    return { type: nullType(), get: () => null, coercibility: 6, row: nodes };
  }
  const column = query.columns[0] as ScopeColumn;
  const fromTable = e.query.body.kind === 'select' && e.query.body.from === undefined;
  const type = {
    ...column.type,
    nullable: column.type.nullable || !fromTable,
    exactFlags: false,
    flags: column.type.exactFlags ? 0 : column.type.flags,
    decimals: isString(column.type) ? 31 : column.type.decimals,
  };
  return {
    type,
    coercibility: column.coercibility ?? COLUMN,
    get: (row) => first(row)?.[0] ?? null,
    *steps(row) {
      return only(yield* query.steps(row, 2))?.[0] ?? null;
    },
  };
}

export function compileExists(c: Compiler, e: Of<'exists'>, scope: Scope): Node {
  const query = c.compileQuery(e.query, scope);
  const rows = rowsFor(c, query, e.query, 1);
  return {
    type: booleanType(false),
    coercibility: NUMERIC,
    get: (row) => fromBoolean(rows(row).length > 0),
    *steps(row) {
      return fromBoolean((yield* query.steps(row, 1)).length > 0);
    },
  };
}
