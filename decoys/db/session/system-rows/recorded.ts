// Rows recorded from the server, by the names of their table's columns.
import { systemRows, systemTable } from '../../persona/system-tables.ts';
import type { Record_ } from './record.ts';

/** Recorded rows by the table's own columns. */
export function recordedRecords(key: string): Record_[] {
  const [schema, name] = [key.slice(0, key.indexOf('.')), key.slice(key.indexOf('.') + 1)];
  const names = systemTable(schema, name)?.columns.map((column) => column.name) ?? [];
  return systemRows(key).map((row) => Object.fromEntries(names.map((column, at) => [column, row[at] ?? null])));
}
