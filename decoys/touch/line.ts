// Touch → ECS line: pure. Shapes as in schema.ts; order of fields as in the samples of the README.
import { ACTIONS, threat } from './actions.ts';
import { clip, fit } from './caps.ts';
import { communityId } from './community-id.ts';
import type { HoneypodFields, TouchLine } from './schema.ts';
import type { Endpoint, Touch } from './touch.ts';

/** `network.transport` by IANA protocol number; others are `ip-proto-N`. */
const TRANSPORTS = new Map([
  [1, 'icmp'],
  [2, 'igmp'],
  [4, 'ipip'],
  [6, 'tcp'],
  [17, 'udp'],
  [41, 'ipv6'],
  [47, 'gre'],
  [50, 'esp'],
  [51, 'ah'],
  [58, 'ipv6-icmp'],
  [89, 'ospf'],
  [132, 'sctp'],
  [136, 'udplite'],
]);
const MESSAGE_CHARS = 512;
const NS_PER_MS = 1e6;

/** What folding added up over the touches of a line. */
export interface Folded {
  readonly count: number;
  readonly start: number;
  readonly end: number;
  readonly bytes: number;
  readonly samples?: readonly string[];
  readonly ports?: { readonly ranges: string; readonly distinct: number };
  readonly sources?: number;
}

export interface LineIdentity {
  readonly id: string;
  readonly sequence: number;
}

/** What a line holds beyond what the process puts in each: see `sink.ts` for those. */
export type LineFields = Omit<
  TouchLine,
  'log.level' | '@timestamp' | 'observer' | 'orchestrator' | 'host' | 'agent' | 'ecs.version'
>;

/** The fields of a touch line, cut to fit. `decoy` goes into `honeypod.decoy`. */
export function touchFields(
  touch: Touch,
  folded: Folded,
  identity: LineIdentity,
  decoy: HoneypodFields['decoy'],
): LineFields {
  const facts = ACTIONS[touch.action];
  const fields = fit({
    ...(touch.original === undefined ? {} : { original: touch.original }),
    http: touch.http,
    url: touch.url,
    user_agent: touch.userAgent === undefined ? undefined : { original: touch.userAgent },
    user: touch.user === undefined ? undefined : { name: touch.user },
    tls: touch.tls,
    related: related(touch),
    threat: threat(touch.techniques?.length ? touch.techniques : [facts.technique]),
    honeypod: honeypod(touch, folded, decoy),
    message: clip(touch.message, MESSAGE_CHARS),
  });
  const { original, ...rest } = fields.value;
  const isFolded = folded.count > 1 || folded.end > folded.start;
  return {
    event: {
      kind: 'event',
      category: [...facts.category],
      type: [...facts.type],
      action: touch.action,
      outcome: touch.outcome ?? 'success',
      module: 'honeypod',
      dataset: 'honeypod.touch',
      id: identity.id,
      sequence: identity.sequence,
      ...(isFolded ? { start: iso(folded.start), end: iso(folded.end) } : {}),
      ...(isFolded
        ? { duration: Math.round((folded.end - folded.start) * NS_PER_MS) }
        : touch.duration === undefined
          ? {}
          : { duration: Math.round(touch.duration) }),
      ...(touch.reason === undefined ? {} : { reason: touch.reason }),
      ...(original === undefined ? {} : { original }),
    },
    ...(touch.source
      ? { source: { ...endpoint(touch.source), bytes: folded.bytes || undefined, packets: folded.count } }
      : {}),
    ...(touch.destination ? { destination: endpoint(touch.destination) } : {}),
    network: network(touch),
    ...rest,
    honeypod: fields.truncated ? { ...rest.honeypod, truncated: true } : rest.honeypod,
  };
}

export interface Heartbeat {
  readonly uptimeSeconds: number;
  readonly fields: Omit<HoneypodFields, 'decoy' | 'count'>;
}

/** The fields of a heartbeat line. */
export function heartbeatFields(
  heartbeat: Heartbeat,
  identity: LineIdentity,
  decoy: HoneypodFields['decoy'],
): LineFields {
  const { mode, touches, lost } = heartbeat.fields;
  return {
    event: {
      kind: 'metric',
      category: ['network'],
      type: ['info'],
      action: 'heartbeat',
      outcome: 'success',
      module: 'honeypod',
      dataset: 'honeypod.heartbeat',
      id: identity.id,
      sequence: identity.sequence,
    },
    process: { uptime: heartbeat.uptimeSeconds },
    honeypod: { decoy, ...heartbeat.fields },
    message: `${decoy} is up${mode ? ` (${mode})` : ''}: ${touches} touches${lost ? `, ${lost} lost` : ''}`,
  };
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function endpoint({ ip, port }: Endpoint): { ip: string; address: string; port?: number } {
  return port === undefined ? { ip, address: ip } : { ip, address: ip, port };
}

function network(touch: Touch): TouchLine['network'] {
  const { source, destination, protocol } = touch;
  const ip = destination?.ip ?? source?.ip;
  const icmp = touch.honeypod?.icmp;
  return {
    ...(ip === undefined ? {} : { type: ip.includes(':') ? 'ipv6' : 'ipv4' }),
    transport: TRANSPORTS.get(protocol) ?? `ip-proto-${protocol}`,
    iana_number: String(protocol),
    ...(touch.application === undefined ? {} : { protocol: touch.application }),
    direction: 'ingress',
    ...(source && destination
      ? {
          community_id: communityId({
            protocol,
            sourceIp: source.ip,
            destinationIp: destination.ip,
            sourcePort: icmp ? icmp.type : source.port,
            destinationPort: icmp ? icmp.code : destination.port,
          }),
        }
      : {}),
  };
}

function related(touch: Touch): TouchLine['related'] {
  const ips = [touch.source?.ip, touch.destination?.ip].filter((ip) => ip !== undefined);
  const hosts = [...new Set([...(touch.hosts ?? []), ...(touch.url?.domain ? [touch.url.domain] : [])])];
  return {
    ...(ips.length ? { ip: [...new Set(ips)] } : {}),
    ...(touch.user === undefined ? {} : { user: [touch.user] }),
    ...(hosts.length ? { hosts } : {}),
  };
}

function honeypod(touch: Touch, folded: Folded, decoy: HoneypodFields['decoy']): HoneypodFields {
  const own = touch.honeypod ?? {};
  const { ports } = folded;
  const seconds = (folded.end - folded.start) / 1_000;
  const scan = {
    ...own.scan,
    ...(ports ? { ports: ports.ranges, distinct_ports: ports.distinct } : {}),
    ...(folded.count > 1 && seconds > 0 ? { rate: Math.round((folded.count / seconds) * 10) / 10 } : {}),
  };
  return {
    decoy,
    count: folded.count,
    ...own,
    ...(Object.keys(scan).length ? { scan } : {}),
    ...(folded.samples?.length ? { samples: [...folded.samples] } : {}),
    ...(folded.sources === undefined ? {} : { sources: folded.sources }),
  };
}
