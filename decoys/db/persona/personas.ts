// The versions the decoy can be, by the name DB_VERSION has for each.
import { MYSQL_84 } from './mysql-8.4.ts';
import { MYSQL_97, type Persona } from './persona.ts';

export const PERSONAS = { '9.7': MYSQL_97, '8.4': MYSQL_84 } as const satisfies Readonly<Record<string, Persona>>;

export type Version = keyof typeof PERSONAS;

export const DEFAULT_VERSION: Version = '9.7';

/** Versions a decoy can be. */
export function versions(): readonly Version[] {
  return Object.keys(PERSONAS) as Version[];
}
