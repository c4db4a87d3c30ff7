// Commands of prepared statements: PREPARE, EXECUTE, FETCH, SEND_LONG_DATA, CLOSE, RESET.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_command_phase_ps.html

import { resultCharset } from '../session/client-charset.ts';
import { LONG_STATEMENT_BYTES, longStatementTurn } from '../session/long-statements.ts';
import { lookThrough } from '../session/look-through.ts';
import { cursorError, showsColumns } from '../session/preparable.ts';
import { parse, parseLong } from '../session/reading.ts';
import { asSqlError, noteError, run } from '../session/run.ts';
import { SqlError } from '../sql/errors.ts';
import { Execution } from '../sql/execution.ts';
import type { Parsed } from '../sql/parse/statement.ts';
import { nextTurn } from '../turn.ts';
import { ByteReader, ShortPacket } from '../wire/bytes.ts';
import { type Column, type ResultCharset, writeColumn } from '../wire/column.ts';
import { BINARY_CHARSET, CLIENT, FLAG, TYPE } from '../wire/constants.ts';
import type { Message } from '../wire/message-reader.ts';
import { type Asked, hashOf, recordStatement, tellCommand, withoutFinalNul } from './asked.ts';
import type { CommandContext } from './command-context.ts';
import { openCursor } from './cursors.ts';
import { type Prepared, parameterColumn, readExecute } from './prepared.ts';
import { countStatement, runAsked } from './query.ts';
import { sendError } from './results.ts';

/** Columns a statement will have, found without running what changes anything. */
function columnsOf(c: CommandContext, x: Execution, { statement, parameters }: Parsed): readonly Column[] {
  const columns = lookThrough(x, statement, parameters);
  if (statement.kind !== 'show' || !showsColumns(statement)) return columns;
  const { outcome } = run(c.session, statement, { nowMs: c.now(), random: c.random });
  return outcome.kind === 'rows' ? outcome.columns : [];
}

/**
 * Answers COM_STMT_PREPARE: the statement's id, its parameters and columns; a long text waits for its turn. Source: the protocol's
 * COM_STMT_PREPARE.
 */
export function comPrepare(c: CommandContext, payload: Buffer, message: Message): Promise<void> | void {
  const text = withoutFinalNul(Buffer.from(payload.subarray(1)));
  const asked: Asked = { command: 'COM_STMT_PREPARE', text, ...hashOf(text, message) };
  if (text.length > LONG_STATEMENT_BYTES) return prepareLong(c, asked);
  prepare(c, asked, () => parse(c.session, text, false));
}

/** Of a statement of many bytes: other clients are answered while it is read. */
async function prepareLong(c: CommandContext, asked: Asked): Promise<void> {
  let ended: (() => void) | undefined;
  let read: () => Parsed;
  try {
    ended = await longStatementTurn(c.session.address, asked.text.length);
    const parsed = await parseLong(c.session, asked.text, false);
    await nextTurn();
    read = () => parsed;
  } catch (error) {
    read = () => {
      throw error;
    };
  }
  try {
    prepare(c, asked, read);
  } finally {
    ended?.();
  }
}

function prepare(c: CommandContext, asked: Asked, read: () => Parsed): void {
  const startedMs = c.now();
  const { database } = c.session;
  c.session.clearWarnings();
  try {
    const parsed = read();
    for (const { code, message } of parsed.statement.told ?? []) c.session.addWarning('Warning', code, message);
    const x = new Execution(c.session, c.now(), c.random);
    const columns = columnsOf(c, x, parsed);
    const parameters = Array.from({ length: parsed.parameters }, (_, at) =>
      parameterColumn(x.parameterNames.get(at), x.derivedTypes.get(at)),
    );
    const prepared = c.prepared.add(parsed.statement, asked.text, parameters, columns);
    c.session.work.count('Com_stmt_prepare');
    recordStatement(c, asked, startedMs, database, {});
    sendPrepared(c, prepared);
  } catch (error) {
    const known = asSqlError(error);
    c.prepared.skip();
    noteError(c.session, known);
    recordStatement(c, asked, startedMs, database, { error: known });
    sendError(c, known);
  }
}

/** As many bytes as a text of unknown length is told to have. */
const TEXT_BYTES = 65_535;

/** A parameter nothing is known of has as many characters as fit, in the client's character set. */
function toldParameter(column: Column, { id, bytesPerCharacter }: ResultCharset): Column {
  if (column.type !== TYPE.VAR_STRING || column.length !== parameterColumn().length) return column;
  const flags = id === BINARY_CHARSET ? FLAG.BINARY : column.flags;
  return { ...column, length: Math.floor(TEXT_BYTES / bytesPerCharacter), flags };
}

