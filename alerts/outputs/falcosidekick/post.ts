// Notices to Falcosidekick, one a request.
import { createHttpPoster, type HttpTarget } from '../http-post.ts';
import type { Output } from '../output.ts';
import { falcoPayload } from './payload.ts';

const LANES = 4;

export interface FalcosidekickOptions {
  readonly name: string;
  readonly target: HttpTarget;
  readonly minSeverity?: number;
  readonly passwords?: boolean;
}

export function falcosidekickOutput({
  name,
  target,
  minSeverity = 1,
  passwords = false,
}: FalcosidekickOptions): Output {
  const poster = createHttpPoster(target);
  return {
    name,
    minSeverity,
    batch: 1,
    lanes: LANES,
    async post(notices, signal) {
      for (const notice of notices) await poster.post(JSON.stringify(falcoPayload(notice, passwords)), {}, signal);
    },
    close: () => poster.close(),
  };
}
