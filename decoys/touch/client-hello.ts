// A TLS ClientHello read for its fingerprint: server name, ALPN, versions and JA4 (FoxIO's published format); RFC 8446 section 4.1.2.
import { crypto } from './on-demand.ts';

/** A ClientHello of more bytes than this is read no further. */
export const CLIENT_HELLO_BYTES = 16 * 1024;

export interface ClientHello {
  readonly serverName: string | undefined;
  readonly alpn: readonly string[];
  /** Highest version offered: 0x0304 is TLS 1.3. */
  readonly version: number;
  readonly ciphers: readonly number[];
  readonly ja4: string;
}

const HANDSHAKE_RECORD = 0x16;
const CLIENT_HELLO = 1;
const RECORD_HEADER_BYTES = 5;
const HANDSHAKE_HEADER_BYTES = 4;
const SERVER_NAME = 0x0000;
const SIGNATURE_ALGORITHMS = 0x000d;
const ALPN = 0x0010;
const SUPPORTED_VERSIONS = 0x002b;

const VERSION_NAMES: Readonly<Record<number, string>> = {
  772: '13',
  771: '12',
  770: '11',
  769: '10',
  768: 's3',
  2: 's2',
};

/** True where the first byte is a TLS handshake record's. */
export function looksLikeTls(bytes: Buffer): boolean {
  return bytes[0] === HANDSHAKE_RECORD && (bytes.length < 2 || bytes[1] === 3);
}

/** The hello in the first record or records; `more` where it is not all there, undefined where it is none. Never throws. */
export function parseClientHello(bytes: Buffer): ClientHello | 'more' | undefined {
  const parts: Buffer[] = [];
  let length = 0;
  let wanted = Number.POSITIVE_INFINITY;
  for (let at = 0; length < wanted; ) {
    if (at >= CLIENT_HELLO_BYTES) return undefined;
    if (bytes.length < at + RECORD_HEADER_BYTES) return looksLikeTls(bytes) ? 'more' : undefined;
    if (bytes[at] !== HANDSHAKE_RECORD || bytes[at + 1] !== 3) return undefined;
    const recordBytes = bytes.readUInt16BE(at + 3);
    if (recordBytes === 0) return undefined;
    const fragment = bytes.subarray(at + RECORD_HEADER_BYTES, at + RECORD_HEADER_BYTES + recordBytes);
    parts.push(fragment);
    length += fragment.length;
    if (wanted === Number.POSITIVE_INFINITY && length >= HANDSHAKE_HEADER_BYTES) {
      const head = Buffer.concat(parts);
      if (head[0] !== CLIENT_HELLO) return undefined;
      wanted = HANDSHAKE_HEADER_BYTES + head.readUIntBE(1, 3);
      if (wanted > CLIENT_HELLO_BYTES) return undefined;
    }
    if (fragment.length < recordBytes && length < wanted) return 'more';
    at += RECORD_HEADER_BYTES + recordBytes;
  }
  const message = Buffer.concat(parts).subarray(HANDSHAKE_HEADER_BYTES, wanted);
  return readHello(new Reader(message));
}

