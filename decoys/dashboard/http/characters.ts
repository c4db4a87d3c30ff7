// Byte values and the character classes HTTP/1 framing asks about, as tables indexed by byte.

export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const HASH = 0x23;
export const PERCENT = 0x25;
export const DOT = 0x2e;
export const SLASH = 0x2f;
export const COLON = 0x3a;
export const QUESTION = 0x3f;
export const DEL = 0x7f;

/** A table of 256 flags, 1 for the bytes of `characters` and of the ranges given as pairs. */
export function byteClass(characters: string, ...ranges: readonly (readonly [string, string])[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  for (const [first, last] of ranges) {
    for (let byte = first.charCodeAt(0); byte <= last.charCodeAt(0); byte++) table[byte] = 1;
  }
  return table;
}

export const UPPER: readonly [string, string] = ['A', 'Z'];
export const LOWER: readonly [string, string] = ['a', 'z'];
export const DIGITS: readonly [string, string] = ['0', '9'];

export const DIGIT = byteClass('', DIGITS);
export const LETTER = byteClass('', UPPER, LOWER);

/** The value of a hexadecimal digit, 0xff for any other byte. */
export const HEX = new Uint8Array(256).fill(0xff);
for (let value = 0; value < 16; value++) {
  HEX[value.toString(16).charCodeAt(0)] = value;
  HEX[value.toString(16).toUpperCase().charCodeAt(0)] = value;
}
