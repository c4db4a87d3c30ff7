// FROM: tables, derived tables and joins as one source of columns and rows.
// Source: https://dev.mysql.com/doc/refman/9.7/en/join.html, derived-tables.html
import { expectUnlocked } from '../../session/row-locking.ts';
import type { TableSource } from '../../session/table-source.ts';
import { FLAG, STATUS, TYPE } from '../../wire/constants.ts';
import type { Expression } from '../ast/expression.ts';
import type { Query, TableRef } from '../ast/query.ts';
import type { Compiler } from '../compile/compiler.ts';
import { sqlError } from '../errors.ts';
import { type CommonRows, type Row, Scope, type ScopeColumn } from '../scope.ts';
import { findCharset, findCollation } from '../value/charset.ts';
import { bytesType, isJson, isNull, type SqlType, storedLength } from '../value/type.ts';
import { compareValues, toBoolean, type Value } from '../value/value.ts';
import type { Leaf } from './access.ts';
import { candidates, FEW_ROWS, joinKeys, keyIndex } from './join-keys.ts';
import { compileJsonTable } from './json-table.ts';
import { narrowed } from './narrowing.ts';
import type { Rows } from './rows.ts';

export interface Source {
  readonly columns: readonly ScopeColumn[];
  readonly rows: (outerRow: Row | undefined) => Iterable<readonly Value[]>;
  /** A base table alone, which may be asked by key. */
  readonly table?: TableSource;
  /** Every base table in it. */
  readonly leaves?: readonly Leaf[];
  /** Rows differ from one call to the next. */
  readonly changes?: boolean;
}

export function compileFrom(
  c: Compiler,
  ref: TableRef,
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
  narrowings: readonly Expression[] = [],
): Source {
  switch (ref.kind) {
    case 'table':
      return compileTableRef(c, ref, common, narrowings);
    case 'derived':
      return compileDerived(c, ref, parent, common);
    case 'json-table':
      return compileJsonTable(c, ref, parent);
    default:
      return compileJoin(c, ref, parent, common, narrowings);
  }
}

function compileTableRef(
  c: Compiler,
  ref: Extract<TableRef, { kind: 'table' }>,
  common: Map<string, CommonRows>,
  narrowings: readonly Expression[],
): Source {
  const shared = ref.schema === '' ? common.get(ref.name.toLowerCase()) : undefined;
  if (shared) {
    const columns = shared.columns.map((column) => ({ ...column, table: ref.alias }));
    return { columns, rows: () => shared.rows(), changes: shared.changes ?? false };
  }
  c.x.session.checkRead(ref.schema, ref.name, ref.alias);
  const table = c.x.session.table(ref.schema, ref.name);
  if (table.indexes) expectUnlocked(c.x.session, table.schema, table.name, false);
  const anyCase = table.schema === 'information_schema';
  const alias = ref.alias === ref.name && anyCase ? ref.name : ref.alias;
  const columns = table.columns.map((column) => ({ ...column, table: alias }));
  const leaves = [{ table, alias, inner: false }];
  const { partitions } = ref;
  if (partitions) {
    if (!table.partitioned) throw sqlError('ER_PARTITION_CLAUSE_ON_NONPARTITIONED');
    const chosen = table.partitioned(c.x, partitions);
    c.x.statusFlags |= STATUS.NO_INDEX;
    return { columns, rows: narrowed(c, narrowings, alias, columns, () => chosen), leaves };
  }
  return { columns, rows: narrowed(c, narrowings, alias, columns, () => table.rows(c.x)), table, leaves };
}

/** Integers of a temporary table are no wider than their digits need. */
const NARROW_DIGITS = 10;
/** What a JSON column of a temporary table tells of its length, in characters. */
const JSON_CHARACTERS = 1_073_741_824;

const NUMBERS: ReadonlySet<number> = new Set([
  TYPE.TINY,
  TYPE.SHORT,
  TYPE.INT24,
  TYPE.LONG,
  TYPE.LONGLONG,
  TYPE.NEWDECIMAL,
  TYPE.FLOAT,
  TYPE.DOUBLE,
]);

function isNumberLike(type: SqlType): boolean {
  return NUMBERS.has(type.type);
}

const KEY_FLAGS = FLAG.PRI_KEY | FLAG.UNIQUE_KEY | FLAG.MULTIPLE_KEY | FLAG.PART_KEY | FLAG.AUTO_INCREMENT;

/** A table's column that went through a temporary table: all but its keys is kept. */
export function throughTemporary(type: SqlType): SqlType {
  if (type.exactFlags) return { ...type, flags: (type.flags ?? 0) & ~KEY_FLAGS };
  return { ...unkeyed(type), decimals: type.decimals, length: type.length };
}

/** A text too long for VARCHAR is stored as a BLOB, whose length the server reckons in bytes twice over. */
function storedText(type: SqlType, flags: number): SqlType {
  const widest = findCharset(findCollation(type.collation)?.charset ?? '')?.maxBytes ?? 1;
  return {
    ...type,
    type: TYPE.BLOB,
    exactFlags: true,
    flags: flags | FLAG.BLOB,
    decimals: 0,
    length: type.length * widest,
  };
}

