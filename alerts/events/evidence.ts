// Evidence of a security event: what its touches tried, each thing once, the first few of each, all of it plain JSON.
import { clip } from '../../decoys/touch/caps.ts';
import type { TouchLine } from '../../decoys/touch/schema.ts';
import { parseRanges, type Ranges, size, subtract, union } from '../query/ranges.ts';
import { textAt } from './touch-facts.ts';

/** Things kept of each kind. */
const ITEMS = 16;
/** Characters kept of each. */
const ITEM_CHARS = 256;
/** Characters kept of a user name or a password. */
const CREDENTIAL_CHARS = 128;
/** Ranges of ports kept; past that the lowest and highest stand for all between. */
const RANGES = 64;

export interface Credential {
  readonly user?: string;
  readonly password?: string;
  /** Where the decoy was told not to log passwords. */
  readonly passwordHash?: string;
}

/** Lists of texts an event collects, and where a touch line has each. */
const SOURCES = {
  users: ['user', 'name'],
  statements: ['honeypod', 'mysql', 'statement'],
  paths: ['url', 'original'],
  userAgents: ['user_agent', 'original'],
  signatures: ['honeypod', 'signature'],
  canaries: ['honeypod', 'canary'],
  tools: ['honeypod', 'scan', 'tool'],
  fingerprints: ['tls', 'client', 'ja4'],
} as const;

type Kind = keyof typeof SOURCES;
const KINDS = Object.keys(SOURCES) as Kind[];

/** Kinds of which a new one makes an event worth telling of again. */
const TELLING: readonly Kind[] = ['signatures', 'canaries'];

export type Evidence = Record<Kind, string[]> & {
  credentials: Credential[];
  ports: Ranges;
  /** Things that found no room. */
  omitted: number;
};

export function createEvidence(): Evidence {
  const lists = Object.fromEntries(KINDS.map((kind) => [kind, [] as string[]])) as Record<Kind, string[]>;
  return { ...lists, credentials: [], ports: [], omitted: 0 };
}

/** Adds what this line shows. Returns the kind of a new signature or canary, where there is one. */
export function addEvidence(evidence: Evidence, line: TouchLine): 'signature' | 'canary' | undefined {
  let told: 'signature' | 'canary' | undefined;
  for (const kind of KINDS) {
    const text = textAt(line, ...SOURCES[kind]);
    if (text === undefined || text === '') continue;
    const list = evidence[kind];
    const item = clip(text, ITEM_CHARS);
    if (list.includes(item)) continue;
    if (list.length >= ITEMS) evidence.omitted++;
    else {
      list.push(item);
      if (TELLING.includes(kind)) told = kind === 'signatures' ? 'signature' : 'canary';
    }
  }
  addCredential(evidence, line);
  addPorts(evidence, line);
  return told;
}

function addCredential(evidence: Evidence, line: TouchLine): void {
  const field = (key: string) => {
    const text = textAt(line, 'honeypod', 'credential', key);
    return text === undefined ? undefined : clip(text, CREDENTIAL_CHARS);
  };
  const [user, password, passwordHash] = [field('user'), field('password'), field('password_hash')];
  if (user === undefined && password === undefined && passwordHash === undefined) return;
  const known = evidence.credentials.some(
    (other) => other.user === user && other.password === password && other.passwordHash === passwordHash,
  );
  if (known) return;
  if (evidence.credentials.length >= ITEMS) evidence.omitted++;
  else evidence.credentials.push({ user, password, passwordHash });
}

function addPorts(evidence: Evidence, line: TouchLine): void {
  const scanned = line.honeypod.scan?.ports;
  const port = line.destination?.port;
  const ports: Ranges = scanned ? parseRanges(scanned) : port === undefined || port > 65_535 ? [] : [[port, port]];
  if (ports.length === 0 || size(subtract(ports, evidence.ports)) === 0) return;
  const all = union(evidence.ports, ports);
  evidence.ports = all.length > RANGES ? [[all[0]![0], all.at(-1)![1]]] : all;
}

const REDACTED = '[redacted]';
/** Shorter passwords are not looked for inside other texts: they would hit by chance. */
const SHORTEST_CHARS = 4;

/** The same evidence without the passwords that were tried, also where they stand inside another text. */
export function withoutPasswords(evidence: Evidence): Evidence {
  const lists = Object.fromEntries(
    KINDS.map((kind) => [kind, evidence[kind].map((text) => withoutPasswordsIn(text, evidence))]),
  ) as Record<Kind, string[]>;
  const credentials = evidence.credentials.map(({ user, password, passwordHash }) => ({
    user,
    password: password === undefined && passwordHash === undefined ? undefined : REDACTED,
  }));
  return { ...evidence, ...lists, credentials };
}

export function withoutPasswordsIn(text: string, { credentials }: Evidence): string {
  let clean = text;
  for (const { password } of credentials) {
    if (password !== undefined && password.length >= SHORTEST_CHARS) clean = clean.replaceAll(password, REDACTED);
  }
  return clean;
}
