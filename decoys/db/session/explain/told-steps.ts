// The steps of a plan with the conditions each settles: what a lookup makes hold by itself, what the index is asked, what is left.
// Source: plans of 9.7.4; https://dev.mysql.com/doc/refman/9.7/en/index-condition-pushdown-optimization.html
import type { Expression } from '../../sql/ast/expression.ts';
import type { IndexSpec } from '../../sql/ast/table.ts';
import type { Conjunct, Mask } from '../../sql/plan/conditions.ts';
import type { Step } from '../../sql/plan/join-order.ts';
import type { KeyUse } from '../../sql/plan/key-uses.ts';
import type { Plan as ReadPlan } from '../../sql/plan/plan.ts';
import { columnNamed, isPrimary } from '../../sql/plan/table-facts.ts';

/** A step with the conditions that are looked at as soon as its row is there. */
export interface Told {
  readonly step: Step;
  readonly conditions: readonly Expression[];
  /** Of those, what the index itself is asked. */
  readonly pushed: readonly Expression[];
  readonly optional: boolean;
  readonly covering: boolean;
  /** Rows and cost of all before it. */
  readonly before: { readonly rows: number; readonly cost: number };
}

/** True where a lookup of equal values stands for the condition itself: texts are compared once more. */
function isExact(step: Step, { name, source }: KeyUse): boolean {
  if ('table' in source) return true;
  const type = step.candidate.facts.leaf.table.columns[columnNamed(step.candidate.facts.leaf, name)]?.type;
  return type !== undefined && !type.text && !type.members;
}

function namesColumn(e: Expression, plan: ReadPlan, step: Step, name: string): boolean {
  const own = plan.conditions.columnOf(e);
  return own?.table === step.candidate.facts.place && own.column.name.toLowerCase() === name;
}

/** True where a lookup already makes the condition hold. */
function isMet(e: Expression, step: Step, plan: ReadPlan): boolean {
  if (e.kind !== 'binary' || e.operator !== '=') return false;
  return step.access.uses.some(
    (use) =>
      isExact(step, use) && (namesColumn(e.left, plan, step, use.name) || namesColumn(e.right, plan, step, use.name)),
  );
}

/** True where every column the condition names is one of the index. */
function isOfIndex(e: Expression, step: Step, index: IndexSpec, plan: ReadPlan): boolean {
  const range = step.candidate.ranges.find((each) => each.index === index);
  const named = step.access.uses.some(
    ({ name }) =>
      e.kind === 'binary' && (namesColumn(e.left, plan, step, name) || namesColumn(e.right, plan, step, name)),
  );
  return named || (range?.uses.includes(e) ?? false);
}

/** The steps in their order, each with the conditions that can be looked at from its row on. */
export function toldSteps(plan: ReadPlan, steps: readonly Step[]): Told[] {
  let known: Mask = plan.constants.reduce((mask, { candidate }) => mask | (1 << candidate.facts.place), 0);
  const constants = known;
  const left = new Set<Conjunct>(plan.conditions.conjuncts.filter(({ tables }) => (tables & ~constants) !== 0));
  let before = { rows: 1, cost: 0 };
  return steps.map((step) => {
    const { facts } = step.candidate;
    const bit = 1 << facts.place;
    known |= bit;
    const conditions: Expression[] = [];
    for (const conjunct of left) {
      const { e, tables, nest } = conjunct;
      if ((tables & ~known) !== 0 || (nest !== 0 && (nest & bit) === 0)) continue;
      left.delete(conjunct);
      if (!isMet(e, step, plan)) conditions.push(e);
    }
    const { index } = step.access;
    const covering = index !== undefined && facts.covering.has(index);
    const pushes = index !== undefined && !covering && !isPrimary(index) && step.access.type !== 'index';
    const pushed = pushes ? conditions.filter((e) => isOfIndex(e, step, index, plan)) : [];
    const told = {
      step,
      conditions: conditions.filter((e) => !pushed.includes(e)),
      pushed,
      optional: (plan.conditions.optional & bit) !== 0,
      covering,
      before,
    };
    before = { rows: step.rows, cost: step.cost };
    return told;
  });
}

/** Rows one read of the step gives before conditions on it are looked at. */
export function foundBy({ access, candidate }: Step): number {
  return access.type === 'ALL' || access.type === 'index'
    ? candidate.facts.count
    : (access.range?.rows ?? access.fanout);
}

/** What a key is compared with: `const`, or the column of another table. */
export function refOf(use: KeyUse, plan: ReadPlan): string {
  if (!('table' in use.source)) return 'const';
  const { table, column } = use.source;
  const constant = plan.constants.some(({ candidate }) => candidate.facts.place === table);
  return constant ? 'const' : [column.schema, column.table, column.name].filter((part) => part !== '').join('.');
}
