// DELETE on the source's overlay.
// Source: https://dev.mysql.com/doc/refman/9.7/en/delete.html
import type { OverlayTable, StoredRow } from '../../../overlay/table.ts';
import type { Expression } from '../../../sql/ast/expression.ts';
import type { StatementOf } from '../../../sql/ast/statement.ts';
import type { Execution } from '../../../sql/execution.ts';
import { compileQuery, compilerOf } from '../../../sql/select.ts';
import { STATUS } from '../../../wire/constants.ts';
import type { Outcome } from '../../outcome.ts';
import { materialize } from '../materialize.ts';
import type { BodyRunner } from '../routine.ts';
import { type Trigger, withTriggers } from '../trigger.ts';
import { matching, refuseUnsafe, scopeOf } from './matching.ts';
import { sameRow, undoRemove } from './stored-row.ts';

export function runDelete(x: Execution, s: StatementOf<'delete'>, runner: BodyRunner): Outcome {
  const table = materialize(x, s.table, 'DELETE');
  return withTriggers(x, table, 'DELETE', runner, (trigger) => deleteRows(x, s, table, trigger));
}

function deleteRows(
  x: Execution,
  s: StatementOf<'delete'>,
  table: OverlayTable,
  trigger: Trigger | undefined,
): Outcome {
  refuseUnsafe(x, table, s);
  const rows =
    s.from.kind === 'table'
      ? matching(x, table, scopeOf(table, s.alias), s).map((entry) => entry.row)
      : joinedRows(x, s, table);
  if (s.from.kind === 'table' && scansToDelete(table, s.where)) x.statusFlags |= STATUS.NO_INDEX;
  for (const row of trigger ? rows : []) trigger?.('BEFORE', { old: row, new: undefined });
  table.remove(new Set(rows));
  if (rows.length > 0) table.changedMs = x.startedMs;
  undoRemove(x, table, rows);
  for (const row of trigger ? rows : []) trigger?.('AFTER', { old: row, new: undefined });
  return { kind: 'ok', affected: BigInt(rows.length) };
}

/** A delete tells of a scan where a condition is looked for in every row; without one the table is emptied as a whole. */
function scansToDelete(table: OverlayTable, where: Expression | undefined): boolean {
  if (table.schema === 'mysql') return table.scans(where);
  return where !== undefined && table.scans(where) && table.rows.length > 0 && table.indexes.length === 0;
}

/** Rows of the target that a join finds, by running the join as a query over the target's columns. */
function joinedRows(x: Execution, s: StatementOf<'delete'>, table: OverlayTable): StoredRow[] {
  const items = [{ expression: undefined, star: [s.alias], alias: undefined, text: '*' }];
  const body = {
    kind: 'select',
    distinct: false,
    calcFoundRows: false,
    items,
    from: s.from,
    where: s.where,
    group: [],
    rollup: false,
    having: undefined,
    windows: new Map(),
  } as const;
  const found = compileQuery(
    compilerOf(x),
    { body, order: [], limit: undefined, into: undefined, with: [], recursive: false, locking: false },
    undefined,
  ).rows(undefined);
  return table.rows.filter((row) => found.some((values) => sameRow(row, values)));
}
