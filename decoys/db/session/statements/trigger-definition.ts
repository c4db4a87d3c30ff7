// What CREATE TRIGGER asks of its table, and its place among the triggers of its moment.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-trigger.html; errors as answered by a live 9.7.4.
import type { Routine } from '../../overlay/routine.ts';
import type { TriggerPlace } from '../../sql/ast/routine.ts';
import type { TableName } from '../../sql/ast/table.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { schemaDenied } from '../denied.ts';
import { canonicalSchema } from '../schemas.ts';
import { materialize } from './materialize.ts';

/**
 * Throws 1465 for the server's own tables, 1044 where none can be, 1435 for one of another schema than the trigger's,
 * 1361 for views and temporary tables, and 1054 for a column of NEW or OLD the table has not.
 */
export function triggerTable(
  x: Execution,
  table: TableName,
  triggerSchema: string,
  rowNames: readonly (readonly [string, string])[],
): void {
  const schema = canonicalSchema(table.schema);
  if (schema === 'mysql') throw sqlError('ER_NO_TRIGGERS_ON_SYSTEM_SCHEMA');
  if (schema === 'performance_schema') throw schemaDenied(x.session, schema);
  if (schema !== triggerSchema) throw sqlError('ER_TRG_IN_WRONG_SCHEMA');
  const view = x.session.overlay.databases.get(schema)?.views.has(table.name);
  if (view || x.session.temporary.has(`${schema}.${table.name}`))
    throw sqlError('ER_TRG_ON_VIEW_OR_TEMP_TABLE', table.name);
  const own = materialize(x, table);
  for (const [row, column] of rowNames) if (own.columnAt(column) < 0) throw sqlError('ER_BAD_FIELD_ERROR', column, row);
}

function sameMoment(a: Routine, b: Routine): boolean {
  return (
    a.type === 'TRIGGER' &&
    a.schema === b.schema &&
    a.table === b.table &&
    a.moment?.timing === b.moment?.timing &&
    a.moment?.event === b.moment?.event
  );
}

/** All routines with a new trigger at its place; undefined where that is the last. Throws 3011. */
export function placed(
  routines: ReadonlyMap<string, Routine>,
  trigger: Routine,
  place: TriggerPlace | undefined,
): Routine[] | undefined {
  if (!place) return undefined;
  const all = [...routines.values()];
  const at = all.findIndex((one) => sameMoment(one, trigger) && one.name.toLowerCase() === place.other.toLowerCase());
  if (at < 0) throw sqlError('ER_REFERENCED_TRG_DOES_NOT_EXIST', place.other);
  return all.toSpliced(place.follows ? at + 1 : at, 0, trigger);
}
