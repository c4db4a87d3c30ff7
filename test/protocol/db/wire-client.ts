// A MySQL client made of raw packets, so tests see every byte a server answers: columns with all their fields, OK, ERR, status.
// Follows https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html; shares no code with decoys/db.
import { connect, type Socket } from 'node:net';
import { CAPABILITIES, type Greeting, type LoginOptions, loginBody, packet, parseGreeting } from './wire-login.ts';
import { parseColumn, parseError, parseOk, Reader, type WireColumn, type WireReply } from './wire-reply.ts';

interface Packet {
  sequence: number;
  body: Buffer;
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
    if (reply.body[0] !== 0) throw new Error(JSON.stringify(parseError(reply.body)));
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

  async reply(): Promise<WireReply> {
    const first = await this.read();
    if (first.body[0] === 0xff) return { error: parseError(first.body) };
    if (first.body[0] === 0) return { ok: parseOk(first.body, this.capabilities) };
    const count = new Reader(first.body).lenenc() as number;
    const columns: WireColumn[] = [];
    for (let index = 0; index < count; index++) columns.push(parseColumn((await this.read()).body));
    if (!(this.capabilities & 0x1000000)) await this.read();
    const rows: (string | null)[][] = [];
    for (;;) {
      const { body } = await this.read();
      if (body[0] === 0xff) return { columns, rows, error: parseError(body) };
      if (body[0] === 0xfe && body.length < 0xffffff) {
        if (this.capabilities & 0x1000000) {
          const ok = parseOk(body, this.capabilities);
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
