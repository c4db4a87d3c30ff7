// The page's server: HTTP on loopback only. In a cluster `kubectl port-forward` is the way in, so that Kubernetes RBAC guards it.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { UserError } from '../../decoys/touch/errors.ts';
import { ASSETS, document } from './assets.ts';
import { refusalOf } from './guard.ts';
import type { PageParts } from './page.ts';
import { respond, respondJson } from './respond.ts';
import { answer, ROUTES, refusalFrom } from './routes.ts';

const HEADER_BYTES = 16_384;
const CONNECTIONS = 256;
const REQUEST_MS = 15_000;
/** Paths that are views of the one document. */
const VIEWS = /^\/(?:|events(?:\/[0-9a-f-]{1,64})?|dashboard|exceptions)$/;

export interface ServerOptions {
  readonly parts: PageParts;
  readonly token: string;
  readonly say: (message: string) => void;
  /** Told of every request. */
  readonly onRequest: () => void;
}

export function createPageServer({ parts, token, say, onRequest }: ServerOptions): Server {
  const server = createServer({ maxHeaderSize: HEADER_BYTES, requestTimeout: REQUEST_MS }, (request, response) => {
    onRequest();
    response.on('error', () => {}); // The reader went away; nothing is left to tell it.
    handle(request, response).catch((error: unknown) => {
      // The caller left before it had said all: nobody waits for an answer.
      if (!request.complete && request.destroyed) return;
      const refusal = refusalFrom(error);
      if (!refusal)
        say(`page: ${request.method} ${request.url?.slice(0, 80)}: ${(error as Error).stack ?? String(error)}`);
      if (response.headersSent) response.destroy();
      else
        respondJson(
          response,
          { error: refusal?.message ?? 'this failed; the log of alerts says why' },
          refusal?.status ?? 500,
        );
    });
  });
  server.maxConnections = CONNECTIONS;
  server.on('clientError', (_error, socket) => socket.destroy());

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? '';
    const refusal = refusalOf({ method, headers: request.headers }, token);
    if (refusal) request.resume();
    if (refusal) return respondJson(response, { error: refusal.message }, refusal.status);
    const target = request.url ?? '/';
    const url = URL.canParse(target, 'http://localhost') ? new URL(target, 'http://localhost') : undefined;
    if (!url) return respondJson(response, { error: 'the address cannot be read' }, 400);
    const asset = ASSETS.get(url.pathname);
    if (asset) {
      respond(response, 200, asset.type, asset.body, { 'cache-control': 'public, max-age=31536000, immutable' });
      return;
    }
    if (VIEWS.test(url.pathname) && method !== 'POST') {
      respond(response, 200, 'text/html; charset=utf-8', document(token));
      return;
    }
    const route = ROUTES[`${method === 'HEAD' ? 'GET' : method} ${url.pathname}`];
    if (!route) request.resume();
    if (!route) return respondJson(response, { error: 'there is nothing here' }, 404);
    await answer(route, { parts, url, request, response });
  }
  return server;
}

/** Resolves once it listens; UserError where it cannot. */
export function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', ({ code }: NodeJS.ErrnoException) => {
      const why = code === 'EADDRINUSE' ? 'the port is already in use' : `it cannot be listened on (${code})`;
      reject(new UserError('PAGE_PORT', `PAGE_PORT=${port}: ${why}; choose another (1-65535), or 0 for none`));
    });
    server.listen(port, host, resolve);
  });
}
