// A bare TCP client for fingerprints: tells packets, and how the server ends a connection: with FIN, with RST, or not at all.
import { connect, type Socket } from 'node:net';
import { Change } from '../change.ts';
import { CAPABILITIES, loginBody, packet, parseGreeting } from '../wire-login.ts';
import { shown } from './check.ts';

/** Silence after which nothing more is expected, and the longest an answer is waited for, in ms. */
const QUIET_MS = 150;
const ANSWER_MS = 8_000;
/** So much longer silence is waited for where a busy machine may have answered late. */
const PATIENT = 12;
let patience = 1;

/** Asks with longer silences from now on: what a server says late is still its answer. */
export function bePatient(): void {
  patience = PATIENT;
}

const HEADER_BYTES = 4;

export type End = 'fin' | 'reset' | 'open';

export class Peer {
  readonly socket: Socket;
  chunks: Buffer[] = [];
  end: End = 'open';
  readonly #change = new Change();

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.chunks.push(chunk);
      this.#change.happened();
    });
    socket.on('end', () => this.#ended('fin'));
    socket.on('error', () => this.#ended('reset'));
    socket.on('close', () => this.#change.happened());
  }

  #ended(end: End): void {
    if (this.end === 'open' || end === 'reset') this.end = end;
    this.#change.happened();
  }

  static async connect(port: number, host = '127.0.0.1'): Promise<Peer> {
    const socket = connect({ port, host, noDelay: true, allowHalfOpen: true });
    const peer = new Peer(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return peer;
  }

  /** Waits until `there`, or nothing came for a while. */
  until(there: () => boolean, ms = ANSWER_MS): Promise<boolean> {
    return this.#change.until(there, () => this.end !== 'open', ms);
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  #first(): Buffer | undefined {
    const all = this.bytes;
    const size = all.length < HEADER_BYTES ? Number.POSITIVE_INFINITY : HEADER_BYTES + all.readUIntLE(0, 3);
    if (all.length < size) return undefined;
    return all.subarray(0, size);
  }

  /** The next packet, header and all. */
  async packet(ms?: number): Promise<Buffer | undefined> {
    await this.until(() => this.#first() !== undefined, ms);
    const first = this.#first();
    if (first) this.chunks = [this.bytes.subarray(first.length)];
    return first;
  }

  /**
   * The packets that come, `#sequence payload` each, until the server has closed or says nothing more for `ms`; the first of them is
   * waited for, however busy the machine is.
   */
  async told(ms = QUIET_MS): Promise<string[]> {
    const all: string[] = [];
    for (let next = await this.packet(ANSWER_MS); next; next = await this.packet(ms * patience))
      all.push(`#${next[3]} ${shown(next.subarray(HEADER_BYTES))}`);
    return all;
  }

  /** All bytes that come until the server has closed or says nothing more; the first are waited for. */
  async heard(ms = QUIET_MS): Promise<Buffer> {
    await this.until(() => this.bytes.length > 0);
    for (let size = -1; size < this.bytes.length && this.end === 'open'; ) {
      size = this.bytes.length;
      await this.until(() => this.bytes.length > size, ms * patience);
    }
    return this.bytes;
  }

  /** That nothing comes, or what comes all the same. */
  async silence(ms = QUIET_MS): Promise<string[]> {
    const first = await this.packet(ms);
    return first ? [`#${first[3]} ${shown(first.subarray(HEADER_BYTES))}`, ...(await this.told(ms))] : [];
  }

  /** Whether a server that reads commands is still there: it answers a ping, or has closed. */
  async stays(): Promise<End> {
    if (this.end !== 'open') return this.end;
    this.send(0, '\x0e');
    await this.packet(ANSWER_MS);
    return this.end;
  }

  /** How the connection ends after what was told: a refused client is shut out, one that is let in is not. */
  async endAfter(told: readonly string[]): Promise<End> {
    return this.ended(told.at(-1)?.includes(' \\xff') ? ANSWER_MS : QUIET_MS);
  }

  async ended(ms = ANSWER_MS): Promise<End> {
    await this.until(() => false, ms);
    return this.end;
  }

  write(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  send(sequence: number, body: Buffer | string): void {
    this.write(packet(sequence, Buffer.from(body)));
  }

  leave(): void {
    this.socket.destroy();
  }
}

/** A connection that has read the greeting. */
export async function greeted(port: number): Promise<{ peer: Peer; salt: Buffer; greeting: Buffer }> {
  const peer = await Peer.connect(port);
  const greeting = await peer.packet();
  if (!greeting) throw new Error('no greeting');
  return { peer, salt: parseGreeting(greeting.subarray(HEADER_BYTES)).salt, greeting };
}

export interface As {
  readonly user?: string;
  readonly password?: string;
  readonly capabilities?: number;
  readonly database?: string;
  readonly charset?: number;
  readonly attributes?: Record<string, string>;
}

/** A connection that is let in. */
export async function letIn(port: number, as: As = {}): Promise<Peer> {
  const { peer, salt } = await greeted(port);
  peer.send(1, loginBody(salt, { ...as, capabilities: as.capabilities ?? CAPABILITIES.default }));
  await peer.packet();
  return peer;
}
