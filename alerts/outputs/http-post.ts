// One POST of JSON: bounded in time and in what is read of the answer, and the answer judged as to be retried or not.
import http from 'node:http';
import https from 'node:https';
import { DeliveryError } from './output.ts';

const TIMEOUT_MS = 10_000;
/** Bytes of an answer that are read; it is only looked at to tell what went wrong. */
const ANSWER_BYTES = 4_096;
const ANSWER_CHARS = 200;
/** What a receiver may ask for with Retry-After at most. */
const LONGEST_AFTER_MS = 300_000;
/** Answers that will not change however often the same bytes are sent; anything else may be a fault that passes. */
const REFUSALS: readonly number[] = [400, 405, 406, 410, 411, 413, 414, 415, 422, 431, 501];

export interface HttpTarget {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** PEM of the authority that signed the receiver's certificate, where it is not a public one. */
  readonly ca?: string;
  readonly timeoutMs?: number;
}

export interface HttpPoster {
  /** Resolves with the status, which is 2xx; throws DeliveryError. */
  post(body: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<number>;
  close(): void;
}

/** Keeps its connections open between posts. Redirects are not followed: the address is the one in the configuration. */
export function createHttpPoster({ url, headers = {}, ca, timeoutMs = TIMEOUT_MS }: HttpTarget): HttpPoster {
  const secure = url.protocol === 'https:';
  const agent = secure
    ? new https.Agent({ keepAlive: true, ca, timeout: timeoutMs })
    : new http.Agent({ keepAlive: true, timeout: timeoutMs });

  function once(body: string, own: Readonly<Record<string, string>>, signal: AbortSignal): Promise<number> {
    return new Promise((resolve, reject) => {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        request.destroy();
      }, timeoutMs);
      const stop = () => request.destroy();
      signal.addEventListener('abort', stop, { once: true });
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stop);
        settle();
      };
      const request = (secure ? https : http).request(url, {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          'user-agent': 'alerts',
          ...headers,
          ...own,
          'content-length': Buffer.byteLength(body),
        },
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        const reason = late ? `no answer within ${timeoutMs} ms` : error.message || String(error.code);
        finish(() => reject(new DeliveryError(reason, { retry: true })));
      });
      request.on('response', (response) => {
        let answer = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          answer += text;
          if (answer.length > ANSWER_BYTES) response.destroy();
        });
        response.on('error', () => {}); // The status has told what there is to know; close follows.
        response.on('close', () => {
          const status = response.statusCode ?? 0;
          const taken = status >= 200 && status < 300;
          finish(() => (taken ? resolve(status) : reject(refused(status, answer, response.headers['retry-after']))));
        });
      });
      request.end(body);
    });
  }

  return {
    post: once,
    close: () => agent.destroy(),
  };
}

function refused(status: number, answer: string, retryAfter: string | undefined): DeliveryError {
  const text = answer
    .slice(0, ANSWER_CHARS)
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim();
  const seconds = Number(retryAfter);
  const afterMs = retryAfter && Number.isFinite(seconds) ? Math.min(seconds * 1_000, LONGEST_AFTER_MS) : undefined;
  return new DeliveryError(`answered ${status}${text ? ` (${text})` : ''}`, {
    retry: !REFUSALS.includes(status),
    afterMs,
  });
}
