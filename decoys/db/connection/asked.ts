// A statement somebody asked for, and the touch it leaves.
import { createHash } from 'node:crypto';
import { TOUCH_PARAMETER_BYTES, TOUCH_PARAMETERS, TOUCH_STATEMENT_BYTES } from '../limits.ts';
import type { Outcome } from '../session/outcome.ts';
import type { Session } from '../session/session.ts';
import { signatureOf } from '../signatures.ts';
import type { SqlError } from '../sql/errors.ts';
import { detached } from '../sql/value/detached.ts';
import type { SqlType } from '../sql/value/type.ts';
import { toText, type Value } from '../sql/value/value.ts';
import type { StatementFacts } from '../touches.ts';
import { STATUS } from '../wire/constants.ts';
import type { Message } from '../wire/message-reader.ts';
import type { CommandContext } from './command-context.ts';
import type { Prepared } from './prepared.ts';

/** A statement somebody asked for, as its touch tells it. */
export interface Asked {
  readonly command: string;
  readonly text: Buffer;
  readonly bytes: number;
  readonly sha256: string | undefined;
  readonly parameters?: readonly Value[];
  /** Types its parameters keep from one EXECUTE to the next. */
  readonly pins?: Map<number, SqlType>;
  /** What the client said the parameters are. */
  readonly types?: readonly SqlType[];
  /** How many columns its client knows of, where it was prepared before: another number is told it. */
  readonly known?: { width: number };
  readonly attributes?: ReadonlyMap<string, Value>;
}

/** The status flag of a prepared statement whose rows have another number of columns than its client knows of. */
export function metadataFlag(known: Asked['known'], width: number): number {
  if (!known || known.width === 0 || known.width === width) return 0;
  known.width = width;
  return STATUS.METADATA_CHANGED;
}

function shownValue(value: Value): string {
  if (value === null) return 'NULL';
  const text = Buffer.isBuffer(value)
    ? `0x${value.toString('hex', 0, TOUCH_PARAMETER_BYTES / 2)}`
    : (toText(value) as string);
  return text.length > TOUCH_PARAMETER_BYTES ? `${detached(text.slice(0, TOUCH_PARAMETER_BYTES))}…` : text;
}

/** What came of a statement. */
interface Result {
  readonly error?: SqlError | undefined;
  readonly rows?: number | undefined;
  readonly delayMs?: number;
}

/** What a touch tells of a statement: its text as it came, its signature, and how it was answered; `durationMs` is the server's own time. */
export function statementFacts(
  c: CommandContext,
  asked: Asked,
  startedMs: number,
  database: string,
  result: Result,
): StatementFacts {
  const attributes =
    asked.attributes && asked.attributes.size > 0
      ? Object.fromEntries(
          [...asked.attributes]
            .slice(0, TOUCH_PARAMETERS)
            .map(([name, value]) => [detached(name.slice(0, TOUCH_PARAMETER_BYTES)), shownValue(value)]),
        )
      : undefined;
  return {
    command: asked.command,
    text: asked.text,
    bytes: asked.bytes,
    sha256: asked.sha256,
    database,
    user: c.session.user,
    signature: signatureOf(asked.text, c.session.work.takeInner(), asked.parameters?.slice(0, TOUCH_PARAMETERS)),
    parameters: asked.parameters?.slice(0, TOUCH_PARAMETERS).map(shownValue),
    attributes,
    error: result.error,
    rows: result.rows,
    durationMs: c.now() - startedMs + (result.delayMs ?? 0),
  };
}

/** Bytes of a statement the statement tables show. */
const HISTORY_BYTES = 1_024;

/** SHOW PROFILE is of statements asked while it was on, and none of its own. */
function profile(session: Session, asked: Asked, { error, delayMs = 0 }: Result, durationMs: number): void {
  const { name, examined, temporary } = session.work;
  const most = Number(session.readVariable('profiling_history_size', '').value);
  if (name.startsWith('show_profile')) return;
  const text = asked.text.toString('utf8', 0, HISTORY_BYTES);
  const tables = examined > 0 || session.readsTransactional;
  session.profiles.add({ name, text, durationMs: durationMs + delayMs, error, tables, temporary }, most);
}

/** Leaves the touch of a statement that was run, or refused, and what the statement tables tell of it. */
export function recordStatement(
  c: CommandContext,
  asked: Asked,
  startedMs: number,
  database: string,
  result: Result,
): void {
  const { session } = c;
  session.server.historyOf(session.overlay).add({
    sessionId: session.connectionId,
    number: session.asked++,
    text: asked.text.toString('latin1', 0, HISTORY_BYTES),
    schema: database,
    startedMs,
    durationMs: c.now() - startedMs + (result.delayMs ?? 0),
    error: result.error,
    warnings: session.warningCount,
    affected: Math.max(0, Number(session.rowCount)),
    sent: result.rows ?? 0,
    ...session.work.done(),
  });
  if (session.profiling) profile(session, asked, result, c.now() - startedMs);
  c.touches.statement(c.now(), statementFacts(c, asked, startedMs, database, result));
}

/** Rows of a result; undefined where there is none. */
export function rowsOf(outcome: Outcome): number | undefined {
  return outcome.kind === 'rows' ? outcome.rows.length : undefined;
}

/** Length in bytes of the whole statement, and its sha256 in hex where it is a long one. */
export function hashOf(text: Buffer, message: Message): { bytes: number; sha256: string | undefined } {
  if (message.truncated) return { bytes: message.bytes, sha256: message.sha256 };
  return {
    bytes: text.length,
    sha256: text.length > TOUCH_STATEMENT_BYTES ? createHash('sha256').update(text).digest('hex') : undefined,
  };
}

/** A statement's text as the server reads it: one NUL at its end is none of it. */
export function withoutFinalNul(text: Buffer): Buffer {
  return text.length > 0 && text[text.length - 1] === 0 ? text.subarray(0, -1) : text;
}

/** Bytes of a statement in the touch of a command on it. */
const NAMED_BYTES = 256;

/** Leaves the touch of a command on a statement that was prepared before. */
export function tellCommand(c: CommandContext, command: string, prepared: Prepared): void {
  c.touches.command(c.now(), command, c.session.user, { statement: prepared.text.toString('utf8', 0, NAMED_BYTES) });
}