/** A column that went through a temporary table: its keys are gone, and numbers are no longer told as binary. */
export function unkeyed(type: SqlType): SqlType {
  if (isNull(type)) return { ...bytesType(0, { decimals: 0 }), exactFlags: true, flags: FLAG.BINARY };
  const flags =
    (type.nullable ? 0 : FLAG.NOT_NULL) |
    (type.unsigned ? FLAG.UNSIGNED : 0) |
    (isJson(type) ? FLAG.BLOB : 0) |
    (isNumberLike(type) || (type.text && !type.collation.endsWith('_bin')) ? 0 : FLAG.BINARY);
  if (type.text && type.type === TYPE.MEDIUM_BLOB) return storedText(type, flags);
  const length = isJson(type) ? JSON_CHARACTERS : type.length;
  const decimals = isNumberLike(type) ? type.decimals : type.type === TYPE.JSON || type.text ? 0 : type.decimals % 31;
  return { ...type, exactFlags: true, flags, decimals, length, fieldLength: type.fieldLength ?? storedLength(type) };
}

/** As `unkeyed`, of one SELECT: small integers are kept narrow there, but not by UNION or VALUES. */
export function materialized(type: SqlType, narrows: boolean): SqlType {
  const made = unkeyed(type);
  if (!narrows || made.type !== TYPE.LONGLONG || type.length > NARROW_DIGITS) return made;
  const narrow = { ...made, type: TYPE.LONG };
  return { ...narrow, fieldLength: storedLength(narrow) };
}

/**
 * Columns of a derived or common table under its own names.
 * Throws 1353 where the list of names is not as long as the query is wide.
 */
export function derivedColumns(
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
    const type = from ? throughTemporary(column.type) : materialized(column.type, narrows);
    const { shownSchema, orgTable } = from ?? { shownSchema: '', orgTable: '' };
    return { schema: '', table, name, type, orgTable, orgName: name, shownSchema };
  });
}

/** A derived table that is only a view of its source keeps that source's columns. */
function mergeable(query: Query): boolean {
  const { body } = query;
  if (body.kind !== 'select' || !body.from || query.limit || query.with.length > 0) return false;
  return (
    !body.distinct &&
    body.group.length === 0 &&
    !body.having &&
    !body.items.some((item) => item.expression && holdsAggregate(item.expression))
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
    return { ...column, table, name, orgName: column.orgTable === '' ? column.orgName : name };
  });
}

function holdsAggregate(e: Expression): boolean {
  if (e.kind === 'aggregate' || e.kind === 'window') return true;
  if (e.kind === 'binary') return holdsAggregate(e.left) || holdsAggregate(e.right);
  if (e.kind === 'call') return e.args.some(holdsAggregate);
  return (e.kind === 'unary' || e.kind === 'cast') && holdsAggregate(e.operand);
}

function compileDerived(
  c: Compiler,
  ref: Extract<TableRef, { kind: 'derived' }>,
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
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
  const reads = !keeps && ref.alias !== '(' && !givesOneRow(ref.query);
  let memo: Rows | undefined;
  return {
    columns,
    rows: (outerRow) => {
      if (reads) c.x.statusFlags |= STATUS.NO_INDEX;
      const around: Row = outerRow ? { values: [], parent: outerRow } : { values: [] };
      if (scope.correlated) return query.rows(around);
      memo ??= query.rows(around);
      return memo;
    },
  };
}

/** A query without FROM is one row known before the outer query runs. */
function givesOneRow({ body }: Query): boolean {
  return body.kind === 'select' && (body.from === undefined || (body.group.length === 0 && isTotal(body.items)));
}

/** Aggregates alone, without GROUP BY, make one row of any table. */
function isTotal(items: readonly { readonly expression: Expression | undefined }[]): boolean {
  return items.some((item) => item.expression && holdsAggregate(item.expression) && item.expression.kind !== 'window');
}

function nullableColumn(column: ScopeColumn): ScopeColumn {
  const { type } = column;
  const flags = type.exactFlags ? (type.flags ?? 0) & ~FLAG.NOT_NULL : type.flags;
  return { ...column, type: { ...type, nullable: true, flags } as SqlType };
}

/** Cells of two rows put side by side that cost one step. */
const JOINED_CELLS_A_STEP = 8;

