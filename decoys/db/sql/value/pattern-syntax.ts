// Regular expressions read into a tree, by ICU's syntax.
// Source: https://unicode-org.github.io/icu/userguide/strings/regexp.html for the syntax; errors as recorded from 9.7.
import { sqlError } from '../errors.ts';
import { type CharTest, CLASSES, escapedCharacter, folded, propertyAt, setAt } from './pattern-class.ts';

export type Assertion = 'start' | 'end' | 'very-end' | 'line-start' | 'line-end' | 'word' | 'not-word' | 'here';

export type Node =
  | { readonly kind: 'char'; readonly test: CharTest }
  | { readonly kind: Assertion }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | { readonly kind: 'group'; readonly number: number; readonly item: Node }
  | { readonly kind: 'look'; readonly behind: boolean; readonly negative: boolean; readonly item: Node }
  | { readonly kind: 'back'; readonly number: number; readonly fold: boolean }
  | {
      readonly kind: 'repeat';
      readonly item: Node;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
    };

const MAX_DEPTH = 50;
/** Largest count of an interval that is compiled, and that ICU reads. */
const MAX_REPEAT = 500;
const LARGEST_COUNT = 2 ** 31 - 1;
/** Groups whose bounds are kept. */
export const MAX_GROUPS = 9;

const ANYTHING: CharTest = () => true;

interface Modes {
  readonly fold: boolean;
  readonly lines: boolean;
  readonly dotAll: boolean;
  readonly spaced: boolean;
  readonly unixLines: boolean;
}

const FLAGS: Readonly<Record<string, keyof Modes>> = { i: 'fold', m: 'lines', s: 'dotAll', x: 'spaced' };

const NOTHING: Node = { kind: 'sequence', items: [] };

export class PatternParser {
  readonly #text: string;
  #modes: Modes;
  #at = 0;
  #depth = 0;
  groups = 0;
  /** Groups by their names. */
  readonly names = new Map<string, number>();

