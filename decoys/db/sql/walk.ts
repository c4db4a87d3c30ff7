// The parts an expression is made of, for whoever looks through one without compiling it.
import type { Expression } from './ast/expression.ts';
import type { Query } from './ast/query.ts';

/** Direct operands of an expression; what stands in subqueries and windows is not among them, nor are a list's literals. */
export function operandsOf(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case 'unary':
    case 'cast':
    case 'convert-charset':
    case 'json-value':
    case 'collate':
    case 'is':
    case 'in-query':
      return [e.operand];
    case 'binary':
      return [e.left, e.right];
    case 'compare-query':
      return [e.left];
    case 'between':
      return [e.operand, e.low, e.high];
    case 'in':
      return e.bare ? [e.operand] : [e.operand, ...e.list];
    case 'like':
      return e.escape ? [e.operand, e.pattern, e.escape] : [e.operand, e.pattern];
    case 'regexp':
      return [e.operand, e.pattern];
    case 'case':
      return [...(e.operand ? [e.operand] : []), ...e.branches.flat(), ...(e.otherwise ? [e.otherwise] : [])];
    case 'interval':
      return [e.amount];
    case 'assign':
      return [e.value];
    case 'call':
    case 'aggregate':
    case 'window':
    case 'grouping':
      return e.args;
    case 'row':
      return e.items;
    default:
      return NONE;
  }
}

const NONE: readonly Expression[] = [];

/** True where the expression names a column, at any depth. */
export function namesColumn(e: Expression): boolean {
  return e.kind === 'column' || e.kind === 'match' || operandsOf(e).some(namesColumn);
}

/** True where the expression holds a group's total: an aggregate that is over no window. */
export function holdsTotal(e: Expression): boolean {
  if (e.kind === 'aggregate' && !e.over) return true;
  const operands = operandsOf(e);
  return operands !== NONE && operands.some(holdsTotal);
}

/** True where the expression holds a function over a window. */
export function holdsWindow(e: Expression): boolean {
  if (e.kind === 'window' || (e.kind === 'aggregate' && e.over)) return true;
  const operands = operandsOf(e);
  return operands !== NONE && operands.some(holdsWindow);
}

/** True where the expression calls a function of the source's own, or gives a variable its value. */
export function callsRoutine(e: Expression): boolean {
  if (e.kind === 'assign' || (e.kind === 'call' && e.schema !== '')) return true;
  const operands = operandsOf(e);
  return operands !== NONE && operands.some(callsRoutine);
}

/** Queries that stand in an expression, at any depth. */
export function queriesIn(e: Expression): readonly Query[] {
  const own =
    e.kind === 'subquery' || e.kind === 'exists' || e.kind === 'in-query' || e.kind === 'compare-query'
      ? [e.query]
      : [];
  return [...own, ...operandsOf(e).flatMap(queriesIn)];
}
