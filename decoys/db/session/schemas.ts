// Which schemas and tables a session sees: the server's own and those its source made.
import type { View } from '../overlay/overlay.ts';
import type { OverlayTable } from '../overlay/table.ts';
import { type SystemTable, systemRows, systemTable, systemTableNames } from '../persona/system-tables.ts';
import { type SqlError, sqlError } from '../sql/errors.ts';
import { clipBytes } from '../sql/value/client-text.ts';
import { DEFAULT_COLLATION } from '../sql/value/type.ts';
import type { Privileges } from './privileges.ts';
import type { Session } from './session.ts';

export const SYSTEM_SCHEMAS = ['information_schema', 'mysql', 'performance_schema', 'sys'] as const;

/** Schema as the server spells it; INFORMATION_SCHEMA in any case. */
export function canonicalSchema(name: string): string {
  return name.toLowerCase() === 'information_schema' ? 'information_schema' : name;
}

/** Longest name in characters and in bytes, and bytes of one the server shows where it is too long. */
const NAME_CHARACTERS = 64;
const NAME_BYTES = 192;
const SHOWN_NAME_BYTES = 100;

/** Why a name a client chooses is none of a schema; undefined where it may be. `bytes` counts what stands behind a NUL too. */
export function identifierError(name: string, bytes = Buffer.byteLength(name)): SqlError | undefined {
  const wrong = name.endsWith(' ') || bytes > NAME_BYTES;
  if (wrong) return sqlError('ER_WRONG_DB_NAME', clipBytes(name, SHOWN_NAME_BYTES));
  if ([...name].length <= NAME_CHARACTERS) return undefined;
  return sqlError('ER_TOO_LONG_IDENT', clipBytes(name, SHOWN_NAME_BYTES));
}

/** Whether the source sees a schema of this name, given as the server spells it. */
export function schemaExists(session: Session, name: string): boolean {
  const schema = canonicalSchema(name);
  if (session.overlay.databases.has(schema)) return true;
  return (SYSTEM_SCHEMAS as readonly string[]).includes(schema) && !session.overlay.dropped.has(schema);
}

/** What a schema's tables and routines are made with where they say nothing. */
export function databaseCollation(session: Session, name: string): string {
  const schema = canonicalSchema(name);
  if (schema === 'information_schema') return 'utf8mb3_general_ci';
  return session.overlay.databases.get(schema)?.collation ?? DEFAULT_COLLATION;
}

/** Schemas that are in a list though nothing is held in them. */
const LISTED: ReadonlySet<string> = new Set(['information_schema', 'performance_schema']);

function isSeen(held: Privileges | undefined, schema: string): boolean {
  return !held || LISTED.has(schema) || held.seesSchema(schema);
}

/** All schemas this session sees, in the server's order. */
export function schemaNames(session: Session): string[] {
  const own = [...session.overlay.databases.keys()];
  const system = SYSTEM_SCHEMAS.filter((name) => !session.overlay.dropped.has(name));
  const held = session.privileges();
  const seen = [...new Set([...system, ...own])].filter((name) => isSeen(held, name));
  return seen.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** Whether a table, view or system table of this name is there. */
export function tableExists(session: Session, schema: string, name: string): boolean {
  const own = session.overlay.databases.get(schema);
  if (own?.tables.has(name) || own?.views.has(name)) return true;
  return !session.overlay.dropped.has(schema) && systemTable(schema, name) !== undefined;
}

/** Names of a schema's tables and whether each is a view, sorted. */
export function tablesOf(
  session: Session,
  schemaName: string,
): {
  readonly name: string;
  readonly type: string;
  readonly system: SystemTable | undefined;
  readonly table: OverlayTable | undefined;
  /** A view of the source's own. */
  readonly view?: View;
}[] {
  const schema = canonicalSchema(schemaName);
  const own = session.overlay.databases.get(schema);
  const found: ReturnType<typeof tablesOf> = [];
  for (const table of own?.tables.values() ?? [])
    found.push({ name: table.name, type: 'BASE TABLE', system: undefined, table });
  for (const view of own?.views.values() ?? [])
    found.push({ name: view.name, type: 'VIEW', system: undefined, table: undefined, view });
  if (!session.overlay.dropped.has(schema)) {
    for (const key of systemTableNames()) {
      if (!key.startsWith(`${schema}.`)) continue;
      const system = systemTable(schema, key.slice(schema.length + 1));
      if (system && !own?.tables.has(system.name))
        found.push({ name: system.name, type: system.type, system, table: undefined });
    }
  }
  const held = session.privileges();
  const seen = !held ? found : found.filter(({ name }) => held.seesTable(schema, name));
  return seen.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A table the source made; a temporary one of this session hides another of its name. */
export function ownTable(session: Session, schema: string, name: string): OverlayTable | undefined {
  return session.temporary.get(`${schema}.${name}`) ?? session.overlay.databases.get(schema)?.tables.get(name);
}

/** Whether there is a routine of this name: the source's own, or one of schema sys. */
export function routineExists(session: Session, kind: 'PROCEDURE' | 'FUNCTION', schema: string, name: string): boolean {
  const { routines, dropped } = session.overlay;
  if (routines.has(`${kind}:${schema}.${name}`)) return true;
  if (schema !== 'sys' || dropped.has('sys')) return false;
  return systemRows('information_schema.ROUTINES').some(
    ([own, type]) => type === kind && own?.toLowerCase() === name.toLowerCase(),
  );
}
