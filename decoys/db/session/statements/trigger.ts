// Triggers of a source's own tables: run for each row that INSERT, UPDATE or DELETE changes, on the statement's fuel.
// Source: https://dev.mysql.com/doc/refman/9.7/en/triggers.html; errors as answered by a live 9.7.4.
import type { Routine } from '../../overlay/routine.ts';
import type { StoredRow } from '../../overlay/row-bytes.ts';
import type { OverlayTable } from '../../overlay/table.ts';
import type { Flow, TriggerMoment } from '../../sql/ast/routine.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { finished, type Steps } from '../../sql/steps.ts';
import { BodyRun } from './flow.ts';
import { TriggerRows } from './locals.ts';
import type { BodyRunner } from './routine.ts';

/** Triggers that set each other off. */
const MAX_DEPTH = 8;

export interface ChangedRow {
  readonly old: StoredRow | undefined;
  readonly new: StoredRow | undefined;
}

/** Runs the triggers of one table's changes, of the statement's own kind where none is said; undefined where there are none. */
export type Trigger = (timing: TriggerMoment['timing'], rows: ChangedRow, event?: TriggerMoment['event']) => void;

/** Tables whose rows a statement of `x` changes at this moment. */
const changing = new WeakMap<Execution, Set<string>>();

function tablesOf(x: Execution): Set<string> {
  let tables = changing.get(x);
  if (!tables) {
    tables = new Set();
    changing.set(x, tables);
  }
  return tables;
}

function triggersOf(x: Execution, table: OverlayTable, events: readonly TriggerMoment['event'][]): Routine[] {
  return [...x.session.overlay.routines.values()].filter(
    (routine) =>
      routine.type === 'TRIGGER' &&
      routine.schema === table.schema &&
      routine.table === table.name &&
      routine.moment !== undefined &&
      events.includes(routine.moment.event),
  );
}

/**
 * Marks a table as being changed while `change` runs, with its triggers beside it: `events` are what it may do, its own kind first.
 * Throws 1442 where a trigger changes a table that is being changed already.
 */
export function* withTriggers<T>(
  x: Execution,
  table: OverlayTable,
  events: readonly [TriggerMoment['event'], ...TriggerMoment['event'][]],
  runner: BodyRunner | undefined,
  change: (trigger: Trigger | undefined) => Steps<T>,
): Steps<T> {
  const tables = tablesOf(x);
  const key = `${table.schema}.${table.name}`;
  if (tables.has(key)) throw sqlError('ER_CANT_UPDATE_USED_TABLE_IN_SF_OR_TRG', table.name);
  const triggers = runner ? triggersOf(x, table, events) : [];
  if (triggers.length === 0 || !runner) return yield* change(undefined);
  if (tables.size >= MAX_DEPTH) throw sqlError('ER_STACK_OVERRUN_NEED_MORE', 1_011_712, 1_048_576, 20_000);
  const bodies = triggers.map((trigger) => [trigger, bodyOf(x, runner, trigger)] as const);
  tables.add(key);
  try {
    return yield* change((timing, rows, event = events[0]) => {
      for (const [trigger, body] of bodies)
        if (trigger.moment?.timing === timing && trigger.moment.event === event)
          fire(x, table, trigger, body, rows, runner);
    });
  } finally {
    tables.delete(key);
  }
}

function bodyOf(x: Execution, runner: BodyRunner, trigger: Routine): Flow {
  if (trigger.cut) throw sqlError('ER_STACK_OVERRUN_NEED_MORE', 1_011_712, 1_048_576, 20_000);
  x.spend(trigger.body.length);
  return runner.parse(trigger);
}

function fire(
  x: Execution,
  table: OverlayTable,
  trigger: Routine,
  body: Flow,
  rows: ChangedRow,
  runner: BodyRunner,
): void {
  const { names } = x;
  const event = trigger.moment?.event ?? 'INSERT';
  x.names = new TriggerRows(x, table.columns, rows, event, trigger.moment?.timing === 'BEFORE');
  try {
    finished(new BodyRun(x, runner.run, 'trigger').body(body));
  } finally {
    x.names = names;
  }
}
