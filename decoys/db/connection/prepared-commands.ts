// Commands of prepared statements: PREPARE, EXECUTE, FETCH, SEND_LONG_DATA, CLOSE, RESET.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_command_phase_ps.html

import { resultCharset } from '../session/client-charset.ts';
import { afterEvents } from '../session/event-scheduler.ts';
import { LONG_STATEMENT_BYTES, longStatementTurn } from '../session/long-statements.ts';
import { lookThrough } from '../session/look-through.ts';
import { inOrder, inPaces } from '../session/pacing.ts';
import { cursorError, showsColumns } from '../session/preparable.ts';
import { parse, parseLong } from '../session/reading.ts';
import { asSqlError, noteError, type Ran, run, runSteps } from '../session/run.ts';
import type { Statement } from '../sql/ast/statement.ts';
import { Budget } from '../sql/budget.ts';
import { SqlError, sqlError } from '../sql/errors.ts';
import { Execution } from '../sql/execution.ts';
import type { Parsed } from '../sql/parse/statement.ts';
import { nextTurn } from '../turn.ts';
import { ByteReader, ShortPacket } from '../wire/bytes.ts';
import { type Column, type ResultCharset, writeColumn } from '../wire/column.ts';
import { BINARY_CHARSET, CLIENT, FLAG, STATUS, TYPE } from '../wire/constants.ts';
import type { Message } from '../wire/message-reader.ts';
import { writeBinaryRow } from '../wire/rows.ts';
import { type Asked, hashOf, metadataFlag, recordStatement, rowsOf, withoutFinalNul } from './asked.ts';
import type { CommandContext } from './command-context.ts';
import { type Prepared, parameterColumn, readExecute } from './prepared.ts';
import { countStatement, runAsked } from './query.ts';
import { changesFor, sendError, sendOutcome } from './results.ts';

/** Decimals of what has no number of them. */
const NOT_SPECIFIED = 31;

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

function openCursor(c: CommandContext, asked: Asked, prepared: Prepared): Promise<void> | undefined {
  const { session } = c;
  const startedMs = c.now();
  const { database } = session;
  const { statement } = prepared;
  const { parameters, types, pins } = asked;
  const options = { nowMs: startedMs, random: c.random, parameters, types, pins };
  const refused = (error: unknown): void => {
    const known = asSqlError(error);
    recordStatement(c, asked, startedMs, database, { error: known });
    sendError(c, known);
  };
  const opened = (ran: Ran): Promise<void> | undefined => {
    recordStatement(c, asked, startedMs, database, { rows: rowsOf(ran.outcome) });
    return sendCursor(c, prepared, ran);
  };
  let ran: Ran | Promise<Ran>;
  try {
    ran = afterEvents(session, options, () =>
      inOrder(session, statement, () => {
        const budget = new Budget(true);
        return inPaces(session, budget, runSteps(session, statement, options, budget));
      }),
    );
  } catch (error) {
    refused(error);
    return undefined;
  }
  if (ran instanceof Promise) return ran.then(opened, refused);
  return opened(ran);
}

/** Keeps the rows a statement gave, and tells their columns. */
function sendCursor(c: CommandContext, prepared: Prepared, ran: Ran): Promise<void> | undefined {
  if (ran.outcome.kind !== 'rows') return sendOutcome(c, ran, 0, false, true);
  const { rows } = ran.outcome;
  const kept = isInTable(prepared.statement);
  const columns = ran.outcome.columns.map((column) => materialized(column, kept));
  if (!c.prepared.openCursor(prepared, columns, rows)) {
    const full = sqlError('ER_OUT_OF_RESOURCES');
    noteError(c.session, full);
    sendError(c, full);
    return undefined;
  }
  const scanned = kept ? ran.flags & STATUS.NO_INDEX : 0;
  const status = c.session.status() | STATUS.CURSOR_EXISTS | metadataFlag(prepared, columns.length) | scanned;
  c.reply.columns(columns, resultCharset(c.session).told, status);
  if (c.capabilities & CLIENT.DEPRECATE_EOF) c.reply.endOfRows(status, c.session.warningCount, changesFor(c));
  return undefined;
}

/** Answers COM_STMT_FETCH: the next rows of an open cursor. Source: the protocol's COM_STMT_FETCH. */
export function comFetch(c: CommandContext, payload: Buffer): void {
  const reader = new ByteReader(payload, 1);
  if (reader.left < 8) throw new ShortPacket('short fetch');
  const prepared = c.prepared.get(reader.uint(4), 'mysql_stmt_precheck');
  const count = reader.uint(4);
  tellCommand(c, 'COM_STMT_FETCH', prepared);
  const { cursor } = prepared;
  if (!cursor) throw new SqlError(1421, 'HY000', `The statement (${prepared.id}) has no open cursor.`);
  const { charset } = resultCharset(c.session);
  const rows = cursor.rows.slice(cursor.at, cursor.at + count);
  for (const row of rows) {
    writeBinaryRow(c.reply.begin(), row, cursor.columns, charset);
    c.reply.end();
  }
  cursor.at += rows.length;
  // That there are no more is known only to who asked for more than there were.
  const done = rows.length < count;
  if (done) c.prepared.closeCursor(prepared);
  c.reply.endOfRows(c.session.status() | (done ? STATUS.LAST_ROW_SENT : STATUS.CURSOR_EXISTS), 0);
}

/** Whether the rows of a query come out of a temporary table, whose integers have eight bytes already. */
function isInTable(statement: Statement): boolean {
  if (statement.kind !== 'query') return false;
  const { body } = statement.query;
  return body.kind === 'set' || (body.kind === 'select' && body.group.length > 0);
}

/** Digits of an integer column a temporary table keeps in four bytes, and its sign. */
const SHORT_INTEGER_LENGTH = 10;
const NUMBERS: ReadonlySet<number> = new Set([TYPE.LONG, TYPE.LONGLONG, TYPE.DOUBLE, TYPE.NEWDECIMAL]);

/** A column as the temporary table behind a cursor has it. */
function materialized(column: Column, kept: boolean): Column {
  const short = !kept && column.type === TYPE.LONGLONG && column.length <= SHORT_INTEGER_LENGTH;
  const type = short ? TYPE.LONG : column.type === TYPE.NULL ? TYPE.VAR_STRING : column.type;
  const flags = FLAG.NOT_NULL | FLAG.UNSIGNED | FLAG.NO_DEFAULT | (NUMBERS.has(type) ? 0 : FLAG.BINARY);
  const decimals = column.type === TYPE.DOUBLE ? column.decimals : column.decimals % NOT_SPECIFIED;
  return { ...column, orgName: column.name, type, flags: column.flags & flags, decimals };
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

/** Bytes of a statement in the touch of a command on it. */
const NAMED_BYTES = 256;

/** Leaves the touch of a command on a statement that was prepared before. */
function tellCommand(c: CommandContext, command: string, prepared: Prepared): void {
  c.touches.command(c.now(), command, c.session.user, { statement: prepared.text.toString('utf8', 0, NAMED_BYTES) });
}
