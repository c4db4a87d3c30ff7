// Changes to recorded bytes: bits, tokens, lengths, numbers, pieces moved, dropped, repeated or taken from another record.
// The operations are the usual ones of mutation fuzzers (AFL's technical notes, "havoc" and "splice").
import { once, pick, type Random } from './case.ts';

/** No mutation makes a record longer, bytes. */
const LONGEST_BYTES = 65_536;
const ODD_BYTES = ['\0', '\x01', '\x7f', '\x80', '\xff', '\r', '\n', '"', "'", '\\', '%', '{'];
const ODD_NUMBERS = [
  0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0xfffffe, 0xffffff, 0x7fffffff, 0x80000000, 0xffffffff,
];
const ODD_DIGITS = [
  '0',
  '-1',
  '00',
  '1e309',
  '2147483648',
  '4294967296',
  '9223372036854775808',
  '99999999999999999999',
  '0x10',
  'NaN',
];

type Operation = (text: string, random: Random, words: readonly string[], others: readonly string[]) => string;

function replaced(text: string, from: number, to: number, by: string): string {
  return text.slice(0, from) + by + text.slice(to);
}

function span(text: string, random: Random): [number, number] {
  const from = random(text.length + 1);
  return [from, Math.min(text.length, from + 1 + random(once(4, random) ? text.length + 1 : 8))];
}

/** An integer of 1 to 4 bytes, either end first: what a length field would be. */
function lengthField(random: Random): string {
  const bytes = Buffer.alloc(4);
  const value = pick(ODD_NUMBERS, random);
  if (once(2, random)) bytes.writeUInt32LE(value);
  else bytes.writeUInt32BE(value);
  return bytes.toString('latin1', 0, 1 + random(4));
}

const OPERATIONS: readonly Operation[] = [
  (text, random) => {
    const at = random(text.length || 1);
    return replaced(text, at, at + 1, String.fromCharCode((text.charCodeAt(at) || 0) ^ (1 << random(8))));
  },
  (text, random) => {
    const at = random(text.length + 1);
    return replaced(text, at, at + 1, once(2, random) ? pick(ODD_BYTES, random) : String.fromCharCode(random(256)));
  },
  (text, random, words) => {
    const at = random(text.length + 1);
    return replaced(text, at, at, pick(words, random).repeat(once(8, random) ? 1 + random(300) : 1));
  },
  (text, random) => replaced(text, ...span(text, random), ''),
  (text, random) => {
    const [from, to] = span(text, random);
    return replaced(text, to, to, text.slice(from, to).repeat(once(8, random) ? 1 + random(200) : 1));
  },
  (text, random) => {
    const [from, to] = span(text, random);
    const at = random(from + 1);
    return text.slice(0, at) + text.slice(from, to) + text.slice(at, from) + text.slice(to);
  },
  (text, random) => text.slice(0, random(text.length + 1)),
  (text, random) => {
    const field = lengthField(random);
    const at = random(text.length + 1);
    return replaced(text, at, at + field.length, field);
  },
  (text, random, _words, others) => {
    const other = pick(others, random);
    return text.slice(0, random(text.length + 1)) + other.slice(random(other.length + 1));
  },
  (text, random) => {
    const numbers = [...text.slice(0, 4_096).matchAll(/\d+/g)];
    if (numbers.length === 0) return text;
    const { index, 0: digits } = pick(numbers, random);
    return replaced(text, index, index + digits.length, pick(ODD_DIGITS, random));
  },
];

/** `text` with one to four changes. `words` are what its format is made of, `others` further records of it. */
export function mutated(text: string, random: Random, words: readonly string[], others: readonly string[]): string {
  let out = text;
  for (let times = 1 + random(4); times > 0; times--) out = pick(OPERATIONS, random)(out, random, words, others);
  return out.slice(0, LONGEST_BYTES);
}
