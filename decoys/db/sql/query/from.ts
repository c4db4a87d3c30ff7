// FROM: a table, a derived table or a join as one source of columns and rows.
// Source: https://dev.mysql.com/doc/refman/9.7/en/join.html

import { expectUnlocked } from '../../session/row-locking.ts';
import { checkRead } from '../../session/table-rights.ts';
import type { Expression } from '../ast/expression.ts';
import type { TableRef } from '../ast/query.ts';
import type { Compiler } from '../compile/compiler.ts';
import { sqlError } from '../errors.ts';
import type { CommonRows, Scope } from '../scope.ts';
import type { Value } from '../value/value.ts';
import { compileDerived } from './derived.ts';
import { asksByKey } from './derived-keys.ts';
import { joinSources, lateralScope } from './join.ts';
import { compileJsonTable } from './json-table.ts';
import { narrowed } from './narrowing.ts';
import type { Source } from './source.ts';

/** Compiles a table reference; `narrowings` are the conditions that may leave rows of base tables out early. */
export function compileFrom(
  c: Compiler,
  ref: TableRef,
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
  narrowings: readonly Expression[] = [],
): Source {
  switch (ref.kind) {
    case 'table':
      return compileTableRef(c, ref, common, narrowings);
    case 'derived':
      return compileDerived(c, ref, parent, common);
    case 'json-table':
      return compileJsonTable(c, ref, parent);
    default:
      return compileJoin(c, ref, parent, common, narrowings);
  }
}

function compileTableRef(
  c: Compiler,
  ref: Extract<TableRef, { kind: 'table' }>,
  common: Map<string, CommonRows>,
  narrowings: readonly Expression[],
): Source {
  const shared = ref.schema === '' ? common.get(ref.name.toLowerCase()) : undefined;
  if (shared) {
    const columns = shared.columns.map((column) => ({ ...column, table: ref.alias }));
    return { columns, rows: () => shared.rows(), prepare: shared.prepare, changes: shared.changes ?? false };
  }
  checkRead(c.x.session, ref.schema, ref.name, ref.alias);
  const table = c.x.session.table(ref.schema, ref.name);
  if (table.indexes) expectUnlocked(c.x.session, table.schema, table.name, false);
  const anyCase = table.schema === 'information_schema';
  const alias = ref.alias === ref.name && anyCase ? ref.name : ref.alias;
  const columns = table.columns.map((column) => ({ ...column, table: alias }));
  const leaves = [{ table, alias, inner: false, hints: ref.hints }];
  const keys = new Set((table.indexes ?? []).map(({ name }) => name.toLowerCase()));
  const unknown = ref.hints?.flatMap(({ names }) => names).find((name) => !keys.has(name.toLowerCase()));
  if (unknown !== undefined) throw sqlError('ER_KEY_DOES_NOT_EXITS', unknown, alias);
  const { partitions } = ref;
  if (partitions) {
    if (!table.partitioned) throw sqlError('ER_PARTITION_CLAUSE_ON_NONPARTITIONED');
    const chosen = table.partitioned(c.x, partitions);
    return { columns, rows: narrowed(c, narrowings, alias, columns, () => chosen), leaves };
  }
  // A view's rows, worked out ahead of the first time they are asked for.
  let ahead: readonly (readonly Value[])[] | undefined;
  const rows = () => {
    const known = ahead ?? table.rows(c.x);
    ahead = undefined;
    return known;
  };
  const { steps } = table;
  const prepare =
    steps &&
    function* () {
      ahead = yield* steps();
    };
  return { columns, rows: narrowed(c, narrowings, alias, columns, rows), prepare, table, leaves };
}

function compileJoin(
  c: Compiler,
  ref: Extract<TableRef, { kind: 'join' }>,
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
  narrowings: readonly Expression[],
): Source {
  const left = compileFrom(c, ref.left, parent, common, ref.type === 'right' ? [] : narrowings);
  const { right: other, on } = ref;
  const keyed = ref.type === 'left' && other.kind === 'derived' && on !== undefined && asksByKey(on, other.alias);
  const inside = lateralScope(ref.right, left, parent, common);
  const right = keyed
    ? compileDerived(c, other, inside, common, true)
    : compileFrom(c, other, inside, common, ref.type === 'left' ? [] : narrowings);
  return joinSources(c, ref, left, right, parent, common);
}
