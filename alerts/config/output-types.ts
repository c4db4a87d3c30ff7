// The outputs a configuration may name, and the settings of each: one table.
import { hostname } from 'node:os';
import type { Sink } from '../../decoys/touch/sink.ts';
import type { SecurityEvent } from '../events/security-event.ts';
import { alertmanagerOutput } from '../outputs/alertmanager/post.ts';
import { falcosidekickOutput } from '../outputs/falcosidekick/post.ts';
import type { HttpTarget } from '../outputs/http-post.ts';
import type { Output } from '../outputs/output.ts';
import { slackOutput } from '../outputs/slack/post.ts';
import { stdoutOutput } from '../outputs/stdout/post.ts';
import { FACILITIES, type Facility } from '../outputs/syslog/payload.ts';
import { syslogOutput } from '../outputs/syslog/post.ts';
import { webhookOutput } from '../outputs/webhook/post.ts';
import type { Fields } from './fields.ts';

/** What the program gives its outputs. */
export interface OutputContext {
  readonly sink: Sink;
  readonly openEvents: () => Iterable<SecurityEvent>;
  readonly say: (message: string) => void;
}

export type MakeOutput = (context: OutputContext) => Output;

interface Common {
  readonly name: string;
  readonly minSeverity: number | undefined;
  readonly passwords: boolean | undefined;
}

/** Reads its settings; undefined where one is missing that it cannot do without, which has been noted. */
type ReadOutput = (fields: Fields, common: Common) => MakeOutput | undefined;

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_|~-]{1,64}$/;
/** Headers that carry a secret by their name. */
const SECRET_NAME = /authorization|cookie|token|secret|key$/i;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/;
const HOST_PORT = /^(tcp|tls):\/\/(\[[0-9a-fA-F:.]+\]|[^[\]/:@]+):(\d{1,5})$/;

export const OUTPUT_TYPES: Readonly<Record<string, ReadOutput>> = {
  stdout:
    (_, common) =>
    ({ sink }) =>
      stdoutOutput({ ...common, sink }),

  alertmanager(fields, common) {
    const target = targetOf(fields);
    const resendMs = fields.duration('resend', SECOND_MS, 60 * MINUTE_MS);
    const labels = namesOf(fields, 'labels', LABEL_NAME, 'a label: letters, digits and "_"');
    return (
      target && (({ openEvents, say }) => alertmanagerOutput({ ...common, target, openEvents, say, labels, resendMs }))
    );
  },

  falcosidekick(fields, common) {
    const target = targetOf(fields);
    return target && (() => falcosidekickOutput({ ...common, target }));
  },

  webhook(fields, common) {
    const target = targetOf(fields);
    const secret = fields.secret('secret');
    return target && (() => webhookOutput({ ...common, target, secret }));
  },

  // Whoever knows the address of such a webhook can post to it: it is a secret.
  slack(fields, common) {
    const target = targetOf(fields, true);
    return target && (() => slackOutput({ ...common, target }));
  },

  syslog(fields, { passwords = false, ...common }) {
    const address = fields.text('address');
    const facility = fields.choice('facility', Object.keys(FACILITIES) as Facility[]) ?? 'local0';
    const ca = fields.file('ca');
    if (address === undefined) {
      if (!fields.has('address')) fields.refuse('address', 'is missing: tcp://HOST:PORT or tls://HOST:PORT');
      return undefined;
    }
    const [, scheme, host = '', port] = HOST_PORT.exec(address) ?? [];
    if (scheme === undefined || Number(port) < 1 || Number(port) > 65_535)
      return fields.refuse('address', `${JSON.stringify(address)} must be tcp://HOST:PORT or tls://HOST:PORT`);
    return () =>
      syslogOutput({
        ...common,
        passwords,
        facility,
        ca,
        secure: scheme === 'tls',
        host: host.replace(/^\[|\]$/g, ''),
        port: Number(port),
        hostname: hostname(),
      });
  },
};

function targetOf(fields: Fields, secret = false): HttpTarget | undefined {
  const url = fields.url('url', ['http:', 'https:'], secret);
  const headers = namesOf(fields, 'headers', HEADER_NAME, 'a header name');
  for (const [name, value] of Object.entries(headers ?? {}))
    if (/[^\t\x20-\x7e]/.test(value))
      fields.refuse('headers', `${name}: its value must be printable ASCII on one line`);
  const ca = fields.file('ca');
  const timeoutMs = fields.duration('timeout', 100, 5 * MINUTE_MS);
  if (!url) {
    if (!fields.has('url')) fields.refuse('url', 'is missing: http://… or https://…');
    return undefined;
  }
  return { url, headers, ca, timeoutMs };
}

function namesOf(
  fields: Fields,
  key: string,
  allowed: RegExp,
  what: string,
): Readonly<Record<string, string>> | undefined {
  const texts = fields.texts(key, SECRET_NAME);
  for (const name of Object.keys(texts ?? {}))
    if (!allowed.test(name)) fields.refuse(key, `${JSON.stringify(name)} must be ${what}`);
  return texts;
}
