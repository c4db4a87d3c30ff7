// The order tables are read in: every order is tried, cut short where it cannot become cheaper than the best one so far.
// Source: https://dev.mysql.com/doc/refman/9.7/en/controlling-query-plan-evaluation.html
import type { Execution } from '../execution.ts';
import { type Access, bestAccess, type Candidate, type Prefix } from './access-path.ts';
import type { Conditions, Mask } from './conditions.ts';
import { ROW_COST } from './table-facts.ts';

export interface Step {
  readonly candidate: Candidate;
  readonly access: Access;
  /** What it and all before cost, and the rows they make. */
  readonly cost: number;
  readonly rows: number;
}

/** Steps of work a table tried next costs. */
const TRIED_STEPS = 12;

interface Search {
  readonly x: Execution;
  readonly conditions: Conditions;
  readonly constants: Mask;
  /** The table rows are sorted or grouped by, whose coming first saves a sort. */
  readonly sortedBy: number | undefined;
  best: readonly Step[] | undefined;
  bestCost: number;
}

function keyDepends({ uses }: Candidate): Mask {
  return uses.reduce((mask, use) => mask | use.depends, 0);
}

/** Tables as they are tried: those others wait for, then those others' keys take values from, then the smaller. */
function arranged(candidates: readonly Candidate[], conditions: Conditions): Candidate[] {
  const size = ({ facts, best }: Candidate) => (best ? best.rows : facts.count);
  const bit = ({ facts }: Candidate) => 1 << facts.place;
  const compare = (a: Candidate, b: Candidate): number => {
    if (((conditions.after[a.facts.place] ?? 0) & bit(b)) !== 0) return 1;
    if (((conditions.after[b.facts.place] ?? 0) & bit(a)) !== 0) return -1;
    const [ab, ba] = [(keyDepends(a) & bit(b)) !== 0, (keyDepends(b) & bit(a)) !== 0];
    if (ab !== ba) return ab ? 1 : -1;
    return size(a) - size(b) || a.facts.place - b.facts.place;
  };
  const sorted: Candidate[] = [];
  for (const candidate of candidates) {
    let at = sorted.length;
    while (at > 0 && compare(candidate, sorted[at - 1] as Candidate) < 0) at--;
    sorted.splice(at, 0, candidate);
  }
  return sorted;
}

function prefixOf(steps: readonly Step[], constants: Mask): Prefix {
  const known = steps.reduce((mask, { candidate }) => mask | (1 << candidate.facts.place), constants);
  return {
    known,
    constants,
    rows: steps.at(-1)?.rows ?? 1,
    lookups: (depends) => {
      let [wanted, found] = [depends, 1];
      for (const { candidate, access } of steps.toReversed()) {
        const fanout = access.fanout * access.filter;
        if ((wanted & (1 << candidate.facts.place)) !== 0) {
          wanted |= access.depends;
          found *= fanout;
        } else if (fanout < 1) found *= fanout;
      }
      return found;
    },
  };
}

function stepOf(search: Search, steps: readonly Step[], candidate: Candidate): Step {
  search.x.spend(TRIED_STEPS);
  const prefix = prefixOf(steps, search.constants);
  const { access, cost } = bestAccess(candidate, prefix, search.conditions);
  return {
    candidate,
    access,
    cost: (steps.at(-1)?.cost ?? 0) + cost,
    rows: prefix.rows * access.fanout * access.filter,
  };
}

function settle(search: Search, steps: readonly Step[]): void {
  const last = steps.at(-1) as Step;
  const sorts = search.sortedBy !== undefined && steps[0]?.candidate.facts.place !== search.sortedBy;
  const cost = last.cost + (sorts ? last.rows * ROW_COST : 0);
  if (cost >= search.bestCost) return;
  search.best = steps;
  search.bestCost = cost;
}

function isAllowed(candidate: Candidate, known: Mask, { after }: Conditions): boolean {
  return ((after[candidate.facts.place] ?? 0) & ~known) === 0;
}

/** Adds tables that are looked up by a whole unique key one after the other, without trying other orders of them. */
function lookUps(search: Search, steps: readonly Step[], rest: readonly Candidate[]): void {
  const last = steps.at(-1) as Step;
  if (last.cost >= search.bestCost) return;
  if (rest.length === 0) {
    settle(search, steps);
    return;
  }
  const known = prefixOf(steps, search.constants).known;
  for (const candidate of rest) {
    if (!isAllowed(candidate, known, search.conditions)) continue;
    const step = stepOf(search, steps, candidate);
    if (step.access.type !== 'eq_ref') continue;
    lookUps(
      search,
      [...steps, step],
      rest.filter((other) => other !== candidate),
    );
    return;
  }
  extend(search, steps, rest);
}

function extend(search: Search, steps: readonly Step[], rest: readonly Candidate[]): void {
  const known = prefixOf(steps, search.constants).known;
  const waiting = rest.reduce((mask, { facts }) => mask | (1 << facts.place), 0);
  let [leastRows, leastCost] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let lookedUp = false;
  for (const candidate of rest) {
    if (!isAllowed(candidate, known, search.conditions)) continue;
    const step = stepOf(search, steps, candidate);
    if (step.cost >= search.bestCost) continue;
    const isSorted = steps.length === 0 && candidate.facts.place === search.sortedBy;
    if (leastRows > step.rows || leastCost > step.cost || isSorted) {
      if (leastRows >= step.rows && leastCost >= step.cost && (keyDepends(candidate) & waiting) === 0) {
        leastRows = step.rows;
        leastCost = step.cost;
      }
    } else continue;
    const left = rest.filter((other) => other !== candidate);
    if (left.length === 0) {
      settle(search, [...steps, step]);
      continue;
    }
    if (step.access.type === 'eq_ref') {
      if (lookedUp) continue;
      lookedUp = true;
      lookUps(search, [...steps, step], left);
    } else extend(search, [...steps, step], left);
  }
}

/** The cheapest order found. Tables of `constants` have been read already. */
export function joinOrder(
  x: Execution,
  candidates: readonly Candidate[],
  conditions: Conditions,
  constants: Mask,
  sortedBy: number | undefined,
): readonly Step[] {
  const search: Search = {
    x,
    conditions,
    constants,
    sortedBy: candidates.length > 1 ? sortedBy : undefined,
    best: undefined,
    bestCost: Number.POSITIVE_INFINITY,
  };
  if (candidates.length > 0) extend(search, [], arranged(candidates, conditions));
  return search.best ?? [];
}
