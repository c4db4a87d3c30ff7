// A state directory with many security events in it, made by the real pipeline from touch lines; sources are pods of a made-up cluster.
import type { Culprit } from '../../alerts/attribution/culprit.ts';
import { createPipeline } from '../../alerts/pipeline.ts';
import { shippedRules } from '../../alerts/rules/shipped.ts';
import { createCollector } from '../../alerts/state/collector.ts';
import { openState } from '../../alerts/state/state.ts';
import { createIncident } from './incident.ts';

const NAMESPACES = ['shop', 'payments', 'batch', 'analytics', 'default', 'ci', 'web', 'search'];
const WORKLOADS = ['cart', 'checkout', 'worker', 'frontend', 'report', 'crawler', 'runner'];
const STATEMENTS = [
  'SHOW DATABASES',
  'SELECT user, authentication_string FROM mysql.user',
  'SELECT @@version',
  'SHOW TABLES',
];
const PATHS = ['/debug/', '/debug/pprof/', '/.env', '/metrics', '/api/v1/users', '/admin', '/actuator/env'];

/** The pod that has this address in the made-up cluster. */
export function podOf(ip: string): Culprit {
  const [, , a = 0, b = 0] = ip.split('.').map(Number);
  const number = a * 256 + b;
  const workload = WORKLOADS[number % WORKLOADS.length]!;
  const suffix = ((number * 2_654_435_761) % 60_466_176).toString(36).padStart(5, 'x').slice(-5);
  return {
    kind: 'pod',
    confidence: number % 9 === 0 ? 'claimed' : 'exact',
    namespace: NAMESPACES[number % NAMESPACES.length]!,
    name: `${workload}-7f9c6d6b8-${suffix}`,
    nameAggr: `${workload}-7f9c6d6b8-*`,
    type: 'wep',
    labels: [`app=${workload}`],
    uid: `b7a1e6c4-0b35-47f1-9d02-${number.toString(16).padStart(12, '0')}`,
    node: `node-${(number % 12) + 1}`,
    owner: `Deployment/${workload}`,
    serviceAccount: workload,
    image: `registry.example/${workload}:1.4.2`,
  };
}

export interface ArchiveOptions {
  readonly directory: string;
  readonly events: number;
  /** How far back the oldest is. */
  readonly overMs: number;
}

/** Writes them and closes the state; each source touches one decoy one to three times. */
export function writeArchive({ directory, events, overMs }: ArchiveOptions): void {
  const untilMs = Date.now();
  let nowMs = untilMs - overMs;
  const now = () => nowMs;
  const state = openState({ directory, say: () => {}, now });
  const collector = createCollector({ state, now, onNotices: () => {} });
  const pipeline = createPipeline({ rules: shippedRules().rules, collector, attribute: (ip) => podOf(ip ?? ''), now });
  const incident = createIncident({ now });
  for (let at = 0; at < events; at++) {
    const [high, low] = [Math.floor(at / 250) % 250, (at % 250) + 1];
    const ip = `10.${244 + Math.floor(at / 62_500)}.${high}.${low}`;
    const kind = at % 10;
    if (kind < 4) incident.ping(ip);
    else if (kind < 7) incident.request(ip, { path: PATHS[at % PATHS.length] });
    else incident.query(ip, { statement: STATEMENTS[at % STATEMENTS.length] });
    for (const line of incident.take().split('\n')) pipeline.line(line);
    nowMs += overMs / events;
    if (at % 500 === 499) {
      pipeline.tick();
      collector.flush();
    }
  }
  collector.flush();
  state.close();
}
