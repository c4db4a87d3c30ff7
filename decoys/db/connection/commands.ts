// The command phase: one handler a command, each writing its reply; the table is the protocol's list.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_command_phase.html
import { createHash } from 'node:crypto';
import { TOUCH_PARAMETER_BYTES, TOUCH_PARAMETERS } from '../limits.ts';
import { systemTable } from '../persona/catalogue.ts';
import { warmColumns } from '../session/catalogue-tables.ts';
import type { Outcome, RowsOutcome } from '../session/outcome.ts';
import { asSqlError, noteError, parse, parseLong, type Ran, run } from '../session/run.ts';
import { canonicalSchema, schemaExists } from '../session/schemas.ts';
import type { Session } from '../session/session.ts';
import { resultColumn } from '../session/statements/result.ts';
import { overlayColumnFacts } from '../session/system-rows.ts';
import { signatureOf } from '../signatures.ts';
import type { Statement } from '../sql/ast.ts';
import { SqlError, sqlError } from '../sql/errors.ts';
import { Execution } from '../sql/execution.ts';
import { matchesLike } from '../sql/like.ts';
import type { ScopeColumn } from '../sql/scope.ts';
import { compileQuery, compilerOf } from '../sql/select.ts';
import { encodeText } from '../sql/value/charset.ts';
import { isDecimal, isDouble, isInteger } from '../sql/value/type.ts';
import { toText, type Value } from '../sql/value/value.ts';
import type { Touches } from '../touches.ts';
import { inSlices, nextTurn } from '../turn.ts';
import { ByteReader, ShortPacket } from '../wire/bytes.ts';
import { type Column, writeColumn } from '../wire/column.ts';
import { CLIENT, COMMANDS, type CommandName, STATUS } from '../wire/constants.ts';
import type { Message } from '../wire/message-reader.ts';
import { readQueryAttributes } from '../wire/parameters.ts';
import type { ReplyWriter } from '../wire/replies.ts';
import { writeBinaryRow, writeTextRow } from '../wire/rows.ts';
import { schemaChange } from '../wire/session-track.ts';
import { type Prepared, type PreparedStatements, parameterColumn, readExecute } from './prepared.ts';

/** What a connection lends its commands. */
export interface CommandContext {
  readonly session: Session;
  readonly reply: ReplyWriter;
  readonly touches: Touches;
  readonly prepared: PreparedStatements;
  capabilities: number;
  readonly now: () => number;
  readonly random: () => number;
  /** Sends what the reply writer holds, after `delayMs`; resolves false where the connection ended meanwhile. */
  readonly flush: (delayMs: number) => Promise<boolean>;
  readonly end: () => void;
  readonly changeUser: (payload: Buffer) => void;
}

type Handler = (c: CommandContext, payload: Buffer, message: Message) => Promise<void> | void;

function warningsOf(c: CommandContext, diagnostic: boolean): number {
  return diagnostic ? 0 : c.session.warningCount;
}

/** Whether a statement reports on others, and so counts no warnings of its own. */
function isDiagnostic(statement: Statement): boolean {
  return statement.kind === 'show' && ['warnings', 'errors', 'count-warnings', 'count-errors'].includes(statement.what);
}

function sendError(c: CommandContext, error: SqlError): void {
  const { charset } = c.session.resultCharset();
  const message =
    charset === null || charset === 'utf8mb4' ? error.message : encodeText(error.message, charset).toString('utf8');
  c.reply.error({ code: error.code, sqlstate: error.sqlstate, message });
}

/** Rows of a result written at once; more of them are written in slices. */
const ROWS_AT_ONCE = 256;

async function sendRows(
  c: CommandContext,
  outcome: RowsOutcome,
  status: number,
  warnings: number,
  binary: boolean,
): Promise<void> {
  const { charset, told } = c.session.resultCharset();
  const { rows, columns } = outcome;
  const writeRow = binary ? writeBinaryRow : writeTextRow;
  const send = (row: readonly Value[]) => {
    writeRow(c.reply.begin(), row, columns, charset);
    c.reply.end();
  };
  c.reply.columns(columns, told, status);
  if (rows.length <= ROWS_AT_ONCE) for (const row of rows) send(row);
  else {
    await nextTurn();
    await inSlices(rows, send);
  }
  if (outcome.error) sendError(c, asSqlError(outcome.error));
  else c.reply.endOfRows(status, warnings);
}

