// What the persona knows of itself: its names, its build, its neighbours and the credentials it lets slip. All of it is fixed for
// an install; what moves is worked out from the time.
import { createHash, createHmac } from 'node:crypto';
import { type Canary, type CanaryId, canaryOf } from '../touch/canary.ts';
import type { DashboardSettings } from './settings.ts';

export const BUILD = {
  version: '1.8.2',
  commit: '7f3c1ad',
  fullCommit: '7f3c1ad0b1e94c5a2d86f0e3b7c9a4815d2f6e30',
  date: '2026-09-17T08:41:05Z',
  go: 'go1.24.7',
  binary: '/usr/bin/dashboard',
} as const;

export interface BaitFacts {
  readonly namespace: string;
  readonly hostname: string;
  /** Host and port of the debug site's Service. */
  readonly debugHost: string;
  readonly debugPort: number;
  readonly lureHost: string;
  readonly dbHost: string;
  /** ms since the epoch. */
  readonly startedAt: number;
  readonly canaries: boolean;
  /** A number below `below` that is the same for an install, other for the next. */
  number(of: string, below: number): number;
  /** Hex digits that are the same for an install, other for the next. */
  hex(of: string, digits: number): string;
  canary(id: CanaryId): Canary | undefined;
}

export function baitFacts(
  settings: Pick<DashboardSettings, 'identity' | 'key' | 'servicePort' | 'services'>,
  startedAt = Date.now(),
): BaitFacts {
  const { identity, key, servicePort, services } = settings;
  // Without a key an install is told apart by where it runs.
  const seed = key ?? `${identity.cluster} ${identity.namespace} ${identity.app}`;
  const digest = (of: string) => createHmac('sha256', createHash('sha256').update(seed).digest()).update(of).digest();
  return {
    namespace: identity.namespace,
    hostname: identity.podName,
    debugHost: `${services.debug}.${identity.namespace}`,
    debugPort: servicePort,
    lureHost: `${services.lure}.${identity.namespace}`,
    dbHost: `${services.db}.${identity.namespace}`,
    startedAt,
    canaries: key !== undefined,
    number: (of, below) => digest(of).readUInt32BE(0) % below,
    hex: (of, digits) => digest(of).toString('hex').slice(0, digits),
    canary: (id) => (key === undefined ? undefined : canaryOf(key, id)),
  };
}

/** A DSN as the Go MySQL driver takes it. Without a canary its password is in a file, as a careful team has it. */
export function dsnOf(facts: BaitFacts, id: CanaryId): string {
  const canary = facts.canary(id);
  const who = canary ? `${canary.user}:${canary.password}` : 'dashboard';
  return `${who}@tcp(${facts.dbHost}:3306)/dashboard?parseTime=true`;
}
