// The decoy's application as an HTTP/1.0 upstream for nginx: the same `answer()` the decoy calls, behind a socket.
import { createServer, type Socket } from 'node:net';
import { type ApplicationLoader, appRequest, statusTextOf } from '../../decoys/dashboard/app/ask.ts';
import type { AppAnswer } from '../../decoys/dashboard/app/endpoint.ts';
import { type Head, newHeadReader, readHead } from '../../decoys/dashboard/http/head.ts';
import { KEPT_BODY_BYTES } from '../../decoys/dashboard/http/limits.ts';

const HEAD_BYTES = 64 * 1024;

export interface Upstream {
  /** Requests that reached it. */
  asked(): number;
  close(): void;
}

export async function startUpstream(path: string, load: ApplicationLoader): Promise<Upstream> {
  let asked = 0;
  const server = createServer((socket) => {
    serve(socket, load, () => {
      asked++;
    });
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return { asked: () => asked, close: () => server.close() };
}

/** nginx sends one request a connection, well formed and with Content-Length. */
function serve(socket: Socket, load: ApplicationLoader, count: () => void): void {
  const gone = new AbortController();
  let bytes: Buffer = Buffer.alloc(0);
  let answered = false;
  socket.on('error', () => gone.abort());
  socket.on('close', () => gone.abort());
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    // The decoy has taken nginx's limits into account already; here a whole head may stand in one buffer.
    const progress = readHead(bytes, newHeadReader(HEAD_BYTES));
    if (answered || progress === undefined) return;
    if ('failure' in progress)
      throw new Error(`nginx sent an upstream request we cannot read: ${progress.failure.reason}`);
    const { head } = progress;
    const length = head.body.kind === 'length' ? head.body.bytes : 0;
    if (bytes.length < head.bytes + length) return;
    answered = true;
    count();
    void answer(head, bytes.subarray(head.bytes), load, gone.signal).then((reply) => socket.end(reply));
  });
}

async function answer(head: Head, body: Buffer, load: ApplicationLoader, gone: AbortSignal): Promise<Buffer> {
  const application = await load();
  const request = appRequest(head, body.subarray(0, KEPT_BODY_BYTES), body.length);
  return render(await application.answer(request, gone));
}

function render({ status, type, headers = {}, body }: AppAnswer): Buffer {
  const content = typeof body === 'string' ? Buffer.from(body) : body;
  const lines = Object.entries({
    ...headers,
    'Content-Type': type,
    'Content-Length': String(content.length),
    Date: 'x',
  }).sort(([a], [b]) => (a < b ? -1 : 1));
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`HTTP/1.0 ${status} ${statusTextOf(status)}\r\n${head}\r\n`, 'latin1'), content]);
}
