// How an attack talks: messages by the hundred without waiting for replies, and patience with an end.
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { WireClient } from '../../test/protocol/db/wire-client.ts';
import { CAPABILITIES, packet } from '../../test/protocol/db/wire-login.ts';

const COM_QUERY = 3;
const QUIT = packet(0, Buffer.from([1]));
/** An attack that is not answered by then is a finding. */
const PATIENCE_MS = 60_000;

export const times = <T>(count: number, one: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => one(at));
export const command = (code: number, rest: string | Buffer) =>
  packet(0, Buffer.concat([Buffer.from([code]), Buffer.from(rest)]));
export const query = (text: string) => command(COM_QUERY, text);

/** Takes what comes and keeps none of it. */
export function deaf(socket: Socket): Promise<void> {
  socket.removeAllListeners('data');
  socket.on('data', () => {}).on('error', () => {});
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

export async function patiently(what: string, work: Promise<unknown>): Promise<void> {
  const timer = new AbortController();
  await Promise.race([
    work,
    delay(PATIENCE_MS, undefined, { signal: timer.signal }).then(() => {
      throw new Error(`${what}: not answered in ${PATIENCE_MS / 1_000} s`);
    }),
  ]).finally(() => timer.abort());
}

export async function inParallel(count: number, atOnce: number, one: (at: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await one(next++);
  };
  await Promise.all(times(atOnce, worker));
}

/** Says all of it one after the other without waiting, then goodbye. A decoy that refuses the login ends it too. */
export async function say(port: number, from: string, messages: Iterable<Buffer>): Promise<void> {
  const client = await WireClient.session(port, { from, capabilities: CAPABILITIES.multi }).catch(() => undefined);
  if (!client) return;
  const gone = deaf(client.socket);
  for (const message of messages) {
    if (client.socket.destroyed) break;
    if (!client.socket.write(message))
      await Promise.race([new Promise((resolve) => client.socket.once('drain', resolve)), gone]);
  }
  client.socket.write(QUIT);
  await patiently(`said from ${from}`, gone);
}
