// JSON_TABLE: rows and columns of a JSON document.
// Source: https://dev.mysql.com/doc/refman/9.7/en/json-table-functions.html
import { FLAG } from '../../wire/constants.ts';
import type { CastType } from '../ast/expression.ts';
import type { JsonTableColumn, TableRef } from '../ast/query.ts';
import { castType, castValue } from '../cast.ts';
import type { Compiler } from '../compile/compiler.ts';
import { sqlError } from '../errors.ts';
import { JSON_BYTES_A_STEP } from '../execution.ts';
import { type Row, Scope, type ScopeColumn } from '../scope.ts';
import { Json, type JsonData, parseJson } from '../value/json.ts';
import { extract, parsePath } from '../value/json-path.ts';
import { intType, isTemporal, jsonType, nullType, type SqlType } from '../value/type.ts';
import { toText, type Value } from '../value/value.ts';
import type { Source } from './source.ts';

/** What a column of documents tells of its length, in bytes. */
const JSON_BYTES = 4_294_967_295;

/** Characters of the integer types, as their columns tell them. */
const INTEGER_LENGTHS: Readonly<Record<string, readonly [number, number]>> = {
  tinyint: [1, 4],
  smallint: [2, 6],
  mediumint: [9, 9],
  int: [3, 11],
  integer: [3, 11],
  bigint: [8, 20],
};

function columnType(column: Exclude<JsonTableColumn, { kind: 'nested' }>, c: Compiler): SqlType {
  if (column.kind === 'ordinality') return intType(10, { exactFlags: true, flags: 0 });
  if (column.kind === 'exists') return intType(11, { type: 3, exactFlags: true, flags: 0 });
  const { type } = column;
  const integer = INTEGER_LENGTHS[type.name];
  if (integer) return intType(integer[1], { type: integer[0], exactFlags: true, flags: 0 });
  if (type.name === 'json')
    return jsonType({
      collation: 'binary',
      length: JSON_BYTES,
      exactFlags: true,
      flags: FLAG.BLOB | FLAG.BINARY,
      decimals: 0,
    });
  const made = castType(castOf(column), nullType(), c.x.session);
  return {
    ...made,
    nullable: true,
    exactFlags: true,
    flags: isTemporal(made) ? FLAG.BINARY : 0,
    decimals: made.text ? 0 : made.decimals,
  };
}

const CAST_BASES: Readonly<Record<string, CastType['base']>> = {
  tinyint: 'signed',
  smallint: 'signed',
  mediumint: 'signed',
  int: 'signed',
  integer: 'signed',
  bigint: 'signed',
  decimal: 'decimal',
  numeric: 'decimal',
  double: 'double',
  float: 'double',
  date: 'date',
  datetime: 'datetime',
  timestamp: 'datetime',
  time: 'time',
  year: 'year',
  json: 'json',
  binary: 'binary',
  varbinary: 'binary',
  blob: 'binary',
};

function castOf(column: PathColumn): CastType {
  const { type } = column;
  const base = CAST_BASES[type.name] ?? 'char';
  return { base, length: type.length ?? (base === 'char' ? 255 : undefined), decimals: type.decimals, charset: '' };
}

type PathColumn = Extract<JsonTableColumn, { kind: 'path' }>;

/** Throws 3665 or 3156 where a cell that is empty, or does not fit, is to be an error. */
function cellOf(column: PathColumn, document: JsonData, type: SqlType, c: Compiler): Value {
  const [found, ...more] = documentsOf(document, column.path);
  if (found === undefined) {
    if (typeof column.onEmpty === 'object') throw sqlError('ER_MISSING_JSON_TABLE_VALUE', column.name);
    return column.onEmpty === undefined ? null : fallback(column.onEmpty, column, type, c);
  }
  if (found === null) return null;
  if (column.type.name === 'json') return new Json(more.length > 0 ? [found, ...more] : found);
  if (typeof found === 'object') return otherwise(column, type, c);
  const scalar = typeof found === 'boolean' ? (found ? 1n : 0n) : (found as Value);
  const given = typeof scalar === 'string' ? scalar : (toText(scalar) as string);
  const { session } = c.x;
  const before = session.warningCount;
  const value = session.unwarned(() => {
    const made = castValue(given, castOf(column), type, c.x);
    return session.warningCount > before ? undefined : made;
  });
  return value === undefined ? otherwise(column, type, c) : value;
}

