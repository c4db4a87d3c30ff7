// A view that is changed: its tables, conditions and columns, merged into the statement as the server merges them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/view-updatability.html and view-check-option.html
import type { View } from '../../../overlay/overlay.ts';
import type { Expression } from '../../../sql/ast/expression.ts';
import type { SelectCore, TableRef } from '../../../sql/ast/query.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { partsOf } from '../../../sql/parts.ts';
import { substituted } from '../../../sql/substitute.ts';
import { canonicalSchema } from '../../schemas.ts';

/** Views over views. */
const DEPTH = 16;

export interface MergedView {
  readonly view: View;
  readonly from: TableRef;
  readonly where: Expression | undefined;
  /** What each of its columns is, by lower-case name. */
  readonly columns: ReadonlyMap<string, Expression>;
  /** Conditions rows must meet under CHECK OPTION, each with the view that told of it. */
  readonly checks: readonly { readonly view: View; readonly condition: Expression }[];
}

/** The source's view of this name; undefined where it has none. */
export function viewNamed(x: Execution, schema: string, name: string): View | undefined {
  const database = canonicalSchema(schema || x.session.database);
  return x.session.overlay.databases.get(database)?.views.get(name);
}

function isTables(ref: TableRef): boolean {
  if (ref.kind === 'table') return true;
  return ref.kind === 'join' && ref.type === 'inner' && isTables(ref.left) && isTables(ref.right);
}

const SETS: ReadonlySet<Expression['kind']> = new Set(['aggregate', 'window']);

/** The view's SELECT where rows of it are rows of its tables; undefined where they are not. */
export function mergeable(view: View): SelectCore | undefined {
  const { body, limit } = view.query;
  if (view.algorithm === 'TEMPTABLE' || view.query.with.length > 0 || body.kind !== 'select' || limit) return undefined;
  if (body.distinct || body.group.length > 0 || body.having || body.windows.size > 0) return undefined;
  if (!body.from || !isTables(body.from)) return undefined;
  const counts = body.items.some(({ expression }) => expression && partsOf(expression).some((e) => SETS.has(e.kind)));
  return counts ? undefined : body;
}

/** Both conditions, or the one there is. */
export function and(a: Expression | undefined, b: Expression | undefined): Expression | undefined {
  if (!a || !b) return a ?? b;
  return { kind: 'binary', operator: 'AND', left: a, right: b, start: b.start, end: b.end };
}

/** The view over its own tables, views beneath it merged too; undefined where it cannot be changed through. */
export function mergeView(x: Execution, view: View, depth = 0): MergedView | undefined {
  const core = mergeable(view);
  if (!core?.from || depth > DEPTH) return undefined;
  const columns = new Map<string, Expression>();
  for (const [at, item] of core.items.entries()) {
    const { expression } = item;
    if (!expression) return undefined;
    const name = view.columns[at] ?? item.alias ?? (expression.kind === 'column' ? expression.path.at(-1) : item.text);
    columns.set((name ?? '').toLowerCase(), expression);
  }
  const own: MergedView = { view, from: core.from, where: core.where, columns, checks: checksOf(view, core.where) };
  const { from } = core;
  if (from.kind !== 'table') return own;
  const below = viewNamed(x, from.schema || view.schema, from.name);
  if (!below) return { ...own, from: { ...from, schema: from.schema || view.schema } };
  const merged = mergeView(x, below, depth + 1);
  if (!merged) return undefined;
  return throughView(own, merged, from.alias);
}

function checksOf(view: View, where: Expression | undefined): MergedView['checks'] {
  return where && view.checkOption !== 'NONE' ? [{ view, condition: where }] : [];
}

/** Reads `path` as a column of a view; undefined where it is none of its. */
export function viewColumn(merged: MergedView, alias: string, path: readonly string[]): Expression | undefined {
  const table = path.length > 1 ? path.at(-2) : undefined;
  if (table !== undefined && table !== alias) return undefined;
  return merged.columns.get((path.at(-1) as string).toLowerCase());
}

/** `own`, a view over the view `below`, as one over the tables of that. */
function throughView(own: MergedView, below: MergedView, alias: string): MergedView {
  const replace = (path: readonly string[]) => viewColumn(below, alias, path);
  const where = own.where && substituted(own.where, replace);
  const cascades = own.view.checkOption === 'CASCADED' && below.where;
  return {
    view: own.view,
    from: below.from,
    where: and(below.where, where),
    columns: new Map([...own.columns].map(([name, e]) => [name, substituted(e, replace)])),
    checks: [
      ...own.checks.map(({ view, condition }) => ({ view, condition: substituted(condition, replace) })),
      ...(cascades ? [{ view: own.view, condition: below.where as Expression }] : []),
      ...below.checks,
    ],
  };
}

/** Throws 1348 for a column of the view that is no column of a table. */
export function changedColumn(merged: MergedView, path: readonly string[]): readonly string[] {
  const name = path.at(-1) as string;
  const found = merged.columns.get(name.toLowerCase());
  if (!found) throw sqlError('ER_BAD_FIELD_ERROR', path.join('.'), 'field list');
  if (found.kind !== 'column') throw sqlError('ER_NONUPDATEABLE_COLUMN', name);
  return found.path;
}
