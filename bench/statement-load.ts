// Load for a MySQL server: sessions that each say one prepared statement over and over and count whole replies, so that the client costs little.
// Reads no reply: every one must be as long as the first.
import type { Socket } from 'node:net';
import { WireClient } from '../test/protocol/db/wire-client.ts';

export interface Load {
  /** Statements answered a second while it ran for `ms`. */
  run(ms: number): Promise<number>;
  end(): void;
}

/** Length of the reply to `statement`, in bytes. */
async function replyBytes(port: number, statement: string): Promise<number> {
  const client = await WireClient.session(port);
  const [bytes] = await Promise.all([
    new Promise<number>((resolve) => client.socket.once('data', (chunk: Buffer) => resolve(chunk.length))),
    client.query(statement),
  ]);
  await client.quit();
  return bytes;
}

/** Opens `connections` sessions of root at 127.0.0.1, quiet until `run`. */
export async function openLoad(port: number, connections: number, statement: string): Promise<Load> {
  const size = await replyBytes(port, statement);
  const text = Buffer.from(`\x03${statement}`);
  const command = Buffer.concat([Buffer.from([text.length, 0, 0, 0]), text]);
  let answered = 0;
  let running = false;
  const idle: Socket[] = [];
  for (let count = 0; count < connections; count++) {
    const { socket } = await WireClient.session(port);
    let got = 0;
    socket.removeAllListeners('data');
    socket.on('data', (chunk: Buffer) => {
      got += chunk.length;
      if (got < size) return;
      got -= size;
      answered++;
      if (running) socket.write(command);
      else idle.push(socket);
    });
    idle.push(socket);
  }
  return {
    async run(ms) {
      while (idle.length < connections) await new Promise((resolve) => setTimeout(resolve, 1));
      running = true;
      const before = answered;
      const begun = performance.now();
      for (const socket of idle.splice(0)) socket.write(command);
      await new Promise((resolve) => setTimeout(resolve, ms));
      running = false;
      return (answered - before) / ((performance.now() - begun) / 1000);
    },
    end() {
      for (const socket of idle) socket.destroy();
    },
  };
}

/** Whether every reply to `statement` arrives in one piece. */
export async function repliesInOneSegment(port: number, statement: string, times: number): Promise<boolean> {
  const client = await WireClient.session(port);
  let pieces = 0;
  client.socket.on('data', () => pieces++);
  for (let count = 0; count < times; count++) await client.query(statement);
  await client.quit();
  return pieces === times;
}
