// From what connections tell to touches: the facts of a request in ECS words, one touch a request.
import { createHash } from 'node:crypto';
import type { TechniqueId } from '../touch/actions.ts';
import { escapeBytes } from '../touch/caps.ts';
import type { Recorder } from '../touch/recorder.ts';
import { PRIORITY, type Touch } from '../touch/touch.ts';
import { vanishedTouch } from '../touch/vanished.ts';
import { type ClientHello, looksLikeTls, parseClientHello } from './client-hello.ts';
import { credentialOf } from './credential.ts';
import type { Exchange, Observer, Peer } from './http/exchange.ts';
import type { Head } from './http/head.ts';
import type { Header } from './http/header-list.ts';
import type { LureObserver } from './lure.ts';
import { createScrutiny, type Finding, type Scrutiny } from './signatures/scrutiny.ts';
import { HIDDEN, hideSecrets, readable } from './text.ts';

const TCP = 6;
const HEADER_LINES = 64;
const HEADER_BYTES = 512;
const BODY_SHOWN_BYTES = 1_024;
const MESSAGE_TARGET_CHARS = 200;
const SECRET_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
  'x-auth-token',
]);
const NS_PER_MS = 1e6;

type Tls = NonNullable<Touch['tls']>;

/** The parts of a touch that every connection has. */
function connectionFields(peer: Peer, at: number, endpoint: string) {
  return {
    at,
    source: { ip: peer.address, port: peer.port },
    destination: { ip: peer.localAddress, port: peer.localPort },
    protocol: TCP,
    priority: PRIORITY.completed,
    honeypod: { session: peer.session, endpoint },
  } as const;
}

export function createDashboardObserver(recorder: Pick<Recorder, 'touch' | 'logCredentials'>): Observer {
  const endpoint = 'debug';
  const scrutiny: Scrutiny = createScrutiny();
  const open = recorder.logCredentials;

  return {
    exchanged(exchange) {
      recorder.touch(requestTouch(exchange, scrutiny.request(exchange), open, endpoint));
    },

    refused(peer, failure, sent, bytes, at, responseBytes) {
      const base = connectionFields(peer, at, endpoint);
      const hello = looksLikeTls(sent) ? parseClientHello(sent) : undefined;
      if (hello !== undefined && hello !== 'more') {
        recorder.touch(helloTouch(peer, hello, sent, at, endpoint));
        return;
      }
      const finding = scrutiny.refusal(peer, failure, sent);
      const { line } = failure;
      const status = failure.status === 494 ? 400 : failure.status;
      recorder.touch({
        ...base,
        action: 'http-malformed',
        outcome: 'failure',
        application: looksLikeTls(sent) ? 'tls' : 'http',
        bytes,
        reason: failure.reason,
        http: {
          response: { status_code: status, bytes: responseBytes },
          ...(line ? { request: { method: line.method } } : {}),
        },
        ...(line ? { url: { original: shown(line.target, open) } } : {}),
        ...userAgentOf(failure.known),
        ...techniques(finding),
        ...priorityOf(finding),
        honeypod: {
          ...base.honeypod,
          ...payload(sent, bytes, open),
          ...signature(finding),
          ...(failure.headers.length > 0 ? { http: { headers: headerLines(failure.headers, open) } } : {}),
        },
        foldKey: `http-malformed ${finding?.name ?? failure.reason}`,
        message: `${line ? `${line.method} ${clipped(shown(line.target, open))}` : 'bytes that are no request'} ${status} (${failure.reason})`,
      });
    },

    broken(peer, sent, bytes, ending, at, head) {
      const base = connectionFields(peer, at, endpoint);
      const timedOut = ending === 'timed out';
      recorder.touch({
        ...base,
        action: 'http-incomplete',
        outcome: 'failure',
        application: 'http',
        bytes,
        reason: ending,
        ...(timedOut ? { techniques: ['T1499.002'] satisfies TechniqueId[] } : {}),
        ...(head ? requestFields(head, open) : {}),
        honeypod: {
          ...base.honeypod,
          ...payload(sent, bytes, open),
          ...(timedOut ? { signature: 'slow-request' } : {}),
          ...(head ? { http: { headers: headerLines(head.headers, open) } } : {}),
        },
        foldKey: `http-incomplete ${ending}`,
        message: head
          ? `${head.line.method} ${clipped(shown(head.line.target, open))} without the end of its body (${ending})`
          : `half a request, ${bytes} bytes (${ending})`,
      });
    },

    connected(peer, at) {
      recorder.touch({
        ...connectionFields(peer, at, endpoint),
        action: 'tcp-connect',
        message: `connected to port ${peer.localPort}`,
      });
    },

    vanished(port, at) {
      const touch = vanishedTouch(port, at);
      recorder.touch({ ...touch, honeypod: { ...touch.honeypod, endpoint } });
    },

    timedOut(peer, at, openMs) {
      recorder.touch({
        ...connectionFields(peer, at, endpoint),
        action: 'tcp-timeout',
        duration: openMs * NS_PER_MS,
        message: `connected to port ${peer.localPort} and sent nothing for ${Math.round(openMs / 1_000)} s`,
      });
    },
  };
}

