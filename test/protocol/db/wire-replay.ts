// Replays a recorded session of raw bytes against a MySQL server and tells what came back, with what moves masked.
import { connect, type Socket } from 'node:net';
import { Change } from './change.ts';

export interface WireStep {
  /** Hex of what the client sends; `FIN` where it says it will send nothing more. */
  readonly send: string;
  /** What the server answered, packet by packet: `#sequence payload`, bytes that are no ASCII as \xNN; or `raw HEX`. */
  readonly replies: readonly string[];
}

export interface WireSession {
  readonly name: string;
  readonly steps: readonly WireStep[];
  /** How the connection stands in the end. */
  readonly end: 'open' | 'closed';
}

/** Names of users no server knows, as the fixtures have them: one bound to each plugin. Both are as long as what replaces them. */
export const STRANGERS = ['unknown_a', 'unknown_b'] as const;
const HEADER_BYTES = 4;
const REPLY_MS = 8_000;
const ALERT = 0x15;

function mask(payload: Buffer, salt: Buffer, names: readonly string[]): string {
  let text = payload.toString('latin1').replaceAll('9.7.4-2', '9.7.4').replaceAll(salt.toString('latin1'), '<SALT>');
  if (payload[0] === 0xfe && payload.length > 30) text = text.replace(/^(\xfe[a-z0-9_]+\0).{20}\0$/s, '$1<NEW SALT>');
  text = text.replace(/-----BEGIN PUBLIC KEY-----[^-]*-----END PUBLIC KEY-----/, (key) => `<KEY ${key.length}>`);
  for (const [at, name] of names.entries()) text = text.replaceAll(name, STRANGERS[at] as string);
  return text.replace(/[^\x20-\x7e]|\\/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** A connection that has read the greeting. */
export class WirePeer {
  readonly #socket: Socket;
  #got = Buffer.alloc(0);
  #salt = Buffer.alloc(0);
  readonly #change = new Change();
  closed = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    const told = () => {
      this.closed = true;
      this.#change.happened();
    };
    socket.on('data', (chunk: Buffer) => {
      this.#got = Buffer.concat([this.#got, chunk]);
      this.#change.happened();
    });
    socket.on('end', told).on('close', told).on('error', told);
  }

  static async open(port: number): Promise<WirePeer> {
    const peer = new WirePeer(connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true }));
    const greeting = await peer.#packet(REPLY_MS);
    const end = (greeting?.indexOf(0, HEADER_BYTES + 1) ?? -1) + 1;
    if (greeting && end > 0)
      peer.#salt = Buffer.concat([greeting.subarray(end + 4, end + 12), greeting.subarray(end + 31, end + 43)]);
    return peer;
  }

  send(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  leave(): void {
    this.#socket.end();
  }

  #size(): number {
    // A TLS alert stands where a packet would.
    if (this.#got[0] === ALERT && this.#got[1] === 3 && this.#got.length >= 7) return 7;
    return this.#got.length < HEADER_BYTES ? Number.POSITIVE_INFINITY : HEADER_BYTES + this.#got.readUIntLE(0, 3);
  }

  async #packet(ms: number): Promise<Buffer | undefined> {
    if (
      !(await this.#change.until(
        () => this.#got.length >= this.#size(),
        () => this.closed,
        ms,
      ))
    )
      return undefined;
    const packet = this.#got.subarray(0, this.#size());
    this.#got = this.#got.subarray(packet.length);
    return packet;
  }

  /** The next answer, masked; undefined where there is none within `ms`, or the server has closed. */
  async reply(names: readonly string[], ms = REPLY_MS): Promise<string | undefined> {
    const packet = await this.#packet(ms);
    if (!packet) return undefined;
    if (packet[0] === ALERT && packet[1] === 3 && packet.length === 7) return `raw ${packet.toString('hex')}`;
    return `#${packet[3]} ${mask(packet.subarray(HEADER_BYTES), this.#salt, names)}`;
  }

  async hasClosed(ms = REPLY_MS): Promise<boolean> {
    await this.#change.until(
      () => false,
      () => this.closed,
      ms,
    );
    return this.closed;
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

function bytesOf(step: WireStep, names: readonly string[]): Buffer {
  let bytes = Buffer.from(step.send, 'hex');
  for (const [at, name] of names.entries()) {
    const found = bytes.indexOf(STRANGERS[at] as string);
    if (found >= 0)
      bytes = Buffer.concat([bytes.subarray(0, found), Buffer.from(name), bytes.subarray(found + name.length)]);
  }
  return bytes;
}

/** Plays a session; gives it with what was answered now. Silence is waited for only where `quietMs` says how long. */
export async function replay(
  port: number,
  session: WireSession,
  names: readonly string[],
  quietMs?: number,
): Promise<WireSession> {
  const peer = await WirePeer.open(port);
  const steps: WireStep[] = [];
  for (const step of session.steps) {
    if (step.send === 'FIN') peer.leave();
    else peer.send(bytesOf(step, names));
    const replies: string[] = [];
    const wanted = quietMs === undefined ? step.replies.length : Number.POSITIVE_INFINITY;
    while (replies.length < wanted) {
      const reply = await peer.reply(names, quietMs);
      if (reply === undefined) break;
      replies.push(reply);
    }
    steps.push({ send: step.send, replies });
  }
  const closed = session.end === 'closed' || quietMs !== undefined ? await peer.hasClosed(quietMs) : peer.closed;
  peer.destroy();
  return { name: session.name, steps, end: closed ? 'closed' : 'open' };
}

/** One name no server knows for each plugin unknown users are bound to: caching_sha2_password, sha256_password. */
export async function strangersOf(port: number): Promise<string[]> {
  const found: string[] = [];
  for (let at = 0; at < 100 && (!found[0] || !found[1]); at++) {
    const name = `unknown${String(at).padStart(2, '0')}`;
    const head = Buffer.alloc(32);
    head.writeUInt32LE(0x000a_a201 | 0x0008_0000, 0);
    head[8] = 255;
    const body = Buffer.concat([head, Buffer.from(`${name}\0\x20${'a'.repeat(32)}caching_sha2_password\0`)]);
    const peer = await WirePeer.open(port);
    peer.send(Buffer.concat([Buffer.from([body.length, 0, 0, 1]), body]));
    const reply = await peer.reply([]);
    peer.destroy();
    found[reply?.includes('sha256_password') ? 1 : 0] ??= name;
  }
  return found;
}
