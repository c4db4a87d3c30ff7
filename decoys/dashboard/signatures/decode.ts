// Undoing, one layer at a time, what stands between what was sent and what it means: percent-encoding (RFC 3986 section 2.1), `%uXXXX`,
// escapes of JSON and JavaScript, character references of HTML, UTF-7 (RFC 2152), UTF-16, overlong and full-width characters. What is no
// escape stays; nothing decoded is longer than what it came from. Latin1 text in, latin1 text out.
import { HEX, PERCENT } from '../http/characters.ts';

/** Every layer once; the very same text where there is none. `form` says that a `+` may stand for a blank. */
export function unwrap(text: string, form: boolean): string {
  const inner = decodeEntities(decodeBackslashes(decodeUtf7(narrow(text))));
  return decodePercent(form && inner.includes('+') ? inner.replaceAll('+', ' ') : inner);
}

function decodePercent(text: string): string {
  return text.includes('%') ? decodeEscapes(Buffer.from(text, 'latin1')) : text;
}

const LETTER_U = 0x75;
const UPPER_U = 0x55;

/** In place: what is decoded is never longer. A regular expression with a callback made 20 MB of garbage of a body of 64 kB. */
function decodeEscapes(bytes: Buffer): string {
  let from = 0;
  let to = 0;
  for (;;) {
    const next = bytes.indexOf(PERCENT, from);
    const end = next === -1 ? bytes.length : next;
    if (to !== from) bytes.copyWithin(to, from, end);
    to += end - from;
    if (next === -1) return bytes.toString('latin1', 0, to);
    const second = bytes[next + 1] ?? 0;
    const high = HEX[second]!;
    const low = HEX[bytes[next + 2] ?? 0]!;
    if (high !== 0xff && low !== 0xff) {
      bytes[to++] = high * 16 + low;
      from = next + 3;
      continue;
    }
    const unit = second === LETTER_U || second === UPPER_U ? fourDigits(bytes, next + 2) : -1;
    bytes[to++] = unit === -1 ? PERCENT : asciiOf(unit);
    from = next + (unit === -1 ? 1 : 6);
  }
}

/** The number four hexadecimal digits say, -1 where they are none. */
function fourDigits(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let next = at; next < at + 4; next++) {
    const digit = HEX[bytes[next] ?? 0]!;
    if (digit === 0xff) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/** Characters that look like a dot, a slash and so on, and that servers on Windows take for them ("best fit"). */
const BEST_FIT: Readonly<Record<number, string>> = {
  8228: '.',
  8260: '/',
  8725: '/',
  8726: '\\',
  12290: '.',
  8216: "'",
  8217: "'",
  8242: "'",
  697: "'",
  8249: '<',
  8250: '>',
  9001: '<',
  9002: '>',
};
const OTHER = '?'.charCodeAt(0);

/** The ASCII or latin1 character a UTF-16 unit is or stands for; another is a question mark. */
function asciiOf(unit: number): number {
  if (unit < 0x100) return unit;
  if (unit > 0xff00 && unit < 0xff5f) return unit - 0xfee0;
  const fit = BEST_FIT[unit];
  if (fit !== undefined) return fit.charCodeAt(0);
  // Digits in circles, as in ①⑥⑨.254.169.254.
  if (unit >= 0x2460 && unit <= 0x2468) return unit - 0x2460 + 0x31;
  return OTHER;
}

/** `\u0041`, `\x41`, `\101` and what JSON escapes with a single letter. */
const BACKSLASHED = /\\(?:u\{?([0-9a-f]{4})\}?|x([0-9a-f]{2})|([0-7]{3})|([/"'nrt\\]))/gi;
const LETTERS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function decodeBackslashes(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(BACKSLASHED, (_all, unit, byte, octal, letter: string | undefined) => {
    if (letter !== undefined) return LETTERS[letter] ?? letter;
    const code = octal === undefined ? Number.parseInt(unit ?? byte, 16) : Number.parseInt(octal, 8);
    return String.fromCharCode(asciiOf(code));
  });
}

const ENTITY =
  /&(?:#x0{0,6}([0-9a-f]{1,4})|#0{0,6}(\d{1,5})|(lt|gt|quot|apos|amp|colon|tab|newline|sol|period|lpar));?/gi;
const NAMED: Readonly<Record<string, string>> = {
  ...{ lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' },
  ...{ colon: ':', tab: '\t', newline: '\n', sol: '/', period: '.', lpar: '(' },
};

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(ENTITY, (all: string, hex, decimal, name: string | undefined) => {
    if (name !== undefined) return all.endsWith(';') ? NAMED[name.toLowerCase()]! : all;
    return String.fromCharCode(asciiOf(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)));
  });
}

/** Runs of UTF-7 between `+` and `-`; what decodes to other than ASCII is left. */
const UTF7 = /\+([A-Za-z0-9/]{2,64})-/g;

function decodeUtf7(text: string): string {
  if (!text.includes('+A')) return text;
  return text.replace(UTF7, (all: string, run: string) => {
    const bytes = Buffer.from(run, 'base64');
    let decoded = '';
    for (let at = 0; at + 1 < bytes.length; at += 2) {
      if (bytes[at] !== 0 || bytes[at + 1]! > 0x7e) return all;
      decoded += String.fromCharCode(bytes[at + 1]!);
    }
    return decoded;
  });
}

/** Overlong UTF-8 of two and three bytes, whatever stands for ASCII in UTF-8 of three, and the bytes UTF-16 puts between. */
const WIDE =
  /[\xc0\xc1][\x80-\xbf]|\xe0[\x80-\x9f][\x80-\xbf]|\xe2[\x80-\x91][\x80-\xbf]|\xe3\x80\x82|\xef[\xbc\xbd][\x80-\xbf]|\0/g;
const HIGH = /[\0\xc0\xc1\xe0\xe2\xe3\xef]/;

function narrow(text: string): string {
  if (!HIGH.test(text)) return text;
  return text.replace(WIDE, (all) => {
    const [lead = 0, second = 0, third = 0] = Buffer.from(all, 'latin1');
    if (all.length === 1) return '';
    const unit =
      all.length === 2
        ? (lead & 0x1f) * 64 + (second & 0x3f)
        : (lead & 0x0f) * 4096 + (second & 0x3f) * 64 + (third & 0x3f);
    const narrowed = asciiOf(unit);
    return narrowed === OTHER ? all : String.fromCharCode(narrowed);
  });
}
