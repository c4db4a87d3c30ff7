// Indexes of a table as defined: their names, their order, what they may hold, and what their columns show of them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-index.html; order and errors as seen from 9.7.4.
import { baseOf, type TableColumn } from '../../../overlay/column.ts';
import type { ColumnSpec, IndexSpec, KeyPart } from '../../../sql/ast/table.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { findCharset } from '../../../sql/value/charset.ts';
import { FLAG, TYPE } from '../../../wire/constants.ts';

const KEYS = 64;
const KEY_PARTS = 16;
/** Longest key in bytes, by engine. */
const KEY_BYTES = { InnoDB: 3072, MyISAM: 1000 } as const;
/** Engines that keep no keys at all. */
const KEYLESS: ReadonlySet<string> = new Set(['CSV']);
const INDEX_COMMENT_CHARACTERS = 1024;

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Flags a column has of the keys it is part of; a unique key over NOT NULL columns stands in for a primary one. */
export function indexFlags(indexes: readonly IndexSpec[], columns: readonly ColumnSpec[], column: ColumnSpec): number {
  let flags = 0;
  for (const index of indexes) {
    const at = index.columns.findIndex((part) => same(part.name, column.name));
    if (at < 0) continue;
    flags |= FLAG.PART_KEY;
    if (index === primaryOf(indexes, columns)) {
      flags |= FLAG.PRI_KEY;
      continue;
    }
    if (at === 0) flags |= index.kind === 'unique' && index.columns.length === 1 ? FLAG.UNIQUE_KEY : FLAG.MULTIPLE_KEY;
  }
  return flags;
}

function isRequired(columns: readonly ColumnSpec[], name: string): boolean {
  const column = columns.find((each) => same(each.name, name));
  return column !== undefined && (column.nullable === false || column.type.name === 'serial');
}

/** The primary key, or the first unique key that may be one. */
function primaryOf(indexes: readonly IndexSpec[], columns: readonly ColumnSpec[]): IndexSpec | undefined {
  const primary = indexes.find((index) => index.kind === 'primary');
  if (primary) return primary;
  return indexes.find(
    (index) =>
      index.kind === 'unique' &&
      index.columns.every((part) => part.length === undefined && isRequired(columns, part.name)),
  );
}

/** Keys that the attributes of columns make. */
export function columnKeys(columns: readonly ColumnSpec[]): IndexSpec[] {
  return columns.flatMap((column): IndexSpec[] => {
    const part: KeyPart[] = [{ name: column.name, length: undefined }];
    return [
      ...(column.primary ? [{ kind: 'primary', name: 'PRIMARY', columns: part } as const] : []),
      ...(column.unique || column.type.name === 'serial' ? [{ kind: 'unique', name: '', columns: part } as const] : []),
    ];
  });
}

/** Name a column or part is kept under by its index: that of the column as it was defined. */
function partNamed(columns: readonly ColumnSpec[], part: KeyPart): KeyPart {
  if (part.expression) return part;
  const column = columns.find((each) => same(each.name, part.name));
  if (!column) throw sqlError('ER_KEY_COLUMN_DOES_NOT_EXIST', part.name);
  return { ...part, name: column.name };
}

/** Gives every index its name; throws 1061 for one that is there twice. */
function named(indexes: readonly IndexSpec[]): IndexSpec[] {
  const given = new Set<string>();
  for (const { name } of indexes) {
    if (name === '') continue;
    if (given.has(name.toLowerCase())) throw sqlError('ER_DUP_KEYNAME', name);
    given.add(name.toLowerCase());
  }
  return indexes.map((index) => {
    if (index.name !== '') return index;
    const base = index.columns[0]?.expression ? 'functional_index' : (index.columns[0]?.name ?? '');
    let name = base;
    for (let number = 2; given.has(name.toLowerCase()) || same(name, 'primary'); number++) name = `${base}_${number}`;
    given.add(name.toLowerCase());
    return { ...index, name };
  });
}

function rank(index: IndexSpec, columns: readonly ColumnSpec[]): number {
  if (index.kind === 'primary') return 0;
  if (index.kind === 'fulltext') return 5;
  if (index.kind !== 'unique') return 4;
  if (index.columns.some((part) => part.expression)) return 3;
  if (!index.columns.every((part) => isRequired(columns, part.name))) return 2;
  return 1;
}

/** Indexes of a definition named as the server names them, primary first, unique next, full text last. */
export function allIndexes(columns: readonly ColumnSpec[], indexes: readonly IndexSpec[]): IndexSpec[] {
  if (indexes.filter((index) => index.kind === 'primary').length > 1) throw sqlError('ER_MULTIPLE_PRI_KEY');
  if (indexes.length > KEYS) throw sqlError('ER_TOO_MANY_KEYS', KEYS);
  const found = indexes.map((index) => {
    if (index.columns.length > KEY_PARTS) throw sqlError('ER_TOO_MANY_KEY_PARTS', KEY_PARTS);
    if (index.kind !== 'primary' && same(index.name, 'primary')) throw sqlError('ER_WRONG_NAME_FOR_INDEX', index.name);
    if ((index.comment ?? '').length > INDEX_COMMENT_CHARACTERS)
      throw sqlError('ER_TOO_LONG_INDEX_COMMENT', index.name, INDEX_COMMENT_CHARACTERS);
    if (index.kind === 'primary' && index.invisible) throw sqlError('ER_PK_INDEX_CANT_BE_INVISIBLE');
    if (index.kind === 'primary' && index.columns.some((part) => part.expression))
      throw sqlError('ER_FUNCTIONAL_INDEX_PRIMARY_KEY');
    return { ...index, columns: index.columns.map((part) => partNamed(columns, part)) };
  });
  for (const index of found) {
    const twice = index.columns.find(
      (part, at) => part.name !== '' && index.columns.findIndex((other) => same(other.name, part.name)) !== at,
    );
    if (twice) throw sqlError('ER_DUP_FIELDNAME', twice.name);
  }
  return named(found).sort((a, b) => rank(a, columns) - rank(b, columns));
}

