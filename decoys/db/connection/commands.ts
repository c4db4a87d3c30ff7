// The command phase: one handler a command, each writing its reply; the table is the protocol's list.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_command_phase.html
import { asSqlError, noteError } from '../session/run.ts';
import { canonicalSchema, schemaExists } from '../session/schemas.ts';
import { SqlError, sqlError } from '../sql/errors.ts';
import { ByteReader, ShortPacket } from '../wire/bytes.ts';
import { CLIENT, COMMANDS, type CommandName } from '../wire/constants.ts';
import type { Message } from '../wire/message-reader.ts';
import { schemaChange } from '../wire/session-track.ts';
import type { CommandContext, Handler } from './command-context.ts';
import { comFieldList } from './field-list.ts';
import { comExecute, comFetch, comPrepare, comSendLongData, comStatementReset } from './prepared-commands.ts';
import { comQuery } from './query.ts';
import { sendError } from './results.ts';

function comInitDb(c: CommandContext, payload: Buffer): void {
  const schema = canonicalSchema(payload.toString('utf8', 1));
  const found = schemaExists(c.session, schema);
  c.touches.command(
    c.now(),
    'COM_INIT_DB',
    c.session.user,
    { database: schema.slice(0, 64) },
    found ? undefined : 1049,
  );
  if (!found) {
    const error = sqlError('ER_BAD_DB_ERROR', schema);
    c.session.clearWarnings();
    noteError(c.session, error);
    sendError(c, error);
    return;
  }
  c.session.database = schema;
  c.reply.ok({ status: c.session.status(), warnings: c.session.warningCount, state: schemaChange(schema) });
}

function comStatistics(c: CommandContext): void {
  const { server } = c.session;
  const uptime = Math.max(1, Math.floor((c.now() - server.options.startedMs) / 1000));
  const questions = server.counters.get('Questions') ?? 0;
  const threads = server.sessionsOf(c.session.overlay).length + 1;
  c.touches.command(c.now(), 'COM_STATISTICS', c.session.user, {});
  c.reply.packet(
    Buffer.from(
      `Uptime: ${uptime}  Threads: ${threads}  Questions: ${questions}  Slow queries: 0  Opens: 151  Flush tables: 3  Open tables: 67  Queries per second avg: ${(questions / uptime).toFixed(3)}`,
    ),
  );
}

function comSetOption(c: CommandContext, payload: Buffer): void {
  const option = new ByteReader(payload, 1).uint(2);
  if (option > 1) {
    sendError(c, sqlError('ER_UNKNOWN_COM_ERROR'));
    return;
  }
  c.capabilities = option === 0 ? c.capabilities | CLIENT.MULTI_STATEMENTS : c.capabilities & ~CLIENT.MULTI_STATEMENTS;
  c.reply.endOfRows(c.session.status(), 0);
}

function unknown(c: CommandContext, payload: Buffer): void {
  c.touches.command(c.now(), COMMANDS[payload[0] ?? 0] ?? `COM_${payload[0] ?? 'EMPTY'}`, c.session.user, {}, 1047);
  sendError(c, sqlError('ER_UNKNOWN_COM_ERROR'));
}

const HANDLERS: Partial<Record<CommandName, Handler>> = {
  COM_QUERY: comQuery,
  COM_INIT_DB: comInitDb,
  COM_FIELD_LIST: comFieldList,
  COM_STATISTICS: comStatistics,
  COM_PING: (c) => {
    c.touches.command(c.now(), 'COM_PING', c.session.user, {});
    c.reply.ok({ status: c.session.status(), warnings: c.session.warningCount });
  },
  COM_DEBUG: (c) => {
    c.touches.command(c.now(), 'COM_DEBUG', c.session.user, {});
    c.reply.endOfRows(c.session.status(), c.session.warningCount);
  },
  COM_CHANGE_USER: (c, payload) => c.changeUser(payload),
  COM_RESET_CONNECTION: (c) => {
    c.touches.command(c.now(), 'COM_RESET_CONNECTION', c.session.user, {});
    c.session.reset();
    c.session.setClientCollation(c.session.clientCollation);
    c.prepared.clear();
    c.reply.ok({ status: c.session.status() });
  },
  COM_SET_OPTION: comSetOption,
  COM_STMT_PREPARE: comPrepare,
  COM_STMT_EXECUTE: comExecute,
  COM_STMT_FETCH: comFetch,
  COM_STMT_SEND_LONG_DATA: comSendLongData,
  COM_STMT_CLOSE: (c, payload) => {
    if (payload.length >= 5) c.prepared.close(payload.readUInt32LE(1));
  },
  COM_STMT_RESET: comStatementReset,
  COM_BINLOG_DUMP: refuseDump,
  COM_BINLOG_DUMP_GTID: refuseDump,
  COM_REGISTER_SLAVE: refuseDump,
};

/** Asking for the binary log is told as a replica the server has no log for. */
function refuseDump(c: CommandContext, payload: Buffer): void {
  c.touches.command(c.now(), COMMANDS[payload[0] ?? 0] ?? 'COM_BINLOG_DUMP', c.session.user, {}, 1236);
  if (payload.length < 11) throw new ShortPacket('short dump');
  sendError(c, new SqlError(1236, 'HY000', 'Could not find first log file name in binary log index file'));
  c.end();
}

function refuse(c: CommandContext, error: unknown, name: CommandName | undefined, payload: Buffer): void {
  const short = error instanceof ShortPacket;
  if (short) c.touches.malformed(c.now(), payload, `${name ?? 'command'} ends early`, 'mysql', 1835);
  const known = short ? sqlError('ER_MALFORMED_PACKET') : asSqlError(error);
  c.session.clearWarnings();
  noteError(c.session, known);
  sendError(c, known);
  if (short && name?.startsWith('COM_BINLOG_DUMP')) c.end();
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
