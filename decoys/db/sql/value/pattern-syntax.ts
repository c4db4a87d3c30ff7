// Regular expressions read into a tree, by ICU's syntax.
// Source: https://unicode-org.github.io/icu/userguide/strings/regexp.html for the syntax, of which this is the common part.
import { sqlError } from '../errors.ts';
import { MAX_GROUPS } from './pattern.ts';

export type CharTest = (code: number) => boolean;

export type Assertion = 'start' | 'end' | 'line-start' | 'line-end' | 'word' | 'not-word';

export type Node =
  | { readonly kind: 'char'; readonly test: CharTest }
  | { readonly kind: Assertion }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | { readonly kind: 'group'; readonly number: number; readonly item: Node }
  | {
      readonly kind: 'repeat';
      readonly item: Node;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    };

const MAX_DEPTH = 50;

const MAX_REPEAT = 500;

const isDigit: CharTest = (c) => c >= 48 && c <= 57;

export const isWordChar: CharTest = (c) =>
  isDigit(c) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c > 127;

const isSpace: CharTest = (c) => c === 32 || (c >= 9 && c <= 13);

const not =
  (test: CharTest): CharTest =>
  (c) =>
    !test(c);

const CLASSES: Readonly<Record<string, CharTest>> = {
  d: isDigit,
  D: not(isDigit),
  w: isWordChar,
  W: not(isWordChar),
  s: isSpace,
  S: not(isSpace),
};

const POSIX: Readonly<Record<string, CharTest>> = {
  alpha: (c) => (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c > 127,
  digit: isDigit,
  alnum: (c) => isWordChar(c) && c !== 95,
  space: isSpace,
  upper: (c) => c >= 65 && c <= 90,
  lower: (c) => c >= 97 && c <= 122,
  punct: (c) => (c > 32 && c < 48) || (c > 57 && c < 65) || (c > 90 && c < 97) || (c > 122 && c < 127),
  xdigit: (c) => isDigit(c) || (c >= 65 && c <= 70) || (c >= 97 && c <= 102),
};

const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, f: 12, a: 7, e: 27 };

export class PatternParser {
  readonly #text: string;
  #fold: boolean;
  #lines: boolean;
  #dotAll: boolean;
  #at = 0;
  #depth = 0;
  groups = 0;

  constructor(text: string, fold: boolean, modes: string) {
    this.#text = text;
    this.#fold = fold;
    this.#lines = modes.includes('m');
    this.#dotAll = modes.includes('n');
  }

  #fail(): never {
    throw sqlError('ER_REGEXP_RULE_SYNTAX', 1, this.#at);
  }

