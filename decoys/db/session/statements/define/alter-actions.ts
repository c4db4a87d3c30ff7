// What each action of ALTER TABLE does to a table's shape, or the error it meets.
// Source: https://dev.mysql.com/doc/refman/9.7/en/alter-table.html; errors as answered by a live 9.7.4.
import type { Check, ForeignKey } from '../../../overlay/constraint.ts';
import type { OverlayTable } from '../../../overlay/table.ts';
import type { AlterAction } from '../../../sql/ast/definition.ts';
import type { CheckSpec, ColumnSpec, ForeignKeySpec, IndexSpec } from '../../../sql/ast/table.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { columnsOf } from '../../../sql/parts.ts';
import { leads } from './constraints.ts';
import { collationFrom } from './database.ts';
import { columnKeys } from './keys.ts';
import { checksForeignKeys, childrenOf } from './references.ts';

/** A table on its way to what an ALTER makes of it. */
export interface Shape {
  readonly table: OverlayTable;
  columns: ColumnSpec[];
  /** Of each column, which one of the table it was; undefined for a new one. */
  origin: (string | undefined)[];
  indexes: IndexSpec[];
  /** Indexes that come after those there are. */
  added: IndexSpec[];
  foreignKeys: ForeignKey[];
  newForeignKeys: ForeignKeySpec[];
  checks: Check[];
  newChecks: CheckSpec[];
  /** Collation CONVERT TO gives everything. */
  convert: string | undefined;
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

function place(shape: Shape, name: string): number {
  return shape.columns.findIndex((column) => same(column.name, name));
}

/** Where the column `name` is; throws 1054 naming the table. */
function known(shape: Shape, name: string): number {
  const at = place(shape, name);
  if (at < 0) throw sqlError('ER_BAD_FIELD_ERROR', name, shape.table.name);
  return at;
}

/** Puts a column FIRST, AFTER another, or at `fallback`. */
function insertAt(
  shape: Shape,
  action: { readonly first: boolean; readonly after: string | undefined },
  column: ColumnSpec,
  origin: string | undefined,
  fallback: number,
): void {
  const at = action.first ? 0 : action.after === undefined ? fallback : known(shape, action.after) + 1;
  shape.columns.splice(at, 0, column);
  shape.origin.splice(at, 0, origin);
}

type Alter = {
  readonly [K in AlterAction['kind']]?: (shape: Shape, action: Extract<AlterAction, { kind: K }>, x: Execution) => void;
};

/** Throws where something else of the table is made of the column. */
function refuseDependents(shape: Shape, name: string, dropping: boolean): void {
  const reads = (e: NonNullable<ColumnSpec['generated']>['expression']) =>
    columnsOf(e).some((read) => same(read, name));
  for (const check of [...shape.checks]) {
    const read = columnsOf(check.expression);
    if (!read.some((column) => same(column, name))) continue;
    // A check of this column alone goes with it.
    if (dropping && read.every((column) => same(column, name)))
      shape.checks = shape.checks.filter((other) => other !== check);
    else throw sqlError('ER_DEPENDENT_BY_CHECK_CONSTRAINT', check.name, name);
  }
  for (const column of shape.columns) {
    if (same(column.name, name)) continue;
    if (column.generated && reads(column.generated.expression))
      throw sqlError('ER_DEPENDENT_BY_GENERATED_COLUMN', name);
    if (column.computed && column.fallback && reads(column.fallback))
      throw sqlError('ER_DEPENDENT_BY_DEFAULT_GENERATED_VALUE', name, shape.table.name);
  }
  const functional = shape.indexes.some((index) =>
    index.columns.some((part) => part.expression && reads(part.expression)),
  );
  if (functional)
    throw dropping
      ? sqlError('ER_CANNOT_DROP_COLUMN_FUNCTIONAL_INDEX', name)
      : sqlError('ER_DEPENDENT_BY_FUNCTIONAL_INDEX', name);
  const rule = shape.table.partitioning;
  const parted = rule?.columns ?? (rule?.expression ? columnsOf(rule.expression) : []);
  if (parted.some((read) => same(read, name))) throw sqlError('ER_DEPENDENT_BY_PARTITION_FUNC', name);
}

/** Throws 1828 or 1829 where a foreign key is over the column. */
function refuseReferences(shape: Shape, name: string, x: Execution): void {
  const own = shape.foreignKeys.find((key) => key.columns.some((column) => same(column, name)));
  if (own) throw sqlError('ER_FK_COLUMN_CANNOT_DROP', name, own.name);
  if (!checksForeignKeys(x)) return;
  const found = childrenOf(x, shape.table).find(({ key }) => key.referenced.some((column) => same(column, name)));
  if (found) throw sqlError('ER_FK_COLUMN_CANNOT_DROP_CHILD', name, found.key.name, found.child.name);
}

function renameParts(shape: Shape, from: string, to: string): void {
  const renamed = (name: string) => (same(name, from) ? to : name);
  const rename = (index: IndexSpec): IndexSpec => ({
    ...index,
    columns: index.columns.map((part) => ({ ...part, name: renamed(part.name) })),
  });
  shape.indexes = shape.indexes.map(rename);
  shape.foreignKeys = shape.foreignKeys.map((key) =>
    key.columns.some((name) => same(name, from)) ? { ...key, columns: key.columns.map(renamed) } : key,
  );
}

/** Throws 1553 where a foreign key needs the index and no other stands in. */
function refuseNeeded(shape: Shape, index: IndexSpec, x: Execution): void {
  const rest = [...shape.indexes, ...shape.added].filter((other) => other !== index);
  const own = shape.foreignKeys.some(
    (key) => leads(index, key.columns) && !rest.some((other) => leads(other, key.columns)),
  );
  const others =
    checksForeignKeys(x) &&
    childrenOf(x, shape.table).some(
      ({ key }) => leads(index, key.referenced) && !rest.some((other) => leads(other, key.referenced)),
    );
  if (own || others) throw sqlError('ER_DROP_INDEX_FK', index.name);
}

function findIndex(shape: Shape, name: string): number {
  return shape.indexes.findIndex((index) => same(index.name, name));
}

function dropCheck(shape: Shape, name: string): boolean {
  const before = shape.checks.length;
  shape.checks = shape.checks.filter((check) => !same(check.name, name));
  return shape.checks.length < before;
}

function dropForeignKey(shape: Shape, name: string): boolean {
  const before = shape.foreignKeys.length;
  shape.foreignKeys = shape.foreignKeys.filter((key) => !same(key.name, name));
  return shape.foreignKeys.length < before;
}

export const ALTERS: Alter = {
  'add-column': (shape, action) => {
    if (place(shape, action.column.name) >= 0) throw sqlError('ER_DUP_FIELDNAME', action.column.name);
    insertAt(shape, action, action.column, undefined, shape.columns.length);
    shape.added.push(...columnKeys([action.column]));
  },
  'drop-column': (shape, { name }, x) => {
    const at = place(shape, name);
    if (at < 0) throw sqlError('ER_CANT_DROP_FIELD_OR_KEY', name);
    if (shape.columns.length === 1) throw sqlError('ER_CANT_REMOVE_ALL_FIELDS');
    const own = shape.columns[at]?.name ?? name;
    refuseReferences(shape, own, x);
    refuseDependents(shape, own, true);
    shape.columns.splice(at, 1);
    shape.origin.splice(at, 1);
    shape.indexes = shape.indexes
      .map((index) => ({ ...index, columns: index.columns.filter((part) => !same(part.name, name)) }))
      .filter((index) => index.columns.length > 0);
  },
  'change-column': (shape, action) => {
    const at = known(shape, action.from);
    const [origin] = shape.origin.splice(at, 1);
    const [before] = shape.columns.splice(at, 1);
    const from = before?.name ?? action.from;
    const to = action.column.name;
    const isVirtual = (column: ColumnSpec | undefined) => column?.generated?.stored === false;
    if (before && isVirtual(before) !== isVirtual(action.column))
      throw sqlError('ER_UNSUPPORTED_ACTION_ON_GENERATED_COLUMN', 'Changing the STORED status');
    if (!same(from, to)) {
      if (place(shape, to) >= 0) throw sqlError('ER_DUP_FIELDNAME', to);
      refuseDependents(shape, from, false);
    }
    insertAt(shape, action, { ...action.column, primary: false, unique: false }, origin, at);
    renameParts(shape, from, to);
    shape.added.push(...columnKeys([action.column]));
  },
  'rename-column': (shape, { from, to }) => {
    const at = known(shape, from);
    if (!same(from, to) && place(shape, to) >= 0) throw sqlError('ER_DUP_FIELDNAME', to);
    refuseDependents(shape, from, false);
    shape.columns[at] = { ...(shape.columns[at] as ColumnSpec), name: to };
    renameParts(shape, from, to);
  },
  'set-default': (shape, { name, fallback, computed }) => {
    const at = known(shape, name);
    // A default that is dropped leaves none at all, not even NULL.
    shape.columns[at] = {
      ...(shape.columns[at] as ColumnSpec),
      fallback,
      computed,
      settled: false,
      moment: undefined,
      bare: fallback === undefined,
    };
  },
  'column-visibility': (shape, { name, invisible }) => {
    const at = known(shape, name);
    shape.columns[at] = { ...(shape.columns[at] as ColumnSpec), invisible };
  },
  'add-index': (shape, { index }) => {
    if (index.kind === 'primary' && [...shape.indexes, ...shape.added].some((other) => other.kind === 'primary'))
      throw sqlError('ER_MULTIPLE_PRI_KEY');
    shape.added.push(index);
  },
  'drop-index': (shape, { name }, x) => {
    const at = findIndex(shape, name);
    const index = shape.indexes[at];
    if (!index) throw sqlError('ER_CANT_DROP_FIELD_OR_KEY', name);
    refuseNeeded(shape, index, x);
    shape.indexes.splice(at, 1);
  },
  'rename-index': (shape, { from, to }) => {
    const at = findIndex(shape, from);
    if (at < 0) throw sqlError('ER_KEY_DOES_NOT_EXITS', from, shape.table.name);
    if (same(from, 'primary') || same(to, 'primary'))
      throw sqlError('ER_WRONG_NAME_FOR_INDEX', same(to, 'primary') ? to : from);
    if (!same(from, to) && findIndex(shape, to) >= 0) throw sqlError('ER_DUP_KEYNAME', to);
    shape.indexes[at] = { ...(shape.indexes[at] as IndexSpec), name: to };
  },
  'index-visibility': (shape, { name, invisible }) => {
    // The name it has before the statement counts.
    const known = shape.table.indexes.some((index) => same(index.name, name));
    const at = known ? findIndex(shape, name) : -1;
    if (at < 0) throw sqlError('ER_KEY_DOES_NOT_EXITS', name, shape.table.name);
    shape.indexes[at] = { ...(shape.indexes[at] as IndexSpec), invisible };
  },
  'add-foreign-key': (shape, { key }) => {
    shape.newForeignKeys.push(key);
  },
  'drop-foreign-key': (shape, { name }) => {
    if (!dropForeignKey(shape, name)) throw sqlError('ER_CANT_DROP_FIELD_OR_KEY', name);
  },
  'add-check': (shape, { check }) => {
    shape.newChecks.push(check);
  },
  'drop-check': (shape, { name }) => {
    if (!dropCheck(shape, name)) throw sqlError('ER_CHECK_CONSTRAINT_NOT_FOUND', name);
  },
  'enforce-check': (shape, { name, enforced, any }) => {
    const found = shape.checks.some((check) => same(check.name, name));
    if (!found && any && (findIndex(shape, name) >= 0 || shape.foreignKeys.some((key) => same(key.name, name))))
      throw sqlError('ER_ALTER_CONSTRAINT_ENFORCEMENT_NOT_SUPPORTED', name);
    if (!found) throw any ? sqlError('ER_CONSTRAINT_NOT_FOUND', name) : sqlError('ER_CHECK_CONSTRAINT_NOT_FOUND', name);
    shape.checks = shape.checks.map((check) => (same(check.name, name) ? { ...check, enforced } : check));
  },
  'drop-constraint': (shape, { name }, x) => {
    const index = shape.indexes.find(
      (each) => same(each.name, name) && (each.kind === 'unique' || each.kind === 'primary'),
    );
    const kinds = [
      index !== undefined,
      shape.checks.some((check) => same(check.name, name)),
      shape.foreignKeys.some((key) => same(key.name, name)),
    ];
    if (kinds.filter(Boolean).length > 1) throw sqlError('ER_MULTIPLE_CONSTRAINTS_WITH_SAME_NAME', name, 'DROP');
    if (dropCheck(shape, name) || dropForeignKey(shape, name)) return;
    if (!index) throw sqlError('ER_CONSTRAINT_NOT_FOUND', name);
    refuseNeeded(shape, index, x);
    shape.indexes = shape.indexes.filter((other) => other !== index);
  },
  order: (shape, { columns }, x) => {
    for (const name of columns) if (place(shape, name) < 0) throw sqlError('ER_BAD_FIELD_ERROR', name, 'order clause');
    if (shape.indexes.some((index) => index.kind === 'primary'))
      x.session.addWarning(
        'Warning',
        1105,
        `ORDER BY ignored as there is a user-defined clustered index in the table '${shape.table.name}'`,
      );
  },
  convert: (shape, { charset, collation }, x) => {
    shape.convert = collationFrom(charset === 'default' ? '' : charset, collation, x.session.text('collation_server'));
  },
};
