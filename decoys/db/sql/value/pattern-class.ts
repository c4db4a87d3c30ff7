// Classes of characters in regular expressions: escapes, bracketed sets, Unicode properties.
// Source: https://unicode-org.github.io/icu/userguide/strings/regexp.html#set-expressions-character-classes; errors as recorded from 9.7.
import { sqlError } from '../errors.ts';

/** Whether a class holds a character, by its code point. */
export type CharTest = (code: number) => boolean;

const isDigit: CharTest = (c) => c >= 48 && c <= 57;

export const isWordChar: CharTest = (c) =>
  isDigit(c) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || (c > 127 && isLetter(c));

const isLetter: CharTest = property('Alphabetic') as CharTest;
const isSpace: CharTest = (c) => c === 32 || (c >= 9 && c <= 13) || c === 0x85 || c === 0xa0 || c === 0x2028;
const isHorizontal: CharTest = (c) => c === 9 || c === 32 || c === 0xa0 || c === 0x3000;
const isVertical: CharTest = (c) => (c >= 10 && c <= 13) || c === 0x85 || c === 0x2028 || c === 0x2029;

export const not =
  (test: CharTest): CharTest =>
  (c) =>
    !test(c);

/** Letters after a backslash that stand for a class. */
export const CLASSES: Readonly<Record<string, CharTest>> = {
  __proto__: null as never,
  d: isDigit,
  D: not(isDigit),
  w: isWordChar,
  W: not(isWordChar),
  s: isSpace,
  S: not(isSpace),
  h: isHorizontal,
  H: not(isHorizontal),
  v: isVertical,
  V: not(isVertical),
};

const between =
  (low: number, high: number): CharTest =>
  (c) =>
    c >= low && c <= high;

/** Names of POSIX that are no property of Unicode, or more than one. */
const POSIX: Readonly<Record<string, CharTest>> = {
  __proto__: null as never,
  alnum: (c) => isLetter(c) || isDigit(c),
  alpha: isLetter,
  blank: (c) => c === 9 || c === 32,
  cntrl: (c) => c < 32 || (c >= 127 && c < 160),
  digit: isDigit,
  graph: (c) => c > 32 && c !== 127,
  lower: property('Lowercase') as CharTest,
  print: (c) => c >= 32 && c !== 127,
  punct: property('P') as CharTest,
  space: isSpace,
  upper: property('Uppercase') as CharTest,
  word: isWordChar,
  xdigit: (c) => isDigit(c) || between(65, 70)(c) || between(97, 102)(c),
};

const PROPERTY_NAME = /^[A-Za-z][A-Za-z0-9_]{0,40}(?:=[A-Za-z][A-Za-z0-9_]{0,40})?$/;

/** One property of Unicode as the runtime knows it: one character is looked at, so nothing backtracks. */
function property(name: string): CharTest | undefined {
  for (const wanted of [name, `Script=${name}`]) {
    try {
      const test = new RegExp(`^\\p{${wanted}}$`, 'u');
      return (c) => test.test(String.fromCodePoint(c));
    } catch {
      // No property of that name.
    }
  }
  return undefined;
}

const capitalised = (name: string): string =>
  name.replace(/[A-Za-z]+/g, (word) => word[0]?.toUpperCase() + word.slice(1).toLowerCase());

/** The class a name stands for, in any case. Throws 3685 where there is none. */
function namedClass(given: string): CharTest {
  const name = given.trim();
  const known = POSIX[name.toLowerCase()];
  if (known) return known;
  const found = PROPERTY_NAME.test(name)
    ? (property(name) ?? property(capitalised(name)) ?? property(name.replace(/^script/i, 'Script')))
    : undefined;
  if (!found) throw sqlError('ER_REGEXP_ILLEGAL_ARGUMENT');
  return found;
}

/** With folding, a character matches where either case does. */
export function folded(test: CharTest, fold: boolean): CharTest {
  if (!fold) return test;
  return (c) => {
    if (test(c)) return true;
    const text = String.fromCodePoint(c);
    return (
      test(text.toLowerCase().codePointAt(0) as number) ||
      test(text.toUpperCase().codePointAt(0) as number) ||
      (c > 127 && test(unaccentedCase(text)))
    );
  };
}

/** The character its upper case is in lower case, where the two are one letter each. */
function unaccentedCase(text: string): number {
  return text.toUpperCase().toLowerCase().codePointAt(0) as number;
}

/** Escapes of single characters. */
const CONTROLS: Readonly<Record<string, number>> = { __proto__: null as never, n: 10, t: 9, r: 13, f: 12, a: 7, e: 27 };
const LAST_POINT = 0x10ffff;

function unrecognized(): never {
  throw sqlError('ER_REGEXP_BAD_ESCAPE_SEQUENCE');
}

