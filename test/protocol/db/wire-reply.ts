// Replies of a MySQL server, for tests: errors, OKs and columns read field by field.
// Follows https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html; shares no code with decoys/db.

export interface WireColumn {
  name: string;
  typeCode: number;
  charset: number;
  length: number;
  flags: number;
  decimals: number;
  schema?: string;
  table?: string;
  orgTable?: string;
  orgName?: string;
}

export interface WireReply {
  ok?: { affected: number; insertId: number; status: number; warnings: number; info?: string; state?: string };
  error?: { code: number; sqlstate: string; message: string };
  columns?: WireColumn[];
  rows?: (string | null)[][];
  status?: number;
  warnings?: number;
}

/** Reads a packet from its start. */
export class Reader {
  at = 0;
  readonly bytes: Buffer;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
  uint(size: number): number {
    const value = this.bytes.readUIntLE(this.at, size);
    this.at += size;
    return value;
  }
  lenenc(): number | null {
    const first = this.uint(1);
    if (first < 0xfb) return first;
    if (first === 0xfb) return null;
    if (first === 0xfc) return this.uint(2);
    if (first === 0xfd) return this.uint(3);
    const value = Number(this.bytes.readBigUInt64LE(this.at));
    this.at += 8;
    return value;
  }
  lenencBytes(): Buffer | null {
    const length = this.lenenc();
    if (length === null) return null;
    const slice = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return slice;
  }
  rest(): Buffer {
    return this.bytes.subarray(this.at);
  }
}

export function parseError(body: Buffer): NonNullable<WireReply['error']> {
  const code = body.readUInt16LE(1);
  if (body[3] === 0x23) return { code, sqlstate: body.toString('latin1', 4, 9), message: body.toString('utf8', 9) };
  return { code, sqlstate: '', message: body.toString('utf8', 3) };
}

/** An OK as the capabilities agreed on lay it out. */
export function parseOk(body: Buffer, capabilities: number): NonNullable<WireReply['ok']> {
  const reader = new Reader(body);
  reader.uint(1);
  const affected = reader.lenenc() as number;
  const insertId = reader.lenenc() as number;
  const status = reader.uint(2);
  const warnings = reader.uint(2);
  const ok: NonNullable<WireReply['ok']> = { affected, insertId, status, warnings };
  if (reader.at < body.length) {
    if (capabilities & 0x800000) {
      ok.info = (reader.lenencBytes() ?? Buffer.alloc(0)).toString();
      if (status & 0x4000) ok.state = (reader.lenencBytes() ?? Buffer.alloc(0)).toString('hex');
    } else ok.info = reader.rest().toString();
  }
  return ok;
}

export function parseColumn(body: Buffer): WireColumn {
  const reader = new Reader(body);
  const text = () => (reader.lenencBytes() ?? Buffer.alloc(0)).toString();
  text();
  const [schema, table, orgTable, name, orgName] = [text(), text(), text(), text(), text()];
  reader.uint(1);
  const charset = reader.uint(2);
  const length = reader.uint(4);
  const typeCode = reader.uint(1);
  const flags = reader.uint(2);
  const decimals = reader.uint(1);
  const column: WireColumn = { name, typeCode, charset, length, flags, decimals };
  if (schema) column.schema = schema;
  if (table) column.table = table;
  if (orgTable) column.orgTable = orgTable;
  if (orgName) column.orgName = orgName;
  return column;
}
