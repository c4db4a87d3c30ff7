// LIKE: `%`, `_` and an escape character, greedy with one place to go back to, so its cost is bounded by length × pattern.
import { compareText, isAscii, isPlainCase } from './value/charset.ts';

interface Piece {
  readonly kind: 'any' | 'one' | 'character';
  readonly character: string;
}

function pieces(pattern: string, escaping: string): Piece[] {
  const out: Piece[] = [];
  const characters = [...pattern];
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] as string;
    if (character === escaping && at + 1 < characters.length)
      out.push({ kind: 'character', character: characters[++at] as string });
    else if (character === '%') {
      if (out.at(-1)?.kind !== 'any') out.push({ kind: 'any', character });
    } else out.push({ kind: character === '_' ? 'one' : 'character', character });
  }
  return out;
}

/** Whether two characters are the same; `plain` tells that letters of ASCII have one other case under the collation. */
function same(a: string, b: string, collation: string, plain: boolean): boolean {
  if (a === b) return true;
  if (collation.endsWith('_bin') || collation === 'binary') return false;
  const [x, y] = [a.charCodeAt(0), b.charCodeAt(0)];
  if (x < 128 && y < 128 && a.length === 1 && b.length === 1 && plain)
    return (x | 32) === (y | 32) && (x | 32) >= 97 && (x | 32) <= 122;
  return compareText(a, b, collation) === 0;
}

/** Whether a text fits a pattern of % and _ under a collation; `spend` counts steps, which grow with text times pattern. */
export function matchesLike(
  value: string,
  pattern: string,
  escaping: string,
  collation: string,
  spend: (steps: number) => void,
): boolean {
  // Characters of ASCII need no list of their own.
  const text: ArrayLike<string> = isAscii(value) ? value : [...value];
  const plain = isPlainCase(collation);
  const wanted = pieces(pattern, escaping);
  let [at, piece, star, mark, steps] = [0, 0, -1, 0, 0];
  while (at < text.length) {
    if (++steps % 64 === 0) spend(8);
    const next = wanted[piece];
    if (
      next &&
      next.kind !== 'any' &&
      (next.kind === 'one' || same(text[at] as string, next.character, collation, plain))
    ) {
      at++;
      piece++;
    } else if (next?.kind === 'any') {
      star = piece++;
      mark = at;
    } else if (star >= 0) {
      piece = star + 1;
      at = ++mark;
    } else return false;
  }
  while (wanted[piece]?.kind === 'any') piece++;
  return piece === wanted.length;
}
