// Notices to a webhook, one a request.
import { createHttpPoster, type HttpTarget } from '../http-post.ts';
import type { Output } from '../output.ts';
import { keyOf, webhookRequest } from './payload.ts';

const LANES = 8;

export interface WebhookOptions {
  readonly name: string;
  readonly target: HttpTarget;
  /** Signs each request. */
  readonly secret?: string;
  readonly minSeverity?: number;
  readonly passwords?: boolean;
  readonly now?: () => number;
}

export function webhookOutput(options: WebhookOptions): Output {
  const { name, target, secret, minSeverity = 1, passwords = false, now = Date.now } = options;
  const poster = createHttpPoster(target);
  const key = secret === undefined ? undefined : keyOf(secret);
  return {
    name,
    minSeverity,
    batch: 1,
    lanes: LANES,
    async post(notices, signal) {
      for (const notice of notices) {
        const { body, headers } = webhookRequest(notice, now(), passwords, key);
        await poster.post(body, headers, signal);
      }
    },
    close: () => poster.close(),
  };
}
