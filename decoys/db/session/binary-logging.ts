// What of a session's statements goes into the binary log: rows changed when their transaction commits, definitions at once.
// Source: https://dev.mysql.com/doc/refman/9.7/en/binary-log.html; events and their sizes as recorded from 9.7.

import { accountKey } from '../overlay/account.ts';
import type { Unplaced } from '../overlay/binary-log.ts';
import { imageBytes, rowsEventBytes, tableMapBytes } from '../overlay/logged-row.ts';
import type { StoredRow } from '../overlay/row-bytes.ts';
import type { OverlayTable } from '../overlay/table.ts';
import type { Statement } from '../sql/ast/statement.ts';
import { quoteName } from '../sql/quote-name.ts';
import { detached } from '../sql/value/detached.ts';
import type { Value } from '../sql/value/value.ts';
import type { Session } from './session.ts';
import { COMMITS } from './statement-kinds.ts';

/** Changes one transaction keeps for its log; further ones are not in it. */
const MAX_CHANGES = 20_000;
/** Bytes of rows one event holds. */
const EVENT_BYTES = 8_192;
/** A statement's event without its schema and text: header, session values and checksum. */
const QUERY_BYTES = 66;
const XID_BYTES = 9;
const COMMIT_BYTES = 31;
/** Characters kept of what one event tells. */
const TOLD_CHARACTERS = 4_096;

export interface LoggedChange {
  readonly table: OverlayTable;
  readonly type: 'Write_rows' | 'Update_rows' | 'Delete_rows';
  readonly bytes: number;
  /** Which of the session's statements made it. */
  readonly asked: number;
}

/** Notes a row made, changed or removed; gives what takes the note back. */
export function noteRow(
  session: Session,
  table: OverlayTable,
  before: readonly Value[] | undefined,
  after: StoredRow | undefined,
): () => void {
  const { logged } = session;
  if (table.temporary || table.schema === 'mysql' || !isOn(session) || logged.length >= MAX_CHANGES) return NOTHING;
  const type = before && after ? 'Update_rows' : after ? 'Write_rows' : 'Delete_rows';
  const bytes = [before, after].reduce((sum, row) => sum + (row ? imageBytes(table.columns, row) : 0), 0);
  const change = { table, type, bytes, asked: session.asked } as const;
  logged.push(change);
  return () => {
    const at = logged.lastIndexOf(change);
    if (at >= 0) logged.splice(at, 1);
  };
}

const NOTHING = () => undefined;

function isOn(session: Session): boolean {
  return session.variables.get('sql_log_bin') !== 0n;
}

/** Numbers of transactions are those of statements, of which a server has asked some itself. */
function xidOf(session: Session): number {
  return (session.server.counters.get('Questions') ?? 1) + OWN_STATEMENTS;
}

const OWN_STATEMENTS = 3;

function query(session: Session, schema: string, text: string, more = 0): Unplaced {
  const bytes = QUERY_BYTES + Buffer.byteLength(schema) + Buffer.byteLength(text) + more;
  const use = schema === '' || text === 'BEGIN' ? '' : `use ${quoteName(schema)}; `;
  const xid = more >= XID_BYTES ? ` /* xid=${xidOf(session)} */` : '';
  return { type: 'Query', bytes, told: detached(`${use}${text}${xid}`.slice(0, TOLD_CHARACTERS)) };
}

/** Events of the rows of one statement in one table. */
function rowEvents(table: OverlayTable, changes: readonly LoggedChange[], number: number): Unplaced[] {
  const events: Unplaced[] = [
    {
      type: 'Table_map',
      bytes: tableMapBytes(table.schema, table.name, table.columns),
      told: `table_id: ${number} (${table.schema}.${table.name})`,
    },
  ];
  const [{ type }] = changes as [LoggedChange];
  const head = rowsEventBytes(table.columns.length, type === 'Update_rows' ? 2 : 1);
  let rows = 0;
  const end = (last: boolean) => {
    const flags = `${last ? 'STMT_END_F ' : ''}USE_SQL_FOREIGN_KEY_F`;
    events.push({ type, bytes: head + rows, told: `table_id: ${number} flags: ${flags}` });
    rows = 0;
  };
  for (const { bytes } of changes) {
    if (rows > 0 && head + rows + bytes > EVENT_BYTES) end(false);
    rows += bytes;
  }
  end(true);
  return events;
}

/** Writes what the transaction that is over changed. */
export function logCommitted(session: Session): void {
  const changes = session.logged.splice(0);
  const [first] = changes;
  if (!first) return;
  const events = [query(session, first.table.schema, 'BEGIN', first.type === 'Update_rows' ? 9 : 0)];
  for (let at = 0; at < changes.length; ) {
    const { table, type, asked } = changes[at] as LoggedChange;
    let end = at;
    while (changes[end]?.table === table && changes[end]?.type === type && changes[end]?.asked === asked) end++;
    events.push(...rowEvents(table, changes.slice(at, end), table.number));
    at = end;
  }
  const told = `COMMIT /* xid=${xidOf(session)} */`;
  events.push({ type: 'Xid', bytes: COMMIT_BYTES, told });
  session.overlay.binaryLog.write(events);
}

