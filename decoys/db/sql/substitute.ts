// An expression with its columns put in place of others, as a view's columns stand for those of its tables.
import type { Expression } from './ast/expression.ts';

type Replace = (path: readonly string[]) => Expression | undefined;

/** Copies `value` with every column `replace` knows replaced, those of subqueries too. */
export function substituted<T>(value: T, replace: Replace): T {
  return copy(value, replace) as T;
}

function copy(value: unknown, replace: Replace): unknown {
  if (Array.isArray(value)) return value.map((item) => copy(item, replace));
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value) || value instanceof Map) return value;
  const node = value as { readonly kind?: string; readonly path?: readonly string[] };
  if (node.kind === 'column' && node.path) return replace(node.path) ?? value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copy(part, replace)]));
}
