// UPDATE of several tables at once: the rows of the join are found first, and each is changed once.
// Source: https://dev.mysql.com/doc/refman/9.7/en/update.html; counts and texts as recorded from 9.7.
import type { TableColumn } from '../../../overlay/column.ts';
import type { StoredRow } from '../../../overlay/row-bytes.ts';
import type { StatementOf } from '../../../sql/ast/statement.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import type { Steps } from '../../../sql/steps.ts';
import type { Outcome } from '../../outcome.ts';
import type { BodyRunner } from '../routine.ts';
import { withTriggers } from '../trigger.ts';
import { CHANGED_ROW_STEPS, type Change, changeRow, fittedValue, stamped, told } from './changed-row.ts';
import { defaultValue } from './defaults.ts';
import { type JoinedTable, joinedRows, refuseOwnReads, storedTable, tablesIn } from './joined.ts';
import { rowRules } from './row-rules.ts';
import { atomically, refuseGenerated } from './stored-row.ts';
import type { MergedView } from './view-merge.ts';

type Statement = StatementOf<'update'>;

interface JoinAssignment {
  readonly table: number;
  readonly at: number;
  readonly column: TableColumn;
  readonly value: Statement['assignments'][number]['value'];
}

/** Which table of the join an assignment is to. Throws 1052 and 1054. */
function assignmentIn(tables: readonly JoinedTable[], path: readonly string[]): Omit<JoinAssignment, 'value'> {
  const [name, alias] = [path.at(-1) as string, path.at(-2)];
  const found = tables.flatMap(({ alias: own, table }, number) => {
    const at = table.columnAt(name);
    const column = table.columns[at];
    return column && !column.hidden && (alias === undefined || alias === own) ? [{ table: number, at, column }] : [];
  });
  const [first] = found;
  if (!first) throw sqlError('ER_BAD_FIELD_ERROR', path.join('.'), 'field list');
  if (found.length > 1) throw sqlError('ER_NON_UNIQ_ERROR', name, 'field list');
  return first;
}

/** UPDATE of a join: rows are found first, and each is changed once. */
export function* updateJoin(
  x: Execution,
  s: Statement,
  runner: BodyRunner,
  checks: MergedView['checks'],
): Steps<Outcome> {
  const common = new Set(s.with.map(({ name }) => name.toLowerCase()));
  const refs = tablesIn(s.from).filter((ref) => !common.has(ref.name.toLowerCase()));
  const tables = refs.flatMap((ref) => {
    const assigned = s.assignments.some(({ column }) => column.length < 2 || column.at(-2) === ref.alias);
    return assigned ? [storedTable(x, ref, 'UPDATE')] : [];
  });
  const assignments = s.assignments.map(({ column, value }): JoinAssignment => {
    const found = assignmentIn(tables, column);
    refuseGenerated((tables[found.table] as JoinedTable).table, found.column, value !== undefined);
    return { ...found, value };
  });
  const changed = [...new Set(assignments.map(({ table }) => table))].sort((a, b) => a - b);
  for (const number of changed) {
    const { table, alias } = tables[number] as JoinedTable;
    refuseOwnReads(x, table, alias, [s.where, assignments.map(({ value }) => value)]);
  }
  const expressions = assignments.flatMap(({ value }) => (value ? [value] : []));
  const used = changed.map((number) => tables[number] as JoinedTable);
  const found = yield* joinedRows(x, s, used, expressions);
  let [matched, altered] = [0, 0];
  yield* atomically(x, function* () {
    for (const [place, number] of changed.entries()) {
      const { table } = tables[number] as JoinedTable;
      const own = assignments
        .map((assignment, at) => ({ assignment, at }))
        .filter(({ assignment }) => assignment.table === number);
      yield* withTriggers(x, table, ['UPDATE'], runner, function* (trigger) {
        const change: Change = { table, rules: rowRules(x, table), ignore: s.ignore, trigger, checks };
        const seen = new Set<StoredRow>();
        for (const { rows, values } of found) {
          for (const row of rows[place] ?? []) {
            if (seen.has(row)) continue;
            seen.add(row);
            x.spend(CHANGED_ROW_STEPS);
            if (x.turnIsOver) yield;
            matched++;
            const next = [...row];
            for (const { assignment, at } of own) {
              const { column } = assignment;
              const given = assignment.value
                ? (values[valueAt(assignments, at)] ?? null)
                : defaultValue(x, column, true);
              if (!column.spec.generated) next[assignment.at] = fittedValue(x, change, column, given, matched);
            }
            const done = stamped(
              x,
              table,
              row,
              next,
              own.map(({ assignment }) => assignment.at),
            );
            if (changeRow(x, change, row, done, matched)) altered++;
          }
        }
      });
    }
  });
  return told(x, matched, altered);
}

/** Where an assignment's value is among those worked out: DEFAULT has none. */
function valueAt(assignments: readonly JoinAssignment[], at: number): number {
  return assignments.slice(0, at).filter(({ value }) => value).length;
}
