// ALTER TABLE on partitions: adding, dropping, emptying, merging, and laying a table out anew.
// Source: https://dev.mysql.com/doc/refman/9.7/en/alter-table-partition-operations.html; errors as answered by a live 9.7.4.

import type { StoredRow } from '../../../overlay/row-bytes.ts';
import type { OverlayTable } from '../../../overlay/table.ts';
import type { AlterAction } from '../../../sql/ast/definition.ts';
import type { Partitioning, PartitionSpec } from '../../../sql/ast/table.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { OK, type Outcome } from '../../outcome.ts';
import { materialize } from '../materialize.ts';
import { shown } from '../result.ts';
import { checkNames, checkPartitioning, partitionFinder, partitionNames } from './partitions.ts';

const KINDS = [
  'add-partitions',
  'drop-partitions',
  'coalesce-partitions',
  'reorganize-partitions',
  'exchange-partition',
  'partition-maintenance',
  'remove-partitioning',
  'partition-by',
] as const;

type PartitionAction = Extract<AlterAction, { kind: (typeof KINDS)[number] }>;

/** True for what ALTER TABLE does to partitions, which it does alone. */
export function isPartitionAction(action: AlterAction): action is PartitionAction {
  return (KINDS as readonly string[]).includes(action.kind);
}

