// What a definition is warned of: attributes of numbers and types that are deprecated.
// Source: https://dev.mysql.com/doc/refman/9.7/en/numeric-type-attributes.html
import type { ColumnSpec } from '../../../sql/ast/table.ts';
import type { Execution } from '../../../sql/execution.ts';

const DEPRECATED = 1681;
const TEXTS = {
  zerofill:
    'The ZEROFILL attribute is deprecated and will be removed in a future release. Use the LPAD function to zero-pad numbers, or store the formatted numbers in a CHAR column.',
  width: 'Integer display width is deprecated and will be removed in a future release.',
  digits:
    'Specifying number of digits for floating point data types is deprecated and will be removed in a future release.',
  unsigned:
    'UNSIGNED for decimal and floating point data types is deprecated and support for it will be removed in a future release.',
} as const;

/** Display widths of integers, and ZEROFILL, FLOAT(M,D), UNSIGNED on decimals are deprecated. */
export function warnWidths(x: Execution, columns: readonly ColumnSpec[]): void {
  const warn = (text: keyof typeof TEXTS) => x.session.addWarning('Warning', DEPRECATED, TEXTS[text]);
  for (const { type } of columns) {
    const integer = /int$/.test(type.name);
    const real = type.name === 'float' || type.name === 'double';
    if (type.zerofill) warn('zerofill');
    if (integer && type.length !== undefined) warn('width');
    if (type.name === 'year' && type.length !== undefined)
      x.session.addWarning(
        'Warning',
        1287,
        "'YEAR(4)' is deprecated and will be removed in a future release. Please use YEAR instead",
      );
    if (real && type.decimals !== undefined) warn('digits');
    if (type.unsigned && (type.name === 'decimal' || real)) warn('unsigned');
  }
}
