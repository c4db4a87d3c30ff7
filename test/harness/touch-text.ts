// A touch line as a decoy writes it, for tests of `alerts` that need many of them.

import { parseRanges } from '../../alerts/query/ranges.ts';
import type { Action, TechniqueId } from '../../decoys/touch/actions.ts';
import { PortSet } from '../../decoys/touch/ports.ts';
import { createRecorder } from '../../decoys/touch/recorder.ts';
import type { DecoyName, Outcome } from '../../decoys/touch/schema.ts';

const PROTOCOLS = { tcp: 6, udp: 17, icmp: 1 } as const;

export interface TouchTextOptions {
  readonly decoy: DecoyName;
  readonly action?: Action;
  readonly ip?: string;
  readonly port?: number;
  readonly transport?: keyof typeof PROTOCOLS;
  readonly count?: number;
  readonly ports?: string;
  readonly at?: number;
  readonly bytes?: number;
  readonly outcome?: Outcome;
  readonly signature?: string;
  readonly canary?: string;
  readonly techniques?: readonly TechniqueId[];
  /** Of the decoy's pod. */
  readonly namespace?: string;
  readonly app?: string;
}

/** Written by the decoys' own recorder, so that it is what a decoy would write. */
export function touchText({
  decoy,
  action = 'tcp-syn',
  ip = '10.244.3.17',
  port,
  transport = 'tcp',
  count = 1,
  ports,
  at = Date.now(),
  bytes,
  outcome,
  signature,
  canary,
  techniques,
  namespace = 'tigera-internal',
  app = `tigera-internal-${decoy}`,
}: TouchTextOptions): string {
  let text = '';
  const sink = {
    write(line: string) {
      text = line.trimEnd();
      return true;
    },
    end: () => Promise.resolve(),
  };
  const identity = {
    podName: `${app}-28c85`,
    namespace,
    podIps: ['10.244.1.9'],
    podUid: '',
    nodeName: 'node-1',
    app,
    cluster: '',
  };
  createRecorder({ decoy, identity, sink, now: () => at }).touch({
    action,
    at,
    source: { ip, port: transport === 'icmp' ? undefined : 40_712 },
    destination: { ip: '10.244.1.9', port: transport === 'icmp' ? undefined : port },
    protocol: PROTOCOLS[transport],
    count,
    ports: ports ? setOf(ports) : undefined,
    message: `${action} from ${ip}`,
    outcome,
    techniques,
    honeypod: {
      signature,
      canary,
      ...(ports ? { scan: { kind: 'port-scan' } } : {}),
      payload_bytes: bytes,
    },
  });
  return text;
}

function setOf(ranges: string): PortSet {
  const set = new PortSet();
  for (const [first, last] of parseRanges(ranges)) for (let port = first; port <= last; port++) set.add(port);
  return set;
}
