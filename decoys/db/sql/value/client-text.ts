// Names a client sends outside of statements, in its own character set, as the server reads them: into UTF-8 of three bytes.
// Source: what a live 9.7.4 makes of names that are none; https://dev.mysql.com/doc/refman/9.7/en/charset-connection.html
import { collationById, decodeText } from './charset.ts';

const UNKNOWN = '?';
/** Bytes that begin characters of two, three and four bytes; below are none that begin one. */
const LEAD = { two: 0xc2, three: 0xe0, four: 0xf0 } as const;
const CHARACTER_BYTES_MAX = 4;
const DEFAULT_COLLATION = 255;

/** Character set of a collation a client asks for; that of the server's default where there is none. */
export function charsetOfCollation(id: number): string {
  return (collationById(id) ?? collationById(DEFAULT_COLLATION))?.charset ?? 'utf8mb4';
}

function characterBytes(lead: number, longest: number): number {
  if (lead < 0x80) return 1;
  if (lead < LEAD.two) return 0;
  if (lead < LEAD.three) return 2;
  if (lead < LEAD.four) return 3;
  return longest === CHARACTER_BYTES_MAX ? CHARACTER_BYTES_MAX : 0;
}

/** UTF-8 with `?` for each byte that is none; a character that is cut short at the end ends the text, or is `?` too. */
function readUtf8(bytes: Buffer, longest: number, cutEnds: boolean): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const size = characterBytes(bytes[at] as number, longest);
    if (size > bytes.length - at && cutEnds) return text;
    const character = size === 0 ? undefined : decodeText(bytes.subarray(at, at + size), 'utf8mb4');
    const whole = character !== undefined && [...character].length === 1 && Buffer.byteLength(character) === size;
    text += whole ? (size === CHARACTER_BYTES_MAX ? UNKNOWN : character) : UNKNOWN;
    at += whole ? size : 1;
  }
  return text;
}

/** What the server makes of a name in `charset`. Never throws. */
export function readName(bytes: Buffer, charset: string): string {
  switch (charset) {
    case 'utf8mb4':
      return readUtf8(bytes, CHARACTER_BYTES_MAX, true);
    case 'utf8mb3':
      return readUtf8(bytes, CHARACTER_BYTES_MAX - 1, true);
    case 'ascii':
      return bytes.toString('latin1').replace(/[\x80-\xff]/g, UNKNOWN);
    default:
      return (decodeText(bytes, charset) ?? UNKNOWN).replace(/[\u{10000}-\u{10ffff}\ufffd]/gu, UNKNOWN);
  }
}

/** Bytes of a name the server's warning shows. */
const WARNED_BYTES = 6;

/** The warning that a name is not told whole in `charset`, which it shows as \xNN; undefined where it is. */
export function conversionWarning(bytes: Buffer, charset: string, name: string): string | undefined {
  if (Buffer.from(name).equals(bytes) || !charset.startsWith('utf8')) return undefined;
  let shown = '';
  for (const byte of bytes.subarray(0, WARNED_BYTES))
    shown += byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase()}`;
  return `Cannot convert string '${shown}${bytes.length > WARNED_BYTES ? '...' : ''}' from ${charset} to utf8mb3`;
}

/** The first `limit` bytes of a text, as an error shows them: what is left of a character cut in two is `?` a byte. */
export function clipBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  return bytes.length <= limit ? text : readUtf8(bytes.subarray(0, limit), CHARACTER_BYTES_MAX, false);
}
