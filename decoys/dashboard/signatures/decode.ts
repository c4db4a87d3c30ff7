// Percent-decoding that takes whatever it is given (RFC 3986 section 2.1): what is no escape stays.
import { HEX, PERCENT } from '../http/characters.ts';

/** Latin1 text in, latin1 text out; `+` becomes a blank, as in forms. Runs without an escape are copied whole. */
export function decode(text: string): string {
  const plain = text.includes('%') ? decodeEscapes(Buffer.from(text, 'latin1')) : text;
  return plain.includes('+') ? plain.replaceAll('+', ' ') : plain;
}

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
    const high = HEX[bytes[next + 1] ?? 0]!;
    const low = HEX[bytes[next + 2] ?? 0]!;
    const escaped = high !== 0xff && low !== 0xff;
    bytes[to++] = escaped ? high * 16 + low : PERCENT;
    from = next + (escaped ? 3 : 1);
  }
}
