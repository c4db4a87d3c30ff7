// A client comes and goes: where from, which thread of the server answers it, what its touches will say of it, and what it leaves.
import type { Socket } from 'node:net';
import { plainAddress } from '../../touch/plain-address.ts';
import type { Recorder } from '../../touch/recorder.ts';
import { uuidv7 } from '../../touch/uuid.ts';
import type { Overlay } from '../overlay/overlay.ts';
import type { ServerState } from '../session/server-state.ts';
import { Session } from '../session/session.ts';
import { Touches } from '../touches.ts';

interface Arrival {
  readonly overlay: Overlay;
  readonly session: Session;
  readonly touches: Touches;
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

/** Takes a client off the server's books: its transaction is taken back, and what it held is free. `at` is in ms since the epoch. */
export function depart(session: Session, at: number): void {
  const { server, overlay, connectionId } = session;
  session.transaction.rollback();
  session.transaction.commit();
  session.kept.release();
  server.sessions.delete(connectionId);
  server.historyOf(overlay).end(connectionId);
  session.end();
  overlay.connections--;
  overlay.lastUsedMs = at;
}
