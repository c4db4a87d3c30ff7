import { FLAG } from '../../wire/constants.ts';
import type { Expression, OrderItem } from '../ast/expression.ts';
import type { Query, QueryBody, TableRef } from '../ast/query.ts';
import type { IndexSpec } from '../ast/table.ts';
import { sqlError } from '../errors.ts';
import type { Scope, ScopeColumn } from '../scope.ts';
import { holdsTotal, operandsOf, queriesIn } from '../walk.ts';
import type { Phases } from './resolve.ts';

/** Throws 1250 where ORDER BY names a table of one of the queries, 3028 where it holds a total. */
export function checkUnionOrder(order: readonly OrderItem[], body: Extract<QueryBody, { kind: 'set' }>): void {
  for (const [at, { expression }] of order.entries()) {
    if (holdsTotal(expression)) throw sqlError('ER_AGGREGATE_ORDER_FOR_UNION', at + 1);
    const table = expression.kind === 'column' ? expression.path.at(-2) : undefined;
    if (table !== undefined && readsFrom(body, table)) throw sqlError('ER_TABLENAME_NOT_ALLOWED_HERE', table);
  }
}

function readsFrom(body: QueryBody, alias: string): boolean {
  if (body.kind === 'set') return readsFrom(body.left.body, alias) || readsFrom(body.right.body, alias);
  if (body.kind !== 'select') return false;
  const names = (ref: TableRef | undefined): boolean =>
    ref !== undefined && (ref.kind === 'join' ? names(ref.left) || names(ref.right) : ref.alias === alias);
  return names(body.from);
}

/** True where rows of a join are sorted by what is not of the table read first: they are put into a table before. */
export function sortsJoined({ reading, source, group }: Phases, { order }: Query, scope: Scope): boolean {
  if (order.length === 0 || group.length > 0 || (source.leaves?.length ?? 0) < 2) return false;
  const { plan, steps } = reading();
  const [first] = steps;
  if (!plan || !first || steps.length < 2) return false;
  const { alias } = first.candidate.facts.leaf;
  if (steps.some(({ access }) => access.hashed)) return true;
  return order.some(({ expression: e }) => e.kind !== 'column' || scope.own(e.path)?.table !== alias);
}

/** True for an expression that gives another value each time, or asks a query for it: a sort by it takes a table of its own. */
export function worksAnew(e: Expression): boolean {
  if (e.kind === 'call' && e.name.toUpperCase() === 'RAND') return true;
  return queriesIn(e).length > 0 || operandsOf(e).some(worksAnew);
}

/** The primary key of a table of the server's own, as its columns tell it. */
export function primaryOf(columns: readonly ScopeColumn[]): IndexSpec[] {
  const keyed = columns.filter((column) => ((column.type.flags ?? 0) & FLAG.PRI_KEY) !== 0);
  if (keyed.length === 0) return [];
  return [{ kind: 'primary', name: 'PRIMARY', columns: keyed.map(({ name }) => ({ name, length: undefined })) }];
}
