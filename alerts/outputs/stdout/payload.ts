// A security event as its alert line: pure. Shape in events/alert-line.ts.

import { TECHNIQUES, type TechniqueId, threat } from '../../../decoys/touch/actions.ts';
import { clip, inert } from '../../../decoys/touch/caps.ts';
import { iso } from '../../../decoys/touch/line.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import type { AlertLine } from '../../events/alert-line.ts';
import type { SecurityEvent } from '../../events/security-event.ts';

const ECS_VERSION = '8.10.0';
const MESSAGE_CHARS = 1_024;
const USER_CHARS = 128;

export function alertLine(event: SecurityEvent, nowMs: number): AlertLine {
  const { rule, culprit, last } = event;
  const techniques = rule.techniques.filter((id): id is TechniqueId => Object.hasOwn(TECHNIQUES, id));
  const pod = last.orchestrator.resource;
  const users = [...event.users].map((user) => clip(user, USER_CHARS));
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
      ...(rule.category ? { category: rule.category } : {}),
      ruleset: 'honeypod',
      description: rule.description,
    },
    source: side(last.source),
    destination: side(last.destination),
    ...(techniques.length ? { threat: threat(techniques) } : last.threat ? { threat: last.threat } : {}),
    orchestrator: {
      type: 'kubernetes',
      ...(last.orchestrator.cluster ? { cluster: last.orchestrator.cluster } : {}),
      ...(last.orchestrator.namespace ? { namespace: last.orchestrator.namespace } : {}),
      resource: { type: 'pod', name: pod.name, label: pod.label },
    },
    related: {
      ip: [last.source?.ip, last.destination?.ip].filter((ip) => ip !== undefined),
      ...(users.length ? { user: users } : {}),
    },
    honeypod: {
      decoy: event.decoy,
      state: event.state,
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
      ...(rule.attackVector ? { attack_vector: rule.attackVector } : {}),
      ...(rule.mitigations.length ? { mitigations: [...rule.mitigations] } : {}),
    },
    message: clip(event.message, MESSAGE_CHARS),
  };
}

/** The line as it leaves: one line of JSON, inert to look at. */
export function alertText(event: SecurityEvent, nowMs: number): string {
  return `${inert(JSON.stringify(alertLine(event, nowMs)))}\n`;
}

function side(endpoint: { readonly ip?: string; readonly port?: number } | undefined): AlertLine['source'] {
  if (endpoint?.ip === undefined) return {};
  return { ip: endpoint.ip, address: endpoint.ip, ...(endpoint.port === undefined ? {} : { port: endpoint.port }) };
}
