// Compiles queries and their bodies: a SELECT's clauses become rows here, the clauses themselves are in query/.
// Source: https://dev.mysql.com/doc/refman/9.7/en/select.html

import { NESTING_DEPTH } from '../limits.ts';
import { plainLocking } from '../session/row-locking.ts';
import { FLAG, STATUS } from '../wire/constants.ts';
import type { Query, SelectCore } from './ast/query.ts';
import type { CompiledQuery, Compiler } from './compile/compiler.ts';
import { compile } from './compile.ts';
import { sqlError } from './errors.ts';
import type { Execution } from './execution.ts';
import { whenRead } from './query/common-table.ts';
import { isDerivedKey } from './query/derived-keys.ts';
import { compileFrom } from './query/from.ts';
import { resultColumn } from './query/items.ts';
import { nullableColumn } from './query/join.ts';
import { lockingOf } from './query/locking.ts';
import { narrowingsOf } from './query/narrowing.ts';
import { compileLimit, compileOrder, cut, sortRows } from './query/order.ts';
import { passageOf } from './query/passage.ts';
import { phasedRows } from './query/phased-rows.ts';
import type { Reading } from './query/reading.ts';
import { resolve } from './query/resolve.ts';
import { addKey, keySteps, type Rows } from './query/rows.ts';
import { compileSet, compileValuesRows } from './query/set.ts';
import { checkUnionOrder, primaryOf, sortsJoined, worksAnew } from './query/sorting-needs.ts';
import type { Source } from './query/source.ts';
import { compileCommon } from './query/with.ts';
import { type CommonRows, type Node, type Row, Scope, type ScopeColumn } from './scope.ts';
import { finished, type Steps, valueSteps } from './steps.ts';
import type { Value } from './value/value.ts';
import { holdsTotal } from './walk.ts';

/** What compiling a query costs beyond its expressions, in steps, and the words that takes. */
const QUERY_STEPS = 16;
const QUERY_CELLS = 120;

export interface QueryResult extends CompiledQuery {
  /** Rows before LIMIT, known after `rows` ran. */
  readonly found: () => number;
  /** How the tables of a SELECT are read. */
  readonly reading?: () => Reading;
}

/** A compiler of one statement's expressions and queries. */
export function compilerOf(x: Execution): Compiler {
  const compiler: Compiler = {
    x,
    compile: (e, scope) => compile(compiler, e, scope),
    compileQuery: (query, scope) => compileQuery(compiler, query, scope),
    ahead: undefined,
  };
  return compiler;
}

let depth = 0;

/** Compiles a query. `parent` is the scope around it; its rows may be asked again for each outer row. */
export function compileQuery(c: Compiler, query: Query, parent: Scope | undefined): QueryResult {
  depth++;
  // What its own expressions ask is asked for its own rows.
  const around = c.ahead;
  c.ahead = undefined;
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
      // One nobody reads is never looked at.
      const known = new Map(common);
      common.set(
        name,
        whenRead(() => compileCommon(c, table, query.recursive, parent, known)),
      );
    }
    return compileBody(c, query, parent, common);
  } finally {
    c.ahead = around;
    depth--;
  }
}

/** Totals over all rows, without groups: where there are no rows, the columns beside them are NULL. */
function isOneTotal({ group, items }: SelectCore): boolean {
  return group.length === 0 && items.some(({ expression: e }) => e && holdsTotal(e));
}

/** A column that is part of a key. */
function keyColumn(column: ScopeColumn): ScopeColumn {
  const { type } = column;
  return { ...column, type: { ...type, flags: (type.flags ?? 0) | FLAG.PART_KEY } };
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
    body.kind === 'set' ? compileSet(c, body, parent, common) : compileValuesRows(c, body.rows, parent, common);
  const scope = new Scope(inner.columns, parent, common);
  scope.clause = 'order clause';
  if (body.kind === 'set') checkUnionOrder(query.order, body);
  // VALUES takes an order and does not keep it.
  const order = compileOrder(
    c,
    body.kind === 'values' ? [] : query.order,
    scope,
    inner.columns.map(
      (column, at): Node => ({ type: column.type, get: (row) => row.values[at] as Value, coercibility: 2 }),
    ),
  );
  const limit = compileLimit(c, query.limit);
  if (body.kind === 'set' && query.order.length > 0) c.x.statusFlags |= STATUS.NO_INDEX;
  let found = 0;
  function* steps(outerRow: Row | undefined): Steps<Rows> {
    const bounds = limit();
    const rows = yield* inner.steps(outerRow);
    found = rows.length;
    return cut(yield* sortRows(rows, order, outerRow, c.x, bounds.offset + bounds.count), bounds);
  }
  return {
    columns: inner.columns,
    rows: (outerRow) => finished(steps(outerRow)),
    steps,
    ...(inner.given && { given: inner.given }),
    found: () => found,
  };
}

