// Statements a session keeps by PREPARE, as text; names match in any case.
// Source: https://dev.mysql.com/doc/refman/9.7/en/prepare.html
import type { SessionBytes } from '../overlay/kept.ts';
import { detached, detachedBytes } from '../sql/value/detached.ts';

/** Statements one session may keep so. */
const MAX_PREPARED = 64;
/** What one takes beyond its text, in bytes. */
const ENTRY_BYTES = 256;

export class PreparedTexts {
  readonly #kept: SessionBytes;
  readonly #texts = new Map<string, Buffer>();

  /** Books what it keeps with `kept`. */
  constructor(kept: SessionBytes) {
    this.#kept = kept;
  }

  get(name: string): Buffer | undefined {
    return this.#texts.get(name.toLowerCase());
  }

  /** Keeps a statement in place of the one of that name; false where there is no room. */
  keep(name: string, text: Buffer): boolean {
    this.forget(name);
    if (this.#texts.size >= MAX_PREPARED || !this.#kept.book(ENTRY_BYTES + text.length)) return false;
    this.#texts.set(detached(name.toLowerCase()), detachedBytes(text));
    return true;
  }

  forget(name: string): void {
    const text = this.get(name);
    if (!text) return;
    this.#kept.book(-ENTRY_BYTES - text.length);
    this.#texts.delete(name.toLowerCase());
  }

  clear(): void {
    for (const name of [...this.#texts.keys()]) this.forget(name);
  }
}