async function sendOutcome(
  c: CommandContext,
  ran: Ran,
  more: number,
  diagnostic: boolean,
  binary = false,
): Promise<void> {
  const { outcome } = ran;
  const flags = outcome.kind === 'rows' ? (outcome.flags ?? 0) : 0;
  const status = c.session.status() | ran.flags | flags | more;
  const warnings = warningsOf(c, diagnostic);
  if (outcome.kind === 'rows') {
    await sendRows(c, outcome, status, warnings, binary);
    return;
  }
  const { before = [] } = outcome;
  if (before.length > 0 && !(c.capabilities & CLIENT.MULTI_RESULTS)) {
    sendError(c, sqlError('ER_SP_BADSELECT', c.session.database));
    return;
  }
  for (const rows of before) {
    await sendRows(c, rows, status | (rows.flags ?? 0) | STATUS.MORE_RESULTS, 0, binary);
    if (rows.error) return;
  }
  if (outcome.error) sendError(c, asSqlError(outcome.error));
  else
    c.reply.ok({
      affected: outcome.affected,
      insertId: outcome.insertId,
      status,
      warnings,
      info: outcome.info,
      state: outcome.changes && Buffer.concat([...outcome.changes]),
    });
}

interface Asked {
  readonly command: string;
  readonly text: Buffer;
  readonly bytes: number;
  readonly sha256: string | undefined;
  readonly parameters?: readonly Value[];
  readonly attributes?: ReadonlyMap<string, Value>;
}

function shownValue(value: Value): string {
  if (value === null) return 'NULL';
  const text = Buffer.isBuffer(value)
    ? `0x${value.toString('hex', 0, TOUCH_PARAMETER_BYTES / 2)}`
    : (toText(value) as string);
  return text.length > TOUCH_PARAMETER_BYTES ? `${text.slice(0, TOUCH_PARAMETER_BYTES)}…` : text;
}

function recordStatement(
  c: CommandContext,
  asked: Asked,
  startedMs: number,
  database: string,
  result: { error?: SqlError; rows?: number; delayMs?: number },
): void {
  const attributes =
    asked.attributes && asked.attributes.size > 0
      ? Object.fromEntries(
          [...asked.attributes]
            .slice(0, TOUCH_PARAMETERS)
            .map(([name, value]) => [name.slice(0, TOUCH_PARAMETER_BYTES), shownValue(value)]),
        )
      : undefined;
  c.touches.statement(c.now(), {
    command: asked.command,
    text: asked.text,
    bytes: asked.bytes,
    sha256: asked.sha256,
    database,
    user: c.session.user,
    signature: signatureOf(asked.text),
    parameters: asked.parameters?.slice(0, TOUCH_PARAMETERS).map(shownValue),
    attributes,
    error: result.error,
    rows: result.rows,
    durationMs: c.now() - startedMs + (result.delayMs ?? 0),
  });
}

function rowsOf(outcome: Outcome): number | undefined {
  return outcome.kind === 'rows' ? outcome.rows.length : undefined;
}

/** Runs a statement, leaves its touch, writes its reply; gives false where an error ends a list of statements. */
async function runAsked(
  c: CommandContext,
  asked: Asked,
  statement: Statement,
  more: number,
  binary = false,
): Promise<boolean> {
  const { session } = c;
  const startedMs = c.now();
  const database = session.database;
  session.info = asked.text.toString('utf8', 0, 65_536);
  try {
    if (NAMES_COLUMNS.test(session.info)) await warmColumns();
    const ran = run(session, statement, { nowMs: startedMs, random: c.random, parameters: asked.parameters });
    const error = ran.outcome.error && asSqlError(ran.outcome.error);
    recordStatement(c, asked, startedMs, database, { error, rows: rowsOf(ran.outcome), delayMs: ran.delayMs });
    await sendOutcome(c, ran, more, isDiagnostic(statement), binary);
    if (ran.delayMs > 0) {
      session.state = 'User sleep';
      if (!(await c.flush(ran.delayMs))) return false;
    }
    if (statement.kind === 'shutdown') {
      await c.flush(0);
      c.end();
      return false;
    }
    return error === undefined;
  } catch (error) {
    const known = asSqlError(error);
    recordStatement(c, asked, startedMs, database, { error: known });
    sendError(c, known);
    return false;
  }
}

