// Replies that clients ask for and do not take, over all connections together: past the cap whoever takes least of the most is hung up on.
import type { Socket } from 'node:net';

export class UnsentReplies {
  readonly #sockets = new Set<Socket>();
  readonly #limit: number;

  /** `limit` in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Counts what the kernel did not take of what was just written. */
  wrote(socket: Socket): void {
    if (socket.writableLength === 0) return;
    this.#sockets.add(socket);
    let most = socket;
    let all = 0;
    for (const other of this.#sockets) {
      if (other.destroyed || other.writableLength === 0) {
        this.#sockets.delete(other);
        continue;
      }
      all += other.writableLength;
      if (other.writableLength > most.writableLength) most = other;
    }
    if (all <= this.#limit) return;
    this.#sockets.delete(most);
    most.destroy();
  }
}
