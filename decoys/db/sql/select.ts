// Runs queries: FROM, WHERE, GROUP BY, HAVING, ORDER BY, LIMIT, set operations, WITH; every row costs fuel.
// Source: https://dev.mysql.com/doc/refman/9.7/en/select.html
import { NESTING_DEPTH, RESULT_ROWS, SELECT_COLUMNS } from '../limits.ts';
import type { TableSource } from '../session/table-source.ts';
import { FLAG, STATUS, TYPE } from '../wire/constants.ts';
import { aggregate, compareKeys } from './aggregate.ts';
import type { CommonTable, Expression, Limit, OrderItem, Query, QueryBody, SelectCore, TableRef } from './ast.ts';
import { type CompiledQuery, type Compiler, compile } from './compile.ts';
import { sqlError } from './errors.ts';
import type { Execution } from './execution.ts';
import {
  type AggregateSlot,
  type CommonRows,
  type Node,
  type Row,
  Scope,
  type ScopeColumn,
  type WindowSlot,
} from './scope.ts';
import { textKey } from './value/charset.ts';
import { mergeTypes, type SqlType } from './value/type.ts';
import { compareValues, toBoolean, toInteger, toText, type Value } from './value/value.ts';
import { windowValues } from './window.ts';

type Rows = readonly (readonly Value[])[];
/** Words a row takes beyond its values. */
const ROW_CELLS = 6;

interface Source {
  readonly columns: readonly ScopeColumn[];
  readonly rows: (outerRow: Row | undefined) => Iterable<readonly Value[]>;
  /** A base table alone, which may be asked by key. */
  readonly table?: TableSource;
}

export interface QueryResult extends CompiledQuery {
  /** Rows before LIMIT, known after `rows` ran. */
  readonly found: () => number;
}

export function compilerOf(x: Execution): Compiler {
  const compiler: Compiler = { x, compileQuery: (query, scope) => compileQuery(compiler, query, scope) };
  return compiler;
}

let depth = 0;

/** Compiles a query. `parent` is the scope around it; its rows may be asked again for each outer row. */
export function compileQuery(c: Compiler, query: Query, parent: Scope | undefined): QueryResult {
  depth++;
  try {
    if (depth > NESTING_DEPTH) throw sqlError('ER_TOO_HIGH_LEVEL_OF_NESTING');
    const common = new Map(parent?.common ?? []);
    for (const table of query.with)
      common.set(table.name.toLowerCase(), compileCommon(c, table, query.recursive, parent, common));
    return compileBody(c, query, parent, common);
  } finally {
    depth--;
  }
}

function compileBody(
  c: Compiler,
  query: Query,
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
): QueryResult {
  const { body } = query;
  if (body.kind === 'select') return compileSelect(c, body, query, parent, common);
  const inner =
    body.kind === 'set'
      ? compileSet(c, body, parent, common)
      : body.kind === 'values'
        ? compileValuesRows(c, body.rows, parent, common)
        : compileTable(c, body);
  const scope = new Scope(inner.columns, parent, common);
  scope.clause = 'order clause';
  const order = compileOrder(
    c,
    query.order,
    scope,
    inner.columns.map(
      (column, at): Node => ({ type: column.type, get: (row) => row.values[at] as Value, coercibility: 2 }),
    ),
  );
  const limit = compileLimit(c, query.limit);
  let found = 0;
  const rows = (outerRow: Row | undefined): Rows => {
    const all = sortRows(inner.rows(outerRow), order, outerRow, c.x);
    found = all.length;
    return cut(all, limit());
  };
  return { columns: inner.columns, rows, found: () => found };
}

type Order = readonly { readonly node: Node; readonly descending: boolean }[];

function compileOrder(c: Compiler, items: readonly OrderItem[], scope: Scope, selected: readonly Node[]): Order {
  return items.map(({ expression, descending }) => {
    if (expression.kind === 'number' && expression.form === 'integer') {
      const node = selected[Number(expression.text) - 1];
      if (!node) throw sqlError('ER_BAD_FIELD_ERROR', expression.text, 'order clause');
      return { node, descending };
    }
    return { node: compile(c, expression, scope), descending };
  });
}

