// WITH: common tables, and recursive ones step by step.
// Source: https://dev.mysql.com/doc/refman/9.7/en/with.html
import { RESULT_ROWS } from '../../limits.ts';
import { FLAG, STATUS } from '../../wire/constants.ts';
import type { CommonTable, Query, QueryBody, TableRef } from '../ast/query.ts';
import type { Compiler } from '../compile/compiler.ts';
import { sqlError } from '../errors.ts';
import { type CommonRows, Scope, type ScopeColumn } from '../scope.ts';
import { finished, type Steps } from '../steps.ts';
import { isString, widened } from '../value/type.ts';
import type { Value } from '../value/value.ts';
import { holdsTotal, holdsWindow, queriesIn } from '../walk.ts';
import { shownColumns } from './derived.ts';
import { compileLimit, cut } from './order.ts';
import { addKey, keySteps, type Rows } from './rows.ts';
import { KEY_FLAGS } from './temporary-type.ts';

export function compileCommon(
  c: Compiler,
  table: CommonTable,
  recursive: boolean,
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
): CommonRows {
  const rename = (columns: readonly ScopeColumn[]) => shownColumns(columns, table.name, table.columns, table.query);
  const { body } = table.query;
  if (recursive && body.kind !== 'set' && mentions(table.query, table.name))
    throw sqlError('ER_CTE_RECURSIVE_REQUIRES_UNION', table.name);
  if (recursive && body.kind === 'set' && mentions(table.query, table.name))
    return compileRecursive(c, table, body, parent, common, rename);
  const scope = new Scope([], parent, common);
  const query = c.compileQuery(table.query, scope);
  let memo: Rows | undefined;
  return {
    columns: rename(query.columns),
    *prepare() {
      memo ??= yield* query.steps(undefined);
    },
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

/** The SELECTs of a query's recursive part, each with how often FROM names the table at its own level. */
function countOf(ref: TableRef | undefined, name: string): number {
  if (ref?.kind === 'join') return countOf(ref.left, name) + countOf(ref.right, name);
  return ref?.kind === 'table' && ref.schema === '' && ref.name.toLowerCase() === name.toLowerCase() ? 1 : 0;
}

/** True where the table stands on the side of an outer join that may have no row. */
function isOptional(ref: TableRef | undefined, name: string): boolean {
  if (ref?.kind !== 'join') return false;
  if (ref.type === 'left' && countOf(ref.right, name) > 0) return true;
  if (ref.type === 'right' && countOf(ref.left, name) > 0) return true;
  return isOptional(ref.left, name) || isOptional(ref.right, name);
}

/** What the recursive part of a common table may not do. Throws 3575 to 3577, 1235. */
function checkRecursive(query: Query, name: string): void {
  const { body } = query;
  if (query.order.length > 0)
    throw sqlError(
      'ER_NOT_SUPPORTED_YET',
      'ORDER BY / LIMIT / SELECT DISTINCT in recursive query block of Common Table Expression',
    );
  if (body.kind !== 'select') return;
  const count = countOf(body.from, name);
  const inside = [...body.items.flatMap((item) => item.expression ?? []), ...(body.where ? [body.where] : [])];
  if (count > 1 || inside.some((e) => queriesIn(e).some((inner) => mentions(inner, name))))
    throw sqlError('ER_CTE_RECURSIVE_REQUIRES_SINGLE_REFERENCE', name);
  if (count === 0) return;
  if (body.group.length > 0 || inside.some((e) => holdsTotal(e) || holdsWindow(e)))
    throw sqlError('ER_CTE_RECURSIVE_FORBIDS_AGGREGATION', name);
  if (body.distinct)
    throw sqlError(
      'ER_NOT_SUPPORTED_YET',
      'ORDER BY / LIMIT / SELECT DISTINCT in recursive query block of Common Table Expression',
    );
  if (isOptional(body.from, name)) throw sqlError('ER_CTE_RECURSIVE_FORBIDDEN_JOIN_ORDER', name);
}

interface Parts {
  readonly seed: Query;
  readonly steps: readonly Query[];
}

/** What a recursion starts from, and the parts that read its own rows. Throws 3574, 1235. */
function partsOf(body: Extract<QueryBody, { kind: 'set' }>, name: string): Parts {
  if (!mentions(body.right, name)) throw sqlError('ER_CTE_RECURSIVE_REQUIRES_NONRECURSIVE_FIRST', name);
  if (!mentions(body.left, name)) return { seed: body.left, steps: [body.right] };
  const left = body.left.body;
  if (left.kind !== 'set') throw sqlError('ER_CTE_RECURSIVE_REQUIRES_NONRECURSIVE_FIRST', name);
  if (!left.all && body.all)
    throw sqlError(
      'ER_NOT_SUPPORTED_YET',
      'recursive query blocks with UNION DISTINCT then UNION ALL, in recursive Common Table Expression',
    );
  const { seed, steps } = partsOf(left, name);
  return { seed, steps: [...steps, body.right] };
}

/** What one step of a recursion costs beyond its rows. */
const ITERATION_STEPS = 12;

function compileRecursive(
  c: Compiler,
  table: CommonTable,
  body: Extract<QueryBody, { kind: 'set' }>,
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
  rename: (columns: readonly ScopeColumn[]) => ScopeColumn[],
): CommonRows {
  if (table.query.order.length > 0)
    throw sqlError('ER_NOT_SUPPORTED_YET', 'ORDER BY over UNION in recursive Common Table Expression');
  const parts = partsOf(body, table.name);
  for (const part of parts.steps) checkRecursive(part, table.name);
  const most = compileLimit(c, table.query.limit);
  const seed = c.compileQuery(parts.seed, new Scope([], parent, common));
  const columns = rename(seed.columns).map(
    (column): ScopeColumn => ({
      ...column,
      schema: '',
      shownSchema: '',
      orgTable: '',
      orgName: column.name,
      type: ofNoTable(nullableColumn(column), column.orgTable !== ''),
    }),
  );
  let working: Rows = [];
  const inner = new Map(common);
  inner.set(table.name.toLowerCase(), { columns, rows: () => working, changes: true });
  const steps = parts.steps.map((part) => c.compileQuery(part, new Scope([], parent, inner)));
  const limit = Number(c.x.session.readVariable('cte_max_recursion_depth', '').value);
  let memo: Rows | undefined;
  function* run(): Steps<Rows> {
    const all: (readonly Value[])[] = [];
    const seen = new Set<string>();
    const take = (rows: Rows): Rows => {
      const fresh = body.all
        ? rows
        : rows.filter((row) => {
            c.x.spend(keySteps(row));
            return addKey(seen, row, columns);
          });
      c.x.spend(rows.length * 4);
      all.push(...fresh);
      if (all.length > RESULT_ROWS) throw sqlError('ER_QUERY_TIMEOUT');
      return fresh;
    };
    c.x.statusFlags |= STATUS.NO_INDEX;
    working = take(yield* seed.steps(undefined));
    const { offset, count } = most();
    for (let iteration = 1; working.length > 0 && all.length < offset + count; iteration++) {
      c.x.spend(ITERATION_STEPS);
      if (iteration > limit) throw sqlError('ER_CTE_MAX_RECURSION_DEPTH', iteration);
      const made: (readonly Value[])[] = [];
      for (const step of steps) made.push(...(yield* step.steps(undefined)));
      working = take(fitted(made, columns));
      if (c.x.turnIsOver) yield;
    }
    return cut(all, { offset, count });
  }
  return {
    columns,
    *prepare() {
      memo ??= yield* run();
    },
    rows: () => {
      memo ??= finished(run());
      return memo;
    },
  };
}

function nullableColumn(column: ScopeColumn): ScopeColumn['type'] {
  const { type } = column;
  return { ...type, nullable: true, flags: type.exactFlags ? (type.flags ?? 0) & ~1 : type.flags };
}

/** The type of a table's column once a temporary table holds it that knows no defaults. */
function ofNoTable(type: ScopeColumn['type'], fromTable: boolean): ScopeColumn['type'] {
  return fromTable && type.exactFlags ? { ...type, flags: (type.flags ?? 0) & ~(FLAG.NO_DEFAULT | KEY_FLAGS) } : type;
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
