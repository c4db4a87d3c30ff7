// One request and its answer as a touch.
import type { TechniqueId } from '../../touch/actions.ts';
import { escapeBytes } from '../../touch/caps.ts';
import { PRIORITY, type Touch } from '../../touch/touch.ts';
import { credentialOf } from '../credential.ts';
import type { Exchange } from '../http/exchange.ts';
import type { Head } from '../http/head.ts';
import type { Finding } from '../signatures/scrutiny.ts';
import { readable } from '../text.ts';
import { connectionFields, signature, techniques } from './fields.ts';
import { clipped, headerLines, requestFields, shown } from './head-fields.ts';

const TCP = 6;
const BODY_SHOWN_BYTES = 1_024;

/**
 * The touch of a request. `open` says whether what may hold a password may be shown. What only a written line tells is worked out
 * when it is asked for.
 */
export function requestTouch(exchange: Exchange, finding: Finding | undefined, open: boolean): Touch {
  const { peer, head, body, status, note } = exchange;
  const login = note?.credential !== undefined;
  const canary = note?.canary;
  const urgent = canary !== undefined || finding?.urgent === true;
  const grave = canary !== undefined || (finding !== undefined && !finding.benign);
  // No spread here: this is made for every request, and what is spread is copied by name.
  return {
    action: login ? 'http-login' : 'http-request',
    at: exchange.at,
    source: { ip: peer.address, port: peer.port },
    destination: { ip: peer.localAddress, port: peer.localPort },
    protocol: TCP,
    priority: grave ? PRIORITY.signature : PRIORITY.completed,
    urgent: urgent && grave,
    bytes: head.bytes + body.bytes,
    foldKey: `${login ? 'login' : 'request'} ${gravestOf(finding)} ${canary ?? ''} ${Math.floor(status / 100)}`,
    message: `${head.line.method} ${shortTarget(head, open)} ${status}`,
    details: () => details(exchange, finding, open),
  };
}

/** A scanner's run has some thirty signatures in hundreds of combinations: what it does folds by the gravest. */
function gravestOf(finding: Finding | undefined): string {
  const name = finding?.name ?? '';
  const comma = name.indexOf(',');
  return comma === -1 ? name : name.slice(0, comma);
}

/** A head that comes again by the thousand in a flood is put into words once. */
const targets = new WeakMap<Head, string>();

function shortTarget(head: Head, open: boolean): string {
  const known = targets.get(head);
  if (known !== undefined) return known;
  const target = clipped(shown(head.line.target, open));
  if (head.seen > 1) targets.set(head, target);
  return target;
}

function details(exchange: Exchange, finding: Finding | undefined, open: boolean): Partial<Touch> {
  const { peer, head, body, status, note } = exchange;
  const { honeypod } = connectionFields(peer, exchange.at, 'debug');
  const credential = credentialOf(head, note);
  const canary = note?.canary;
  const fields = requestFields(head, open);
  const bytes = head.bytes + body.bytes;
  const succeeded = note?.credential === undefined ? status < 400 : note.accepted === true;
  return {
    ...fields,
    outcome: succeeded ? 'success' : 'failure',
    application: 'http',
    duration: exchange.durationNs,
    http: {
      ...fields.http,
      request: {
        ...fields.http?.request,
        bytes,
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
    honeypod: {
      ...honeypod,
      http: {
        headers: headerLines(head.headers, open),
        ...(body.sha256 && open ? { body_sha256: body.sha256 } : {}),
      },
      ...(body.bytes > body.kept.length ? { truncated: true } : {}),
      ...signature(finding),
      ...(finding?.tool === undefined ? {} : { scan: { tool: finding.tool } }),
      ...(canary === undefined ? {} : { canary }),
      ...(credential === undefined ? {} : { credential }),
    },
  };
}
