// Columns of CREATE TABLE … SELECT: defined from what the query gives.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-table-select.html

import type { Expression } from '../../../sql/ast/expression.ts';
import type { ColumnSpec } from '../../../sql/ast/table.ts';
import type { Execution } from '../../../sql/execution.ts';
import { PLAIN_COLUMN } from '../../../sql/parse/column-spec.ts';
import type { ScopeColumn } from '../../../sql/scope.ts';
import { isDecimal, isDouble, isInteger, isTemporal, type SqlType } from '../../../sql/value/type.ts';
import { TYPE } from '../../../wire/constants.ts';

const SPAN = { start: 0, end: 0 };

/** What stands in a column that may not be NULL: 0 for a number, nothing for a text, no default for the rest. */
function emptyDefault(type: SqlType): Expression | undefined {
  if (isInteger(type) || isDecimal(type) || isDouble(type))
    return { kind: 'number', form: 'integer', text: '0', ...SPAN };
  if (type.text && type.length <= LONGEST_VARCHAR)
    return { kind: 'string', bytes: Buffer.alloc(0), introducer: '', first: '', ...SPAN };
  return undefined;
}

const LONGEST_VARCHAR = 16_383;

/** The column a query's column makes in CREATE TABLE … SELECT. */
export function specOf(column: ScopeColumn): ColumnSpec {
  const { type } = column;
  const blank = {
    length: undefined,
    decimals: undefined,
    unsigned: type.unsigned,
    zerofill: false,
    values: [],
    charset: '',
    collation: type.text ? type.collation : '',
  };
  return {
    name: column.name,
    type: { ...blank, ...typeNameOf(type) },
    nullable: type.nullable ? undefined : false,
    fallback: type.nullable ? undefined : emptyDefault(type),
    ...PLAIN_COLUMN,
    inherited: true,
  };
}

function typeNameOf(type: SqlType): { name: string; length?: number; decimals?: number } {
  if (isInteger(type))
    return {
      name:
        type.type === TYPE.LONG
          ? 'int'
          : type.type === TYPE.YEAR
            ? 'year'
            : type.length <= 11 && type.type === TYPE.LONGLONG
              ? 'int'
              : 'bigint',
    };
  if (isDecimal(type))
    return {
      name: 'decimal',
      length: Math.max(1, type.length - (type.decimals > 0 ? 1 : 0) - (type.unsigned ? 0 : 1)),
      decimals: type.decimals,
    };
  if (isDouble(type)) return { name: type.type === TYPE.FLOAT ? 'float' : 'double' };
  if (isTemporal(type)) {
    const names: Readonly<Record<number, string>> = {
      [TYPE.DATE]: 'date',
      [TYPE.TIME]: 'time',
      [TYPE.DATETIME]: 'datetime',
      [TYPE.TIMESTAMP]: 'timestamp',
    };
    return { name: names[type.type] as string, length: type.decimals || undefined };
  }
  if (type.type === TYPE.JSON) return { name: 'json' };
  if (type.text)
    return type.length > 16_383
      ? { name: type.length > 65_535 ? 'longtext' : 'text' }
      : { name: 'varchar', length: type.length };
  if (type.type === TYPE.NULL) return { name: 'varbinary', length: 0 };
  return type.length > 65_535 ? { name: 'longblob' } : { name: 'varbinary', length: type.length };
}

/** A column a query takes as it is from a source's own table keeps its definition, but for keys and numbering. */
export function copiedSpec(x: Execution, column: ScopeColumn): ColumnSpec | undefined {
  if (column.orgTable === '' || column.orgName === '') return undefined;
  const table = x.session.overlay.databases.get(column.schema || x.session.database)?.tables.get(column.orgTable);
  const found = table?.named.find(({ name }) => name === column.orgName);
  if (!table || !found) return undefined;
  const { spec } = found;
  const nullable = column.type.nullable ? (spec.nullable === false ? undefined : spec.nullable) : false;
  const plain = { ...spec, ...(spec.generated && { generated: undefined }), name: column.name, nullable };
  const charset = found.charset && spec.type.collation === '' ? { collation: found.collation } : {};
  const fallback = spec.autoIncrement ? emptyDefault(found.type) : spec.fallback;
  return {
    ...plain,
    fallback,
    type: { ...spec.type, ...charset, charset: '' },
    ...(spec.type.charset === '' && spec.type.collation === '' && { inherited: true }),
    autoIncrement: false,
    primary: false,
    unique: false,
  };
}
