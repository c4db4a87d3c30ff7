// Statements a session keeps by PREPARE, as text; names match in any case.
// Source: https://dev.mysql.com/doc/refman/9.7/en/prepare.html
import type { SessionBytes } from '../overlay/kept.ts';
import { detached, detachedBytes } from '../sql/value/detached.ts';
import type { SqlType } from '../sql/value/type.ts';

/** Statements one session may keep so. */
const MAX_PREPARED = 64;
/** What one takes beyond its text, in bytes. */
const ENTRY_BYTES = 256;

export class PreparedTexts {
  readonly #kept: SessionBytes;
  #textsMade: Map<string, Buffer> | undefined;
  #pinsMade: Map<string, Map<number, SqlType>> | undefined;

  /** Books what it keeps with `kept`. */
  constructor(kept: SessionBytes) {
    this.#kept = kept;
  }

  /** Names, in lower case, and what each stands for. */
  entries(): IterableIterator<[string, Buffer]> {
    return this.#texts.entries();
  }

  get(name: string): Buffer | undefined {
    return this.#texts.get(name.toLowerCase());
  }

  /** Types its parameters keep from one EXECUTE to the next. */
  pins(name: string): Map<number, SqlType> | undefined {
    return this.#pins.get(name.toLowerCase());
  }

  /** Keeps a statement in place of the one of that name; false where there is no room. */
  keep(name: string, text: Buffer): boolean {
    this.forget(name);
    if (this.#texts.size >= MAX_PREPARED || !this.#kept.book(ENTRY_BYTES + text.length)) return false;
    const key = detached(name.toLowerCase());
    this.#texts.set(key, detachedBytes(text));
    this.#pins.set(key, new Map());
    return true;
  }

  forget(name: string): void {
    const text = this.get(name);
    if (!text) return;
    this.#kept.book(-ENTRY_BYTES - text.length);
    this.#texts.delete(name.toLowerCase());
    this.#pins.delete(name.toLowerCase());
  }

  clear(): void {
    for (const name of [...this.#texts.keys()]) this.forget(name);
  }

  /** Made when it is first asked for: most sessions of a crowd never do. */
  get #texts(): Map<string, Buffer> {
    this.#textsMade ??= new Map();
    return this.#textsMade;
  }

  /** Made when it is first asked for: most sessions of a crowd never do. */
  get #pins(): Map<string, Map<number, SqlType>> {
    this.#pinsMade ??= new Map();
    return this.#pinsMade;
  }
}
