// Plays a case over TCP, plainly or inside TLS, and gives back every byte that was answered.
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import type { Case } from './case.ts';

/** An answer is over after so much silence … */
const SILENCE_MS = 4;
/** … and not waited for longer than this. */
const ANSWER_MS = 250;
/** A whole case. */
const CASE_MS = 4_000;
/** Before the next case, where nobody accepts: the program may just have ended. */
const REFUSED_MS = 50;
/** Bytes of an answer that are looked at. */
const KEPT_BYTES = 262_144;

export interface Answered {
  readonly bytes: Buffer;
  readonly connected: boolean;
}

export interface Door {
  readonly host: string;
  readonly port: number;
  /** The client's own address. */
  readonly from: string;
  /** Parts from this one on are inside TLS; what is before is said plainly. */
  readonly tlsAt?: number;
}

export async function play({ host, port, from, tlsAt }: Door, { parts }: Case): Promise<Answered> {
  const answer: Buffer[] = [];
  let kept = 0;
  let heardMs = performance.now();
  let over = false;
  let socket: Socket = connect({ host, port, localAddress: from, noDelay: true });
  const plain = socket;
  const hear = (one: Socket) => {
    one.on('data', (chunk: Buffer) => {
      heardMs = performance.now();
      if (kept < KEPT_BYTES) answer.push(chunk);
      kept += chunk.length;
    });
    one.on('error', () => {
      over = true;
    });
    one.on('close', () => {
      over = true;
    });
  };
  hear(plain);
  const connected = await new Promise<boolean>((resolve) => {
    plain.once('connect', () => resolve(true));
    plain.once('close', () => resolve(false));
  });
  if (!connected) await delay(REFUSED_MS);
  const until = performance.now() + CASE_MS;
  const answered = async () => {
    const before = kept;
    const patience = performance.now() + ANSWER_MS;
    for (let now = performance.now(); !over && now < patience; now = performance.now()) {
      if (kept > before && now - heardMs > SILENCE_MS) return;
      await delay(1);
    }
  };
  for (const [at, part] of parts.entries()) {
    if (over || performance.now() > until) break;
    if (at === tlsAt) {
      plain.removeAllListeners('data');
      const secure = connectTls({ socket: plain, rejectUnauthorized: false });
      hear(secure);
      socket = secure;
      await new Promise<void>((resolve) => {
        secure.once('secureConnect', resolve);
        secure.once('close', resolve);
        setTimeout(resolve, ANSWER_MS);
      });
    }
    if (typeof part === 'string') socket.write(part, 'latin1');
    else if ('answer' in part) await answered();
    else if ('pauseMs' in part) await delay(part.pauseMs);
    else if (part.end === 'fin') socket.end();
    else plain.resetAndDestroy();
  }
  await answered();
  socket.destroy();
  plain.destroy();
  return { bytes: Buffer.concat(answer), connected };
}
