// Cursors of prepared statements: rows kept until the client fetches them.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_stmt_fetch.html

import { resultCharset } from '../session/client-charset.ts';
import { afterEvents } from '../session/event-scheduler.ts';
import { inOrder, inPaces } from '../session/pacing.ts';
import { asSqlError, noteError, type Ran, runSteps } from '../session/run.ts';
import type { Statement } from '../sql/ast/statement.ts';
import { Budget } from '../sql/budget.ts';
import { SqlError, sqlError } from '../sql/errors.ts';
import { ByteReader, ShortPacket } from '../wire/bytes.ts';
import type { Column } from '../wire/column.ts';
import { CLIENT, FLAG, STATUS, TYPE } from '../wire/constants.ts';
import { writeBinaryRow } from '../wire/rows.ts';
import { type Asked, metadataFlag, recordStatement, rowsOf, tellCommand } from './asked.ts';
import type { CommandContext } from './command-context.ts';
import type { Prepared } from './prepared.ts';
import { changesFor, sendError, sendOutcome } from './results.ts';

/** Decimals of what has no number of them. */
const NOT_SPECIFIED = 31;

/** Runs a prepared statement for a cursor: its rows are kept, its columns told. */
export function openCursor(c: CommandContext, asked: Asked, prepared: Prepared): Promise<void> | undefined {
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