export function createLureObserver(recorder: Pick<Recorder, 'touch' | 'logCredentials'>): LureObserver {
  const endpoint = 'lure';
  const open = recorder.logCredentials;
  return {
    connected(peer, at) {
      recorder.touch({
        ...connectionFields(peer, at, endpoint),
        action: 'tcp-connect',
        message: `connected to port ${peer.localPort}`,
      });
    },
    greeted(peer, hello, sent, at) {
      recorder.touch(helloTouch(peer, hello, sent, at, endpoint));
    },
    spoke(peer, sent, sha256, at) {
      const base = connectionFields(peer, at, endpoint);
      recorder.touch({
        ...base,
        action: 'tcp-data',
        bytes: sent.length,
        honeypod: { ...base.honeypod, ...payload(sent, sent.length, open, sha256) },
        message: `${sent.length} bytes sent to port ${peer.localPort}`,
      });
    },
    vanished(port, at) {
      const touch = vanishedTouch(port, at);
      recorder.touch({ ...touch, honeypod: { ...touch.honeypod, endpoint } });
    },
    heldOut(peer, at, openMs) {
      recorder.touch({
        ...connectionFields(peer, at, endpoint),
        action: 'tcp-timeout',
        duration: openMs * NS_PER_MS,
        message: `waited ${Math.round(openMs / 1_000)} s on port ${peer.localPort} for an answer`,
      });
    },
  };
}

interface HeadFacts {
  readonly fields: Pick<Touch, 'http' | 'url' | 'userAgent'>;
  readonly headers: readonly string[];
  readonly target: string;
}

/** A head that comes again by the thousand in a flood is put into words once. */
const worded = new WeakMap<Head, HeadFacts>();

function headFacts(head: Head, open: boolean): HeadFacts {
  const known = worded.get(head);
  if (known) return known;
  const facts = {
    fields: requestFields(head, open),
    headers: headerLines(head.headers, open),
    target: clipped(shown(head.line.target, open)),
  };
  worded.set(head, facts);
  return facts;
}

function requestTouch(exchange: Exchange, finding: Finding | undefined, open: boolean, endpoint: string): Touch {
  const { peer, head, body, status, note } = exchange;
  const base = connectionFields(peer, exchange.at, endpoint);
  const credential = credentialOf(head, note);
  const login = note?.credential !== undefined;
  const canary = note?.canary;
  const { fields, headers, target } = headFacts(head, open);
  return {
    ...base,
    ...fields,
    action: login ? 'http-login' : 'http-request',
    outcome: login ? (note?.accepted ? 'success' : 'failure') : status < 400 ? 'success' : 'failure',
    application: 'http',
    bytes: head.bytes + body.bytes,
    duration: exchange.durationNs,
    http: {
      ...fields.http,
      request: {
        ...fields.http?.request,
        bytes: head.bytes + body.bytes,
        body: {
          bytes: body.bytes,
          ...(open && body.bytes > 0 ? { content: escapeBytes(body.kept, BODY_SHOWN_BYTES) } : {}),
        },
      },
      response: {
        status_code: status,
        bytes: exchange.responseBytes,
        body: { bytes: exchange.responseBodyBytes },
        ...(exchange.responseType === undefined ? {} : { mime_type: exchange.responseType }),
      },
    },
    ...(credential?.user === undefined ? {} : { user: readable(credential.user) }),
    ...(canary === undefined ? techniques(finding) : { techniques: ['T1078', 'T1550.001'] satisfies TechniqueId[] }),
    ...priorityOf(canary === undefined ? finding : { urgent: true }),
    honeypod: {
      ...base.honeypod,
      http: { headers: [...headers], ...(body.sha256 && open ? { body_sha256: body.sha256 } : {}) },
      ...(body.bytes > body.kept.length ? { truncated: true } : {}),
      ...signature(finding),
      ...(finding?.tool === undefined ? {} : { scan: { tool: finding.tool } }),
      ...(canary === undefined ? {} : { canary }),
      ...(credential === undefined ? {} : { credential }),
    },
    foldKey: `${login ? 'login' : 'request'} ${finding?.name ?? ''} ${canary ?? ''} ${Math.floor(status / 100)}`,
    message: `${head.line.method} ${target} ${status}`,
  };
}

