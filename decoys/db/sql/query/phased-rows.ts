// Rows of a SELECT before its list is worked out: filtered, grouped, windowed and sorted; every row costs fuel.
// Source: https://dev.mysql.com/doc/refman/9.7/en/select.html
import { STATUS } from '../../wire/constants.ts';
import { compareKeys } from '../aggregate.ts';
import type { Expression } from '../ast/expression.ts';
import type { SelectCore } from '../ast/query.ts';
import type { Compiler } from '../compile/compiler.ts';
import type { Row, Scope } from '../scope.ts';
import { mapped, type Steps, sorted, valueSteps } from '../steps.ts';
import { toBoolean } from '../value/value.ts';
import { windowOrder, windowValues } from '../window.ts';
import { leads } from './access.ts';
import { filesorted, sortsTexts } from './filesort.ts';
import { groupRows } from './group.ts';
import { keyOf } from './keys.ts';
import type { Order } from './order.ts';
import { sortsGroups } from './passage.ts';
import { rankOrder } from './ranked.ts';
import type { Phases } from './resolve.ts';
import { sortSteps } from './rows.ts';
import { NO_ROW, type Source } from './source.ts';
import type { Where } from './where.ts';

/** Words a row takes beyond its values. */
const ROW_CELLS = 6;
/** And those of a row that was put together and not only found. */
const MADE_ROW_CELLS = 14;

/** Rows of a SELECT before its list is worked out: filtered, grouped, windowed and sorted. */
export function* phasedRows(
  c: Compiler,
  core: SelectCore,
  phases: Phases,
  outerRow: Row | undefined,
  enough: number,
  wanted: number,
  unique: (rows: readonly Row[]) => Steps<Row[]>,
): Steps<Row[]> {
  const { source, where, scope, group, aggregates, windows, having, order } = phases;
  const ranks = rankOrder(c, core, scope);
  let rows: Row[] = [];
  let read = 0;
  if (!where || where.settle()) {
    const { along, scans, checked, plan } = phases.reading();
    if (checked) c.x.statusFlags |= STATUS.NO_GOOD_INDEX;
    const most = along || ranks ? Number.MAX_SAFE_INTEGER : enough;
    const around = c.x.planning;
    // Rows found by constants alone are read, and conditions on them looked at, before the query runs.
    if (plan?.steps.length === 0) c.x.planning = true;
    rows = yield* sourceRows(c, source, where, core.where, scope, outerRow, most, scans && !ranks);
    c.x.planning = around;
    read = rows.length;
    const led = along ?? ranks;
    if (led && rows.length > 1) rows = (yield* sortedRows(c, rows, led)).slice(0, enough);
  }
  if (core.distinct || group.length > 0) rows = dictionaryOrder(rows, scope);
  const reading = group.length > 0 ? phases.reading() : undefined;
  const sorted =
    sortsGroups(core, aggregates) ||
    (reading?.plan
      ? reading.turned
      : leads(
          group.map((node) => node.column?.name.toLowerCase()),
          source.leaves?.[0]?.table.indexes,
        ));
  if (group.length > 0) c.x.session.work.temporaryTable();
  if (group.length > 0 || aggregates.length > 0)
    rows = yield* groupRows(c, rows, group, aggregates, outerRow, core.rollup, sorted);
  if (having) {
    const held: Row[] = [];
    for (const row of rows) {
      if (c.x.turnIsOver) yield;
      if (toBoolean(yield* valueSteps(having, row))) held.push(row);
    }
    rows = held;
  }
  rows = rows.map((row, at) => ({ ...row, position: at }));
  for (const slot of windows) {
    slot.values = yield* windowValues(slot, rows, c.x);
    rows = [...(yield* windowOrder(slot, rows, c.x))];
  }
  if (order.length === 0) return rows;
  // What comes along the index it is sorted by is sorted no more.
  if (group.length === 0 && windows.length === 0 && phases.reading().turned) return yield* sortedRows(c, rows, order);
  const estimated = group.length > 0 ? Math.sqrt(read) : rows.length;
  if (!core.distinct) return yield* sortedRows(c, rows, order, { wanted, estimated });
  // Equal rows are found by sorting, so by all that is selected.
  const all = [...order, ...phases.nodes.map((node) => ({ node, descending: false }))];
  return yield* sortedRows(c, yield* unique(rows), all, { wanted, estimated });
}

interface Sorting {
  /** Rows that are wanted, from the first. */
  readonly wanted: number;
  readonly estimated: number;
}

/** Rows sorted; without `sorting` equal ones stay as they came. */
function* sortedRows(c: Compiler, rows: readonly Row[], order: Order, sorting?: Sorting): Steps<Row[]> {
  const keyed = yield* mapped(c.x, rows, (row) => ({ row, keys: order.map((item) => item.node.get(row)) }));
  c.x.spend(sortSteps(keyed.length));
  c.x.session.work.sort(keyed.length);
  const compare = (a: (typeof keyed)[number], b: (typeof keyed)[number]) => compareKeys(a.keys, b.keys, order);
  const inOrder = sorting
    ? yield* filesorted(c.x, keyed, compare, sorting.wanted, sorting.estimated, sortsTexts(order))
    : yield* sorted(c.x, keyed, compare);
  return inOrder.map((entry) => entry.row);
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

function* sourceRows(
  c: Compiler,
  source: Source,
  where: Where | undefined,
  filter: Expression | undefined,
  scope: Scope,
  parent: Row | undefined,
  enough: number,
  tells: boolean,
): Steps<Row[]> {
  const byKey = source.table ? keyOf(c, filter, source.table, scope, { values: [], parent }) : undefined;
  if (!byKey && tells) c.x.statusFlags |= STATUS.NO_INDEX;
  const out: Row[] = [];
  const around: Row = parent ? { values: [], parent } : { values: [] };
  if (!byKey && source.prepare) yield* source.prepare(around);
  for (const values of byKey ?? source.rows(around)) {
    if (out.length >= enough) break;
    if (c.x.turnIsOver) yield;
    if (values === NO_ROW) continue;
    c.x.spend(1);
    const row: Row = { values, parent };
    if (where && !(where.steps ? yield* where.steps(row) : where.holds(row))) continue;
    if (c.x.locking && source.table?.lock && !source.table.lock(values, c.x.locking)) continue;
    c.x.hold(source.table ? ROW_CELLS : MADE_ROW_CELLS + values.length);
    out.push(row);
  }
  return out;
}
