// Types of columns: their words, arguments and attributes.
// Source: https://dev.mysql.com/doc/refman/9.7/en/data-types.html
import type { ColumnType } from '../ast/table.ts';
import { charsetName, collationName } from './cast-type.ts';
import type { Cursor } from './cursor.ts';
import { warnOfType } from './type-warnings.ts';

/** Column types by their words, and the name they are kept under. */
const TYPES: Readonly<Record<string, string>> = {
  __proto__: null as never,
  TINYINT: 'tinyint',
  INT1: 'tinyint',
  BOOL: 'bool',
  BOOLEAN: 'bool',
  SMALLINT: 'smallint',
  INT2: 'smallint',
  MEDIUMINT: 'mediumint',
  INT3: 'mediumint',
  MIDDLEINT: 'mediumint',
  INT: 'int',
  INT4: 'int',
  INTEGER: 'int',
  BIGINT: 'bigint',
  INT8: 'bigint',
  SERIAL: 'serial',
  FLOAT: 'float',
  FLOAT4: 'float',
  DOUBLE: 'double',
  FLOAT8: 'double',
  REAL: 'double',
  DECIMAL: 'decimal',
  DEC: 'decimal',
  NUMERIC: 'decimal',
  FIXED: 'decimal',
  BIT: 'bit',
  CHAR: 'char',
  CHARACTER: 'char',
  NCHAR: 'char',
  VARCHAR: 'varchar',
  VARCHARACTER: 'varchar',
  NVARCHAR: 'varchar',
  BINARY: 'binary',
  VARBINARY: 'varbinary',
  TINYBLOB: 'tinyblob',
  BLOB: 'blob',
  MEDIUMBLOB: 'mediumblob',
  LONGBLOB: 'longblob',
  TINYTEXT: 'tinytext',
  TEXT: 'text',
  MEDIUMTEXT: 'mediumtext',
  LONGTEXT: 'longtext',
  LONG: 'mediumtext',
  DATE: 'date',
  TIME: 'time',
  DATETIME: 'datetime',
  TIMESTAMP: 'timestamp',
  YEAR: 'year',
  ENUM: 'enum',
  SET: 'set',
  JSON: 'json',
  GEOMETRY: 'geometry',
  POINT: 'point',
  LINESTRING: 'linestring',
  POLYGON: 'polygon',
  MULTIPOINT: 'multipoint',
  MULTILINESTRING: 'multilinestring',
  MULTIPOLYGON: 'multipolygon',
  GEOMCOLLECTION: 'geomcollection',
  GEOMETRYCOLLECTION: 'geomcollection',
  VECTOR: 'vector',
};

function parseTypeArguments(c: Cursor, name: string): Pick<ColumnType, 'length' | 'decimals' | 'values'> {
  if (!c.is('(')) {
    if (name === 'varchar' || name === 'varbinary') throw c.fail();
    return { length: undefined, decimals: undefined, values: [] };
  }
  c.advance();
  if (name === 'enum' || name === 'set') {
    const values = c.list(() => c.string());
    c.expect(')');
    return { length: undefined, decimals: undefined, values };
  }
  const length = c.integer();
  const decimals = c.accept(',') ? c.integer() : undefined;
  c.expect(')');
  return { length, decimals, values: [] };
}

/** Types of the national character set. */
const NATIONAL: ReadonlySet<string> = new Set(['NCHAR', 'NVARCHAR', 'NATIONAL']);

/** Versions that brought a type, as conditional comments compare them. */
const SINCE: Readonly<Record<string, number>> = { VECTOR: 90_000 };

function typeNamed(c: Cursor): string | undefined {
  const { kind, upper } = c.token;
  if (kind !== 'word' || (c.context.version ?? Number.POSITIVE_INFINITY) < (SINCE[upper] ?? 0)) return undefined;
  return upper === 'REAL' && c.context.realAsFloat ? 'float' : TYPES[upper];
}

export function parseColumnType(c: Cursor): ColumnType {
  const { token } = c;
  let name = typeNamed(c);
  if (c.acceptAll('CHAR', 'VARYING') || c.acceptAll('CHARACTER', 'VARYING') || c.acceptAll('NATIONAL', 'VARCHAR'))
    name = 'varchar';
  else if (c.acceptAll('NATIONAL', 'CHAR')) name = 'char';
  else if (!name) throw c.fail();
  else c.advance();
  if (token.upper === 'DOUBLE') c.accept('PRECISION');
  if (token.upper === 'LONG' && !c.acceptOne('VARCHAR', 'VARCHARACTER') && c.accept('VARBINARY')) name = 'mediumblob';
  const args = parseTypeArguments(c, name);
  let unsigned = false;
  let zerofill = false;
  let unsignedTold = false;
  let charset = NATIONAL.has(token.upper) ? 'utf8mb3' : '';
  if (charset) c.warn('ER_WARN_DEPRECATED_NATIONAL');
  let collation = '';
  for (;;) {
    if (c.accept('UNSIGNED')) {
      unsigned = true;
      unsignedTold = true;
    } else if (c.accept('SIGNED')) continue;
    else if (c.accept('ZEROFILL')) {
      zerofill = true;
      unsigned = true;
    } else if (c.acceptAll('CHARACTER', 'SET') || c.acceptAll('CHAR', 'SET') || c.accept('CHARSET')) {
      charset = charsetName(c).toLowerCase();
    } else if (c.accept('ASCII')) charset = 'latin1';
    else if (c.accept('UNICODE')) charset = 'ucs2';
    else if (c.accept('BYTE')) charset = 'binary';
    else if (c.is('BINARY')) {
      c.advance();
      collation = 'binary';
    } else if (c.accept('COLLATE')) collation = collationName(c);
    else break;
  }
  const type = { name, ...args, unsigned, zerofill, charset, collation };
  warnOfType(c, { ...type, unsigned: unsignedTold });
  return type;
}
