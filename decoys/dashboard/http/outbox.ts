// An answer on its way out: as many writes as nginx makes segments, and no more in memory than the client takes.
import type { Socket } from 'node:net';
import type { Reply } from './reply.ts';

/** A large file leaves in pieces of this. */
const SLICE_BYTES = 128 * 1024;
/** A body up to this is cheaper to join with its header as text than as bytes. */
const JOINED_BYTES = 8 * 1024;

/** A body in pieces worth a write each. */
function slicesOf(body: readonly Buffer[]): Buffer[] {
  return body.flatMap((piece) => {
    if (piece.length <= SLICE_BYTES) return piece;
    const count = Math.ceil(piece.length / SLICE_BYTES);
    return Array.from({ length: count }, (_slice, at) => piece.subarray(at * SLICE_BYTES, (at + 1) * SLICE_BYTES));
  });
}

const NOTHING: Buffer[] = [];

export class Outbox {
  readonly #socket: Socket;
  #unsent = NOTHING;
  #delayed = true;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** `bodiless` for HEAD. */
  put(head: string, { body, file, text }: Reply, bodiless: boolean): void {
    const socket = this.#socket;
    const [only] = body;
    if (bodiless || only === undefined) socket.write(head, 'latin1');
    else if (file) {
      socket.write(head, 'latin1');
      if (body.length === 1 && only.length <= SLICE_BYTES) socket.write(only);
      else this.#unsent = slicesOf(body);
    } else if (body.length === 1 && only.length <= JOINED_BYTES) {
      socket.write(head + (text ?? only.toString('latin1')), 'latin1');
    } else socket.write(Buffer.concat([Buffer.from(head, 'latin1'), ...body]));
  }

  /** From now on no segment waits for the one before it to be acknowledged. */
  atOnce(): void {
    if (!this.#delayed) return;
    this.#delayed = false;
    this.#socket.setNoDelay(true);
  }

  /** Hands on what is left; false where the client has to take some of it first. */
  push(): boolean {
    const socket = this.#socket;
    while (this.#unsent.length > 0 && !socket.writableNeedDrain) socket.write(this.#unsent.shift()!);
    return this.#unsent.length === 0 && !socket.writableNeedDrain;
  }

  clear(): void {
    this.#unsent = NOTHING;
  }
}
