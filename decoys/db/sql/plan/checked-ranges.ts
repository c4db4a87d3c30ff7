// Ranges that are found anew for each row of the tables before: bounds of an index that other rows give.
// Source: "Range checked for each record", https://dev.mysql.com/doc/refman/9.7/en/explain-output.html; flags of a live 9.7.4.
import type { Expression } from '../ast/expression.ts';
import type { Conditions, Mask } from './conditions.ts';
import type { Step } from './join-order.ts';
import type { Plan } from './plan.ts';
import { isFixed } from './ranges.ts';
import type { TableFacts } from './table-facts.ts';

const ORDERED: ReadonlySet<string> = new Set(['<', '>', '<=', '>=']);

/** Whether a condition bounds the first column of an index by what tables `known`, or queries around this one, give. */
function bounds(e: Expression, facts: TableFacts, { columnOf, tablesOf }: Conditions, known: Mask): boolean {
  const led = (side: Expression, others: readonly Expression[]): boolean => {
    const own = columnOf(side);
    const name = own?.table === facts.place ? own.column.name.toLowerCase() : undefined;
    if (name === undefined || others.every(isFixed) || others.some((other) => (tablesOf(other) & ~known) !== 0))
      return false;
    return facts.indexes.some(({ columns }) => columns[0]?.name.toLowerCase() === name);
  };
  if (e.kind === 'between') return !e.not && led(e.operand, [e.low, e.high]);
  return e.kind === 'binary' && ORDERED.has(e.operator) && (led(e.left, [e.right]) || led(e.right, [e.left]));
}

/** `steps` of a plan after those `taken` already; those that check ranges for each row are told as such: they keep no rows to match by hash. */
export function withCheckedRanges(
  { constants, conditions }: Plan,
  taken: readonly Step[],
  steps: readonly Step[],
): { readonly steps: readonly Step[]; readonly checked: boolean } {
  let known: Mask = [...constants, ...taken].reduce((mask, { candidate }) => mask | (1 << candidate.facts.place), 0);
  let checked = false;
  const others = steps.map((step): Step => {
    const { facts, ranges } = step.candidate;
    const { type } = step.access;
    const scans = (type === 'ALL' || type === 'index') && ranges.length === 0;
    const checks = scans && conditions.conjuncts.some(({ e }) => bounds(e, facts, conditions, known));
    known |= 1 << facts.place;
    if (!checks) return step;
    checked = true;
    return { ...step, access: { ...step.access, type: 'ALL', index: undefined, hashed: false } };
  });
  return { steps: [...taken, ...others], checked };
}
