// Window functions over whole partitions: row numbers, ranks, neighbours, and aggregates up to the current row's peers.
// Source: https://dev.mysql.com/doc/refman/9.7/en/window-function-descriptions.html

import { aggregate, aggregateType, compareKeys } from './aggregate.ts';
import type { Execution } from './execution.ts';
import { filesorted, sortsTexts } from './query/filesort.ts';
import type { AggregateSlot, Frame, FrameEdge, Row, WindowSlot } from './scope.ts';
import { finished, mapped, type Steps } from './steps.ts';
import { addInterval } from './value/interval.ts';
import { Temporal } from './value/temporal.ts';
import { toInteger, toNumber, toText, type Value } from './value/value.ts';

interface Member {
  readonly row: Row;
  readonly keys: readonly Value[];
}

type Fill = (members: readonly Member[], slot: WindowSlot, x: Execution) => Value[];

/** Where each member's peers end, worked out once a partition. */
const peerEnds = new WeakMap<readonly Member[], Int32Array>();

function peersEnd(members: readonly Member[], at: number, slot: WindowSlot): number {
  let ends = peerEnds.get(members);
  if (!ends) {
    ends = new Int32Array(members.length);
    for (let index = members.length - 1; index >= 0; index--) {
      const next = members[index + 1];
      ends[index] = next && same(next, members[index] as Member, slot) ? (ends[index + 1] as number) : index;
    }
    peerEnds.set(members, ends);
  }
  return ends[at] as number;
}

function same(a: Member, b: Member, slot: WindowSlot): boolean {
  return compareKeys(a.keys, b.keys, slot.order) === 0;
}

function ranks(members: readonly Member[], slot: WindowSlot, dense: boolean): number[] {
  let [rank, distinct] = [1, 0];
  return members.map((member, at) => {
    if (at === 0 || !same(member, members[at - 1] as Member, slot)) {
      rank = at + 1;
      distinct++;
    }
    return dense ? distinct : rank;
  });
}

function neighbour(direction: 1 | -1): Fill {
  return (members, slot) =>
    members.map((member, at) => {
      const by = slot.args[1] ? Number(toInteger(slot.args[1].get(member.row))) : 1;
      const other = members[at + direction * by];
      return other
        ? ((slot.args[0]?.get(other.row) ?? null) as Value)
        : ((slot.args[2]?.get(member.row) ?? null) as Value);
    });
}

const FILLS: Readonly<Record<string, Fill>> = {
  ROW_NUMBER: (members) => members.map((_, at) => BigInt(at + 1)),
  RANK: (members, slot) => ranks(members, slot, false).map(BigInt),
  DENSE_RANK: (members, slot) => ranks(members, slot, true).map(BigInt),
  PERCENT_RANK: (members, slot) =>
    ranks(members, slot, false).map((rank) => (members.length > 1 ? (rank - 1) / (members.length - 1) : 0)),
  CUME_DIST: (members, slot) => members.map((_, at) => (peersEnd(members, at, slot) + 1) / members.length),
  NTILE: (members, slot) => {
    const buckets = Math.max(1, Number(toInteger(slot.args[0]?.get((members[0] as Member).row) ?? 1n)));
    const [size, extra] = [Math.floor(members.length / buckets), members.length % buckets];
    return members.map((_, at) =>
      BigInt(
        at < extra * (size + 1)
          ? Math.floor(at / (size + 1)) + 1
          : extra + Math.floor((at - extra * (size + 1)) / Math.max(1, size)) + 1,
      ),
    );
  },
  LAG: neighbour(-1),
  LEAD: neighbour(1),
  FIRST_VALUE: (members, slot, x) => members.map((_, at) => framedValue(members, at, slot, x, () => 0)),
  LAST_VALUE: (members, slot, x) => members.map((_, at) => framedValue(members, at, slot, x, (size) => size - 1)),
  NTH_VALUE: (members, slot, x) => {
    const nth = Number(toInteger(slot.args[1]?.get((members[0] as Member).row) ?? 1n));
    return members.map((_, at) => framedValue(members, at, slot, x, () => nth - 1));
  },
};

/** The argument's value at a place of the row's frame; NULL where the frame is shorter. */
function framedValue(
  members: readonly Member[],
  at: number,
  slot: WindowSlot,
  x: Execution,
  place: (size: number) => number,
): Value {
  const { start, end } = frameOf(members, at, slot, x);
  const index = start + place(end - start);
  if (index < start || index >= end) return null;
  return (slot.args[0]?.get((members[index] as Member).row) ?? null) as Value;
}

