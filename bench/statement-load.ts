// Load for a MySQL server: sessions that each go through rounds of ready packets and count whole replies, so that the client costs little.
// Reads no reply: each must be as long as the one at its place in the first round.
import type { Socket } from 'node:net';
import { WireClient } from '../test/protocol/db/wire-client.ts';
import { prepare, type Workload } from './workloads.ts';

export interface Load {
  /** Statements answered a second while it ran for `ms`. */
  run(ms: number): Promise<number>;
  end(): void;
}

/** A reply is over when so long nothing came; only where nothing is measured. */
const QUIET_MS = 30;

/** Length of the reply to `command`, in bytes. */
function replyBytes(socket: Socket, command: Buffer): Promise<number> {
  return new Promise((resolve) => {
    let bytes = 0;
    let quiet: NodeJS.Timeout | undefined;
    const heard = (chunk: Buffer) => {
      bytes += chunk.length;
      clearTimeout(quiet);
      quiet = setTimeout(() => {
        socket.off('data', heard);
        resolve(bytes);
      }, QUIET_MS);
    };
    socket.on('data', heard);
    socket.write(command);
  });
}

async function openSession(port: number, { first, prepared }: Workload): Promise<Socket> {
  const client = await WireClient.session(port);
  const { socket } = client;
  for (const statement of first) {
    const { error } = await client.query(statement);
    if (error) throw new Error(`${statement}: ${error.message}`);
  }
  socket.removeAllListeners('data');
  for (const statement of prepared) await replyBytes(socket, prepare(statement));
  return socket;
}

/** Opens `connections` sessions of root at 127.0.0.1, quiet until `run`. */
export async function openLoad(port: number, connections: number, workload: Workload): Promise<Load> {
  const once = await WireClient.session(port);
  for (const statement of workload.before) {
    const { error } = await once.query(statement);
    if (error) throw new Error(`${statement.slice(0, 80)}: ${error.message}`);
  }
  await once.quit();
  const sizes: number[] = [];
  let answered = 0;
  let running = false;
  const idle: (() => void)[] = [];
  const sockets: Socket[] = [];
  for (let session = 0; session < connections; session++) {
    const socket = await openSession(port, workload);
    sockets.push(socket);
    if (session === 0) for (const command of workload.round(0, 0)) sizes.push(await replyBytes(socket, command));
    let turn = 1;
    let commands = workload.round(session, turn);
    let at = 0;
    let got = 0;
    const say = () => socket.write(commands[at] as Buffer);
    socket.on('data', (chunk: Buffer) => {
      got += chunk.length;
      const size = sizes[at] as number;
      if (got < size) return;
      if (got > size) throw new Error(`${workload.name}: a reply of ${got} bytes, not ${size}`);
      got = 0;
      answered++;
      if (++at === commands.length) {
        at = 0;
        commands = workload.round(session, ++turn);
      }
      if (running) say();
      else idle.push(say);
    });
    idle.push(say);
  }
  return {
    async run(ms) {
      while (idle.length < connections) await new Promise((resolve) => setTimeout(resolve, 1));
      running = true;
      const before = answered;
      const begun = performance.now();
      for (const say of idle.splice(0)) say();
      await new Promise((resolve) => setTimeout(resolve, ms));
      running = false;
      return (answered - before) / ((performance.now() - begun) / 1000);
    },
    end() {
      for (const socket of sockets) socket.destroy();
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
