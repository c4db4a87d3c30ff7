// The details of a security event and the entries of its timeline, as the page shows them. Pure; secrets stay hidden unless asked for.
import { TECHNIQUES, threat } from '../../decoys/touch/actions.ts';
import type { TouchLine } from '../../decoys/touch/schema.ts';
import { withoutPasswords } from '../events/evidence.ts';
import type { SecurityEvent } from '../events/security-event.ts';
import { readLine } from '../input/read-line.ts';
import { alertLine, portsText, techniquesOf } from '../outputs/stdout/payload.ts';
import type { Asset, EventDetails, EventRow, ExceptionScope, TouchEntry } from './api.ts';
import { masked, maskedText } from './mask.ts';
import type { StoredLine } from './store.ts';
import { confidenceMeans, nextStepOf, storyOf, titleOf } from './story.ts';

type Facts = readonly (readonly [label: string, value: string | number | undefined])[];

function filled(facts: Facts): (readonly [string, string])[] {
  return facts.flatMap(([label, value]) =>
    value === undefined || value === '' ? [] : [[label, String(value)] as const],
  );
}

export function detailsOf(event: SecurityEvent, row: EventRow, reveal: boolean): EventDetails {
  const evidence = reveal ? event.evidence : withoutPasswords(event.evidence);
  const show = (texts: readonly string[]) => (reveal ? texts : texts.map((text) => maskedText(text)));
  const ids = techniquesOf(event);
  const { tactic } = threat(ids);
  const credentials = evidence.credentials.map(({ user = '', password, passwordHash }) => {
    const secret = password ?? (passwordHash && `hash ${passwordHash}`);
    return secret === undefined
      ? user || '(no name)'
      : `${user || '(no name)'} : ${secret === '' ? '(empty)' : secret}`;
  });
  const lists: EventDetails['evidence'] = [
    ['Planted credentials used', show(evidence.canaries)],
    ['Known attacks', show(evidence.signatures)],
    ['Credentials tried', credentials],
    ['Users', evidence.users],
    ['Statements', show(evidence.statements)],
    ['Paths', show(evidence.paths)],
    ['Ports', evidence.ports.length ? [portsText(evidence)] : []],
    ['Tools', evidence.tools],
    ['User agents', show(evidence.userAgents)],
    ['TLS fingerprints (JA4)', evidence.fingerprints],
  ];
  return {
    row,
    story: storyOf(event),
    confidenceMeans: confidenceMeans(event.culprit),
    attackVector: event.rule.attackVector,
    tactics: tactic.id.map((id, at) => ({ id, name: tactic.name[at] ?? id })),
    techniques: ids.map((id) => ({ id, name: TECHNIQUES[id].name })),
    mitigations: row.kind === 'self-test' ? [] : [nextStepOf([event]), ...event.rule.mitigations],
    assets: [accusedOf(event), impactedOf(event)],
    evidence: lists.filter(([, values]) => values.length > 0),
    credentials: { any: event.evidence.credentials.length > 0, shown: reveal },
    scopes: scopesOf(event),
    raw: alertLine(event, event.told.ms, { kind: event.state === 'closed' ? 'closed' : 'opened', passwords: reveal }),
  };
}

function accusedOf(event: SecurityEvent): Asset {
  const { culprit, last } = event;
  return {
    role: 'accused',
    title: titleOf(event),
    facts: filled([
      ['Address', last.source.ip],
      ['Port', last.source.port],
      ['Owner', culprit.owner],
      ['Node', culprit.node],
      ['Service account', culprit.serviceAccount],
      ['Image', culprit.image],
      ['Labels', culprit.labels.join(', ')],
      ['Confidence', culprit.confidence],
    ]),
  };
}

function impactedOf({ decoy, last }: SecurityEvent): Asset {
  return {
    role: 'impacted',
    title: `${last.namespace ?? '-'}/${last.pod}`,
    facts: filled([
      ['Decoy', decoy],
      ['Address', last.destination.ip],
      ['Port', last.destination.port],
      ['Protocol', last.protocol],
      ['Node', last.node],
      ['Cluster', last.cluster],
    ]),
  };
}

/** What an exception for this event can be scoped to, the narrowest first. A workload's name is no proof unless it is exact. */
export function scopesOf({ culprit, last }: SecurityEvent): ExceptionScope[] {
  const isPod = culprit.kind === 'pod' && culprit.confidence !== 'reused';
  const scopes: (ExceptionScope | undefined)[] = [
    isPod ? { scope: 'pod', value: culprit.name } : undefined,
    isPod && culprit.owner ? { scope: 'owner', value: culprit.owner } : undefined,
    isPod ? { scope: 'namespace', value: culprit.namespace } : undefined,
    last.source.ip === undefined ? undefined : { scope: 'ip', value: last.source.ip },
  ];
  return scopes.filter((scope) => scope !== undefined);
}

/** A stored line as an entry of the timeline; undefined where it cannot be read. */
export function touchEntry(
  { seq, line: text }: StoredLine,
  { evidence }: SecurityEvent,
  reveal: boolean,
): TouchEntry | undefined {
  const read = readLine(text);
  if (read.kind === 'foreign') return undefined;
  const secrets = evidence.credentials.flatMap(({ password }) => password ?? []);
  const line = reveal ? read.line : masked(read.line, secrets);
  return {
    seq,
    atMs: Date.parse(line.event.start ?? line['@timestamp']),
    count: line.honeypod.count ?? 1,
    action: line.event.action,
    message: line.message ?? '',
    facts: touchFacts(line),
    raw: line,
  };
}

function touchFacts({ honeypod, http, url, user_agent, user, tls, destination, event }: TouchLine): [string, string][] {
  const { credential, mysql, scan, payload, signature, canary, http: own } = honeypod;
  const request = http?.request?.method ? `${http.request.method} ${url?.original ?? url?.path ?? ''}` : undefined;
  return filled([
    ['statement', mysql?.statement],
    ['request', request],
    ['status', http?.response?.status_code],
    ['body', http?.request?.body?.content],
    ['payload', payload],
    [
      'credential',
      credential &&
        `${credential.user ?? user?.name ?? ''} : ${credential.password ?? credential.password_hash ?? '(none)'}`,
    ],
    ['user', credential ? undefined : user?.name],
    ['database', mysql?.database],
    ['client', mysql?.client],
    ['user agent', user_agent?.original],
    ['headers', own?.headers?.join('\n')],
    ['server name', tls?.client?.server_name],
    ['JA4', tls?.client?.ja4],
    ['signature', signature],
    ['planted credential', canary],
    ['scan', scan && [scan.kind, scan.tool, scan.ports && `ports ${scan.ports}`].filter(Boolean).join(', ')],
    ['port', scan ? undefined : destination?.port],
    ['answer', event.reason],
    ['also', honeypod.samples?.join('\n')],
  ]).map(([label, value]) => [label, value]);
}