function hashOf(text: Buffer, message: Message): { bytes: number; sha256: string | undefined } {
  if (message.truncated) return { bytes: message.bytes, sha256: message.sha256 };
  return {
    bytes: text.length,
    sha256: text.length > 8192 ? createHash('sha256').update(text).digest('hex') : undefined,
  };
}

/** A statement of more bytes is read and run in slices. */
const LONG_STATEMENT_BYTES = 8 * 1024;
/** Names the one table whose rows take long to make. */
const NAMES_COLUMNS = /columns/i;

async function comQuery(c: CommandContext, payload: Buffer, message: Message): Promise<void> {
  const { session } = c;
  const reader = new ByteReader(payload, 1);
  let attributes: ReadonlyMap<string, Value> | undefined;
  if (c.capabilities & CLIENT.QUERY_ATTRIBUTES) attributes = readQueryAttributes(reader, session.clientCharset());
  let text = reader.rest();
  const multi = (c.capabilities & CLIENT.MULTI_STATEMENTS) !== 0;
  for (;;) {
    const asked: Asked = { command: 'COM_QUERY', text, ...hashOf(text, message), attributes };
    let parsed: ReturnType<typeof parse>;
    try {
      session.server.count('Questions');
      session.server.count('Queries');
      parsed = text.length > LONG_STATEMENT_BYTES ? await parseLong(session, text, multi) : parse(session, text, multi);
      if (text.length > LONG_STATEMENT_BYTES) await nextTurn();
    } catch (error) {
      const known = asSqlError(error);
      session.clearWarnings();
      noteError(session, known);
      recordStatement(c, asked, c.now(), session.database, { error: known });
      sendError(c, known);
      return;
    }
    const last = parsed.end >= text.length;
    const own = last ? asked : { ...asked, text: text.subarray(0, parsed.end), bytes: parsed.end };
    if (parsed.parameters > 0) return refuseParameter(c, own);
    countStatement(session, parsed.statement);
    if (!(await runAsked(c, own, parsed.statement, last ? 0 : STATUS.MORE_RESULTS)) || last) return;
    text = text.subarray(parsed.end);
  }
}

/** `?` outside a prepared statement is a syntax error at the `?`. */
function refuseParameter(c: CommandContext, asked: Asked): void {
  const at = asked.text.indexOf('?');
  const near = asked.text.toString('utf8', at, at + 80);
  const line = asked.text.subarray(0, at).filter((byte) => byte === 10).length + 1;
  const error = sqlError('ER_PARSE_ERROR', near, line);
  c.session.clearWarnings();
  noteError(c.session, error);
  recordStatement(c, asked, c.now(), c.session.database, { error });
  sendError(c, error);
}

const COM_COUNTERS: Readonly<Partial<Record<Statement['kind'], string>>> = {
  query: 'Com_select',
  insert: 'Com_insert',
  update: 'Com_update',
  delete: 'Com_delete',
  set: 'Com_set_option',
  use: 'Com_change_db',
  'create-table': 'Com_create_table',
  'drop-table': 'Com_drop_table',
  'create-database': 'Com_create_db',
  'drop-database': 'Com_drop_db',
  begin: 'Com_begin',
  commit: 'Com_commit',
  rollback: 'Com_rollback',
};

function countStatement(session: Session, statement: Statement): void {
  const name = COM_COUNTERS[statement.kind];
  if (name) session.server.count(name);
}

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

