// The persona's data as it is read: parsed when first asked for, as a server of the version in use has it.
// The data was recorded from a live 9.7.4 by record.ts; a second version is a list of differences.
import * as data from './mysql-9.7.ts';
import { NO_CHANGES, type PersonaChanges } from './persona-changes.ts';

export type Cell = string | null;

let changes: PersonaChanges = NO_CHANGES;

/** From here on the catalogue is that of a version that differs so from the recorded one; called once, before anything is read. */
export function readAs(differing: PersonaChanges): void {
  changes = differing;
}

/** How the version in use differs from the recorded one. */
export function differences(): PersonaChanges {
  return changes;
}

/** Parses a text of the persona's data when it is first asked for. */
export function lazily<T>(text: () => string): () => T {
  let value: T | undefined;
  return () => {
    value ??= JSON.parse(text()) as T;
    return value;
  };
}

export const kinds = lazily<readonly string[]>(() => data.KINDS);

export interface WireKind {
  readonly type: number;
  readonly text: boolean;
  readonly length: number;
  readonly flags: number;
  readonly decimals: number;
  readonly schemaShown: boolean;
}

/** How a column is told on the wire, from `type,form,length,flags,decimals,shown` as recorded; undefined where nothing was. */
export function wireKind(text: string): WireKind | undefined {
  if (text === '') return undefined;
  const [type, form, length, flags, decimals, shown] = text.split(',');
  return {
    type: Number(type),
    text: form === 't',
    length: Number(length),
    flags: Number(flags),
    decimals: Number(decimals),
    schemaShown: shown === 's',
  };
}
