// A notice as a syslog message (RFC 5424) in a frame with its length before it (RFC 6587 section 3.4.1, RFC 5425 section 4.3): pure.
import { iso } from '../../../decoys/touch/line.ts';
import type { Notice } from '../output.ts';
import { gradeOf } from '../severity.ts';
import { alertText } from '../stdout/payload.ts';

/** RFC 5424 section 6.2.1. */
export const FACILITIES = {
  user: 1,
  daemon: 3,
  auth: 4,
  authpriv: 10,
  local0: 16,
  local1: 17,
  local2: 18,
  local3: 19,
  local4: 20,
  local5: 21,
  local6: 22,
  local7: 23,
} as const;
export type Facility = keyof typeof FACILITIES;

const APP_NAME = 'alerts';
const MSGID_CHARS = 32;
const HOSTNAME_CHARS = 255;
/** Receivers cut messages of more than 8 KiB (rsyslog's default); the header needs some of it. */
const LINE_BYTES = 7_680;

export interface SyslogOptions {
  readonly facility: Facility;
  readonly hostname: string;
  readonly passwords: boolean;
}

export function syslogFrame({ event, kind, atMs }: Notice, { facility, hostname, passwords }: SyslogOptions): string {
  const priority = FACILITIES[facility] * 8 + (kind === 'closed' ? gradeOf(0) : gradeOf(event.rule.severity)).syslog;
  const body = alertText(event, atMs, { kind, passwords, ascii: true, bytes: LINE_BYTES }).trimEnd();
  const header = [
    `<${priority}>1`,
    iso(atMs),
    word(hostname, HOSTNAME_CHARS),
    APP_NAME,
    '-',
    word(event.rule.name, MSGID_CHARS),
    '-',
  ].join(' ');
  const message = `${header} ${body}`;
  return `${Buffer.byteLength(message)} ${message}`;
}

/** A header field: printable ASCII without spaces, `-` where there is nothing. */
function word(text: string, chars: number): string {
  return text.replaceAll(/[^\x21-\x7e]/g, '').slice(0, chars) || '-';
}
