// How UPDATE and DELETE of one table find their rows: by ranges of an index alone, never by a lookup, or by going through all.
// Source: EXPLAIN of a live 9.7.4; https://dev.mysql.com/doc/refman/9.7/en/explain-output.html

import { wholeTable } from '../../sql/ast/plain-select.ts';
import type { StatementOf } from '../../sql/ast/statement.ts';
import type { Execution } from '../../sql/execution.ts';
import { conditionsOf } from '../../sql/plan/conditions.ts';
import { bestRange, rangesOf } from '../../sql/plan/ranges.ts';
import { clusteredOf, keyBytes, tableFacts } from '../../sql/plan/table-facts.ts';
import { Scope } from '../../sql/scope.ts';
import { compilerOf } from '../../sql/select.ts';
import type { Access, PlannedTable } from './access.ts';

type Changing = StatementOf<'update'> | StatementOf<'delete'>;

/** Rows LIMIT lets a statement change; as many as there are where it has none that is written out. */
function mostRows({ limit }: Changing): number {
  return limit?.count.kind === 'number' ? Number(limit.count.text) : Number.POSITIVE_INFINITY;
}

/** The one line EXPLAIN tells of the table that is changed. */
export function changeAccess(x: Execution, { source, alias, rows: count }: PlannedTable, s: Changing): Access {
  const leaf = { table: source, alias, inner: false };
  const columns = source.columns.map((column) => ({ ...column, table: alias }));
  const conditions = conditionsOf(
    { ...wholeTable(source.schema, source.name), where: s.where },
    [leaf],
    new Scope(columns, undefined),
  );
  const facts = tableFacts(leaf, 0, columns, x);
  const ranges = rangesOf(compilerOf(x), facts, conditions.conjuncts, conditions);
  const best = source.indexes ? bestRange(facts, ranges) : undefined;
  const assigned = new Set(s.kind === 'update' ? s.assignments.map(({ column }) => column.at(-1)?.toLowerCase()) : []);
  const all = { table: alias, where: s.where !== undefined, filtered: 100, possible: ranges.map(({ index }) => index) };
  const along = best?.index ?? (s.kind === 'update' ? clusteredOf(leaf) : undefined);
  // Rows would be met again where they move along the index they are found by.
  const moves =
    s.kind === 'update' && (s.order.length > 0 || along?.columns.some(({ name }) => assigned.has(name.toLowerCase())));
  const extra = [...(s.where ? ['Using where'] : []), ...(moves && along ? ['Using temporary'] : [])];
  if (best)
    return {
      ...all,
      type: 'range',
      index: best.index,
      rows: best.rows,
      keyLength: keyBytes(leaf, best.index, best.parts),
      refs: ['const'],
      extra,
    };
  const rows = Math.min(Math.max(1, count), s.where ? Number.POSITIVE_INFINITY : mostRows(s));
  if (along) return { ...all, type: 'index', index: along, rows, keyLength: keyBytes(leaf, along), refs: [], extra };
  return { ...all, type: 'ALL', index: undefined, rows, keyLength: undefined, extra };
}
