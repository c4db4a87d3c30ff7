// A TLS ClientHello as a touch: its fingerprint, the server it asks for, the protocols it would speak.

import type { ClientHello } from '../../touch/client-hello.ts';
import type { Touch } from '../../touch/touch.ts';
import type { Peer } from '../http/peer.ts';
import { readable } from '../text.ts';
import { connectionFields, type EndpointName } from './fields.ts';

const VERSIONS: Readonly<Record<number, string>> = { 772: '1.3', 771: '1.2', 770: '1.1', 769: '1.0', 768: '3.0' };

export function helloTouch(peer: Peer, hello: ClientHello, sent: Buffer, at: number, endpoint: EndpointName): Touch {
  const base = connectionFields(peer, at, endpoint);
  const tls: NonNullable<Touch['tls']> = {
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
