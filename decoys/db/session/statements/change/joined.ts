// Rows of several tables that a multi-table UPDATE or DELETE finds, by running its join as a query over their columns.
// Source: https://dev.mysql.com/doc/refman/9.7/en/update.html and delete.html

import type { StoredRow } from '../../../overlay/row-bytes.ts';
import type { OverlayTable } from '../../../overlay/table.ts';
import type { Leading } from '../../../sql/ast/change.ts';
import type { Expression } from '../../../sql/ast/expression.ts';
import { plainSelect } from '../../../sql/ast/plain-select.ts';
import type { SelectItem, TableRef } from '../../../sql/ast/query.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { compileQuery, compilerOf } from '../../../sql/select.ts';
import type { Steps } from '../../../sql/steps.ts';
import { toText, type Value } from '../../../sql/value/value.ts';
import { materialize } from '../materialize.ts';

export interface JoinedTable {
  readonly alias: string;
  readonly table: OverlayTable;
}

/** Tables a FROM reads by name, in order. */
export function tablesIn(ref: TableRef): Extract<TableRef, { kind: 'table' }>[] {
  if (ref.kind === 'table') return [ref];
  return ref.kind === 'join' ? [...tablesIn(ref.left), ...tablesIn(ref.right)] : [];
}

const SPAN = { start: 0, end: 0 };

function key(values: readonly Value[]): string {
  return values.map((value) => (value === null ? '\u0001' : toText(value))).join('\u0000');
}

/** Finds stored rows by what they hold: rows that are equal meet the same condition. */
function finder({ session }: Execution, table: OverlayTable): (values: readonly Value[]) => readonly StoredRow[] {
  const width = table.named.length;
  const rows = new Map<string, StoredRow[]>();
  for (const row of table.rows) {
    const text = key(row.slice(0, width).map((value) => session.atZone(value)));
    const known = rows.get(text);
    if (known) known.push(row);
    else rows.set(text, [row]);
  }
  return (values) => rows.get(key(values)) ?? [];
}

interface Join extends Leading {
  readonly from: TableRef;
  readonly where: Expression | undefined;
}

/**
 * For each row of the join, the stored rows of each table and the values of `expressions`.
 * A table without a row there, as LEFT JOIN leaves it, has none.
 */
export function* joinedRows(
  x: Execution,
  join: Join,
  tables: readonly JoinedTable[],
  expressions: readonly Expression[],
): Steps<{ readonly rows: readonly (readonly StoredRow[])[]; readonly values: readonly Value[] }[]> {
  const items: SelectItem[] = tables.flatMap(({ alias, table }) =>
    table.named.map((column) => ({
      expression: { kind: 'column' as const, path: [alias, column.name], ...SPAN },
      star: undefined,
      alias: undefined,
      text: column.name,
    })),
  );
  for (const expression of expressions) items.push({ expression, star: undefined, alias: undefined, text: '' });
  const body = plainSelect(items, join.from, join.where);
  const query = { body, order: [], limit: undefined, into: undefined, locking: false };
  const compiled = compileQuery(compilerOf(x), { ...query, with: join.with, recursive: join.recursive }, undefined);
  const found = yield* compiled.steps(undefined);
  const finders = tables.map(({ table }) => finder(x, table));
  return found.map((values) => {
    let at = 0;
    const rows = tables.map(({ table }, number) => {
      const own = values.slice(at, at + table.named.length);
      at += table.named.length;
      return finders[number]?.(own) ?? [];
    });
    return { rows, values: values.slice(at) };
  });
}

/** The stored tables of a join's FROM; throws 1288 where a change is asked of one that is none. */
export function storedTable(x: Execution, ref: Extract<TableRef, { kind: 'table' }>, verb: string): JoinedTable {
  return { alias: ref.alias, table: materialize(x, { schema: ref.schema, name: ref.name }, verb) };
}

/** True where a subquery reads the table, but for those that are copied first. */
function readsTable(value: unknown, schema: string, name: string, database: string): boolean {
  if (Array.isArray(value)) return value.some((item) => readsTable(item, schema, name, database));
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return false;
  const node = value as { readonly kind?: string; readonly schema?: string; readonly name?: string };
  if (node.kind === 'derived') return false;
  if (node.kind === 'table' && node.name === name && (node.schema || database) === schema) return true;
  return Object.values(value).some((part) => readsTable(part, schema, name, database));
}

/** Throws 1093 where a statement reads, in a subquery, the table it changes. */
export function refuseOwnReads(x: Execution, table: OverlayTable, alias: string, parts: readonly unknown[]): void {
  if (readsTable(parts, table.schema, table.name, x.session.database)) throw sqlError('ER_UPDATE_TABLE_USED', alias);
}
