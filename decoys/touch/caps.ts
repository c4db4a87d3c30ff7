// What an attacker's bytes may become in a line: bounded, printable, unable to forge or split it.

/** A line, its newline included, is shorter than this many bytes. */
export const LINE_BYTES = 8_192;
/** Bytes of a payload that are kept, before escaping. */
export const PAYLOAD_BYTES = 512;
/** Characters of one attacker-supplied string; longer ones are cut and the line says `truncated`. */
export const STRING_CHARS = 2_048;
/** Header lines kept of one request. */
export const HEADERS = 64;
/** Bytes that the fields every line has may take at most: identity, times, ids, addresses. */
const ENVELOPE_BYTES = 3_072;

// Characters JSON leaves as they are though a terminal or a log viewer acts on them: DEL and C1 controls,
// line and paragraph separators, direction overrides, zero-width marks, tag and interlinear characters, lone surrogates.
const UNSAFE = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]/g;
const UNSAFE_PROBE =
  /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udfff]/;

/** Replaces, in finished JSON text, each character a viewer might act on by its \u escape: the same JSON value, inert to look at. */
export function inert(json: string): string {
  if (!UNSAFE_PROBE.test(json)) return json;
  return json.replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const ESCAPES = Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0x5c) return '\\\\';
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
});

/** The first `limit` bytes as text: printable ASCII as it is, backslash doubled, every other byte as \xNN. */
export function escapeBytes(bytes: Uint8Array, limit = PAYLOAD_BYTES): string {
  // Joined in the end: a text grown byte by byte keeps 32 bytes of memory for each, for as long as its touch waits in a fold.
  const texts: string[] = [];
  const end = Math.min(bytes.length, limit);
  for (let at = 0; at < end; at++) texts.push(ESCAPES[bytes[at] ?? 0] ?? '');
  return texts.join('');
}

/** Bytes of a string once it is JSON, quotes left out: at most six a UTF-16 unit. */
function jsonBytes(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0) || unit === 0xad || (unit >= 0xd800 && unit <= 0xdfff)) bytes += 6;
    else if (unit === 0x22 || unit === 0x5c) bytes += 2;
    else if (unit < 0x80) bytes += 1;
    else bytes += unit >= 0x600 && (unit < 0x2e80 || unit >= 0xfe00) ? 6 : 3;
  }
  return bytes;
}

/** Upper bound of the bytes `value` takes as JSON. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return jsonBytes(value) + 2;
  if (typeof value === 'number') return 24;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + sizeOf(item) + 1, 2);
  if (value !== null && typeof value === 'object') {
    let sum = 2;
    for (const [key, item] of Object.entries(value)) if (item !== undefined) sum += jsonBytes(key) + 4 + sizeOf(item);
    return sum;
  }
  return 5;
}

/** Cuts a string to `chars` UTF-16 units without leaving half of a surrogate pair. */
export function clip(text: string, chars = STRING_CHARS): string {
  if (text.length <= chars) return text;
  const end = chars > 0 && (text.charCodeAt(chars - 1) & 0xfc00) === 0xd800 ? chars - 1 : chars;
  return text.slice(0, end);
}

export interface Fitted<T> {
  readonly value: T;
  readonly truncated: boolean;
}

/** Rounds of cutting, each with the longest string and the longest list it leaves. */
const ROUNDS: readonly (readonly [chars: number, items: number])[] = [
  [STRING_CHARS, HEADERS],
  [1_024, 48],
  [512, 32],
  [256, 24],
  [128, 16],
  [64, 8],
  [32, 4],
  [12, 2],
];

/** Cuts long strings and lists of `fields` until the line they go into stays under LINE_BYTES. Order of fields is kept. */
export function fit<T extends object>(fields: T): Fitted<T> {
  const room = LINE_BYTES - ENVELOPE_BYTES;
  let value: unknown = fields;
  let truncated = false;
  for (const [chars, items] of ROUNDS) {
    const cut = shorten(value, chars, items);
    truncated ||= cut.changed;
    value = cut.value;
    if (sizeOf(value) <= room) break;
  }
  return { value: value as T, truncated };
}

/** Keys kept of one attacker-named map (connection attributes). */
const MAP_KEYS = 32;

function shorten(value: unknown, chars: number, items: number): { value: unknown; changed: boolean } {
  if (typeof value === 'string')
    return value.length > chars ? { value: clip(value, chars), changed: true } : { value, changed: false };
  if (value === null || typeof value !== 'object') return { value, changed: false };
  let changed = false;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    for (const item of value.slice(0, items)) {
      const cut = shorten(item, chars, items);
      changed ||= cut.changed;
      list.push(cut.value);
    }
    return changed || value.length > items ? { value: list, changed: true } : { value, changed: false };
  }
  const copy: Record<string, unknown> = {};
  let kept = 0;
  for (const [key, item] of Object.entries(value)) {
    if (++kept > MAP_KEYS && typeof item === 'string') {
      changed = true;
      continue;
    }
    const cut = shorten(item, chars, items);
    const name = clip(key, Math.max(chars, 24));
    changed ||= cut.changed || name !== key;
    copy[name] = cut.value;
  }
  return changed ? { value: copy, changed } : { value, changed: false };
}
