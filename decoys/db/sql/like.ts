// LIKE: `%`, `_` and an escape character, greedy with one place to go back to, so its cost is bounded by length × pattern.
// The pattern is read where it stands: taken apart first, one of a megabyte would cost a SHOW that much for each of its rows.
import { compareText, isPlainCase } from './value/charset.ts';

/** Steps between two times they are counted, and what as many cost. */
const COUNTED_STEPS = 64;
const COUNTED_FUEL = 8;

/** Whether two characters are the same; `plain` tells that letters of ASCII have one other case under the collation. */
function same(a: string, b: string, collation: string, plain: boolean): boolean {
  if (a === b) return true;
  if (collation.endsWith('_bin') || collation === 'binary') return false;
  const [x, y] = [a.charCodeAt(0), b.charCodeAt(0)];
  if (x < 128 && y < 128 && a.length === 1 && b.length === 1 && plain)
    return (x | 32) === (y | 32) && (x | 32) >= 97 && (x | 32) <= 122;
  return compareText(a, b, collation) === 0;
}

/** The character that begins at a place of the text; empty behind its end. */
function characterAt(text: string, at: number): string {
  const point = text.codePointAt(at);
  return point === undefined ? '' : point > 0xffff ? text.slice(at, at + 2) : (text[at] as string);
}

/** Whether a text fits a pattern of % and _ under a collation; `spend` counts steps, which grow with text times pattern. */
export function matchesLike(
  value: string,
  pattern: string,
  escaping: string,
  collation: string,
  spend: (steps: number) => void,
): boolean {
  const plain = isPlainCase(collation);
  let [at, from, star, mark, steps] = [0, 0, -1, 0, 0];
  while (at < value.length || pattern[from] === '%') {
    if (++steps % COUNTED_STEPS === 0) spend(COUNTED_FUEL);
    const next = characterAt(pattern, from);
    const escaped = next !== '' && next === escaping && from + next.length < pattern.length;
    if (next === '%' && !escaped) {
      from++;
      star = from;
      mark = at;
      continue;
    }
    if (at >= value.length) return false;
    const wanted = escaped ? characterAt(pattern, from + next.length) : next;
    const own = characterAt(value, at);
    if (next !== '' && ((next === '_' && !escaped) || same(own, wanted, collation, plain))) {
      at += own.length;
      from += wanted.length + (escaped ? next.length : 0);
    } else if (star >= 0) {
      mark += characterAt(value, mark).length;
      at = mark;
      from = star;
    } else return false;
  }
  return from === pattern.length;
}
