// Columns of CREATE TABLE … SELECT: defined from what the query gives.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-table-select.html
import type { ColumnSpec } from '../../../sql/ast/definition.ts';
import type { ScopeColumn } from '../../../sql/scope.ts';
import { isDecimal, isDouble, isInteger, isTemporal, type SqlType } from '../../../sql/value/type.ts';
import { TYPE } from '../../../wire/constants.ts';

export function specOf(column: ScopeColumn): ColumnSpec {
  const { type } = column;
  const blank = {
    length: undefined,
    decimals: undefined,
    unsigned: type.unsigned,
    zerofill: false,
    values: [],
    charset: '',
    collation: '',
  };
  return {
    name: column.name,
    type: { ...blank, ...typeNameOf(type) },
    nullable: type.nullable ? undefined : false,
    fallback: undefined,
    onUpdateNow: false,
    autoIncrement: false,
    primary: false,
    unique: false,
    comment: '',
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
  if (type.type === TYPE.NULL) return { name: 'binary', length: 0 };
  return type.length > 65_535 ? { name: 'longblob' } : { name: 'varbinary', length: type.length };
}
