// An incident as the three decoys would write it: lines by the decoys' own recorder, of sources that scan, browse, log in and ask.
import { createRecorder, type Recorder } from '../../decoys/touch/recorder.ts';
import { DECOYS, type DecoyName } from '../../decoys/touch/schema.ts';
import type { Touch } from '../../decoys/touch/touch.ts';

const TCP = 6;
const ICMP = 1;
const ADDRESSES: Record<DecoyName, string> = { app: '10.244.1.9', dashboard: '10.244.2.31', db: '10.244.2.44' };
const PODS: Record<DecoyName, string> = {
  app: 'tigera-internal-app-28c85',
  dashboard: 'tigera-internal-dashboard-6df998578c-mtmqr',
  db: 'tigera-internal-db-5c57bd5987-k5ksj',
};
const PORTS: Record<DecoyName, number[]> = { app: [], dashboard: [8080, 443], db: [3306] };

/** Strings an intruder chooses; each lands where the touch has it. */
export interface Words {
  readonly user?: string;
  readonly password?: string;
  readonly statement?: string;
  readonly path?: string;
  readonly userAgent?: string;
  readonly header?: string;
  readonly serverName?: string;
  readonly payload?: string;
  readonly signature?: string;
}

export interface Incident {
  /** Lines since the last call, each with its newline. */
  take(): string;
  heartbeat(): void;
  ping(ip: string): void;
  scan(ip: string, ports: readonly number[], tool?: string): void;
  request(ip: string, words?: Words): void;
  hello(ip: string, words?: Words): void;
  login(ip: string, words?: Words): void;
  query(ip: string, words?: Words): void;
}

export function createIncident({ now = Date.now, logCredentials = true } = {}): Incident {
  let lines = '';
  const sink = {
    write(line: string) {
      lines += line;
      return true;
    },
    end: () => Promise.resolve(),
  };
  const recorders = Object.fromEntries(
    DECOYS.map((decoy) => [
      decoy,
      createRecorder({
        decoy,
        identity: {
          podName: PODS[decoy],
          namespace: 'tigera-internal',
          podIps: [ADDRESSES[decoy]],
          podUid: '',
          nodeName: `node-${DECOYS.indexOf(decoy) + 1}`,
          app: `tigera-internal-${decoy}`,
          cluster: 'prod-eu1',
        },
        sink,
        now,
        logCredentials,
        burst: 1_000,
        refill: 1_000,
      }),
    ]),
  ) as Record<DecoyName, Recorder>;
  let port = 40_000;

  function touch(
    decoy: DecoyName,
    ip: string,
    to: number,
    facts: Partial<Touch> & Pick<Touch, 'action' | 'message'>,
  ): void {
    port = port > 60_000 ? 40_000 : port + 1;
    recorders[decoy].touch({
      at: now(),
      protocol: TCP,
      outcome: 'success',
      source: { ip, port },
      destination: { ip: ADDRESSES[decoy], port: to },
      ...facts,
    });
  }

  return {
    take() {
      for (const recorder of Object.values(recorders)) recorder.flush();
      const taken = lines;
      lines = '';
      return taken;
    },
    heartbeat() {
      for (const decoy of DECOYS)
        recorders[decoy].heartbeat({ mode: decoy === 'app' ? 'raw' : 'tcp', ports: PORTS[decoy] });
    },
    ping(ip) {
      recorders.app.touch({
        at: now(),
        action: 'icmp-echo-request',
        protocol: ICMP,
        source: { ip },
        destination: { ip: ADDRESSES.app },
        message: `ICMP echo request from ${ip}`,
        honeypod: { icmp: { type: 8, code: 0, id: 7, sequence: 1, ttl: 63 } },
      });
    },
    scan(ip, ports, tool) {
      for (const to of ports)
        touch('app', ip, to, {
          action: ports.length > 3 ? 'tcp-scan' : 'tcp-syn',
          message: `SYN to port ${to}`,
          honeypod: { scan: { kind: 'port-scan', ...(tool ? { tool } : {}) }, tcp: { flags: 'S', window: 1_024 } },
        });
    },
    request(ip, { path = '/debug/', userAgent = 'curl/8.14.1', header, payload, signature } = {}) {
      touch('dashboard', ip, 8080, {
        action: 'http-request',
        application: 'http',
        message: `GET ${path}`,
        http: { version: '1.1', request: { method: 'GET', bytes: 120 }, response: { status_code: 200, bytes: 512 } },
        url: { original: path, path, domain: 'tigera-dashboard-internal-debug', scheme: 'http' },
        userAgent,
        honeypod: {
          http: { headers: ['Host: tigera-dashboard-internal-debug', ...(header ? [header] : [])] },
          payload,
          signature,
        },
      });
    },
    hello(ip, { serverName = 'tigera-dashboard-internal-service' } = {}) {
      touch('dashboard', ip, 443, {
        action: 'tls-client-hello',
        application: 'tls',
        message: `TLS ClientHello for ${serverName}`,
        tls: { established: false, client: { server_name: serverName, ja4: 't13d311200_e8f1e7e78f70_d339722ba4af' } },
        hosts: [serverName],
      });
    },
    login(ip, { user = 'root', password, payload } = {}) {
      touch('db', ip, 3306, {
        action: 'mysql-login',
        application: 'mysql',
        outcome: password === undefined ? 'success' : 'failure',
        message: `login as ${user}`,
        user,
        honeypod: {
          credential: { user, ...(password === undefined ? {} : { password }) },
          mysql: { client: 'libmysql 8.4.2' },
          payload,
        },
      });
    },
    query(ip, { statement = 'SHOW DATABASES', user = 'root', signature } = {}) {
      touch('db', ip, 3306, {
        action: 'mysql-query',
        application: 'mysql',
        message: `COM_QUERY ${statement}`,
        user,
        honeypod: { mysql: { command: 'COM_QUERY', statement }, signature },
      });
    },
  };
}
