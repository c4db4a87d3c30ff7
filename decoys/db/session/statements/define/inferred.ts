// Columns of CREATE TABLE … SELECT: defined from what the query gives.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-table-select.html

import type { Expression } from '../../../sql/ast/expression.ts';
import type { Query } from '../../../sql/ast/query.ts';
import type { ColumnSpec } from '../../../sql/ast/table.ts';
import type { Execution } from '../../../sql/execution.ts';
import { PLAIN_COLUMN } from '../../../sql/parse/column-spec.ts';
import type { ScopeColumn } from '../../../sql/scope.ts';
import { findCharset, findCollation } from '../../../sql/value/charset.ts';
import { isDecimal, isDouble, isInteger, isTemporal, NOT_SPECIFIED, type SqlType } from '../../../sql/value/type.ts';
import { FLAG, TYPE } from '../../../wire/constants.ts';

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

/** What a column is made from: an expression of a SELECT, one a view shows, or a column of a table the server made for itself. */
export type Origin =
  | { readonly kind: 'item' | 'view'; readonly expression?: Expression | undefined }
  | { readonly kind: 'table' };

/** Digits from which an integer of a literal, of a window and of a view takes eight bytes. */
const WIDE_DIGITS = 10;
/** Digits an integer of another expression has in four. */
const NARROW_DIGITS = 11;

/** Window functions that pass a value of another row on. */
const PASSING: ReadonlySet<string> = new Set(['LAG', 'LEAD', 'FIRST_VALUE', 'LAST_VALUE', 'NTH_VALUE']);

/** Where each column of a query is from, one by one; of `*` nothing more is known. */
export function originsOf({ body }: Query, kind: 'item' | 'view', columns: readonly ScopeColumn[]): Origin[] {
  if (body.kind !== 'select') return columns.map(() => ({ kind: 'table' }));
  const known = body.items.length === columns.length && body.items.every(({ expression }) => expression);
  return columns.map(({ table }, at) =>
    table === '' ? { kind, expression: known ? body.items[at]?.expression : undefined } : { kind: 'table' },
  );
}

/** Integers by the types tables keep them in. */
const INTEGERS: Readonly<Record<number, string>> = {
  [TYPE.TINY]: 'tinyint',
  [TYPE.SHORT]: 'smallint',
  [TYPE.INT24]: 'mediumint',
  [TYPE.LONG]: 'int',
  [TYPE.LONGLONG]: 'bigint',
};

function integerName({ type, length }: SqlType, origin: Origin): string {
  if (type === TYPE.YEAR) return 'year';
  if (origin.kind === 'table') return INTEGERS[type] ?? 'bigint';
  const e = origin.expression;
  if (e?.kind === 'call' && e.name.toUpperCase() === 'YEAR') return 'year';
  // What a total keeps of a column is as wide as the column.
  if (e?.kind === 'aggregate') return type === TYPE.LONGLONG ? 'bigint' : 'int';
  const wide = length >= WIDE_DIGITS;
  if (origin.kind === 'view') return wide ? 'bigint' : 'int';
  const passed = e?.kind === 'number' || (e?.kind === 'window' && PASSING.has(e.name));
  const mixed = e?.kind === 'call' && e.name.toUpperCase() === 'IFNULL' && e.args.some(({ kind }) => kind === 'number');
  if (passed || mixed) return wide ? 'bigint' : 'int';
  return type === TYPE.LONGLONG && length > NARROW_DIGITS ? 'bigint' : 'int';
}

/** GROUP_CONCAT's text, by the bytes it may have. */
function concatenatedName({ length, collation }: SqlType): string {
  const bytes = length * (findCharset(findCollation(collation)?.charset ?? '')?.maxBytes ?? 1);
  return bytes <= LONGEST_TEXT ? 'text' : bytes <= LONGEST_MEDIUM ? 'mediumtext' : 'longtext';
}

const LONGEST_TEXT = 65_535;
const LONGEST_MEDIUM = 16_777_215;

/** The column a query's column makes in CREATE TABLE … SELECT, or is told as of a view. */
export function specOf(column: ScopeColumn, origin: Origin = { kind: 'item' }): ColumnSpec {
  const { type } = column;
  const e = origin.kind === 'item' ? origin.expression : undefined;
  const concatenated = e?.kind === 'aggregate' && e.name === 'GROUP_CONCAT' && !e.over && type.text;
  const undefaulted = origin.kind === 'table' && type.exactFlags && ((type.flags ?? 0) & FLAG.NO_DEFAULT) !== 0;
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
    type: { ...blank, ...(concatenated ? { name: concatenatedName(type) } : typeNameOf(type, origin)) },
    nullable: type.nullable ? undefined : false,
    fallback: type.nullable || undefaulted ? undefined : emptyDefault(type),
    ...PLAIN_COLUMN,
    inherited: true,
  };
}

function typeNameOf(type: SqlType, origin: Origin): { name: string; length?: number; decimals?: number } {
  if (isInteger(type)) return { name: integerName(type, origin) };
  if (isDecimal(type))
    return {
      name: 'decimal',
      length: Math.max(1, type.length - (type.decimals > 0 ? 1 : 0) - (type.unsigned ? 0 : 1)),
      decimals: type.decimals,
    };
  if (isDouble(type)) {
    const name = type.type === TYPE.FLOAT ? 'float' : 'double';
    return type.decimals < NOT_SPECIFIED ? { name, length: type.length, decimals: type.decimals } : { name };
  }
  if (type.type === TYPE.GEOMETRY) return { name: 'geometry' };
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
