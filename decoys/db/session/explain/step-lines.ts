// The steps of a plan as lines of EXPLAIN's traditional form.
// Source: plans of 9.7.4; https://dev.mysql.com/doc/refman/9.7/en/explain-output.html
import type { IndexSpec } from '../../sql/ast/table.ts';
import type { Step } from '../../sql/plan/join-order.ts';
import type { Plan as ReadPlan } from '../../sql/plan/plan.ts';
import { keyBytes } from '../../sql/plan/table-facts.ts';
import type { Access } from './access.ts';
import { foundBy, refOf, toldSteps } from './told-steps.ts';

function possibleKeys({ candidate }: Step): IndexSpec[] {
  const { facts, uses, ranges } = candidate;
  return facts.indexes.filter(
    (index) =>
      ranges.some((range) => range.index === index) ||
      uses.some(({ name }) => name === index.columns[0]?.name.toLowerCase()),
  );
}

/** True where another table's lookup takes its value from a column of this one that may be NULL. */
function feedsLookup({ candidate }: Step, steps: readonly Step[], plan: ReadPlan): boolean {
  return steps.some(({ access, candidate: other }) =>
    access.uses.some(
      ({ source, nulls }) =>
        'table' in source &&
        source.table === candidate.facts.place &&
        !nulls &&
        source.column.type.nullable &&
        (plan.conditions.optional & (1 << other.facts.place)) === 0,
    ),
  );
}

/** A line of the traditional form for each table, those of one row first. */
export function linesOfSteps(plan: ReadPlan, steps: readonly Step[]): Access[] {
  const constants = plan.constants.map((step): Access => {
    const { facts } = step.candidate;
    const { index, uses } = step.access;
    return {
      table: facts.leaf.alias,
      type: 'const',
      index,
      rows: 1,
      filtered: 100,
      where: false,
      keyLength: index && keyBytes(facts.leaf, index),
      possible: possibleKeys(step),
      refs: uses.map(() => 'const'),
      extra: index && facts.covering.has(index) ? ['Using index'] : [],
    };
  });
  const others = toldSteps(plan, steps).map((told): Access => {
    const { step, conditions, pushed, covering } = told;
    const { access, candidate } = step;
    const { facts } = candidate;
    const found = foundBy(step);
    const share = access.uses.length > 0 ? access.filter : (access.fanout / found) * access.filter;
    const parts = access.range?.parts ?? (access.uses.length > 0 ? access.uses.length : access.index?.columns.length);
    const filters = conditions.length > 0 || feedsLookup(step, steps, plan);
    return {
      table: facts.leaf.alias,
      type: access.type,
      index: access.index,
      rows: Math.floor(found),
      filtered: Math.min(100, 100 * share),
      where: false,
      keyLength: access.index && keyBytes(facts.leaf, access.index, parts),
      possible: possibleKeys(step),
      refs: access.uses.map((use) => refOf(use, plan)),
      extra: [
        ...(pushed.length > 0 ? ['Using index condition'] : []),
        ...(filters ? ['Using where'] : []),
        ...(covering ? ['Using index'] : []),
        ...(access.hashed ? ['Using join buffer (hash join)'] : []),
      ],
    };
  });
  return [...constants, ...others];
}
