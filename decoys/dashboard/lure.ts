// The lure: a port that connects, reads what comes and never answers. To the caller the service behind it hangs.
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { type ClientHello, parseClientHello } from '../touch/client-hello.ts';
import { connectionRoom } from '../touch/descriptors.ts';
import { type ListenOptions, listen } from '../touch/listen.ts';
import { ticksMs } from '../touch/ticks.ts';
import { type Peer, peerOf } from './http/peer.ts';
import { type Client, createReadingServer } from './reading.ts';

/** The service hangs up after this long, as one whose upstream does not answer. */
export const HOLD_MS = 60_000;
/** What is read of one connection at most; past it the client is only held. */
const READ_BYTES = 16 * 1024;
/** A client that has sent nothing readable by then is a touch of its own. */
const NOTICE_MS = 300;
const CONNECTIONS = 2048;
/** Of the descriptors there are; the debug site has the rest. */
const DESCRIPTORS_SHARE = 1 / 3;
const NOTHING = Buffer.alloc(0);

export interface LureObserver {
  /** A connection over which nothing has come yet. */
  connected(peer: Peer, at: number): void;
  greeted(peer: Peer, hello: ClientHello, sent: Buffer, at: number): void;
  /** Anything else than a ClientHello. */
  spoke(peer: Peer, sent: Buffer, sha256: string, at: number): void;
  /** A connection reset before its peer could be read. */
  vanished(port: number, at: number): void;
  /** Still waiting when the decoy hung up. */
  heldOut(peer: Peer, at: number, openMs: number): void;
}

export interface Lure {
  close(): Promise<void>;
}

function hold(socket: Socket, peer: Peer, observer: LureObserver, gone: () => void): Client {
  const openedAt = ticksMs();
  let bytes: Buffer = NOTHING;
  let read = 0;
  let told = false;
  let over = false;
  let pause = setTimeout(tell, NOTICE_MS);
  const hang = setTimeout(() => {
    tell();
    observer.heldOut(peer, Date.now(), ticksMs() - openedAt);
    finish();
  }, HOLD_MS);

  /** Tells of what came since the last time, or once that nothing did. */
  function tell(): void {
    if (bytes.length > 0) {
      const hello = parseClientHello(bytes);
      if (hello !== undefined && hello !== 'more') observer.greeted(peer, hello, bytes, Date.now());
      else observer.spoke(peer, bytes, createHash('sha256').update(bytes).digest('hex'), Date.now());
      bytes = NOTHING;
    } else if (!told) observer.connected(peer, Date.now());
    told = true;
  }

  function finish(): void {
    if (over) return;
    over = true;
    tell();
    clearTimeout(pause);
    clearTimeout(hang);
    socket.destroy();
    gone();
  }

  function take(chunk: Buffer): void {
    const room = READ_BYTES - read;
    if (over || room <= 0) return;
    read += Math.min(room, chunk.length);
    bytes = Buffer.concat([bytes, chunk.subarray(0, room)]);
    clearTimeout(pause);
    // A hello is told of as soon as it is whole, anything else once it stops coming for a moment.
    const hello = parseClientHello(bytes);
    if (hello !== undefined && hello !== 'more') tell();
    else pause = setTimeout(tell, NOTICE_MS);
  }

  return { take, ended: finish, gone: finish, drained: () => undefined };
}

export async function startLure(options: ListenOptions, observer: LureObserver): Promise<Lure> {
  const callers = new Set<Client>();
  const room = connectionRoom(CONNECTIONS, DESCRIPTORS_SHARE);
  const server = createReadingServer((socket) => {
    const peer = peerOf(socket);
    if (!peer) {
      observer.vanished(options.port, Date.now());
      return undefined;
    }
    if (callers.size >= room) callers.values().next().value?.gone();
    const caller = hold(socket, peer, observer, () => callers.delete(caller));
    callers.add(caller);
    return caller;
  });
  await listen(server, options);
  return {
    async close() {
      server.close();
      for (const caller of [...callers]) caller.gone();
    },
  };
}
