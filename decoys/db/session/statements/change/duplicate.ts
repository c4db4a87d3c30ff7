// ON DUPLICATE KEY UPDATE: what is done to the row that was there.
// Source: https://dev.mysql.com/doc/refman/9.7/en/insert-on-duplicate.html
import type { TableColumn } from '../../../overlay/column.ts';
import type { StoredRow } from '../../../overlay/row-bytes.ts';
import { storeValue } from '../../../overlay/store-value.ts';
import type { StatementOf } from '../../../sql/ast/statement.ts';
import { compile } from '../../../sql/compile.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { type Row, Scope, type ScopeColumn } from '../../../sql/scope.ts';
import { compilerOf } from '../../../sql/select.ts';
import type { Value } from '../../../sql/value/value.ts';
import { expectFree, expectNoReturn } from '../../row-locking.ts';
import type { Trigger } from '../trigger.ts';
import { stamped } from './changed-row.ts';
import { defaultValue } from './defaults.ts';
import type { Insertion } from './insertion.ts';
import { updateWithChildren } from './references.ts';
import { refuseGenerated, sameRow, target } from './stored-row.ts';

/** Names the assignments may use: the row there was, the row offered as VALUES(), and as its alias. */
function scopeOf(s: StatementOf<'insert'>, insertion: Insertion): Scope {
  const { table, places } = insertion;
  const own = table.scopeColumns();
  // `VALUES(c)` is looked up under a table name no client can write.
  const offered = own.map((column): ScopeColumn => ({ ...column, table: 'VALUES()', merged: true }));
  if (!s.alias) return new Scope([...own, ...offered], undefined);
  const { columns, table: name } = s.alias;
  if (columns.length > 0 && columns.length !== places.length) throw sqlError('ER_VIEW_WRONG_LIST');
  const aliased = own.map((column, at): ScopeColumn => {
    const place = places.indexOf(at);
    const renamed = columns.length > 0 ? (columns[place] ?? '') : column.name;
    // Only what was given a value can be named.
    return { ...column, schema: '', table: name, name: place < 0 ? '' : renamed };
  });
  return new Scope([...own, ...offered, ...aliased], undefined);
}

/** Rows affected where the row that was there changed. */
export const CHANGED = 2n;

/** `CHANGED`; 0 where the row is as it was, or 1 for who counts rows found. */
export function updateDuplicate(
  x: Execution,
  s: StatementOf<'insert'>,
  insertion: Insertion,
  existing: StoredRow,
  offered: StoredRow,
  number: number,
  trigger: Trigger | undefined,
): bigint {
  const { table } = insertion;
  const width = table.named.length;
  const scope = scopeOf(s, insertion);
  const tail = offered.slice(0, width);
  const changed = [...existing];
  const assigned: number[] = [];
  for (const assignment of s.update) {
    const { at, column } = target(table, assignment);
    refuseGenerated(table, column, assignment.value !== undefined);
    const row: Row = { values: [...changed.slice(0, width), ...tail, ...tail] };
    const value = assignment.value
      ? compile(compilerOf(x), assignment.value, scope).get(row)
      : defaultValue(x, column, true);
    changed[at] = fitted(x, column, value, number);
    assigned.push(at);
  }
  const offeredRow = stamped(x, table, existing, changed, assigned);
  trigger?.('BEFORE', { old: existing, new: offeredRow }, 'UPDATE');
  const values = insertion.rules.complete(offeredRow, number);
  if (sameRow(existing, values)) return x.session.countsFound ? 1n : 0n;
  insertion.rules.check(values);
  insertion.rules.place(values);
  const conflict = table.conflict(values, existing);
  expectNoReturn(x.session, table, values);
  if (conflict) expectFree(x.session, table, conflict.row);
  if (conflict) throw table.duplicateError(values, conflict.index, x);
  const before = trigger && [...existing];
  updateWithChildren(x, table, existing, values);
  trigger?.('AFTER', { old: before, new: values }, 'UPDATE');
  return CHANGED;
}

function fitted(x: Execution, column: TableColumn, value: Value, number: number): Value {
  if (value !== null) return storeValue(value, column, { x, row: number, strict: x.session.strict() });
  if (!column.nullable) throw sqlError('ER_BAD_NULL_ERROR', column.name);
  return null;
}
