// Checks and foreign keys of a definition: their names, and what they may not be.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-table-foreign-keys.html; errors as answered by a live 9.7.4.
import { baseOf, type TableColumn } from '../../../overlay/column.ts';
import type { Check, ForeignKey } from '../../../overlay/constraint.ts';
import type { OverlayTable } from '../../../overlay/table.ts';
import type { CheckSpec, ForeignKeySpec, IndexSpec } from '../../../sql/ast/table.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { columnsOf } from '../../../sql/parts.ts';
import { isTruth } from '../../../sql/truth.ts';
import { expressionText } from '../../definition-text.ts';
import { canonicalSchema } from '../../schemas.ts';
import { checkName } from './database.ts';
import { problemOf } from './expressions.ts';
import { checksForeignKeys } from './references.ts';

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** The number behind the last constraint the server named itself. */
function lastNumber(names: readonly string[], stem: string): number {
  let last = 0;
  for (const name of names) {
    if (!name.toLowerCase().startsWith(stem.toLowerCase())) continue;
    const digits = name.slice(stem.length);
    if (/^\d{1,9}$/.test(digits)) last = Math.max(last, Number(digits));
  }
  return last;
}

/** The checks of a definition after those there are; throws what the server answers for one it refuses. */
export function namedChecks(
  table: string,
  columns: readonly TableColumn[],
  known: readonly Check[],
  added: readonly CheckSpec[],
): Check[] {
  const stem = `${table}_chk_`;
  let number = lastNumber(
    known.map(({ name }) => name),
    stem,
  );
  const made = added.map((spec): Check => {
    checkName(spec.name);
    const name = spec.name || `${stem}${++number}`;
    refuseCheck(name, spec, columns);
    const text = expressionText(spec.expression);
    return { name, expression: spec.expression, enforced: spec.enforced, text };
  });
  const all = [...known, ...made];
  const twice = all.find((check, at) => all.findIndex((other) => same(other.name, check.name)) !== at);
  if (twice) throw sqlError('ER_CHECK_CONSTRAINT_DUP_NAME', twice.name);
  return all;
}

function refuseCheck(name: string, spec: CheckSpec, columns: readonly TableColumn[]): void {
  if (!isTruth(spec.expression)) throw sqlError('ER_NON_BOOLEAN_EXPR_FOR_CHECK_CONSTRAINT', name);
  const problem = problemOf(spec.expression, 'other');
  if (problem?.kind === 'function')
    throw sqlError('ER_CHECK_CONSTRAINT_NAMED_FUNCTION_IS_NOT_ALLOWED', name, problem.name);
  if (problem?.kind === 'subquery') throw sqlError('ER_CHECK_CONSTRAINT_FUNCTION_IS_NOT_ALLOWED', name);
  if (problem?.kind === 'variable') throw sqlError('ER_CHECK_CONSTRAINT_VARIABLES', name);
  if (problem?.kind === 'row') throw sqlError('ER_CHECK_CONSTRAINT_ROW_VALUE', name);
  const read = columnsOf(spec.expression);
  const { column: own } = spec;
  if (own !== undefined && read.some((column) => !same(column, own)))
    throw sqlError('ER_COLUMN_CHECK_CONSTRAINT_REFERENCES_OTHER_COLUMN', name);
  for (const column of read) {
    const found = columns.find((other) => same(other.name, column));
    if (!found) throw sqlError('ER_CHECK_CONSTRAINT_REFERS_UNKNOWN_COLUMN', name, column);
    if (found.spec.autoIncrement) throw sqlError('ER_CHECK_CONSTRAINT_REFERS_AUTO_INCREMENT_COLUMN', name);
  }
}

/** Whether an index begins with these columns, in any order of theirs. */
export function leads(index: IndexSpec, columns: readonly string[]): boolean {
  if (index.kind === 'fulltext' || index.kind === 'spatial' || index.columns.length < columns.length) return false;
  return columns.every((column, at) => {
    const part = index.columns[at];
    return part !== undefined && part.length === undefined && same(part.name, column);
  });
}

/** Indexes that foreign keys need and nothing in the definition gives. */
export function impliedIndexes(indexes: readonly IndexSpec[], keys: readonly ForeignKeySpec[]): IndexSpec[] {
  const made: IndexSpec[] = [];
  for (const key of keys) {
    if ([...indexes, ...made].some((index) => leads(index, key.columns))) continue;
    const columns = key.columns.map((name) => ({ name, length: undefined }));
    made.push({ kind: 'index', name: key.name || key.index, columns, implied: true });
  }
  return made;
}

/** Gives the foreign keys of a definition their names. */
export function namedForeignKeys(
  x: Execution,
  schema: string,
  table: string,
  known: readonly ForeignKey[],
  added: readonly ForeignKeySpec[],
): ForeignKey[] {
  const stem = `${table}_ibfk_`;
  let number = lastNumber(
    known.map(({ name }) => name),
    stem,
  );
  return added.map((spec) => {
    checkName(spec.name);
    return {
      name: spec.name || `${stem}${++number}`,
      columns: spec.columns,
      schema: canonicalSchema(spec.table.schema || schema || x.session.database),
      table: spec.table.name,
      referenced: spec.referenced,
      onDelete: spec.onDelete,
      onUpdate: spec.onUpdate,
    };
  });
}