interface Escaped {
  readonly code: number;
  /** Past the escape. */
  readonly end: number;
}

function byDigits(text: string, at: number, pattern: RegExp, base: number): Escaped {
  const found = pattern.exec(text.slice(at, at + 14));
  const code = Number.parseInt(found?.[1] ?? '', base);
  if (!found || Number.isNaN(code) || code > LAST_POINT) unrecognized();
  return { code, end: at + found[0].length };
}

/** The one character a backslash and what begins at `at` stand for. Throws 3689 where they stand for none. */
export function escapedCharacter(text: string, at: number): Escaped {
  const point = text.codePointAt(at);
  if (point === undefined) unrecognized();
  const letter = String.fromCodePoint(point);
  const next = at + letter.length;
  if (letter === 'x')
    return byDigits(text, next, text[next] === '{' ? /^\{([0-9a-fA-F]{1,8})\}/ : /^([0-9a-fA-F]{1,2})/, 16);
  if (letter === 'u') return byDigits(text, next, /^([0-9a-fA-F]{4})/, 16);
  if (letter === 'U') return byDigits(text, next, /^([0-9a-fA-F]{8})/, 16);
  if (letter === '0') return byDigits(text, next, /^([0-7]{1,3})/, 8);
  if (letter === 'c' && next < text.length) return { code: text.charCodeAt(next) & 31, end: next + 1 };
  return { code: CONTROLS[letter] ?? point, end: next };
}

/** `p` or `P` and the name after it, from the letter at `at`. Throws 3685 where no name follows. */
export function propertyAt(text: string, at: number): { readonly test: CharTest; readonly end: number } {
  const found = /^[pP]\{([^{}]{1,80})\}/.exec(text.slice(at, at + 84));
  if (!found) throw sqlError('ER_REGEXP_ILLEGAL_ARGUMENT');
  const test = namedClass(found[1] as string);
  return { test: text[at] === 'P' ? not(test) : test, end: at + found[0].length };
}

/** Sets inside sets. */
const MAX_NESTED = 20;

/** The set that opens before `from`, and where it ends. Throws 3696 where it never does. */
export function setAt(text: string, from: number, depth = 0): { readonly test: CharTest; readonly end: number } {
  let at = from;
  const unclosed = (): never => {
    throw sqlError('ER_REGEXP_MISSING_CLOSE_BRACKET');
  };
  if (depth > MAX_NESTED) unclosed();
  const negated = text[at] === '^';
  if (negated) at++;
  let tests: CharTest[] = [];
  let kept: CharTest | undefined;
  const any =
    (list: readonly CharTest[]): CharTest =>
    (c) =>
      list.some((test) => test(c));
  const combine = (operator: string): void => {
    const [before, added] = [kept, any(tests)];
    kept = before && pending === '&&' ? (c) => before(c) && added(c) : before ? (c) => before(c) && !added(c) : added;
    pending = operator;
    tests = [];
  };
  let pending = '';
  const one = (): number | CharTest => {
    if (text[at] !== '\\') {
      const code = text.codePointAt(at) as number;
      at += code > 0xffff ? 2 : 1;
      return code;
    }
    const letter = text[at + 1];
    if (letter === undefined) unclosed();
    if (letter === 'p' || letter === 'P') {
      const found = propertyAt(text, at + 1);
      at = found.end;
      return found.test;
    }
    const group = CLASSES[letter as string];
    if (group) {
      at += 2;
      return group;
    }
    const { code, end } = escapedCharacter(text, at + 1);
    at = end;
    return code;
  };
  for (let first = true; ; first = false) {
    const c = text[at];
    if (c === undefined) unclosed();
    if (c === ']' && !first) break;
    const posix = /^\[:(\^?)([A-Za-z0-9_ =<>]{0,40}):\]/.exec(text.slice(at, at + 48));
    if (posix) {
      at += posix[0].length;
      const test = namedClass(posix[2] as string);
      tests.push(posix[1] ? not(test) : test);
    } else if (c === '[') {
      const inner = setAt(text, at + 1, depth + 1);
      at = inner.end;
      tests.push(inner.test);
    } else if (text.startsWith('&&', at) || text.startsWith('--', at)) {
      combine(text.slice(at, at + 2));
      at += 2;
    } else {
      const low = one();
      const ranged = text[at] === '-' && text[at + 1] !== ']' && text[at + 1] !== '-' && text[at + 1] !== undefined;
      if (typeof low !== 'number') tests.push(low);
      else if (ranged && text[at + 1] !== '[') {
        at++;
        const high = one();
        if (typeof high !== 'number' || high < low) throw sqlError('ER_REGEXP_RANGE');
        tests.push(between(low, high));
      } else tests.push((code) => code === low);
    }
  }
  if (pending) combine('');
  const test = kept ?? any(tests);
  return { test: negated ? not(test) : test, end: at + 1 };
}
