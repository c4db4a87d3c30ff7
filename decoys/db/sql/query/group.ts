// GROUP BY: what may be selected beside it, its groups, and the totals of WITH ROLLUP.
// Source: https://dev.mysql.com/doc/refman/9.7/en/group-by-handling.html, group-by-modifiers.html

import { TYPE } from '../../wire/constants.ts';
import { aggregate, compareKeys } from '../aggregate.ts';
import type { Expression } from '../ast/expression.ts';
import type { SelectCore } from '../ast/query.ts';
import type { Compiler } from '../compile/compiler.ts';
import { sqlError } from '../errors.ts';
import type { AggregateSlot, Node, Row, Scope } from '../scope.ts';
import { type Steps, sorted } from '../steps.ts';
import type { Value } from '../value/value.ts';
import type { Item } from './items.ts';
import { keySteps, rowKey } from './rows.ts';

/** GROUP BY's item: a position, an alias or an expression. Throws 1056 where what it means is a total. */
export function compileGroup(c: Compiler, e: Expression, scope: Scope, nodes: readonly Node[]): Node {
  if (e.kind === 'number' && e.form === 'integer') {
    const node = nodes[Number(e.text) - 1];
    if (!node) throw sqlError('ER_BAD_FIELD_ERROR', e.text, 'group statement');
    return node;
  }
  const [aggregates, windows] = [scope.aggregates, scope.windows];
  scope.aggregates = undefined;
  scope.windows = undefined;
  const node = c.compile(e, scope);
  scope.aggregates = aggregates;
  scope.windows = windows;
  return node;
}

interface Group {
  readonly keys: readonly Value[];
  readonly rows: Row[];
}

function* split(c: Compiler, rows: readonly Row[], group: readonly Node[]): Steps<Group[]> {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    if (c.x.turnIsOver) yield;
    const keys = group.map((node) => node.get(row));
    c.x.spend(keySteps(keys));
    const key = rowKey(keys, group);
    const members = groups.get(key);
    if (members) members.rows.push(row);
    else groups.set(key, { keys, rows: [row] });
  }
  if (group.length === 0 && groups.size === 0) groups.set('', { keys: [], rows: [] });
  return [...groups.values()];
}

/** One row a group, with its aggregates; with ROLLUP also the totals. `inOrder` puts groups in order of their keys. */
export function* groupRows(
  c: Compiler,
  rows: readonly Row[],
  group: readonly Node[],
  slots: readonly AggregateSlot[],
  parent: Row | undefined,
  rollup: boolean,
  inOrder: boolean,
): Steps<Row[]> {
  let groups = yield* split(c, rows, group);
  function* finish(members: readonly Row[], rolled = 0): Steps<Row> {
    const aggregates: Value[] = [];
    for (const slot of slots) aggregates.push(yield* aggregate(slot, members, c.x));
    return { values: members[0]?.values ?? emptyRow(), ...(parent ? { parent } : {}), aggregates, rolled };
  }
  const order = group.map((node) => ({ node, descending: false }));
  if (inOrder || rollup) groups = yield* sorted(c.x, groups, (a, b) => compareKeys(a.keys, b.keys, order));
  if (!rollup) {
    const made: Row[] = [];
    for (const found of groups) made.push(yield* finish(found.rows));
    return made;
  }
  const out: Row[] = [];
  function* total(level: number, at: number): Steps<void> {
    // Groups `at`, going back, that share the first `level` keys.
    const prefix = rowKey((groups[at] as Group).keys.slice(0, level), group);
    let start = at;
    while (start > 0 && rowKey((groups[start - 1] as Group).keys.slice(0, level), group) === prefix) {
      c.x.spend(2 + level);
      start--;
    }
    out.push(
      yield* finish(
        groups.slice(start, at + 1).flatMap((found) => found.rows),
        group.length - level,
      ),
    );
  }
  // Of no rows there is the total over all of them still.
  if (groups.length === 0) out.push(yield* finish([], group.length));
  for (const [at, found] of groups.entries()) {
    out.push(yield* finish(found.rows));
    for (let level = group.length - 1; level >= 0; level--) {
      const next = groups[at + 1];
      const ends = !next || rowKey(next.keys.slice(0, level), group) !== rowKey(found.keys.slice(0, level), group);
      if (ends) yield* total(level, at);
    }
  }
  return out;
}

/** Columns the row of an empty group shows: every one NULL. */
function emptyRow(): readonly Value[] {
  return Array.from({ length: 256 }, () => null);
}

/**
 * An item of the select list under WITH ROLLUP: NULL in the totals over the group column it is. Where totals are sorted it
 * has gone through a temporary table, as plain text where it is text.
 */
export function rolledItem(
  item: Item,
  e: Expression | undefined,
  core: SelectCore,
  group: readonly Node[],
  sorted: boolean,
): Item {
  const { node } = item;
  const at = core.group.findIndex((other, index) => sameExpression(other, e, group[index], node));
  if (at < 0) return item;
  const text = sorted && node.type.text;
  const type = {
    ...node.type,
    nullable: true,
    exactFlags: false,
    flags: 0,
    decimals: node.type.text ? 31 : node.type.decimals,
    ...(text && { type: TYPE.VAR_STRING, members: undefined }),
  };
  const get = (row: Row) => ((row.rolled ?? 0) > core.group.length - 1 - at ? null : node.get(row));
  return { ...item, node: { ...node, type, get }, ...(sorted && { column: undefined }) };
}

function sameExpression(grouped: Expression, e: Expression | undefined, group: Node | undefined, node: Node): boolean {
  if (group === node) return true;
  if (group?.column && group.column === node.column) return true;
  return e !== undefined && grouped.kind === 'column' && e.kind === 'column' && grouped.path.at(-1) === e.path.at(-1);
}