/** Bytes one part of a key takes at most. */
function partBytes(column: TableColumn, part: KeyPart): number {
  const { kind, bits } = baseOf(column);
  const width = findCharset(column.charset)?.maxBytes ?? 1;
  if (kind === 'text') return (part.length ?? column.length) * (column.charset ? width : 1);
  if (kind === 'bytes') return part.length ?? column.length;
  if (kind === 'int' || kind === 'bit') return Math.ceil((bits ?? 8) / 8);
  return 8;
}

function checkPart(x: Execution, index: IndexSpec, part: KeyPart, column: TableColumn): void {
  const base = baseOf(column);
  const blob = base.type === TYPE.BLOB;
  if (index.kind === 'fulltext') {
    if (index.parser && index.parser.toLowerCase() !== 'ngram') throw sqlError('ER_FUNCTION_NOT_DEFINED', index.parser);
    if (base.kind !== 'text') throw sqlError('ER_BAD_FT_COLUMN', column.name);
    return;
  }
  if (base.kind === 'json' && !column.hidden) throw sqlError('ER_JSON_USED_AS_KEY', column.name);
  if (index.kind === 'spatial') {
    if (base.kind !== 'geometry') throw sqlError('ER_SPATIAL_MUST_HAVE_GEOM_COL');
    if (column.nullable) throw sqlError('ER_SPATIAL_CANT_HAVE_NULL');
    if (column.spec.srid === undefined) x.warn('WARN_USELESS_SPATIAL_INDEX', column.name);
    return;
  }
  if (base.kind === 'geometry') throw sqlError('ER_WRONG_ARGUMENTS', 'SPATIAL INDEX');
  if (blob && part.length === undefined && !column.hidden) throw sqlError('ER_BLOB_KEY_WITHOUT_LENGTH', column.name);
  if (part.length === 0) throw sqlError('ER_KEY_PART_0', column.name);
  if (part.length !== undefined && base.kind !== 'text' && base.kind !== 'bytes') throw sqlError('ER_WRONG_SUB_KEY');
  if (part.length !== undefined && !blob && part.length > column.length) throw sqlError('ER_WRONG_SUB_KEY');
}

/** Throws where a key's columns cannot be in it. */
export function checkKeys(
  x: Execution,
  columns: readonly TableColumn[],
  indexes: readonly IndexSpec[],
  engine: string,
): void {
  for (const index of indexes) {
    if (engine !== 'InnoDB' && index.columns.some((part) => part.descending))
      throw sqlError('ER_CHECK_NOT_IMPLEMENTED', 'descending indexes');
    if (KEYLESS.has(engine)) throw sqlError('ER_TOO_MANY_KEYS', 0);
    let bytes = 0;
    let collation: string | undefined;
    for (const part of index.columns) {
      const column = columns.find((other) => same(other.name, part.name));
      if (!column) continue;
      if (index.kind === 'primary' && column.spec.nullable === true) throw sqlError('ER_PRIMARY_CANT_HAVE_NULL');
      checkPart(x, index, part, column);
      // A full-text index is of one collation.
      collation ??= column.collation;
      if (index.kind === 'fulltext' && column.collation !== collation) throw sqlError('ER_BAD_FT_COLUMN', column.name);
      if (index.kind !== 'fulltext' && index.kind !== 'spatial') bytes += partBytes(column, part);
    }
    const limit = engine === 'MyISAM' ? KEY_BYTES.MyISAM : KEY_BYTES.InnoDB;
    if (bytes > limit) throw sqlError('ER_TOO_LONG_KEY', limit);
  }
}

/** Warns of an index over the same columns as one before it. */
export function warnDuplicates(
  x: Execution,
  indexes: readonly IndexSpec[],
  added: readonly IndexSpec[],
  table: { readonly schema: string; readonly name: string },
): void {
  const shape = ({ kind, columns }: IndexSpec) =>
    `${kind === 'primary' ? 'unique' : kind} ${columns.map((part) => `${part.name.toLowerCase()}(${kind === 'fulltext' ? '' : (part.length ?? '')})${part.descending ? ' desc' : ''}`).join()}`;
  for (const index of added) {
    const at = indexes.indexOf(index);
    const twin = indexes.some(
      (other, place) => other !== index && (place < at || !added.includes(other)) && shape(other) === shape(index),
    );
    if (twin) x.warn('ER_DUP_INDEX', index.name, table.schema, table.name);
  }
}
