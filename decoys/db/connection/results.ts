// Results of statements as replies: rows in either protocol, OK, errors; long results in slices.
import { resultCharset } from '../session/client-charset.ts';
import type { OkOutcome, OutParameter, RowsOutcome } from '../session/outcome.ts';
import { asSqlError, type Ran } from '../session/run.ts';
import type { Session } from '../session/session.ts';
import { type SqlError, sqlError } from '../sql/errors.ts';
import { encodeText } from '../sql/value/charset.ts';
import { toInteger, type Value } from '../sql/value/value.ts';
import { inSlices, nextTurn } from '../turn.ts';
import type { Column } from '../wire/column.ts';
import { CLIENT, STATUS, TYPE } from '../wire/constants.ts';
import type { ErrorFields } from '../wire/replies.ts';
import { writeBinaryRow, writeTextRow } from '../wire/rows.ts';
import { schemaChange } from '../wire/session-track.ts';
import type { CommandContext } from './command-context.ts';

function warningsOf(c: CommandContext, diagnostic: boolean): number {
  return diagnostic ? 0 : c.session.warningCount;
}

/** Tells statements as they came: in bytes alone what is no ASCII of them is told as \xNN. */
const PARSE_ERROR = 1064;

function encodeMessage({ code, message }: SqlError, charset: string): Buffer {
  if (charset !== 'binary') return encodeText(message, charset);
  if (code !== PARSE_ERROR) return Buffer.from(message);
  return Buffer.from(
    [...Buffer.from(message)]
      .map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase()}`))
      .join(''),
  );
}

/** An error as the session's client is told it, in its character set. */
export function toldError(session: Session, error: SqlError): ErrorFields {
  const { charset } = resultCharset(session);
  const message = charset === null || charset === 'utf8mb4' ? error.message : encodeMessage(error, charset);
  return { code: error.code, sqlstate: error.sqlstate, message };
}

/** Writes an error in the character set the client is answered in. */
export function sendError(c: CommandContext, error: SqlError): void {
  c.reply.error(toldError(c.session, error));
}

/** What changed of the session, for a client that asked to be told; undefined where nothing did. */
export function changesFor(c: CommandContext): Buffer | undefined {
  return c.capabilities & CLIENT.SESSION_TRACK ? c.session.takeChanges() : undefined;
}

/** A routine of another schema goes there and back, which the tracker of schemas tells too. */
function withVisits(c: CommandContext, status: number, changes: Buffer | undefined): Buffer | undefined {
  const visited = (status & STATUS.SESSION_STATE_CHANGED) !== 0;
  return visited && !changes?.length ? schemaChange(c.session.database) : changes;
}

/** Rows of a result written at once; more of them are written in slices. */
const ROWS_AT_ONCE = 256;

function sendRows(
  c: CommandContext,
  outcome: RowsOutcome,
  status: number,
  warnings: number,
  binary: boolean,
  /** What changed of the session, where that is not what the session has to tell. */
  instead?: { readonly state: Buffer | undefined },
): Promise<void> | undefined {
  const { charset, told } = resultCharset(c.session);
  const { rows, columns } = outcome;
  const writeRow = binary ? writeBinaryRow : writeTextRow;
  const send = (row: readonly Value[]) => {
    writeRow(c.reply.begin(), row, columns, charset);
    c.reply.end();
  };
  const end = () => {
    if (outcome.error) sendError(c, asSqlError(outcome.error));
    else {
      const tracked = (c.capabilities & CLIENT.DEPRECATE_EOF) !== 0;
      if (instead)
        c.reply.endOfRows(
          status,
          warnings,
          tracked && c.capabilities & CLIENT.SESSION_TRACK ? instead.state : undefined,
        );
      else c.reply.endOfRows(status, warnings, withVisits(c, status, tracked ? changesFor(c) : undefined));
    }
  };
  c.reply.columns(columns, told, status, c.session.wantsNoSchemas ? 1 : 0);
  if (rows.length > ROWS_AT_ONCE)
    return nextTurn()
      .then(() =>
        inSlices(rows, (row) => {
          send(row);
          c.part();
        }),
      )
      .then(end);
  for (const row of rows) send(row);
  end();
  return undefined;
}

/** Writes what a statement gave; a promise where that takes more than one turn. */
export function sendOutcome(
  c: CommandContext,
  ran: Ran,
  more: number,
  diagnostic: boolean,
  binary = false,
): Promise<void> | undefined {
  const { outcome } = ran;
  const flags = outcome.kind === 'rows' ? (outcome.flags ?? 0) : 0;
  const status = c.session.status() | ran.flags | flags | more;
  const own = outcome.kind === 'ok' ? outcome.warnings : undefined;
  const warnings = own ?? warningsOf(c, diagnostic);
  if (outcome.kind === 'rows') return sendRows(c, outcome, status, warnings, binary);
  const before = resultsBefore(c, outcome, binary);
  if (before.length > 0) return sendResultsBefore(c, outcome, before, status, warnings, binary);
  sendOk(c, outcome, status, warnings);
  return undefined;
}

/** What a procedure gave: its results and, of a prepared CALL, a row of what it left in the parameters. */
function resultsBefore(c: CommandContext, { before = [], out }: OkOutcome, binary: boolean): readonly RowsOutcome[] {
  if (!out || !binary || !(c.capabilities & CLIENT.PS_MULTI_RESULTS)) return before;
  const columns = out.map((parameter) => outColumn(c, parameter));
  return [...before, { kind: 'rows', columns, rows: [out.map(outValue)], flags: STATUS.PS_OUT_PARAMS }];
}

/** Bits that were given to a parameter are told as the digits of their number. */
function outValue({ column, value }: OutParameter): Value {
  return column.type === TYPE.BIT && value !== null ? Buffer.from(String(toInteger(value))) : value;
}

/** A parameter that was given a text is told as bytes, as long as the text's characters may be. */
function outColumn(c: CommandContext, { column, value }: OutParameter): Column {
  if (column.binary || value === null) return column;
  return { ...column, binary: true, length: column.length * resultCharset(c.session).told.bytesPerCharacter };
}

/** The results a procedure gave, then its OK. */
async function sendResultsBefore(
  c: CommandContext,
  outcome: OkOutcome,
  before: readonly RowsOutcome[],
  status: number,
  warnings: number,
  binary: boolean,
): Promise<void> {
  if (!(c.capabilities & CLIENT.MULTI_RESULTS)) {
    c.session.tracker.forget();
    sendError(c, sqlError('ER_SP_BADSELECT', outcome.procedure ?? ''));
    return;
  }
  // That the session went to another schema is told with the first result, and that it is back with the OK.
  for (const [at, rows] of before.entries()) {
    // What its own flags do not tell is told of the whole.
    const scanned = rows.flags === undefined ? ~0 : ~STATUS.NO_INDEX;
    const own = status & ~STATUS.LAST_ROW_SENT & scanned & ~STATUS.SESSION_STATE_CHANGED;
    const visited = at === 0 && outcome.visited !== undefined ? schemaChange(outcome.visited) : undefined;
    await sendRows(c, rows, own | (rows.flags ?? 0) | STATUS.MORE_RESULTS, 0, binary, { state: visited });
    if (rows.error) return;
  }
  sendOk(c, outcome, status, warnings);
}

function sendOk(c: CommandContext, outcome: OkOutcome, status: number, warnings: number): void {
  if (outcome.error) sendError(c, asSqlError(outcome.error));
  else
    c.reply.ok({
      affected: outcome.affected,
      insertId: outcome.insertId,
      status,
      warnings,
      info: outcome.info,
      state: withVisits(c, status, changesFor(c)),
    });
}
