// TLS on a connection that began without it: records go through a stream of our own, so that the socket stays ours to
// answer on where a handshake fails, and the ClientHello is seen. Alerts are OpenSSL's own, as the server's are.
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { SecureContext, TLSSocket } from 'node:tls';
import { type ClientHello, parseClientHello } from '../../touch/client-hello.ts';
import type { TouchLine } from '../../touch/schema.ts';
import { tls } from '../on-demand.ts';

/** Fatal decode_error: what the server says to a client that leaves inside its handshake. */
const DECODE_ERROR_ALERT = Buffer.from([0x15, 3, 3, 0, 2, 2, 50]);

/** The records of a TLS connection, on its socket; ending it leaves the socket open. */
class RecordStream extends Duplex {
  readonly #raw: Socket;

  constructor(raw: Socket, first: Buffer) {
    super();
    this.#raw = raw;
    if (first.length > 0) this.push(first);
  }

  /** Takes what the socket delivered. */
  received(chunk: Buffer): void {
    if (!this.destroyed && !this.push(chunk)) this.#raw.pause();
  }

  ended(): void {
    if (!this.destroyed) this.push(null);
  }

  override _read(): void {
    this.#raw.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.#raw.destroyed) done();
    else this.#raw.write(chunk, done);
  }
}

/** A client's hello as touches tell it. */
export type TlsClient = NonNullable<NonNullable<TouchLine['tls']>['client']>;

/** Longest server name there is, in characters. */
const SERVER_NAME_CHARACTERS = 253;

function describeClient({ ja4, serverName, ciphers }: ClientHello): TlsClient {
  const name = serverName?.slice(0, SERVER_NAME_CHARACTERS).replace(/[^\x20-\x7e]/g, '.');
  return {
    ...(name === undefined ? {} : { server_name: name }),
    ja4,
    supported_ciphers: ciphers.map((cipher) => `0x${cipher.toString(16).padStart(4, '0')}`),
  };
}

export interface TlsLayer {
  /** The socket whose bytes it takes. */
  readonly raw: Socket;
  readonly socket: TLSSocket;
  /** What the client's hello says, as touches tell it; undefined where it said none. */
  readonly client: () => TlsClient | undefined;
  readonly received: (chunk: Buffer) => void;
  readonly ended: () => void;
}

export interface TlsEvents {
  /** The handshake is over. */
  readonly established: () => void;
  /** There will be none; the alert, if there is one, is written. Told once, and not after `established`. */
  readonly failed: () => void;
}

/** Puts TLS on `raw`, whose bytes the caller hands over from now on; `first` came already. */
export function openTls(raw: Socket, first: Buffer, secureContext: SecureContext, events: TlsEvents): TlsLayer {
  const records = new RecordStream(raw, first);
  let said = first;
  let hello = said.length === 0 ? 'more' : parseClientHello(said);
  const socket = new (tls().TLSSocket)(records, {
    isServer: true,
    secureContext,
    // The server asks for a certificate of the client and does without.
    requestCert: true,
    rejectUnauthorized: false,
  });
  let over = false;
  const fail = () => {
    if (over) return;
    over = true;
    socket.destroy();
    events.failed();
  };
  socket.on('secure', () => {
    over = true;
    events.established();
  });
  socket.on('error', fail);
  return {
    raw,
    socket,
    client: () => (hello === 'more' || !hello ? undefined : describeClient(hello)),
    received(chunk) {
      if (hello === 'more') {
        said = Buffer.concat([said, chunk]);
        hello = parseClientHello(said);
      }
      records.received(chunk);
    },
    ended() {
      if (!over) {
        raw.write(DECODE_ERROR_ALERT);
        fail();
      } else records.ended();
    },
  };
}

/** What was agreed on, as touches and as the server's status tell it. */
export interface Secured {
  readonly touch: TouchLine['tls'];
  readonly cipher: string;
  readonly protocol: string;
}

/** Reads off a socket whose handshake is over what was agreed on. */
export function secured(socket: TLSSocket, client: TlsClient | undefined): Secured {
  const { name, standardName } = socket.getCipher();
  const protocol = socket.getProtocol() ?? '';
  return {
    touch: {
      established: true,
      version: protocol.replace('TLSv', ''),
      version_protocol: 'tls',
      cipher: standardName,
      ...(client ? { client } : {}),
    },
    // OpenSSL's name, which @@ssl_cipher tells; of TLS 1.3 both are the same.
    cipher: name,
    protocol,
  };
}
