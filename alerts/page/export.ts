// Security events as files: NDJSON of alert lines, or CSV (RFC 4180) that no spreadsheet takes for formulas.
import type { EventRow } from './api.ts';

/** What a spreadsheet would run (OWASP, "CSV Injection"). */
const FORMULA = /^[=+\-@\t\r]/;

const CSV: readonly (readonly [title: string, of: (row: EventRow) => string | number])[] = [
  ['id', ({ id }) => id],
  ['severity', ({ severity }) => severity],
  ['alert', ({ rule }) => rule],
  ['description', ({ message }) => message],
  ['source_namespace', ({ namespace }) => namespace],
  ['source_name', ({ name }) => name],
  ['source_owner', ({ owner }) => owner],
  ['source_node', ({ node }) => node],
  ['source_ip', ({ ip }) => ip],
  ['source_confidence', ({ confidence }) => confidence],
  ['decoy', ({ decoy }) => decoy],
  ['decoy_pod', ({ decoyPod }) => decoyPod],
  ['touches', ({ count }) => count],
  ['first_seen', ({ startMs }) => new Date(startMs).toISOString()],
  ['last_seen', ({ endMs }) => new Date(endMs).toISOString()],
  ['state', ({ state }) => state],
  ['dismissed', ({ dismissed }) => (dismissed ? 'yes' : 'no')],
  ['exception', ({ exception }) => exception],
];

export const CSV_HEADER = `${CSV.map(([title]) => title).join(',')}\r\n`;

export function csvLine(row: EventRow): string {
  return `${CSV.map(([, of]) => csvField(of(row))).join(',')}\r\n`;
}

export function csvField(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) || safe !== value ? `"${safe.replaceAll('"', '""')}"` : safe;
}