/** What a head says in ECS words. */
function requestFields(head: Head, open: boolean): Pick<Touch, 'http' | 'url' | 'userAgent'> {
  const { line, uri, known, host } = head;
  const referrer = known.get('referer');
  const type = known.get('content-type');
  return {
    http: {
      version: line.version === 9 ? '0.9' : `1.${line.version - 1000}`,
      request: {
        method: line.method,
        ...(referrer === undefined ? {} : { referrer: shown(referrer, open) }),
        ...(type === undefined ? {} : { mime_type: readable(type) }),
      },
    },
    url: {
      original: shown(line.target, open),
      path: readable(uri.path),
      ...(uri.query === undefined ? {} : { query: shown(`?${uri.query}`, open).slice(1) }),
      ...(host === '' ? {} : { domain: readable(host) }),
      scheme: 'http',
    },
    ...userAgentOf(known),
  };
}

function helloTouch(peer: Peer, hello: ClientHello, sent: Buffer, at: number, endpoint: string): Touch {
  const base = connectionFields(peer, at, endpoint);
  const tls: Tls = {
    established: false,
    version: VERSIONS[hello.version] ?? hello.version.toString(16),
    version_protocol: 'tls',
    ...(hello.alpn[0] === undefined ? {} : { next_protocol: readable(hello.alpn.join(',')) }),
    client: {
      ...(hello.serverName === undefined ? {} : { server_name: readable(hello.serverName) }),
      ja4: hello.ja4,
      supported_ciphers: hello.ciphers.map((cipher) => `0x${cipher.toString(16).padStart(4, '0')}`),
    },
  };
  return {
    ...base,
    action: 'tls-client-hello',
    application: 'tls',
    bytes: sent.length,
    tls,
    ...(hello.serverName === undefined ? {} : { hosts: [readable(hello.serverName)] }),
    foldKey: `tls-client-hello ${hello.ja4}`,
    message: `TLS ClientHello ${hello.ja4}${hello.serverName === undefined ? '' : ` for ${readable(hello.serverName, 253)}`}`,
  };
}

const VERSIONS: Readonly<Record<number, string>> = { 772: '1.3', 771: '1.2', 770: '1.1', 769: '1.0', 768: '3.0' };

function shown(target: string, open: boolean): string {
  const text = readable(target);
  return open ? text : hideSecrets(text);
}

function clipped(target: string): string {
  return target.length > MESSAGE_TARGET_CHARS ? `${target.slice(0, MESSAGE_TARGET_CHARS)}…` : target;
}

function headerLines(headers: readonly Header[], open: boolean): string[] {
  const lines = headers.slice(0, HEADER_LINES).map(({ name, value }) => {
    const hidden = !open && SECRET_HEADERS.has(name.toLowerCase());
    return `${readable(name, HEADER_BYTES)}: ${hidden ? HIDDEN : readable(value, HEADER_BYTES)}`;
  });
  if (headers.length > HEADER_LINES) lines[HEADER_LINES - 1] = `… and ${headers.length - HEADER_LINES + 1} more`;
  return lines;
}

function userAgentOf(known: ReadonlyMap<string, string>): { userAgent?: string } {
  const value = known.get('user-agent');
  return value === undefined ? {} : { userAgent: readable(value) };
}

/** Bytes as evidence; left out where tried passwords may not be logged, since they may hold one. */
function payload(sent: Buffer, bytes: number, open: boolean, sha256?: string) {
  if (sent.length === 0) return {};
  if (!open) return { payload_bytes: bytes };
  return {
    payload: escapeBytes(sent),
    payload_bytes: bytes,
    payload_sha256: sha256 ?? createHash('sha256').update(sent).digest('hex'),
  };
}

function signature(finding: Finding | undefined): { signature?: string } {
  return finding === undefined ? {} : { signature: finding.name };
}

function techniques(finding: Finding | undefined): { techniques?: readonly TechniqueId[] } {
  return finding === undefined ? {} : { techniques: finding.techniques };
}

function priorityOf(finding: Pick<Finding, 'urgent' | 'benign'> | undefined): Pick<Touch, 'priority' | 'urgent'> {
  if (finding === undefined || finding.benign) return {};
  return { priority: PRIORITY.signature, ...(finding.urgent ? { urgent: true } : {}) };
}