function compileJoin(
  c: Compiler,
  ref: Extract<TableRef, { kind: 'join' }>,
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
  narrowings: readonly Expression[],
): Source {
  const left = compileFrom(c, ref.left, parent, common, ref.type === 'right' ? [] : narrowings);
  const inside = lateralScope(ref.right, left, parent, common);
  const right = compileFrom(c, ref.right, inside, common, ref.type === 'left' ? [] : narrowings);
  const sameTable = (a: ScopeColumn, b: ScopeColumn | undefined) => a.table === b?.table && a.schema === b.schema;
  const clash = right.columns.find(
    (column, at) => !sameTable(column, right.columns[at - 1]) && left.columns.some((other) => sameTable(other, column)),
  );
  if (clash) throw sqlError('ER_NONUNIQ_TABLE', clash.table);
  const shared = ref.natural
    ? right.columns
        .filter((column) => left.columns.some((other) => other.name.toLowerCase() === column.name.toLowerCase()))
        .map((column) => column.name)
    : ref.using;
  const usesShared = new Set(shared.map((name) => name.toLowerCase()));
  const leftColumns = ref.type === 'right' ? left.columns.map(nullableColumn) : left.columns;
  const rightColumns = (ref.type === 'left' ? right.columns.map(nullableColumn) : right.columns).map((column) => ({
    ...column,
    merged: column.merged || usesShared.has(column.name.toLowerCase()),
  }));
  const joined = [...leftColumns, ...rightColumns];
  const first = new Set(
    leftColumns.flatMap((column, at) => (!column.merged && usesShared.has(column.name.toLowerCase()) ? [at] : [])),
  );
  // What USING and NATURAL share comes first; `places` says from where each column's value is.
  const places = first.size > 0 ? [...first, ...[...joined.keys()].filter((at) => !first.has(at))] : undefined;
  const columns = places ? places.map((at) => joined[at] as ScopeColumn) : joined;
  const scope = new Scope(joined, parent, common);
  scope.clause = 'on clause';
  const on = ref.on ? c.compile(ref.on, scope) : undefined;
  if (parent && scope.correlated) parent.correlated = true;
  const pairs = shared.map(
    (name) => [position(left.columns, name), left.columns.length + position(right.columns, name)] as const,
  );
  const outerJoin = ref.type !== 'inner';
  const swap = ref.type === 'right';
  const lateral = ref.right.kind === 'json-table' || (ref.right.kind === 'derived' && ref.right.lateral);
  const [kept, other] = swap ? [right, left] : [left, right];
  const blank = other.columns.map(() => null);
  const pairSteps = 2 + Math.floor(columns.length / JOINED_CELLS_A_STEP);
  function* rows(outerRow: Row | undefined): Generator<readonly Value[]> {
    let others: readonly (readonly Value[])[] = lateral ? [] : [...other.rows(outerRow)];
    c.x.hold(others.length);
    const keyed = lateral ? undefined : joinKeys(ref.on, pairs, kept.columns, other.columns, swap);
    const index = keyed && others.length > FEW_ROWS ? keyIndex(others, keyed.other) : undefined;
    const all = others;
    if (index) c.x.spend(all.length);
    for (const a of kept.rows(outerRow)) {
      if (index && keyed) {
        c.x.spend(1);
        others = candidates(index, a, keyed.kept, all);
      }
      if (lateral) others = [...other.rows({ values: a, ...(outerRow ? { parent: outerRow } : {}) })];
      let matched = false;
      for (const b of others) {
        c.x.spend(pairSteps);
        const values = swap ? [...b, ...a] : [...a, ...b];
        if (!pairs.every(([x, y]) => sameCell(values, x, y, joined))) continue;
        if (on && !toBoolean(on.get(outerRow ? { values, parent: outerRow } : { values }))) continue;
        matched = true;
        yield placed(swap && pairs.length > 0 ? mergedCells(values, pairs) : values, places);
      }
      if (!matched && outerJoin) {
        const values = swap ? [...blank, ...a] : [...a, ...blank];
        yield placed(swap && pairs.length > 0 ? mergedCells(values, pairs) : values, places);
      }
    }
  }
  const leaves = [
    ...(left.leaves ?? []).map((leaf) => (ref.type === 'right' ? { ...leaf, inner: true } : leaf)),
    ...(right.leaves ?? []).map((leaf) => (ref.type === 'left' ? { ...leaf, inner: true } : leaf)),
  ];
  return { columns, rows, leaves, changes: Boolean(left.changes || right.changes) };
}

function placed(values: readonly Value[], places: readonly number[] | undefined): readonly Value[] {
  return places ? places.map((at) => values[at] as Value) : values;
}

/** LATERAL and JSON_TABLE see the columns of the tables before them. */
function lateralScope(
  ref: TableRef,
  left: Source,
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
): Scope | undefined {
  if (ref.kind !== 'json-table' && !(ref.kind === 'derived' && ref.lateral)) return parent;
  return new Scope(left.columns, parent, common);
}

/** A RIGHT JOIN's shared columns show the right side's values. */
function mergedCells(values: Value[], pairs: readonly (readonly [number, number])[]): Value[] {
  const merged = [...values];
  for (const [x, y] of pairs) merged[x] = values[y] as Value;
  return merged;
}

function sameCell(values: readonly Value[], a: number, b: number, columns: readonly ScopeColumn[]): boolean {
  return compareValues(values[a] as Value, values[b] as Value, (columns[a] as ScopeColumn).type.collation) === 0;
}

function position(columns: readonly ScopeColumn[], name: string): number {
  const at = columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
  if (at < 0) throw sqlError('ER_BAD_FIELD_ERROR', name, 'from clause');
  return at;
}