function comFieldList(c: CommandContext, payload: Buffer): void {
  const reader = new ByteReader(payload, 1);
  const table = reader.untilNul().toString();
  const wild = reader.rest().toString();
  c.touches.command(c.now(), 'COM_FIELD_LIST', c.session.user, { statement: table, database: c.session.database });
  const source = c.session.table('', table);
  const { told } = c.session.resultCharset();
  for (const column of source.columns) {
    if (wild !== '' && !matchesLike(column.name, wild, '\\', 'utf8mb3_general_ci', () => undefined)) continue;
    const out = c.reply.begin();
    writeColumn(out, { ...resultColumn(column), name: column.orgName || column.name }, told);
    const fallback = fieldDefault(c, source.schema, source.name, column);
    if (fallback === null) out.uint(0xfb, 1);
    else out.lenencText(fallback);
    c.reply.end();
  }
  c.reply.endOfRows(c.session.status(), 0);
}

/** A column's default as COM_FIELD_LIST tells it: its own, or what its type begins as where it may not be NULL. */
function fieldDefault(c: CommandContext, schema: string, table: string, column: ScopeColumn): string | null {
  const own = c.session.overlay.databases.get(schema)?.tables.get(table);
  const facts = own ? overlayColumnFacts(own) : (systemTable(schema, table)?.columns ?? []);
  const found = facts.find((fact) => fact.name === column.name);
  if (found?.fallback != null) return found.fallback;
  if (column.type.nullable) return null;
  return isInteger(column.type) || isDouble(column.type) || isDecimal(column.type) ? '0' : '';
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

/** Columns a statement will have, found without running what changes anything. */
function columnsOf(c: CommandContext, statement: Statement): readonly Column[] {
  const x = new Execution(c.session, c.now(), c.random);
  if (statement.kind === 'query' && !statement.query.into)
    return compileQuery(compilerOf(x), statement.query, undefined).columns.map(resultColumn);
  if (statement.kind !== 'show') return [];
  const { outcome } = run(c.session, statement, { nowMs: c.now(), random: c.random });
  return outcome.kind === 'rows' ? outcome.columns : [];
}

/** Statements the binary protocol does not prepare: error 1295. */
const UNPREPARED: ReadonlySet<Statement['kind']> = new Set([
  'use',
  'prepare',
  'execute',
  'deallocate',
  'lock-tables',
  'unlock-tables',
  'load-data',
  'begin',
  'savepoint',
  'shutdown',
  'create-routine',
  'drop-routine',
]);

function comPrepare(c: CommandContext, payload: Buffer, message: Message): void {
  const text = payload.subarray(1);
  const asked: Asked = { command: 'COM_STMT_PREPARE', text, ...hashOf(text, message) };
  const startedMs = c.now();
  const { database } = c.session;
  c.session.clearWarnings();
  try {
    const parsed = parse(c.session, text, false);
    if (
      UNPREPARED.has(parsed.statement.kind) &&
      parsed.statement.kind !== 'begin' &&
      parsed.statement.kind !== 'savepoint'
    )
      throw new SqlError(1295, 'HY000', 'This command is not supported in the prepared statement protocol yet');
    const columns = columnsOf(c, parsed.statement);
    const prepared = c.prepared.add(parsed.statement, text, parsed.parameters, columns);
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

function sendPrepared(c: CommandContext, prepared: Prepared): void {
  const { told } = c.session.resultCharset();
  const out = c.reply.begin();
  out
    .uint(0, 1)
    .uint(prepared.id, 4)
    .uint(prepared.columns.length, 2)
    .uint(prepared.parameters, 2)
    .uint(0, 1)
    .uint(c.session.warningCount, 2);
  c.reply.end();
  const eof = !(c.capabilities & CLIENT.DEPRECATE_EOF);
  for (let at = 0; at < prepared.parameters; at++) {
    writeColumn(c.reply.begin(), parameterColumn(), told);
    c.reply.end();
  }
  if (prepared.parameters > 0 && eof) c.reply.eof(c.session.status(), 0);
  for (const column of prepared.columns) {
    writeColumn(c.reply.begin(), column, told);
    c.reply.end();
  }
  if (prepared.columns.length > 0 && eof) c.reply.eof(c.session.status(), 0);
}

async function comExecute(c: CommandContext, payload: Buffer): Promise<void> {
  const reader = new ByteReader(payload, 1);
  if (reader.left < 9) throw new ShortPacket('short execute');
  const prepared = c.prepared.get(reader.uint(4), 'mysql_stmt_precheck');
  const bound = readExecute(reader, prepared, c.capabilities, c.session.clientCharset());
  prepared.ahead = new Map();
  prepared.aheadBytes = 0;
  c.session.server.count('Questions');
  const asked: Asked = {
    command: 'COM_STMT_EXECUTE',
    text: prepared.text,
    bytes: prepared.text.length,
    sha256: undefined,
    parameters: bound.values,
    attributes: bound.attributes,
  };
  countStatement(c.session, prepared.statement);
  if (!bound.cursor || prepared.columns.length === 0) {
    await runAsked(c, asked, prepared.statement, 0, true);
    return;
  }
  await openCursor(c, asked, prepared);
}

async function openCursor(c: CommandContext, asked: Asked, prepared: Prepared): Promise<void> {
  const startedMs = c.now();
  const ran = run(c.session, prepared.statement, { nowMs: startedMs, random: c.random, parameters: asked.parameters });
  recordStatement(c, asked, startedMs, c.session.database, { rows: rowsOf(ran.outcome) });
  if (ran.outcome.kind !== 'rows') {
    await sendOutcome(c, ran, 0, false, true);
    return;
  }
  const { columns, rows } = ran.outcome;
  prepared.cursor = { columns, rows, at: 0 };
  const status = c.session.status() | STATUS.CURSOR_EXISTS;
  c.reply.columns(columns, c.session.resultCharset().told, status);
  if (c.capabilities & CLIENT.DEPRECATE_EOF) c.reply.endOfRows(status, c.session.warningCount);
}

function comFetch(c: CommandContext, payload: Buffer): void {
  const reader = new ByteReader(payload, 1);
  const prepared = c.prepared.get(reader.uint(4), 'mysql_stmt_precheck');
  const count = reader.uint(4);
  const { cursor } = prepared;
  if (!cursor) throw new SqlError(1421, 'HY000', `The statement (${prepared.id}) has no open cursor.`);
  const { charset } = c.session.resultCharset();
  for (const row of cursor.rows.slice(cursor.at, cursor.at + count)) {
    writeBinaryRow(c.reply.begin(), row, cursor.columns, charset);
    c.reply.end();
  }
  cursor.at += count;
  const done = cursor.at >= cursor.rows.length;
  if (done) prepared.cursor = undefined;
  c.reply.endOfRows(c.session.status() | (done ? STATUS.LAST_ROW_SENT : STATUS.CURSOR_EXISTS), 0);
}

function comSendLongData(c: CommandContext, payload: Buffer): void {
  const reader = new ByteReader(payload, 1);
  const prepared = c.prepared.find(reader.uint(4));
  const parameter = reader.uint(2);
  if (prepared && parameter < prepared.parameters) c.prepared.sendAhead(prepared, parameter, reader.rest());
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
  COM_STMT_RESET: (c, payload) => {
    const prepared = c.prepared.get(new ByteReader(payload, 1).uint(4), 'mysql_stmt_precheck');
    prepared.ahead = new Map();
    prepared.aheadBytes = 0;
    prepared.cursor = undefined;
    c.reply.ok({ status: c.session.status() });
  },
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

/** Runs one command. Malformed bodies answer 1835, and leave a touch of the bytes. */
export async function runCommand(c: CommandContext, message: Message): Promise<void> {
  const { payload } = message;
  const name = COMMANDS[payload[0] ?? -1];
  const handler = name === undefined ? undefined : HANDLERS[name];
  try {
    await (handler ?? unknown)(c, payload, message);
  } catch (error) {
    if (error instanceof ShortPacket) {
      c.touches.malformed(c.now(), payload, `${name ?? 'command'} ends early`, 'mysql', 1835);
      const malformed = sqlError('ER_MALFORMED_PACKET');
      c.session.clearWarnings();
      noteError(c.session, malformed);
      sendError(c, malformed);
      if (name?.startsWith('COM_BINLOG_DUMP')) c.end();
      return;
    }
    const known = asSqlError(error);
    c.session.clearWarnings();
    noteError(c.session, known);
    sendError(c, known);
  }
}
