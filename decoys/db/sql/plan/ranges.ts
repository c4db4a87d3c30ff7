// Which rows of a table a condition reaches by an index: the ranges of its first columns, counted in the rows there are.
// Source: https://dev.mysql.com/doc/refman/9.7/en/range-optimization.html
import type { TableSource } from '../../session/table-source.ts';
import type { Expression } from '../ast/expression.ts';
import type { IndexSpec } from '../ast/table.ts';
import type { Compiler } from '../compile/compiler.ts';
import { keyOf } from '../query/keys.ts';
import { Scope, type ScopeColumn } from '../scope.ts';
import { toBoolean } from '../value/value.ts';
import { operandsOf } from '../walk.ts';
import type { Conditions, Conjunct } from './conditions.ts';
import {
  columnNamed,
  indexCost,
  isPrimary,
  PAGE_COST,
  ROW_COST,
  shortestCovering,
  type TableFacts,
} from './table-facts.ts';

export interface Range {
  readonly index: IndexSpec;
  /** Columns of the index it bounds, and whether each but none more is held to one value. */
  readonly parts: number;
  readonly equal: boolean;
  readonly rows: number;
  readonly ranges: number;
  readonly cost: number;
  /** The conditions it stands for. */
  readonly uses: readonly Expression[];
}

/** Functions whose value is fixed while a statement runs and changes nothing. */
const FIXED_CALLS: ReadonlySet<string> = new Set([
  'NOW',
  'CURDATE',
  'CURRENT_DATE',
  'CURRENT_TIMESTAMP',
  'CURRENT_TIME',
  'CURTIME',
  'DATE',
  'DATE_SUB',
  'DATE_ADD',
  'SUBDATE',
  'ADDDATE',
  'DATABASE',
  'SCHEMA',
  'USER',
  'CURRENT_USER',
  'VERSION',
  'CONCAT',
  'UPPER',
  'LOWER',
  'STR_TO_DATE',
]);

/** True where an expression has one value for the whole query that may be worked out ahead. */
export function isFixed(e: Expression): boolean {
  switch (e.kind) {
    case 'null':
    case 'boolean':
    case 'number':
    case 'string':
    case 'bytes':
    case 'temporal':
    case 'parameter':
    case 'variable':
    case 'system':
      return true;
    case 'unary':
    case 'binary':
    case 'cast':
    case 'collate':
    case 'interval':
      return operandsOf(e).every(isFixed);
    case 'call':
      return FIXED_CALLS.has(e.name.toUpperCase()) && e.args.every(isFixed);
    default:
      return false;
  }
}

/** One condition on one column: which, how many ranges it makes, and whether each of them is one value. */
export interface Bound {
  readonly name: string;
  readonly ranges: number;
  readonly equal: boolean;
}

const ORDERED: ReadonlySet<string> = new Set(['<', '>', '<=', '>=']);

/** Whether a constant can be looked up among the values of a column: text is not ordered as numbers are. */
function fits(column: ScopeColumn, e: Expression): boolean {
  if (e.kind === 'collate') return false;
  return !column.type.text || (e.kind !== 'number' && e.kind !== 'boolean');
}

/** What a condition on this table alone bounds; undefined where no index could be used for it. */
function boundOf(e: Expression, place: number, conditions: Conditions): Bound | undefined {
  const { columnOf } = conditions;
  const own = (side: Expression, others: readonly Expression[]): string | undefined => {
    const found = columnOf(side);
    if (found?.table !== place || !others.every((other) => isFixed(other) && fits(found.column, other)))
      return undefined;
    return found.column.name.toLowerCase();
  };
  if (e.kind === 'binary' && e.operator === 'OR') {
    const [a, b] = [boundOf(e.left, place, conditions), boundOf(e.right, place, conditions)];
    if (!a || !b || a.name !== b.name) return undefined;
    return { name: a.name, ranges: a.ranges + b.ranges, equal: a.equal && b.equal };
  }
  if (e.kind === 'binary') {
    const name = own(e.left, [e.right]) ?? own(e.right, [e.left]);
    if (name === undefined) return undefined;
    if (e.operator === '=' || e.operator === '<=>') return { name, ranges: 1, equal: true };
    if (ORDERED.has(e.operator)) return { name, ranges: 1, equal: false };
    return e.operator === '<>' || e.operator === '!=' ? { name, ranges: 2, equal: false } : undefined;
  }
  if (e.kind === 'between') {
    const name = own(e.operand, [e.low, e.high]);
    return name === undefined ? undefined : { name, ranges: e.not ? 2 : 1, equal: false };
  }
  if (e.kind === 'in' && e.operand.kind === 'row' && !e.not) {
    const rows = e.list.map((row) => (row.kind === 'row' ? row.items : []));
    for (const [at, side] of e.operand.items.entries()) {
      const cells = rows.flatMap((row) => row.slice(at, at + 1));
      const name = cells.length === rows.length ? own(side, cells) : undefined;
      if (name !== undefined) return { name, ranges: rows.length, equal: true };
    }
    return undefined;
  }
  if (e.kind === 'in') {
    const name = own(e.operand, e.list);
    if (name === undefined) return undefined;
    return { name, ranges: e.list.length + (e.not ? 1 : 0), equal: !e.not };
  }
  if (e.kind === 'is' && e.what === 'null') {
    const name = own(e.operand, []);
    return name === undefined ? undefined : { name, ranges: 1, equal: !e.not };
  }
  if (e.kind === 'like' && !e.not && e.pattern.kind === 'string' && !/^[%_]/.test(e.pattern.first)) {
    const found = columnOf(e.operand);
    if (found?.table !== place || !found.column.type.text) return undefined;
    return { name: found.column.name.toLowerCase(), ranges: 1, equal: false };
  }
  return undefined;
}

