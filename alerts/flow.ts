// The flow record Calico would have logged for a touch (fields: Calico Enterprise, "flow logs"), seen from the decoy's side.
import type { TouchLine } from '../decoys/touch/schema.ts';
import type { Culprit } from './attribution/culprit.ts';
import { parseRanges, type Ranges } from './query/ranges.ts';
import type { QueryRecord, Value } from './query/record.ts';

const ICMP_TRANSPORTS: readonly string[] = ['icmp', 'ipv6-icmp'];

export interface FlowRecord extends QueryRecord {
  readonly fields: Readonly<Record<string, Value>>;
  /** What makes two touches the same row: source, destination, protocol. Ports are kept apart by `ports`. */
  readonly row: string;
  /** Ports this record stands for; empty where the protocol has none. */
  readonly ports?: Ranges;
  /** Distinct ports where `ports` had to be cut. */
  readonly distinctPorts: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** Every key a query over `dataSet: flows` may use. */
export const FLOW_KEYS: ReadonlySet<string> = new Set([
  ...[
    'start_time',
    'end_time',
    'action',
    'reporter',
    'proto',
    'host',
    'num_flows',
    'num_flows_started',
    'num_flows_completed',
  ],
  ...['bytes_in', 'bytes_out', 'packets_in', 'packets_out', 'policies', 'policies.all_policies'],
  ...['http_requests_allowed_in', 'http_requests_denied_in', 'num_process_names', 'process_name', 'process_id'],
  ...['ip', 'name', 'name_aggr', 'namespace', 'port', 'type', 'labels', 'labels.labels'].flatMap((key) => [
    `source_${key}`,
    `dest_${key}`,
  ]),
  ...['namespace', 'name', 'port', 'port_name', 'port_num'].map((key) => `dest_service_${key}`),
  ...['original_source_ips', 'num_original_source_ips', 'source_port_num', 'dest_domains'],
]);

/** A touch line as a flow record. `culprit` says who the source is. */
export function flowOf(line: TouchLine, culprit: Culprit): FlowRecord {
  const pod = line.orchestrator.resource;
  const transport = line.network?.transport ?? '';
  const icmp = ICMP_TRANSPORTS.includes(transport);
  const scanned = icmp ? undefined : line.honeypod.scan?.ports;
  const port = icmp ? undefined : line.destination?.port;
  const ports: Ranges | undefined = scanned ? parseRanges(scanned) : port === undefined ? undefined : [[port, port]];
  const stamped = Date.parse(line['@timestamp']);
  const startMs = line.event.start ? Date.parse(line.event.start) : stamped;
  const endMs = line.event.end ? Date.parse(line.event.end) : stamped;
  const count = line.honeypod.count ?? 1;
  const fields: Record<string, Value> = {
    start_time: Math.floor(startMs / 1_000),
    end_time: Math.floor(endMs / 1_000),
    action: 'allow',
    reporter: 'dst',
    proto: icmp && transport === 'ipv6-icmp' ? 'icmp6' : transport,
    host: line.host?.name ?? '-',
    num_flows: count,
    num_flows_started: count,
    packets_in: line.source?.packets ?? count,
    packets_out: 0,
    bytes_in: line.source?.bytes ?? line.http?.request?.bytes ?? 0,
    bytes_out: line.http?.response?.bytes ?? 0,
    source_ip: line.source?.ip ?? '',
    source_port: line.source?.port,
    source_name: culprit.name,
    source_name_aggr: culprit.nameAggr,
    source_namespace: culprit.namespace,
    source_type: culprit.type,
    'source_labels.labels': culprit.labels,
    dest_ip: line.destination?.ip ?? '',
    dest_port: port,
    dest_name: pod.name,
    dest_name_aggr: aggregate(pod.name),
    dest_namespace: line.orchestrator.namespace ?? '-',
    dest_type: 'wep',
    'dest_labels.labels': pod.label,
  };
  fields.source_labels = fields['source_labels.labels'];
  fields.dest_labels = fields['dest_labels.labels'];
  return {
    fields,
    get: (key) => fields[key],
    portKey: 'dest_port',
    ports,
    distinctPorts: Math.max(line.honeypod.scan?.distinct_ports ?? 0, ports ? 1 : 0),
    row: `${fields.source_ip}|${fields.dest_ip}|${pod.name}|${transport}`,
    startMs,
    endMs,
  };
}

/** `shop-7f9c6d6b8-x2k9p` → `shop-7f9c6d6b8-*`: the owner's prefix, as Calico names pods of one owner. */
export function aggregate(podName: string): string {
  const dash = podName.lastIndexOf('-');
  const suffix = podName.slice(dash + 1);
  return dash > 0 && /^[a-z0-9]{5}$/.test(suffix) ? `${podName.slice(0, dash)}-*` : podName;
}
