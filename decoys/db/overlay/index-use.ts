// Whether a condition may be answered through an index.
// Source: https://dev.mysql.com/doc/refman/9.7/en/index-btree-hash.html
import type { Expression } from '../sql/ast/expression.ts';
import { operandsOf } from '../sql/walk.ts';

/** Comparisons an ordered index answers. */
const INDEXABLE = ['=', '<=>', '<', '>', '<=', '>='];

/** True where an index that begins with one of the columns, named in lower case, finds the rows a condition holds for. */
export function usesColumn(e: Expression, names: ReadonlySet<string | undefined>): boolean {
  const isKey = (side: Expression) => side.kind === 'column' && names.has(side.path.at(-1)?.toLowerCase());
  if (e.kind === 'binary' && e.operator === 'AND') return usesColumn(e.left, names) || usesColumn(e.right, names);
  if (e.kind === 'binary' && e.operator === 'OR')
    return ![e.left, e.right].some(isMatch) && usesColumn(e.left, names) && usesColumn(e.right, names);
  if (isMatch(e)) return true;
  if (e.kind === 'binary' && e.operator.startsWith('>') && e.left.kind === 'match') return true;
  if (e.kind === 'binary') return INDEXABLE.includes(e.operator) && (isKey(e.left) || isKey(e.right));
  if (e.kind === 'between' || e.kind === 'in') return !e.not && isKey(e.operand);
  if (e.kind === 'like')
    return !e.not && isKey(e.operand) && e.pattern.kind === 'string' && !/^[%_]/.test(e.pattern.first);
  return e.kind === 'is' && e.what === 'null' && !e.not && isKey(e.operand);
}

/** True where the expression names one of the columns, given in lower case, at any depth. */
export function mentions(e: Expression, names: ReadonlySet<string>): boolean {
  if (e.kind === 'column') return names.has(e.path.at(-1)?.toLowerCase() ?? '');
  return operandsOf(e).some((operand) => mentions(operand, names));
}

/** True where the condition holds only for rows whose value of one of the columns, named in lower case, is the one it gives. */
export function equatesColumn(e: Expression, names: ReadonlySet<string>): boolean {
  const isKey = (side: Expression) => side.kind === 'column' && names.has(side.path.at(-1)?.toLowerCase() ?? '');
  if (e.kind !== 'binary') return false;
  if (e.operator === 'AND') return equatesColumn(e.left, names) || equatesColumn(e.right, names);
  return (e.operator === '=' || e.operator === '<=>') && isKey(e.left) !== isKey(e.right);
}

/** A full-text search leads to its rows where nothing else may do instead. */
function isMatch(e: Expression): boolean {
  return e.kind === 'match';
}
