// The Kubernetes API as far as `alerts` speaks it: list in pages, watch with bookmarks, follow logs; and the ways it fails.
// Wire behaviour as recorded from a real one (kubernetes-answers.ts).
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bookmark, expired, NOT_SERVED, status as statusOf } from './kubernetes-answers.ts';
import { matchesPath, matchesSelector } from './kubernetes-selection.ts';

type Resource = {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid: string;
    resourceVersion?: string;
    labels?: Record<string, string>;
  };
};

interface LogLine {
  readonly time: string;
  readonly text: string;
}

interface Container {
  lines: LogLine[];
  previous: LogLine[];
  readonly followers: Set<ServerResponse>;
}

export interface FakeKubernetes {
  readonly url: string;
  /** A kubeconfig that names it. */
  readonly kubeconfig: string;
  token: string;
  /** Adds or changes an object under its collection path, `/api/v1/pods`. */
  set(collection: string, object: Record<string, unknown>): void;
  /** An object as it is now. */
  get(collection: string, name: string, namespace?: string): unknown;
  remove(collection: string, name: string, namespace?: string): void;
  /** Appends a line to a pod's log. */
  log(pod: string, text: string, time?: string): void;
  /** Says something in place of lines and ends the streams, as a kubelet does that cannot read on. */
  say(pod: string, text: string): void;
  /** Moves the log to `previous` and ends its streams, as a restarted container does. */
  restart(pod: string): void;
  /** Forgets lines before now, as rotation does. */
  rotate(pod: string): void;
  /** Breaks every open stream; `midLine` leaves half a line first. */
  cut(options?: { readonly midLine?: boolean }): void;
  /** Watches begun at a version older than this answer 410. */
  forget(): void;
  /** Tells every watch the version of now. */
  bookmark(): void;
  /** The kind of this collection is not defined yet, or is again. */
  define(collection: string, defined: boolean): void;
  /** The next requests whose path holds `part` answer with this status. */
  fail(part: string, status: number, times: number): void;
  /** Requests seen, newest last. */
  readonly requests: string[];
  close(): Promise<void>;
}

