// A security event as a row of the page's table, and back. The one place that says which column holds what.
import { clip } from '../../decoys/touch/caps.ts';
import { withoutPasswordsIn } from '../events/evidence.ts';
import type { SecurityEvent } from '../events/security-event.ts';
import { HEALTH_ACTIONS } from '../health/health.ts';
import type { EventRow } from './api.ts';

const MESSAGE_CHARS = 512;
const SEARCH_CHARS = 1_024;

export type Columns = Readonly<Record<string, string | number>>;

export interface Column {
  readonly name: string;
  readonly type: 'TEXT' | 'INTEGER';
  /** Long; kept apart from what every filter reads. */
  readonly wide: boolean;
  readonly of: (event: SecurityEvent) => string | number;
}

const isNamed = ({ culprit }: SecurityEvent) => culprit.kind !== 'outside' && culprit.kind !== 'unknown';

/** About a decoy's own health: nobody is accused. */
const isHealth = ({ last }: SecurityEvent) => (HEALTH_ACTIONS as readonly string[]).includes(last.action);

const narrow = (name: string, type: Column['type'], of: Column['of']): Column => ({ name, type, of, wide: false });
const wide = (name: string, of: Column['of']): Column => ({ name, type: 'TEXT', of, wide: true });

export const COLUMNS: readonly Column[] = [
  narrow('severity', 'INTEGER', ({ rule }) => rule.severity),
  narrow('rule', 'TEXT', ({ rule }) => rule.name),
  wide('category', ({ rule }) => rule.category),
  wide('message', ({ message, evidence }) => clip(withoutPasswordsIn(message, evidence), MESSAGE_CHARS)),
  narrow('decoy', 'TEXT', ({ decoy }) => decoy),
  wide('decoy_pod', ({ last }) => last.pod),
  narrow('ip', 'TEXT', ({ last }) => last.source.ip ?? ''),
  narrow('kind', 'TEXT', (event) => (isHealth(event) ? 'health' : event.culprit.kind)),
  narrow('namespace', 'TEXT', ({ culprit }) => (culprit.namespace === '-' ? '' : culprit.namespace)),
  narrow('name', 'TEXT', (event) => (isNamed(event) ? event.culprit.name : '')),
  narrow('owner', 'TEXT', ({ culprit }) => culprit.owner ?? ''),
  narrow('node', 'TEXT', ({ culprit }) => culprit.node ?? ''),
  narrow('confidence', 'TEXT', ({ culprit }) => culprit.confidence),
  narrow('count', 'INTEGER', ({ count }) => count),
  narrow('start_ms', 'INTEGER', ({ startMs }) => Math.round(startMs)),
  narrow('end_ms', 'INTEGER', ({ endMs }) => Math.round(endMs)),
  narrow('state', 'TEXT', ({ state }) => state),
  narrow('exception', 'TEXT', ({ exception }) => exception ?? ''),
  narrow('source_key', 'TEXT', ({ culprit, last }) => culprit.uid ?? last.source.ip ?? ''),
  wide('search', searchText),
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
