// What a table asks of each of its rows: generated columns worked out, checks held, a partition to go to.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-table-generated-columns.html and create-table-check-constraints.html

import type { StoredRow } from '../../../overlay/row-bytes.ts';
import { storeValue } from '../../../overlay/store-value.ts';
import type { OverlayTable } from '../../../overlay/table.ts';
import { compile } from '../../../sql/compile.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { Scope } from '../../../sql/scope.ts';
import { compilerOf } from '../../../sql/select.ts';
import { toBoolean, type Value } from '../../../sql/value/value.ts';
import { partitionFinder } from '../define/partitions.ts';

export interface RowRules {
  /** The row with its generated columns. */
  readonly complete: (row: readonly Value[], number: number) => StoredRow;
  /** Throws 3819 for a row a check is against. */
  readonly check: (row: readonly Value[]) => void;
  /** Throws 1526 or 1748 for a row that has no partition to go to. */
  readonly place: (row: readonly Value[]) => void;
}

/** The rules of `table`, compiled once for a statement; rows may go to `partitions` only, where they are named. */
export function rowRules(
  x: Execution,
  table: OverlayTable,
  partitions?: ReadonlySet<number>,
  ignore = false,
): RowRules {
  const c = compilerOf(x);
  const scope = new Scope(table.scopeColumns(), undefined);
  const generated = table.columns.flatMap((column, at) =>
    column.spec.generated ? [{ at, column, node: compile(c, column.spec.generated.expression, scope) }] : [],
  );
  const checks = table.checks
    .filter((check) => check.enforced)
    .map((check) => ({ name: check.name, node: compile(c, check.expression, scope) }));
  const find = partitionFinder(x, table);
  return {
    complete: (row, number) => {
      const values = [...row];
      for (const { at, column, node } of generated) {
        const value = node.get({ values });
        if (value === null && !column.nullable) throw sqlError('ER_BAD_NULL_ERROR', column.name);
        values[at] =
          value === null ? null : storeValue(value, column, { x, row: number, strict: x.session.strict() && !ignore });
      }
      return values;
    },
    check: (row) => {
      for (const { name, node } of checks)
        if (toBoolean(node.get({ values: row })) === false) throw sqlError('ER_CHECK_CONSTRAINT_VIOLATED', name);
    },
    place: (row) => {
      const partition = find?.(row);
      if (partitions && partition !== undefined && !partitions.has(partition))
        throw sqlError('ER_ROW_DOES_NOT_MATCH_GIVEN_PARTITION_SET');
    },
  };
}
