// The command phase: one handler a command, each writing its reply; the table is the protocol's list.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_command_phase.html

import { schemaDenied } from '../session/denied.ts';
import { asSqlError, noteError } from '../session/run.ts';
import { canonicalSchema, identifierError, schemaExists } from '../session/schemas.ts';
import type { Session } from '../session/session.ts';
import { shortStatus } from '../session/status.ts';
import { type SqlError, sqlError } from '../sql/errors.ts';
import { conversionWarning, readName } from '../sql/value/client-text.ts';
import { ByteReader, ShortPacket } from '../wire/bytes.ts';
import { CLIENT, COMMANDS, type CommandName } from '../wire/constants.ts';
import type { Message } from '../wire/message-reader.ts';
import type { CommandContext, Handler } from './command-context.ts';
import { comFetch } from './cursors.ts';
import { comFieldList } from './field-list.ts';
import { comExecute, comPrepare, comSendLongData, comStatementClose, comStatementReset } from './prepared-commands.ts';
import { comQuery } from './query.ts';
import { comBinlogDump, comBinlogDumpGtid, comRegisterReplica } from './replication.ts';
import { changesFor, sendError } from './results.ts';

/** What a name is looked up by: C strings end at a NUL. */
function upToNul(name: string): string {
  const end = name.indexOf('\0');
  return end < 0 ? name : name.slice(0, end);
}

function comInitDb(c: CommandContext, payload: Buffer): void {
  const told = readName(payload.subarray(1), c.session.clientCharset());
  const schema = canonicalSchema(upToNul(told));
  const wrong = told === '' ? sqlError('ER_NO_DB_ERROR') : identifierError(schema, Buffer.byteLength(told));
  const hidden = c.session.privileges()?.seesSchema(schema) === false ? schemaDenied(c.session, schema) : undefined;
  const error = wrong ?? hidden ?? (schemaExists(c.session, schema) ? undefined : sqlError('ER_BAD_DB_ERROR', schema));
  c.touches.command(c.now(), 'COM_INIT_DB', c.session.user, { database: schema.slice(0, 64) }, error?.code);
  if (error) {
    c.session.clearWarnings();
    const lost = conversionWarning(payload.subarray(1), c.session.clientCharset(), told);
    if (lost) c.session.addWarning('Warning', 1300, lost);
    noteError(c.session, error);
    sendError(c, error);
    return;
  }
  c.session.use(schema);
  c.session.tracker.schema(told.includes('\0') ? told : schema);
  c.reply.ok({ status: c.session.status(), warnings: c.session.warningCount, state: changesFor(c) });
}

function comStatistics(c: CommandContext): void {
  c.touches.command(c.now(), 'COM_STATISTICS', c.session.user, {});
  c.reply.packet(Buffer.from(shortStatus(c.session)));
}

function comSetOption(c: CommandContext, payload: Buffer): void {
  const option = new ByteReader(payload, 1).uint(2);
  if (option > 1) {
    refuseCommand(c, sqlError('ER_UNKNOWN_COM_ERROR'));
    return;
  }
  c.touches.command(c.now(), 'COM_SET_OPTION', c.session.user, {});
  c.capabilities = option === 0 ? c.capabilities | CLIENT.MULTI_STATEMENTS : c.capabilities & ~CLIENT.MULTI_STATEMENTS;
  c.reply.endOfRows(c.session.status(), c.session.warningCount);
}

/** Refuses a command that is no statement: the error joins what was warned of before. */
function refuseCommand(c: CommandContext, error: SqlError): void {
  noteError(c.session, error);
  sendError(c, error);
}

function unknown(c: CommandContext, payload: Buffer): void {
  const name = COMMANDS[payload[0] ?? 0] ?? `COM_${payload[0] ?? 'EMPTY'}`;
  const error = name === 'COM_CLONE' ? sqlError('ER_PLUGIN_IS_NOT_LOADED', 'clone') : sqlError('ER_UNKNOWN_COM_ERROR');
  c.touches.command(c.now(), name, c.session.user, {}, error.code);
  refuseCommand(c, error);
  // Only a member of a group may say this, and it says no more.
  if (name === 'COM_SUBSCRIBE_GROUP_REPLICATION_STREAM') c.end();
}

