// Keeps up with a kind of object: list in pages, then watch from there, for as long as it takes.
// Follows "Efficient detection of changes" of the Kubernetes API concepts: bookmarks, 410 Gone means list again.
import { splitLines } from '../input/lines.ts';
import { type Backoff, createBackoff } from './backoff.ts';
import { type Api, ApiError } from './request.ts';

const PAGE = 500;
/** The server ends a watch after this long; a watch that lives much longer is dead. */
const WATCH_SECONDS = 290;
const WATCH_GRACE_MS = 20_000;
/** A watch that ends sooner than this is not begun again at once. */
const SHORT_WATCH_MS = 1_000;
const WATCH_LINE_BYTES = 4_194_304;

export interface KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion?: string;
    readonly [key: string]: unknown;
  };
  readonly [key: string]: unknown;
}

export interface ListWatchOptions {
  readonly api: Api;
  /** `/api/v1/pods`, with its label selector as query where there is one. */
  readonly path: string;
  readonly accept?: string;
  readonly signal: AbortSignal;
  readonly onSet: (object: KubernetesObject) => void;
  readonly onDelete: (object: KubernetesObject) => void;
  /** After each complete list. */
  readonly onSynced?: () => void;
  /** Told why it has to try again; '' once it works. */
  readonly onTrouble?: (message: string) => void;
  readonly watchSeconds?: number;
}

/** Runs until `signal`. Objects gone while nobody watched are deleted at the next list. */
export async function listWatch(options: ListWatchOptions): Promise<void> {
  const { signal, onTrouble, onSynced } = options;
  const backoff = createBackoff();
  const known = new Map<string, KubernetesObject>();
  let version = '';
  while (!signal.aborted) {
    try {
      if (version === '') {
        version = await list(options, known);
        onSynced?.();
      }
      onTrouble?.('');
      const startedMs = performance.now();
      version = await watch(options, known, version, backoff);
      if (performance.now() - startedMs < SHORT_WATCH_MS) await backoff.wait(signal);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof ApiError && error.status === 410) version = '';
      else onTrouble?.((error as Error).message);
      await backoff.wait(signal);
    }
  }
}

/** What has to be remembered of an object to report its deletion; the object itself may be large. */
function stub({ metadata }: KubernetesObject): KubernetesObject {
  return { metadata: { name: metadata.name, namespace: metadata.namespace, uid: metadata.uid } };
}

async function list(
  { api, path, accept, onSet, onDelete, signal }: ListWatchOptions,
  known: Map<string, KubernetesObject>,
): Promise<string> {
  const present = new Set<string>();
  let next = '';
  let version = '';
  do {
    const page = (await api.get(
      withQuery(path, { limit: String(PAGE), ...(next ? { continue: next } : {}) }),
      accept,
    )) as {
      items?: KubernetesObject[];
      metadata?: { continue?: string; resourceVersion?: string };
    };
    for (const object of page.items ?? []) {
      present.add(object.metadata.uid);
      known.set(object.metadata.uid, stub(object));
      onSet(object);
    }
    next = page.metadata?.continue ?? '';
    version = page.metadata?.resourceVersion ?? '';
  } while (next && !signal.aborted);
  for (const [uid, object] of known) {
    if (present.has(uid)) continue;
    known.delete(uid);
    onDelete(object);
  }
  return version;
}

interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubernetesObject & { readonly code?: number; readonly message?: string };
}

async function watch(
  options: ListWatchOptions,
  known: Map<string, KubernetesObject>,
  from: string,
  backoff: Backoff,
): Promise<string> {
  const { api, path, accept, signal, onSet, onDelete, watchSeconds = WATCH_SECONDS } = options;
  const aborting = new AbortController();
  const stop = () => aborting.abort();
  signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(stop, watchSeconds * 1_000 + WATCH_GRACE_MS);
  let version = from;
  let failure: Error | undefined;
  const take = (text: string): void => {
    if (text === '' || failure) return;
    let event: WatchEvent;
    try {
      event = JSON.parse(text) as WatchEvent;
    } catch {
      return; // Cut in the middle of a line: the next watch begins at the last version that was read whole.
    }
    if (event.type === 'ERROR') {
      failure = new ApiError(event.object.code ?? 500, event.object.message ?? 'the watch failed');
      aborting.abort();
      return;
    }
    version = event.object.metadata.resourceVersion ?? version;
    if (event.type === 'BOOKMARK') return;
    backoff.reset();
    const { uid } = event.object.metadata;
    if (event.type === 'DELETED') {
      known.delete(uid);
      onDelete(event.object);
    } else {
      known.set(uid, stub(event.object));
      onSet(event.object);
    }
  };
  try {
    const query = {
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: from,
      timeoutSeconds: String(watchSeconds),
    };
    const body = await api.stream(withQuery(path, query), { accept, signal: aborting.signal });
    const splitter = splitLines(take, WATCH_LINE_BYTES);
    for await (const bytes of body) splitter.push(bytes as Buffer);
    splitter.end();
  } catch (error) {
    if (!failure && !aborting.signal.aborted) failure = error as Error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
  // What was read is kept also where the connection broke: only a 410 makes the versions useless.
  if (failure instanceof ApiError) throw failure;
  if (failure) await backoff.wait(signal);
  return version;
}

export function withQuery(path: string, query: Readonly<Record<string, string>>): string {
  const joined = new URLSearchParams(query).toString();
  return `${path}${path.includes('?') ? '&' : '?'}${joined}`;
}
