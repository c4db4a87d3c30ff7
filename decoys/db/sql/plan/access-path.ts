// The cheapest way to read one table once others are read: by a key, by a range, or row for row.
// Source: https://dev.mysql.com/doc/refman/9.7/en/explain-output.html, cost-model.html; costs as 9.7.4's plans tell them.
import type { Expression } from '../ast/expression.ts';
import type { IndexSpec } from '../ast/table.ts';
import type { Conditions, Mask } from './conditions.ts';
import { filterOf } from './filtering.ts';
import type { KeyUse } from './key-uses.ts';
import type { Range } from './ranges.ts';
import { indexCost, isPrimary, neverNull, PAGE_COST, ROW_COST, type TableFacts } from './table-facts.ts';

export type AccessType = 'const' | 'eq_ref' | 'ref' | 'range' | 'index' | 'ALL';

export interface Access {
  readonly type: AccessType;
  readonly index: IndexSpec | undefined;
  /** Columns of the index that are looked up. */
  readonly uses: readonly KeyUse[];
  readonly range: Range | undefined;
  /** Tables a lookup takes its values from. */
  readonly depends: Mask;
  /** Rows found for one row of the tables before, and the share of them conditions then leave. */
  readonly fanout: number;
  readonly filter: number;
  /** Cost of reading, over all rows of the tables before, without that of looking at the rows. */
  readonly read: number;
  /** Rows are kept and matched by hash, not looked up for each row of the tables before. */
  readonly hashed: boolean;
}

/** A table as the search sees it. */
export interface Candidate {
  readonly facts: TableFacts;
  readonly uses: readonly KeyUse[];
  readonly ranges: readonly Range[];
  readonly best: Range | undefined;
}

/** What of the tables before decides: which they are, how many rows they make together, and how many lookups differ. */
export interface Prefix {
  readonly known: Mask;
  readonly constants: Mask;
  readonly rows: number;
  readonly lookups: (depends: Mask) => number;
}

/** Lookups are never thought to cost more than this many pages. */
const WORST_PAGES = 2;

interface Lookup {
  readonly index: IndexSpec;
  readonly uses: readonly KeyUse[];
  readonly depends: Mask;
  readonly whole: boolean;
}

function lookupBy(index: IndexSpec, { uses, facts }: Candidate, { known, constants }: Prefix): Lookup | undefined {
  const found: KeyUse[] = [];
  for (const part of index.columns) {
    const fit = uses.filter(({ name, depends }) => name === part.name.toLowerCase() && (depends & ~known) === 0);
    const use = fit.find(({ depends }) => (depends & ~constants) === 0) ?? fit[0];
    if (!use) break;
    found.push(use);
  }
  if (found.length === 0) return undefined;
  const depends = found.reduce((mask, use) => mask | (use.depends & ~constants), 0);
  const unique = isPrimary(index) || index.kind === 'unique';
  const whole =
    unique &&
    found.length === index.columns.length &&
    found.every(({ nulls }) => !nulls || neverNull(facts.leaf, index));
  return { index, uses: found, depends, whole };
}

function lookupAccess(candidate: Candidate, lookup: Lookup, prefix: Prefix): Access {
  const { facts, ranges } = candidate;
  const { index, uses, depends, whole } = lookup;
  if (whole) {
    const read = prefix.lookups(depends) * PAGE_COST;
    return { type: 'eq_ref', index, uses, range: undefined, depends, fanout: 1, filter: 1, read, hashed: false };
  }
  const range = ranges.find((each) => each.index === index && each.equal && each.parts >= uses.length);
  const fanout = depends === 0 && range ? range.rows : facts.perKey(index, uses.length);
  const page =
    isPrimary(index) || facts.covering.has(index)
      ? indexCost(facts, index, fanout)
      : Math.min(fanout, WORST_PAGES) * PAGE_COST;
  return {
    type: 'ref',
    index,
    uses,
    range: undefined,
    depends,
    fanout,
    filter: 1,
    read: prefix.rows * page,
    hashed: false,
  };
}

function total(access: Access, rows: number): number {
  return access.read + rows * access.fanout * ROW_COST;
}

function bestLookup(candidate: Candidate, prefix: Prefix): Access | undefined {
  let best: Access | undefined;
  for (const index of candidate.facts.indexes) {
    const lookup = lookupBy(index, candidate, prefix);
    if (!lookup) continue;
    const access = lookupAccess(candidate, lookup, prefix);
    if (!best || total(access, prefix.rows) < total(best, prefix.rows)) {
      // Of lookups of one row none is better than the first.
      if (best?.type === 'eq_ref' && access.type !== 'eq_ref') continue;
      best = access;
    }
  }
  return best;
}

/** Reading the whole table, or the range that is cheapest, once for all rows before or kept and matched by hash. */
function scanAccess({ facts, ranges, best }: Candidate, prefix: Prefix, conditions: Conditions): Access {
  const ignored = new Set<Expression>(best?.uses ?? []);
  const others = best ? ranges.filter((range) => range !== best) : ranges;
  const filter = filterOf(facts, prefix.known, conditions, others, ignored, new Set());
  // Rows are kept where conditions of constants hold; those on other tables are looked at as rows are joined.
  const kept = filterOf(facts, prefix.constants, conditions, others, ignored, new Set());
  const found = best ? best.rows : facts.count;
  const after = found * kept;
  const first = prefix.known === prefix.constants;
  const read = best
    ? prefix.rows * (best.cost + ROW_COST * (found - after))
    : facts.pages * PAGE_COST + ROW_COST * (found - after);
  return {
    type: best ? 'range' : 'ALL',
    index: best?.index,
    uses: [],
    range: best,
    depends: 0,
    fanout: after,
    filter: kept > 0 ? filter / kept : 1,
    read,
    hashed: !first && !best,
  };
}

/** The cheapest way to read the table next, and what it and looking at its rows cost. */
export function bestAccess(
  candidate: Candidate,
  prefix: Prefix,
  conditions: Conditions,
): { access: Access; cost: number } {
  const { facts, best, ranges } = candidate;
  const lookup = bestLookup(candidate, prefix);
  if (lookup) {
    const cost = total(lookup, prefix.rows);
    const scanned = best ? best.cost : facts.pages * PAGE_COST;
    const found = best ? best.rows : facts.count;
    const sameIndex = best !== undefined && best.index === lookup.index && lookup.uses.length >= best.parts;
    const covered = !best && facts.covering.size > 0;
    const tried = lookup.type !== 'eq_ref' && !sameIndex && !covered && (lookup.fanout >= found || cost > scanned);
    const scan = tried ? scanAccess(candidate, prefix, conditions) : undefined;
    const scanTotal = scan ? total(scan, prefix.rows) : Number.POSITIVE_INFINITY;
    if (!scan || scanTotal >= cost) {
      const names = new Set(lookup.uses.map(({ name }) => name));
      const others = ranges.filter(({ uses, index }) => index !== lookup.index || uses.length > lookup.uses.length);
      const constant = lookup.depends === 0;
      const filter = filterOf(
        facts,
        prefix.known,
        conditions,
        constant ? [] : others.filter(({ index }) => index !== lookup.index),
        new Set(),
        names,
      );
      return { access: { ...lookup, filter }, cost };
    }
    return { access: scan, cost: scanTotal };
  }
  const scan = scanAccess(candidate, prefix, conditions);
  return { access: scan, cost: total(scan, prefix.rows) };
}