/** What comparing two rows of a sort costs, in steps. */
const COMPARISON_STEPS = 2;

function sortRows(rows: Rows, order: Order, parent: Row | undefined, x: Execution): Rows {
  if (order.length === 0) return rows;
  const keyed = rows.map((values) => ({ values, keys: order.map((item) => item.node.get({ values, parent })) }));
  x.spend(Math.ceil(COMPARISON_STEPS * keyed.length * Math.log2(keyed.length + 2)));
  keyed.sort((a, b) => compareKeys(a.keys, b.keys, order));
  return keyed.map((entry) => entry.values);
}

interface Bounds {
  readonly offset: number;
  readonly count: number;
}

function compileLimit(c: Compiler, limit: Limit | undefined): () => Bounds {
  if (!limit) return () => ({ offset: 0, count: Number.MAX_SAFE_INTEGER });
  const scope = new Scope([], undefined);
  const number = (e: Expression): number => {
    const value = toInteger(compile(c, e, scope).get({ values: [] }));
    if (value === null || value < 0n) throw sqlError('ER_WRONG_ARGUMENTS', 'LIMIT');
    return Number(value);
  };
  return () => ({ offset: limit.offset ? number(limit.offset) : 0, count: number(limit.count) });
}

function cut(rows: Rows, { offset, count }: Bounds): Rows {
  if (offset === 0 && count >= rows.length) return rows;
  return rows.slice(offset, offset + Math.min(count, RESULT_ROWS));
}

function derivedColumn(column: ScopeColumn, table: string, name: string): ScopeColumn {
  return { schema: '', table, name, type: unkeyed(column.type), orgTable: '', orgName: name, shownSchema: '' };
}

/** Integers of a temporary table are no wider than their digits need. */
const NARROW_DIGITS = 10;

