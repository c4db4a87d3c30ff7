// From the target as sent to the path a location is looked up by: percent-decoding, `.` and `..`, runs of slashes, `#` and `?`,
// as nginx with `merge_slashes on` (its documented default) does it.
import { DOT, HASH, HEX, PERCENT, QUESTION, SLASH } from './characters.ts';

export interface Uri {
  /** Decoded and resolved path; bytes as latin1 characters, always starting with a slash. */
  readonly path: string;
  /** What follows the first `?` up to a `#`, as sent; absent without a `?`. */
  readonly query: string | undefined;
}

/** True where the path needs no work, which is nearly always. */
function isPlain(uri: string): boolean {
  for (let at = 0; at < uri.length; at++) {
    const code = uri.charCodeAt(at);
    if (code === QUESTION) return true;
    if (code === PERCENT || code === HASH) return false;
    if (code === SLASH) {
      const next = uri.charCodeAt(at + 1);
      if (next === SLASH || next === DOT) return false;
    }
  }
  return true;
}

function queryFrom(uri: string, mark: number): string {
  const hash = uri.indexOf('#', mark);
  return hash === -1 ? uri.slice(mark + 1) : uri.slice(mark + 1, hash);
}

/** The path and query of a target that starts with a slash; undefined where nginx answers 400. */
export function normaliseUri(uri: string): Uri | undefined {
  if (isPlain(uri)) {
    const mark = uri.indexOf('?');
    return mark === -1 ? { path: uri, query: undefined } : { path: uri.slice(0, mark), query: queryFrom(uri, mark) };
  }
  const segments: string[] = [];
  let segment = '';
  let at = 1;
  let query: string | undefined;
  for (; at <= uri.length; at++) {
    let code = at === uri.length ? -1 : uri.charCodeAt(at);
    let literal = false;
    if (code === PERCENT) {
      const high = HEX[uri.charCodeAt(at + 1)] ?? 0xff;
      const low = HEX[uri.charCodeAt(at + 2)] ?? 0xff;
      if (high === 0xff || low === 0xff) return undefined;
      code = high * 16 + low;
      if (code === 0) return undefined;
      at += 2;
      literal = code === QUESTION || code === HASH || code === PERCENT;
    }
    const ends = code === -1 || (!literal && (code === QUESTION || code === HASH));
    if (!ends && code !== SLASH) {
      segment += String.fromCharCode(code);
      continue;
    }
    // A segment is complete. `.` and the empty segment vanish, `..` takes the one before with it.
    if (segment === '..') {
      if (segments.length === 0) return undefined;
      segments.pop();
    } else if (segment !== '.' && segment !== '') segments.push(segment);
    const last = segment;
    segment = '';
    if (!ends) continue;
    if (code === QUESTION) query = queryFrom(uri, at);
    const trailing = segments.length > 0 && (last === '' || last === '.' || last === '..');
    return { path: `/${segments.join('/')}${trailing ? '/' : ''}`, query };
  }
  return undefined;
}
