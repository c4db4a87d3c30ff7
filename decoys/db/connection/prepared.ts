// Prepared statements of one connection: COM_STMT_PREPARE's parsing, EXECUTE's parameters, long data and cursors.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_command_phase_ps.html

import { LONG_DATA_BYTES, PARSED_BYTES_A_BYTE, PREPARED_STATEMENTS } from '../limits.ts';
import { rowBytes } from '../overlay/row-bytes.ts';
import type { Session } from '../session/session.ts';
import type { Statement } from '../sql/ast/statement.ts';
import { UNTYPED } from '../sql/compile/parameter-types.ts';
import { SqlError, sqlError } from '../sql/errors.ts';
import { type SqlType, wireFlags } from '../sql/value/type.ts';
import type { Value } from '../sql/value/value.ts';
import { type ByteReader, ShortPacket } from '../wire/bytes.ts';
import { bareColumn, type Column } from '../wire/column.ts';
import { CLIENT } from '../wire/constants.ts';
import {
  MAX_PARAMETERS,
  type ParameterType,
  readTypes,
  readValues,
  sqlTypeOf,
  textParameter,
} from '../wire/parameters.ts';

const PARAMETER_COUNT_AVAILABLE = 8;
const CURSOR_READ_ONLY = 1;

export interface Prepared {
  readonly id: number;
  readonly statement: Statement;
  readonly text: Buffer;
  readonly parameters: number;
  /** How its parameters are described. */
  readonly asked: readonly Column[];
  readonly columns: readonly Column[];
  /** How many columns its client was told of last. */
  width: number;
  types: readonly ParameterType[];
  /** Types the parameters had when they had a value last. */
  readonly sqlTypes: SqlType[];
  /** Types the statement was prepared anew for, since values came that were not what was asked for. */
  readonly pins: Map<number, SqlType>;
  ahead: Map<number, Buffer>;
  aheadBytes: number;
  cursor:
    | {
        readonly columns: readonly Column[];
        readonly rows: readonly (readonly Value[])[];
        at: number;
        readonly bytes: number;
      }
    | undefined;
}

/** How a parameter is described: under the alias it has as a column, of the type its place asks for. */
export function parameterColumn(name = '?', type: SqlType = UNTYPED): Column {
  const { length, decimals, text } = type;
  return bareColumn(name, { type: type.type, binary: !text, length, flags: wireFlags(type), decimals });
}

/** What a statement takes to keep, with what it was parsed into, beyond what its length tells, about. */
const STATEMENT_BYTES = 1_024;
/** What a column or a parameter takes to keep, about. */
const COLUMN_BYTES = 256;

function heldBytes({ text, asked, columns }: Pick<Prepared, 'text' | 'asked' | 'columns'>): number {
  return STATEMENT_BYTES + text.length * PARSED_BYTES_A_BYTE + (asked.length + columns.length) * COLUMN_BYTES;
}

export class PreparedStatements {
  #byIdMade: Map<number, Prepared> | undefined;
  readonly #session: Pick<Session, 'kept' | 'lastStatementId'>;

  /** Takes its numbers from the session, whose own PREPARE counts too. */
  constructor(session: Pick<Session, 'kept' | 'lastStatementId'>) {
    this.#session = session;
  }