/** A column that went through a temporary table: its keys are gone, and numbers are no longer told as binary. */
export function unkeyed(type: SqlType): SqlType {
  const flags =
    (type.nullable ? 0 : FLAG.NOT_NULL) |
    (type.unsigned ? FLAG.UNSIGNED : 0) |
    (isNumberLike(type) || (type.text && !type.collation.endsWith('_bin')) ? 0 : FLAG.BINARY);
  const narrow = type.type === TYPE.LONGLONG && type.length <= NARROW_DIGITS;
  const decimals = type.text && type.type !== TYPE.JSON ? (type.exactFlags ? 0 : 31) : type.decimals;
  return { ...type, type: narrow ? TYPE.LONG : type.type, exactFlags: true, flags, decimals };
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

function holdsAggregate(e: Expression): boolean {
  if (e.kind === 'aggregate' || e.kind === 'window') return true;
  if (e.kind === 'binary') return holdsAggregate(e.left) || holdsAggregate(e.right);
  if (e.kind === 'call') return e.args.some(holdsAggregate);
  return (e.kind === 'unary' || e.kind === 'cast') && holdsAggregate(e.operand);
}

function compileCommon(
  c: Compiler,
  table: CommonTable,
  recursive: boolean,
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
): CommonRows {
  const rename = (columns: readonly ScopeColumn[]) => {
    if (table.columns.length > 0 && table.columns.length !== columns.length)
      throw sqlError('ER_WRONG_NUMBER_OF_COLUMNS_IN_SELECT');
    return columns.map((column, at) => derivedColumn(column, table.name, table.columns[at] ?? column.name));
  };
  const { body } = table.query;
  if (recursive && body.kind === 'set' && mentions(body.right, table.name))
    return compileRecursive(c, table, body, parent, common, rename);
  const scope = new Scope([], parent, common);
  const query = compileQuery(c, table.query, scope);
  let memo: Rows | undefined;
  return {
    columns: rename(query.columns),
    rows: () => {
      memo ??= query.rows(undefined);
      return memo;
    },
  };
}

function mentions(query: Query, name: string): boolean {
  const refers = (ref: TableRef | undefined): boolean => {
    if (!ref) return false;
    if (ref.kind === 'table') return ref.schema === '' && ref.name.toLowerCase() === name.toLowerCase();
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
  const seed = compileQuery(c, body.left, new Scope([], parent, common));
  const columns = rename(seed.columns).map((column) => ({ ...column, type: { ...column.type, nullable: true } }));
  let working: Rows = [];
  const inner = new Map(common);
  inner.set(table.name.toLowerCase(), { columns, rows: () => working });
  const step = compileQuery(c, body.right, new Scope([], parent, inner));
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
    working = take(seed.rows(undefined));
    for (let iteration = 1; working.length > 0; iteration++) {
      if (iteration > limit) throw sqlError('ER_CTE_MAX_RECURSION_DEPTH', iteration);
      working = take(step.rows(undefined));
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

/** A text equal for rows that DISTINCT, UNION and GROUP BY take for the same. */
function rowKey(row: readonly Value[], types: readonly { readonly type: SqlType }[]): string {
  return row
    .map((value, at) =>
      value === null
        ? '\u0001'
        : typeof value === 'string'
          ? textKey(value, types[at]?.type.collation ?? '')
          : toText(value),
    )
    .join('\u0000');
}

function addKey(seen: Set<string>, row: readonly Value[], types: readonly { readonly type: SqlType }[]): boolean {
  const key = rowKey(row, types);
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

function compileSet(
  c: Compiler,
  body: Extract<QueryBody, { kind: 'set' }>,
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
): CompiledQuery {
  const scope = new Scope([], parent, common);
  const [left, right] = [compileQuery(c, body.left, scope), compileQuery(c, body.right, scope)];
  if (parent && scope.correlated) parent.correlated = true;
  if (left.columns.length !== right.columns.length) throw sqlError('ER_WRONG_NUMBER_OF_COLUMNS_IN_SELECT');
  const columns = left.columns.map((column, at) => unionColumn(column, right.columns[at] as ScopeColumn));
  const convert = (rows: Rows): Rows =>
    rows.map((row) => row.map((value, at) => unionValue(value, (columns[at] as ScopeColumn).type)));
  const rows = (outerRow: Row | undefined): Rows => {
    const [a, b] = [convert(left.rows(outerRow)), convert(right.rows(outerRow))];
    c.x.spend(a.length + b.length);
    if (body.operator === 'union') {
      if (body.all) return [...a, ...b];
      const seen = new Set<string>();
      return [...a, ...b].filter((row) => addKey(seen, row, columns));
    }
    const keys = new Set(b.map((row) => rowKey(row, columns)));
    const kept = a.filter((row) => keys.has(rowKey(row, columns)) === (body.operator === 'intersect'));
    const seen = new Set<string>();
    return body.all ? kept : kept.filter((row) => addKey(seen, row, columns));
  };
  if (body.operator !== 'union' || !body.all) c.x.statusFlags |= STATUS.NO_INDEX;
  return { columns, rows };
}

function unionColumn(left: ScopeColumn, right: ScopeColumn): ScopeColumn {
  const merged = mergeTypes([left.type, right.type]);
  const type: SqlType = {
    ...merged,
    exactFlags: true,
    flags: (merged.nullable ? 0 : 1) | (merged.unsigned ? 32 : 0) | (!merged.text && !isNumberLike(merged) ? 128 : 0),
    decimals: merged.text ? (left.type.exactFlags || right.type.exactFlags ? 0 : 31) : merged.decimals,
  };
  return { schema: '', table: '', name: left.name, type, orgTable: '', orgName: left.name, shownSchema: '' };
}

function isNumberLike(type: SqlType): boolean {
  return type.type === 8 || type.type === 246 || type.type === 5 || type.type === 3;
}

function unionValue(value: Value, type: SqlType): Value {
  if (value === null || !type.text || typeof value === 'string' || type.type === 245) return value;
  return toText(value);
}

function compileValuesRows(
  c: Compiler,
  lists: readonly (readonly Expression[])[],
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
): CompiledQuery {
  const scope = new Scope([], parent, common);
  const width = lists[0]?.length ?? 0;
  if (lists.some((list) => list.length !== width))
    throw sqlError('ER_WRONG_VALUE_COUNT_ON_ROW', lists.findIndex((list) => list.length !== width) + 1);
  const nodes = lists.map((list) => list.map((e) => compile(c, e, scope)));
  const columns = Array.from({ length: width }, (_, at): ScopeColumn => {
    const name = `column_${at}`;
    return {
      schema: '',
      table: '',
      name,
      type: mergeTypes(nodes.map((list) => (list[at] as Node).type)),
      orgTable: '',
      orgName: '',
      shownSchema: '',
    };
  });
  return {
    columns,
    rows: (outerRow) => nodes.map((list) => list.map((node) => node.get({ values: [], parent: outerRow }))),
  };
}

function compileTable(c: Compiler, body: { readonly schema: string; readonly name: string }): CompiledQuery {
  const table = c.x.session.table(body.schema, body.name);
  return { columns: table.columns, rows: () => table.rows(c.x) };
}

function compileFrom(c: Compiler, ref: TableRef, parent: Scope | undefined, common: Map<string, CommonRows>): Source {
  if (ref.kind === 'table') return compileTableRef(c, ref, common);
  if (ref.kind === 'derived') return compileDerived(c, ref, parent, common);
  return compileJoin(c, ref, parent, common);
}

function compileTableRef(
  c: Compiler,
  ref: Extract<TableRef, { kind: 'table' }>,
  common: Map<string, CommonRows>,
): Source {
  const shared = ref.schema === '' ? common.get(ref.name.toLowerCase()) : undefined;
  if (shared) {
    const columns = shared.columns.map((column) => ({ ...column, table: ref.alias }));
    return { columns, rows: () => shared.rows() };
  }
  const table = c.x.session.table(ref.schema, ref.name);
  const anyCase = table.schema === 'information_schema';
  const alias = ref.alias === ref.name && anyCase ? ref.name : ref.alias;
  const columns = table.columns.map((column) => ({ ...column, table: alias }));
  return { columns, rows: () => table.rows(c.x), table };
}

function compileDerived(
  c: Compiler,
  ref: Extract<TableRef, { kind: 'derived' }>,
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
): Source {
  if (ref.alias === '') throw sqlError('ER_DERIVED_MUST_HAVE_ALIAS');
  const scope = new Scope([], parent, common);
  const query = compileQuery(c, ref.query, scope);
  if (parent && scope.correlated) parent.correlated = true;
  if (ref.columns.length > 0 && ref.columns.length !== query.columns.length)
    throw sqlError('ER_WRONG_NUMBER_OF_COLUMNS_IN_SELECT');
  const names = query.columns.map((column, at) => ref.columns[at] ?? column.name);
  const duplicate =
    ref.alias === '('
      ? undefined
      : names.find((name, at) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) !== at);
  if (duplicate !== undefined) throw sqlError('ER_DUP_FIELDNAME', duplicate);
  const keeps = mergeable(ref.query);
  const columns = query.columns.map((column, at) => {
    if (ref.alias === '(') return column;
    const name = names[at] as string;
    return keeps ? { ...column, table: ref.alias, name } : derivedColumn(column, ref.alias, name);
  });
  let memo: Rows | undefined;
  return {
    columns,
    rows: (outerRow) => {
      if (scope.correlated) return query.rows(outerRow);
      memo ??= query.rows(outerRow);
      return memo;
    },
  };
}

function compileJoin(
  c: Compiler,
  ref: Extract<TableRef, { kind: 'join' }>,
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
): Source {
  const swap = ref.type === 'right';
  const left = compileFrom(c, swap ? ref.right : ref.left, parent, common);
  const right = compileFrom(c, swap ? ref.left : ref.right, parent, common);
  const clash = right.columns.find((column) =>
    left.columns.some((other) => other.table === column.table && other.schema === column.schema),
  );
  if (clash) throw sqlError('ER_NONUNIQ_TABLE', clash.table);
  const shared = ref.natural
    ? right.columns
        .filter((column) => left.columns.some((other) => other.name.toLowerCase() === column.name.toLowerCase()))
        .map((column) => column.name)
    : ref.using;
  const usesShared = new Set(shared.map((name) => name.toLowerCase()));
  const outerJoin = ref.type !== 'inner';
  const rightColumns = right.columns.map((column) => ({
    ...column,
    merged: column.merged || usesShared.has(column.name.toLowerCase()),
    type: outerJoin
      ? {
          ...column.type,
          nullable: true,
          flags: column.type.exactFlags ? (column.type.flags ?? 0) & ~1 : column.type.flags,
        }
      : column.type,
  }));
  const columns = [...left.columns, ...rightColumns];
  const scope = new Scope(columns, parent, common);
  scope.clause = 'on clause';
  const on = ref.on ? compile(c, ref.on, scope) : undefined;
  if (parent && scope.correlated) parent.correlated = true;
  const pairs = shared.map(
    (name) => [position(left.columns, name), left.columns.length + position(right.columns, name)] as const,
  );
  const blank = right.columns.map(() => null);
  function* rows(outerRow: Row | undefined): Generator<readonly Value[]> {
    const bs = [...right.rows(outerRow)];
    c.x.hold(bs.length);
    for (const a of left.rows(outerRow)) {
      let matched = false;
      for (const b of bs) {
        c.x.spend(1);
        const values = [...a, ...b];
        if (!pairs.every(([x, y]) => sameCell(values, x, y, columns))) continue;
        if (on && !toBoolean(on.get({ values, parent: outerRow }))) continue;
        matched = true;
        yield values;
      }
      if (!matched && outerJoin) yield [...a, ...blank];
    }
  }
  return { columns, rows };
}

function sameCell(values: readonly Value[], a: number, b: number, columns: readonly ScopeColumn[]): boolean {
  return compareValues(values[a] as Value, values[b] as Value, (columns[a] as ScopeColumn).type.collation) === 0;
}

function position(columns: readonly ScopeColumn[], name: string): number {
  const at = columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
  if (at < 0) throw sqlError('ER_BAD_FIELD_ERROR', name, 'from clause');
  return at;
}

interface Item {
  readonly node: Node;
  readonly name: string;
  readonly column: ScopeColumn | undefined;
  readonly alias: string | undefined;
}

function compileItems(c: Compiler, core: SelectCore, scope: Scope): Item[] {
  const items: Item[] = [];
  for (const item of core.items) {
    scope.clause = 'field list';
    if (item.star) {
      items.push(...starItems(c, item.star, core, scope));
      continue;
    }
    const expression = item.expression as Expression;
    const node = compile(c, expression, scope);
    if (node.row) throw sqlError('ER_OPERAND_COLUMNS', 1);
    items.push({
      node,
      name: item.alias ?? itemName(c, expression, item.text, node),
      column: node.column,
      alias: item.alias,
    });
  }
  return items;
}

const NAME_CHARACTERS = 256;

function itemName(c: Compiler, e: Expression, text: string, node: Node): string {
  if (e.kind === 'column')
    return node.column?.schema === 'information_schema' && !node.column.shownSchema && node.column.orgTable === ''
      ? (e.path.at(-1) as string)
      : columnName(c, e, node);
  if (e.kind === 'string') return e.first;
  if (e.kind === 'null') return 'NULL';
  if (e.kind === 'call' && e.name.toUpperCase() === 'NAME_CONST' && e.args[0]?.kind === 'string')
    return e.args[0].first;
  return text.length > NAME_CHARACTERS ? text.slice(0, NAME_CHARACTERS) : text;
}

/** A column is named as the query wrote it, but for INFORMATION_SCHEMA's views over the dictionary, which name it themselves. */
function columnName(c: Compiler, e: Extract<Expression, { kind: 'column' }>, node: Node): string {
  const column = node.column as ScopeColumn;
  return c.x.session.namesOwnColumns(column) ? column.name : (e.path.at(-1) as string);
}

function starItems(c: Compiler, star: readonly string[], core: SelectCore, scope: Scope): Item[] {
  if (!core.from) throw sqlError('ER_NO_TABLES_USED');
  const table = star.at(-1);
  const found: Item[] = [];
  for (const [at, column] of scope.columns.entries()) {
    if (
      table !== undefined &&
      column.table !== table &&
      !(column.schema === 'information_schema' && column.table.toLowerCase() === table.toLowerCase())
    )
      continue;
    if (table === undefined && column.merged) continue;
    scope.bare.push(column);
    scope.used.add(column);
    found.push({
      node: { type: column.type, get: (row) => row.values[at] as Value, coercibility: 2, column },
      name: column.name,
      column,
      alias: undefined,
    });
  }
  if (found.length === 0 && table !== undefined) throw sqlError('ER_BAD_TABLE_ERROR', table);
  c.x.spend(found.length);
  return found;
}

function resultColumn(item: Item, temporary: boolean): ScopeColumn {
  const { node, column, name } = item;
  const type = temporary ? throughTemporary(node.type) : node.type;
  if (!column) return { schema: '', table: '', name, type, orgTable: '', orgName: '', shownSchema: '' };
  return { ...column, name, type };
}

const KEY_FLAGS =
  FLAG.PRI_KEY | FLAG.UNIQUE_KEY | FLAG.MULTIPLE_KEY | FLAG.PART_KEY | FLAG.NO_DEFAULT | FLAG.AUTO_INCREMENT;

/** Grouping by anything but a leading key goes through a temporary table, which has no keys. */
function throughTemporary(type: SqlType): SqlType {
  if (type.exactFlags) return { ...type, flags: (type.flags ?? 0) & ~KEY_FLAGS };
  return { ...unkeyed(type), type: type.type, decimals: type.decimals };
}

function groupsByKey(columns: readonly ScopeColumn[], group: readonly Node[]): boolean {
  const first = columns.find((column) => column.primary);
  return group[0]?.column !== undefined && group[0].column.name === first?.name;
}

function qualified(column: ScopeColumn): string {
  return [column.schema, column.table, column.name].filter((part) => part !== '').join('.');
}

/** True where the grouping holds the whole primary key of the column's table. */
function determined(all: readonly ScopeColumn[], grouped: readonly ScopeColumn[], column: ScopeColumn): boolean {
  const keys = all.filter((other) => other.primary && other.table === column.table);
  return (
    keys.length > 0 &&
    keys.every((key) => grouped.some((other) => other.table === key.table && other.name === key.name))
  );
}

function checkGrouping(
  c: Compiler,
  core: SelectCore,
  bares: readonly (readonly ScopeColumn[])[],
  grouped: readonly ScopeColumn[],
  hasAggregates: boolean,
  scopeColumns: readonly ScopeColumn[],
): void {
  if (core.group.length === 0 && !hasAggregates) return;
  if (!c.x.session.sqlMode().includes('ONLY_FULL_GROUP_BY')) return;
  const sameColumn = (a: ScopeColumn, b: ScopeColumn) => a.table === b.table && a.name === b.name;
  for (const [at, bare] of bares.entries()) {
    const loose = bare.find(
      (column) => !grouped.some((other) => sameColumn(other, column)) && !determined(scopeColumns, grouped, column),
    );
    if (!loose) continue;
    if (core.group.length === 0) throw sqlError('ER_MIX_OF_GROUP_FUNC_AND_FIELDS', at + 1, qualified(loose));
    throw sqlError('ER_WRONG_FIELD_WITH_GROUP', at + 1, qualified(loose));
  }
}

function compileSelect(
  c: Compiler,
  core: SelectCore,
  query: Query,
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
): QueryResult {
  const fromScope = new Scope([], parent, common);
  const source: Source = core.from ? compileFrom(c, core.from, fromScope, common) : { columns: [], rows: () => [[]] };
  const scope = new Scope(source.columns, parent, common);
  const aggregates: AggregateSlot[] = [];
  const windows: WindowSlot[] = [];
  scope.aggregates = aggregates;
  scope.windows = windows;
  const bares: ScopeColumn[][] = [];
  const items: Item[] = [];
  for (const item of core.items) {
    scope.bare = [];
    items.push(...compileItems(c, { ...core, items: [item] }, scope));
    if (items.length > SELECT_COLUMNS) throw sqlError('ER_TOO_MANY_FIELDS');
    bares.push(scope.bare);
  }
  scope.bare = [];
  const where = compileWhere(c, core, scope);
  scope.aliases = new Map(items.map((item) => [item.name.toLowerCase(), item.node]));
  scope.clause = 'group statement';
  scope.bare = [];
  const nodes = items.map((item) => item.node);
  const group = core.group.map((e) => compileGroup(c, e, scope, nodes));
  const grouped = [...scope.bare, ...group.flatMap((node) => (node.column ? [node.column] : []))];
  scope.clause = 'having clause';
  const having = core.having ? compile(c, core.having, scope) : undefined;
  scope.clause = 'order clause';
  const order = compileOrder(c, query.order, scope, nodes);
  checkGrouping(c, core, bares, grouped, aggregates.length > 0, scope.columns);
  if (parent && (scope.correlated || fromScope.correlated))
    parent.correlated = parent.correlated || outerUse(scope, parent);
  const limit = compileLimit(c, query.limit);
  const temporary = group.length > 0 && !groupsByKey(scope.columns, group);
  const columns = items.map((item) => resultColumn(item, temporary));
  let found = 0;
  let memo: Rows | undefined;
  const run = (outerRow: Row | undefined, most: number): Rows => {
    const bounds = limit();
    const early =
      order.length === 0 &&
      group.length === 0 &&
      aggregates.length === 0 &&
      windows.length === 0 &&
      !having &&
      !core.distinct &&
      !core.calcFoundRows;
    const enough = early ? Math.min(most, bounds.offset + bounds.count) : Number.MAX_SAFE_INTEGER;
    let rows = sourceRows(c, source, where, core.where, scope, outerRow, enough);
    if (group.length > 0 || aggregates.length > 0) rows = groupRows(c, rows, group, aggregates, outerRow, core.rollup);
    if (having) rows = rows.filter((row) => toBoolean(having.get(row)));
    rows = rows.map((row, at) => ({ ...row, position: at }));
    for (const slot of windows) slot.values = windowValues(slot, rows, c.x);
    if (order.length > 0) {
      const keyed = rows.map((row) => ({ row, keys: order.map((item) => item.node.get(row)) }));
      c.x.spend(Math.ceil(keyed.length * Math.log2(keyed.length + 2)));
      keyed.sort((a, b) => compareKeys(a.keys, b.keys, order));
      rows = keyed.map((entry) => entry.row);
    }
    const project = (row: Row): Value[] => {
      c.x.hold(nodes.length);
      return nodes.map((node) => node.get(row));
    };
    if (!core.distinct) {
      found = rows.length;
      const start = Math.min(rows.length, bounds.offset);
      return rows.slice(start, start + Math.min(bounds.count, most)).map(project);
    }
    const seen = new Set<string>();
    const unique = rows.map(project).filter((row) => addKey(seen, row, columns));
    found = unique.length;
    return cut(unique, bounds);
  };
  const rows = (outerRow: Row | undefined, most: number = Number.MAX_SAFE_INTEGER): Rows => {
    if (scope.correlated || fromScope.correlated || parent === undefined) return run(outerRow, most);
    memo ??= run(outerRow, Number.MAX_SAFE_INTEGER);
    return memo;
  };
  return { columns, rows, found: () => found };
}

/** A name of a scope further out than `parent` makes the parent correlated too. */
function outerUse(_scope: Scope, parent: Scope): boolean {
  return parent.columns.length === 0;
}

function compileWhere(c: Compiler, core: SelectCore, scope: Scope): Node | undefined {
  if (!core.where) return undefined;
  scope.clause = 'where clause';
  const [aggregates, windows] = [scope.aggregates, scope.windows];
  scope.aggregates = undefined;
  scope.windows = undefined;
  const where = compile(c, core.where, scope);
  scope.aggregates = aggregates;
  scope.windows = windows;
  if (where.row) throw sqlError('ER_OPERAND_COLUMNS', 1);
  return where;
}

function compileGroup(c: Compiler, e: Expression, scope: Scope, nodes: readonly Node[]): Node {
  if (e.kind === 'number' && e.form === 'integer') {
    const node = nodes[Number(e.text) - 1];
    if (!node) throw sqlError('ER_BAD_FIELD_ERROR', e.text, 'group statement');
    return node;
  }
  const slots = scope.aggregates;
  scope.aggregates = undefined;
  const node = compile(c, e, scope);
  scope.aggregates = slots;
  return node;
}

/** Constant a column must equal for WHERE to hold: `id = 5 AND …`. */
function keyOf(
  c: Compiler,
  e: Expression | undefined,
  table: TableSource,
  scope: Scope,
  row: Row,
): readonly (readonly Value[])[] | undefined {
  if (!e || !table.lookup) return undefined;
  if (e.kind === 'binary' && e.operator === 'AND')
    return keyOf(c, e.left, table, scope, row) ?? keyOf(c, e.right, table, scope, row);
  if (e.kind === 'binary' && e.operator === '=' && e.left.kind === 'column')
    return keyed(c, e.left, [e.right], table, scope, row);
  if (e.kind === 'between' && !e.not && e.operand.kind === 'column')
    return keyed(c, e.operand, [e.low, e.high], table, scope, row);
  return undefined;
}

function keyed(
  c: Compiler,
  column: Extract<Expression, { kind: 'column' }>,
  ends: readonly Expression[],
  table: TableSource,
  scope: Scope,
  row: Row,
): readonly (readonly Value[])[] | undefined {
  const values = ends.map((e) =>
    e.kind === 'number' || e.kind === 'string' || e.kind === 'parameter' || e.kind === 'variable'
      ? compile(c, e, scope).get(row)
      : undefined,
  );
  if (values.some((value) => value === undefined || value === null)) return undefined;
  return table.lookup?.(column.path.at(-1) as string, values[0] as Value, values.at(-1) as Value);
}

/** True where an index alone holds all the query names: the primary key's columns, or none. */
function covered(scope: Scope): boolean {
  return [...scope.used].every((column) => column.primary);
}

function sourceRows(
  c: Compiler,
  source: Source,
  where: Node | undefined,
  filter: Expression | undefined,
  scope: Scope,
  parent: Row | undefined,
  enough: number,
): Row[] {
  const byKey = source.table ? keyOf(c, filter, source.table, scope, { values: [], parent }) : undefined;
  if (source.table && !byKey && !covered(scope) && source.table.scans(filter)) c.x.statusFlags |= STATUS.NO_INDEX;
  const out: Row[] = [];
  for (const values of byKey ?? source.rows(parent)) {
    if (out.length >= enough) break;
    c.x.spend(1);
    const row: Row = { values, parent };
    if (where && !toBoolean(where.get(row))) continue;
    c.x.hold(ROW_CELLS + (source.table ? 0 : values.length));
    out.push(row);
  }
  return out;
}

function groupRows(
  c: Compiler,
  rows: readonly Row[],
  group: readonly Node[],
  slots: readonly AggregateSlot[],
  parent: Row | undefined,
  rollup: boolean,
): Row[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    c.x.spend(1);
    const key = rowKey(
      group.map((node) => node.get(row)),
      group,
    );
    const members = groups.get(key);
    if (members) members.push(row);
    else groups.set(key, [row]);
  }
  if (group.length === 0 && groups.size === 0) groups.set('', []);
  const finish = (members: readonly Row[]): Row => ({
    values: members[0]?.values ?? nulls(rows, slots),
    parent,
    aggregates: slots.map((slot) => aggregate(slot, members, c.x)),
  });
  const out = [...groups.values()].map(finish);
  if (rollup && rows.length > 0) out.push({ ...finish(rows), values: (rows[0] as Row).values.map(() => null) });
  return out;
}

/** The row an empty group without GROUP BY shows: every column NULL. */
function nulls(_rows: readonly Row[], _slots: readonly AggregateSlot[]): readonly Value[] {
  return Array.from({ length: 256 }, () => null);
}