/** Throws 1239 where a foreign key names more or fewer columns than it refers to. */
export function checkCounts(keys: readonly ForeignKeySpec[]): void {
  for (const key of keys) {
    if (key.referenced.length === 0 || key.referenced.length === key.columns.length) continue;
    const name = key.name || 'foreign key without name';
    throw sqlError('ER_WRONG_FK_DEF', name, "Key reference and table reference don't match");
  }
}

function compatible(a: TableColumn, b: TableColumn): boolean {
  const [left, right] = [baseOf(a), baseOf(b)];
  if (left.kind === 'text' || left.kind === 'bytes') return left.kind === right.kind && a.collation === b.collation;
  if (left.kind === 'decimal') return a.columnType === b.columnType;
  return a.base === b.base && a.type.unsigned === b.type.unsigned;
}

/**
 * A foreign key against its parent, its columns spelt as the tables spell them.
 * Throws 1824, 3734, 3780, 1822, 6125 and the like.
 */
export function checkForeignKey(x: Execution, table: OverlayTable, key: ForeignKey): ForeignKey {
  const own = key.columns.map((name) => table.columns[table.columnAt(name)] as TableColumn);
  const columns = own.map(({ name }) => name);
  for (const column of own) {
    if (column.spec.generated && !column.spec.generated.stored)
      throw sqlError('ER_FK_CANNOT_USE_VIRTUAL_COLUMN', key.name, column.name);
    const nulls = key.onDelete === 'SET NULL' || key.onUpdate === 'SET NULL';
    if (nulls && !column.nullable) throw sqlError('ER_FK_COLUMN_NOT_NULL', column.name, key.name);
  }
  const itself = key.schema === table.schema && key.table === table.name;
  const parent = itself ? table : x.session.overlay.databases.get(key.schema)?.tables.get(key.table);
  if (!parent) {
    if (checksForeignKeys(x)) throw sqlError('ER_FK_CANNOT_OPEN_PARENT', key.table);
    return { ...key, columns };
  }
  const primary = parent.indexes.find((index) => index.kind === 'primary');
  const wanted = key.referenced.length > 0 ? key.referenced : (primary?.columns.map((part) => part.name) ?? []);
  if (wanted.length !== columns.length)
    throw sqlError('ER_WRONG_FK_DEF', key.name, "Key reference and table reference don't match");
  const found = wanted.map((name) => {
    const column = parent.columns[parent.columnAt(name)];
    if (!column) throw sqlError('ER_FK_NO_COLUMN_PARENT', name, key.name, key.table);
    return column;
  });
  for (const [at, column] of found.entries()) {
    const child = own[at] as TableColumn;
    if (!compatible(child, column)) throw sqlError('ER_FK_INCOMPATIBLE_COLUMNS', child.name, column.name, key.name);
  }
  const referenced = found.map(({ name }) => name);
  // A row that refers to itself by the very same columns has no key there to refer to.
  if (itself && referenced.every((name, at) => name === columns[at]) && checksForeignKeys(x))
    throw sqlError('ER_FK_NO_UNIQUE_INDEX_PARENT', key.name, key.table);
  checkParentIndex(x, parent, referenced, key);
  return { ...key, columns, referenced };
}

/** Throws 3780 where a column of the key and the one it refers to are not of one kind. */
export function checkKinds(x: Execution, table: OverlayTable, key: ForeignKey, parent?: OverlayTable): void {
  const itself = key.schema === table.schema && key.table === table.name;
  const other = parent ?? (itself ? table : x.session.overlay.databases.get(key.schema)?.tables.get(key.table));
  for (const [at, name] of key.columns.entries()) {
    const own = table.columns[table.columnAt(name)];
    const read = other?.columns[other.columnAt(key.referenced[at] ?? '')];
    if (own && read && !compatible(own, read))
      throw sqlError('ER_FK_INCOMPATIBLE_COLUMNS', own.name, read.name, key.name);
  }
}

function checkParentIndex(x: Execution, parent: OverlayTable, referenced: readonly string[], key: ForeignKey): void {
  const exact = parent.uniqueIndexes.some(
    (index) => index.columns.length === referenced.length && leads(index, referenced),
  );
  if (exact || !checksForeignKeys(x)) return;
  if (!parent.indexes.some((index) => leads(index, referenced)))
    throw sqlError('ER_FK_NO_INDEX_PARENT', key.name, key.table);
  throw sqlError('ER_FK_NO_UNIQUE_INDEX_PARENT', key.name, key.table);
}

/** Throws 1826 where another table of the schema has a foreign key of this name. */
export function checkForeignKeyNames(x: Execution, table: OverlayTable, keys: readonly ForeignKey[]): void {
  const tables = x.session.overlay.databases.get(table.schema)?.tables.values() ?? [];
  const taken = [...tables].filter((other) => other.name !== table.name).flatMap((other) => other.foreignKeys);
  for (const [at, key] of keys.entries()) {
    const twice = keys.findIndex((other) => same(other.name, key.name)) !== at;
    if (twice || taken.some((other) => same(other.name, key.name))) throw sqlError('ER_FK_DUP_NAME', key.name);
  }
}