/** Kinds of definition with the bytes their event takes beyond the least: the schemas changed, further variables. */
const MORE: Partial<Readonly<Record<Statement['kind'], number>>> = {
  'create-table': 7,
  'alter-table': 7,
  'create-index': 5,
  'drop-index': 5,
  'rename-table': 5,
  'create-database': 7,
  'drop-database': 5,
  'create-view': 5,
  'drop-table': 5,
  'create-user': 8,
  'drop-user': 8,
  'rename-user': 8,
  'alter-user': 8,
  'set-password': 8,
  grant: 17,
  'create-routine': 5,
  'drop-routine': 5,
  'alter-routine': 5,
};

/** FLUSH and the like are logged without a number of their own. */
const UNNUMBERED: ReadonlySet<Statement['kind']> = new Set(['flush', 'table-maintenance']);
const MAINTAINED: ReadonlySet<string> = new Set(['analyze', 'optimize', 'repair']);

/** Whether a statement that went well is logged as it was said. */
function isLogged(session: Session, statement: Statement): boolean {
  if (!COMMITS.has(statement.kind) || !isOn(session)) return false;
  if (statement.kind === 'install-plugin' || statement.kind === 'uninstall-plugin') return false;
  if (statement.kind === 'flush') return statement.what.includes('PRIVILEGES');
  if (statement.kind === 'table-maintenance') return MAINTAINED.has(statement.operation);
  if (statement.kind === 'create-table' && statement.query) return false;
  return !((statement.kind === 'create-table' || statement.kind === 'drop-table') && statement.temporary);
}

/** Accounts are logged with hashes of their passwords; undefined where the statement names none. */
function accountText(session: Session, statement: Statement): string | undefined {
  const users =
    statement.kind === 'create-user' || statement.kind === 'alter-user'
      ? statement.users.map(({ account }) => account)
      : statement.kind === 'set-password'
        ? [statement.account ?? { user: '', host: '', current: true }]
        : [];
  const at = session.accountName.lastIndexOf('@');
  const told = users.map(({ user, host, current }) => {
    const [own, from] = current ? [session.accountName.slice(0, at), session.accountName.slice(at + 1)] : [user, host];
    const account = session.overlay.accounts.get(accountKey(own, from));
    const secret = account?.shown ? ` AS '${account.shown.replace(/['\\]/g, (c) => `\\${c}`)}'` : '';
    return `'${own}'@'${from}' IDENTIFIED WITH '${account?.plugin ?? 'caching_sha2_password'}'${secret}`;
  });
  if (told.length === 0 || (statement.kind === 'create-user' && statement.role)) return undefined;
  return `${statement.kind === 'create-user' ? 'CREATE' : 'ALTER'} USER ${told.join(',')}`;
}

/** The text a definition is logged by: as said, with who defines it, or made anew. */
function loggedText(session: Session, statement: Statement): string {
  const accounts = accountText(session, statement);
  if (accounts !== undefined) return accounts;
  const said = (session.info ?? '').trim().replace(/;$/, '');
  if (statement.kind === 'drop-table' && !statement.view) {
    const names = statement.tables.map(
      ({ schema, name }) => `${schema ? `${quoteName(schema)}.` : ''}${quoteName(name)}`,
    );
    return `DROP TABLE ${statement.ifExists ? 'IF EXISTS ' : ''}${names.join(',')} /* generated by server */`;
  }
  const defines = statement.kind === 'create-routine' || statement.kind === 'create-view';
  if (!defines || /definer/i.test(said)) return said;
  const at = session.accountName.lastIndexOf('@');
  const who = `${quoteName(session.accountName.slice(0, at))}@${quoteName(session.accountName.slice(at + 1))}`;
  const view = statement.kind === 'create-view';
  return `CREATE ${view ? 'ALGORITHM=UNDEFINED ' : ''}DEFINER=${who} ${view ? 'SQL SECURITY DEFINER ' : ''}${said.replace(/^\s*create\s+/i, '')}`;
}

/** Writes a definition that went well. */
export function logDefinition(session: Session, statement: Statement): void {
  if (!isLogged(session, statement)) return;
  const named = statement.kind === 'create-database' || statement.kind === 'drop-database';
  const schema = named ? '' : session.database;
  const more = (MORE[statement.kind] ?? 0) + (UNNUMBERED.has(statement.kind) ? 0 : XID_BYTES);
  const event = query(session, schema, loggedText(session, statement), more);
  session.overlay.binaryLog.write([named ? { ...event, bytes: event.bytes + statement.name.length } : event]);
}
