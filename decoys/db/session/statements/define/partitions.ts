// Partitions of a table: what PARTITION BY may say, and which partition a row goes to.
// Source: https://dev.mysql.com/doc/refman/9.7/en/partitioning.html; errors as answered by a live 9.7.4.
import { baseOf, type TableColumn } from '../../../overlay/column.ts';
import type { OverlayTable } from '../../../overlay/table.ts';
import type { Expression } from '../../../sql/ast/expression.ts';
import type { PartitionBound, Partitioning, PartitionRule, PartitionSpec } from '../../../sql/ast/table.ts';
import { compile } from '../../../sql/compile.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { columnsOf, partsOf } from '../../../sql/parts.ts';
import { Scope } from '../../../sql/scope.ts';
import { compilerOf } from '../../../sql/select.ts';
import { isInteger } from '../../../sql/value/type.ts';
import { compareValues, toInteger, toText, type Value } from '../../../sql/value/value.ts';

const MAX_PARTITIONS = 8_192;

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Columns a rule reads. */
function ruleColumns(rule: PartitionRule): string[] {
  return rule.columns ? [...rule.columns] : rule.expression ? columnsOf(rule.expression) : [];
}

/** Partitions a table has, in order: those listed, or p0, p1 … of HASH and KEY. */
export function partitionNames(p: Partitioning): string[] {
  if (p.partitions.length > 0) return p.partitions.map(({ name }) => name);
  return Array.from({ length: p.count ?? 1 }, (_, at) => `p${at}`);
}

/** The partitioning as the table keeps it. Throws what the server answers for one it cannot have. */
export function checkPartitioning(x: Execution, table: OverlayTable, given: Partitioning): Partitioning {
  if (table.temporary) throw sqlError('ER_PARTITION_NO_TEMPORARY');
  if (table.foreignKeys.length > 0) throw sqlError('ER_FOREIGN_KEY_ON_PARTITIONED');
  if (table.facts.engine !== 'InnoDB')
    throw sqlError('ER_CHECK_NOT_IMPLEMENTED', table.facts.engine === 'MEMORY' ? 'table' : 'table');
  const listed = given.method === 'RANGE' || given.method === 'LIST';
  if (listed && given.partitions.length === 0) throw sqlError('ER_PARTITIONS_MUST_BE_DEFINED_ERROR', given.method);
  if (given.count === 0) throw sqlError('ER_NO_PARTS_ERROR', 'partitions');
  if (given.sub?.count === 0) throw sqlError('ER_NO_PARTS_ERROR', 'subpartitions');
  if (given.sub && !listed) throw sqlError('ER_SUBPARTITION_ERROR');
  if (given.count !== undefined && given.partitions.length > 0 && given.count !== given.partitions.length)
    throw sqlError('ER_PARTITION_WRONG_NO_PART_ERROR');
  const total = partitionCount(given) * (given.sub?.count ?? 1);
  if (total > MAX_PARTITIONS) throw sqlError('ER_TOO_MANY_PARTITIONS_ERROR');
  checkNames(given.partitions);
  const rule = { ...given, ...checkRule(x, table, given) };
  const sub = given.sub && { ...given.sub, ...checkRule(x, table, given.sub) };
  checkValues(x, table, rule);
  checkUniqueKeys(table, rule);
  const count = rule.partitions.length > 0 ? rule.count : (rule.count ?? 1);
  const partitions = rule.columns ? rule.partitions : rule.partitions.map((part) => settled(x, part));
  return { ...rule, partitions, sub, count };
}

/** A partition with its bounds worked out to the numbers they are. */
function settled(x: Execution, part: PartitionSpec): PartitionSpec {
  const settle = (bound: PartitionBound): PartitionBound => {
    const value = boundValue(x, bound);
    if (bound === 'MAXVALUE' || typeof value !== 'bigint') return bound;
    const digits: PartitionBound = {
      ...bound,
      kind: 'number',
      form: 'integer',
      text: String(value < 0n ? -value : value),
    };
    return value < 0n ? { kind: 'unary', operator: '-', operand: digits, start: bound.start, end: bound.end } : digits;
  };
  return { ...part, lessThan: part.lessThan?.map(settle), oneOf: part.oneOf?.map((list) => list.map(settle)) };
}

function partitionCount(p: Partitioning): number {
  return p.partitions.length > 0 ? p.partitions.length : (p.count ?? 1);
}

/** Throws 1517 where two partitions have one name. */
export function checkNames(partitions: readonly PartitionSpec[]): void {
  const twice = partitions.find((part, at) => partitions.findIndex((other) => same(other.name, part.name)) !== at);
  if (twice) throw sqlError('ER_SAME_NAME_PARTITION', twice.name);
}

const COLUMN_KINDS: ReadonlySet<string> = new Set(['int', 'text', 'bytes', 'date', 'datetime', 'time']);

