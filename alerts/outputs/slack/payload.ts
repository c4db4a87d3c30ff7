// A notice as a message of Slack's incoming webhooks, in the older form that Mattermost and others take too: pure.
// https://api.slack.com/reference/messaging/attachments
import { TECHNIQUES } from '../../../decoys/touch/actions.ts';
import { clip } from '../../../decoys/touch/caps.ts';
import { named } from '../../attribution/culprit.ts';
import { withoutPasswords, withoutPasswordsIn } from '../../events/evidence.ts';
import type { NoticeKind } from '../../state/batch.ts';
import type { Notice } from '../output.ts';
import { gradeOf } from '../severity.ts';
import { portsText, techniquesOf } from '../stdout/payload.ts';

const TEXT_CHARS = 600;
const FIELD_CHARS = 300;
const ITEMS = 4;
const QUIET_COLOUR = '#8a8f98';

const TITLES: Readonly<Record<NoticeKind, string>> = {
  opened: '',
  escalated: ' (more of it)',
  reminded: ' (still going on)',
  closed: ' (over)',
};

export interface SlackPayload {
  readonly text: string;
  readonly attachments: readonly {
    readonly color: string;
    readonly fallback: string;
    readonly text: string;
    readonly fields: readonly { readonly title: string; readonly value: string; readonly short: boolean }[];
    readonly footer: string;
    readonly ts: number;
  }[];
}

export function slackPayload(
  { event, kind, atMs }: Pick<Notice, 'event' | 'kind' | 'atMs'>,
  passwords: boolean,
): SlackPayload {
  const { rule, culprit, last, count } = event;
  const evidence = passwords ? event.evidence : withoutPasswords(event.evidence);
  const clean = (text: string) => (passwords ? text : withoutPasswordsIn(text, event.evidence));
  const techniques = techniquesOf(event).map((id) => `${id} ${TECHNIQUES[id].name}`);
  const tried = evidence.credentials.map(({ user = '', password }) =>
    password === undefined ? user : `${user} / ${password}`,
  );
  const fields: readonly [title: string, value: string, short: boolean][] = [
    ['Source', plain(`${named(culprit, last.source.ip)}, ${culprit.confidence}`), true],
    ['Decoy', plain(`${last.namespace ?? '-'}/${last.pod}`), true],
    ['Touches', String(count), true],
    ['Severity', String(rule.severity), true],
    ['Ports', portsText(evidence), true],
    ['Logins tried', codes(tried), false],
    ['Statements', codes(evidence.statements), false],
    ['Paths', codes(evidence.paths), false],
    ['Signatures', codes([...evidence.signatures, ...evidence.canaries]), false],
    ['Means', plain(techniques.join('; ')), false],
    ['Do', kind === 'opened' ? plain(rule.mitigations[0] ?? '') : '', false],
  ];
  const text = plain(`${rule.name}${TITLES[kind]}: ${clean(event.message)}`);
  return {
    text: `*${text}*`,
    attachments: [
      {
        color: kind === 'closed' ? QUIET_COLOUR : gradeOf(rule.severity).colour,
        fallback: text,
        text: code(clean(last.message)),
        fields: fields.filter(([, value]) => value !== '').map(([title, value, short]) => ({ title, value, short })),
        footer: event.id,
        ts: Math.floor(atMs / 1_000),
      },
    ],
  };
}

/** Text of others that may neither mention anybody nor become markup: Slack's three entities, and no sign that starts something. */
function plain(text: string): string {
  return clip(text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f]/g, ' '), TEXT_CHARS)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '\uff20')
    .replaceAll(/[*_~`[\]]/g, (sign) => LOOKALIKES[sign] ?? sign);
}

const LOOKALIKES: Readonly<Record<string, string>> = {
  '*': '\u2217',
  _: '\uff3f',
  '~': '\u223c',
  '`': '\u02cb',
  '[': '\uff3b',
  ']': '\uff3d',
};

function code(text: string): string {
  return `\`${plain(clip(text, FIELD_CHARS))}\``;
}

function codes(items: readonly string[]): string {
  const more = items.length > ITEMS ? ` and ${items.length - ITEMS} more` : '';
  return items.length === 0 ? '' : `${items.slice(0, ITEMS).map(code).join(' ')}${more}`;
}
