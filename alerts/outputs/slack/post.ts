// Notices to a Slack-compatible webhook, one after the other: Slack wants no more than one a second and says so with 429.
import { createHttpPoster, type HttpTarget } from '../http-post.ts';
import type { Output } from '../output.ts';
import { slackPayload } from './payload.ts';

export interface SlackOptions {
  readonly name: string;
  readonly target: HttpTarget;
  readonly minSeverity?: number;
  readonly passwords?: boolean;
}

export function slackOutput({ name, target, minSeverity = 1, passwords = false }: SlackOptions): Output {
  const poster = createHttpPoster(target);
  return {
    name,
    minSeverity,
    batch: 1,
    lanes: 1,
    async post(notices, signal) {
      for (const notice of notices) await poster.post(JSON.stringify(slackPayload(notice, passwords)), {}, signal);
    },
    close: () => poster.close(),
  };
}