  parse(): Node {
    const node = this.#choice();
    if (this.#at < this.#text.length) throw sqlError('ER_REGEXP_MISMATCHED_PAREN');
    return node;
  }

  #choice(): Node {
    if (++this.#depth > MAX_DEPTH) this.#fail();
    const options = [this.#sequence()];
    while (this.#text[this.#at] === '|') {
      this.#at++;
      options.push(this.#sequence());
    }
    this.#depth--;
    return options.length === 1 ? (options[0] as Node) : { kind: 'choice', options };
  }

  #sequence(): Node {
    const items: Node[] = [];
    for (let c = this.#text[this.#at]; c !== undefined && c !== '|' && c !== ')'; c = this.#text[this.#at])
      items.push(this.#repeated());
    return { kind: 'sequence', items };
  }

  #repeated(): Node {
    let item = this.#atom();
    for (;;) {
      const bounds = this.#bounds();
      if (!bounds) return item;
      const lazy = this.#text[this.#at] === '?';
      if (lazy || this.#text[this.#at] === '+') this.#at++;
      item = { kind: 'repeat', item, min: bounds[0], max: bounds[1], lazy };
    }
  }

  #bounds(): readonly [number, number] | undefined {
    const c = this.#text[this.#at];
    const simple =
      c === '*' ? ([0, -1] as const) : c === '+' ? ([1, -1] as const) : c === '?' ? ([0, 1] as const) : undefined;
    if (simple) {
      this.#at++;
      return simple;
    }
    if (c !== '{') return undefined;
    const found = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.#text.slice(this.#at, this.#at + 12));
    if (!found) this.#fail();
    this.#at += found[0].length;
    const min = Number(found[1]);
    const max = found[2] === undefined ? min : found[3] === '' ? -1 : Number(found[3]);
    if (max >= 0 && max < min) throw sqlError('ER_REGEXP_MAX_LT_MIN');
    if (min > MAX_REPEAT || max > MAX_REPEAT) throw sqlError('ER_REGEXP_TIME_OUT');
    return [min, max];
  }

  #atom(): Node {
    const c = this.#text[this.#at++] as string;
    if (c === '(') return this.#group();
    if (c === '[') return { kind: 'char', test: this.#set() };
    if (c === '.') return { kind: 'char', test: this.#dotAll ? () => true : (code) => code !== 10 && code !== 13 };
    if (c === '^') return { kind: this.#lines ? 'line-start' : 'start' };
    if (c === '$') return { kind: this.#lines ? 'line-end' : 'end' };
    if (c === '\\') return this.#escape();
    if (c === '*' || c === '+' || c === '?') this.#fail();
    return this.#literal(c.charCodeAt(0));
  }

  /** What follows `(`: flags, a group that captures, or one that does not. */
  #group(): Node {
    const flags = /^\?([imsx]{0,4})(?:-([imsx]{1,4}))?([:)])/.exec(this.#text.slice(this.#at, this.#at + 12));
    const before = [this.#fold, this.#lines, this.#dotAll] as const;
    let number = 0;
    if (flags) {
      this.#at += flags[0].length;
      this.#setFlags(flags[1] ?? '', true);
      this.#setFlags(flags[2] ?? '', false);
      // Flags alone hold to the end of the group around them.
      if (flags[3] === ')') return { kind: 'sequence', items: [] };
    } else if (this.#text[this.#at] === '?') this.#fail();
    else number = ++this.groups;
    const item = this.#choice();
    [this.#fold, this.#lines, this.#dotAll] = before;
    if (this.#text[this.#at++] !== ')') throw sqlError('ER_REGEXP_MISMATCHED_PAREN');
    return number > 0 && number <= MAX_GROUPS ? { kind: 'group', number, item } : item;
  }

  #setFlags(flags: string, on: boolean): void {
    if (flags.includes('i')) this.#fold = on;
    if (flags.includes('m')) this.#lines = on;
    if (flags.includes('s')) this.#dotAll = on;
  }

  #escape(): Node {
    const c = this.#text[this.#at++];
    if (c === undefined) this.#fail();
    if (c === 'b') return { kind: 'word' };
    if (c === 'B') return { kind: 'not-word' };
    if (c === 'A') return { kind: 'start' };
    if (c === 'z' || c === 'Z') return { kind: 'end' };
    const test = CLASSES[c];
    if (test) return { kind: 'char', test };
    return this.#literal(ESCAPES[c] ?? c.charCodeAt(0));
  }

  #literal(code: number): Node {
    return { kind: 'char', test: this.#foldTest((c) => c === code) };
  }

  /** With folding, a character matches where either case does. */
  #foldTest(test: CharTest): CharTest {
    if (!this.#fold) return test;
    return (c) => {
      if (test(c)) return true;
      const text = String.fromCharCode(c);
      return test(text.toLowerCase().charCodeAt(0)) || test(text.toUpperCase().charCodeAt(0));
    };
  }

  #set(): CharTest {
    const negated = this.#text[this.#at] === '^';
    if (negated) this.#at++;
    const tests: CharTest[] = [];
    for (let first = true; ; first = false) {
      const c = this.#text[this.#at];
      if (c === undefined) throw sqlError('ER_REGEXP_MISSING_CLOSE_BRACKET');
      if (c === ']' && !first) break;
      const posix = /^\[:(\w{1,8}):\]/.exec(this.#text.slice(this.#at, this.#at + 14));
      if (posix) {
        this.#at += posix[0].length;
        tests.push(POSIX[posix[1] as string] ?? (() => false));
        continue;
      }
      tests.push(this.#range());
    }
    this.#at++;
    const any = this.#foldTest((c) => tests.some((test) => test(c)));
    return negated ? not(any) : any;
  }

  #range(): CharTest {
    const low = this.#setChar();
    if (typeof low !== 'number') return low;
    if (this.#text[this.#at] === '-' && this.#text[this.#at + 1] !== ']' && this.#text[this.#at + 1] !== undefined) {
      this.#at++;
      const high = this.#setChar();
      if (typeof high !== 'number' || high < low) this.#fail();
      return (c) => c >= low && c <= high;
    }
    return (c) => c === low;
  }

  #setChar(): number | CharTest {
    const c = this.#text[this.#at++] as string;
    if (c !== '\\') return c.charCodeAt(0);
    const escaped = this.#text[this.#at++];
    if (escaped === undefined) this.#fail();
    return CLASSES[escaped] ?? ESCAPES[escaped] ?? escaped.charCodeAt(0);
  }
}
