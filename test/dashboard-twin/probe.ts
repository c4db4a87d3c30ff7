// Sends one probe as raw bytes and notes what a client can see: every byte that came back and how the connection ended.
import { connect } from 'node:net';

export type ProbePart =
  | string
  | { readonly rep: readonly [text: string, times: number] }
  | { readonly wait: number }
  | { readonly fin: number }
  | { readonly tmpl: string; readonly of: string };

export interface Probe {
  readonly name: string;
  readonly group: string;
  readonly send: readonly ProbePart[];
  readonly slow?: number;
  /** ms of silence after which an open connection is taken to stay open. */
  readonly idle?: number | undefined;
}

export interface Seen {
  readonly bytes: string;
  readonly ending: 'fin' | 'reset' | 'open';
  /** ms from connect to the ending. */
  readonly after: number;
}

export interface Target {
  readonly host: string;
  readonly port: number;
}

const IDLE_MS = 350;

export async function ask(target: Target, probe: Probe, idle = probe.idle ?? IDLE_MS): Promise<Seen> {
  const parts = await Promise.all(probe.send.map((part) => fill(part, target)));
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ ...target, allowHalfOpen: true });
    socket.setNoDelay(true);
    let bytes = '';
    let over = false;
    let timer = setTimeout(() => finish('open'), idle + 1_000);
    const finish = (ending: Seen['ending']) => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      socket.destroy();
      resolve({ bytes, ending, after: performance.now() - startedAt });
    };
    const rest = () => {
      clearTimeout(timer);
      timer = setTimeout(() => finish('open'), idle);
    };
    socket.on('data', (chunk) => {
      bytes += chunk.toString('latin1');
      rest();
    });
    let ended = false;
    let sent = false;
    const maybeFinish = () => {
      if (ended && sent) setTimeout(() => finish('fin'), 15);
    };
    socket.on('end', () => {
      ended = true;
      maybeFinish();
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      finish(error.code === 'ECONNRESET' || error.code === 'EPIPE' ? 'reset' : 'fin'),
    );
    socket.on('connect', async () => {
      for (const part of parts) {
        if (over) return;
        if (typeof part === 'string') socket.write(part, 'latin1');
        else if ('wait' in part) await new Promise((next) => setTimeout(next, part.wait));
        else socket.end();
        rest();
      }
      sent = true;
      maybeFinish();
    });
  });
}

async function fill(part: ProbePart, target: Target): Promise<string | { wait: number } | { fin: number }> {
  if (typeof part === 'string') return part;
  if ('rep' in part) return part.rep[0].repeat(part.rep[1]);
  if (!('tmpl' in part)) return part;
  const { bytes } = await ask(target, { name: '', group: '', send: [`GET ${part.of} HTTP/1.0\r\n\r\n`] });
  const header = (name: string) => new RegExp(`^${name}: (.*)\r$`, 'm').exec(bytes)?.[1] ?? '';
  return part.tmpl.replaceAll('{{ETAG}}', header('ETag')).replaceAll('{{LM}}', header('Last-Modified'));
}

/** What may differ: the clock, the version's digits, numbers that count up. */
export function masked({ bytes, ending }: Seen): string {
  const text = bytes
    .replace(/^Date: .*\r$/gm, 'Date: –\r')
    .replace(/nginx\/1\.\d\d\.\d/g, 'nginx/–')
    .replace(/0{12}\d{8}/g, 'BOUNDARY')
    // Without a Host, a redirect names the address: the one thing the two sides cannot share.
    .replace(/^(Location: http:\/\/)127\.0\.0\.[12]:/gm, '$1ADDRESS:');
  return `${text}⟂${ending}`;
}

/** Asked by the dozen at once, the two sides count the same connections in another order. */
function withoutCounters(text: string): string {
  return text
    .replace(/Active connections[\s\S]*?Waiting: \d+ /, 'COUNTERS')
    .replace(/^Content-Length: \d+(?=\r\n[\s\S]*COUNTERS)/m, 'Content-Length: –');
}

/** Undefined where both answered the same. */
export async function differs(
  probe: Probe,
  reference: Target,
  decoy: Target,
): Promise<{ reference: string; decoy: string } | undefined> {
  const [one, other] = await Promise.all([ask(reference, probe), ask(decoy, probe)]);
  const text = (seen: Seen) => (probe.group === 'mutated' ? withoutCounters(masked(seen)) : masked(seen));
  const pair = { reference: text(one), decoy: text(other) };
  return pair.reference === pair.decoy ? undefined : pair;
}
