// Sets of global transaction ids read from their text, with the place at which a malformed one stops being one.
// Source: https://dev.mysql.com/doc/refman/9.7/en/replication-gtids-concepts.html; reasons and excerpts as recorded from 9.7.4.

export type Interval = readonly [first: bigint, last: bigint];
/** Intervals, in order and apart, by source: a UUID, or one with `:tag`. */
export type GtidSet = Map<string, Interval[]>;

/** Longest text read of a set, in characters. */
const SET_CHARACTERS = 65_536;
/** The last number a transaction may have. */
const LAST_NUMBER = 9_223_372_036_854_775_806n;
const LARGEST_NUMBER = 18_446_744_073_709_551_615n;
/** Bytes of a UUID after which a hyphen may stand. */
const HYPHENS: ReadonlySet<number> = new Set([4, 6, 8, 10]);
const UUID_BYTES = 16;
const TAG_CHARACTERS = 32;
/** Characters shown of what is before and after the place; longer ones lose three more to an ellipsis. */
const SHOWN_BEFORE = 14;
const SHOWN_AFTER = 28;

const HEX = /^[0-9a-f]$/i;
const DIGIT = /^[0-9]$/;
const TAG_START = /^[a-z_]$/i;
const TAG_CHARACTER = /^[a-z0-9_]$/i;

/** What is wrong, and where, in the server's words. */
function reasonAt(text: string, at: number, wrong: string): string {
  const rest = text.slice(at);
  const after = rest.length > SHOWN_AFTER ? `${rest.slice(0, SHOWN_AFTER - 3)}...` : rest;
  if (at === 0) return `${wrong} at the beginning of the string: "${after}"`;
  const before = at > SHOWN_BEFORE ? `...${text.slice(at - SHOWN_BEFORE + 3, at)}` : text.slice(0, at);
  return `${wrong} after ${at} characters, marked by [HERE] in: "${before}[HERE]${after}"`;
}

