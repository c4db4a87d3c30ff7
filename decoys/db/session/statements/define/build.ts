// A table made from its definition, or the error MySQL answers for one it cannot be made from.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-table.html
import { makeColumn } from '../../../overlay/column.ts';
import { storeValue } from '../../../overlay/store-value.ts';
import { OverlayTable } from '../../../overlay/table.ts';
import type { ColumnSpec, IndexSpec } from '../../../sql/ast/definition.ts';
import { compile } from '../../../sql/compile.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { Scope } from '../../../sql/scope.ts';
import { compilerOf } from '../../../sql/select.ts';
import { TYPE } from '../../../wire/constants.ts';
import { checkName } from './database.ts';
import { allIndexes, checkKeyParts, indexFlags } from './keys.ts';

export function buildTable(
  x: Execution,
  schema: string,
  name: string,
  columns: readonly ColumnSpec[],
  indexes: readonly IndexSpec[],
  facts: { engine: string; collation: string; comment: string },
): OverlayTable {
  if (columns.length === 0) throw sqlError('ER_TABLE_MUST_HAVE_COLUMNS');
  if (columns.length > 1017) throw sqlError('ER_TOO_MANY_FIELDS');
  const seen = new Set<string>();
  for (const column of columns) {
    checkName(column.name);
    if (column.name === '' || column.name.endsWith(' ')) throw sqlError('ER_WRONG_COLUMN_NAME', column.name);
    if (seen.has(column.name.toLowerCase())) throw sqlError('ER_DUP_FIELDNAME', column.name);
    seen.add(column.name.toLowerCase());
  }
  const keys = allIndexes(columns, indexes);
  checkKeyParts(columns, keys);
  const made = columns.map((column) => makeColumn(column, facts.collation, indexFlags(keys, column)));
  const autos = made.filter((column) => column.spec.autoIncrement);
  if (
    autos.length > 1 ||
    autos.some((column) => !keys.some((index) => index.columns[0]?.name.toLowerCase() === column.name.toLowerCase()))
  )
    throw sqlError('ER_WRONG_AUTO_KEY');
  for (const column of made) checkDefault(x, column);
  return new OverlayTable(schema, name, made, keys, { ...facts, createdMs: x.startedMs });
}

function checkDefault(x: Execution, column: OverlayTable['columns'][number]): void {
  const { fallback } = column.spec;
  if (!fallback || fallback.kind === 'null') {
    if (fallback?.kind === 'null' && !column.nullable) throw sqlError('ER_INVALID_DEFAULT', column.name);
    return;
  }
  const literal = ['number', 'string', 'boolean', 'unary'].includes(fallback.kind);
  if (literal && (column.type.type === TYPE.BLOB || column.type.type === TYPE.JSON))
    throw sqlError('ER_BLOB_CANT_HAVE_DEFAULT', column.name);
  if (!literal) return;
  try {
    storeValue(compile(compilerOf(x), fallback, new Scope([], undefined)).get({ values: [] }), column, {
      x,
      row: 1,
      strict: true,
    });
  } catch {
    // Whatever does not fit is told as one error, whichever it was.
    throw sqlError('ER_INVALID_DEFAULT', column.name);
  }
}

const ENGINES = ['InnoDB', 'MyISAM', 'MEMORY', 'CSV', 'ARCHIVE', 'BLACKHOLE', 'MRG_MYISAM'];

export function engineOf(name: string): string {
  if (name === '') return 'InnoDB';
  const found = ENGINES.find(
    (engine) => engine.toLowerCase() === name.toLowerCase() || (name.toLowerCase() === 'heap' && engine === 'MEMORY'),
  );
  if (!found) throw sqlError('ER_UNKNOWN_STORAGE_ENGINE', name);
  return found;
}

/** Display widths of integers but tinyint(1), and ZEROFILL, FLOAT(M,D), UNSIGNED on decimals are deprecated. */
export function warnWidths(x: Execution, columns: readonly ColumnSpec[]): void {
  for (const { type } of columns) {
    const integer = /int$/.test(type.name);
    if (type.zerofill)
      x.session.addWarning(
        'Warning',
        1681,
        'The ZEROFILL attribute is deprecated and will be removed in a future release. Use the LPAD function to zero-pad numbers, or store the formatted numbers in a CHAR column.',
      );
    if (integer && type.length !== undefined && !(type.name === 'tinyint' && type.length === 1))
      x.session.addWarning(
        'Warning',
        1681,
        'Integer display width is deprecated and will be removed in a future release.',
      );
    if ((type.name === 'float' || type.name === 'double') && type.decimals !== undefined)
      x.session.addWarning(
        'Warning',
        1681,
        'Specifying number of digits for floating point data types is deprecated and will be removed in a future release.',
      );
    if (type.unsigned && (type.name === 'decimal' || type.name === 'float' || type.name === 'double'))
      x.session.addWarning(
        'Warning',
        1681,
        'UNSIGNED for decimal and floating point data types is deprecated and support for it will be removed in a future release.',
      );
  }
}
