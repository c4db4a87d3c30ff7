// Runs queries: FROM, WHERE, GROUP BY, HAVING, ORDER BY, LIMIT; every row costs fuel. Their parts are in query/.
// Source: https://dev.mysql.com/doc/refman/9.7/en/select.html
import { NESTING_DEPTH, SELECT_COLUMNS } from '../limits.ts';
import { FLAG, STATUS } from '../wire/constants.ts';
import { compareKeys } from './aggregate.ts';
import type { Expression } from './ast/expression.ts';
import type { Locking, Query, SelectCore, TableRef } from './ast/query.ts';
import type { IndexSpec } from './ast/table.ts';
import type { CompiledQuery, Compiler } from './compile/compiler.ts';
import { derive, TRUTH_PARAMETER } from './compile/parameters.ts';
import { compile } from './compile.ts';
import { sqlError } from './errors.ts';
import type { Execution } from './execution.ts';
import { indexAlong, leads, scansRows } from './query/access.ts';
import { checkDistinctOrder, checkFullGroupBy, groupedExpressions, type Selected } from './query/dependence.ts';
import { compileFrom, type Source } from './query/from.ts';
import { compileGroup, groupRows, rolledNode } from './query/group.ts';
import { compileItems, type Item, resultColumn } from './query/items.ts';
import { keyOf } from './query/keys.ts';
import { narrowingsOf } from './query/narrowing.ts';
import { compileLimit, compileOrder, cut, type Order, sortRows } from './query/order.ts';
import { passageOf, sortsGroups } from './query/passage.ts';
import { addKey, keySteps, type Rows, sortSteps } from './query/rows.ts';
import { compileSet, compileTable, compileValuesRows } from './query/set.ts';
import { compileCommon } from './query/with.ts';
import {
  type AggregateSlot,
  type CommonRows,
  type Node,
  type Row,
  Scope,
  type ScopeColumn,
  type WindowSlot,
} from './scope.ts';
import { toBoolean, type Value } from './value/value.ts';
import { holdsTotal } from './walk.ts';
import { windowOrder, windowValues } from './window.ts';

/** What compiling a query costs beyond its expressions, in steps, and the words that takes. */
const QUERY_STEPS = 16;
const QUERY_CELLS = 120;
/** Words a row takes beyond its values. */
const ROW_CELLS = 6;
/** And those of a row that was put together and not only found. */
const MADE_ROW_CELLS = 14;

export interface QueryResult extends CompiledQuery {
  /** Rows before LIMIT, known after `rows` ran. */
  readonly found: () => number;
}

export function compilerOf(x: Execution): Compiler {
  const compiler: Compiler = {
    x,
    compile: (e, scope) => compile(compiler, e, scope),
    compileQuery: (query, scope) => compileQuery(compiler, query, scope),
  };
  return compiler;
}

let depth = 0;