/** Reads one set from left to right; `reason` is set where it stopped early. */
class GtidReader {
  readonly set: GtidSet = new Map();
  reason: string | undefined;
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text.slice(0, SET_CHARACTERS);
  }

  #fail(wrong: string, at: number = this.#at): false {
    this.reason = reasonAt(this.#text, at, wrong);
    return false;
  }

  #is(pattern: RegExp): boolean {
    return pattern.test(this.#text[this.#at] ?? '');
  }

  #spaces(): void {
    while (this.#is(/\s/)) this.#at++;
  }

  #accept(mark: string): boolean {
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  read(): void {
    this.#spaces();
    while (this.#at < this.#text.length) {
      if (this.#accept(',')) {
        this.#spaces();
        continue;
      }
      if (!this.#source()) return;
      this.#spaces();
      if (this.#at < this.#text.length && this.#text[this.#at] !== ',') {
        this.#fail('Expected ","');
        return;
      }
    }
  }

  /** The UUID in lower case, with or without its braces and hyphens. */
  #uuid(): string | undefined {
    const braced = this.#accept('{');
    let uuid = '';
    let hyphenated = false;
    for (let byte = 0; byte < UUID_BYTES; byte++) {
      if (HYPHENS.has(byte)) {
        if (byte === 4 && !braced) hyphenated = this.#accept('-');
        else if ((braced || hyphenated) && !this.#accept('-')) return this.#fail('Expected "-"') || undefined;
        uuid += '-';
      }
      if (this.#text.length - this.#at < 2) return this.#fail('Expected at least two hex digits') || undefined;
      for (let digit = 0; digit < 2; digit++) {
        if (!this.#is(HEX)) return this.#fail('Expected hex digit') || undefined;
        uuid += this.#text[this.#at++];
      }
    }
    if (braced && !this.#accept('}')) return this.#fail('Expected "}"') || undefined;
    return uuid.toLowerCase();
  }

  #source(): boolean {
    const uuid = this.#uuid();
    if (uuid === undefined) return false;
    let key = uuid;
    for (let first = true; ; first = false) {
      this.#spaces();
      if (!this.#accept(':')) return true;
      this.#spaces();
      const tag = this.#tag();
      if (tag !== undefined) key = `${uuid}:${tag}`;
      // A colon may be the last thing after the source, not after an interval.
      else if (first && this.#ends()) return true;
      else if (!this.#interval(key)) return false;
    }
  }

  #ends(): boolean {
    return this.#at >= this.#text.length || this.#text[this.#at] === ',';
  }

  #tag(): string | undefined {
    if (!this.#is(TAG_START)) return undefined;
    let end = this.#at;
    while (TAG_CHARACTER.test(this.#text[end] ?? '')) end++;
    if (end - this.#at > TAG_CHARACTERS) return undefined;
    const tag = this.#text.slice(this.#at, end).toLowerCase();
    this.#at = end;
    return tag;
  }

  #number(): bigint | undefined {
    const start = this.#at;
    while (this.#is(DIGIT)) this.#at++;
    if (this.#at === start) return this.#fail('Expected number') || undefined;
    const number = BigInt(this.#text.slice(start, Math.min(this.#at, start + 40)));
    if (number <= LARGEST_NUMBER) return number;
    return this.#fail('Number out of range', start) || undefined;
  }

  #interval(key: string): boolean {
    const start = this.#at;
    const first = this.#number();
    if (first === undefined) return false;
    if (first < 1n || first > LAST_NUMBER) return this.#fail('Interval start out of range', start);
    let last = first;
    this.#spaces();
    if (this.#accept('-')) {
      this.#spaces();
      const given = this.#number();
      if (given === undefined) return false;
      if (given > LAST_NUMBER) return this.#fail('Interval end out of range');
      last = given;
    }
    if (last >= first) this.#add(key, [first, last]);
    return true;
  }

  #add(key: string, interval: Interval): void {
    const kept = this.set.get(key);
    if (kept) kept.push(interval);
    else this.set.set(key, [interval]);
  }
}

/** Intervals in order, those that meet as one. */
function joined(intervals: readonly Interval[]): Interval[] {
  const made: Interval[] = [];
  for (const [first, last] of [...intervals].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
    const before = made.at(-1);
    if (!before || first > before[1] + 1n) made.push([first, last]);
    else if (last > before[1]) made[made.length - 1] = [before[0], last];
  }
  return made;
}

/** The set a text holds, or the reason it holds none. */
export function readGtidSet(text: string): GtidSet | string {
  const reader = new GtidReader(text);
  reader.read();
  if (reader.reason !== undefined) return reader.reason;
  for (const [source, intervals] of reader.set) reader.set.set(source, joined(intervals));
  return reader.set;
}

/** Intervals of `a` without those of `b`, both in order. */
function without(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const left: Interval[] = [];
  let at = 0;
  for (const [first, last] of a) {
    let start = first;
    while (at < b.length && (b[at] as Interval)[1] < start) at++;
    for (let next = at; next < b.length && (b[next] as Interval)[0] <= last; next++) {
      const [low, high] = b[next] as Interval;
      if (start < low) left.push([start, low - 1n]);
      start = high + 1n;
    }
    if (start <= last) left.push([start, last]);
  }
  return left;
}

/** What is in `a` and not in `b`. */
export function subtractGtids(a: GtidSet, b: GtidSet): GtidSet {
  const left: GtidSet = new Map();
  for (const [source, intervals] of a) {
    const rest = without(intervals, b.get(source) ?? []);
    if (rest.length > 0) left.set(source, rest);
  }
  return left;
}

/** The set as the server writes it: sources in order, each UUID once with its tags after it. */
export function writeGtidSet(set: GtidSet): string {
  const uuids = new Map<string, string>();
  for (const [source, intervals] of [...set].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [uuid = '', tag] = source.split(':');
    const numbers = intervals.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`));
    uuids.set(uuid, [uuids.get(uuid) ?? uuid, ...(tag === undefined ? [] : [tag]), ...numbers].join(':'));
  }
  return [...uuids.values()].join(',\n');
}
