// Which moments of a source's tables transactions still read: REPEATABLE READ reads all its tables as they were when it first read any.
// Source: https://dev.mysql.com/doc/refman/9.7/en/innodb-consistent-read.html
import type { Holder } from './row-locks.ts';
import type { RowVersions } from './row-versions.ts';

/** A moment: what was committed, and defined, later is not seen. */
export interface ReadView {
  readonly at: number;
}

export class ReadViews {
  #moment = 0;
  #booked = 0;
  /** In the order they were taken, the oldest first. */
  readonly #open = new Map<Holder, ReadView>();
  readonly #kept = new Set<RowVersions>();
  /** Books bytes of row versions, gives them back where they are fewer than none; false where there is no room. */
  #book: (bytes: number) => boolean = () => false;

  /** The next moment, in which something is committed. */
  next(): number {
    this.#moment++;
    return this.#moment;
  }

  /** The view of a transaction, from now on where it had none. */
  of(holder: Holder, book: (bytes: number) => boolean): ReadView {
    const known = this.#open.get(holder);
    if (known) return known;
    this.#book = book;
    const view = { at: this.#moment };
    this.#open.set(holder, view);
    return view;
  }

  /** True where a transaction besides `holder` reads an earlier moment. */
  wanted(holder: Holder): boolean {
    return this.#open.size > (this.#open.has(holder) ? 1 : 0);
  }

  /** Books a version of a row kept in `versions`; false where there is no room. */
  keep(versions: RowVersions, bytes: number): boolean {
    if (!this.#book(bytes)) return false;
    this.#booked += bytes;
    this.#kept.add(versions);
    return true;
  }

  /** A transaction ends, and with it what only its view read. */
  close(holder: Holder): void {
    const view = this.#open.get(holder);
    if (!view) return;
    this.#open.delete(holder);
    const [oldest] = this.#open.values();
    if (oldest && oldest.at <= view.at) return;
    let bytes = 0;
    for (const versions of this.#kept) {
      bytes += versions.forgetUntil(oldest ? oldest.at : this.#moment);
      if (!versions.some) this.#kept.delete(versions);
    }
    // Versions of removals taken back went before, unbooked: with the last view nothing is left.
    if (!oldest) bytes = this.#booked;
    this.#booked -= bytes;
    this.#book(-bytes);
  }
}
