// Between nginx and the application: hands requests over, and relays answers as nginx relays an
// upstream's (its Server and Date dropped, type and length first, all else after Connection).
import type { BaitFacts } from '../facts.ts';
import type { ApplicationReply, ServerContext } from '../http/context.ts';
import type { Head } from '../http/head.ts';
import { ASKED_AT_ONCE } from '../http/limits.ts';
import type { AppAnswer, AppRequest } from './endpoint.ts';

type Application = import('./application.ts').Application;

/** Status words as an upstream written in Go sends them. */
const STATUS_TEXTS: Readonly<Record<number, string>> = {
  200: 'OK',
  301: 'Moved Permanently',
  302: 'Found',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  500: 'Internal Server Error',
};

/** Headers nginx keeps from an upstream with its default `proxy_set_header` and `Connection: close`. */
const DROPPED: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'expect',
  'upgrade',
  'transfer-encoding',
  'te',
  'proxy-connection',
]);

const ROUND_TRIP_MS = 1;
/** For nobody: nginx's own number for a client that left is 499. */
const LEFT: AppAnswer = { status: 499, type: '', body: '' };

/** Gives the application, which loads at the first call. */
export type ApplicationLoader = () => Promise<Application>;

export function createLoader(facts: BaitFacts): ApplicationLoader {
  let loading: Promise<Application> | undefined;
  return () => {
    loading ??= import('./application.ts').then(({ createApplication }) => createApplication(facts));
    return loading;
  };
}

/**
 * Resolves in a turn of the event loop in which no other question is answered: each turn accepts one connection, and of the questions of
 * many clients in one turn newcomers would be the last to know.
 */
function createTurns(): () => Promise<void> {
  const waiting: (() => void)[] = [];
  let going = false;
  function next(): void {
    waiting.shift()?.();
    going = waiting.length > 0;
    if (going) setImmediate(next);
  }
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (!going) setImmediate(next);
      going = true;
    });
}

export function askApplication(load: ApplicationLoader): ServerContext['ask'] {
  const turns: (() => void)[] = [];
  const ownTurn = createTurns();
  let busy = 0;
  return async (head, body, bodyBytes, gone) => {
    const application = await load();
    // An upstream is a round trip away. Meanwhile who asks and leaves is noticed, as nginx notices.
    await new Promise((resolve) => setTimeout(resolve, ROUND_TRIP_MS));
    await ownTurn();
    if (gone.aborted) return relay(LEFT);
    if (busy >= ASKED_AT_ONCE) await new Promise<void>((resolve) => turns.push(resolve));
    busy++;
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      busy--;
      turns.shift()?.();
    };
    try {
      // Who only waits (a login, a profile) holds up nobody.
      return relay(await application.answer(appRequest(head, body, bodyBytes), gone, release));
    } finally {
      release();
    }
  };
}

export function appRequest(head: Head, body: Buffer, bodyBytes: number): AppRequest {
  const headers: Record<string, string> = {};
  for (const [name, value] of head.known) if (!DROPPED.has(name)) headers[name] = value;
  return { method: head.line.method, target: head.line.uri, headers, body, bodyBytes };
}

export function statusTextOf(status: number): string {
  return STATUS_TEXTS[status] ?? '';
}

function relay(answer: AppAnswer): ApplicationReply {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body, 'utf8') : answer.body;
  const after = Object.entries(answer.headers ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  return {
    status: answer.status,
    statusText: statusTextOf(answer.status),
    before: `Content-Type: ${answer.type}\r\nContent-Length: ${body.length}\r\n`,
    after,
    body: [body],
    file: false,
    bytes: body.length,
    type: answer.type,
    ...(answer.note ? { note: answer.note } : {}),
  };
}
