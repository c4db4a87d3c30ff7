// What a column holds where a statement gives it nothing.
// Source: https://dev.mysql.com/doc/refman/9.7/en/data-type-defaults.html
import type { TableColumn } from '../../../overlay/column.ts';
import { compile } from '../../../sql/compile.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { now } from '../../../sql/functions/time-argument.ts';
import { type Row, Scope } from '../../../sql/scope.ts';
import { compilerOf } from '../../../sql/select.ts';
import { Temporal } from '../../../sql/value/temporal.ts';
import { isDecimal, isDouble, isInteger, isTemporal } from '../../../sql/value/type.ts';
import type { Value } from '../../../sql/value/value.ts';

export const EMPTY: Row = { values: [] };

export function implicitDefault(column: TableColumn): Value {
  if (column.base === 'enum') return column.values[0] ?? '';
  if (isInteger(column.type) || isDecimal(column.type) || isDouble(column.type)) return 0n;
  if (isTemporal(column.type))
    return new Temporal({ kind: column.base === 'time' ? 'time' : column.base === 'date' ? 'date' : 'datetime' });
  return '';
}

export function defaultValue(x: Execution, column: TableColumn, named: boolean): Value {
  const { fallback } = column.spec;
  if (fallback) {
    if (fallback.kind === 'call' && /^(CURRENT_TIMESTAMP|NOW|LOCALTIME|LOCALTIMESTAMP)$/i.test(fallback.name))
      return now(x);
    return compile(compilerOf(x), fallback, new Scope([], undefined)).get(EMPTY);
  }
  if (column.spec.autoIncrement || column.nullable) return null;
  if (x.session.strict() || named) throw sqlError('ER_NO_DEFAULT_FOR_FIELD', column.name);
  x.warn('ER_NO_DEFAULT_FOR_FIELD', column.name);
  return implicitDefault(column);
}
