// The application behind nginx: fastify routing the table of endpoints, made to answer as a Go service does.
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import type { BaitFacts } from '../facts.ts';
import { API } from './api.ts';
import { DEBUG } from './debug.ts';
import { type AppAnswer, type AppRequest, type Endpoint, HTML, plainError } from './endpoint.ts';
import { VARS } from './expvar.ts';
import { METRICS_ENDPOINT } from './metrics.ts';
import { PPROF } from './pprof.ts';

const ENDPOINTS: readonly Endpoint[] = [...API, ...DEBUG, VARS, ...PPROF, METRICS_ENDPOINT];

/** A request and where its answer goes. fastify gets the key alone, never a header or a byte of body: so none of its own refusals
 * (415, a JSON error, a poisoned prototype) can ever show. */
interface Asked {
  readonly request: AppRequest;
  readonly gone: AbortSignal;
  readonly waits: (() => void) | undefined;
  answer: AppAnswer | undefined;
}

export interface Application {
  /** Never rejects for what a request holds. `waits` is called when an answer takes its time on purpose. */
  answer(request: AppRequest, gone: AbortSignal, waits?: () => void): Promise<AppAnswer>;
}

function refuseSchema(): never {
  throw new Error('no route has a schema');
}

/** No route has a schema; without these, fastify would load its JSON schema compilers all the same (some 10 MB). */
const NO_SCHEMAS: FastifyServerOptions['schemaController'] = {
  compilersFactory: { buildValidator: refuseSchema, buildSerializer: refuseSchema },
};

const KEY_HEADER = 'x-exchange';

export async function createApplication(facts: BaitFacts, now: () => number = Date.now): Promise<Application> {
  const asked = new Map<string, Asked>();
  let keys = 0;
  const app = fastify({ exposeHeadRoutes: false, logger: false, schemaController: NO_SCHEMAS });
  const settle = (key: unknown, answer: AppAnswer) => {
    const entry = asked.get(String(key));
    if (entry) entry.answer = answer;
  };
  route(
    app,
    (key, endpoint) => {
      const entry = asked.get(key);
      if (!entry) throw new Error('an exchange that nobody asked for');
      return ask(entry, endpoint, facts, now());
    },
    settle,
  );
  await app.ready();

  return {
    async answer(request, gone, waits) {
      const key = String(++keys);
      const entry: Asked = { request, gone, waits, answer: undefined };
      asked.set(key, entry);
      try {
        // Which method an endpoint takes is the endpoint's business, so that methods fastify does not know get an answer too.
        await app.inject({ method: 'GET', url: request.target, headers: { [KEY_HEADER]: key } });
      } finally {
        asked.delete(key);
      }
      return entry.answer ?? notFound(request.target);
    },
  };
}

function route(
  app: FastifyInstance,
  answer: (key: string, endpoint: Endpoint) => Promise<AppAnswer>,
  settle: (key: unknown, answer: AppAnswer) => void,
): void {
  for (const endpoint of ENDPOINTS) {
    app.get(endpoint.path, async (request, reply) => {
      const key = String(request.headers[KEY_HEADER]);
      settle(key, await answer(key, endpoint));
      return reply.send('');
    });
  }
}

async function ask(
  { request, gone, waits }: Asked,
  endpoint: Endpoint,
  facts: BaitFacts,
  now: number,
): Promise<AppAnswer> {
  if (endpoint.methods && !endpoint.methods.includes(request.method)) {
    return {
      ...plainError(405, 'Method Not Allowed'),
      headers: { Allow: endpoint.methods.join(', '), 'X-Content-Type-Options': 'nosniff' },
    };
  }
  const mark = request.target.indexOf('?');
  const query = new URLSearchParams(mark === -1 ? '' : request.target.slice(mark + 1));
  return endpoint.answer(request, {
    facts,
    query,
    now,
    wait: (ms) => {
      waits?.();
      return wait(ms, gone);
    },
  });
}

function wait(ms: number, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      gone.removeEventListener('abort', done);
      resolve();
    }
    gone.addEventListener('abort', done, { once: true });
  });
}

/** What Go's ServeMux says: first a redirect to the clean path, then that there is nothing. */
function notFound(target: string): AppAnswer {
  const mark = target.indexOf('?');
  const path = mark === -1 ? target : target.slice(0, mark);
  const clean = cleanPath(path);
  if (clean === path) return plainError(404, '404 page not found');
  const location = mark === -1 ? clean : clean + target.slice(mark);
  return {
    status: 301,
    type: HTML,
    body: Buffer.from(`<a href="${escapeHtml(location)}">Moved Permanently</a>.\n\n`, 'latin1'),
    headers: { Location: location },
  };
}

function cleanPath(path: string): string {
  const segments: string[] = [];
  const parts = path.split('/');
  for (const part of parts) {
    if (part === '..') segments.pop();
    else if (part !== '' && part !== '.') segments.push(part);
  }
  const last = parts.at(-1);
  const slash = segments.length > 0 && (last === '' || last === '.' || last === '..') ? '/' : '';
  return `/${segments.join('/')}${slash}`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&#34;')
    .replaceAll("'", '&#39;');
}
