// Locks of GET_LOCK a session holds, each as often as it took it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/locking-functions.html
import { detached } from '../sql/value/detached.ts';

const MAX_LOCKS = 16;

export class UserLocks {
  #heldMade: Map<string, number> | undefined;

  /** False where the session holds as many as it may. */
  take(name: string): boolean {
    if (this.#held.size >= MAX_LOCKS && !this.#held.has(name)) return false;
    this.#held.set(detached(name), (this.#held.get(name) ?? 0) + 1);
    return true;
  }

  names(): IterableIterator<string> {
    return this.#held.keys();
  }

  holds(name: string): boolean {
    return this.#held.has(name);
  }

  /** Undefined where the lock is not held. */
  release(name: string): boolean | undefined {
    const held = this.#held.get(name);
    if (held === undefined) return undefined;
    if (held === 1) this.#held.delete(name);
    else this.#held.set(name, held - 1);
    return true;
  }

  /** How often the locks now released were held. */
  releaseAll(): bigint {
    let count = 0n;
    for (const held of this.#held.values()) count += BigInt(held);
    this.#held.clear();
    return count;
  }

  /** Made when it is first asked for: most sessions of a crowd never do. */
  get #held(): Map<string, number> {
    this.#heldMade ??= new Map();
    return this.#heldMade;
  }
}