function done(x: Execution, rows = 0): Outcome {
  const info = `Records: ${rows}  Duplicates: 0  Warnings: ${x.session.warningCount}`;
  return { kind: 'ok', affected: BigInt(rows), info };
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Rows kept, in the partitions `stays` lets stay. */
function keepRows(x: Execution, table: OverlayTable, stays: (partition: number) => boolean): void {
  const find = partitionFinder(x, table);
  if (!find) return;
  table.restore(table.rows.filter((row: StoredRow) => stays(find(row))));
}

/** Places of partitions by name; throws 1507 for one that is none, where one is to be emptied 1735. */
function numbersOf(p: Partitioning, names: readonly string[], verb: string, table: string): number[] {
  const own = partitionNames(p);
  return names.map((name) => {
    const at = own.findIndex((other) => same(other, name));
    if (at < 0 && verb === 'TRUNCATE') throw sqlError('ER_UNKNOWN_PARTITION', name, table);
    if (at < 0) throw sqlError('ER_DROP_PARTITION_NON_EXISTENT', verb);
    return at;
  });
}

/** Carries out one action on a table's partitions. Throws 1505. */
export function alterPartitions(x: Execution, table: OverlayTable, action: PartitionAction): Outcome {
  if (action.kind === 'partition-by') {
    const made = checkPartitioning(x, table, action.partitioning);
    const probe = partitionFinder(x, Object.assign(Object.create(table) as OverlayTable, { partitioning: made }));
    for (const row of table.rows) probe?.(row);
    table.partitioning = made;
    return done(x, table.rows.length);
  }
  const p = table.partitioning;
  if (!p) throw sqlError('ER_PARTITION_MGMT_ON_NONPARTITIONED');
  switch (action.kind) {
    case 'remove-partitioning':
      table.partitioning = undefined;
      return done(x, table.rows.length);
    case 'add-partitions':
      return addPartitions(x, table, p, action.partitions, action.count);
    case 'drop-partitions':
      return dropPartitions(x, table, p, action.names);
    case 'coalesce-partitions':
      return coalesce(x, table, p, action.count);
    case 'reorganize-partitions':
      return reorganize(x, table, p, action.names, action.into);
    case 'exchange-partition':
      return exchange(x, table, p, action);
    default:
      return maintain(x, table, p, action);
  }
}

function listed(p: Partitioning): boolean {
  return p.method === 'RANGE' || p.method === 'LIST';
}

function addPartitions(
  x: Execution,
  table: OverlayTable,
  p: Partitioning,
  added: readonly PartitionSpec[],
  count: number,
): Outcome {
  if (!listed(p)) {
    const more = added.length || count;
    if (more === 0) throw sqlError('ER_NO_PARTS_ERROR', 'partitions');
    const total = partitionNames(p).length + more;
    table.partitioning = checkPartitioning(x, table, { ...p, count: total, partitions: [] });
    return done(x);
  }
  if (added.length === 0) throw sqlError('ER_PARTITIONS_MUST_BE_DEFINED_ERROR', p.method);
  const partitions = [...p.partitions, ...added];
  checkNames(partitions);
  table.partitioning = checkPartitioning(x, table, { ...p, partitions, count: undefined });
  return done(x);
}

function dropPartitions(x: Execution, table: OverlayTable, p: Partitioning, names: readonly string[]): Outcome {
  if (!listed(p)) throw sqlError('ER_ONLY_ON_RANGE_LIST_PARTITION', 'DROP');
  const gone = new Set(numbersOf(p, names, 'DROP', table.name));
  if (gone.size === p.partitions.length) throw sqlError('ER_DROP_LAST_PARTITION');
  keepRows(x, table, (at) => !gone.has(at));
  table.partitioning = { ...p, partitions: p.partitions.filter((_, at) => !gone.has(at)), count: undefined };
  return done(x);
}

function coalesce(x: Execution, table: OverlayTable, p: Partitioning, count: number): Outcome {
  if (listed(p)) throw sqlError('ER_COALESCE_ONLY_ON_HASH_PARTITION');
  if (count === 0) throw sqlError('ER_COALESCE_PARTITION_NO_PARTITION');
  const left = partitionNames(p).length - count;
  if (left < 1) throw sqlError('ER_DROP_LAST_PARTITION');
  table.partitioning = { ...p, count: left, partitions: [] };
  return done(x);
}

function reorganize(
  x: Execution,
  table: OverlayTable,
  p: Partitioning,
  names: readonly string[],
  into: readonly PartitionSpec[],
): Outcome {
  if (!listed(p)) throw sqlError('ER_REORG_HASH_ONLY_ON_SAME_NO');
  const places = numbersOf(p, names, 'REORGANIZE', table.name).sort((a, b) => a - b);
  const [first = 0] = places;
  if (places.some((place, at) => place !== first + at)) throw sqlError('ER_CONSECUTIVE_REORG_PARTITIONS');
  const partitions = [...p.partitions.slice(0, first), ...into, ...p.partitions.slice(first + places.length)];
  checkNames(partitions);
  const before = table.partitioning;
  table.partitioning = checkPartitioning(x, table, { ...p, partitions, count: undefined });
  try {
    const find = partitionFinder(x, table);
    for (const row of table.rows) find?.(row);
  } catch (error) {
    table.partitioning = before;
    throw error;
  }
  return done(x);
}

function exchange(
  x: Execution,
  table: OverlayTable,
  p: Partitioning,
  action: Extract<AlterAction, { kind: 'exchange-partition' }>,
): Outcome {
  const other = materialize(x, action.table);
  if (other.partitioning) throw sqlError('ER_PARTITION_EXCHANGE_PART_TABLE', other.name);
  if (other.temporary) throw sqlError('ER_PARTITION_EXCHANGE_TEMP_TABLE', other.name);
  const own = partitionNames(p).findIndex((name) => same(name, action.name));
  if (own < 0) throw sqlError('ER_UNKNOWN_PARTITION', action.name, table.name);
  const shape = (t: OverlayTable) =>
    JSON.stringify([
      t.columns.map((column) => [column.name, column.columnType, column.nullable]),
      t.indexes.map((index) => [index.kind, index.name, index.columns.map((part) => part.name)]),
    ]);
  if (shape(table) !== shape(other)) throw sqlError('ER_TABLES_DIFFERENT_METADATA');
  const find = partitionFinder(x, table);
  if (!find) return done(x);
  if (action.validate && other.rows.some((row) => find(row) !== own)) throw sqlError('ER_ROW_DOES_NOT_MATCH_PARTITION');
  const leaving = table.rows.filter((row) => find(row) === own);
  table.restore([...table.rows.filter((row) => find(row) !== own), ...other.rows]);
  other.restore(leaving);
  return OK;
}

const VERBS = {
  truncate: 'TRUNCATE',
  analyze: 'ANALYZE',
  check: 'CHECK',
  optimize: 'OPTIMIZE',
  repair: 'REPAIR',
  rebuild: 'REBUILD',
  discard: 'DISCARD',
  import: 'IMPORT',
} as const;

function maintain(
  x: Execution,
  table: OverlayTable,
  p: Partitioning,
  { operation, names }: Extract<AlterAction, { kind: 'partition-maintenance' }>,
): Outcome {
  const reported =
    operation === 'analyze' || operation === 'check' || operation === 'optimize' || operation === 'repair';
  const own = partitionNames(p);
  const unknown = names?.some((name) => !own.some((other) => same(other, name)));
  const name = `${table.schema}.${table.name}`;
  if (unknown && reported)
    return shown(x.session, 'table-maintenance', [
      [name, operation, 'Error', `Error in list of partitions to ${table.name}`],
      [name, operation, 'status', 'Operation failed'],
    ]);
  const chosen = new Set(numbersOf(p, names ?? own, VERBS[operation], table.name));
  if (operation === 'truncate') {
    keepRows(x, table, (at) => !chosen.has(at));
    return OK;
  }
  if (!reported) return done(x);
  const note = 'Table does not support optimize on partitions. All partitions will be rebuilt and analyzed.';
  const rows = [
    ...(operation === 'optimize' ? [[name, operation, 'note', note]] : []),
    [name, operation, 'status', 'OK'],
  ];
  return shown(x.session, 'table-maintenance', rows);
}
