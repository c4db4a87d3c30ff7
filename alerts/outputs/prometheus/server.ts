// Serves /metrics. It tells which pods are decoys: keep it to Prometheus by a NetworkPolicy, or by a token.
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CONTENT_TYPE } from './text.ts';

const CONNECTIONS = 64;
const REQUEST_MS = 5_000;
const HEADER_BYTES = 8_192;

export interface MetricsServerOptions {
  readonly host: string;
  readonly port: number;
  /** Asked for as `Authorization: Bearer …` where it is set. */
  readonly token?: string;
  readonly text: () => string;
}

export interface MetricsServer {
  readonly port: number;
  close(): void;
}

/** Resolves once it listens; rejects with what `listen` says. */
export function serveMetrics({ host, port, token, text }: MetricsServerOptions): Promise<MetricsServer> {
  const server: Server = createServer(
    { maxHeaderSize: HEADER_BYTES, requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS, keepAliveTimeout: 60_000 },
    (request, response) => {
      request.resume();
      const [path] = (request.url ?? '').split('?', 1);
      if (token !== undefined && !isToken(request.headers.authorization, token)) {
        response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
      } else if (path !== '/metrics' || (request.method !== 'GET' && request.method !== 'HEAD')) {
        response.writeHead(404).end();
      } else response.writeHead(200, { 'content-type': CONTENT_TYPE }).end(text());
    },
  );
  server.maxConnections = CONNECTIONS;
  server.unref();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close() {
          server.close();
          server.closeAllConnections();
        },
      });
    });
  });
}

function isToken(given: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given ?? ''), digest(`Bearer ${token}`));
}