/** What stands for a cell that does not fit its column. */
function otherwise(column: PathColumn, type: SqlType, c: Compiler): Value {
  const { onError, name } = column;
  if (typeof onError === 'object')
    throw sqlError('ER_INVALID_JSON_VALUE_FOR_CAST', KINDS[castOf(column).base] ?? 'CHAR', name, 1);
  return onError === undefined ? null : fallback(onError, column, type, c);
}

/** How messages name what a cell does not fit. */
const KINDS: Readonly<Record<string, string>> = {
  __proto__: null as never,
  signed: 'INTEGER',
  decimal: 'DECIMAL',
  double: 'DOUBLE',
  date: 'DATE',
  datetime: 'DATETIME',
  time: 'TIME',
};

function fallback(text: string, column: PathColumn, type: SqlType, c: Compiler): Value {
  const parsed = parseJson(text);
  if (!('data' in parsed) || parsed.data === null || typeof parsed.data === 'object') return null;
  const scalar = typeof parsed.data === 'boolean' ? BigInt(parsed.data) : (parsed.data as Value);
  return castValue(toText(scalar) as string, castOf(column), type, c.x);
}

interface Flat {
  readonly name: string;
  readonly type: SqlType;
}

function flatten(columns: readonly JsonTableColumn[], c: Compiler): Flat[] {
  return columns.flatMap((column) =>
    column.kind === 'nested' ? flatten(column.columns, c) : [{ name: column.name, type: columnType(column, c) }],
  );
}

/** What one column of one document costs, in steps. */
const COLUMN_STEPS = 12;

/** Rows of one document under a path; nested columns follow one another, the others NULL beside them. */
function expand(documents: readonly JsonData[], columns: readonly JsonTableColumn[], c: Compiler): Value[][] {
  const rows: Value[][] = [];
  const widths = columns.map((column) => (column.kind === 'nested' ? flatten(column.columns, c).length : 1));
  for (const [at, document] of documents.entries()) {
    c.x.spend(COLUMN_STEPS * (columns.length + 1));
    c.x.hold(2 * (columns.length + 2));
    const plain = columns.map((column): Value[] => {
      switch (column.kind) {
        case 'ordinality':
          return [BigInt(at + 1)];
        case 'exists':
          return [documentsOf(document, column.path).length === 0 ? 0n : 1n];
        case 'path':
          return [cellOf(column, document, columnType(column, c), c)];
        default:
          return Array.from({ length: widths[columns.indexOf(column)] as number }, () => null);
      }
    });
    let nested = 0;
    for (const [index, column] of columns.entries()) {
      if (column.kind !== 'nested') continue;
      for (const inner of expand(documentsOf(document, column.path), column.columns, c)) {
        nested++;
        rows.push(plain.flatMap((cells, other) => (other === index ? inner : cells)));
      }
    }
    if (nested === 0) rows.push(plain.flat());
  }
  return rows;
}

/** What a path finds in a document. Throws 3143 where it is no path. */
function documentsOf(document: JsonData, path: string): readonly JsonData[] {
  const steps = parsePath(path);
  if (!steps) throw sqlError('ER_INVALID_JSON_PATH', 1);
  return extract(document, steps);
}

export function compileJsonTable(
  c: Compiler,
  ref: Extract<TableRef, { kind: 'json-table' }>,
  parent: Scope | undefined,
): Source {
  if (ref.alias === '') throw sqlError('ER_TF_MUST_HAVE_ALIAS');
  const scope = parent ?? new Scope([], undefined);
  const document = c.compile(ref.document, scope);
  const columns = flatten(ref.columns, c).map(
    ({ name, type }): ScopeColumn => ({
      schema: '',
      table: ref.alias,
      name,
      type,
      orgTable: 'json_table',
      orgName: name,
      shownSchema: '',
    }),
  );
  const rows = (outerRow: Row | undefined): Value[][] => {
    const value = document.get(outerRow ?? { values: [] });
    if (value === null) return [];
    c.x.examine([value], JSON_BYTES_A_STEP);
    const parsed = value instanceof Json ? value : parseJson(toText(value) as string);
    if (!('data' in parsed))
      throw sqlError('ER_INVALID_JSON_TEXT_IN_PARAM', 1, 'json_table', parsed.reason, parsed.position);
    return expand(documentsOf(parsed.data, ref.path), ref.columns, c);
  };
  return { columns, rows };
}
