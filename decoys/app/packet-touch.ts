// Facts of a packet and verdict on its source → touch.
import type { Action } from '../touch/actions.ts';
import type { PortSet } from '../touch/ports.ts';
import type { Touch } from '../touch/touch.ts';
import type { Verdicts } from './evidence.ts';
import type { PacketFacts } from './packet-facts.ts';
import type { Stream } from './stream.ts';
import { has, toldAs, type Verdict } from './verdict.ts';

/** What a verdict is called in a sentence. */
const VERDICT_NAMES: Record<Verdict, string> = {
  'ip-enumeration': 'IP enumeration',
  'host-discovery': 'host discovery',
  'port-scan': 'port scan',
  syn: 'SYN scan',
  connect: 'connect scan',
  fin: 'FIN scan',
  null: 'NULL scan',
  xmas: 'Xmas scan',
  ack: 'ACK scan',
  maimon: 'Maimon scan',
  synfin: 'SYN/FIN scan',
  odd: 'scan with odd flags',
  'os-fingerprint': 'OS fingerprinting',
  'udp-scan': 'UDP scan',
  'ip-protocol-scan': 'IP protocol scan',
  traceroute: 'traceroute',
  backscatter: 'backscatter',
};

const TCP_PROBE = { probe: 'tcp-probe', scan: 'tcp-scan', once: 'port-scan' } as const;

/** What a stream's touch is called before and after its source has earned a verdict. */
const ACTIONS_OF: Record<Stream, { readonly probe: Action; readonly scan: Action; readonly once: Verdict }> = {
  echo: { probe: 'icmp-echo-request', scan: 'icmp-echo-request', once: 'ip-enumeration' },
  icmp: { probe: 'icmp-probe', scan: 'icmp-probe', once: 'ip-enumeration' },
  udp: { probe: 'udp-probe', scan: 'udp-scan', once: 'udp-scan' },
  sctp: { probe: 'ip-probe', scan: 'ip-protocol-scan', once: 'ip-protocol-scan' },
  protocol: { probe: 'ip-probe', scan: 'ip-protocol-scan', once: 'ip-protocol-scan' },
  malformed: { probe: 'packet-malformed', scan: 'packet-malformed', once: 'ip-enumeration' },
  syn: { probe: 'tcp-syn', scan: 'tcp-scan', once: 'port-scan' },
  connect: { probe: 'tcp-syn', scan: 'tcp-scan', once: 'port-scan' },
  fin: TCP_PROBE,
  null: TCP_PROBE,
  xmas: TCP_PROBE,
  ack: TCP_PROBE,
  maimon: TCP_PROBE,
  synfin: TCP_PROBE,
  synack: TCP_PROBE,
  rst: TCP_PROBE,
  rstack: TCP_PROBE,
  odd: TCP_PROBE,
};

export interface Judged {
  readonly facts: PacketFacts;
  readonly stream: Stream;
  readonly earned: Verdicts;
  readonly tool: string | undefined;
  /** Every port its source has tried in this stream. */
  readonly ports: PortSet | undefined;
}

export function packetTouch({ facts, stream, earned, tool, ports }: Judged): Touch {
  const { at, source, destination, protocol, bytes, reason, fields, what } = facts;
  const { probe, scan, once } = ACTIONS_OF[stream];
  const told = toldAs(stream, earned);
  const { kind } = told;
  const scans = probe !== scan && has(earned, once);
  const by = tool === undefined ? '' : ` by ${tool}`;
  const verdict = kind === 'ip-enumeration' || reason !== undefined ? '' : ` (${VERDICT_NAMES[kind]})`;
  return {
    action: scans ? scan : probe,
    at,
    source,
    destination,
    protocol,
    bytes,
    reason,
    honeypod: {
      ...fields,
      scan: tool === undefined ? told : { ...told, tool },
    },
    message:
      scans && ports
        ? `${VERDICT_NAMES[kind]} of several ports from ${source.ip}${by}`
        : `${what} from ${source.ip}${by}${verdict}`,
    foldKey: stream,
    ports,
  };
}
