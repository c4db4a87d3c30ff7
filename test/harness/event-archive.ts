// A state directory with many security events in it: a few made by the real pipeline, copied under other sources, ids and times.

import type { Culprit } from '../../alerts/attribution/culprit.ts';
import type { SecurityEvent } from '../../alerts/events/security-event.ts';
import { eventRow } from '../../alerts/events/stored.ts';
import { readLine } from '../../alerts/input/read-line.ts';
import { createPipeline } from '../../alerts/pipeline.ts';
import { shippedRules } from '../../alerts/rules/shipped.ts';
import type { EventRow, TouchRow } from '../../alerts/state/batch.ts';
import { createCollector } from '../../alerts/state/collector.ts';
import { openDatabase } from '../../alerts/state/database.ts';
import { LIMITS } from '../../alerts/state/limits.ts';
import { openState } from '../../alerts/state/state.ts';
import { createWriter } from '../../alerts/state/writer.ts';
import { iso } from '../../decoys/touch/line.ts';
import { uuidv7 } from '../../decoys/touch/uuid.ts';
import { createIncident } from './incident.ts';

const NAMESPACES = ['shop', 'payments', 'batch', 'analytics', 'default', 'ci', 'web', 'search'];
const WORKLOADS = ['cart', 'checkout', 'worker', 'frontend', 'report', 'crawler', 'runner'];
const BATCH = 1_000;
const TEMPLATE_IP = '10.199.199.199';

/** The pod that has this address in the made-up cluster. */
export function podOf(ip: string): Culprit {
  const number = ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const workload = WORKLOADS[number % WORKLOADS.length]!;
  const suffix = ((number * 2_654_435) % 60_466_176).toString(36).padStart(5, 'x').slice(-5);
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

interface Template {
  readonly event: SecurityEvent;
  readonly line: string;
}

/** One event of each kind, as the pipeline makes it, with the line it came of. */
function templates(): Template[] {
  const incident = createIncident();
  const made: Template[] = [];
  let text = '';
  const pipeline = createPipeline({
    rules: shippedRules().rules,
    attribute: () => podOf(TEMPLATE_IP),
    onEvent: (event, change) => {
      if (change === 'opened') made.push({ event: structuredClone(event), line: text });
    },
  });
  incident.ping(TEMPLATE_IP);
  incident.scan(TEMPLATE_IP, [22]);
  incident.request(TEMPLATE_IP, { path: '/debug/pprof/' });
  incident.hello(TEMPLATE_IP);
  incident.query(TEMPLATE_IP, { statement: 'SELECT user, authentication_string FROM mysql.user' });
  for (const line of incident.take().split('\n')) {
    text = line;
    pipeline.line(line);
  }
  return made;
}

function addressOf(at: number): string {
  return `10.${100 + Math.floor(at / 62_500)}.${Math.floor(at / 250) % 250}.${(at % 250) + 1}`;
}

function copyOf({ event, line }: Template, at: number, atMs: number): { event: EventRow; touch: TouchRow } {
  const ip = addressOf(at);
  const culprit = podOf(ip);
  const id = uuidv7(atMs);
  const facts = { ...event.first, id, startMs: atMs, endMs: atMs, source: { ...event.first.source, ip } };
  const copy: SecurityEvent = {
    ...event,
    id: uuidv7(atMs),
    key: `${event.rule.name}|${culprit.uid}|${at}`,
    culprit,
    first: facts,
    last: facts,
    startMs: atMs,
    endMs: atMs,
    openedMs: atMs,
    heardMs: atMs,
    firstIds: [id],
    message: event.message.replaceAll(TEMPLATE_IP, ip).replaceAll(event.culprit.name, culprit.name),
    state: 'closed',
    told: { ms: atMs, count: 1 },
  };
  const read = readLine(line.replaceAll(TEMPLATE_IP, ip));
  if (read.kind === 'foreign') throw new Error(read.reason);
  const touch = {
    ...read.line,
    '@timestamp': iso(atMs),
    event: { ...read.line.event, id, start: undefined, end: undefined },
  };
  return {
    event: eventRow(copy),
    touch: [id, Math.floor(atMs), event.decoy, ip, 1, JSON.stringify(culprit), JSON.stringify(touch)],
  };
}

export interface ArchiveOptions {
  readonly directory: string;
  readonly events: number;
  /** How far back the oldest is. */
  readonly overMs: number;
}

/** Writes them, the oldest first, each with its touch. Waits for no disk: what is tested comes after. */
export function writeArchive({ directory, events, overMs }: ArchiveOptions): void {
  const kinds = templates();
  const fromMs = Date.now() - overMs;
  const { database, unlock } = openDatabase(directory, () => {}, Date.now());
  database.exec('PRAGMA synchronous = OFF');
  const writer = createWriter(database, LIMITS.disk);
  for (let from = 0; from < events; from += BATCH) {
    const copies = Array.from({ length: Math.min(BATCH, events - from) }, (_, step) =>
      copyOf(kinds[(from + step) % kinds.length]!, from + step, fromMs + ((from + step) / events) * overMs),
    );
    const batch = { events: copies.map(({ event }) => event), touches: copies.map(({ touch }) => touch) };
    writer.write([{ kind: 'batch', batch: { ...batch, notices: [], positions: new Map() }, nowMs: Date.now() }]);
  }
  database.close();
  unlock();
}

/** Two pods that an intruder is in, as they stand in the state of a cluster: open events of every decoy. Returns their names. */
export async function writeBreakIn(directory: string): Promise<{ readonly cart: string; readonly runner: string }> {
  const [cart, runner] = ['10.244.3.17', '10.244.7.80'];
  const state = openState({ directory, say: () => {} });
  const collector = createCollector({ state, now: Date.now, onNotices: () => {} });
  const pipeline = createPipeline({ rules: shippedRules().rules, collector, attribute: (ip) => podOf(ip ?? '') });
  const incident = createIncident();
  incident.ping(cart);
  incident.scan(cart, [22, 80, 443, 2379, 3306, 5432, 6379, 8080, 9090, 10_250], 'nmap');
  incident.request(cart, { path: '/debug/' });
  incident.request(cart, { path: '/debug/pprof/cmdline' });
  incident.hello(cart);
  incident.login(cart, { user: 'root', password: 'Summer2026!' });
  incident.login(cart, { user: 'root' });
  for (const statement of ['SHOW DATABASES', 'SELECT user, host FROM mysql.user', "SELECT LOAD_FILE('/etc/passwd')"])
    incident.query(cart, { statement });
  incident.request(runner, { path: '/actuator/env', userAgent: 'python-requests/2.32.4' });
  incident.request(runner, { path: '/.env', userAgent: 'python-requests/2.32.4' });
  for (const line of incident.take().split('\n')) pipeline.line(line);
  await collector.flush();
  await state.close();
  const name = (ip: string) => `${podOf(ip).namespace}/${podOf(ip).name}`;
  return { cart: name(cart), runner: name(runner) };
}
