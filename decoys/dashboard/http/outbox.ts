// An answer on its way out: as many writes as nginx makes segments, and no more in memory than the client takes.
import type { Socket } from 'node:net';
import type { Reply } from './reply.ts';

/** A large file leaves in pieces of this. */
const SLICE_BYTES = 128 * 1024;
/** A body up to this is cheaper to join with its header than to send on its own. */
const JOINED_BYTES = 8 * 1024;

export interface Outbox {
  /** `bodiless` for HEAD; `joined` to save a system call where nobody is left to notice. */
  put(head: string, reply: Reply, bodiless: boolean, joined: boolean): void;
  /** Hands on what is left; false where the client has to take some of it first. */
  push(): boolean;
  clear(): void;
}

/** A body in pieces worth a write each. */
function slicesOf(body: readonly Buffer[]): Buffer[] {
  return body.flatMap((piece) => {
    if (piece.length <= SLICE_BYTES) return piece;
    const count = Math.ceil(piece.length / SLICE_BYTES);
    return Array.from({ length: count }, (_slice, at) => piece.subarray(at * SLICE_BYTES, (at + 1) * SLICE_BYTES));
  });
}

export function createOutbox(socket: Socket): Outbox {
  let unsent: Buffer[] = [];
  return {
    put(head, reply, bodiless, joined) {
      const [only] = reply.body;
      if (bodiless || only === undefined) socket.write(head, 'latin1');
      else if (reply.file && (reply.bytes > JOINED_BYTES || !joined)) {
        socket.write(head, 'latin1');
        unsent = slicesOf(reply.body);
      } else if (reply.body.length === 1 && only.length <= JOINED_BYTES) {
        socket.write(head + only.toString('latin1'), 'latin1');
      } else socket.write(Buffer.concat([Buffer.from(head, 'latin1'), ...reply.body]));
    },
    push() {
      while (unsent.length > 0 && !socket.writableNeedDrain) socket.write(unsent.shift()!);
      return unsent.length === 0 && !socket.writableNeedDrain;
    },
    clear() {
      unsent = [];
    },
  };
}
