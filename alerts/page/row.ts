// A security event as a row of the page's table, and back. The one place that says which column holds what.
import { clip } from '../../decoys/touch/caps.ts';
import { withoutPasswordsIn } from '../events/evidence.ts';
import type { SecurityEvent } from '../events/security-event.ts';
import { HEALTH_ACTIONS } from '../health/health.ts';
import type { EventRow } from './api.ts';

const MESSAGE_CHARS = 512;
const SEARCH_CHARS = 1_024;

export type Columns = Readonly<Record<string, string | number>>;

interface Column {
  readonly name: string;
  readonly type: 'TEXT' | 'INTEGER';
  readonly of: (event: SecurityEvent) => string | number;
}

const isNamed = ({ culprit }: SecurityEvent) => culprit.kind !== 'outside' && culprit.kind !== 'unknown';

/** About a decoy's own health: nobody is accused. */
const isHealth = ({ last }: SecurityEvent) => (HEALTH_ACTIONS as readonly string[]).includes(last.action);

export const COLUMNS: readonly Column[] = [
  { name: 'severity', type: 'INTEGER', of: ({ rule }) => rule.severity },
  { name: 'rule', type: 'TEXT', of: ({ rule }) => rule.name },
  { name: 'category', type: 'TEXT', of: ({ rule }) => rule.category },
  {
    name: 'message',
    type: 'TEXT',
    of: ({ message, evidence }) => clip(withoutPasswordsIn(message, evidence), MESSAGE_CHARS),
  },
  { name: 'decoy', type: 'TEXT', of: ({ decoy }) => decoy },
  { name: 'decoy_pod', type: 'TEXT', of: ({ last }) => last.pod },
  { name: 'ip', type: 'TEXT', of: ({ last }) => last.source.ip ?? '' },
  { name: 'kind', type: 'TEXT', of: (event) => (isHealth(event) ? 'health' : event.culprit.kind) },
  { name: 'namespace', type: 'TEXT', of: ({ culprit }) => (culprit.namespace === '-' ? '' : culprit.namespace) },
  { name: 'name', type: 'TEXT', of: (event) => (isNamed(event) ? event.culprit.name : '') },
  { name: 'owner', type: 'TEXT', of: ({ culprit }) => culprit.owner ?? '' },
  { name: 'node', type: 'TEXT', of: ({ culprit }) => culprit.node ?? '' },
  { name: 'confidence', type: 'TEXT', of: ({ culprit }) => culprit.confidence },
  { name: 'count', type: 'INTEGER', of: ({ count }) => count },
  { name: 'start_ms', type: 'INTEGER', of: ({ startMs }) => Math.round(startMs) },
  { name: 'end_ms', type: 'INTEGER', of: ({ endMs }) => Math.round(endMs) },
  { name: 'state', type: 'TEXT', of: ({ state }) => state },
  { name: 'exception', type: 'TEXT', of: ({ exception }) => exception ?? '' },
  { name: 'source_key', type: 'TEXT', of: ({ culprit, last }) => culprit.uid ?? last.source.ip ?? '' },
  { name: 'search', type: 'TEXT', of: searchText },
];

/** What free text is looked for in, in lower case. Passwords are not in it. */
function searchText(event: SecurityEvent): string {
  const { rule, evidence, culprit, last } = event;
  const parts = [
    rule.name,
    rule.category,
    event.message,
    event.decoy,
    last.pod,
    last.source.ip ?? '',
    isNamed(event) ? `${culprit.namespace}/${culprit.name}` : '',
    culprit.owner ?? '',
    culprit.node ?? '',
    ...evidence.users,
    ...evidence.tools,
    ...evidence.signatures,
    ...evidence.paths,
    ...evidence.statements,
  ];
  return clip(withoutPasswordsIn(parts.join('\n'), evidence), SEARCH_CHARS).toLowerCase();
}

export function columnsOf(event: SecurityEvent): Columns {
  return Object.fromEntries(COLUMNS.map(({ name, of }) => [name, of(event)]));
}

export function rowFrom(record: Record<string, unknown>): EventRow {
  const text = (name: string) => String(record[name] ?? '');
  const number = (name: string) => Number(record[name] ?? 0);
  return {
    id: text('id'),
    severity: number('severity'),
    rule: text('rule'),
    category: text('category'),
    message: text('message'),
    decoy: text('decoy'),
    decoyPod: text('decoy_pod'),
    ip: text('ip'),
    kind: text('kind'),
    namespace: text('namespace'),
    name: text('name'),
    owner: text('owner'),
    node: text('node'),
    confidence: text('confidence'),
    count: number('count'),
    startMs: number('start_ms'),
    endMs: number('end_ms'),
    state: text('state') === 'closed' ? 'closed' : 'open',
    dismissed: record.dismissed_ms !== null,
    exception: text('exception'),
  };
}
