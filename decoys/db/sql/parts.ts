// Every expression inside an expression, without those of its subqueries.
import type { Expression } from './ast/expression.ts';

const DEPTH = 80;

function isExpression(value: unknown): value is Expression {
  return typeof value === 'object' && value !== null && 'kind' in value && 'start' in value;
}

/** The expression itself and all it is made of, outermost first. */
export function partsOf(e: Expression, depth = 0): Expression[] {
  const found: Expression[] = [e];
  if (depth > DEPTH) return found;
  const collect = (value: unknown): void => {
    if (isExpression(value)) for (const part of partsOf(value, depth + 1)) found.push(part);
    else if (Array.isArray(value)) for (const item of value) collect(item);
  };
  for (const value of Object.values(e)) collect(value);
  return found;
}

/** Names of the columns an expression reads, without their tables. */
export function columnsOf(e: Expression): string[] {
  return partsOf(e).flatMap((part) => (part.kind === 'column' ? [part.path.at(-1) as string] : []));
}