/** Reads forward; past the end everything is empty and `broken` is set. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;
  broken = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  number(bytes: 1 | 2): number {
    if (this.left < bytes) {
      this.broken = true;
      this.#at = this.#bytes.length;
      return 0;
    }
    const value = this.#bytes.readUIntBE(this.#at, bytes);
    this.#at += bytes;
    return value;
  }

  take(bytes: number): Buffer {
    if (this.left < bytes) this.broken = true;
    const taken = this.#bytes.subarray(this.#at, this.#at + bytes);
    this.#at += taken.length;
    return taken;
  }
}

function readHello(reader: Reader): ClientHello | undefined {
  const legacyVersion = reader.number(2);
  reader.take(32);
  reader.take(reader.number(1));
  const ciphers = numbers(reader.take(reader.number(2)));
  reader.take(reader.number(1));
  if (reader.broken) return undefined;
  const extensions = reader.left >= 2 ? new Reader(reader.take(reader.number(2))) : new Reader(Buffer.alloc(0));
  const kinds: number[] = [];
  let serverName: string | undefined;
  let alpn: string[] = [];
  let signatures: number[] = [];
  let version = legacyVersion;
  while (extensions.left >= 4) {
    const kind = extensions.number(2);
    const body = new Reader(extensions.take(extensions.number(2)));
    kinds.push(kind);
    if (kind === SERVER_NAME) serverName = serverNameOf(body);
    else if (kind === ALPN) alpn = alpnOf(body);
    else if (kind === SIGNATURE_ALGORITHMS) signatures = numbers(body.take(body.number(2)));
    else if (kind === SUPPORTED_VERSIONS)
      version = Math.max(...numbers(body.take(body.number(1))).filter(isReal), 0) || version;
  }
  return {
    serverName,
    alpn,
    version,
    ciphers,
    ja4: ja4Of({ version, ciphers, kinds, signatures, alpn, named: kinds.includes(SERVER_NAME) }),
  };
}

function numbers(bytes: Buffer): number[] {
  const values: number[] = [];
  for (let at = 0; at + 1 < bytes.length; at += 2) values.push(bytes.readUInt16BE(at));
  return values;
}

function serverNameOf(reader: Reader): string | undefined {
  const list = new Reader(reader.take(reader.number(2)));
  while (list.left >= 3) {
    const kind = list.number(1);
    const name = list.take(list.number(2));
    if (kind === 0) return name.toString('latin1');
  }
  return undefined;
}

function alpnOf(reader: Reader): string[] {
  const list = new Reader(reader.take(reader.number(2)));
  const names: string[] = [];
  while (list.left >= 1) names.push(list.take(list.number(1)).toString('latin1'));
  return names;
}

/** GREASE values (RFC 8701) mean nothing and are left out of the fingerprint. */
function isReal(value: number): boolean {
  return (value & 0x0f0f) !== 0x0a0a || value >> 8 !== (value & 0xff);
}

interface Fingerprinted {
  readonly version: number;
  readonly ciphers: readonly number[];
  readonly kinds: readonly number[];
  readonly signatures: readonly number[];
  readonly alpn: readonly string[];
  readonly named: boolean;
}

function ja4Of({ version, ciphers, kinds, signatures, alpn, named }: Fingerprinted): string {
  const realCiphers = ciphers.filter(isReal);
  const realKinds = kinds.filter(isReal);
  const count = (list: readonly unknown[]) => String(Math.min(list.length, 99)).padStart(2, '0');
  const a = `t${VERSION_NAMES[version] ?? '00'}${named ? 'd' : 'i'}${count(realCiphers)}${count(realKinds)}${alpnMark(alpn[0])}`;
  const sorted = realKinds
    .filter((kind) => kind !== SERVER_NAME && kind !== ALPN)
    .map(hex)
    .sort();
  const algorithms = signatures.filter(isReal).map(hex);
  const c = algorithms.length > 0 ? `${sorted.join(',')}_${algorithms.join(',')}` : sorted.join(',');
  return `${a}_${digest(realCiphers.map(hex).sort().join(','))}_${digest(realKinds.length === 0 ? '' : c)}`;
}

function hex(value: number): string {
  return value.toString(16).padStart(4, '0');
}

function digest(text: string): string {
  return text === '' ? '000000000000' : crypto().hash('sha256', text).slice(0, 12);
}

/** First and last character of the first ALPN value; of its hex form where either is not alphanumeric. */
function alpnMark(first: string | undefined): string {
  if (first === undefined || first === '') return '00';
  const ends = `${first[0]}${first.at(-1)}`;
  if (/^[0-9A-Za-z]{2}$/.test(ends)) return ends;
  const bytes = Buffer.from(first, 'latin1').toString('hex');
  return `${bytes[0]}${bytes.at(-1)}`;
}
