// What a column holds where a statement gives it nothing.
// Source: https://dev.mysql.com/doc/refman/9.7/en/data-type-defaults.html
import type { TableColumn } from '../../../overlay/column.ts';
import { storeValue } from '../../../overlay/store-value.ts';
import type { OverlayTable } from '../../../overlay/table.ts';
import { compile } from '../../../sql/compile.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { now } from '../../../sql/functions/time-argument.ts';
import { isNow } from '../../../sql/parse/column-spec.ts';
import { type Row, Scope } from '../../../sql/scope.ts';
import { compilerOf } from '../../../sql/select.ts';
import { roundedTo } from '../../../sql/value/interval.ts';
import { Temporal } from '../../../sql/value/temporal.ts';
import { isDecimal, isDouble, isInteger, isTemporal } from '../../../sql/value/type.ts';
import type { Value } from '../../../sql/value/value.ts';

export const EMPTY: Row = { values: [] };

/** What stands for nothing in a column that may not be NULL. */
export function implicitDefault(column: TableColumn): Value {
  if (column.base === 'enum') return column.values[0] ?? '';
  if (column.base === 'bit') return 0n;
  if (isInteger(column.type) || isDecimal(column.type)) return 0n;
  if (isDouble(column.type)) return 0;
  if (isTemporal(column.type))
    return new Temporal({ kind: column.base === 'time' ? 'time' : column.base === 'date' ? 'date' : 'datetime' });
  return '';
}

/** True for a column that must be given a value: no default, not NULL, not numbered. */
export function lacksDefault(column: TableColumn): boolean {
  const { fallback, autoIncrement, generated, bare } = column.spec;
  if (column.base === 'enum' && !bare) return false;
  return !fallback && !autoIncrement && !generated && (!column.nullable || bare === true);
}

/** A number by default as its column keeps it. */
function settled(x: Execution, column: TableColumn, value: Value): Value {
  return value === null ? null : storeValue(value, column, { x, row: 1, strict: false });
}

/** When the statement began, as exactly as a column keeps it: CURRENT_TIMESTAMP of its own precision, which is cut and not rounded. */
export function momentFor(x: Execution, column: TableColumn): Value {
  return roundedTo(now(x), column.type.decimals, true);
}

/** A column's default; `values` are those of the row so far, which a default's expression may read. */
export function defaultValue(
  x: Execution,
  column: TableColumn,
  named: boolean,
  values?: { readonly table: OverlayTable; readonly row: readonly Value[] },
): Value {
  const { fallback } = column.spec;
  if (fallback) {
    if (isNow(fallback)) return momentFor(x, column);
    if (column.spec.moment) return x.session.atZone(column.spec.moment);
    const scope = new Scope(values?.table.scopeColumns() ?? [], undefined);
    const value = () => compile(compilerOf(x), fallback, scope).get(values ? { values: values.row } : EMPTY);
    // What became of a literal was told when the table was made.
    const rounds = !column.spec.computed && isDecimal(column.type);
    return rounds ? x.session.unwarned(() => settled(x, column, value())) : value();
  }
  // An ENUM that may not be NULL begins as its first member.
  if (!lacksDefault(column)) return column.base === 'enum' && !column.nullable ? implicitDefault(column) : null;
  if (x.session.strict() || named) throw sqlError('ER_NO_DEFAULT_FOR_FIELD', column.name);
  x.warn('ER_NO_DEFAULT_FOR_FIELD', column.name);
  return column.nullable ? null : implicitDefault(column);
}

/** What DEFAULT(column) gives. Throws 1364 where the column has none. */
export function toldDefault(x: Execution, column: TableColumn): Value {
  if (column.spec.autoIncrement) return 0n;
  const value = defaultValue(x, column, true);
  return value === null ? null : storeValue(value, column, { x, row: 1, strict: false });
}

/** What a column that ALTER adds holds in the rows there are. */
export function addedValue(x: Execution, table: OverlayTable, column: TableColumn): Value {
  const store = { x, row: 1, strict: column.spec.computed && x.session.strict() };
  if (column.spec.autoIncrement) {
    const next = table.autoIncrement;
    table.autoIncrement = next + 1n;
    return next;
  }
  if (column.spec.fallback) {
    const value = defaultValue(x, column, false);
    return value === null ? null : storeValue(value, column, store);
  }
  if (column.nullable) return null;
  const value = implicitDefault(column);
  if (
    value instanceof Temporal &&
    x.session.strict() &&
    x.session.sqlMode().includes('NO_ZERO_DATE') &&
    column.base !== 'time'
  )
    throw sqlError(
      'ER_INCORRECT_VALUE_FOR_COLUMN',
      column.base === 'date' ? 'date' : 'datetime',
      column.base === 'date' ? '0000-00-00' : '0000-00-00 00:00:00',
      column.name,
      1,
    );
  return storeValue(value, column, store);
}
