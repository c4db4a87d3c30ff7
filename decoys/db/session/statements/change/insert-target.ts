// The table an INSERT goes to: the one it names, or the one beneath the view it names.
// Source: https://dev.mysql.com/doc/refman/9.7/en/view-updatability.html
import type { OverlayTable } from '../../../overlay/table.ts';
import type { StatementOf } from '../../../sql/ast/statement.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { materialize } from '../materialize.ts';
import { type MergedView, mergeView, viewNamed } from './view-merge.ts';

export interface InsertTarget {
  readonly table: OverlayTable;
  /** What of the statement is otherwise for the table. */
  readonly statement: Partial<StatementOf<'insert'>>;
  readonly checks: MergedView['checks'];
  /** The view the statement names. */
  readonly view?: { readonly schema: string; readonly name: string };
}

/** The table an INSERT goes into: through views that may be written, with the conditions they check. */
export function insertTarget(x: Execution, s: StatementOf<'insert'>): InsertTarget {
  const view = viewNamed(x, s.table.schema, s.table.name);
  if (!view) return { table: materialize(x, s.table, 'INSERT'), statement: {}, checks: [] };
  const merged = mergeView(x, view);
  const refused = () => sqlError('ER_NON_INSERTABLE_TABLE', s.table.name, 'INSERT');
  if (!merged) throw refused();
  if (merged.from.kind !== 'table') {
    if (!s.columns) throw sqlError('ER_VIEW_NO_INSERT_FIELD_LIST', view.schema, view.name);
    throw sqlError('ER_VIEW_MULTIUPDATE', view.schema, view.name);
  }
  const named = s.columns ?? [...merged.columns.keys()];
  const columns = named.map((name) => {
    const found = merged.columns.get(name.toLowerCase());
    if (!found) throw sqlError('ER_BAD_FIELD_ERROR', name, 'field list');
    if (found.kind !== 'column') throw refused();
    return found.path.at(-1) as string;
  });
  const whole = [...merged.columns.values()].every((e) => e.kind === 'column');
  if (!whole || new Set(columns).size !== columns.length) throw refused();
  const table = materialize(x, { schema: merged.from.schema, name: merged.from.name }, 'INSERT');
  const update = s.update.map((assignment) => ({
    ...assignment,
    column: [
      (merged.columns.get((assignment.column.at(-1) as string).toLowerCase()) as { path?: string[] })?.path?.at(-1) ??
        '',
    ],
  }));
  return { table, statement: { columns, update }, checks: merged.checks, view };
}