function compileSelect(
  c: Compiler,
  core: SelectCore,
  given: Query,
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
): QueryResult {
  const fromScope = new Scope([], parent, common);
  const narrowings = core.from?.kind === 'join' ? narrowingsOf(core.where) : [];
  const source: Source = core.from
    ? compileFrom(c, core.from, fromScope, common, narrowings)
    : { columns: [], rows: () => [[]] };
  const scope = new Scope(isOneTotal(core) ? source.columns.map(nullableColumn) : source.columns, parent, common);
  const locking = lockingOf(given, core, source);
  const { items, phases, query } = resolve(c, core, given, source, scope);
  const { nodes } = phases;
  if (parent && (scope.correlated || fromScope.correlated)) parent.correlated ||= isEmpty(parent);
  const limit = compileLimit(c, query.limit);
  // How tables are read decides only what is grouped.
  const reading = core.group.length > 0 ? phases.reading() : undefined;
  const first = reading?.steps[0]?.candidate.facts.leaf ?? source.leaves?.[0];
  const passage =
    (c.x.preparing && !parent) || (readsNothing(query) && !core.calcFoundRows)
      ? 'straight'
      : passageOf(core, {
          ...phases,
          indexes: first?.table.indexes ?? primaryOf(source.columns),
          sortsAnew:
            sortsJoined(phases, query, scope) ||
            query.order.some(({ expression: e }) => {
              const item = items.find(({ name }) => e.kind === 'column' && e.path.length === 1 && name === e.path[0]);
              return [e, ...(item?.expression ? [item.expression] : [])].some(worksAnew);
            }),
          keyed: reading?.plan ? reading.turned : undefined,
          joined: (source.leaves?.length ?? 0) > 1 && (c.x.preparing || phases.reading().plan?.steps.length !== 0),
          selected: items.map((item) => item.node),
        });
  const columns = items.map((item) => {
    const column = resultColumn(item, passage);
    if (item.column && scope.loosened.has(item.column.table)) return nullableColumn(column);
    return item.column && passage === 'straight' && isDerivedKey(core, item.column) ? keyColumn(column) : column;
  });
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
  function* run(outerRow: Row | undefined, most: number): Steps<Rows> {
    const around = c.x.locking;
    c.x.locking = locking ?? (source.table && !c.x.changesRows ? plainLocking(c.x.session) : undefined);
    try {
      return yield* locked(outerRow, most);
    } finally {
      c.x.locking = around;
    }
  }
  function* locked(outerRow: Row | undefined, most: number): Steps<Rows> {
    const bounds = limit();
    // LIMIT 0 reads nothing, so it reports no scan either.
    if (bounds.count === 0 && !core.calcFoundRows) {
      found = 0;
      return [];
    }
    const enough = early ? Math.min(most, bounds.offset + bounds.count) : Number.MAX_SAFE_INTEGER;
    const wanted = core.calcFoundRows ? Number.MAX_SAFE_INTEGER : Math.min(most, bounds.offset + bounds.count);
    const seen = new Set<string>();
    const known = new WeakMap<Row, Value[]>();
    /** Rows whose values none before them had. */
    function* unique(all: readonly Row[]): Steps<Row[]> {
      const kept: Row[] = [];
      for (const row of all) {
        if (c.x.turnIsOver) yield;
        const values = known.get(row) ?? (yield* project(c.x, nodes, row));
        c.x.spend(keySteps(values));
        if (!known.has(row) && !addKey(seen, values, columns)) continue;
        known.set(row, values);
        kept.push(row);
      }
      return kept;
    }
    const rows = yield* phasedRows(c, core, phases, outerRow, enough, wanted, unique);
    if (!core.distinct) {
      found = rows.length;
      const start = Math.min(rows.length, bounds.offset);
      const projected: Value[][] = [];
      for (const row of rows.slice(start, start + Math.min(bounds.count, most)))
        projected.push(yield* project(c.x, nodes, row));
      return projected;
    }
    const distinct = yield* unique(rows);
    found = distinct.length;
    return cut(
      distinct.map((row) => known.get(row) as Value[]),
      bounds,
    );
  }
  function* inSteps(outerRow: Row | undefined, most: number = Number.MAX_SAFE_INTEGER): Steps<Rows> {
    if (scope.correlated || fromScope.correlated || source.changes || parent === undefined)
      return yield* run(outerRow, most);
    memo ??= yield* run(outerRow, Number.MAX_SAFE_INTEGER);
    return memo;
  }
  return {
    columns,
    rows: (outerRow, most) => memo ?? finished(inSteps(outerRow, most)),
    steps: inSteps,
    found: () => found,
    reading: phases.reading,
  };
}

/** What the select list gives for a row; others have their turn between two of its values. */
function* project(x: Execution, nodes: readonly Node[], row: Row): Steps<Value[]> {
  x.hold(nodes.length + 2);
  const values: Value[] = [];
  for (const node of nodes) {
    if (x.turnIsOver) yield;
    values.push(yield* valueSteps(node, row));
  }
  return values;
}

/** LIMIT 0, written as such, needs no table for its rows. */
function readsNothing({ limit }: Query): boolean {
  return limit?.count.kind === 'number' && limit.count.text === '0' && limit.offset === undefined;
}

/** A scope without columns only hands on the names of those further out. */
function isEmpty({ columns }: Scope): boolean {
  return columns.length === 0;
}
