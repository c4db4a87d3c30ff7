// A security event as its alert line: pure. Shape in events/alert-line.ts. The webhook and syslog send the same line.
import { TECHNIQUES, type TechniqueId, threat } from '../../../decoys/touch/actions.ts';
import { clip, inert, LINE_BYTES } from '../../../decoys/touch/caps.ts';
import { iso } from '../../../decoys/touch/line.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import type { AlertLine } from '../../events/alert-line.ts';
import { type Evidence, withoutPasswords, withoutPasswordsIn } from '../../events/evidence.ts';
import type { SecurityEvent } from '../../events/security-event.ts';
import type { Side } from '../../events/touch-facts.ts';
import type { NoticeKind } from '../../state/batch.ts';

const ECS_VERSION = '8.10.0';
const MESSAGE_CHARS = 1_024;
const DESCRIPTION_CHARS = 512;
const MITIGATIONS = 8;
/** Rounds of cutting evidence: how many things of each kind, how many characters of each. */
const ROUNDS = [
  [16, 256],
  [12, 128],
  [8, 64],
  [4, 32],
  [1, 16],
] as const;

export interface AlertOptions {
  readonly kind?: NoticeKind;
  /** Shows the passwords that were tried. */
  readonly passwords?: boolean;
  /** Bytes the line is shorter than. */
  readonly bytes?: number;
  /** Every character that is no ASCII as its \u escape. */
  readonly ascii?: boolean;
}

export function alertLine(
  event: SecurityEvent,
  nowMs: number,
  { kind = 'opened', passwords = false }: AlertOptions = {},
): AlertLine {
  const { rule, culprit, last } = event;
  const evidence = passwords ? event.evidence : withoutPasswords(event.evidence);
  const message = passwords ? event.message : withoutPasswordsIn(event.message, event.evidence);
  const techniques = techniquesOf(event);
  const { users } = evidence;
  return {
    'log.level': 'warn',
    '@timestamp': iso(nowMs),
    observer: { type: 'honeypod', vendor: 'honeypods', product: 'alerts', version: packageJson.version },
    'ecs.version': ECS_VERSION,
    event: {
      kind: 'alert',
      category: ['intrusion_detection'],
      type: ['info'],
      action: rule.name,
      outcome: 'success',
      module: 'honeypod',
      dataset: 'honeypod.event',
      id: event.id,
      severity: rule.severity,
      risk_score: rule.severity,
      start: iso(event.startMs),
      end: iso(event.endMs),
    },
    rule: {
      id: rule.name,
      name: rule.name,
      ...(rule.category ? { category: clip(rule.category, DESCRIPTION_CHARS) } : {}),
      ruleset: 'honeypod',
      description: clip(rule.description, DESCRIPTION_CHARS),
    },
    source: side(last.source),
    destination: side(last.destination),
    ...(techniques.length ? { threat: threat(techniques) } : {}),
    orchestrator: {
      type: 'kubernetes',
      ...(last.cluster ? { cluster: { name: last.cluster } } : {}),
      ...(last.namespace ? { namespace: last.namespace } : {}),
      resource: { type: 'pod', name: last.pod, label: [...last.labels] },
    },
    related: {
      ip: [last.source.ip, last.destination.ip].filter((ip) => ip !== undefined),
      ...(users.length ? { user: [...users] } : {}),
    },
    honeypod: {
      decoy: event.decoy,
      state: event.state,
      notice: kind,
      touches: { count: event.count, ids: [...event.firstIds, ...event.lastIds] },
      source: {
        kind: culprit.kind,
        confidence: culprit.confidence,
        ...(culprit.kind === 'pod' ? { namespace: culprit.namespace, pod: culprit.name } : {}),
        ...(culprit.uid ? { uid: culprit.uid } : {}),
        ...(culprit.node ? { node: culprit.node } : {}),
        ...(culprit.owner ? { owner: culprit.owner } : {}),
        ...(culprit.serviceAccount ? { service_account: culprit.serviceAccount } : {}),
        ...(culprit.image ? { image: culprit.image } : {}),
      },
      evidence: evidenceFields(evidence),
      ...(rule.attackVector ? { attack_vector: rule.attackVector } : {}),
      ...(rule.mitigations.length
        ? { mitigations: rule.mitigations.slice(0, MITIGATIONS).map((text) => clip(text, DESCRIPTION_CHARS)) }
        : {}),
    },
    message: clip(message, MESSAGE_CHARS),
  };
}

/** The line as it leaves: one line of JSON, inert to look at, shorter than `bytes`. */
export function alertText(event: SecurityEvent, nowMs: number, options: AlertOptions = {}): string {
  const { bytes = LINE_BYTES, ascii = false } = options;
  const line = alertLine(event, nowMs, options);
  const textOf = (whole: AlertLine) => {
    const text = inert(JSON.stringify(whole));
    return `${ascii ? escaped(text) : text}\n`;
  };
  for (const [items, chars] of ROUNDS) {
    const { honeypod } = line;
    const text = textOf({ ...line, honeypod: { ...honeypod, evidence: cut(honeypod.evidence, items, chars) } });
    if (Buffer.byteLength(text) < bytes) return text;
  }
  const { mitigations: _, ...honeypod } = line.honeypod;
  const users = line.related.user ? { user: line.related.user.slice(0, 1) } : {};
  return textOf({ ...line, related: { ...line.related, ...users }, honeypod: { ...honeypod, evidence: {} } });
}

/** The techniques the rule names, or the last touch's own. */
export function techniquesOf({ rule, last }: SecurityEvent): TechniqueId[] {
  const named = rule.techniques.filter((id): id is TechniqueId => Object.hasOwn(TECHNIQUES, id));
  return named.length ? named : [...last.techniques];
}

function escaped(json: string): string {
  return json.replaceAll(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function side({ ip, port }: Side): AlertLine['source'] {
  if (ip === undefined) return {};
  return { ip, address: ip, ...(port === undefined ? {} : { port }) };
}

type EvidenceFields = AlertLine['honeypod']['evidence'];

function evidenceFields(evidence: Evidence): EvidenceFields {
  const { users, statements, paths, userAgents, signatures, canaries, tools, fingerprints, ports, omitted } = evidence;
  const credentials = evidence.credentials.map(({ user, password, passwordHash }) => ({
    user,
    password,
    password_hash: passwordHash,
  }));
  const lists = {
    users,
    credentials,
    statements,
    paths,
    user_agents: userAgents,
    signatures,
    canaries,
    tools,
    fingerprints,
  };
  const filled = Object.entries(lists).filter(([, list]) => list.length > 0);
  return {
    ...(Object.fromEntries(filled) as EvidenceFields),
    ...(ports.length ? { ports: portsText(evidence) } : {}),
    ...(omitted ? { omitted } : {}),
  };
}

/** `22,80-90` */
export function portsText({ ports }: Pick<Evidence, 'ports'>): string {
  return ports.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}

function cut(evidence: EvidenceFields, items: number, chars: number): EvidenceFields {
  const shorten = (value: unknown): unknown => {
    if (typeof value === 'string') return clip(value, chars);
    if (Array.isArray(value)) return value.slice(0, items).map(shorten);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shorten(item)]));
  };
  const { ports, ...rest } = evidence;
  return { ...(shorten(rest) as EvidenceFields), ...(ports === undefined ? {} : { ports }) };
}
