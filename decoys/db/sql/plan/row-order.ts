// The order a plan's rows come in: along the indexes that are read, table after table; what is matched by hash comes last first.
// Source: rows as 9.7.4 gives them; https://dev.mysql.com/doc/refman/9.7/en/hash-joins.html
import type { Node, Scope } from '../scope.ts';
import { intType } from '../value/type.ts';
import { toText, type Value } from '../value/value.ts';
import type { Step } from './join-order.ts';
import type { Plan } from './plan.ts';
import { clusteredOf, columnNamed, type TableFacts } from './table-facts.ts';

export interface SortKey {
  readonly node: Node;
  readonly descending: boolean;
}

function contentOf(values: readonly Value[]): string {
  return values.map((value) => (value === null ? '\u0001' : toText(value))).join('\u0000');
}

/** Where each column of the table stands in a row of the whole FROM. */
function placesOf({ leaf }: TableFacts, scope: Scope): number[] {
  return leaf.table.columns.map((own) =>
    scope.columns.findIndex(
      ({ table, schema, name }) => table === leaf.alias && schema === leaf.table.schema && name === own.name,
    ),
  );
}

function keyAt(facts: TableFacts, name: string, descending: boolean, places: readonly number[]): SortKey[] {
  const own = columnNamed(facts.leaf, name);
  const at = places[own];
  const type = facts.leaf.table.columns[own]?.type;
  if (at === undefined || at < 0 || !type) return [];
  return [{ node: { type, get: (row) => row.values[at] ?? null, coercibility: 2 }, descending }];
}

/** A table without a primary key gives its rows as they came in. */
function byArrival(facts: TableFacts, places: readonly number[]): SortKey {
  let ranks: Map<string, bigint> | undefined;
  const rankOf = (values: readonly Value[]): Value => {
    if (!ranks) {
      ranks = new Map();
      for (const [at, row] of facts.rows.entries()) {
        const content = contentOf(row.slice(0, places.length));
        if (!ranks.has(content)) ranks.set(content, BigInt(at));
      }
    }
    return ranks.get(contentOf(places.map((at) => values[at] ?? null))) ?? null;
  };
  return { node: { type: intType(), get: (row) => rankOf(row.values), coercibility: 2 }, descending: false };
}

/** What the rows of one table are sorted by as they are read. */
function stepOrder({ candidate: { facts }, access }: Step, scope: Scope): SortKey[] {
  const places = placesOf(facts, scope);
  const clustered = clusteredOf(facts.leaf);
  const own = access.index && access.index !== clustered ? access.index.columns : [];
  const keys = [...own, ...(clustered?.columns ?? [])].flatMap(({ name, descending }) =>
    keyAt(facts, name, descending ?? false, places),
  );
  return clustered ? keys : [...keys, byArrival(facts, places)];
}

/** What rows of the FROM are sorted by as the plan gives them; undefined where they come so by themselves. */
export function rowOrder({ steps, conditions }: Plan, scope: Scope): readonly SortKey[] | undefined {
  const [only] = steps;
  if (steps.length === 0 || !only) return undefined;
  if (steps.length === 1 && only.access.type === 'ALL') return undefined;
  let keys: SortKey[] = [];
  for (const [at, step] of steps.entries()) {
    const own = stepOrder(step, scope);
    const optional = (conditions.optional & (1 << step.candidate.facts.place)) !== 0;
    const turned = (list: readonly SortKey[]) => list.map((key) => ({ ...key, descending: !key.descending }));
    if (at === 0 || !step.access.hashed) keys = [...keys, ...own];
    else keys = optional ? [...keys, ...turned(own)] : [...own, ...turned(keys)];
  }
  return keys;
}

/** Whether some table is read row for row, which a client is told by a flag. */
export function planScans({ steps }: Plan): boolean {
  return steps.some(({ access }) => access.type === 'ALL');
}
