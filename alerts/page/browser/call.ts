// Calls to the page's own API, and the stream that says when something changed.

const token = document.querySelector<HTMLMetaElement>('meta[name="page-token"]')?.content ?? '';

/** Rejects with the server's own line for people. */
export async function get<T>(
  path: string,
  query: Record<string, string> | URLSearchParams = {},
  signal?: AbortSignal,
): Promise<T> {
  const words = new URLSearchParams(query).toString();
  return read<T>(await fetch(words ? `${path}?${words}` : path, { signal }));
}

export async function post<T>(path: string, body: unknown): Promise<T> {
  return read<T>(
    await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-page-token': token },
      body: JSON.stringify(body),
    }),
  );
}

async function read<T>(response: Response): Promise<T> {
  const value = (await response.json().catch(() => ({}))) as { error?: string };
  if (!response.ok) throw new Error(value.error ?? `the server answered ${response.status}`);
  return value as T;
}

export type Link = 'connecting' | 'live' | 'lost';

const listeners = new Set<() => void>();
const linkListeners = new Set<(link: Link) => void>();
let source: EventSource | undefined;
let link: Link = 'connecting';
let wasLost = false;

/** Calls `listener` when something changed on the server, also after a lost connection came back. Returns the way out. */
export function onChanged(listener: () => void): () => void {
  connect();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function onLink(listener: (link: Link) => void): () => void {
  linkListeners.add(listener);
  listener(link);
  return () => linkListeners.delete(listener);
}

function connect(): void {
  if (source) return;
  source = new EventSource('/api/stream');
  const tell = () => {
    for (const listener of listeners) listener();
  };
  source.addEventListener('changed', tell);
  source.addEventListener('hello', () => {
    setLink('live');
    if (wasLost) tell();
    wasLost = false;
  });
  source.addEventListener('error', () => {
    wasLost = true;
    setLink('lost');
  });
}

function setLink(next: Link): void {
  link = next;
  for (const listener of linkListeners) listener(next);
}

/** At once, then at most every `ms`, and once more after the last call. */
export function paced(work: () => void, ms: number): { call: () => void; stop: () => void } {
  let timer: number | undefined;
  let again = false;
  const run = () => {
    work();
    again = false;
    timer = setTimeout(() => {
      timer = undefined;
      if (again) run();
    }, ms);
  };
  return {
    call: () => {
      if (timer === undefined) run();
      else again = true;
    },
    stop: () => clearTimeout(timer),
  };
}
