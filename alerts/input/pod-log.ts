// Follows one container's log through the Kubernetes API, for as long as its pod lives and through every break on the way.
// After a break it resumes by time; the API's resolution is a second, so lines may come twice and are told apart by event.id.
import { createBackoff } from '../kubernetes/backoff.ts';
import { withQuery } from '../kubernetes/list-watch.ts';
import { type Api, ApiError } from '../kubernetes/request.ts';
import { splitLines } from './lines.ts';

/** Decoys write a heartbeat every 30 s: a stream that gives nothing for this long is dead, whatever TCP says. */
const IDLE_MS = 75_000;
/** RFC 3339 as the container runtime stamps lines: the offset is that of the node's clock, and need not be UTC's. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;
/** Characters of what a kubelet says in place of a line that are passed on. */
const SAID_CHARS = 200;

export interface PodLogOptions {
  readonly api: Api;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** RFC 3339; lines from then on. */
  readonly since: string;
  readonly signal: AbortSignal;
  /** A line and the time the container runtime gave it (RFC 3339). */
  readonly onLine: (text: string, time: string) => void;
  /** Why it cannot be read at the moment; '' once it can. */
  readonly onTrouble: (message: string) => void;
  /** Awaited before more is read. */
  readonly room?: () => Promise<void> | undefined;
  readonly idleMs?: number;
}

export interface PodLog {
  /** Ends with `signal`. */
  readonly done: Promise<void>;
  /** The container was restarted: reads what the one before it wrote last. */
  restarted(): void;
}

export function followPodLog(options: PodLogOptions): PodLog {
  const { api, namespace, pod, container, signal, onLine, onTrouble, room, idleMs = IDLE_MS } = options;
  let last = options.since;
  let lastMs = Date.parse(last);
  let told = true;

  const take = (text: string): void => {
    const space = text.indexOf(' ');
    const time = text.slice(0, Math.max(space, 0));
    if (TIME.test(time)) {
      if (!told) onTrouble('');
      told = true;
      onLine(text.slice(space + 1), time);
      const ms = Date.parse(time);
      if (ms <= lastMs) return;
      last = time;
      lastMs = ms;
    } else if (/^[a-z]/i.test(text)) {
      // Once the head is sent a kubelet can only say in the body what is wrong: "failed to create fsnotify watcher: …".
      onTrouble(text.slice(0, SAID_CHARS));
    }
  };

  async function read(query: Readonly<Record<string, string>>): Promise<void> {
    const aborting = new AbortController();
    const stop = () => aborting.abort();
    signal.addEventListener('abort', stop, { once: true });
    let idle = setTimeout(stop, idleMs);
    try {
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`;
      const body = await api.stream(withQuery(path, { container, timestamps: 'true', sinceTime: last, ...query }), {
        signal: aborting.signal,
        accept: '*/*',
        patient: true,
      });
      told = false;
      const splitter = splitLines(take);
      try {
        for await (const bytes of body) {
          splitter.push(bytes as Buffer);
          clearTimeout(idle);
          await room?.();
          idle = setTimeout(stop, idleMs);
        }
        splitter.end();
      } catch {
        // Broken off, as all are when an API server restarts: no trouble where it can be opened again.
      }
    } catch (error) {
      if (!signal.aborted && !aborting.signal.aborted) throw error;
    } finally {
      clearTimeout(idle);
      signal.removeEventListener('abort', stop);
    }
  }

  async function follow(): Promise<void> {
    const backoff = createBackoff();
    while (!signal.aborted) {
      const before = last;
      try {
        await read({ follow: 'true' });
        if (last !== before) backoff.reset();
      } catch (error) {
        onTrouble(error instanceof ApiError ? `${error.status} ${error.message}` : (error as Error).message);
      }
      await backoff.wait(signal);
    }
  }

  return {
    done: follow(),
    restarted() {
      // The container before is gone with its log once it is restarted again, so this is tried once, at once.
      read({ previous: 'true' }).catch((error: Error) => onTrouble(`the log before the restart: ${error.message}`));
    },
  };
}
