// A view as a query reads it: by its definer's rights, its depth and what it draws on bounded.
// Source: https://dev.mysql.com/doc/refman/9.7/en/views.html
import type { View } from '../overlay/overlay.ts';
import type { Expression } from '../sql/ast/expression.ts';
import type { Query } from '../sql/ast/query.ts';
import { errorCode, SqlError, sqlError } from '../sql/errors.ts';
import { Execution } from '../sql/execution.ts';
import { givesOneRow, shownColumns } from '../sql/query/derived.ts';
import { compileQuery, compilerOf } from '../sql/select.ts';
import { substituted } from '../sql/substitute.ts';
import type { Session } from './session.ts';
import { and, mergeable, mergeView } from './statements/change/view-merge.ts';
import type { TableSource } from './table-source.ts';

/** Views under way, each of which may read others. */
const VIEW_DEPTH = 24;
/** What opening one costs the statement that reads it, in cells: a view that reads another twice doubles what is opened. */
const VIEW_CELLS = 2_000;
let viewsOpen = 0;

/** Errors that tell a view's tables are not what they were. */
const GONE: ReadonlySet<number> = new Set(
  (
    ['ER_NO_SUCH_TABLE', 'ER_BAD_FIELD_ERROR', 'ER_BAD_DB_ERROR', 'ER_SP_DOES_NOT_EXIST', 'ER_VIEW_INVALID'] as const
  ).map(errorCode),
);

/** A view's rows and columns. Throws 1356 where what it reads is gone. */
export function viewSource(session: Session, view: View): TableSource {
  if (viewsOpen >= VIEW_DEPTH) throw sqlError('ER_TOO_HIGH_LEVEL_OF_NESTING');
  viewsOpen++;
  session.asDefiner++;
  try {
    return openedView(session, view);
  } catch (error) {
    if (!(error instanceof SqlError) || !GONE.has(error.code)) throw error;
    throw sqlError('ER_VIEW_INVALID', view.schema, view.name);
  } finally {
    session.asDefiner--;
    viewsOpen--;
  }
}

function openedView(session: Session, view: View): TableSource {
  const x = new Execution(session, Date.now(), Math.random, session.budget);
  x.routines = session.routines;
  x.hold(VIEW_CELLS);
  const compiled = compileQuery(compilerOf(x), view.query, undefined);
  const columns = shownColumns(compiled.columns, view.name, view.columns, view.query).map((column, at) => {
    const name = view.columns[at] ?? column.name;
    return {
      ...column,
      schema: view.schema,
      table: view.name,
      name,
      // What is read into a temporary table keeps the names of its tables.
      orgTable: mergeable(view) || column.orgTable === '' ? view.name : column.orgTable,
      orgName: name,
      shownSchema: view.schema,
    };
  });
  return {
    schema: view.schema,
    name: view.name,
    columns,
    shows: compiled.columns,
    rows: () => compiled.rows(undefined),
    steps: () => compiled.steps(undefined),
    scans: (where) => scansView(x, view, where),
  };
}

/** Whether a view is read row by row: one merged into the query is read as its tables are, another out of a temporary table. */
function scansView(x: Execution, view: View, where: Expression | undefined): boolean {
  const { session } = x;
  const merged = mergeable(view) && mergeView(x, view);
  if (!merged && !givesOneRow(view.query, false)) return true;
  const { body } = view.query;
  if (body.kind !== 'select') return true;
  const replace = (path: readonly string[]) => merged?.columns.get((path.at(-1) as string).toLowerCase());
  const condition = merged && where && substituted(where, replace);
  const query: Query = merged
    ? { ...view.query, body: { ...body, from: merged.from, where: and(merged.where, condition) } }
    : view.query;
  session.asDefiner++;
  try {
    return compileQuery(compilerOf(x), query, undefined).reading?.().scans ?? true;
  } catch (error) {
    // What compares it with other tables' columns leads to no row of its own.
    if (!(error instanceof SqlError) || !GONE.has(error.code)) throw error;
    return true;
  } finally {
    session.asDefiner--;
  }
}