/** A rule with its columns spelt as the table spells them. */
function checkRule(x: Execution, table: OverlayTable, rule: PartitionRule): Pick<PartitionRule, 'columns'> {
  const named = rule.columns?.map((name) => {
    const column = table.columns[table.columnAt(name)];
    if (!column) throw sqlError('ER_FIELD_NOT_FOUND_PART_ERROR');
    refuseBlob(column);
    const { kind } = baseOf(column);
    if (rule.method !== 'KEY' && !COLUMN_KINDS.has(kind))
      throw sqlError('ER_FIELD_TYPE_NOT_ALLOWED_AS_PARTITION_FIELD', column.name);
    return column.name;
  });
  if (rule.expression) checkExpression(x, table, rule.expression);
  return { columns: named };
}

function refuseBlob(column: TableColumn): void {
  if (/text$|blob$|^json$|^geometry$|^vector$/.test(column.base)) throw sqlError('ER_BLOB_FIELD_IN_PART_FUNC_ERROR');
}

function checkExpression(x: Execution, table: OverlayTable, expression: Expression): void {
  for (const name of columnsOf(expression))
    if (table.columnAt(name) < 0) throw sqlError('ER_BAD_FIELD_ERROR', name, 'partition function');
  if (columnsOf(expression).length === 0) throw sqlError('ER_WRONG_EXPR_IN_PARTITION_FUNC_ERROR');
  if (
    partsOf(expression).some((part) => part.kind === 'call' && /^(rand|now|uuid|curdate|concat|md5)$/i.test(part.name))
  )
    throw sqlError('ER_PARTITION_FUNCTION_IS_NOT_ALLOWED');
  if (expression.kind === 'column') {
    const column = table.columns[table.columnAt(expression.path.at(-1) as string)] as TableColumn;
    refuseBlob(column);
    if (!isInteger(column.type)) throw sqlError('ER_FIELD_TYPE_NOT_ALLOWED_AS_PARTITION_FIELD', column.name);
    return;
  }
  const node = compile(compilerOf(x), expression, new Scope(table.scopeColumns(), undefined));
  if (!isInteger(node.type)) throw sqlError('ER_PARTITION_FUNC_NOT_ALLOWED_ERROR', 'PARTITION');
}

function checkUniqueKeys(table: OverlayTable, rule: Partitioning): void {
  const read = [...ruleColumns(rule), ...(rule.sub ? ruleColumns(rule.sub) : [])];
  for (const index of table.uniqueIndexes) {
    const whole = (name: string) => index.columns.some((part) => same(part.name, name) && part.length === undefined);
    if (!read.every(whole))
      throw sqlError('ER_UNIQUE_KEY_NEED_ALL_FIELDS_IN_PF', index.kind === 'primary' ? 'PRIMARY KEY' : 'UNIQUE INDEX');
  }
}

/** A bound's value; undefined for MAXVALUE. */
function boundValue(x: Execution, bound: PartitionBound): Value | undefined {
  if (bound === 'MAXVALUE') return undefined;
  return compile(compilerOf(x), bound, new Scope([], undefined)).get({ values: [] });
}

function checkValues(x: Execution, table: OverlayTable, rule: Partitioning): void {
  const { method, partitions } = rule;
  for (const [at, part] of partitions.entries()) {
    if (part.lessThan && method !== 'RANGE') throw sqlError('ER_PARTITION_WRONG_VALUES_ERROR', 'RANGE', 'LESS THAN');
    if (part.oneOf && method !== 'LIST') throw sqlError('ER_PARTITION_WRONG_VALUES_ERROR', 'LIST', 'IN');
    if (method === 'RANGE' && !part.lessThan)
      throw sqlError('ER_PARTITION_REQUIRES_VALUES_ERROR', 'RANGE', 'LESS THAN');
    if (method === 'LIST' && !part.oneOf) throw sqlError('ER_PARTITION_REQUIRES_VALUES_ERROR', 'LIST', 'IN');
    const width = rule.columns?.length ?? 1;
    if (part.lessThan && part.lessThan.length !== width) throw sqlError('ER_PARTITION_COLUMN_LIST_ERROR');
    if (!rule.columns && part.lessThan?.[0] === 'MAXVALUE' && at < partitions.length - 1)
      throw sqlError('ER_PARTITION_MAXVALUE_ERROR');
    if (part.oneOf?.some((list) => list.includes('MAXVALUE'))) throw sqlError('ER_MAXVALUE_IN_VALUES_IN');
    if (!rule.columns) checkIntegers(x, part);
  }
  if (method === 'RANGE') checkRanges(x, table, rule);
  if (method === 'LIST') checkLists(x, rule);
}

