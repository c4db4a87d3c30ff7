// Alert exceptions: touches that a team expects (a scanner of its own, say) are counted and stay visible, and are not alerted.
import { BlockList, isIP, isIPv4 } from 'node:net';
import type { TouchLine } from '../../decoys/touch/schema.ts';
import type { Culprit } from '../attribution/culprit.ts';
import { matchesPattern } from '../query/pattern.ts';

/** Exceptions in force at once. */
const EXCEPTIONS = 1_000;
const LIST_ITEMS = 256;

/** Every list that is not empty has to fit; within a list one item is enough. `*` and `?` are wildcards in names. */
export interface AlertException {
  readonly name: string;
  readonly description: string;
  /** ms since the epoch; -Infinity and Infinity where open. */
  readonly startMs: number;
  readonly endMs: number;
  readonly rules: readonly string[];
  readonly decoys: readonly string[];
  readonly namespaces: readonly string[];
  /** `Deployment/cart` or `cart`. */
  readonly owners: readonly string[];
  readonly pods: readonly string[];
  readonly ports: readonly number[];
  readonly sources: BlockList | undefined;
}

/** What an author of an exception must mend: one clear line. */
export class ExceptionError extends Error {}

/** Reads an AlertException object (group alerts.internal/v1). Throws ExceptionError naming the field and what is allowed. */
export function exceptionFrom(object: Record<string, unknown>): AlertException {
  const metadata = loose(object.metadata);
  const spec = loose(object.spec);
  const name = typeof metadata.name === 'string' ? metadata.name : '';
  const fail = (message: string): never => {
    throw new ExceptionError(`${name || '(an AlertException without a name)'}: ${message}`);
  };
  if (name === '') fail('metadata.name is required');
  const unknown = Object.keys(spec).find((key) => !FIELDS.has(key));
  if (unknown !== undefined) fail(`spec.${unknown} is not a field of an AlertException`);
  const texts = (key: string): string[] => {
    const value = spec[key] ?? [];
    if (
      !Array.isArray(value) ||
      value.length > LIST_ITEMS ||
      !value.every((item) => typeof item === 'string' && item !== '')
    ) {
      return fail(`spec.${key} must be a list of at most ${LIST_ITEMS} texts`);
    }
    return value as string[];
  };
  const time = (key: string, open: number): number => {
    const value = spec[key];
    if (value === undefined || value === null) return open;
    const ms =
      typeof value === 'string' || value instanceof Date
        ? Date.parse(String(value instanceof Date ? value.toISOString() : value))
        : Number.NaN;
    return Number.isFinite(ms)
      ? ms
      : fail(`spec.${key}: ${JSON.stringify(value)} must be a time such as 2026-12-01T00:00:00Z`);
  };
  const ports = (Array.isArray(spec.ports) ? spec.ports : []) as unknown[];
  for (const port of ports)
    if (!Number.isInteger(port) || (port as number) < 0 || (port as number) > 65_535)
      fail(`spec.ports: ${JSON.stringify(port)} must be a port from 0 to 65535`);
  const cidrs = texts('sourceCIDRs');
  const exception: AlertException = {
    name,
    description: typeof spec.description === 'string' ? spec.description : '',
    startMs: time('startTime', -Infinity),
    endMs: time('endTime', Infinity),
    rules: texts('rules'),
    decoys: texts('targets'),
    namespaces: texts('namespaces'),
    owners: texts('owners'),
    pods: texts('pods'),
    ports: ports as number[],
    sources: cidrs.length
      ? blockList(cidrs, (cidr) =>
          fail(`spec.sourceCIDRs: ${JSON.stringify(cidr)} must be an address or a range such as 10.244.3.0/24`),
        )
      : undefined,
  };
  const scoped =
    cidrs.length +
    ports.length +
    ['namespaces', 'owners', 'pods', 'targets', 'rules'].reduce((sum, key) => sum + texts(key).length, 0);
  if (scoped === 0) fail('names no source, decoy, port or rule: it would silence everything');
  if (exception.endMs <= exception.startMs) fail('spec.endTime must be after spec.startTime');
  return exception;
}

/** `targets` are decoys: every account of a cluster may read the names of our kinds' fields, so none says what they are. */
const FIELDS = new Set([
  'description',
  'startTime',
  'endTime',
  'rules',
  'targets',
  'namespaces',
  'owners',
  'pods',
  'ports',
  'sourceCIDRs',
]);

/** Whether the exception is in force at `atMs` and covers what this source did to this decoy under this rule. */
export function covers(
  exception: AlertException,
  rule: string,
  line: TouchLine,
  culprit: Culprit,
  atMs: number,
): boolean {
  const { rules, decoys, namespaces, owners, pods, ports, sources } = exception;
  if (atMs < exception.startMs || atMs >= exception.endMs) return false;
  const ip = line.source?.ip;
  const isPod = culprit.kind === 'pod';
  const owner = culprit.owner ?? '';
  if (!among(rules, rule) || !among(decoys, line.honeypod.decoy)) return false;
  // A name is no proof: where the address may be forged or shared, an exception by workload does not hold.
  if (namespaces.length + owners.length + pods.length > 0 && !(isPod && culprit.confidence !== 'reused')) return false;
  if (!among(namespaces, culprit.namespace) || !among(pods, culprit.name)) return false;
  if (owners.length && !among(owners, owner) && !among(owners, owner.slice(owner.indexOf('/') + 1))) return false;
  if (sources && !(ip !== undefined && isIP(ip) && sources.check(ip, isIPv4(ip) ? 'ipv4' : 'ipv6'))) return false;
  // A folded scan covers more than the ports named: it is no longer what was expected.
  if (ports.length && (line.honeypod.scan?.ports !== undefined || !ports.includes(line.destination?.port ?? -1)))
    return false;
  return true;
}

export interface Exceptions {
  set(exception: AlertException): void;
  delete(name: string): void;
  /** The exception that covers this touch, or undefined. */
  find(rule: string, line: TouchLine, culprit: Culprit, atMs: number): AlertException | undefined;
  readonly all: readonly AlertException[];
}

export function createExceptions(): Exceptions {
  const exceptions = new Map<string, AlertException>();
  return {
    get all() {
      return [...exceptions.values()];
    },
    set(exception) {
      if (exceptions.size >= EXCEPTIONS && !exceptions.has(exception.name)) {
        throw new ExceptionError(
          `${exception.name}: ${EXCEPTIONS} exceptions are in force already; delete some that have ended`,
        );
      }
      exceptions.set(exception.name, exception);
    },
    delete(name) {
      exceptions.delete(name);
    },
    find(rule, line, culprit, atMs) {
      for (const exception of exceptions.values()) if (covers(exception, rule, line, culprit, atMs)) return exception;
      return undefined;
    },
  };
}

function among(list: readonly string[], value: string): boolean {
  return list.length === 0 || list.some((item) => matchesPattern(value, item));
}

function loose(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function blockList(cidrs: readonly string[], refuse: (cidr: string) => never): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', prefix, rest] = cidr.split('/');
    const family = isIP(address);
    const bits = prefix === undefined ? (family === 4 ? 32 : 128) : Number(prefix);
    if (
      !family ||
      rest !== undefined ||
      !Number.isInteger(bits) ||
      prefix === '' ||
      bits < 0 ||
      bits > (family === 4 ? 32 : 128)
    )
      refuse(cidr);
    list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
  }
  return list;
}
