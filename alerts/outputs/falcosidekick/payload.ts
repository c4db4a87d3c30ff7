// A security event as Falcosidekick takes one from Falco (POST /): pure. https://github.com/falcosecurity/falcosidekick
// It casts output_fields to text, and Falco Talon may act on k8s.ns.name and k8s.pod.name: so all values are ASCII text,
// and those two are there only while the source is known beyond doubt and the event is open.
import { clip } from '../../../decoys/touch/caps.ts';
import { iso } from '../../../decoys/touch/line.ts';
import { withoutPasswords, withoutPasswordsIn } from '../../events/evidence.ts';
import type { Notice } from '../output.ts';
import { gradeOf } from '../severity.ts';
import { portsText, techniquesOf } from '../stdout/payload.ts';

const FIELD_CHARS = 512;

export interface FalcoPayload {
  readonly uuid: string;
  readonly output: string;
  readonly priority: string;
  readonly rule: string;
  readonly time: string;
  readonly source: string;
  readonly hostname: string;
  readonly tags: readonly string[];
  readonly output_fields: Readonly<Record<string, string>>;
}

export function falcoPayload(
  { event, kind, atMs }: Pick<Notice, 'event' | 'kind' | 'atMs'>,
  passwords: boolean,
): FalcoPayload {
  const { rule, culprit, last } = event;
  const evidence = passwords ? event.evidence : withoutPasswords(event.evidence);
  const clean = (text: string) => (passwords ? text : withoutPasswordsIn(text, event.evidence));
  const techniques = techniquesOf(event);
  const isPod = culprit.kind === 'pod';
  const mayAct = isPod && culprit.confidence === 'exact' && kind !== 'closed';
  const state = kind === 'closed' ? `closed after ${event.count} touches: ` : '';
  const fields: Record<string, string | undefined> = {
    'k8s.ns.name': mayAct ? culprit.namespace : undefined,
    'k8s.pod.name': mayAct ? culprit.name : undefined,
    'k8s.pod.uid': mayAct ? culprit.uid : undefined,
    'fd.sip': last.destination.ip,
    'fd.cip': last.source.ip,
    'fd.sport': textOf(last.destination.port),
    'event.id': event.id,
    'event.notice': kind,
    'event.severity': String(rule.severity),
    'event.count': String(event.count),
    'decoy.name': event.decoy,
    'decoy.namespace': last.namespace,
    'decoy.pod': last.pod,
    'source.kind': culprit.kind,
    'source.confidence': culprit.confidence,
    'source.namespace': isPod ? culprit.namespace : undefined,
    'source.pod': isPod ? culprit.name : undefined,
    'source.owner': culprit.owner,
    'source.node': culprit.node,
    'source.service_account': culprit.serviceAccount,
    'touch.last': clean(last.message),
    'touch.ports': portsText(evidence),
    'touch.users': evidence.users.join(', '),
    'touch.statements': evidence.statements.join('; '),
    'touch.paths': evidence.paths.join(' '),
    'touch.signatures': evidence.signatures.join(', '),
    'touch.canaries': evidence.canaries.join(', '),
    'mitre.techniques': techniques.join(', '),
  };
  const filled = Object.entries(fields).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return {
    uuid: event.id,
    output: ascii(`${state}${clean(event.message)}`),
    priority: kind === 'closed' ? 'Informational' : gradeOf(rule.severity).falco,
    rule: ascii(rule.name),
    time: iso(atMs),
    source: 'honeypod',
    hostname: ascii(last.node ?? ''),
    tags: ['honeypod', ...techniques],
    output_fields: Object.fromEntries(filled.map(([key, value]) => [key, ascii(value)])),
  };
}

function textOf(port: number | undefined): string | undefined {
  return port === undefined ? undefined : String(port);
}

/** Printable ASCII as it is, every other character as \uXXXX. */
function ascii(text: string): string {
  return clip(text, FIELD_CHARS).replaceAll(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
