// What sessions keep between statements (variables, prepared statements, cursors, what a rollback takes back), booked over all of them
// together: nobody can fill the process by opening more connections, and no source can take more than half of it from the others.
import type { Overlay } from './overlay.ts';

export class KeptBytes {
  readonly #limit: number;
  #all = 0;

  /** `limit` in bytes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** False where there is no room for `bytes` more of this source. */
  book(overlay: Overlay, bytes: number): boolean {
    if (bytes > 0 && (this.#all + bytes > this.#limit || overlay.sessionBytes + bytes > this.#limit / 2)) return false;
    this.#all += bytes;
    overlay.sessionBytes += bytes;
    return true;
  }
}

/** What one session has booked. */
export class SessionBytes {
  readonly #kept: KeptBytes;
  readonly #overlay: Overlay;
  #held = 0;

  constructor(kept: KeptBytes, overlay: Overlay) {
    this.#kept = kept;
    this.#overlay = overlay;
  }

  /** Books `bytes` more, or gives back where they are fewer than none; false where there is no room. */
  book(bytes: number): boolean {
    if (!this.#kept.book(this.#overlay, bytes)) return false;
    this.#held += bytes;
    return true;
  }

  /** As `book`, for what outlasts the session. */
  readonly shared = (bytes: number): boolean => this.#kept.book(this.#overlay, bytes);

  /** Gives everything back. */
  release(): void {
    this.#kept.book(this.#overlay, -this.#held);
    this.#held = 0;
  }
}
