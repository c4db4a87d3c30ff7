// One request to the Kubernetes API whose answer may stream for hours: no time-out on the body but the caller's own.
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { Connection } from './connection.ts';

/** Connection and answer's head. */
const ANSWER_MS = 10_000;
const ANSWER_BYTES = 268_435_456;

/** What the API answered, where it was no success. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Api {
  /** Resolves with the answer's head; the body streams. Rejects with ApiError for a status of 400 and up. */
  stream(path: string, options?: StreamOptions): Promise<IncomingMessage>;
  /** The whole answer as JSON. */
  get(path: string, accept?: string): Promise<unknown>;
  /** A JSON body with its content type, as for status patches; the answer as JSON. */
  patch(path: string, body: unknown): Promise<unknown>;
}

export interface StreamOptions {
  readonly signal?: AbortSignal;
  readonly accept?: string;
  readonly method?: string;
  readonly body?: string;
  readonly contentType?: string;
  /**
   * Only the connection is timed, not the answer: of a log, API server and kubelet send nothing before its first line,
   * the head included. `signal` ends the wait.
   */
  readonly patient?: boolean;
}

export function createApi(connection: Connection, { answerMs = ANSWER_MS } = {}): Api {
  const secure = connection.server.startsWith('https:');
  const tls = {
    ca: connection.ca,
    cert: connection.cert,
    key: connection.key,
    rejectUnauthorized: !connection.insecure,
    servername: connection.serverName,
  };
  // Followed logs hold a connection each, so none is kept back for them; short requests share a few.
  const agent = secure
    ? new HttpsAgent({ ...tls, keepAlive: true, maxFreeSockets: 4 })
    : new HttpAgent({ keepAlive: true, maxFreeSockets: 4 });

  function stream(
    path: string,
    { signal, accept = 'application/json', method = 'GET', body, contentType, patient = false }: StreamOptions = {},
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const token = connection.token();
      const headers: Record<string, string> = { accept, 'user-agent': 'security-events' };
      if (token) headers.authorization = `Bearer ${token}`;
      if (body !== undefined) {
        headers['content-type'] = contentType ?? 'application/json';
        headers['content-length'] = String(Buffer.byteLength(body));
      }
      const call = (secure ? requestHttps : requestHttp)(`${connection.server}${path}`, {
        agent,
        method,
        headers,
        signal,
        ...(secure ? tls : {}),
      });
      const timer = setTimeout(() => call.destroy(new Error(`no answer within ${answerMs / 1_000} s`)), answerMs);
      const connected = () => clearTimeout(timer);
      if (patient)
        call.on('socket', (socket) => {
          if (call.reusedSocket) connected();
          else socket.once(secure ? 'secureConnect' : 'connect', connected);
        });
      call.on('error', (error) => {
        clearTimeout(timer);
        reject(error);
      });
      call.on('response', (answer) => {
        clearTimeout(timer);
        const status = answer.statusCode ?? 0;
        if (status < 400) resolve(answer);
        else {
          readAll(answer).then(
            (text) => reject(new ApiError(status, messageOf(text) || `HTTP ${status}`)),
            () => reject(new ApiError(status, `HTTP ${status}`)),
          );
        }
      });
      call.end(body);
    });
  }

  return {
    stream,
    async get(path, accept) {
      return JSON.parse(await readAll(await stream(path, { accept }))) as unknown;
    },
    async patch(path, body) {
      const answer = await stream(path, {
        method: 'PATCH',
        body: JSON.stringify(body),
        contentType: 'application/merge-patch+json',
      });
      return JSON.parse(await readAll(answer)) as unknown;
    },
  };
}

async function readAll(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > ANSWER_BYTES) throw new Error(`an answer larger than ${ANSWER_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** A Status object's own message. */
function messageOf(text: string): string {
  try {
    const status = JSON.parse(text) as { message?: unknown };
    return typeof status.message === 'string' ? status.message : '';
  } catch {
    return text.slice(0, 200).trim();
  }
}
