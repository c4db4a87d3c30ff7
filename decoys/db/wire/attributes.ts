// The attributes a client tells of itself in its login: all of them for the touch, and those the server remembers.
// Source: https://dev.mysql.com/doc/refman/9.7/en/performance-schema-connection-attribute-tables.html
import { TOUCH_ATTRIBUTE_BYTES, TOUCH_ATTRIBUTES } from '../limits.ts';
import { readName } from '../sql/value/client-text.ts';
import { ByteReader, ShortPacket } from './bytes.ts';

/** Longest attributes a client may send, in bytes. */
const SENT_BYTES = 65_535;
/** Bytes of them the server remembers (performance_schema_session_connect_attrs_size). */
const KEPT_BYTES = 512;
/** Bytes it keeps of that where it has to tell how many it lost. */
const TRUNCATED_BYTES = 18;
/** Longest name, in characters. */
const NAME_CHARACTERS = 32;

/** A name and its value, which is NULL where it is empty. */
export type Attribute = readonly [name: string, value: string | null];

/** The bytes of a login's attributes; throws ShortPacket where there are none, or more than a client may send. */
export function readAttributeBytes(reader: ByteReader): Buffer {
  const all = reader.lenencBytes();
  if (!all || all.length > SENT_BYTES) throw new ShortPacket('no attributes');
  return all;
}

function* pairs(bytes: Buffer): Generator<readonly [name: Buffer, value: Buffer]> {
  const reader = new ByteReader(bytes);
  try {
    while (reader.left > 0) {
      const name = reader.lenencBytes();
      const value = reader.lenencBytes();
      if (!name || !value) return;
      yield [name, value];
    }
  } catch {
    // ShortPacket: what is cut short ends the list.
  }
}

/** Pairs as a touch tells them: at most TOUCH_ATTRIBUTES, each cut to TOUCH_ATTRIBUTE_BYTES. */
export function toldAttributes(bytes: Buffer): Map<string, string> {
  const told = new Map<string, string>();
  const clip = (text: Buffer) => text.toString('utf8', 0, TOUCH_ATTRIBUTE_BYTES);
  for (const [name, value] of pairs(bytes)) {
    if (told.size >= TOUCH_ATTRIBUTES) break;
    told.set(clip(name), clip(value));
  }
  return told;
}

/** Pairs as the server remembers them, up to the first that has no name. */
export function keptAttributes(bytes: Buffer, charset: string): Attribute[] {
  const fits = bytes.length <= KEPT_BYTES;
  const room = fits ? bytes.length : KEPT_BYTES - TRUNCATED_BYTES;
  const kept: Attribute[] = fits ? [] : [['_truncated', String(bytes.length - room)]];
  for (const [name, value] of pairs(bytes.subarray(0, room))) {
    const shown = [...readName(name, charset)].slice(0, NAME_CHARACTERS).join('');
    if (shown === '') break;
    kept.push([shown, value.length === 0 ? null : readName(value, charset)]);
  }
  return kept;
}
