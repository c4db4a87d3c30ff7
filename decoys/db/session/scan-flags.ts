// Whether the server tells of a scan where one of its own tables is read by a condition.
// Source: flags as recorded from 9.7 (SERVER_QUERY_NO_INDEX_USED).
import { type SystemTable, systemRows } from '../persona/system-tables.ts';
import type { Expression } from '../sql/ast/expression.ts';
import { operandsOf } from '../sql/walk.ts';
import { STATUS } from '../wire/constants.ts';

const leading = new WeakMap<SystemTable, ReadonlySet<string>>();

/** Columns an index of the table begins with, in lower case. */
export function leadingColumns(table: SystemTable): ReadonlySet<string> {
  let found = leading.get(table);
  if (!found) {
    const rows = systemRows('information_schema.STATISTICS').filter(
      ([, schema, name, , , , at]) => schema === table.schema && name === table.name && at === '1',
    );
    found = new Set(rows.map((row) => (row[7] ?? '').toLowerCase()));
    leading.set(table, found);
  }
  return found;
}

/** A stored function may give another value for each row: what it is compared with is not looked up. */
function callsStored(e: Expression): boolean {
  return (e.kind === 'call' && e.schema !== '') || operandsOf(e).some(callsStored);
}

/** True where a hash index of one of the columns finds the rows: by equal values alone. */
export function asksByHash(e: Expression, columns: ReadonlySet<string>): boolean {
  const named = (side: Expression) => side.kind === 'column' && columns.has(side.path.at(-1)?.toLowerCase() ?? '');
  if (e.kind === 'binary' && e.operator === 'AND') return asksByHash(e.left, columns) || asksByHash(e.right, columns);
  if (e.kind === 'binary' && e.operator === 'OR') return asksByHash(e.left, columns) && asksByHash(e.right, columns);
  if (e.kind === 'binary' && e.operator === '=')
    return (named(e.left) && !callsStored(e.right)) || (named(e.right) && !callsStored(e.left));
  return (e.kind === 'in' || e.kind === 'is') && named(e.operand);
}

/** Whether recorded status flags tell of a scan. */
export function scanned(status = 0): boolean {
  return (status & STATUS.NO_INDEX) !== 0;
}
