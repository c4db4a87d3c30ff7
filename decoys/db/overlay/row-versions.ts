// What rows of a table were before changes that are committed, for transactions whose read view is older.
// Source: https://dev.mysql.com/doc/refman/9.7/en/innodb-multi-versioning.html
import type { Value } from '../sql/value/value.ts';
import type { ReadView, ReadViews } from './read-views.ts';
import { rowBytes } from './row-bytes.ts';
import type { Holder } from './row-locks.ts';

type Row = readonly Value[];

interface Version {
  readonly row: Row;
  /** The row as it was; null where the change made it. */
  readonly before: Row | null;
  readonly at: number;
  readonly by: Holder;
  readonly bytes: number;
}

/** Versions kept of one table; past them the oldest readers see what is newer. */
const MAX_VERSIONS = 4_000;
const VERSION_BYTES = 128;
const NOTHING: ReadonlyMap<Row, Row | null> = new Map();

export class RowVersions {
  /** In the order of their moments. */
  #list: Version[] = [];

  /** Keeps what `row` was before `by` changed it, where somebody still reads that. */
  add(row: Row, before: Row | null, by: Holder, at: number, views: ReadViews): void {
    if (!views.wanted(by) || this.#list.length >= MAX_VERSIONS) return;
    const bytes = VERSION_BYTES + (before ? rowBytes(before) : 0);
    if (views.keep(this, bytes)) this.#list.push({ row, before, at, by, bytes });
  }

  /** A removal is taken back. */
  forget(row: Row): void {
    if (this.#list.length > 0) this.#list = this.#list.filter((version) => version.before !== row);
  }

  get some(): boolean {
    return this.#list.length > 0;
  }

  /** Forgets what no view of `moment` or later reads: the bytes they were kept with. */
  forgetUntil(moment: number): number {
    let bytes = 0;
    let count = 0;
    for (const version of this.#list) {
      if (version.at > moment) break;
      bytes += version.bytes;
      count++;
    }
    this.#list.splice(0, count);
    return bytes;
  }

  /** Rows others changed after the view was taken, each as the view has it. */
  since(view: ReadView | undefined, holder: Holder): ReadonlyMap<Row, Row | null> {
    if (!view || this.#list.length === 0) return NOTHING;
    const seen = new Map<Row, Row | null>();
    for (const { row, before, at, by } of this.#list)
      if (at > view.at && by !== holder && !seen.has(row)) seen.set(row, before);
    return seen;
  }
}