function byKey(
  c: Compiler,
  table: TableSource,
  conditions: readonly Expression[],
  scope: Scope,
): TableFacts['rows'] | undefined {
  for (const e of conditions) {
    const rows = keyOf(c, e, table, scope, { values: [] });
    if (rows) return rows;
  }
  return undefined;
}

/** Rows for which all of these conditions, on this table alone, are true; what they warn of is not told. */
export function countRows(c: Compiler, facts: TableFacts, conditions: readonly Expression[]): number {
  const { leaf } = facts;
  const scope = new Scope(
    leaf.table.columns.map((column) => ({ ...column, table: leaf.alias })),
    undefined,
  );
  return c.x.session.unwarned(() => {
    const nodes = conditions.map((e) => c.compile(e, scope));
    const rows = byKey(c, leaf.table, conditions, scope) ?? facts.rows;
    c.x.spend(rows.length * nodes.length);
    return rows.filter((values) => nodes.every((node) => toBoolean(node.get({ values })))).length;
  });
}

function readCost(facts: TableFacts, index: IndexSpec, rows: number, ranges: number): number {
  if (isPrimary(index)) return (rows <= 2 ? rows : ranges) * PAGE_COST;
  if (facts.covering.has(index) && rows > 2) return indexCost(facts, index, rows);
  return (ranges + rows) * PAGE_COST;
}

/** Every range of an index the conditions give, in the indexes' order. */
export function rangesOf(c: Compiler, facts: TableFacts, own: readonly Conjunct[], conditions: Conditions): Range[] {
  const bounds = own.flatMap(({ e }) => {
    const bound = boundOf(e, facts.place, conditions);
    return bound ? [{ e, bound }] : [];
  });
  return facts.indexes.flatMap((index) => {
    const uses: Expression[] = [];
    let [parts, ranges, equal] = [0, 1, true];
    for (const part of index.columns) {
      const here = bounds.filter(({ bound }) => bound.name === part.name.toLowerCase());
      if (here.length === 0 || part.length !== undefined) break;
      parts++;
      uses.push(...here.map(({ e }) => e));
      const fixed = here.find(({ bound }) => bound.equal);
      ranges *= fixed ? fixed.bound.ranges : Math.max(...here.map(({ bound }) => Math.max(bound.ranges, 1)));
      if (!fixed) {
        equal = false;
        break;
      }
      if (fixed.bound.ranges > 1) equal = false;
    }
    if (parts === 0) return [];
    const rows = Math.max(1, countRows(c, facts, uses));
    return [
      { index, parts, equal, rows, ranges, uses, cost: readCost(facts, index, rows, ranges) + ROW_COST * rows + 0.01 },
    ];
  });
}

/** What reading all rows costs without any condition's help, as a range is measured against it. */
const SCAN_HANDICAP = 2.1;

/** The cheapest of the ranges, where it is cheaper than going through the table or the narrowest index that covers it. */
export function bestRange(facts: TableFacts, ranges: readonly Range[]): Range | undefined {
  let least = facts.pages * PAGE_COST + SCAN_HANDICAP + ROW_COST * facts.count;
  const covering = shortestCovering(facts);
  if (covering) least = Math.min(least, indexCost(facts, covering, facts.count) + ROW_COST * facts.count);
  let best: Range | undefined;
  for (const range of ranges)
    if (range.cost < least) {
      least = range.cost;
      best = range;
    }
  return best;
}

/** Where a key column stands in the rows of its table. */
export function placesOf(facts: TableFacts, index: IndexSpec): { readonly at: number; readonly descending: boolean }[] {
  return index.columns.map(({ name, descending }) => ({
    at: columnNamed(facts.leaf, name),
    descending: descending ?? false,
  }));
}
