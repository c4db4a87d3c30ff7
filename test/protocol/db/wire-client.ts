// A MySQL client made of raw packets, so tests see every byte a server answers: columns with all their fields, OK, ERR, status.
// Follows https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html; shares no code with decoys/db.
import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';

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

export const CAPABILITIES = {
  default: 0x018ea68d | 0x00020000 | 0x00080000 | 0x00200000 | 0x00800000 | 0x01000000,
  multi: 0x018fa68d | 0x00020000 | 0x00080000 | 0x00200000 | 0x00800000 | 0x01000000,
  noDeprecateEof: 0x018fa68d & ~0x01000000,
} as const;

interface Packet {
  sequence: number;
  body: Buffer;
}

class Reader {
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

export function packet(sequence: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, body]);
}

export interface Greeting {
  protocol: number;
  version: string;
  threadId: number;
  salt: Buffer;
  capabilities: number;
  charset: number;
  status: number;
  authLength: number;
  filler: Buffer;
  plugin: string;
  rest: number;
}

export function parseGreeting(body: Buffer): Greeting {
  const end = body.indexOf(0, 1);
  let at = end + 1;
  const threadId = body.readUInt32LE(at);
  const salt1 = body.subarray(at + 4, at + 12);
  at += 13;
  const low = body.readUInt16LE(at);
  const charset = body[at + 2] as number;
  const status = body.readUInt16LE(at + 3);
  const high = body.readUInt16LE(at + 5);
  const authLength = body[at + 7] as number;
  const filler = body.subarray(at + 8, at + 18);
  at += 18;
  const salt2 = body.subarray(at, at + 12);
  at += 13;
  const nul = body.indexOf(0, at);
  return {
    protocol: body[0] as number,
    version: body.toString('latin1', 1, end),
    threadId,
    salt: Buffer.concat([salt1, salt2]),
    capabilities: (low | (high << 16)) >>> 0,
    charset,
    status,
    authLength,
    filler,
    plugin: body.toString('latin1', at, nul),
    rest: body.length - nul - 1,
  };
}

export function sha2Scramble(password: string, salt: Buffer): Buffer {
  if (password === '') return Buffer.alloc(0);
  const sha = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  const one = sha(Buffer.from(password));
  const two = sha(sha(one), salt);
  return Buffer.from(one.map((byte, index) => byte ^ (two[index] as number)));
}

export interface LoginOptions {
  user?: string;
  password?: string;
  database?: string;
  capabilities?: number;
  charset?: number;
  plugin?: string;
  response?: Buffer;
  attributes?: Record<string, string>;
}

export function loginBody(salt: Buffer, options: LoginOptions = {}): Buffer {
  let flags = options.capabilities ?? CAPABILITIES.default;
  flags = (flags & ~0x8) >>> 0;
  if (options.database !== undefined) flags = (flags | 0x8) >>> 0;
  if (options.attributes) flags = (flags | 0x100000) >>> 0;
  else flags = (flags & ~0x100000) >>> 0;
  const head = Buffer.alloc(32);
  head.writeUInt32LE(flags, 0);
  head.writeUInt32LE(0x1000000, 4);
  head[8] = options.charset ?? 255;
  const response = options.response ?? sha2Scramble(options.password ?? '', salt);
  const parts = [head, Buffer.from(`${options.user ?? 'root'}\0`), Buffer.from([response.length]), response];
  if (options.database !== undefined) parts.push(Buffer.from(`${options.database}\0`));
  if (flags & 0x80000) parts.push(Buffer.from(`${options.plugin ?? 'caching_sha2_password'}\0`));
  if (options.attributes) {
    const pairs = Buffer.concat(
      Object.entries(options.attributes).flatMap(([key, value]) =>
        [key, value].map((text) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])),
      ),
    );
    parts.push(Buffer.from([pairs.length]), pairs);
  }
  return Buffer.concat(parts);
}

interface Ends {
  readonly host?: string;
  /** The client's own address. */
  readonly from?: string;
}