function sendPrepared(c: CommandContext, prepared: Prepared): void {
  const { told } = resultCharset(c.session);
  const out = c.reply.begin();
  out
    .uint(0, 1)
    .uint(prepared.id, 4)
    .uint(prepared.columns.length, 2)
    .uint(prepared.parameters, 2)
    .uint(0, 1)
    .uint(c.session.warningCount, 2);
  if (c.capabilities & CLIENT.OPTIONAL_RESULTSET_METADATA) out.uint(c.reply.metadata ? 1 : 0, 1);
  c.reply.end();
  if (!c.reply.metadata) return;
  const eof = !(c.capabilities & CLIENT.DEPRECATE_EOF);
  for (const column of prepared.asked) {
    writeColumn(c.reply.begin(), toldParameter(column, told), told);
    c.reply.end();
  }
  if (prepared.asked.length > 0 && eof) c.reply.eof(c.session.status(), 0);
  for (const column of prepared.columns) {
    writeColumn(c.reply.begin(), toldParameter(column, told), told);
    c.reply.end();
  }
  if (prepared.columns.length > 0 && eof) c.reply.eof(c.session.status(), 0);
}

/** Answers COM_STMT_EXECUTE with rows in the binary protocol, or opens the cursor it asks for. Source: the protocol's COM_STMT_EXECUTE. */
export function comExecute(c: CommandContext, payload: Buffer): Promise<void> | void {
  const reader = new ByteReader(payload, 1);
  if (reader.left < 9) throw new ShortPacket('short execute');
  const prepared = c.prepared.get(reader.uint(4), 'mysql_stmt_precheck');
  let bound: ReturnType<typeof readExecute>;
  try {
    bound = readExecute(reader, prepared, c.capabilities, c.session.clientCharset());
  } catch (error) {
    // What was sent ahead waits for a packet that is whole.
    if (error instanceof SqlError) c.prepared.useAhead(prepared);
    throw error;
  }
  c.prepared.useAhead(prepared);
  c.session.work.count('Com_stmt_execute');
  const asked: Asked = {
    command: 'COM_STMT_EXECUTE',
    text: prepared.text,
    bytes: prepared.text.length,
    sha256: undefined,
    parameters: bound.values,
    types: bound.sqlTypes,
    pins: prepared.pins,
    known: prepared,
    attributes: bound.attributes,
  };
  countStatement(c.session, prepared.statement);
  if (!bound.cursor) return execute(c, asked, prepared);
  const refused = cursorError(prepared.statement);
  if (refused) {
    c.session.clearWarnings();
    noteError(c.session, refused);
    recordStatement(c, asked, c.now(), c.session.database, { error: refused });
    sendError(c, refused);
    return;
  }
  if (prepared.columns.length === 0) return execute(c, asked, prepared);
  return openCursor(c, asked, prepared);
}

function execute(c: CommandContext, asked: Asked, prepared: Prepared): Promise<void> | void {
  const done = runAsked(c, asked, prepared.statement, 0, true);
  if (done instanceof Promise) return done.then(() => undefined);
}

/**
 * Takes a part of a parameter's value; nothing is answered, and what is wrong with it is told at the next execution. Source: the
 * protocol's COM_STMT_SEND_LONG_DATA.
 */
export function comSendLongData(c: CommandContext, payload: Buffer): void {
  const reader = new ByteReader(payload, 1);
  const prepared = c.prepared.find(reader.uint(4));
  const parameter = reader.uint(2);
  if (!prepared || parameter >= prepared.parameters) return;
  tellCommand(c, 'COM_STMT_SEND_LONG_DATA', prepared);
  c.prepared.sendAhead(prepared, parameter, reader.rest());
}

/** Answers COM_STMT_RESET: what was sent ahead is forgotten and the cursor closed. */
export function comStatementReset(c: CommandContext, payload: Buffer): void {
  const prepared = c.prepared.get(new ByteReader(payload, 1).uint(4), 'mysql_stmt_precheck');
  c.prepared.useAhead(prepared);
  c.prepared.closeCursor(prepared);
  tellCommand(c, 'COM_STMT_RESET', prepared);
  c.session.clearWarnings();
  c.reply.ok({ status: c.session.status() });
}

/** Forgets a prepared statement; COM_STMT_CLOSE has no answer. */
export function comStatementClose(c: CommandContext, payload: Buffer): void {
  const id = new ByteReader(payload, 1).uint(4);
  const prepared = c.prepared.find(id);
  if (prepared) tellCommand(c, 'COM_STMT_CLOSE', prepared);
  c.prepared.close(id);
}
