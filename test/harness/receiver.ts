// A webhook receiver on loopback that can be told to misbehave.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { eventually } from './time.ts';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: unknown;
  readonly atMs: number;
}

export interface Receiver {
  readonly url: string;
  /** Requests that were answered with 2xx, in order of arrival. */
  readonly taken: Received[];
  /** Every request, also the ones that were refused. */
  readonly asked: Received[];
  waitFor(count: number, ms?: number): Promise<Received[]>;
  close(): Promise<void>;
}

/** What to do with a request: a status, a reset of its connection, or an answer of one's own. */
export type Behaviour = (request: Received, at: number) => number | 'reset' | ((response: ServerResponse) => void);

/** Listens on `port`, or on any; answers 200 unless told otherwise. */
export async function startReceiver(behave: Behaviour = () => 200, port = 0): Promise<Receiver> {
  const taken: Received[] = [];
  const asked: Received[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const received: Received = {
        path: request.url ?? '',
        headers: request.headers,
        text,
        body: parse(text),
        atMs: Date.now(),
      };
      const answer = behave(received, asked.length);
      asked.push(received);
      if (answer === 'reset') request.socket.resetAndDestroy();
      else if (typeof answer === 'function') {
        response.on('finish', () => taken.push(received));
        answer(response);
      } else {
        if (answer < 300) taken.push(received);
        response.writeHead(answer).end();
      }
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}); // Resets are part of the game.
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    asked,
    waitFor: (count, ms = 10_000) =>
      eventually(
        () => (taken.length >= count ? taken : undefined),
        ms,
        () => `${taken.length} of ${count} taken, ${asked.length} asked`,
      ),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
