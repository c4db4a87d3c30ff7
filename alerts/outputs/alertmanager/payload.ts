// Security events as alerts of Alertmanager's API v2 (https://prometheus.io/docs/alerting/latest/alerts_api/): pure.
// Labels identify, so they hold few and bounded things: never an address. What a person wants to read is in annotations.
import { clip, inert } from '../../../decoys/touch/caps.ts';
import { iso } from '../../../decoys/touch/line.ts';
import { withoutPasswordsIn } from '../../events/evidence.ts';
import type { SecurityEvent } from '../../events/security-event.ts';
import { gradeOf } from '../severity.ts';
import { portsText, techniquesOf } from '../stdout/payload.ts';

const LABEL_CHARS = 128;
const ANNOTATION_CHARS = 1_024;

export type Labels = Readonly<Record<string, string>>;

export interface Alert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAt: string;
  readonly endsAt: string;
}

/** Labels of an event; they change only with its rule's severity and with what is known of its source. */
export function labelsOf(event: SecurityEvent, own: Labels = {}): Labels {
  const { rule, culprit, first } = event;
  const known = culprit.kind === 'pod';
  return filled(
    {
      ...own,
      alertname: rule.name,
      severity: gradeOf(rule.severity).word,
      event_id: event.id,
      decoy: event.decoy,
      namespace: first.namespace,
      cluster: first.cluster ?? own.cluster,
      source_kind: culprit.kind,
      source_namespace: known ? culprit.namespace : undefined,
      source_workload: known ? (culprit.owner ?? culprit.nameAggr) : undefined,
    },
    LABEL_CHARS,
  );
}

/** The alert as it stands: firing until `endsMs`, or resolved where that is over. */
export function alertOf(event: SecurityEvent, labels: Labels, endsMs: number, passwords: boolean): Alert {
  const { rule, culprit, last, evidence } = event;
  const clean = (text: string) => (passwords ? text : withoutPasswordsIn(text, evidence));
  return {
    labels,
    annotations: filled(
      {
        summary: clean(event.message),
        description: rule.description,
        severity: String(rule.severity),
        touches: String(event.count),
        last_touch: clean(last.message),
        source_ip: last.source.ip,
        source_pod: culprit.kind === 'pod' ? `${culprit.namespace}/${culprit.name}` : undefined,
        source_confidence: culprit.confidence,
        source_node: culprit.node,
        source_service_account: culprit.serviceAccount,
        decoy_pod: last.pod,
        destination_ip: last.destination.ip,
        ports: portsText(evidence),
        users: evidence.users.map(clean).join(', '),
        mitre: techniquesOf(event).join(', '),
        mitigation: rule.mitigations.join('\n'),
      },
      ANNOTATION_CHARS,
    ),
    startsAt: iso(event.openedMs),
    endsAt: iso(endsMs),
  };
}

/** The alert that always fires: who stops hearing it knows that nobody is watching. */
export function watchdogOf(own: Labels, startsMs: number, endsMs: number): Alert {
  return {
    labels: { ...own, alertname: 'Watchdog', severity: 'none', product: 'honeypods' },
    annotations: {
      summary: 'Honeypods alerts is running',
      description: 'Fires always. Route it to something that raises an alarm when it stops.',
    },
    startsAt: iso(startsMs),
    endsAt: iso(endsMs),
  };
}

export function bodyOf(alerts: readonly Alert[]): string {
  return inert(JSON.stringify(alerts));
}

function filled(values: Readonly<Record<string, string | undefined>>, chars: number): Labels {
  const entries = Object.entries(values).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return Object.fromEntries(entries.map(([key, value]) => [key, clip(value, chars)]));
}
