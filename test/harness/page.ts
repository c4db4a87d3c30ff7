// `alerts --stdin` with its page on a free port of loopback: lines in, HTTP out.

import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventPage } from '../../alerts/page/api.ts';
import { type AlertsProgram, startAlerts } from './alerts-program.ts';
import { freePort } from './ports.ts';

export interface PageProgram {
  readonly alerts: AlertsProgram;
  readonly port: number;
  readonly url: string;
  get<T>(path: string): Promise<T>;
  /** Resolves once that many events fit the query. */
  until(query: string, events: number, ms?: number): Promise<EventPage>;
  /** Any call, with any header; never rejects for a status. */
  call(path: string, options?: CallOptions): Promise<Answer>;
  /** The token that changes need. */
  token(): Promise<string>;
  post(path: string, body: unknown): Promise<Answer>;
}

export interface CallOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export async function startPage({
  args = [] as readonly string[],
  env = {} as Record<string, string>,
} = {}): Promise<PageProgram> {
  const port = await freePort();
  const alerts = startAlerts({ args: ['--stdin', ...args], env: { PAGE_PORT: String(port), ...env } });
  await alerts.said('page: http', 20_000);
  const url = `http://127.0.0.1:${port}`;
  const call = (path: string, { method = 'GET', headers = {}, body }: CallOptions = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port, path, method, headers: { ...headers } }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(parts).toString(),
          }),
        );
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  const token = async () => /name="page-token" content="([^"]+)"/.exec((await call('/')).text)?.[1] ?? '';
  const get = async <T>(path: string) => JSON.parse((await call(path)).text) as T;
  return {
    alerts,
    port,
    get,
    async until(query, events, ms = 5_000) {
      const deadline = Date.now() + ms;
      for (;;) {
        const page = await get<EventPage>(`/api/events?${query}`);
        if (page.total === events) return page;
        if (Date.now() > deadline) throw new Error(`${page.total} events fit ${query}, not ${events}, after ${ms} ms`);
        await delay(20);
      }
    },
    url,
    call,
    token,
    post: async (path, body) =>
      call(path, { method: 'POST', headers: { 'x-page-token': await token() }, body: JSON.stringify(body) }),
  };
}
