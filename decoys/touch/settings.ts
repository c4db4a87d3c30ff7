// Settings from the environment, parsed once at the edge. A wrong value is a UserError that names it and what is allowed.
import { isIP } from 'node:net';
import { UserError } from './errors.ts';
import type { DecoyName } from './schema.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** Who this decoy is in the cluster, as the downward API tells. */
export interface Identity {
  readonly podName: string;
  readonly namespace: string;
  readonly podIps: readonly string[];
  readonly podUid: string;
  readonly nodeName: string;
  /** Value of the pod's label `app`. */
  readonly app: string;
  readonly cluster: string;
}

const DNS_NAME_BYTES = 253;
const KEY_CHARS = [16, 256] as const;

function refuse(name: string, value: string, allowed: string): never {
  throw new UserError('BAD_SETTING', `${name}=${JSON.stringify(value.slice(0, 80))}: ${allowed}`);
}

export function readPort(env: Env, name: string, fallback: number): number {
  const value = env[name];
  if (value === undefined || value === '') return fallback;
  if (!/^\d{1,5}$/.test(value) || Number(value) < 1 || Number(value) > 65_535)
    refuse(name, value, 'must be a port from 1 to 65535');
  return Number(value);
}

export function readChoice<T extends string>(env: Env, name: string, choices: readonly T[], fallback: T): T {
  const value = env[name];
  if (value === undefined || value === '') return fallback;
  const found = choices.find((choice) => choice === value);
  return found ?? refuse(name, value, `must be one of ${choices.join(', ')}`);
}

export function readFlag(env: Env, name: string, fallback: boolean): boolean {
  return readChoice(env, name, ['true', 'false'], fallback ? 'true' : 'false') === 'true';
}

/** `BIND`: the address to listen on; `::` takes IPv4 too. */
export function readBind(env: Env): string {
  const value = env.BIND;
  if (value === undefined || value === '') return '::';
  if (!isIP(value)) refuse('BIND', value, 'must be an IPv4 or IPv6 address');
  return value;
}

/** A name the downward API would give: bounded, printable, no spaces. */
export function readName(env: Env, name: string, fallback: string): string {
  const value = env[name];
  if (value === undefined || value === '') return fallback;
  if (value.length > DNS_NAME_BYTES || !/^[A-Za-z0-9._:/-]+$/.test(value)) {
    refuse(name, value, `must be a Kubernetes name of at most ${DNS_NAME_BYTES} letters, digits, ".", "-", "_"`);
  }
  return value;
}

/** `POD_IPS` as the downward API's `status.podIPs`: addresses joined by commas. */
export function readAddresses(env: Env, name: string): string[] {
  const value = env[name];
  if (value === undefined || value === '') return [];
  return value.split(',').map((text) => {
    const address = text.trim();
    return isIP(address) ? address : refuse(name, value, 'must be IP addresses joined by commas');
  });
}

/** `SESSION_KEY`: the one secret of an install, shared with the db decoy. The value itself is never shown. */
export function readSessionKey(env: Env): string | undefined {
  const value = env.SESSION_KEY;
  if (value === undefined || value === '') return undefined;
  const [least, most] = KEY_CHARS;
  if (value.length < least || value.length > most || !/^[\x21-\x7e]+$/.test(value)) {
    throw new UserError(
      'BAD_SETTING',
      `SESSION_KEY (${value.length} characters): must be ${least} to ${most} printable characters without spaces, such as "openssl rand -hex 32" makes`,
    );
  }
  return value;
}

/** Reads POD_NAME POD_NAMESPACE POD_IPS POD_UID NODE_NAME POD_APP CLUSTER_NAME. */
export function identityFrom(env: Env, decoy: DecoyName): Identity {
  return {
    podName: readName(env, 'POD_NAME', `tigera-internal-${decoy}`),
    namespace: readName(env, 'POD_NAMESPACE', 'tigera-internal'),
    podIps: readAddresses(env, 'POD_IPS'),
    podUid: readName(env, 'POD_UID', ''),
    nodeName: readName(env, 'NODE_NAME', ''),
    app: readName(env, 'POD_APP', `tigera-internal-${decoy}`),
    cluster: readName(env, 'CLUSTER_NAME', ''),
  };
}