  /** `modes` may hold `m` (lines), `n` (dot takes line ends) and `u` (only \n ends a line). */
  constructor(text: string, fold: boolean, modes: string) {
    this.#text = text;
    this.#modes = {
      fold,
      lines: modes.includes('m'),
      dotAll: modes.includes('n'),
      spaced: false,
      unixLines: modes.includes('u'),
    };
  }

  #fail(at = this.#at): never {
    throw sqlError('ER_REGEXP_RULE_SYNTAX', 1, at);
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

  /** With (?x), spaces and comments are nothing. */
  #skipSpaces(): void {
    if (!this.#modes.spaced) return;
    while (/^[ \t-\r#]$/.test(this.#text[this.#at] ?? '')) {
      const end = this.#text[this.#at] === '#' ? this.#text.indexOf('\n', this.#at) : this.#at;
      this.#at = end < 0 ? this.#text.length : end + 1;
    }
  }

  #sequence(): Node {
    const items: Node[] = [];
    for (;;) {
      this.#skipSpaces();
      const c = this.#text[this.#at];
      if (c === undefined || c === '|' || c === ')') break;
      items.push(this.#repeated());
    }
    return { kind: 'sequence', items };
  }

  #repeated(): Node {
    const item = this.#atom();
    this.#skipSpaces();
    const bounds = this.#bounds();
    if (!bounds) return item;
    const lazy = this.#text[this.#at] === '?';
    if (lazy || this.#text[this.#at] === '+') this.#at++;
    return { kind: 'repeat', item, min: bounds[0], max: bounds[1], lazy };
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
    const found = /^\{(\d{1,20})(,(\d{0,20}))?\}/.exec(this.#text.slice(this.#at, this.#at + 44));
    if (!found) throw sqlError('ER_REGEXP_BAD_INTERVAL');
    this.#at += found[0].length;
    const min = Number(found[1]);
    const max = found[2] === undefined ? min : found[3] === '' ? -1 : Number(found[3]);
    if (min > LARGEST_COUNT || max > LARGEST_COUNT) throw sqlError('ER_REGEXP_NUMBER_TOO_BIG');
    if (max >= 0 && max < min) throw sqlError('ER_REGEXP_MAX_LT_MIN');
    return [Math.min(min, MAX_REPEAT), max > MAX_REPEAT ? -1 : max];
  }

  #char(test: CharTest): Node {
    return { kind: 'char', test: folded(test, this.#modes.fold) };
  }

  #dot(): Node {
    const { dotAll, unixLines } = this.#modes;
    if (dotAll) return { kind: 'char', test: ANYTHING };
    return {
      kind: 'char',
      test: unixLines ? (c) => c !== 10 : (c) => !(c >= 10 && c <= 13) && c !== 0x85 && c !== 0x2028,
    };
  }

  #atom(): Node {
    const c = this.#text[this.#at] as string;
    if (c === '(') {
      this.#at++;
      return this.#group();
    }
    if (c === '[') {
      const { test, end } = setAt(this.#text, this.#at + 1);
      this.#at = end;
      return this.#char(test);
    }
    const point = this.#text.codePointAt(this.#at) as number;
    this.#at += point > 0xffff ? 2 : 1;
    if (c === '.') return this.#dot();
    if (c === '^') return { kind: this.#modes.lines ? 'line-start' : 'start' };
    if (c === '$') return { kind: this.#modes.lines ? 'line-end' : 'end' };
    if (c === '\\') return this.#escape();
    if ('*+?{}'.includes(c)) this.#fail();
    return this.#char((code) => code === point);
  }

  #close(item: Node): Node {
    if (this.#text[this.#at++] !== ')') throw sqlError('ER_REGEXP_MISMATCHED_PAREN');
    return item;
  }

  /** What follows `(`: flags, a look ahead or behind, a comment, or a group, named or not. */
  #group(): Node {
    const rest = this.#text.slice(this.#at, this.#at + 80);
    const before = this.#modes;
    const flags = /^\?([imsx]{0,6})(?:-([imsx]{1,6}))?([:)])/.exec(rest);
    if (flags) {
      this.#at += flags[0].length;
      for (const flag of flags[1] ?? '') this.#modes = { ...this.#modes, [FLAGS[flag] as string]: true };
      for (const flag of flags[2] ?? '') this.#modes = { ...this.#modes, [FLAGS[flag] as string]: false };
      // Flags alone hold to the end of the group around them.
      if (flags[3] === ')') return NOTHING;
      return this.#inner(before);
    }
    const look = /^\?(<?)([=!])/.exec(rest);
    if (look) {
      this.#at += look[0].length;
      const item = this.#inner(before);
      return { kind: 'look', behind: look[1] === '<', negative: look[2] === '!', item };
    }
    if (rest.startsWith('?#')) {
      const end = this.#text.indexOf(')', this.#at);
      if (end < 0) throw sqlError('ER_REGEXP_MISMATCHED_PAREN');
      this.#at = end + 1;
      return NOTHING;
    }
    if (rest.startsWith('?>')) {
      this.#at += 2;
      return this.#inner(before);
    }
    const named = /^\?<([A-Za-z][A-Za-z0-9]{0,40})>/.exec(rest);
    if (named) this.#at += named[0].length;
    else if (rest.startsWith('?'))
      this.#fail(this.#at + (rest[1] === '<' ? (rest.length > 2 ? 3 : 2) : rest.length > 1 ? 2 : 1));
    const number = ++this.groups;
    if (named) this.names.set(named[1] as string, number);
    const item = this.#inner(before);
    return number <= MAX_GROUPS ? { kind: 'group', number, item } : item;
  }

  #inner(before: Modes): Node {
    const item = this.#choice();
    this.#modes = before;
    return this.#close(item);
  }

  #escape(): Node {
    const c = this.#text[this.#at];
    if (c === undefined) throw sqlError('ER_REGEXP_BAD_ESCAPE_SEQUENCE');
    const assertion = ASSERTIONS[c];
    const test = CLASSES[c];
    if (assertion || test || c === 'X' || c === 'R') this.#at++;
    if (assertion) return { kind: assertion };
    if (test) return this.#char(test);
    if (c === 'X') return { kind: 'char', test: ANYTHING };
    if (c === 'R') return LINE_BREAK;
    if (c === 'Q') return this.#quoted();
    if (c === 'p' || c === 'P') {
      const found = propertyAt(this.#text, this.#at);
      this.#at = found.end;
      return this.#char(found.test);
    }
    if (c >= '1' && c <= '9') return this.#numbered();
    if (c === 'k') return this.#named();
    const { code, end } = escapedCharacter(this.#text, this.#at);
    this.#at = end;
    return this.#char((point) => point === code);
  }

  #quoted(): Node {
    const end = this.#text.indexOf('\\E', this.#at + 1);
    const text = this.#text.slice(this.#at + 1, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#text.length : end + 2;
    return { kind: 'sequence', items: [...text].map((letter) => this.#char((code) => code === letter.codePointAt(0))) };
  }

  #numbered(): Node {
    const number = Number(this.#text[this.#at++]);
    if (number > this.groups) throw sqlError('ER_REGEXP_INVALID_BACK_REF');
    return { kind: 'back', number, fold: this.#modes.fold };
  }

  #named(): Node {
    const found = /^k<([A-Za-z][A-Za-z0-9]{0,40})>/.exec(this.#text.slice(this.#at, this.#at + 48));
    const number = found && this.names.get(found[1] as string);
    if (!found || number === undefined) throw sqlError('ER_REGEXP_INVALID_CAPTURE_GROUP_NAME');
    this.#at += found[0].length;
    return number && number <= MAX_GROUPS ? { kind: 'back', number, fold: this.#modes.fold } : NOTHING;
  }
}

const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  __proto__: null as never,
  b: 'word',
  B: 'not-word',
  A: 'start',
  z: 'very-end',
  Z: 'end',
  G: 'here',
};

const one =
  (code: number): CharTest =>
  (c) =>
    c === code;

const LINE_BREAK: Node = {
  kind: 'choice',
  options: [
    {
      kind: 'sequence',
      items: [
        { kind: 'char', test: one(13) },
        { kind: 'char', test: one(10) },
      ],
    },
    { kind: 'char', test: (c) => (c >= 10 && c <= 13) || c === 0x85 || c === 0x2028 || c === 0x2029 },
  ],
};
