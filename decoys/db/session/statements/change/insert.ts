// INSERT and REPLACE on the source's overlay.
// Source: https://dev.mysql.com/doc/refman/9.7/en/insert.html; counts and texts as recorded from 9.7.
import { storeValue } from '../../../overlay/store-value.ts';
import { type OverlayTable, rowBytes, type StoredRow } from '../../../overlay/table.ts';
import type { StatementOf } from '../../../sql/ast/statement.ts';
import { compile } from '../../../sql/compile.ts';
import { errorCode, sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { type Row, Scope } from '../../../sql/scope.ts';
import { compileQuery, compilerOf } from '../../../sql/select.ts';
import type { Value } from '../../../sql/value/value.ts';
import type { Outcome } from '../../outcome.ts';
import { materialize } from '../materialize.ts';
import type { BodyRunner } from '../routine.ts';
import { type Trigger, withTriggers } from '../trigger.ts';
import { defaultValue, implicitDefault } from './defaults.ts';
import { applyUpdate, sameRow, target, undoInsert, undoRemove } from './stored-row.ts';

/** Stands where the next number goes. */
const PENDING = Buffer.from('auto increment');

interface Insertion {
  readonly table: OverlayTable;
  readonly places: readonly number[];
  readonly ignore: boolean;
  firstId: bigint;
  /** Number given by the client, told where none was drawn. */
  givenId: bigint;
}

function checkRow(
  x: Execution,
  insertion: Insertion,
  values: readonly (Value | undefined)[],
  number: number,
): StoredRow {
  const { table, places } = insertion;
  const strict = x.session.strict() && !insertion.ignore;
  return table.columns.map((column, at) => {
    const place = places.indexOf(at);
    const given = place < 0 ? undefined : values[place];
    const value = given === undefined ? defaultValue(x, column, false) : given;
    // A number is drawn once every other value has been found good.
    if (column.spec.autoIncrement && (value === null || value === 0n)) return PENDING;
    if (value === null) {
      if (column.nullable) return null;
      if (!insertion.ignore) throw sqlError('ER_BAD_NULL_ERROR', column.name);
      x.warn('ER_BAD_NULL_ERROR', column.name);
      return implicitDefault(column);
    }
    const stored = storeValue(value, column, { x, row: number, strict });
    if (column.spec.autoIncrement && typeof stored === 'bigint' && stored >= table.autoIncrement)
      table.autoIncrement = stored + 1n;
    return stored;
  });
}

/** Puts the next number where one is to be drawn. */
function drawNumbers(insertion: Insertion, row: StoredRow): StoredRow {
  return row.map((value, at) => {
    if (value === PENDING) return nextId(insertion);
    if (insertion.table.columns[at]?.spec.autoIncrement && typeof value === 'bigint') insertion.givenId = value;
    return value;
  });
}

function nextId(insertion: Insertion): bigint {
  const id = insertion.table.autoIncrement;
  insertion.table.autoIncrement = id + 1n;
  if (insertion.firstId === 0n) insertion.firstId = id;
  return id;
}

/** ON DUPLICATE KEY UPDATE on the row that was there; 2 where it changed, 0 where not. */
function updateDuplicate(
  x: Execution,
  s: StatementOf<'insert'>,
  table: OverlayTable,
  existing: StoredRow,
  offered: StoredRow,
): bigint {
  const columns = [
    ...table.scopeColumns(),
    ...table.scopeColumns().map((column) => ({ ...column, table: 'VALUES()' })),
  ];
  // `VALUES(c)` is looked up under the table name no client can write.
  const scope = new Scope(
    columns.map((column, at) => (at < table.columns.length ? column : { ...column, merged: true })),
    undefined,
  );
  const row: Row = { values: [...existing, ...offered] };
  const changed = [...existing];
  for (const assignment of s.update) {
    const { at, column } = target(table, assignment);
    const value = assignment.value
      ? compile(compilerOf(x), assignment.value, scope).get(row)
      : defaultValue(x, column, true);
    changed[at] = value === null ? null : storeValue(value, column, { x, row: 1, strict: x.session.strict() });
  }
  if (sameRow(existing, changed)) return x.session.countsFound ? 1n : 0n;
  applyUpdate(x, table, existing, changed);
  return 2n;
}

function insertRow(
  x: Execution,
  s: StatementOf<'insert'>,
  insertion: Insertion,
  row: StoredRow,
): { affected: bigint; duplicates: number } {
  const { table } = insertion;
  let removed = 0;
  for (let conflict = table.conflict(row); conflict; conflict = table.conflict(row)) {
    if (s.replace) {
      table.remove(new Set([conflict.row]));
      undoRemove(x, table, [conflict.row]);
      removed++;
      continue;
    }
    if (s.update.length > 0) {
      const affected = updateDuplicate(x, s, table, conflict.row, row);
      const number = table.columns.findIndex((column) => column.spec.autoIncrement);
      const id = conflict.row[number];
      // The number told is that of the row there was.
      insertion.firstId = affected > 0n && typeof id === 'bigint' ? id : 0n;
      return { affected, duplicates: 1 };
    }
    const error = table.duplicateError(row, conflict.index);
    if (!s.ignore) throw error;
    x.session.addWarning('Warning', errorCode('ER_DUP_ENTRY'), error.message);
    return { affected: 0n, duplicates: 1 };
  }
  x.session.server.overlays.claim(x.session.overlay, table.name, rowBytes(row), 1);
  table.insert(row);
  table.changedMs = x.startedMs;
  undoInsert(x, table, row);
  return { affected: BigInt(1 + removed), duplicates: removed };
}

function insertRows(
  x: Execution,
  s: StatementOf<'insert'>,
  table: OverlayTable,
): { rows: (readonly (Value | undefined)[])[]; many: boolean } {
  if (s.query) return { rows: [...compileQuery(compilerOf(x), s.query, undefined).rows(undefined)], many: true };
  const lists = s.rows ?? [];
  const width = s.columns ? s.columns.length : table.columns.length;
  const scope = new Scope(table.scopeColumns(), undefined);
  const blank: Row = { values: table.columns.map(() => null) };
  const rows = lists.map((list, at) => {
    if (list.length !== width && !(list.length === 0 && !s.columns))
      throw sqlError('ER_WRONG_VALUE_COUNT_ON_ROW', at + 1);
    return list.map((e) => (e ? compile(compilerOf(x), e, scope).get(blank) : undefined));
  });
  return { rows, many: lists.length > 1 };
}

export function runInsert(x: Execution, s: StatementOf<'insert'>, runner: BodyRunner): Outcome {
  const table = materialize(x, s.table, 'INSERT');
  return withTriggers(x, table, 'INSERT', runner, (trigger) => insertInto(x, s, table, trigger));
}

function insertInto(
  x: Execution,
  s: StatementOf<'insert'>,
  table: OverlayTable,
  trigger: Trigger | undefined,
): Outcome {
  const places = (s.columns ?? table.columns.map((column) => column.name)).map((name) => {
    const at = table.columnAt(name);
    if (at < 0) throw sqlError('ER_BAD_FIELD_ERROR', name, 'field list');
    return at;
  });
  const twice = places.find((place, at) => places.indexOf(place) !== at);
  if (twice !== undefined) throw sqlError('ER_FIELD_SPECIFIED_TWICE', table.columns[twice]?.name ?? '');
  const { rows, many } = insertRows(x, s, table);
  if (s.query && rows[0] && rows[0].length !== places.length) throw sqlError('ER_WRONG_VALUE_COUNT_ON_ROW', 1);
  const insertion: Insertion = { table, places, ignore: s.ignore, firstId: 0n, givenId: 0n };
  let affected = 0n;
  let duplicates = 0;
  const mark = x.session.transaction.undo.length;
  const inserted: StoredRow[] = [];
  try {
    for (const [at, values] of rows.entries()) {
      x.spend(4);
      const checked = checkRow(x, insertion, values, at + 1);
      if (trigger) beforeInsert(trigger, checked);
      const row = drawNumbers(insertion, checked);
      const result = insertRow(x, s, insertion, row);
      if (result.affected === 0n)
        insertion.firstId = inserted.length === 0 && result.duplicates > 0 ? 0n : insertion.firstId;
      trigger?.('AFTER', { old: undefined, new: row });
      inserted.push(row);
      affected += result.affected;
      duplicates += result.duplicates;
    }
  } catch (error) {
    // A statement that fails leaves nothing of what it began.
    if (x.session.transaction.undo.length > mark) x.session.transaction.rollback(mark);
    else table.remove(new Set(inserted));
    throw error;
  }
  if (insertion.firstId > 0n) x.session.lastInsertId = insertion.firstId;
  const info = many ? `Records: ${rows.length}  Duplicates: ${duplicates}  Warnings: ${x.session.warningCount}` : '';
  const told = insertion.firstId > 0n ? insertion.firstId : affected > 0n ? insertion.givenId : 0n;
  return { kind: 'ok', affected, insertId: told, info };
}

/** A number still to be drawn shows as 0 to the trigger. */
function beforeInsert(trigger: Trigger, row: StoredRow): void {
  const pending = row.indexOf(PENDING);
  if (pending >= 0) row[pending] = 0n;
  trigger('BEFORE', { old: undefined, new: row });
  if (pending >= 0 && row[pending] === 0n) row[pending] = PENDING;
}