/** One connection. Every method waits for whole packets, however the bytes were cut. */
export class WireClient {
  greeting!: Greeting;
  capabilities = 0;
  closed = false;
  readonly socket: Socket;
  #buffer: Buffer = Buffer.alloc(0);
  #waiting: (() => void)[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk]);
      this.#wake();
    });
    socket.on('error', () => this.#wake());
    socket.on('close', () => {
      this.closed = true;
      this.#wake();
    });
  }

  #wake(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }

  static async open(port: number, host = '127.0.0.1', from?: string): Promise<WireClient> {
    const socket = connect({ port, host, noDelay: true, localAddress: from });
    const client = new WireClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return client;
  }

  static async login(port: number, options: LoginOptions & Ends = {}): Promise<WireClient> {
    const client = await WireClient.open(port, options.host, options.from);
    const greeting = await client.read();
    client.greeting = parseGreeting(greeting.body);
    client.capabilities = options.capabilities ?? CAPABILITIES.default;
    client.send(1, loginBody(client.greeting.salt, options));
    return client;
  }

  /** Logs in and takes the OK; throws the server's refusal. */
  static async session(port: number, options: LoginOptions & Ends = {}): Promise<WireClient> {
    const client = await WireClient.login(port, options);
    const reply = await client.read();
    if (reply.body[0] !== 0) throw new Error(JSON.stringify(client.parseError(reply.body)));
    return client;
  }

  send(sequence: number, body: Buffer): void {
    this.socket.write(packet(sequence, body));
  }

  async read(): Promise<Packet> {
    for (;;) {
      if (this.#buffer.length >= 4) {
        const length = this.#buffer.readUIntLE(0, 3);
        if (this.#buffer.length >= 4 + length) {
          const sequence = this.#buffer[3] as number;
          const body = this.#buffer.subarray(4, 4 + length);
          this.#buffer = this.#buffer.subarray(4 + length);
          return { sequence, body };
        }
      }
      if (this.closed) throw new Error('closed');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async ended(): Promise<void> {
    while (!this.closed) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  parseError(body: Buffer): NonNullable<WireReply['error']> {
    const code = body.readUInt16LE(1);
    if (body[3] === 0x23) return { code, sqlstate: body.toString('latin1', 4, 9), message: body.toString('utf8', 9) };
    return { code, sqlstate: '', message: body.toString('utf8', 3) };
  }

  parseOk(body: Buffer): NonNullable<WireReply['ok']> {
    const reader = new Reader(body);
    reader.uint(1);
    const affected = reader.lenenc() as number;
    const insertId = reader.lenenc() as number;
    const status = reader.uint(2);
    const warnings = reader.uint(2);
    const ok: NonNullable<WireReply['ok']> = { affected, insertId, status, warnings };
    if (reader.at < body.length) {
      if (this.capabilities & 0x800000) {
        ok.info = (reader.lenencBytes() ?? Buffer.alloc(0)).toString();
        if (status & 0x4000) ok.state = (reader.lenencBytes() ?? Buffer.alloc(0)).toString('hex');
      } else ok.info = reader.rest().toString();
    }
    return ok;
  }

  parseColumn(body: Buffer): WireColumn {
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

  async reply(): Promise<WireReply> {
    const first = await this.read();
    if (first.body[0] === 0xff) return { error: this.parseError(first.body) };
    if (first.body[0] === 0) return { ok: this.parseOk(first.body) };
    const count = new Reader(first.body).lenenc() as number;
    const columns: WireColumn[] = [];
    for (let index = 0; index < count; index++) columns.push(this.parseColumn((await this.read()).body));
    if (!(this.capabilities & 0x1000000)) await this.read();
    const rows: (string | null)[][] = [];
    for (;;) {
      const { body } = await this.read();
      if (body[0] === 0xff) return { columns, rows, error: this.parseError(body) };
      if (body[0] === 0xfe && body.length < 0xffffff) {
        if (this.capabilities & 0x1000000) {
          const ok = this.parseOk(body);
          return { columns, rows, status: ok.status, warnings: ok.warnings };
        }
        return { columns, rows, status: body.readUInt16LE(3), warnings: body.readUInt16LE(1) };
      }
      const reader = new Reader(body);
      rows.push(columns.map(() => reader.lenencBytes()?.toString() ?? null));
    }
  }

  async query(sql: string | Buffer): Promise<WireReply> {
    this.send(0, Buffer.concat([Buffer.from([3]), Buffer.from(sql)]));
    return this.reply();
  }

  async quit(): Promise<void> {
    this.send(0, Buffer.from([1]));
    await this.ended();
  }
}
