// A client that has just come: where from, which thread of the server answers it, and what its touches will say of it.
import type { Socket } from 'node:net';
import type { Recorder } from '../../touch/recorder.ts';
import { uuidv7 } from '../../touch/uuid.ts';
import type { Overlay } from '../overlay/overlay.ts';
import type { ServerState } from '../session/server-state.ts';
import { Session } from '../session/session.ts';
import { Touches } from '../touches.ts';

export interface Arrival {
  readonly overlay: Overlay;
  readonly session: Session;
  readonly touches: Touches;
}

function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '');
}

/** Books a client with the server; `at` is in ms since the epoch. */
export function arrive(socket: Socket, server: ServerState, recorder: Recorder, at: number): Arrival {
  const address = plainAddress(socket.remoteAddress);
  const [port, ownPort] = [socket.remotePort ?? 0, socket.localPort ?? 0];
  const connectionId = server.nextConnectionId();
  const overlay = server.overlays.of(address, at);
  overlay.connections++;
  const session = new Session({ server, overlay, connectionId, address, port, connectedMs: at });
  const touches = new Touches(recorder, {
    session: uuidv7(at),
    connectionId,
    source: { ip: address, port },
    destination: { ip: plainAddress(socket.localAddress), port: ownPort },
  });
  server.count('Connections');
  return { overlay, session, touches };
}
