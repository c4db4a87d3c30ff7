// Character sets and collations: names to ids, text to bytes and back, and how text compares.
// Source: INFORMATION_SCHEMA.CHARACTER_SETS and COLLATIONS of 9.7 (in the persona's data); UCA as ICU has it for utf8mb4_0900.

import { systemRows } from '../../persona/system-tables.ts';
import { type Order, orderOf } from './collators.ts';

export interface Charset {
  readonly name: string;
  readonly defaultCollation: string;
  readonly maxBytes: number;
}

export interface Collation {
  readonly name: string;
  readonly charset: string;
  readonly id: number;
  readonly pads: boolean;
}

let charsets: Map<string, Charset> | undefined;
let collations: Map<string, Collation> | undefined;
let collationIds: Map<number, Collation> | undefined;

function load(): void {
  charsets = new Map();
  collations = new Map();
  collationIds = new Map();
  for (const [name, defaultCollation, , maxBytes] of systemRows('information_schema.CHARACTER_SETS')) {
    charsets.set(name as string, {
      name: name as string,
      defaultCollation: defaultCollation as string,
      maxBytes: Number(maxBytes),
    });
  }
  for (const [name, charset, id, , , , pad] of systemRows('information_schema.COLLATIONS')) {
    const made: Collation = {
      name: name as string,
      charset: charset as string,
      id: Number(id),
      pads: pad === 'PAD SPACE',
    };
    collations.set(made.name, made);
    collationIds.set(made.id, made);
  }
}

const ALIASES: Readonly<Record<string, string>> = { utf8: 'utf8mb3' };

/** By name in any case. */
export function findCharset(name: string): Charset | undefined {
  if (!charsets) load();
  const lower = name.toLowerCase();
  return charsets?.get(ALIASES[lower] ?? lower);
}

/** By name in any case. */
export function findCollation(name: string): Collation | undefined {
  if (!collations) load();
  const lower = name.toLowerCase();
  return collations?.get(lower.startsWith('utf8_') ? `utf8mb3_${lower.slice(5)}` : lower);
}

export function collationById(id: number): Collation | undefined {
  if (!collationIds) load();
  return collationIds?.get(id);
}

const DECODERS: Readonly<Record<string, string>> = {
  latin1: 'windows-1252',
  latin2: 'iso-8859-2',
  latin5: 'windows-1254',
  cp1250: 'windows-1250',
  cp1251: 'windows-1251',
  cp1256: 'windows-1256',
  cp1257: 'windows-1257',
  cp866: 'ibm866',
  gbk: 'gbk',
  gb2312: 'gbk',
  gb18030: 'gb18030',
  big5: 'big5',
  euckr: 'euc-kr',
  ujis: 'euc-jp',
  eucjpms: 'euc-jp',
  sjis: 'shift_jis',
  cp932: 'shift_jis',
  koi8r: 'koi8-r',
  koi8u: 'koi8-u',
  greek: 'iso-8859-7',
  hebrew: 'iso-8859-8',
  tis620: 'windows-874',
  macroman: 'macintosh',
};

/** Bytes of a character set as text; undefined where they are not valid in it. */
export function decodeText(bytes: Buffer, charset: string): string | undefined {
  if (charset === 'utf8mb4' || charset === 'utf8mb3' || charset === 'utf8') {
    const text = bytes.toString('utf8');
    return text.includes('\ufffd') && !bytes.equals(Buffer.from(text)) ? undefined : text;
  }
  if (charset === 'ascii') return bytes.every((byte) => byte < 128) ? bytes.toString('latin1') : undefined;
  if (charset === 'utf16' || charset === 'ucs2') return pairedText(swapped(bytes).toString('utf16le'), charset);
  if (charset === 'utf16le') return bytes.toString('utf16le');
  if (charset === 'utf32') return decodeUtf32(bytes);
  const label = DECODERS[charset];
  return label ? new TextDecoder(label).decode(bytes) : bytes.toString('latin1');
}

/** Bytes of a character set's units, where they are more than one. */
const WIDE_UNITS: Readonly<Record<string, number>> = { ucs2: 2, utf16: 2, utf16le: 2, utf32: 4 };

/** Bytes of the units a character set's characters are made of. */
export function unitBytes(charset: string): number {
  return WIDE_UNITS[charset] ?? 1;
}

/** Text of a character set, where utf8mb3 has no characters of four bytes. */
export function strictText(bytes: Buffer, charset: string): string | undefined {
  const text = decodeText(bytes, charset);
  return charset === 'utf8mb3' && text !== undefined && /[\ud800-\udfff]/.test(text) ? undefined : text;
}

/** Bytes told of where they are no text of their character set. */
const INVALID_BYTES = 3;

/** The first bytes that are no text of a character set, in hexadecimal. */
export function invalidBytes(bytes: Buffer, charset: string): string {
  let from = 0;
  while (from < bytes.length) {
    const next = firstCharacter(bytes, from, charset);
    if (next === undefined) break;
    from = next;
  }
  return bytes
    .subarray(from, from + INVALID_BYTES)
    .toString('hex')
    .toUpperCase();
}

/** Past the character at `from`; undefined where there is none. */
export function firstCharacter(bytes: Buffer, from: number, charset: string): number | undefined {
  const unit = unitBytes(charset);
  for (let length = unit; length <= 4 && from + length <= bytes.length; length += unit)
    if (strictText(bytes.subarray(from, from + length), charset) !== undefined) return from + length;
  return undefined;
}

function swapped(bytes: Buffer): Buffer {
  return bytes.length % 2 === 0 ? Buffer.from(bytes).swap16() : Buffer.concat([Buffer.from([0]), bytes]).swap16();
}