  add(statement: Statement, text: Buffer, asked: readonly Column[], columns: readonly Column[]): Prepared {
    const parameters = asked.length;
    if (parameters > MAX_PARAMETERS)
      throw new SqlError(1390, 'HY000', 'Prepared statement contains too many placeholders');
    if (this.#byId.size >= PREPARED_STATEMENTS || !this.#session.kept.book(heldBytes({ text, asked, columns })))
      throw new SqlError(
        1461,
        '42000',
        "Can't create more than max_prepared_stmt_count statements (current value: 16382)",
      );
    const made: Prepared = {
      id: ++this.#session.lastStatementId,
      statement,
      text,
      parameters,
      asked,
      columns,
      width: columns.length,
      types: [],
      sqlTypes: [],
      pins: new Map(),
      ahead: new Map(),
      aheadBytes: 0,
      cursor: undefined,
    };
    this.#byId.set(made.id, made);
    return made;
  }

  /** A failed prepare uses up an id too. */
  skip(): void {
    this.#session.lastStatementId++;
  }

  get(id: number, command: string): Prepared {
    const found = this.#byId.get(id);
    if (!found) throw sqlError('ER_UNKNOWN_STMT_HANDLER', id, command);
    return found;
  }

  find(id: number): Prepared | undefined {
    return this.#byId.get(id);
  }

  close(id: number): void {
    const found = this.#byId.get(id);
    if (!found) return;
    this.closeCursor(found);
    this.#session.kept.book(-heldBytes(found) - found.aheadBytes);
    this.#byId.delete(id);
  }

  clear(): void {
    for (const id of this.#byId.keys()) this.close(id);
  }

  /** Keeps the rows of a cursor; false where there is no room for them. */
  openCursor(prepared: Prepared, columns: readonly Column[], rows: readonly (readonly Value[])[]): boolean {
    this.closeCursor(prepared);
    const bytes = rows.reduce((sum, row) => sum + rowBytes(row), 0);
    if (!this.#session.kept.book(bytes)) return false;
    prepared.cursor = { columns, rows, at: 0, bytes };
    return true;
  }

  closeCursor(prepared: Prepared): void {
    if (!prepared.cursor) return;
    this.#session.kept.book(-prepared.cursor.bytes);
    prepared.cursor = undefined;
  }

  /** What was sent ahead is used up. */
  useAhead(prepared: Prepared): void {
    this.#session.kept.book(-prepared.aheadBytes);
    prepared.ahead = new Map();
    prepared.aheadBytes = 0;
  }

  /** Keeps what COM_STMT_SEND_LONG_DATA brings, up to the cap over all statements; beyond it the value stays cut. */
  sendAhead(prepared: Prepared, parameter: number, data: Buffer): void {
    let held = 0;
    for (const other of this.#byId.values()) held += other.aheadBytes;
    const room = data.subarray(0, Math.max(0, LONG_DATA_BYTES - held));
    const kept = this.#session.kept.book(room.length) ? room : room.subarray(0, 0);
    const before = prepared.ahead.get(parameter);
    prepared.ahead.set(parameter, before ? Buffer.concat([before, kept]) : Buffer.from(kept));
    prepared.aheadBytes += kept.length;
  }

  /** Made when it is first asked for: most sessions of a crowd never do. */
  get #byId(): Map<number, Prepared> {
    this.#byIdMade ??= new Map();
    return this.#byIdMade;
  }
}

interface Bound {
  readonly values: readonly Value[];
  readonly sqlTypes: readonly SqlType[];
  readonly attributes: ReadonlyMap<string, Value>;
  /** Rows are to be fetched by COM_STMT_FETCH. */
  readonly cursor: boolean;
}

/** Reads COM_STMT_EXECUTE after the statement id; throws ShortPacket where it is malformed. */
export function readExecute(reader: ByteReader, prepared: Prepared, capabilities: number, charset: string): Bound {
  const flags = reader.uint(1);
  reader.uint(4);
  const named = (capabilities & CLIENT.QUERY_ATTRIBUTES) !== 0;
  let count = prepared.parameters;
  // A client of query attributes tells the count wherever there are parameters, whether its flags say so or not.
  if (named && (count > 0 || flags & PARAMETER_COUNT_AVAILABLE)) count = reader.lenenc() ?? 0;
  if (count > MAX_PARAMETERS) throw new ShortPacket('parameter count');
  if (count < prepared.parameters) throw sqlError('ER_WRONG_ARGUMENTS', 'COM_STMT_EXECUTE');
  const cursor = (flags & CURSOR_READ_ONLY) !== 0;
  if (count === 0) return { values: [], sqlTypes: [], attributes: new Map(), cursor };
  const bitmap = reader.raw((count + 7) >> 3);
  const fresh = reader.uint(1) === 1;
  if (fresh) prepared.types = readTypes(reader, count, named);
  if (prepared.types.length !== count) throw new ShortPacket('types were never sent');
  const values = readValues(reader, prepared.types, bitmap, charset, { ahead: prepared.ahead, fresh });
  const attributes = new Map<string, Value>();
  for (let at = prepared.parameters; at < count; at++)
    attributes.set(prepared.types[at]?.name ?? '', values[at] as Value);
  const own = values.slice(0, prepared.parameters);
  for (const [at, value] of own.entries()) {
    const told = value === null ? undefined : sqlTypeOf(prepared.types[at] as ParameterType);
    if (told) prepared.sqlTypes[at] = told;
  }
  return { values: own, sqlTypes: own.map((_, at) => prepared.sqlTypes[at] ?? textParameter()), attributes, cursor };
}