export async function startKubernetes(): Promise<FakeKubernetes> {
  const collections = new Map<string, Map<string, Resource>>();
  const history: { version: number; path: string; type: string; object: Resource }[] = [];
  const watchers = new Set<{ answer: ServerResponse; path: string; selector: string }>();
  const containers = new Map<string, Container>();
  const undefinedKinds = new Set<string>();
  const failures: { part: string; status: number; times: number }[] = [];
  const requests: string[] = [];
  let version = 100;
  let oldest = 0;

  const state = { token: 'first-token' };
  const server: Server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function container(pod: string): Container {
    let found = containers.get(pod);
    if (!found) {
      found = { lines: [], previous: [], followers: new Set() };
      containers.set(pod, found);
    }
    return found;
  }

  function notify(path: string, type: string, object: Resource): void {
    history.push({ version, path, type, object });
    for (const watcher of watchers) {
      if (!matchesPath(watcher.path, path, object) || !matchesSelector(watcher.selector, object)) continue;
      watcher.answer.write(`${JSON.stringify({ type, object })}\n`);
    }
  }

  function status(answer: ServerResponse, code: number, message: string): void {
    answer.writeHead(code, { 'content-type': 'application/json' });
    answer.end(JSON.stringify(statusOf(code, message)));
  }

  function handle(request: IncomingMessage, answer: ServerResponse): void {
    const target = new URL(request.url ?? '/', url);
    requests.push(`${request.method} ${request.url}`);
    const failure = failures.find(({ part, times }) => times > 0 && (request.url ?? '').includes(part));
    if (failure) {
      failure.times -= 1;
      status(answer, failure.status, `made to fail with ${failure.status}`);
    } else if (request.headers.authorization !== `Bearer ${state.token}`) status(answer, 401, 'Unauthorized');
    else if (undefinedKinds.has(target.pathname))
      answer.writeHead(404, { 'content-type': NOT_SERVED.contentType }).end(NOT_SERVED.body);
    else if (target.pathname.endsWith('/log')) serveLog(target, answer);
    else if (request.method === 'PATCH') servePatch(request, target, answer);
    else if (target.searchParams.get('watch') === 'true') serveWatch(target, answer);
    else serveList(target, answer);
  }

  function serveList(target: URL, answer: ServerResponse): void {
    const limit = Number(target.searchParams.get('limit') ?? 0) || Infinity;
    const start = Number(target.searchParams.get('continue') ?? 0);
    const selector = target.searchParams.get('labelSelector') ?? '';
    const all = [...collections].flatMap(([path, objects]) =>
      [...objects.values()].filter(
        (object) => matchesPath(target.pathname, path, object) && matchesSelector(selector, object),
      ),
    );
    const items = all.slice(start, start + limit);
    const next = start + items.length < all.length ? String(start + items.length) : undefined;
    answer.writeHead(200, { 'content-type': 'application/json' });
    answer.end(
      JSON.stringify({
        kind: 'List',
        apiVersion: 'v1',
        metadata: {
          resourceVersion: String(version),
          ...(next ? { continue: next, remainingItemCount: all.length - start - items.length } : {}),
        },
        items,
      }),
    );
  }

  function serveWatch(target: URL, answer: ServerResponse): void {
    const from = Number(target.searchParams.get('resourceVersion') ?? 0);
    const selector = target.searchParams.get('labelSelector') ?? '';
    answer.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' });
    answer.flushHeaders();
    if (from < oldest) {
      answer.end(expired(from, oldest));
      return;
    }
    for (const event of history) {
      if (
        event.version <= from ||
        !matchesPath(target.pathname, event.path, event.object) ||
        !matchesSelector(selector, event.object)
      )
        continue;
      answer.write(`${JSON.stringify({ type: event.type, object: event.object })}\n`);
    }
    const watcher = { answer, path: target.pathname, selector };
    watchers.add(watcher);
    answer.on('close', () => watchers.delete(watcher));
  }

  function servePatch(request: IncomingMessage, target: URL, answer: ServerResponse): void {
    let text = '';
    request.on('data', (part) => {
      text += String(part);
    });
    request.on('end', () => {
      const path = target.pathname.replace(/\/[^/]+\/status$/, '');
      const name = target.pathname.split('/').at(-2) ?? '';
      const object = collections.get(path)?.get(`/${name}`);
      if (!object) {
        status(answer, 404, `${name} not found`);
        return;
      }
      Object.assign(object, JSON.parse(text) as object);
      version += 1;
      object.metadata.resourceVersion = String(version);
      notify(path, 'MODIFIED', object);
      answer.writeHead(200, { 'content-type': 'application/json' });
      answer.end(JSON.stringify(object));
    });
  }

  function serveLog(target: URL, answer: ServerResponse): void {
    const pod = target.pathname.split('/').at(-2) ?? '';
    const found = containers.get(pod);
    if (!found) {
      status(answer, 404, `pods "${pod}" not found`);
      return;
    }
    // The API server keeps whole seconds of sinceTime.
    const from = Math.floor(Date.parse(target.searchParams.get('sinceTime') ?? '1970-01-01') / 1_000) * 1_000;
    const lines = target.searchParams.get('previous') === 'true' ? found.previous : found.lines;
    // A kubelet sends nothing before the first line, its head included, and the API server passes on what it gets.
    answer.writeHead(200, { 'content-type': 'text/plain' });
    for (const { time, text } of lines) if (Date.parse(time) >= from) answer.write(`${time} ${text}\n`);
    if (target.searchParams.get('follow') !== 'true' || target.searchParams.get('previous') === 'true') {
      answer.end();
      return;
    }
    found.followers.add(answer);
    answer.on('close', () => found.followers.delete(answer));
  }

  function streams(): ServerResponse[] {
    return [
      ...[...watchers].map(({ answer }) => answer),
      ...[...containers.values()].flatMap(({ followers }) => [...followers]),
    ];
  }

  return {
    url,
    get kubeconfig() {
      return JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'test',
        contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
        clusters: [{ name: 'test', cluster: { server: url } }],
        users: [{ name: 'test', user: { token: state.token } }],
      });
    },
    get token() {
      return state.token;
    },
    set token(token) {
      state.token = token;
    },
    requests,
    set(collection, value) {
      version += 1;
      const object = structuredClone(value) as unknown as Resource;
      const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
      const objects = collections.get(collection) ?? new Map<string, Resource>();
      collections.set(collection, objects);
      const known = objects.get(key);
      object.metadata.uid ??= known?.metadata.uid ?? `uid-${version}`;
      object.metadata.resourceVersion = String(version);
      objects.set(key, object);
      notify(collection, known ? 'MODIFIED' : 'ADDED', object);
    },
    get: (collection, name, namespace = '') => collections.get(collection)?.get(`${namespace}/${name}`),
    remove(collection, name, namespace = '') {
      const objects = collections.get(collection);
      const object = objects?.get(`${namespace}/${name}`);
      if (!object) return;
      version += 1;
      object.metadata.resourceVersion = String(version);
      objects?.delete(`${namespace}/${name}`);
      notify(collection, 'DELETED', object);
    },
    log(pod, text, time = new Date().toISOString()) {
      const found = container(pod);
      found.lines.push({ time, text });
      for (const follower of found.followers) follower.write(`${time} ${text}\n`);
    },
    say(pod, text) {
      for (const follower of container(pod).followers) follower.end(text);
    },
    restart(pod) {
      const found = container(pod);
      found.previous = found.lines;
      found.lines = [];
      for (const follower of found.followers) follower.end();
      found.followers.clear();
    },
    rotate(pod) {
      container(pod).lines = [];
    },
    cut({ midLine = false } = {}) {
      for (const answer of streams()) {
        if (midLine) answer.write('2026-11-23T04:26:32.1');
        setTimeout(() => answer.destroy(), 5);
      }
    },
    forget() {
      oldest = version;
      version += 1;
    },
    bookmark() {
      for (const { answer } of watchers) answer.write(bookmark('Pod', version));
    },
    define(collection, defined) {
      undefinedKinds[defined ? 'delete' : 'add'](collection);
    },
    fail(part, code, times) {
      failures.push({ part, status: code, times });
    },
    async close() {
      for (const answer of streams()) answer.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
