// A procedure, function, trigger, event or library a source made, as its server keeps it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/information-schema-routines-table.html
import type { RoutineParameter, RoutineTraits, RoutineType, TriggerMoment } from '../sql/ast/routine.ts';
import type { ColumnType } from '../sql/ast/table.ts';

/** When an event runs, ms since the epoch. */
export type Schedule =
  | { readonly atMs: number }
  | {
      /** As EVERY shows it: a number, or a text in quotes for units of several parts. */
      readonly value: string;
      readonly unit: string;
      readonly startsMs: number;
      readonly endsMs: number | undefined;
    };

export interface EventFacts {
  readonly schedule: Schedule;
  readonly preserve: boolean;
  readonly status: string;
  readonly lastMs?: number;
}

/** Settings a routine is made under, and shown with ever after. */
export interface MadeUnder {
  readonly sqlMode: string;
  readonly charset: string;
  readonly connection: string;
  readonly database: string;
}

export interface Routine {
  readonly schema: string;
  readonly name: string;
  readonly type: RoutineType;
  /** Its statements as bytes held as latin1, as far as they are kept. */
  readonly body: string;
  /** Too long to keep whole: it is shown as far as it goes, and not run. */
  readonly cut: boolean;
  readonly parameters: readonly RoutineParameter[];
  readonly parametersText: string;
  readonly returns: ColumnType | undefined;
  readonly traits: RoutineTraits;
  /** `user` and host of who it runs as. */
  readonly definer: readonly [user: string, host: string];
  readonly under: MadeUnder;
  /** Of a trigger: its table, when it runs, and its place among those of that moment. */
  readonly table: string;
  readonly moment: TriggerMoment | undefined;
  readonly event: EventFacts | undefined;
  readonly createdMs: number;
  readonly alteredMs: number;
}

/** What a routine takes of its source's share. */
export function routineBytes({ body, parametersText, traits, returns }: Routine): number {
  const members = returns?.values.reduce((sum, member) => sum + member.length, 0) ?? 0;
  const libraries = traits.libraries.flat().reduce((sum, name) => sum + NAME_BYTES + name.length, 0);
  // Parameters are kept as they were written and as they were read.
  return ROUTINE_BYTES + body.length + 2 * parametersText.length + traits.comment.length + members + libraries;
}

const ROUTINE_BYTES = 512;
/** What a name takes beside its characters. */
const NAME_BYTES = 32;

/** The name a routine is kept under: procedures, functions and triggers of one name are several. */
export function routineKey(type: RoutineType, schema: string, name: string): string {
  return `${type}:${schema}.${name.toLowerCase()}`;
}