/** Compiles a query. `parent` is the scope around it; its rows may be asked again for each outer row. */
export function compileQuery(c: Compiler, query: Query, parent: Scope | undefined): QueryResult {
  depth++;
  try {
    if (depth > NESTING_DEPTH) throw sqlError('ER_TOO_HIGH_LEVEL_OF_NESTING');
    c.x.spend(QUERY_STEPS);
    c.x.hold(QUERY_CELLS);
    const common = new Map(parent?.common ?? []);
    const names = new Set<string>();
    for (const table of query.with) {
      const name = table.name.toLowerCase();
      if (names.has(name)) throw sqlError('ER_NONUNIQ_TABLE', table.name);
      names.add(name);
      common.set(name, compileCommon(c, table, query.recursive, parent, common));
    }
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
  if (body.kind === 'set' && query.order.length > 0) c.x.statusFlags |= STATUS.NO_INDEX;
  let found = 0;
  const rows = (outerRow: Row | undefined): Rows => {
    const all = sortRows(inner.rows(outerRow), order, outerRow, c.x);
    found = all.length;
    return cut(all, limit());
  };
  return { columns: inner.columns, rows, found: () => found };
}

interface Phases {
  readonly source: Source;
  readonly where: Node | undefined;
  readonly scope: Scope;
  readonly group: readonly Node[];
  readonly aggregates: readonly AggregateSlot[];
  readonly windows: readonly WindowSlot[];
  readonly having: Node | undefined;
  readonly order: Order;
  readonly nodes: readonly Node[];
  /** WHERE is false before any row is read. */
  readonly empty: boolean;
  /** Places of the columns of the index the one table is read along. */
  readonly along: Order | undefined;
  /** Some table is read row for row. */
  readonly scans: boolean;
}

/** Names and types of a SELECT, clause by clause in the order the server resolves them. */
function resolve(
  c: Compiler,
  core: SelectCore,
  query: Query,
  source: Source,
  scope: Scope,
): { readonly items: readonly Item[]; readonly phases: Phases } {
  const aggregates: AggregateSlot[] = [];
  const windows: WindowSlot[] = [];
  scope.aggregates = aggregates;
  scope.windows = windows;
  scope.namedWindows = core.windows;
  scope.grouping = core.rollup ? core.group : undefined;
  const found: (Selected & { readonly item: Item })[] = [];
  for (const item of core.items) {
    for (const made of compileItems(c, { ...core, items: [item] }, scope))
      found.push({ item: made, expression: item.expression, column: made.node.column, name: made.name });
    if (found.length > SELECT_COLUMNS) throw sqlError('ER_TOO_MANY_FIELDS');
  }
  const where = compileWhere(c, core, scope);
  const selected = found.map(({ item }) => item.node);
  scope.aliases = new Map(found.map(({ item }) => [item.name.toLowerCase(), item.node]));
  scope.clause = 'group statement';
  const group = core.group.map((e) => compileGroup(c, e, scope, selected));
  const meant = groupedExpressions(core, found, scope);
  for (const e of meant)
    if (holdsTotal(e)) throw sqlError('ER_WRONG_GROUP_FIELD', found.find((item) => item.expression === e)?.name ?? '');
  const items = found.map(({ item, expression }) =>
    core.rollup ? { ...item, node: rolledNode(item.node, expression, core, group) } : item,
  );
  const nodes = items.map((item) => item.node);
  scope.aliases = new Map(items.map((item) => [item.name.toLowerCase(), item.node]));
  scope.clause = 'having clause';
  scope.kept = new Set([...nodes, ...group].flatMap((node) => node.column ?? []));
  const having = core.having ? compile(c, core.having, scope) : undefined;
  const totals = aggregates.length;
  scope.clause = 'order clause';
  const order = compileOrder(c, query.order, scope, nodes);
  checkFull(c, core, query, found, group, totals, scope);
  const empty = where !== undefined && neverHolds(core.where as Expression, where);
  const along = indexAlong(source.leaves ?? [], core, scope);
  const scans = scansRows(source.leaves ?? [], core, query.order, scope, group, nodes);
  return {
    items,
    phases: {
      source,
      where,
      scope,
      group,
      aggregates,
      windows,
      having,
      order,
      nodes,
      empty,
      scans,
      along: along && sortKeys(along, scope),
    },
  };
}

/** How a query holds the rows it reads. Throws 3568 for a table that is not there, 3569 for one named twice. */
function lockingOf({ locks = [] }: Query, core: SelectCore, source: Source): Locking | undefined {
  const aliases = aliasesOf(core.from);
  const named = new Set<string>();
  for (const { of } of locks) {
    for (const name of of) if (!aliases.includes(name)) throw sqlError('ER_UNRESOLVED_TABLE_LOCK', `\`${name}\``);
    for (const name of of.length > 0 ? of : aliases) {
      if (named.has(name)) throw sqlError('ER_DUPLICATE_TABLE_LOCK', of.length > 0 ? `\`${name}\`` : name);
      named.add(name);
    }
  }
  return source.table ? locks[0] : undefined;
}

function aliasesOf(ref: TableRef | undefined): string[] {
  if (!ref) return [];
  return ref.kind === 'join' ? [...aliasesOf(ref.left), ...aliasesOf(ref.right)] : [ref.alias];
}

/** A condition of constants that is not true. */
function neverHolds(e: Expression, where: Node): boolean {
  const fixed = (part: Expression): boolean =>
    part.kind === 'number' ||
    part.kind === 'boolean' ||
    part.kind === 'null' ||
    (part.kind === 'binary' && fixed(part.left) && fixed(part.right));
  return fixed(e) && !toBoolean(where.get({ values: [] }));
}

/** What sql_mode ONLY_FULL_GROUP_BY refuses. `totals` counts the aggregates of the select list and HAVING. */
function checkFull(
  c: Compiler,
  core: SelectCore,
  query: Query,
  selected: readonly Selected[],
  group: readonly Node[],
  totals: number,
  scope: Scope,
): void {
  if (!c.x.session.sqlMode().includes('ONLY_FULL_GROUP_BY')) return;
  const grouped = core.group.length > 0;
  const sorts = query.order.map(({ expression }, at) => [at, expression] as const);
  const total = sorts.find(([, e]) => holdsTotal(e));
  if (!grouped && totals === 0 && total) throw sqlError('ER_AGGREGATE_ORDER_NON_AGG_QUERY', total[0] + 1);
  const own = sorts.filter(
    ([, e]) => e.kind !== 'column' || e.path.length > 1 || !scope.aliases?.has((e.path[0] as string).toLowerCase()),
  );
  if (grouped || totals > 0)
    checkFullGroupBy(
      core,
      selected,
      group.flatMap((node) => node.column ?? []),
      own,
      scope,
    );
  else if (core.distinct) checkDistinctOrder(selected, own, scope);
}

/** Rows of a SELECT before its list is worked out: filtered, grouped, windowed and sorted. */
function phasedRows(c: Compiler, core: SelectCore, phases: Phases, outerRow: Row | undefined, enough: number): Row[] {
  const { source, where, scope, group, aggregates, windows, having, order } = phases;
  let rows = phases.empty
    ? []
    : sourceRows(
        c,
        source,
        where,
        core.where,
        scope,
        outerRow,
        phases.along ? Number.MAX_SAFE_INTEGER : enough,
        phases.scans,
      );
  if (phases.along) rows = sortedRows(c, rows, phases.along).slice(0, enough);
  if (core.distinct || group.length > 0) rows = dictionaryOrder(rows, scope);
  const sorted =
    sortsGroups(core, aggregates) ||
    leads(
      group.map((node) => node.column?.name.toLowerCase()),
      source.leaves?.[0]?.table.indexes,
    );
  if (group.length > 0 || aggregates.length > 0)
    rows = groupRows(c, rows, group, aggregates, outerRow, core.rollup, sorted);
  if (having) rows = rows.filter((row) => toBoolean(having.get(row)));
  rows = rows.map((row, at) => ({ ...row, position: at }));
  for (const slot of windows) {
    slot.values = windowValues(slot, rows, c.x);
    rows = [...windowOrder(slot, rows, c.x)];
  }
  return order.length === 0 ? rows : sortedRows(c, rows, order);
}

function sortedRows(c: Compiler, rows: readonly Row[], order: Order): Row[] {
  const keyed = rows.map((row) => ({ row, keys: order.map((item) => item.node.get(row)) }));
  c.x.spend(sortSteps(keyed.length));
  keyed.sort((a, b) => compareKeys(a.keys, b.keys, order));
  return keyed.map((entry) => entry.row);
}

/** Views over the dictionary's tables whose rows come schema by schema where they are grouped or made distinct. */
const BY_SCHEMA: ReadonlySet<string> = new Set(['TABLES', 'COLUMNS']);

function dictionaryOrder(rows: Row[], scope: Scope): Row[] {
  const at = scope.columns.findIndex(
    ({ name, schema, orgTable }) =>
      name === 'TABLE_SCHEMA' && schema === 'information_schema' && BY_SCHEMA.has(orgTable),
  );
  if (at < 0) return rows;
  const schemaOf = (row: Row) => String(row.values[at]);
  return rows.toSorted((a, b) => (schemaOf(a) < schemaOf(b) ? -1 : schemaOf(a) > schemaOf(b) ? 1 : 0));
}

/** The primary key of a table of the server's own, as its columns tell it. */
function primaryOf(columns: readonly ScopeColumn[]): IndexSpec[] {
  const keyed = columns.filter((column) => ((column.type.flags ?? 0) & FLAG.PRI_KEY) !== 0);
  if (keyed.length === 0) return [];
  return [{ kind: 'primary', name: 'PRIMARY', columns: keyed.map(({ name }) => ({ name, length: undefined })) }];
}

/** What rows are sorted by that come along an index. */
function sortKeys(index: IndexSpec, scope: Scope): Order {
  return index.columns.flatMap(({ name }) => {
    const at = scope.columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
    const column = scope.columns[at];
    if (!column) return [];
    const node: Node = { type: column.type, get: (row) => row.values[at] as Value, coercibility: 2 };
    return [{ node, descending: false }];
  });
}

function compileSelect(
  c: Compiler,
  core: SelectCore,
  query: Query,
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
): QueryResult {
  const fromScope = new Scope([], parent, common);
  const narrowings = core.from?.kind === 'join' ? narrowingsOf(core.where) : [];
  const source: Source = core.from
    ? compileFrom(c, core.from, fromScope, common, narrowings)
    : { columns: [], rows: () => [[]] };
  const scope = new Scope(source.columns, parent, common);
  const locking = lockingOf(query, core, source);
  const { items, phases } = resolve(c, core, query, source, scope);
  const { nodes } = phases;
  if (parent && (scope.correlated || fromScope.correlated))
    parent.correlated = parent.correlated || outerUse(scope, parent);
  const limit = compileLimit(c, query.limit);
  const passage = passageOf(core, {
    ...phases,
    indexes: source.leaves?.[0]?.table.indexes ?? primaryOf(source.columns),
    selected: items.map((item) => item.node),
  });
  const columns = items.map((item) => resultColumn(item, passage));
  let found = 0;
  let memo: Rows | undefined;
  const early =
    phases.order.length === 0 &&
    phases.group.length === 0 &&
    phases.aggregates.length === 0 &&
    phases.windows.length === 0 &&
    !phases.having &&
    !core.distinct &&
    !core.calcFoundRows;
  const run = (outerRow: Row | undefined, most: number): Rows => {
    const around = c.x.locking;
    c.x.locking = locking;
    try {
      return locked(outerRow, most);
    } finally {
      c.x.locking = around;
    }
  };
  const locked = (outerRow: Row | undefined, most: number): Rows => {
    const bounds = limit();
    // LIMIT 0 reads nothing, so it reports no scan either.
    if (bounds.count === 0 && !core.calcFoundRows) {
      found = 0;
      return [];
    }
    const enough = early ? Math.min(most, bounds.offset + bounds.count) : Number.MAX_SAFE_INTEGER;
    const rows = phasedRows(c, core, phases, outerRow, enough);
    const project = (row: Row): Value[] => {
      c.x.hold(nodes.length + 2);
      return nodes.map((node) => node.get(row));
    };
    if (!core.distinct) {
      found = rows.length;
      const start = Math.min(rows.length, bounds.offset);
      return rows.slice(start, start + Math.min(bounds.count, most)).map(project);
    }
    const seen = new Set<string>();
    const unique = rows.map(project).filter((row) => {
      c.x.spend(keySteps(row));
      return addKey(seen, row, columns);
    });
    found = unique.length;
    return cut(unique, bounds);
  };
  const rows = (outerRow: Row | undefined, most: number = Number.MAX_SAFE_INTEGER): Rows => {
    if (scope.correlated || fromScope.correlated || source.changes || parent === undefined) return run(outerRow, most);
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
  derive(c.x, core.where, TRUTH_PARAMETER);
  const [aggregates, windows] = [scope.aggregates, scope.windows];
  scope.aggregates = undefined;
  scope.windows = undefined;
  const where = compile(c, core.where, scope);
  scope.aggregates = aggregates;
  scope.windows = windows;
  if (where.row) throw sqlError('ER_OPERAND_COLUMNS', 1);
  return where;
}

function sourceRows(
  c: Compiler,
  source: Source,
  where: Node | undefined,
  filter: Expression | undefined,
  scope: Scope,
  parent: Row | undefined,
  enough: number,
  tells: boolean,
): Row[] {
  const byKey = source.table ? keyOf(c, filter, source.table, scope, { values: [], parent }) : undefined;
  if (!byKey && tells) c.x.statusFlags |= STATUS.NO_INDEX;
  const out: Row[] = [];
  const around: Row = parent ? { values: [], parent } : { values: [] };
  for (const values of byKey ?? source.rows(around)) {
    if (out.length >= enough) break;
    c.x.spend(1);
    const row: Row = { values, parent };
    if (where && !toBoolean(where.get(row))) continue;
    if (c.x.locking && source.table?.lock && !source.table.lock(values, c.x.locking)) continue;
    c.x.hold(source.table ? ROW_CELLS : MADE_ROW_CELLS + values.length);
    out.push(row);
  }
  return out;
}
