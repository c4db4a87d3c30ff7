// A client that asks for TLS with an SSLRequest: its handshake, and a login and questions inside.
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { loginBody, packet } from '../wire-login.ts';
import { shown } from './check.ts';
import { greeted, type Peer } from './peer.ts';

const INSIDE = 0x01efae85;
export const SSL_REQUEST = Buffer.concat([Buffer.from('85aeef0100000001ff', 'hex'), Buffer.alloc(23)]);

interface Secured {
  readonly peer: Peer;
  readonly tls: TLSSocket;
  readonly salt: Buffer;
  readonly failed: string;
}

/** A handshake after an SSLRequest, and why it failed if it did. */
export async function secure(port: number, options: ConnectionOptions): Promise<Secured> {
  const { peer, salt } = await greeted(port);
  peer.send(1, SSL_REQUEST);
  peer.socket.removeAllListeners('data');
  const tls = connectTls({ socket: peer.socket, rejectUnauthorized: false, ...options });
  const failed = await new Promise<string>((resolve) => {
    tls.once('secureConnect', () => resolve(''));
    tls.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
  tls.on('error', () => undefined);
  return { peer, tls, salt, failed };
}

const ANSWER_MS = 8_000;
const LOOK_MS = 40;

/** A login inside TLS, then the questions. */
export async function inside(
  port: number,
  questions: readonly string[],
  options: ConnectionOptions = {},
): Promise<string[][]> {
  const { tls, salt } = await secure(port, options);
  let got: Buffer = Buffer.alloc(0);
  tls.on('data', (chunk: Buffer) => {
    got = Buffer.concat([got, chunk]);
  });
  /** Something came, and nothing more in a while. */
  const answered = async () => {
    for (let size = 0, waited = 0; waited < ANSWER_MS && (got.length === 0 || size !== got.length); waited += LOOK_MS) {
      size = got.length;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  };
  tls.write(packet(2, loginBody(salt, { capabilities: INSIDE })));
  await answered();
  const answers: string[][] = [];
  for (const question of questions) {
    got = Buffer.alloc(0);
    tls.write(packet(0, Buffer.from(`\x03${question}`)));
    await answered();
    const cells: string[] = [];
    for (let at = 0; at + 4 <= got.length; at += 4 + got.readUIntLE(at, 3))
      cells.push(shown(got.subarray(at + 4, at + 4 + got.readUIntLE(at, 3))));
    answers.push(cells);
  }
  tls.destroy();
  return answers;
}
