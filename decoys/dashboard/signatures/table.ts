// All signatures, the gravest first, and which of them a text shows.
import { CODE } from './code.ts';
import { DATA } from './data.ts';
import { PATHS } from './paths.ts';
import type { Place, Signature } from './signature.ts';

export const SIGNATURES: readonly Signature[] = [...CODE, ...DATA, ...PATHS];

/** Of a place: those that say how a text begins, the others, and one pattern that tells whether any of the others can match. */
interface Share {
  readonly beginnings: readonly Signature[];
  readonly others: readonly Signature[];
  readonly any: RegExp;
}

function shareOf(place: Place): Share {
  const own = SIGNATURES.filter((signature) => signature.in.includes(place));
  const others = own.filter(({ begins }) => !begins);
  const any = new RegExp(others.map(({ pattern }) => `(?:${pattern.source})`).join('|'), 'im');
  return { beginnings: own.filter(({ begins }) => begins), others, any };
}

const SHARES: Readonly<Record<Place, Share>> = {
  target: shareOf('target'),
  headers: shareOf('headers'),
  body: shareOf('body'),
};

/** What a text shows that stands in a place. */
export function signaturesIn(place: Place, text: string): Signature[] {
  const { any, beginnings, others } = SHARES[place];
  const shown = (signatures: readonly Signature[]) => signatures.filter(({ pattern }) => pattern.test(text));
  const begun = beginnings.length === 0 ? [] : shown(beginnings);
  return any.test(text) ? [...begun, ...shown(others)] : begun;
}
