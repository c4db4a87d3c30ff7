// What a request shows beyond having been made: looked up in the tables of this folder, and counted per source where one
// request alone says nothing (word lists, password guessing).
import type { TechniqueId } from '../../touch/actions.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Head, HeadFailure } from '../http/head.ts';
import type { Peer } from '../http/peer.ts';
import { createHeaderCheck } from './header-check.ts';
import { renderingsOf } from './renderings.ts';
import type { Place } from './signature.ts';
import { createSources, type Habit } from './sources.ts';
import { SIGNATURES, signaturesIn } from './table.ts';
import { monitorOf, PROTOCOLS, toolOf } from './tools.ts';

export interface Finding {
  /** Names of the signatures, the gravest first, joined by commas. */
  readonly name: string;
  readonly techniques: readonly TechniqueId[];
  /** The program that seems to be asking. */
  readonly tool?: string;
  readonly urgent?: boolean;
  /** The cluster's own monitoring: no more pressing than any request. */
  readonly benign?: boolean;
}

export interface Scrutiny {
  request(exchange: Exchange): Finding | undefined;
  refusal(peer: Peer, failure: HeadFailure, sent: Buffer): Finding | undefined;
}

const SMUGGLED_REASONS: ReadonlySet<string> = new Set([
  'second host',
  'second transfer-encoding',
  'second content-length',
  'content-length',
]);
const PROTOCOL_BYTES = 64;

export function createScrutiny(now: () => number = Date.now): Scrutiny {
  const sources = createSources();

  return {
    request(exchange) {
      const { head, body, peer, status, note } = exchange;
      const findings: Habit[] = [];
      if (note?.credential) {
        const { user = '', password = '' } = note.credential;
        add(findings, sources.tried(peer.address, user, password, now()));
      }
      findings.push(...studyHead(head));
      lookUpBody(findings, body.kept);
      if (status === 404) add(findings, sources.missed(peer.address, head.uri.path, now()));
      return summary(findings, head);
    },

    refusal(_peer, failure, sent) {
      const findings: Habit[] = [];
      const first = sent.toString('latin1', 0, PROTOCOL_BYTES);
      const protocol = PROTOCOLS.find(({ pattern }) => pattern.test(first));
      if (protocol) return { name: `protocol-${protocol.name}`, techniques: ['T1046'] };
      const text = sent.toString('latin1');
      for (const signature of SIGNATURES) {
        if (signature.in.includes('headers') && signature.pattern.test(text)) findings.push(signature);
      }
      if (failure.line) lookUp(findings, 'target', failure.line.target);
      if (SMUGGLED_REASONS.has(failure.reason)) findings.push({ name: 'request-smuggling', techniques: ['T1210'] });
      return findings.length === 0 ? undefined : joined(findings);
    },
  };
}

function add(findings: Habit[], habit: Habit | undefined): void {
  if (habit) findings.push(habit);
}

/** What heads show by themselves; the same head comes again by the thousand in a flood. */
const studied = new WeakMap<Head, readonly Habit[]>();

const headerCheck = createHeaderCheck();

function studyHead(head: Head): readonly Habit[] {
  const known = studied.get(head);
  if (known) return known;
  const findings: Habit[] = [];
  lookUp(findings, 'target', head.line.target);
  for (const line of headerCheck.unknown(head.headers)) {
    const before = findings.length;
    lookUp(findings, 'headers', line);
    if (findings.length === before) headerCheck.clean(line);
  }
  if (isSmuggling(head)) findings.push({ name: 'request-smuggling', techniques: ['T1210'] });
  if (head.line.authority !== undefined || head.line.method === 'CONNECT') {
    findings.push({ name: 'open-proxy', techniques: ['T1090'] });
  }
  if (isUpload(head)) findings.push({ name: 'web-shell', techniques: ['T1505.003', 'T1105'] });
  if (head.seen > 1) studied.set(head, findings);
  return findings;
}

function lookUpBody(findings: Habit[], body: Buffer): void {
  if (body.length > 0) lookUp(findings, 'body', body.toString('latin1'));
}

/** Looks for the signatures of a place in all that a text may mean. */
function lookUp(findings: Habit[], place: Place, sent: string): void {
  for (const text of renderingsOf(sent, place !== 'headers')) {
    for (const signature of signaturesIn(place, text)) if (!findings.includes(signature)) findings.push(signature);
  }
}

/** Two framings at once, or a coding that others may read another way. */
function isSmuggling({ known }: Head): boolean {
  const coding = known.get('transfer-encoding');
  return coding !== undefined && (known.has('content-length') || coding !== 'chunked');
}

const SCRIPT = /\.(?:php\d?|phtml|jspx?|aspx?|ashx|cgi)(?:$|[/;])/i;

function isUpload({ line, uri }: Head): boolean {
  if (line.method === 'PUT' || line.method === 'MOVE') return true;
  return line.method === 'POST' && SCRIPT.test(uri.path);
}

interface Asker {
  readonly tool: string | undefined;
  readonly monitor: string | undefined;
}

const askers = new WeakMap<Head, Asker>();

function askerOf(head: Head): Asker {
  const known = askers.get(head);
  if (known) return known;
  const userAgent = head.known.get('user-agent');
  const asker = { tool: toolOf(userAgent, head.headers), monitor: monitorOf(userAgent) };
  if (head.seen > 1) askers.set(head, asker);
  return asker;
}

function summary(findings: Habit[], head: Head): Finding | undefined {
  const { tool, monitor } = askerOf(head);
  if (tool !== undefined) findings.push({ name: 'scanner', techniques: ['T1046', 'T1595.002'] });
  if (findings.length === 0) {
    return monitor === undefined ? undefined : { name: monitor, techniques: ['T1046'], benign: true };
  }
  const finding = joined(findings);
  return tool === undefined ? finding : { ...finding, tool };
}

function joined(findings: readonly Habit[]): Finding {
  const [only] = findings;
  if (only && findings.length === 1) return only;
  const gravest = [...findings].sort((a, b) => rankOf(a) - rankOf(b));
  const names = [...new Set(gravest.map(({ name }) => name))];
  return { name: names.join(','), techniques: [...new Set(gravest.flatMap(({ techniques }) => techniques))] };
}

/** Place in the table; what is not in it comes after. */
function rankOf({ name }: Habit): number {
  const rank = SIGNATURES.findIndex((signature) => signature.name === name);
  return rank === -1 ? SIGNATURES.length : rank;
}