function checkIntegers(x: Execution, part: PartitionSpec): void {
  for (const bound of [...(part.lessThan ?? []), ...(part.oneOf ?? []).flat()]) {
    const value = boundValue(x, bound);
    if (value === null && part.lessThan) throw sqlError('ER_NULL_IN_VALUES_LESS_THAN');
    if (value !== undefined && value !== null && typeof value !== 'bigint')
      throw sqlError('ER_VALUES_IS_NOT_INT_TYPE_ERROR', part.name);
  }
}

function checkRanges(x: Execution, table: OverlayTable, rule: Partitioning): void {
  let before: readonly (Value | undefined)[] | undefined;
  for (const part of rule.partitions) {
    const bounds = (part.lessThan ?? []).map((bound) => boundValue(x, bound));
    if (before && compareBounds(table, rule, before, bounds) >= 0) throw sqlError('ER_RANGE_NOT_INCREASING_ERROR');
    before = bounds;
  }
}

/** Compares two lists of bounds, the first difference deciding; MAXVALUE is above all. */
function compareBounds(
  table: OverlayTable,
  rule: Partitioning,
  a: readonly (Value | undefined)[],
  b: readonly (Value | undefined)[],
): number {
  for (const [at, left] of a.entries()) {
    const right = b[at];
    if (left === undefined || right === undefined) {
      if (left === right) continue;
      return left === undefined ? 1 : -1;
    }
    if (left === null || right === null) {
      if (left === right) continue;
      return left === null ? -1 : 1;
    }
    const name = rule.columns?.[at];
    const collation = name === undefined ? '' : (table.columns[table.columnAt(name)]?.collation ?? '');
    const order = compareValues(left, right, collation) ?? 0;
    if (order !== 0) return order;
  }
  return 0;
}

function checkLists(x: Execution, rule: Partitioning): void {
  const seen = new Set<string>();
  for (const part of rule.partitions) {
    for (const list of part.oneOf ?? []) {
      const key = list.map((bound) => toText(boundValue(x, bound) ?? null) ?? 'NULL').join('\0');
      if (seen.has(key)) throw sqlError('ER_MULTIPLE_DEF_CONST_IN_LIST_PART_ERROR');
      seen.add(key);
    }
  }
}

/** Finds the partition of a row; made once a statement. */
export type PartitionFinder = (row: readonly Value[]) => number;

/** Throws 1526 for a row that has no place. */
export function partitionFinder(x: Execution, table: OverlayTable): PartitionFinder | undefined {
  const p = table.partitioning;
  if (!p) return undefined;
  const values = ruleValues(x, table, p);
  if (p.method === 'HASH' || p.method === 'KEY') {
    const count = partitionCount(p);
    return (row) => {
      const value = values(row)[0] ?? null;
      const number = p.method === 'HASH' ? (toInteger(value) ?? 0n) : BigInt(textHash(values(row)));
      const placed = number % BigInt(count);
      return Number(placed < 0n ? -placed : placed);
    };
  }
  const bounds = p.partitions.map((part) =>
    (part.lessThan ? [part.lessThan] : (part.oneOf ?? [])).map((list) => list.map((bound) => boundValue(x, bound))),
  );
  return (row) => {
    const own = values(row);
    const at = bounds.findIndex((lists) =>
      lists.some((list) => {
        const order = compareBounds(table, p, own, list);
        return p.method === 'RANGE' ? order < 0 : order === 0;
      }),
    );
    if (at >= 0) return at;
    const shown = p.columns ? 'from column_list' : (toText(own[0] ?? null) ?? 'NULL');
    throw sqlError('ER_NO_PARTITION_FOR_GIVEN_VALUE', shown);
  };
}

function ruleValues(
  x: Execution,
  table: OverlayTable,
  rule: PartitionRule,
): (row: readonly Value[]) => readonly (Value | null)[] {
  if (rule.expression) {
    const node = compile(compilerOf(x), rule.expression, new Scope(table.scopeColumns(), undefined));
    return (row) => [node.get({ values: row })];
  }
  const primary = table.indexes.find((index) => index.kind === 'primary');
  const names = rule.columns?.length ? rule.columns : (primary?.columns.map((part) => part.name) ?? []);
  const places = names.map((name) => table.columnAt(name));
  return (row) => places.map((place) => row[place] ?? null);
}

/** A number from texts, by which KEY spreads rows. */
function textHash(values: readonly (Value | null)[]): number {
  let hash = 0;
  for (const value of values) {
    const text = toText(value) ?? '';
    for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) >>> 0;
  }
  return hash;
}

/** Numbers of the partitions named. Throws 1747 and 1735. */
export function partitionsNamed(table: OverlayTable, names: readonly string[]): Set<number> {
  const p = table.partitioning;
  if (!p) throw sqlError('ER_PARTITION_CLAUSE_ON_NONPARTITIONED');
  const own = partitionNames(p);
  return new Set(
    names.map((name) => {
      const at = own.findIndex((other) => same(other, name));
      if (at < 0) throw sqlError('ER_UNKNOWN_PARTITION', name, table.name);
      return at;
    }),
  );
}
