// Tells a security event in words: who, what they did, how sure that is. Pure.

import { clip } from '../../decoys/touch/caps.ts';
import type { Culprit } from '../attribution/culprit.ts';
import { withoutPasswords } from '../events/evidence.ts';
import type { SecurityEvent } from '../events/security-event.ts';
import { portsText } from '../outputs/stdout/payload.ts';
import { size } from '../query/ranges.ts';
import { maskedText } from './mask.ts';

const QUOTED_CHARS = 80;
const QUOTES = 3;
const PORTS_CHARS = 40;

/** What each confidence says about the name beside it. */
export const CONFIDENCE_MEANS: Readonly<Record<Culprit['confidence'], string>> = {
  exact: 'This address belonged to exactly this workload then, and a completed handshake shows that it was not forged.',
  claimed:
    'This workload had the address then, but nothing was exchanged that proves it: a packet without a handshake can carry a forged source.',
  reused: 'More than one workload had this address around that time; this is the likeliest of them.',
  node: 'A node’s own address: a host-network pod, the node itself, or a pod behind its address translation.',
  unknown: 'Nobody known to the cluster had this address: it is outside, or the inventory was not available.',
};

const KIND_MEANS: Partial<Record<Culprit['kind'], string>> = {
  'self-test': 'The self-test made this touch itself; the connection’s own addresses and ports say so.',
};

export function confidenceMeans({ kind, confidence }: Culprit): string {
  return KIND_MEANS[kind] ?? CONFIDENCE_MEANS[confidence] ?? CONFIDENCE_MEANS.unknown;
}

/** `shop/cart-x2k9p`, `node-3`, or the address. */
export function titleOf({ culprit, last }: SecurityEvent): string {
  if (culprit.kind === 'self-test') return 'Self-test';
  if (culprit.kind === 'pod' || culprit.kind === 'service') return `${culprit.namespace}/${culprit.name}`;
  if (culprit.kind === 'node') return culprit.name;
  return last.source.ip ?? 'an unseen source';
}

/** Words for actions that say all by themselves. */
const ACTION_DEEDS: Readonly<Record<string, string>> = {
  'icmp-echo-request': 'pinged it',
  'icmp-probe': 'probed it by ICMP',
  'tcp-syn': 'tried to connect',
  'tcp-probe': 'probed it by TCP',
  'udp-probe': 'probed it by UDP',
  'udp-scan': 'scanned it by UDP',
  'ip-protocol-scan': 'tried which IP protocols it speaks',
  'tcp-connect': 'opened a connection',
  'tls-client-hello': 'asked for TLS',
  'http-request': 'sent HTTP requests',
  'http-malformed': 'sent broken HTTP',
  'mysql-login': 'logged in to MySQL',
  'mysql-query': 'sent SQL',
  'mysql-malformed': 'sent something that is no MySQL',
  'packets-counted': 'sent packets that the kernel counted',
};

/** What the events' touches did, the worst first; each once. */
export function deedsOf(told: readonly SecurityEvent[]): string[] {
  const events = told.map((event) => ({ ...event, evidence: withoutPasswords(event.evidence) }));
  const gather = (key: 'canaries' | 'signatures' | 'tools' | 'users' | 'statements' | 'paths') => [
    ...new Set(events.flatMap(({ evidence }) => evidence[key])),
  ];
  const [canaries, signatures, tools] = [gather('canaries'), gather('signatures'), gather('tools')];
  const [users, statements, paths] = [gather('users'), gather('statements'), gather('paths')];
  const passwords = told.reduce(
    (sum, { evidence }) =>
      sum + evidence.credentials.filter(({ password, passwordHash }) => password || passwordHash).length,
    0,
  );
  const widest = events.map(({ evidence }) => evidence.ports).toSorted((a, b) => size(b) - size(a))[0] ?? [];
  const deeds: string[] = [];
  if (canaries.length) deeds.push(`used planted credentials (${listed(canaries)})`);
  if (signatures.length) deeds.push(`tried known attacks (${listed(signatures)})`);
  if (users.length)
    deeds.push(
      `tried ${users.length === 1 ? 'user' : 'users'} ${listed(users)}${passwords ? ` with ${many(passwords, 'password')}` : ''}`,
    );
  if (statements.length) deeds.push(`sent ${many(statements.length, 'SQL statement')}: ${quoted(statements)}`);
  if (paths.length) deeds.push(`requested ${quoted(paths)}`);
  if (size(widest) > 1) {
    const with_ = tools.length ? ` with ${listed(tools)}` : '';
    deeds.push(`tried ${many(size(widest), 'port')} (${clipped(portsText({ ports: widest }), PORTS_CHARS)})${with_}`);
  }
  const actions = new Set(events.flatMap(({ first, last }) => [first.action, last.action]));
  for (const action of actions) {
    const deed = Object.hasOwn(ACTION_DEEDS, action) ? ACTION_DEEDS[action] : undefined;
    const told =
      (action.startsWith('mysql-') && statements.length + users.length > 0) ||
      (action === 'http-request' && paths.length > 0);
    if (deed && !told && deeds.length < 4 && !(action.startsWith('tcp-') && deeds.length > 0)) deeds.push(deed);
  }
  return deeds.length ? deeds : events.slice(0, 1).map(({ last }) => maskedText(last.message));
}

