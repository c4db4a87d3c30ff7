// Whether the server tells of a scan where one of its own tables is read by a condition.
// Source: flags as recorded from 9.7 (SERVER_QUERY_NO_INDEX_USED).
import { usesColumn } from '../overlay/index-use.ts';
import { type SystemTable, systemRows } from '../persona/system-tables.ts';
import type { Expression } from '../sql/ast/expression.ts';
import { STATUS } from '../wire/constants.ts';

/** Columns the dictionary's tables are indexed by. */
const INDEXED = new Set([
  'schema_name',
  'character_set_name',
  'collation_name',
  'table_schema',
  'routine_schema',
  'specific_schema',
  'trigger_schema',
  'constraint_schema',
  'event_schema',
]);

/** Whether reading a view of INFORMATION_SCHEMA by this condition is told as a scan. */
export function scansDictionary(name: string, where: Expression | undefined): boolean {
  if (where && usesColumn(where, INDEXED)) return false;
  if (UNFLAGGED.has(name)) return name === 'TABLES' && where !== undefined && !mentions(where, INDEXED);
  return name !== 'KEYWORDS';
}

/** True where the condition names one of the columns at all. */
function mentions(e: Expression, names: ReadonlySet<string>): boolean {
  if (e.kind === 'column') return names.has(e.path.at(-1)?.toLowerCase() ?? '');
  if (e.kind === 'binary') return mentions(e.left, names) || mentions(e.right, names);
  if (e.kind === 'unary' || e.kind === 'is' || e.kind === 'in' || e.kind === 'between' || e.kind === 'like')
    return mentions(e.operand, names);
  return false;
}

/** Tables whose rows the server finds by index, or in dictionary order, so that no flag tells of a scan. */
export const UNFLAGGED = new Set(['COLUMNS', 'STATISTICS', 'TABLES']);

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

/** True where a hash index of one of the columns finds the rows: by equal values alone. */
export function asksByHash(e: Expression, columns: ReadonlySet<string>): boolean {
  const named = (side: Expression) => side.kind === 'column' && columns.has(side.path.at(-1)?.toLowerCase() ?? '');
  if (e.kind === 'binary' && e.operator === 'AND') return asksByHash(e.left, columns) || asksByHash(e.right, columns);
  if (e.kind === 'binary' && e.operator === 'OR') return asksByHash(e.left, columns) && asksByHash(e.right, columns);
  if (e.kind === 'binary' && e.operator === '=') return named(e.left) || named(e.right);
  return (e.kind === 'in' || e.kind === 'is') && named(e.operand);
}

/** Whether recorded status flags tell of a scan. */
export function scanned(status = 0): boolean {
  return (status & STATUS.NO_INDEX) !== 0;
}