function* overAggregate(members: readonly Member[], slot: WindowSlot, x: Execution): Steps<Value[]> {
  if (slot.expression.kind !== 'aggregate') return [];
  const made: AggregateSlot = {
    expression: slot.expression,
    args: slot.args,
    order: [],
    type: aggregateType(
      slot.expression.name,
      slot.args.map((arg) => arg.type),
      x.session,
    ),
  };
  const rows = members.map((member) => member.row);
  let last: { readonly start: number; readonly end: number; readonly value: Value } | undefined;
  return yield* mapped(x, members, (_, at) => {
    const { start, end } = frameOf(members, at, slot, x);
    if (last?.start !== start || last.end !== end) {
      x.spend(Math.max(1, end - start));
      last = { start, end, value: finished(aggregate(made, rows.slice(start, end), x)) };
    }
    return last.value;
  });
}

/** First member of a row's frame and the one past its last. */
function frameOf(
  members: readonly Member[],
  at: number,
  slot: WindowSlot,
  x: Execution,
): { readonly start: number; readonly end: number } {
  const { frame } = slot;
  if (!frame) return { start: 0, end: slot.order.length > 0 ? peersEnd(members, at, slot) + 1 : members.length };
  const clamp = (value: number) => Math.max(0, Math.min(members.length, value));
  if (frame.unit === 'rows') {
    const start = clamp(at + frame.start.by);
    return { start, end: Math.max(start, clamp(at + frame.end.by + 1)) };
  }
  return rangeOf(members, at, slot, frame, x);
}

/** RANGE counts in units of the one sort key, or in intervals; without an amount it takes the row's peers. */
function rangeOf(
  members: readonly Member[],
  at: number,
  slot: WindowSlot,
  frame: Frame,
  x: Execution,
): { readonly start: number; readonly end: number } {
  const keyAt = (index: number) => (members[index] as Member).keys[0] ?? null;
  const sign = slot.order[0]?.descending ? -1 : 1;
  const own = slot.order.length === 0 ? null : keyAt(at);
  const compare = (index: number, by: FrameEdge): number => {
    if (Number.isFinite(by.by) && by.by === 0 && !by.interval)
      return compareKeys((members[index] as Member).keys, (members[at] as Member).keys, slot.order);
    if (!Number.isFinite(by.by)) return -by.by;
    const other = keyAt(index);
    // NULLs are peers of each other alone.
    if (own === null || other === null) return own === other ? 0 : (own === null ? 1 : -1) * sign;
    return sign * compareTo(other, own, { ...by, by: by.by * sign });
  };
  let start = 0;
  while (start < members.length && compare(start, frame.start) < 0) start++;
  let end = start;
  while (end < members.length && compare(end, frame.end) <= 0) end++;
  x.spend(2 * (end + 1));
  return { start, end };
}

/** How a key stands to another moved by an amount or interval: below 0, 0, above. */
function compareTo(key: Value, from: Value, { by, interval }: FrameEdge): number {
  if (!interval) return (toNumber(key) as number) - (toNumber(from) as number) - by;
  if (!(key instanceof Temporal && from instanceof Temporal)) return 0;
  const moved = addInterval(from, interval, by < 0 ? -1 : 1, true);
  return moved ? key.toMs() - moved.toMs() : -by;
}

/** Value of the slot for each row, in the rows' order. */
export function* windowValues(slot: WindowSlot, rows: readonly Row[], x: Execution): Steps<readonly Value[]> {
  const partitions = new Map<string, { at: number; member: Member }[]>();
  for (const [at, row] of (yield* windowOrder(slot, rows, x)).entries()) {
    x.spend(2);
    if (x.turnIsOver) yield;
    const key = slot.partition.map((node) => toText(node.get(row)) ?? '\u0001').join('\u0000');
    const entry = { at: row.position ?? at, member: { row, keys: slot.order.map((item) => item.node.get(row)) } };
    const members = partitions.get(key);
    if (members) members.push(entry);
    else partitions.set(key, [entry]);
  }
  const values: Value[] = Array.from({ length: rows.length }, () => null);
  for (const entries of partitions.values()) {
    const members = entries.map((entry) => entry.member);
    const filled =
      slot.expression.kind === 'aggregate'
        ? yield* overAggregate(members, slot, x)
        : (FILLS[slot.expression.name] as Fill)(members, slot, x);
    for (const [index, entry] of entries.entries()) values[entry.at] = filled[index] ?? null;
  }
  return values;
}

/** Rows as a window leaves them: by partition, then by its order; a window without either leaves them as they were. */
export function* windowOrder(slot: WindowSlot, rows: readonly Row[], x: Execution): Steps<readonly Row[]> {
  const order = [...slot.partition.map((node) => ({ node, descending: false })), ...slot.order];
  if (order.length === 0) return rows;
  x.spend(Math.ceil(rows.length * Math.log2(rows.length + 2)));
  const keyed = yield* mapped(x, rows, (row) => ({ row, keys: order.map((item) => item.node.get(row)) }));
  const compare = (a: (typeof keyed)[number], b: (typeof keyed)[number]) => compareKeys(a.keys, b.keys, order);
  const all = Number.MAX_SAFE_INTEGER;
  const inOrder = yield* filesorted(x, keyed, compare, all, rows.length, sortsTexts(order));
  return inOrder.map((entry) => entry.row);
}