/** The first thing to do about a source. */
export function nextStepOf([event, ...others]: readonly [SecurityEvent, ...SecurityEvent[]]): string {
  const { culprit, last } = event;
  const who = titleOf(event);
  const canary = [event, ...others].some(({ evidence }) => evidence.canaries.length > 0);
  const also = canary ? ' Find out where it read the planted credentials: whatever lies beside them is known too.' : '';
  return `${NEXT_STEPS[culprit.kind]?.(who, culprit) ?? `Find out what ${last.source.ip ?? 'it'} is and how it reaches pod addresses; block it at the edge.`}${also}`;
}

const NEXT_STEPS: Partial<Record<Culprit['kind'], (who: string, culprit: Culprit) => string>> = {
  pod: (who, { confidence, serviceAccount }) => {
    const sure = confidence === 'exact' ? '' : 'Make sure first: this address is not proven. Then ';
    const isolate = `${sure ? 'deny' : 'Deny'} all egress of ${who}, keep it for forensics`;
    return `${sure}${isolate}, and rotate the secrets of ${serviceAccount ? `service account ${serviceAccount}` : 'its service account'}.`;
  },
  node: (who) =>
    `Find which pod on ${who} uses the host network or stands behind its address, or treat the node as taken over.`,
  service: (who) => `Find which pod behind service ${who} sent this.`,
};

/** One paragraph: when, who, what, how often. Times in UTC. */
export function storyOf(event: SecurityEvent): string {
  const { culprit, last, decoy, count, startMs, endMs } = event;
  const who = titleOf(event);
  const where = [who === last.source.ip ? '' : last.source.ip, culprit.node && `on ${culprit.node}`, culprit.owner]
    .filter(Boolean)
    .join(', ');
  const when = endMs - startMs < 1_000 ? `At ${clock(startMs)}` : `Between ${clock(startMs)} and ${clock(endMs)}`;
  const touched = `touched the ${decoy} decoy ${last.pod} ${count === 1 ? 'once' : `${count.toLocaleString('en')} times`}`;
  return `${when} ${who}${where ? ` (${where})` : ''} ${touched}. It ${deedsOf([event]).join('; it ')}. Nobody has a reason to talk to this decoy.`;
}

function clock(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

export function many(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

function listed(items: readonly string[]): string {
  const shown = items.slice(0, QUOTES).map((item) => clipped(item || '(empty)', QUOTED_CHARS));
  return items.length > QUOTES ? `${shown.join(', ')} and ${items.length - QUOTES} more` : shown.join(', ');
}

function quoted(items: readonly string[]): string {
  const shown = items.slice(0, QUOTES).map((item) => `“${clipped(maskedText(item), QUOTED_CHARS)}”`);
  return items.length > QUOTES ? `${shown.join(', ')} and ${items.length - QUOTES} more` : shown.join(', ');
}

function clipped(text: string, chars: number): string {
  return text.length > chars ? `${clip(text, chars)}…` : text;
}
