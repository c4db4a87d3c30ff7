// What SHOW tells of a server of one version: its columns, status names, privileges and grants, from the persona's data.
import type { Column } from '../wire/column.ts';
import { FLAG } from '../wire/constants.ts';
import * as data from './mysql-9.7.ts';
import { differences, kinds, lazily, type WireKind, wireKind } from './recorded.ts';

/** name, kind, schema, table, original table and name of a SHOW's column. */
type ShownColumn = readonly [string, number, string, string, string, string];

const shows = lazily<Readonly<Record<string, readonly (readonly ShownColumn[])[]>>>(() => data.SHOWS);

const status = lazily<readonly (readonly string[])[]>(() => data.STATUS);
const sessionStatus = lazily<readonly (readonly string[])[]>(() => data.SESSION_STATUS);
const privileges = lazily<readonly (readonly string[])[]>(() => data.PRIVILEGES);

/** Names and values of SHOW STATUS as recorded; those that move are computed where they are shown. */
export function statusNames(session: boolean): readonly (readonly string[])[] {
  const names = session ? sessionStatus() : status();
  const { lacks } = differences();
  return lacks.status.length === 0 ? names : names.filter(([name]) => !lacks.status.includes(name as string));
}

/** Rows of SHOW PRIVILEGES: name, where it is held, and what it allows. */
export function privilegeRows(): readonly (readonly string[])[] {
  const { lacks } = differences();
  return privileges().filter(([name]) => !lacks.privileges.includes(name as string));
}

/** Columns of a SHOW as the server tells them. */
export function showColumns(form: string, strict: boolean): Column[] {
  const forms = Object.hasOwn(shows(), form) ? shows()[form] : undefined;
  const columns = (strict ? forms?.[0] : (forms?.[1] ?? forms?.[0])) ?? [];
  return columns.map((shown) => {
    const [name, kind, schema, table, orgTable, orgName] = shown;
    const wire = wireKind(kinds()[kind] ?? '') as WireKind;
    return {
      name,
      schema,
      table,
      orgTable,
      orgName,
      type: wire.type,
      binary: !wire.text,
      length: wire.length,
      flags: wire.flags,
      decimals: wire.decimals,
      ...shownCollation(shown, wire),
    };
  });
}

/** Characters of a name. */
const NAME_LENGTH = 64;
/** Names the dictionary keeps as the server's own. */
const OWN_NAMES: ReadonlySet<string> = new Set(['Collation', 'Engine']);

/** The collation of a column of SHOW, where it is not that of names: as 9.7.4 tells it to clients that want no conversion. */
function shownCollation([name, , schema, table, orgTable]: ShownColumn, wire: WireKind): Pick<Column, 'collation'> {
  if ((wire.flags & FLAG.BINARY) !== 0) return { collation: 'utf8mb3_bin' };
  const ofDictionary = schema === '' && table !== '' && orgTable === '' && !OWN_NAMES.has(name);
  return ofDictionary && wire.flags === 0 && wire.length === NAME_LENGTH ? { collation: 'utf8mb3_tolower_ci' } : {};
}
