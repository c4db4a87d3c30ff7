// What share of a table's rows conditions are thought to leave.
// Source: https://dev.mysql.com/doc/refman/9.7/en/condition-filtering.html; shares as 9.7.4's plans tell them.
import type { Expression } from '../ast/expression.ts';
import type { Conditions, Mask } from './conditions.ts';
import type { Range } from './ranges.ts';
import type { TableFacts } from './table-facts.ts';

const EQUAL_SHARE = 0.1;
const ORDERED_SHARE = 0.3333;
const BETWEEN_SHARE = 0.1111;
const LIST_MOST = 0.5;
const ORDERED: ReadonlySet<string> = new Set(['<', '>', '<=', '>=']);

/** Share of rows whose column, of the table, equals something. */
function equalShare(facts: TableFacts, name: string | undefined): number {
  const index = facts.indexes.find((each) => each.columns[0]?.name.toLowerCase() === name);
  if (index) return Math.min(1, facts.perKey(index, 1) / facts.count);
  return Math.max(1 / facts.count, EQUAL_SHARE);
}

/** The share one condition leaves, given rows of the tables `known`; 1 where it says nothing of this table alone. */
export function shareOf(e: Expression, facts: TableFacts, known: Mask, conditions: Conditions): number {
  const own = (side: Expression): string | undefined => {
    const found = conditions.columnOf(side);
    return found?.table === facts.place ? found.column.name.toLowerCase() : undefined;
  };
  const told = (side: Expression) => (conditions.tablesOf(side) & ~known) === 0;
  const least = 1 / facts.count;
  switch (e.kind) {
    case 'binary': {
      if (e.operator === 'AND')
        return shareOf(e.left, facts, known, conditions) * shareOf(e.right, facts, known, conditions);
      if (e.operator === 'OR') {
        const [a, b] = [shareOf(e.left, facts, known, conditions), shareOf(e.right, facts, known, conditions)];
        return a + b - a * b;
      }
      const name = own(e.left) !== undefined && told(e.right) ? own(e.left) : told(e.left) ? own(e.right) : undefined;
      if (name === undefined) return 1;
      if (e.operator === '=' || e.operator === '<=>') return equalShare(facts, name);
      if (e.operator === '<>' || e.operator === '!=') return 1 - equalShare(facts, name);
      return ORDERED.has(e.operator) ? Math.max(least, ORDERED_SHARE) : 1;
    }
    case 'between':
    case 'like': {
      if (own(e.operand) === undefined) return 1;
      const share = Math.max(least, BETWEEN_SHARE);
      return e.not ? 1 - share : share;
    }
    case 'in': {
      const name = own(e.operand);
      if (name === undefined) return 1;
      const share = Math.min(LIST_MOST, equalShare(facts, name) * e.list.length);
      return e.not ? 1 - share : share;
    }
    case 'is': {
      const name = own(e.operand);
      if (name === undefined || e.what !== 'null') return 1;
      return e.not ? 1 - equalShare(facts, name) : equalShare(facts, name);
    }
    default:
      return 1;
  }
}

/** The share all conditions leave that can be told once the tables `known` are read, but for those a key already stands for. */
export function filterOf(
  facts: TableFacts,
  known: Mask,
  conditions: Conditions,
  ranges: readonly Range[],
  ignored: ReadonlySet<Expression>,
  ignoredNames: ReadonlySet<string>,
): number {
  let share = 1;
  const seen = new Set(ignored);
  for (const range of ranges) {
    if (range.uses.some((e) => seen.has(e))) continue;
    share *= range.rows / facts.count;
    for (const e of range.uses) seen.add(e);
  }
  const own = 1 << facts.place;
  for (const { e, tables, nest } of conditions.conjuncts) {
    if (seen.has(e) || (tables & own) === 0 || (tables & ~(known | own)) !== 0) continue;
    if (nest !== 0 && (nest & own) === 0) continue;
    if (e.kind === 'binary' && e.operator === '=' && isKeyed(e, facts, conditions, ignoredNames)) continue;
    share *= shareOf(e, facts, known, conditions);
  }
  return Math.min(1, Math.max(share, 0));
}

function isKeyed(e: Expression, facts: TableFacts, { columnOf }: Conditions, names: ReadonlySet<string>): boolean {
  if (e.kind !== 'binary') return false;
  return [e.left, e.right].some((side) => {
    const found = columnOf(side);
    return found?.table === facts.place && names.has(found.column.name.toLowerCase());
  });
}
