// What one column's definition may not be: its default, its generation, its attributes together.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-table.html; errors as answered by a live 9.7.4.
import { baseOf, type TableColumn } from '../../../overlay/column.ts';
import { storeValue } from '../../../overlay/store-value.ts';
import type { ColumnSpec } from '../../../sql/ast/table.ts';
import { compile } from '../../../sql/compile.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { isNow } from '../../../sql/parse/column-spec.ts';
import { columnsOf } from '../../../sql/parts.ts';
import { Scope } from '../../../sql/scope.ts';
import { compilerOf } from '../../../sql/select.ts';
import { Temporal } from '../../../sql/value/temporal.ts';
import { toInteger, toText } from '../../../sql/value/value.ts';
import { TYPE } from '../../../wire/constants.ts';
import { checkName } from './database.ts';
import { problemOf } from './expressions.ts';

const COLUMNS = 1_017;
const COMMENT_CHARACTERS = 1_024;

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Names, counts and attributes, before any column is made. */
export function checkColumns(columns: readonly ColumnSpec[]): void {
  if (columns.length === 0) throw sqlError('ER_TABLE_MUST_HAVE_COLUMNS');
  if (columns.every((column) => column.invisible)) throw sqlError('ER_TABLE_MUST_HAVE_A_VISIBLE_COLUMN');
  if (columns.length > COLUMNS) throw sqlError('ER_TOO_MANY_FIELDS');
  const seen = new Set<string>();
  for (const column of columns) {
    checkName(column.name);
    if (column.name === '' || column.name.endsWith(' ')) throw sqlError('ER_WRONG_COLUMN_NAME', column.name);
    if (seen.has(column.name.toLowerCase())) throw sqlError('ER_DUP_FIELDNAME', column.name);
    seen.add(column.name.toLowerCase());
    if (column.comment.length > COMMENT_CHARACTERS)
      throw sqlError('ER_TOO_LONG_FIELD_COMMENT', column.name, COMMENT_CHARACTERS);
    checkGenerated(column);
  }
}

function checkGenerated(column: ColumnSpec): void {
  const { generated } = column;
  if (!generated) return;
  if (column.fallback) throw sqlError('ER_WRONG_USAGE', 'DEFAULT', 'generated column');
  if (column.autoIncrement) throw sqlError('ER_WRONG_USAGE', 'AUTO_INCREMENT', 'generated column');
  if (column.onUpdateNow) throw sqlError('ER_WRONG_USAGE', 'ON UPDATE', 'generated column');
  if (column.primary && !generated.stored)
    throw sqlError('ER_UNSUPPORTED_ACTION_ON_GENERATED_COLUMN', 'Defining a virtual generated column as primary key');
  const problem = problemOf(generated.expression, 'other');
  if (problem?.kind === 'function')
    throw sqlError('ER_GENERATED_COLUMN_NAMED_FUNCTION_IS_NOT_ALLOWED', column.name, problem.name);
  if (problem?.kind === 'subquery') throw sqlError('ER_GENERATED_COLUMN_FUNCTION_IS_NOT_ALLOWED', column.name);
  if (problem?.kind === 'variable') throw sqlError('ER_GENERATED_COLUMN_VARIABLES', column.name);
  if (problem?.kind === 'row') throw sqlError('ER_GENERATED_COLUMN_ROW_VALUE', column.name);
}

/** What generated columns and defaults read of the others. */
export function checkReferences(columns: readonly TableColumn[]): void {
  for (const [at, column] of columns.entries()) {
    const { generated, fallback, computed } = column.spec;
    for (const name of generated ? columnsOf(generated.expression) : []) {
      const place = columns.findIndex((other) => same(other.name, name));
      const read = columns[place];
      if (!read) throw sqlError('ER_BAD_FIELD_ERROR', name, 'generated column function');
      if (read.spec.autoIncrement) throw sqlError('ER_GENERATED_COLUMN_REF_AUTO_INC', column.name);
      if (read.spec.generated && place >= at) throw sqlError('ER_GENERATED_COLUMN_NON_PRIOR');
    }
    if (!fallback || !computed) continue;
    for (const name of columnsOf(fallback)) {
      const place = columns.findIndex((other) => same(other.name, name));
      const read = columns[place];
      if (!read) throw sqlError('ER_BAD_FIELD_ERROR', name, 'default value expression');
      if (read.spec.autoIncrement) throw sqlError('ER_DEFAULT_VAL_GENERATED_REF_AUTO_INC', column.name);
      if (place >= at && (read.spec.generated || read.spec.computed))
        throw sqlError('ER_DEFAULT_VAL_GENERATED_NON_PRIOR', column.name);
    }
  }
}

/** A column with its literal default as SHOW tells it; throws 1067, 1101, 1294 and the like. */
export function withDefault(x: Execution, column: TableColumn): TableColumn {
  const { fallback, computed, onUpdateNow, autoIncrement } = column.spec;
  const base = baseOf(column);
  const dated = base.type === TYPE.DATETIME || base.type === TYPE.TIMESTAMP;
  if (onUpdateNow && !dated) throw sqlError('ER_INVALID_ON_UPDATE', column.name);
  if (autoIncrement && base.kind !== 'int' && base.kind !== 'real') throw sqlError('ER_WRONG_FIELD_SPEC', column.name);
  if (!fallback) return column;
  if (autoIncrement) throw sqlError('ER_INVALID_DEFAULT', column.name);
  if (computed) {
    checkComputed(column, fallback);
    return column;
  }
  if (fallback.kind === 'null') {
    if (!column.nullable) throw sqlError('ER_INVALID_DEFAULT', column.name);
    return column;
  }
  if (base.type === TYPE.BLOB || base.type === TYPE.JSON || base.type === TYPE.GEOMETRY)
    throw sqlError('ER_BLOB_CANT_HAVE_DEFAULT', column.name);
  if (isNow(fallback)) {
    if (!dated) throw sqlError('ER_INVALID_DEFAULT', column.name);
    return column;
  }
  try {
    const given = column.spec.moment ?? compile(compilerOf(x), fallback, new Scope([], undefined)).get({ values: [] });
    const store = () => storeValue(given, column, { x, row: 1, strict: true });
    // A column that stays as it was has been told of already.
    const value = column.spec.settled ? x.session.unwarned(store) : store();
    const shown = toText(x.session.atZone(value));
    const shownDefault = base.kind === 'bit' ? `b'${(toInteger(value) ?? 0n).toString(2)}'` : (shown ?? undefined);
    const moment = value instanceof Temporal && value.utc ? value : undefined;
    return { ...column, spec: { ...column.spec, settled: true, moment }, shownDefault };
  } catch {
    // Whatever does not fit is told as one error, whichever it was.
    throw sqlError('ER_INVALID_DEFAULT', column.name);
  }
}

function checkComputed(column: TableColumn, fallback: NonNullable<ColumnSpec['fallback']>): void {
  const problem = problemOf(fallback, 'default');
  if (problem?.kind === 'function')
    throw sqlError('ER_DEFAULT_VAL_GENERATED_NAMED_FUNCTION_IS_NOT_ALLOWED', column.name, problem.name);
  if (problem?.kind === 'subquery') throw sqlError('ER_DEFAULT_VAL_GENERATED_FUNCTION_IS_NOT_ALLOWED', column.name);
  if (problem?.kind === 'variable') throw sqlError('ER_DEFAULT_VAL_GENERATED_VARIABLES', column.name);
  if (problem?.kind === 'row') throw sqlError('ER_DEFAULT_VAL_GENERATED_ROW_VALUE', column.name);
}
