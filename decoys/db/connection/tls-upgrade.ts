// A connection's channel goes over to TLS: what was read and not taken is the first of the records, and the socket changes.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html (SSLRequest).
import type { SecureContext } from 'node:tls';
import type { Channel } from './channel.ts';
import { openTls, type Secured, secured, type TlsClient, type TlsLayer } from './tls-layer.ts';

/** What a connection is told of its TLS. */
export interface UpgradeEvents {
  /** The handshake is over; what comes from now on is told by `received`. */
  readonly secured: (told: Secured) => void;
  /** There was none: `first` came where it should have begun. */
  readonly failed: (first: Buffer, client: TlsClient | undefined) => void;
  readonly received: (chunk: Buffer) => void;
  /** The client will send nothing more. */
  readonly ended: () => void;
  readonly drained: () => void;
}

/** Puts TLS under the channel; the caller hands the layer what the socket delivers. */
export function upgrade(channel: Channel, secureContext: SecureContext, events: UpgradeEvents): TlsLayer {
  const raw = channel.socket;
  const rest = channel.handOver();
  const tls = openTls(raw, rest, secureContext, {
    established() {
      const { socket } = tls;
      channel.socket = socket;
      socket.on('data', events.received);
      socket.on('end', events.ended);
      socket.on('drain', events.drained);
      socket.on('close', () => raw.destroySoon());
      events.secured(secured(socket, tls.client()));
    },
    failed: () => events.failed(rest, tls.client()),
  });
  return tls;
}
