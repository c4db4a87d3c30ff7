// A row put beside others: what it collides with is replaced, updated, left out or told.
// Source: https://dev.mysql.com/doc/refman/9.7/en/insert-on-duplicate.html, replace.html

import type { StoredRow } from '../../../overlay/row-bytes.ts';
import type { OverlayTable } from '../../../overlay/table.ts';
import type { StatementOf } from '../../../sql/ast/statement.ts';
import type { IndexSpec } from '../../../sql/ast/table.ts';
import { errorCode } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { toText } from '../../../sql/value/value.ts';
import { expectFree, expectNoReturn } from '../../row-locking.ts';
import { checksForeignKeys, childrenOf } from '../define/references.ts';
import type { Trigger } from '../trigger.ts';
import { CHANGED, updateDuplicate } from './duplicate.ts';
import { giveBack, type Insertion } from './insertion.ts';
import { checkReferred, deleteWithChildren, updateWithChildren } from './references.ts';
import { addRow, sameRow } from './stored-row.ts';

/** A row others refer to by a key that stays is changed where it is. */
function staysReferred(x: Execution, table: OverlayTable, before: StoredRow, row: StoredRow): boolean {
  const links = checksForeignKeys(x) ? childrenOf(x, table) : [];
  const same = links.every(({ key }) =>
    key.referenced.every((name) => {
      const at = table.columnAt(name);
      return toText(before[at] ?? null) === toText(row[at] ?? null);
    }),
  );
  if (links.length === 0 || !same || table.conflict(row, before)) return false;
  updateWithChildren(x, table, before, row);
  return true;
}

/** Whether InnoDB changes the row that has this key where it is: no other key can be in the way any more. */
function isLastKey(table: OverlayTable, index: IndexSpec): boolean {
  return table.uniqueIndexes.at(-1) === index && table.facts.engine === 'InnoDB';
}

/** What became of a row offered. */
export interface Inserted {
  readonly affected: bigint;
  readonly duplicates: number;
  /** Another row was changed instead, or none. */
  readonly instead?: boolean;
}

/** Makes room for a row that replaces others, or says which one it collides with. */
export function insertRow(
  x: Execution,
  s: StatementOf<'insert'>,
  insertion: Insertion,
  row: StoredRow,
  number: number,
  trigger: Trigger | undefined,
): Inserted {
  const { table } = insertion;
  let removed = 0;
  expectNoReturn(x.session, table, row);
  for (let conflict = table.conflict(row); conflict; conflict = table.conflict(row)) {
    expectFree(x.session, table, conflict.row);
    if (s.replace) {
      if (staysReferred(x, table, conflict.row, row)) return { affected: 2n, duplicates: 1 };
      trigger?.('BEFORE', { old: conflict.row, new: undefined }, 'DELETE');
      const alike = !trigger && isLastKey(table, conflict.index) && sameRow(conflict.row, row);
      deleteWithChildren(x, table, [conflict.row]);
      // Where the new row is the old one, nothing is counted as removed.
      if (alike) continue;
      trigger?.('AFTER', { old: conflict.row, new: undefined }, 'DELETE');
      removed++;
      continue;
    }
    giveBack(insertion, row);
    if (s.update.length > 0) {
      const affected = updateDuplicate(x, s, insertion, conflict.row, row, number, trigger);
      const id = conflict.row[table.columns.findIndex((column) => column.spec.autoIncrement)];
      // The number told is that of the row there was; one that was found and not changed counts for who asked for that.
      const changed = affected === CHANGED;
      insertion.firstId = changed && typeof id === 'bigint' ? id : 0n;
      return { affected, duplicates: changed ? 1 : 0, instead: true };
    }
    const error = table.duplicateError(row, conflict.index, x);
    if (!s.ignore) throw error;
    x.session.addWarning('Warning', errorCode('ER_DUP_ENTRY'), error.message);
    return { affected: 0n, duplicates: 1, instead: true };
  }
  checkReferred(x, table, row);
  x.session.server.overlays.claim(x.session.overlay, table.name, table.costOf(row), 1);
  addRow(x, table, row);
  return { affected: BigInt(1 + removed), duplicates: removed };
}
