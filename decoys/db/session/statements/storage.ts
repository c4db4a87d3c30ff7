// Servers, tablespaces and resource groups a source made: kept by name, of no other consequence.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-server.html, create-tablespace.html; errors as answered by a live 9.7.4.
import type { Statement } from '../../sql/ast/statement.ts';
import { SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import type { Value } from '../../sql/value/value.ts';
import { OK, type Outcome } from '../outcome.ts';
import { materialize } from './materialize.ts';
import { RESOURCE_GROUP_STATEMENTS } from './resource-group.ts';

type Administration = Extract<Statement, { kind: 'administration' }>;
type Handler = (x: Execution, s: Administration) => Outcome;

/** Objects of one source that are no schema, table, routine or account. */
const MAX_OBJECTS = 64;

const ONE_ROW: Outcome = { kind: 'ok', affected: 1n };

/** Columns of mysql.servers in their order, by the option that sets them. */
const SERVER_COLUMNS = ['NAME', 'HOST', 'DATABASE', 'USER', 'PASSWORD', 'PORT', 'SOCKET', 'WRAPPER', 'OWNER'];
const PORT_AT = 5;

function serverRow(name: string, options: readonly string[], before?: readonly Value[]): Value[] {
  const given = new Map<string, string>([['NAME', name]]);
  for (let at = 0; at + 1 < options.length; at += 2) given.set(options[at] as string, options[at + 1] as string);
  return SERVER_COLUMNS.map((column, at) => {
    const value = given.get(column);
    if (value === undefined) return before?.[at] ?? (at === PORT_AT ? 0n : '');
    return at === PORT_AT ? BigInt(value) : value;
  });
}

function serversTable(x: Execution) {
  return materialize(x, { schema: 'mysql', name: 'servers' });
}

function missingServer(name: string): SqlError {
  const text = `The foreign server name you are trying to reference does not exist. Data source error:  ${name}`;
  return new SqlError(1477, 'HY000', text);
}

const createServer: Handler = (x, s) => {
  const table = serversTable(x);
  if (table.rows.some((row) => row[0] === s.text))
    throw new SqlError(1476, 'HY000', `The foreign server, ${s.text}, you are trying to create already exists.`);
  const row = serverRow(s.text, s.names);
  x.session.server.overlays.claim(x.session.overlay, 'servers', table.costOf(row), 1);
  table.insert(row);
  return ONE_ROW;
};

const alterServer: Handler = (x, s) => {
  const table = serversTable(x);
  const row = table.rows.find((found) => found[0] === s.text);
  if (!row) throw missingServer(s.text);
  const altered = serverRow(s.text, s.names, row);
  x.session.server.overlays.claim(x.session.overlay, 'servers', table.costOf(altered), 0);
  table.replace(row, altered);
  return ONE_ROW;
};

function dropServer(ifExists: boolean): Handler {
  return (x, s) => {
    const table = serversTable(x);
    const row = table.rows.find((found) => found[0] === s.text);
    if (!row && !ifExists) throw missingServer(s.text);
    if (row) table.remove(new Set([row]));
    return ONE_ROW;
  };
}

interface Kind {
  readonly name: string;
  readonly exists: (name: string) => SqlError;
  readonly missing: (name: string) => SqlError;
}

const TABLESPACE: Kind = {
  name: 'tablespace',
  exists: (name) => new SqlError(1813, 'HY000', `Tablespace '${name}' exists.`),
  missing: (name) => new SqlError(3510, 'HY000', `Tablespace ${name} doesn't exist.`),
};

function create(kind: Kind): Handler {
  return (x, s) => {
    const { objects } = x.session.overlay;
    const key = `${kind.name}:${s.text}`;
    if (objects.has(key)) throw kind.exists(s.text);
    if (objects.size >= MAX_OBJECTS) throw sqlError('ER_RECORD_FILE_FULL', s.text);
    objects.add(key);
    return OK;
  };
}

function drop(kind: Kind): Handler {
  return (x, s) => {
    if (!x.session.overlay.objects.delete(`${kind.name}:${s.text}`)) throw kind.missing(s.text);
    return OK;
  };
}

function inKnownDirectory(next: Handler): Handler {
  return (x, s) => {
    if (s.names[0]?.includes('/'))
      throw new SqlError(3121, 'HY000', 'The DATAFILE location must be in a known directory.');
    return next(x, s);
  };
}

function isReserved(name: string): boolean {
  return name.toLowerCase().startsWith('innodb_');
}

function refuseReserved(name: string): void {
  if (isReserved(name))
    throw new SqlError(3119, '42000', 'InnoDB: Tablespace names starting with `innodb_` are reserved.');
}

function spaceKey(name: string): string {
  return `${TABLESPACE.name}:${name}`;
}

const renameTablespace: Handler = (x, s) => {
  const { objects } = x.session.overlay;
  const [to = ''] = s.names;
  refuseReserved(to);
  if (!objects.has(spaceKey(s.text))) throw TABLESPACE.missing(s.text);
  if (objects.has(spaceKey(to))) throw TABLESPACE.exists(to);
  objects.delete(spaceKey(s.text));
  objects.add(spaceKey(to));
  return OK;
};

const alterTablespace: Handler = (x, s) => {
  if (!x.session.overlay.objects.has(spaceKey(s.text))) throw TABLESPACE.missing(s.text);
  return OK;
};

/** What marks an undo tablespace that was set inactive, as only such are dropped. */
function inactiveKey(name: string): string {
  return `inactive:${name}`;
}

const alterUndo: Handler = (x, s) => {
  const { objects } = x.session.overlay;
  if (!objects.has(spaceKey(s.text)) && !isReserved(s.text)) throw TABLESPACE.missing(s.text);
  if (s.names[0] === 'ACTIVE') objects.delete(inactiveKey(s.text));
  else if (objects.size < MAX_OBJECTS) objects.add(inactiveKey(s.text));
  return OK;
};

/** An undo tablespace is in use from the start, so it is dropped only after it was set inactive. */
const dropUndo: Handler = (x, s) => {
  const { objects } = x.session.overlay;
  refuseReserved(s.text);
  if (!objects.has(spaceKey(s.text))) throw TABLESPACE.missing(s.text);
  if (!objects.delete(inactiveKey(s.text)))
    throw new SqlError(1529, 'HY000', `Failed to drop UNDO TABLESPACE ${s.text}`);
  objects.delete(spaceKey(s.text));
  return OK;
};

const refuseLogfileGroup: Handler = () => {
  throw new SqlError(3658, 'HY000', 'Feature LOGFILE GROUP is unsupported (by InnoDB).');
};

export const STORAGE_STATEMENTS: Readonly<Record<string, Handler>> = {
  'create-server': createServer,
  'alter-server': alterServer,
  'drop-server': dropServer(false),
  'drop-server-if-exists': dropServer(true),
  'create-tablespace': inKnownDirectory(create(TABLESPACE)),
  'create-undo-tablespace': inKnownDirectory(create(TABLESPACE)),
  'drop-tablespace': drop(TABLESPACE),
  'drop-undo-tablespace': dropUndo,
  'rename-tablespace': renameTablespace,
  'alter-tablespace': alterTablespace,
  'alter-undo-tablespace': alterUndo,
  'logfile-group': refuseLogfileGroup,
  ...RESOURCE_GROUP_STATEMENTS,
  'create-reference-system': (_x, s) => {
    throw new SqlError(3517, 'SR002', `Can't parse the spatial reference system definition of SRID ${s.text}.`);
  },
  'drop-reference-system': (_x, s) => {
    throw new SqlError(3548, 'SR001', `There's no spatial reference system with SRID ${s.text}.`);
  },
  'drop-reference-system-if-exists': (x, s) => {
    x.session.addWarning('Warning', 3548, `There's no spatial reference system with SRID ${s.text}.`);
    return OK;
  },
};
