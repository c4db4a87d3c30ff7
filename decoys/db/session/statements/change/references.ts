// Foreign keys held: a child's parent must be there, and a parent that goes or changes takes its children along or stays.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-table-foreign-keys.html; texts as answered by a live 9.7.4.
import type { ForeignKey } from '../../../overlay/constraint.ts';
import type { StoredRow } from '../../../overlay/row-bytes.ts';
import type { OverlayTable } from '../../../overlay/table.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { quoteName } from '../../../sql/quote-name.ts';
import type { Value } from '../../../sql/value/value.ts';
import { foreignKeyText } from '../../definition-text.ts';
import { checksForeignKeys, childrenOf } from '../define/references.ts';
import { rowRules } from './row-rules.ts';
import { removeRows, replaceRow, sameRow } from './stored-row.ts';

/** Cascades inside cascades, as InnoDB counts them. */
const DEPTH = 15;

const MESSAGE_CHARACTERS = 192;

function named(child: OverlayTable, key: ForeignKey): string {
  const text = ` (${quoteName(child.schema)}.${quoteName(child.name)}, ${foreignKeyText(key, child.schema)})`;
  return text.slice(0, MESSAGE_CHARACTERS);
}

function valuesOf(table: OverlayTable, columns: readonly string[], row: readonly Value[]): Value[] {
  return columns.map((name) => row[table.columnAt(name)] ?? null);
}

/** Throws 1452 where one of the row's parents is not there; a NULL in the key needs none. */
export function checkReferred(
  x: Execution,
  table: OverlayTable,
  row: readonly Value[],
  keys: readonly ForeignKey[] = table.foreignKeys,
): void {
  if (keys.length === 0 || !checksForeignKeys(x)) return;
  for (const key of keys) {
    const values = valuesOf(table, key.columns, row);
    if (values.includes(null)) continue;
    const itself = key.schema === table.schema && key.table === table.name;
    const parent = itself ? table : x.session.overlay.databases.get(key.schema)?.tables.get(key.table);
    if (parent && holds(x, parent, key, values)) continue;
    if (itself && sameRow(valuesOf(table, key.referenced, row), values)) continue;
    throw sqlError('ER_NO_REFERENCED_ROW_2', named(table, key));
  }
}

function holds(x: Execution, parent: OverlayTable, key: ForeignKey, values: readonly Value[]): boolean {
  const places = key.referenced.map((name) => parent.columnAt(name));
  return parent.matches(places, values, (steps) => x.spend(steps)).length > 0;
}

/** Rows of `child` that refer to one of these parents. */
function childRows(
  x: Execution,
  parent: OverlayTable,
  parents: readonly (readonly Value[])[],
  child: OverlayTable,
  key: ForeignKey,
): StoredRow[] {
  const at = key.referenced.map((name) => ({ at: parent.columnAt(name) }));
  const wanted = new Set(parents.map((row) => parent.keyOf(at, row)));
  wanted.delete(undefined);
  if (wanted.size === 0) return [];
  const own = key.columns.map((name) => ({ at: child.columnAt(name) }));
  x.spend(child.rows.length);
  return child.rows.filter((row) => wanted.has(child.keyOf(own, row)));
}

/** Deletes rows with all that hang on them. Throws 1451 where a child may not go. */
export function deleteWithChildren(x: Execution, table: OverlayTable, rows: readonly StoredRow[], depth = 0): void {
  if (rows.length === 0) return;
  if (depth > DEPTH) throw sqlError('ER_FK_DEPTH_EXCEEDED', DEPTH);
  const links = checksForeignKeys(x) ? childrenOf(x, table) : [];
  const gone = new Set<StoredRow>(rows);
  for (const { child, key } of links) {
    const found = childRows(x, table, rows, child, key).filter((row) => !(child === table && gone.has(row)));
    if (found.length === 0) continue;
    if (key.onDelete !== 'CASCADE' && key.onDelete !== 'SET NULL')
      throw sqlError('ER_ROW_IS_REFERENCED_2', named(child, key));
  }
  removeRows(x, table, rows);
  for (const { child, key } of links) {
    const found = childRows(x, table, rows, child, key);
    if (key.onDelete === 'CASCADE') deleteWithChildren(x, child, found, depth + 1);
    else if (key.onDelete === 'SET NULL') setColumns(x, child, key, found, () => null, depth);
  }
}

function setColumns(
  x: Execution,
  child: OverlayTable,
  key: ForeignKey,
  rows: readonly StoredRow[],
  value: (at: number) => Value,
  depth: number,
): void {
  const rules = rowRules(x, child);
  for (const row of rows) {
    const changed = [...row];
    for (const [at, name] of key.columns.entries()) changed[child.columnAt(name)] = value(at);
    updateWithChildren(x, child, row, rules.complete(changed, 1), depth + 1, key);
  }
}

/** Changes one row, and the children that follow its key. Throws 1451 where they may not, 1452 where a parent is missing. */
export function updateWithChildren(
  x: Execution,
  table: OverlayTable,
  row: StoredRow,
  values: readonly Value[],
  depth = 0,
  followed?: ForeignKey,
): void {
  if (depth > DEPTH) throw sqlError('ER_FK_DEPTH_EXCEEDED', DEPTH);
  const before = [...row];
  const links = checksForeignKeys(x) ? childrenOf(x, table) : [];
  const moved = links.filter(
    ({ key }) => !sameRow(valuesOf(table, key.referenced, before), valuesOf(table, key.referenced, values)),
  );
  const found = moved.map(({ child, key }) => ({ child, key, rows: childRows(x, table, [before], child, key) }));
  for (const { child, key, rows } of found) {
    const others = rows.filter((other) => other !== row);
    if (others.length > 0 && key.onUpdate !== 'CASCADE' && key.onUpdate !== 'SET NULL')
      throw sqlError('ER_ROW_IS_REFERENCED_2', named(child, key));
  }
  const changed = table.foreignKeys.filter(
    (key) => key !== followed && !sameRow(valuesOf(table, key.columns, before), valuesOf(table, key.columns, values)),
  );
  checkReferred(x, table, values, changed);
  replaceRow(x, table, row, values);
  for (const { child, key, rows } of found) {
    const next = valuesOf(table, key.referenced, values);
    const value = (at: number) => (key.onUpdate === 'CASCADE' ? (next[at] ?? null) : null);
    setColumns(x, child, key, rows, value, depth);
  }
}