/** The text, where none of its surrogates stands alone. */
function pairedText(text: string, charset: string): string | undefined {
  return charset === 'ucs2' || text.isWellFormed() ? text : undefined;
}

function decodeUtf32(given: Buffer): string | undefined {
  const short = given.length % 4;
  const bytes = short === 0 ? given : Buffer.concat([Buffer.alloc(4 - short), given]);
  let text = '';
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = bytes.readUInt32BE(at);
    if (point > 0x10ffff) return undefined;
    text += String.fromCodePoint(point);
  }
  return text;
}

/** Characters a one-byte set can hold, made once a set from its decoder. */
const encoders = new Map<string, Map<string, number>>();

function oneByteEncoder(charset: string): Map<string, number> {
  const known = encoders.get(charset);
  if (known) return known;
  const made = new Map<string, number>();
  const label = DECODERS[charset];
  for (let byte = 255; byte >= 0; byte--) {
    const text = label ? new TextDecoder(label).decode(Uint8Array.of(byte)) : String.fromCharCode(byte);
    made.set(text, byte);
  }
  encoders.set(charset, made);
  return made;
}

export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}

/** Text in a character set's bytes; what it cannot hold becomes `?`. */
export function encodeText(text: string, charset: string): Buffer {
  if (charset === 'utf16' || charset === 'ucs2') return Buffer.from(text, 'utf16le').swap16();
  if (charset === 'utf16le') return Buffer.from(text, 'utf16le');
  if (charset === 'utf32') {
    const points = [...text];
    const out = Buffer.alloc(points.length * 4);
    for (const [at, point] of points.entries()) out.writeUInt32BE(point.codePointAt(0) as number, at * 4);
    return out;
  }
  if (isAscii(text) || charset === 'utf8mb4' || charset === 'binary') return Buffer.from(text);
  if (charset === 'utf8mb3' || charset === 'utf8') return Buffer.from(text.replace(/[\u{10000}-\u{10ffff}]/gu, '?'));
  if (charset === 'ascii')
    return Buffer.from([...text].map((character) => (character > '\x7f' ? 63 : character.charCodeAt(0))));
  const table = oneByteEncoder(charset);
  return Buffer.from([...text].map((character) => table.get(character) ?? 63));
}

function comparePoints(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function trimmed(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 32) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** Longer texts are first looked at for whether they differ in case alone, which is soon told. */
const LONG_CHARACTERS = 256;
/** Collations under which letters of ASCII are their own other case and nothing else. */
const PLAIN_CASE = /^(?:utf8mb4_0900_a[is]_ci|[a-z0-9]+_(?:general|swedish)_ci)$/;

/** Whether letters of ASCII are equal under a collation to their own other case, and to nothing else. */
export function isPlainCase(collation: string): boolean {
  return PLAIN_CASE.test(collation);
}

/** Whether two texts are of ASCII and differ in case at most. */
function isSameLetters(a: string, b: string): boolean {
  return isAscii(a) && isAscii(b) && a.toLowerCase() === b.toLowerCase();
}

/** -1, 0 or 1 under the named collation. */
export function compareText(a: string, b: string, collation: string): number {
  if (a === b) return 0;
  if (collation.endsWith('_bin') || collation === 'binary') {
    return collation.includes('0900') || collation === 'binary'
      ? comparePoints(a, b)
      : comparePoints(trimmed(a), trimmed(b));
  }
  if (a.length > LONG_CHARACTERS && a.length === b.length && isPlainCase(collation) && isSameLetters(a, b)) return 0;
  const order = orderOf(collation);
  if (order) return collation.includes('_0900_') ? order.compare(a, b) : order.compare(trimmed(a), trimmed(b));
  if (collation.endsWith('_cs')) return comparePoints(trimmed(a), trimmed(b));
  return comparePoints(foldedKey(a), foldedKey(b));
}

/** Keys of the texts a sort met last, so that each is folded once; past the cap they are forgotten all at once. */
const foldedKeys = new Map<string, string>();
const FOLDED_KEYS = 4_096;
const FOLDED_KEY_CHARACTERS = 64;

function foldedKey(text: string): string {
  if (text.length > FOLDED_KEY_CHARACTERS) return trimmed(foldOne(text));
  let key = foldedKeys.get(text);
  if (key === undefined) {
    key = trimmed(foldOne(text));
    if (foldedKeys.size >= FOLDED_KEYS) foldedKeys.clear();
    foldedKeys.set(text, key);
  }
  return key;
}

/** As `fold`, a letter for a letter. */
function foldOne(text: string): string {
  return fold(text.includes('ß') ? text.replaceAll('ß', 's') : text);
}

function fold(text: string): string {
  if (isAscii(text)) return text.toUpperCase();
  return text.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
}

/** A letter as all it is equal to under a language's rules are written. */
function letterKey(letter: string, { compare }: Order): string {
  const upper = letter.toUpperCase();
  const plain = fold(letter);
  if (compare(letter, plain) === 0) return plain;
  return compare(letter, upper) === 0 ? upper : letter;
}

/** A key equal for texts that compare equal under the collation, for grouping and indexes. */
export function textKey(text: string, collation: string): string {
  const kept = collation.includes('0900') ? text : trimmed(text);
  if (collation.endsWith('_bin') || collation === 'binary' || collation.endsWith('_cs') || collation.endsWith('_ks'))
    return kept;
  const order = orderOf(collation);
  if (order?.sensitivity === 'accent') return kept.normalize('NFD').toUpperCase();
  if (order?.tailored) return [...kept.normalize('NFC')].map((letter) => letterKey(letter, order)).join('');
  return fold(kept);
}
