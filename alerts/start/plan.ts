// What `npm start` runs: the three decoys with the environment a pod would give them. Pure.
import { UserError } from '../../decoys/touch/errors.ts';
import type { DecoyName } from '../../decoys/touch/schema.ts';
import { type Env, readBind, readChoice, readFlag, readPort } from '../../decoys/touch/settings.ts';
import { pagePortFrom } from '../page/port.ts';

export interface Machine {
  readonly hostname: string;
  /** Addresses others reach this machine by; empty where there is only loopback. */
  readonly addresses: readonly string[];
  /** The lowest port an ordinary user may listen on (net.ipv4.ip_unprivileged_port_start); 0 for root. */
  readonly lowestPort: number;
  readonly isRoot: boolean;
}

export interface PlannedDecoy {
  readonly name: DecoyName;
  readonly env: Readonly<Record<string, string>>;
}

export interface Plan {
  readonly decoys: readonly PlannedDecoy[];
  readonly debugPort: number;
  readonly tlsPort: number;
  readonly dbPort: number;
  /** Where the page is, on loopback; undefined for none. */
  readonly pagePort: number | undefined;
  /** The address to try. */
  readonly address: string;
  /** Without raw sockets app only counts. */
  readonly countsOnly: boolean;
  /** What differs from a cluster, for people to know. */
  readonly notes: readonly string[];
}

const TLS_PORT = 443;
const UNPRIVILEGED_TLS_PORT = 8443;

/** Throws UserError for a wrong value. */
export function planFor(env: Env, machine: Machine): Plan {
  const debugPort = readPort(env, 'DEBUG_PORT', 8080);
  const dbPort = readPort(env, 'DB_PORT', 3306);
  const lowIsFree = machine.isRoot || machine.lowestPort <= TLS_PORT;
  const tlsPort = readPort(env, 'TLS_PORT', lowIsFree ? TLS_PORT : UNPRIVILEGED_TLS_PORT);
  const pagePort = pagePortFrom(env);
  refuseTwice({
    DEBUG_PORT: debugPort,
    TLS_PORT: tlsPort,
    DB_PORT: dbPort,
    ...(pagePort ? { PAGE_PORT: pagePort } : {}),
  });
  const watch = readChoice(env, 'WATCH', ['auto', 'raw', 'counters'], 'auto');
  const bind = readBind(env);
  readFlag(env, 'LOG_CREDENTIALS', true);
  const everywhere = bind === '::' || bind === '0.0.0.0';
  const addresses = everywhere ? machine.addresses : [bind];
  const notes: string[] = [];
  if (!lowIsFree && env.TLS_PORT === undefined) {
    notes.push(`The lure listens on ${tlsPort}: port ${TLS_PORT} is for root only here.`);
  }
  if (!machine.isRoot) {
    notes.push('The app decoy is in counters mode: without root it counts packets but cannot see who sent them.');
  } else if (watch !== 'counters') {
    notes.push(
      'The app decoy watches every packet that reaches this machine, real services included: use a machine that has none, or a container.',
    );
  }
  const shared = { ...pick(env, ['LOG_CREDENTIALS', 'CLUSTER_NAME', 'SESSION_KEY']), BIND: bind, COUNTERS: 'false' };
  const decoy = (name: DecoyName, own: Record<string, string>): PlannedDecoy => ({
    name,
    env: { ...shared, ...podEnv(name, machine, addresses), ...own },
  });
  return {
    decoys: [
      decoy('app', {
        WATCH: watch,
        SIBLING_PORTS: [debugPort, tlsPort, dbPort, ...(pagePort ? [pagePort] : [])].join(','),
      }),
      decoy('dashboard', {
        DEBUG_PORT: String(debugPort),
        DEBUG_SERVICE_PORT: String(debugPort),
        TLS_PORT: String(tlsPort),
      }),
      decoy('db', { DB_PORT: String(dbPort) }),
    ],
    debugPort,
    tlsPort,
    dbPort,
    pagePort,
    countsOnly: !machine.isRoot || watch === 'counters',
    address: addresses.find((address) => !address.includes(':')) ?? addresses[0] ?? '127.0.0.1',
    notes,
  };
}

function refuseTwice(ports: Readonly<Record<string, number>>): void {
  const names = new Map<number, string>();
  for (const [name, port] of Object.entries(ports)) {
    const other = names.get(port);
    if (other !== undefined)
      throw new UserError('PORT_TWICE', `${name}=${port}: ${other} is ${port} too; each needs a port of its own`);
    names.set(port, name);
  }
}

/** Suffixes in the shape Kubernetes gives pods of a DaemonSet and of a Deployment. */
const SUFFIXES: Record<DecoyName, string> = { app: '28c85', dashboard: '6df998578c-mtmqr', db: '5c57bd5987-k5ksj' };

function podEnv(name: DecoyName, machine: Machine, addresses: readonly string[]): Record<string, string> {
  const app = `tigera-internal-${name}`;
  return {
    POD_NAME: `${app}-${SUFFIXES[name]}`,
    POD_NAMESPACE: 'tigera-internal',
    POD_IPS: (addresses.length ? addresses : ['127.0.0.1']).join(','),
    POD_APP: app,
    NODE_NAME: machine.hostname.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, 253) || 'localhost',
  };
}

function pick(env: Env, names: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of names) if (env[name] !== undefined) found[name] = env[name];
  return found;
}
