// The last step of every answer: JSON or text with the security headers, and the body of a call within its bound.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SECURITY_HEADERS } from './guard.ts';

const BODY_BYTES = 262_144;

/** What the caller did wrong: status and one line for people. */
export class BadCall extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function respond(
  response: ServerResponse,
  status: number,
  type: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

export function respondJson(response: ServerResponse, value: unknown, status = 200): void {
  respond(response, status, 'application/json; charset=utf-8', JSON.stringify(value));
}

/** The body as a JSON object; BadCall where it is none or too long. */
export async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  let bytes = 0;
  // Left open when it is too long: its caller is to read why.
  for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > BODY_BYTES) {
      request.resume();
      throw new BadCall(413, `the body is longer than ${BODY_BYTES} bytes`);
    }
    parts.push(part);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw new BadCall(400, 'the body must be a JSON object');
}