const HANDLERS: Partial<Record<CommandName, Handler>> = {
  COM_QUERY: comQuery,
  COM_INIT_DB: comInitDb,
  COM_FIELD_LIST: comFieldList,
  COM_STATISTICS: comStatistics,
  COM_PING: (c) => {
    c.touches.command(c.now(), 'COM_PING', c.session.user, {});
    c.reply.ok({ status: c.session.status(), warnings: c.session.warningCount, state: changesFor(c) });
  },
  COM_DEBUG: (c) => {
    c.touches.command(c.now(), 'COM_DEBUG', c.session.user, {});
    c.reply.endOfRows(c.session.status(), c.session.warningCount);
  },
  COM_CHANGE_USER: (c, payload) => c.changeUser(payload),
  COM_RESET_CONNECTION: (c) => {
    c.touches.command(c.now(), 'COM_RESET_CONNECTION', c.session.user, {});
    c.session.reset();
    c.prepared.clear();
    c.reply.ok({ status: c.session.status() });
  },
  COM_SET_OPTION: comSetOption,
  COM_STMT_PREPARE: comPrepare,
  COM_STMT_EXECUTE: comExecute,
  COM_STMT_FETCH: comFetch,
  COM_STMT_SEND_LONG_DATA: comSendLongData,
  COM_STMT_CLOSE: comStatementClose,
  COM_STMT_RESET: comStatementReset,
  COM_BINLOG_DUMP: comBinlogDump,
  COM_BINLOG_DUMP_GTID: comBinlogDumpGtid,
  COM_REGISTER_SLAVE: comRegisterReplica,
};

function refuse(c: CommandContext, error: unknown, name: CommandName | undefined, payload: Buffer): void {
  const short = error instanceof ShortPacket;
  if (short) c.touches.malformed(c.now(), payload, `${name ?? 'command'} ends early`, { code: 1835 });
  const known = short ? sqlError('ER_MALFORMED_PACKET') : asSqlError(error);
  if (name !== 'COM_FIELD_LIST' && name !== 'COM_SET_OPTION') c.session.clearWarnings();
  c.session.rowCount = -1n;
  noteError(c.session, known);
  sendError(c, known);
  if (short && name?.startsWith('COM_BINLOG_DUMP')) c.end();
}

/** Commands that are no questions, and those counted as administration. */
const UNASKED: ReadonlySet<string | undefined> = new Set<CommandName>([
  'COM_STATISTICS',
  'COM_PING',
  'COM_STMT_PREPARE',
  'COM_STMT_CLOSE',
  'COM_STMT_RESET',
]);
const ADMINISTRATION: ReadonlySet<string | undefined> = new Set<CommandName>([
  'COM_PING',
  'COM_DEBUG',
  'COM_CHANGE_USER',
  'COM_RESET_CONNECTION',
  'COM_REGISTER_SLAVE',
  'COM_BINLOG_DUMP',
  'COM_BINLOG_DUMP_GTID',
]);

/** Counts a command as SHOW STATUS tells it; statements are counted one by one where they run. */
export function countCommand(session: Session, code: number | undefined): void {
  const name = COMMANDS[code ?? -1];
  if (name === 'COM_QUERY') return;
  session.server.countedOf(session.overlay).commands.count(name);
  session.server.count('Queries');
  if (!UNASKED.has(name)) session.work.count('Questions');
  if (ADMINISTRATION.has(name)) session.work.count('Com_admin_commands');
}

/** Runs one command; gives a promise only where it waits. Malformed bodies answer 1835, and leave a touch of the bytes. */
export function runCommand(c: CommandContext, message: Message): Promise<void> | undefined {
  const { payload } = message;
  const name = COMMANDS[payload[0] ?? -1];
  const handler = name === undefined ? undefined : HANDLERS[name];
  if (name !== 'COM_QUERY') c.repeatable = undefined;
  try {
    const done = (handler ?? unknown)(c, payload, message);
    return done instanceof Promise ? done.catch((error: unknown) => refuse(c, error, name, payload)) : undefined;
  } catch (error) {
    refuse(c, error, name, payload);
    return undefined;
  }
}
