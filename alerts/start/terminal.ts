// Security events as a person reads them in a terminal. Pure: text in, text out; colour only where asked for.
import { TECHNIQUES, type TechniqueId } from '../../decoys/touch/actions.ts';
import { clip } from '../../decoys/touch/caps.ts';
import type { SecurityEvent } from '../events/security-event.ts';
import type { Plan } from './plan.ts';

const LINE_CHARS = 300;

export type Paint = (style: keyof typeof STYLES, text: string) => string;

const STYLES = { bold: 1, dim: 2, red: 31, yellow: 33, green: 32, cyan: 36 } as const;

export function painter(colour: boolean): Paint {
  return (style, text) => (colour ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text);
}

/** Text of an attacker made harmless for a terminal: every control and direction character as its code point. */
export function visible(text: string): string {
  return clip(text, LINE_CHARS).replace(
    /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The table shown at start: what listens where, and one line to try for each. */
export function table(plan: Plan, paint: Paint): string {
  const { address, debugPort, tlsPort, dbPort, pagePort } = plan;
  const host = address.includes(':') ? `[${address}]` : address;
  const rows: [string, string, string][] = [
    ['app', plan.countsOnly ? 'counts packets, sees no source' : 'every port and protocol', `ping -c1 ${address}`],
    ['dashboard', `${host}:${debugPort} (debug site)`, `curl http://${host}:${debugPort}/debug/`],
    [
      'dashboard',
      `${host}:${tlsPort} (lure, never answers)`,
      `curl -k -m3 https://${host}${tlsPort === 443 ? '' : `:${tlsPort}`}`,
    ],
    [
      'db',
      `${host}:${dbPort} (MySQL, root, no password)`,
      `mariadb --skip-ssl -h ${address} -P ${dbPort} -u root -e 'SHOW DATABASES'`,
    ],
    ...(pagePort
      ? [
          ['page', `127.0.0.1:${pagePort} (this machine only)`, `open http://127.0.0.1:${pagePort} in a browser`] as [
            string,
            string,
            string,
          ],
        ]
      : []),
  ];
  const header: [string, string, string] = ['decoy', 'listens on', 'try it'];
  const widths = [0, 1].map((column) => Math.max(...[header, ...rows].map((row) => row[column]!.length)));
  const lay = (row: readonly string[]) => `  ${row[0]!.padEnd(widths[0]!)}  ${row[1]!.padEnd(widths[1]!)}  ${row[2]}`;
  const notes = plan.notes.map((note) => `  ${note}\n`).join('');
  return `\n${paint('dim', lay(header))}\n${rows.map(lay).join('\n')}\n\n${notes}  Security events appear below. Ctrl-C ends.\n\n`;
}

/** A few lines for an event that has just opened: who, what, why it matters, what to do. */
export function opened(event: SecurityEvent, nowMs: number, paint: Paint): string {
  const { rule, last } = event;
  const severity = `severity ${rule.severity}`;
  const techniques = rule.techniques
    .filter((id): id is TechniqueId => Object.hasOwn(TECHNIQUES, id))
    .map((id) => `${id} ${TECHNIQUES[id].name}`);
  return [
    `${paint('dim', clock(nowMs))}  ${paint(rule.severity >= 90 ? 'red' : 'yellow', severity)}  ${paint('bold', rule.name)}`,
    `  ${visible(event.message)}`,
    `  ${paint('dim', 'touch')}  ${visible(last.message)}`,
    ...(techniques.length ? [`  ${paint('dim', 'means')}  ${techniques.join('; ')}`] : []),
    ...(rule.mitigations[0] ? [`  ${paint('dim', 'do')}     ${rule.mitigations[0]}`] : []),
    '',
    '',
  ].join('\n');
}

/** One line for an event that goes on. */
export function goesOn(event: SecurityEvent, nowMs: number, paint: Paint): string {
  const { rule, last, count } = event;
  return `${paint('dim', `${clock(nowMs)}  ${rule.name}`)}  ${count} touches by ${visible(last.source?.ip ?? 'an unknown source')}, last: ${visible(last.message)}\n`;
}

function clock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}
