// The server's replies as packets: OK, ERR, EOF, result sets; collected into one buffer so that a reply leaves in one write.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_response_packets.html
import { ByteWriter } from './bytes.ts';
import { type Column, type ResultCharset, writeColumn } from './column.ts';
import { CLIENT, STATUS } from './constants.ts';

export interface OkFields {
  readonly affected?: number | bigint;
  readonly insertId?: number | bigint;
  readonly status: number;
  readonly warnings?: number;
  readonly info?: string;
  /** Session state changes, already encoded; empty where there is nothing to tell of what changed. */
  readonly state?: Buffer;
}

export interface ErrorFields {
  readonly code: number;
  readonly sqlstate: string;
  /** In the client's character set where it is bytes. */
  readonly message: string | Buffer;
}

/** A message's longest text, in bytes (MYSQL_ERRMSG_SIZE - 1). */
const ERROR_TEXT_BYTES = 511;

export class ReplyWriter {
  readonly out = new ByteWriter();
  /** What the client understands (its login's capability flags). */
  capabilities = 0;
  sequence = 0;
  /** False where the client asked for results without their columns (resultset_metadata). */
  metadata = true;
  #start = 0;

  begin(): ByteWriter {
    this.#start = this.out.length;
    return this.out.uint(0, 4);
  }

  end(): void {
    this.out.patch(this.#start, this.out.length - this.#start - 4, 3);
    this.out.patch(this.#start + 3, this.sequence, 1);
    this.sequence = (this.sequence + 1) & 0xff;
  }

  packet(payload: Uint8Array): void {
    this.begin().raw(payload);
    this.end();
  }

  #has(flag: number): boolean {
    return (this.capabilities & flag) !== 0;
  }

  /** OK, or with `header` 0xfe the OK that ends a result set for clients that know no EOF. */
  ok(fields: OkFields, header = 0x00): void {
    const out = this.begin();
    const state = fields.state && this.#has(CLIENT.SESSION_TRACK) ? fields.state : undefined;
    const changed = state !== undefined;
    out
      .uint(header, 1)
      .lenenc(fields.affected ?? 0)
      .lenenc(fields.insertId ?? 0);
    if (this.#has(CLIENT.PROTOCOL_41)) {
      const status = changed
        ? fields.status | STATUS.SESSION_STATE_CHANGED
        : fields.status & ~STATUS.SESSION_STATE_CHANGED;
      out.uint(status, 2).uint(Math.min(fields.warnings ?? 0, 0xffff), 2);
    } else {
      out.uint(fields.status, 2);
    }
    if (changed || fields.info) out.lenencText(fields.info ?? '');
    if (changed) out.lenencBytes(state);
    this.end();
  }

  error(fields: ErrorFields): void {
    const out = this.begin();
    out.uint(0xff, 1).uint(fields.code, 2);
    if (this.#has(CLIENT.PROTOCOL_41)) out.text('#').text(fields.sqlstate);
    const text = typeof fields.message === 'string' ? Buffer.from(fields.message) : fields.message;
    out.raw(text.length > ERROR_TEXT_BYTES ? text.subarray(0, ERROR_TEXT_BYTES) : text);
    this.end();
  }

  eof(status: number, warnings: number): void {
    this.begin().uint(0xfe, 1).uint(Math.min(warnings, 0xffff), 2).uint(status, 2);
    this.end();
  }

  /** Column count, definitions and, for clients that expect it, the EOF after them. */
  columns(columns: readonly Column[], charset: ResultCharset, status: number, warnings = 0): void {
    const out = this.begin().lenenc(columns.length);
    if (this.#has(CLIENT.OPTIONAL_RESULTSET_METADATA)) out.uint(this.metadata ? 1 : 0, 1);
    this.end();
    if (!this.metadata) return;
    for (const column of columns) {
      writeColumn(this.begin(), column, charset);
      this.end();
    }
    if (!this.#has(CLIENT.DEPRECATE_EOF)) this.eof(status, warnings);
  }

  /** Ends a result; `state` is what changed of the session while it was made. */
  endOfRows(status: number, warnings: number, state?: Buffer): void {
    if (this.#has(CLIENT.DEPRECATE_EOF)) this.ok({ status, warnings, state }, 0xfe);
    else this.eof(status, warnings);
  }
}
