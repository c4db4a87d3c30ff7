// Joins: two sources side by side, by ON, USING, NATURAL or nothing.
// Source: https://dev.mysql.com/doc/refman/9.7/en/join.html
import { FLAG } from '../../wire/constants.ts';
import type { TableRef } from '../ast/query.ts';
import type { Compiler } from '../compile/compiler.ts';
import { TRUTH_PARAMETER } from '../compile/parameter-types.ts';
import { derive } from '../compile/parameters.ts';
import { sqlError } from '../errors.ts';
import { type CommonRows, type Row, Scope, type ScopeColumn } from '../scope.ts';
import type { Steps } from '../steps.ts';
import type { SqlType } from '../value/type.ts';
import { compareValues, toBoolean, type Value } from '../value/value.ts';
import { candidates, FEW_ROWS, joinKeys, keyIndex } from './join-keys.ts';
import { NO_ROW, type Source } from './source.ts';

export function nullableColumn(column: ScopeColumn): ScopeColumn {
  const { type } = column;
  const flags = type.exactFlags ? (type.flags ?? 0) & ~FLAG.NOT_NULL : type.flags;
  return { ...column, type: { ...type, nullable: true, flags } as SqlType };
}

/** Cells of two rows put side by side that cost one step. */
const JOINED_CELLS_A_STEP = 8;

/**
 * Two sources side by side, with rows made as they are asked for.
 * Throws 1066 where both sides have a table of one name, 1054 where USING names no column.
 */
export function joinSources(
  c: Compiler,
  ref: Extract<TableRef, { kind: 'join' }>,
  left: Source,
  right: Source,
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
): Source {
  const sameTable = (a: ScopeColumn, b: ScopeColumn | undefined) => a.table === b?.table && a.schema === b.schema;
  const clash = right.columns.find(
    (column, at) => !sameTable(column, right.columns[at - 1]) && left.columns.some((other) => sameTable(other, column)),
  );
  if (clash) throw sqlError('ER_NONUNIQ_TABLE', clash.table);
  const merges = ref.natural || ref.using.length > 0;
  const [lefts, rights] = merges ? [firstPlaces(left.columns), firstPlaces(right.columns)] : [NO_PLACES, NO_PLACES];
  const shared = ref.natural
    ? right.columns.map(({ name }) => name).filter((name) => lefts.has(name.toLowerCase()))
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
  derive(c.x, ref.on, TRUTH_PARAMETER);
  const on = ref.on ? c.compile(ref.on, scope) : undefined;
  if (parent && scope.correlated) parent.correlated = true;
  const pairs = shared.map((name) => [placeIn(lefts, name), left.columns.length + placeIn(rights, name)] as const);
  const outerJoin = ref.type !== 'inner';
  const swap = ref.type === 'right';
  const lateral = ref.right.kind === 'json-table' || (ref.right.kind === 'derived' && ref.right.lateral);
  const [kept, other] = swap ? [right, left] : [left, right];
  const blank = other.columns.map(() => null);
  const pairSteps = 2 + Math.floor(columns.length / JOINED_CELLS_A_STEP);
  function* rows(outerRow: Row | undefined): Generator<readonly Value[]> {
    const all: (readonly Value[])[] = [];
    if (!lateral) {
      for (const values of other.rows(outerRow)) {
        if (values === NO_ROW) yield NO_ROW;
        else all.push(values);
      }
    }
    let others: readonly (readonly Value[])[] = all;
    c.x.hold(others.length);
    const keyed = lateral ? undefined : joinKeys(ref.on, pairs, kept.columns, other.columns, swap);
    const index = keyed && others.length > FEW_ROWS ? keyIndex(others, keyed.other) : undefined;
    if (index) c.x.spend(all.length);
    for (const a of kept.rows(outerRow)) {
      if (a === NO_ROW) {
        yield NO_ROW;
        continue;
      }
      if (index && keyed) {
        c.x.spend(1);
        others = candidates(index, a, keyed.kept, all);
      }
      if (lateral)
        others = [...other.rows({ values: a, ...(outerRow ? { parent: outerRow } : {}) })].filter((b) => b !== NO_ROW);
      let matched = false;
      for (const b of others) {
        c.x.spend(pairSteps);
        if (c.x.turnIsOver) yield NO_ROW;
        const values = swap ? [...b, ...a] : [...a, ...b];
        if (!pairs.every(([x, y]) => sameCell(c, values, x, y, joined))) continue;
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
  function* prepare(outerRow: Row | undefined): Steps<void> {
    if (!lateral && other.prepare) yield* other.prepare(outerRow);
    if (kept.prepare) yield* kept.prepare(outerRow);
  }
  return { columns, rows, prepare, leaves, changes: Boolean(left.changes || right.changes) };
}

function placed(values: readonly Value[], places: readonly number[] | undefined): readonly Value[] {
  return places ? places.map((at) => values[at] as Value) : values;
}

/** LATERAL and JSON_TABLE see the columns of the tables before them. */
export function lateralScope(
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

function sameCell(
  { x }: Compiler,
  values: readonly Value[],
  a: number,
  b: number,
  columns: readonly ScopeColumn[],
): boolean {
  const [left, right] = [x.session.atZone(values[a] as Value), x.session.atZone(values[b] as Value)];
  return compareValues(left, right, (columns[a] as ScopeColumn).type.collation) === 0;
}

/** Where the first column of each name stands, by the name in lower case. */
function firstPlaces(columns: readonly ScopeColumn[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const [at, { name }] of columns.entries()) {
    const key = name.toLowerCase();
    if (!places.has(key)) places.set(key, at);
  }
  return places;
}

const NO_PLACES: ReadonlyMap<string, number> = new Map();

function placeIn(places: ReadonlyMap<string, number>, name: string): number {
  const at = places.get(name.toLowerCase());
  if (at === undefined) throw sqlError('ER_BAD_FIELD_ERROR', name, 'from clause');
  return at;
}
