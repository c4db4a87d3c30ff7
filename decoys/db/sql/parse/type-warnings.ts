// What a type is warned of where it is read: attributes of numbers that are deprecated.
// Source: https://dev.mysql.com/doc/refman/9.7/en/numeric-type-attributes.html
import type { ColumnType } from '../ast/table.ts';
import type { ErrorName } from '../errors.ts';

/** Display widths of integers and years, ZEROFILL, FLOAT(M,D), and UNSIGNED on what is no integer. */
export function warnOfType(
  c: { readonly warn: (name: ErrorName) => void },
  { name, length, decimals, unsigned, zerofill }: ColumnType,
): void {
  const real = name === 'float' || name === 'double';
  if (zerofill) c.warn('ER_WARN_DEPRECATED_ZEROFILL');
  if (/int$/.test(name) && length !== undefined) c.warn('ER_WARN_DEPRECATED_INTEGER_DISPLAY_WIDTH');
  if (name === 'year' && length !== undefined) c.warn('ER_WARN_DEPRECATED_YEAR_WIDTH');
  if (real && decimals !== undefined) c.warn('ER_WARN_DEPRECATED_FLOAT_DIGITS');
  if (unsigned && (name === 'decimal' || real)) c.warn('ER_WARN_DEPRECATED_FLOAT_UNSIGNED');
}
