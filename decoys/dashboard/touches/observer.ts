// From what connections tell to touches: one touch a request, and one for all that never became a request.
import type { TechniqueId } from '../../touch/actions.ts';
import { looksLikeTls, parseClientHello } from '../../touch/client-hello.ts';
import type { Recorder } from '../../touch/recorder.ts';
import { vanishedTouch } from '../../touch/vanished.ts';
import type { Observer } from '../http/exchange.ts';
import { createScrutiny, type Scrutiny } from '../signatures/scrutiny.ts';
import { connectionFields, payload, priorityOf, signature, techniques } from './fields.ts';
import { clipped, headerLines, requestFields, shown, userAgentOf } from './head-fields.ts';
import { helloTouch } from './hello.ts';
import { requestTouch } from './request.ts';

const NS_PER_MS = 1e6;

export function createDashboardObserver(recorder: Pick<Recorder, 'touch' | 'logCredentials'>): Observer {
  const endpoint = 'debug';
  const scrutiny: Scrutiny = createScrutiny();
  const open = recorder.logCredentials;

  return {
    exchanged(exchange) {
      recorder.touch(requestTouch(exchange, scrutiny.request(exchange), open));
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
