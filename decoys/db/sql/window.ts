// Window functions over whole partitions: row numbers, ranks, neighbours, and aggregates up to the current row's peers.
// Source: https://dev.mysql.com/doc/refman/9.7/en/window-function-descriptions.html
import { aggregate, compareKeys } from './aggregate.ts';
import type { Execution } from './execution.ts';
import type { AggregateSlot, Row, WindowSlot } from './scope.ts';
import { nullType } from './value/type.ts';
import { toInteger, toText, type Value } from './value/value.ts';

interface Member {
  readonly row: Row;
  readonly keys: readonly Value[];
}

type Fill = (members: readonly Member[], slot: WindowSlot, x: Execution) => Value[];

function peersEnd(members: readonly Member[], at: number, slot: WindowSlot): number {
  let end = at;
  while (end + 1 < members.length && same(members[end + 1] as Member, members[at] as Member, slot)) end++;
  return end;
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
  FIRST_VALUE: (members, slot) => members.map(() => (slot.args[0]?.get((members[0] as Member).row) ?? null) as Value),
  LAST_VALUE: (members, slot) =>
    members.map(
      (_, at) =>
        (slot.args[0]?.get(
          (members[slot.order.length > 0 ? peersEnd(members, at, slot) : members.length - 1] as Member).row,
        ) ?? null) as Value,
    ),
  NTH_VALUE: (members, slot) => {
    const nth = Number(toInteger(slot.args[1]?.get((members[0] as Member).row) ?? 1n));
    return members.map((_, at) => {
      const end = slot.order.length > 0 ? peersEnd(members, at, slot) : members.length - 1;
      return nth - 1 <= end ? ((slot.args[0]?.get((members[nth - 1] as Member).row) ?? null) as Value) : null;
    });
  },
};

function overAggregate(members: readonly Member[], slot: WindowSlot, x: Execution): Value[] {
  if (slot.expression.kind !== 'aggregate') return [];
  const made: AggregateSlot = {
    expression: slot.expression,
    args: slot.args,
    order: [],
    type: slot.args[0]?.type ?? nullType(),
  };
  const rows = members.map((member) => member.row);
  if (slot.order.length === 0) {
    const value = aggregate(made, rows, x);
    return members.map(() => value);
  }
  return members.map((_, at) => aggregate(made, rows.slice(0, peersEnd(members, at, slot) + 1), x));
}

/** Value of the slot for each row, in the rows' order. */
export function windowValues(slot: WindowSlot, rows: readonly Row[], x: Execution): readonly Value[] {
  const partitions = new Map<string, { at: number; member: Member }[]>();
  for (const [at, row] of rows.entries()) {
    x.spend(2);
    const key = slot.partition.map((node) => toText(node.get(row)) ?? '\u0001').join('\u0000');
    const entry = { at, member: { row, keys: slot.order.map((item) => item.node.get(row)) } };
    const members = partitions.get(key);
    if (members) members.push(entry);
    else partitions.set(key, [entry]);
  }
  const values: Value[] = Array.from({ length: rows.length }, () => null);
  for (const entries of partitions.values()) {
    entries.sort((a, b) => compareKeys(a.member.keys, b.member.keys, slot.order));
    const members = entries.map((entry) => entry.member);
    const filled =
      slot.expression.kind === 'aggregate'
        ? overAggregate(members, slot, x)
        : (FILLS[slot.expression.name] as Fill)(members, slot, x);
    for (const [index, entry] of entries.entries()) values[entry.at] = filled[index] ?? null;
  }
  return values;
}
