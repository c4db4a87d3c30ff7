// Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): tells open pages that something changed, at a bounded pace.
import type { ServerResponse } from 'node:http';

const CLIENTS = 32;
/** Changes within this time are one message. */
const PACE_MS = 100;
/** A comment keeps port-forwards and proxies from closing a quiet stream. */
const KEEP_ALIVE_MS = 15_000;
/** A client that does not read is let go once this much waits for it. */
const WAITING_BYTES = 262_144;

export interface Stream {
  /** Takes over the response; false where too many listen already. */
  join(response: ServerResponse): boolean;
  /** Something to look at again. */
  changed(): void;
  close(): void;
}

export function createStream(): Stream {
  const clients = new Set<ServerResponse>();
  let number = 0;
  let timer: NodeJS.Timeout | undefined;

  function send(text: string): void {
    for (const client of clients) {
      if (client.writableLength > WAITING_BYTES) client.destroy();
      else client.write(text);
    }
  }
  const keepAlive = setInterval(() => send(':\n\n'), KEEP_ALIVE_MS);
  keepAlive.unref();

  return {
    join(response) {
      if (clients.size >= CLIENTS) return false;
      clients.add(response);
      response.on('close', () => clients.delete(response));
      response.on('error', () => clients.delete(response));
      response.write(`retry: 1000\nevent: hello\ndata: ${number}\n\n`);
      return true;
    },
    changed() {
      if (timer || clients.size === 0) return;
      timer = setTimeout(() => {
        timer = undefined;
        send(`event: changed\ndata: ${++number}\n\n`);
      }, PACE_MS);
    },
    close() {
      clearInterval(keepAlive);
      clearTimeout(timer);
      for (const client of clients) client.destroy();
    },
  };
}
