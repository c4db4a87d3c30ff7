// A notice for any receiver: the alert line as body, signed as Standard Webhooks describes (https://www.standardwebhooks.com): pure.
import { createHmac } from 'node:crypto';
import type { Notice } from '../output.ts';
import { alertText } from '../stdout/payload.ts';

const PREFIX = 'whsec_';

/** Key of a secret: what follows `whsec_` is base64, anything else is the key itself. */
export function keyOf(secret: string): Buffer {
  return secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret);
}

export interface SignedRequest {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** `webhook-id` is the same however often the notice is sent: receivers know it again by that. `nowMs` is when it is sent. */
export function webhookRequest(notice: Notice, nowMs: number, passwords: boolean, key?: Buffer): SignedRequest {
  const { event, kind, atMs, seq } = notice;
  const body = alertText(event, atMs, { kind, passwords }).trimEnd();
  const id = `${event.id}.${seq}`;
  const timestamp = String(Math.floor(nowMs / 1_000));
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (!key) return { body, headers };
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { body, headers: { ...headers, 'webhook-signature': `v1,${signature}` } };
}
