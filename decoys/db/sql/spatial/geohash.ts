// Geohashes: a place on the globe as letters, five bits each.
// Source: https://dev.mysql.com/doc/refman/9.7/en/spatial-geohash-functions.html
const LETTERS = '0123456789bcdefghjkmnpqrstuvwxyz';
const MAX_LETTERS = 100;

export interface Place {
  readonly longitude: number;
  readonly latitude: number;
}

type Span = [number, number];

/** The hash of a place, `length` letters long. */
export function geohashOf({ longitude, latitude }: Place, length: number): string {
  const spans: [Span, Span] = [
    [-180, 180],
    [-90, 90],
  ];
  const sought = [longitude, latitude] as const;
  let text = '';
  let turn = 0;
  while (text.length < Math.min(length, MAX_LETTERS)) {
    let letter = 0;
    for (let bit = 0; bit < 5; bit++, turn ^= 1) {
      const span = spans[turn] as Span;
      const middle = (span[0] + span[1]) / 2;
      const upper = (sought[turn] as number) >= middle;
      span[upper ? 0 : 1] = middle;
      letter = letter * 2 + (upper ? 1 : 0);
    }
    text += LETTERS[letter];
    if (spans.every(([low, high], at) => low === sought[at] && high === sought[at])) break;
  }
  return text;
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** The middle of the span, with no more digits than the span allows. */
function middleOf([low, high]: Span): number {
  const middle = (low + high) / 2;
  const half = Math.abs(high - low) / 2;
  for (let digits = 0; digits < 17; digits++) {
    const unit = 10 ** digits;
    const rounded = roundHalfEven(middle * unit) / unit;
    if (Math.abs(rounded - middle) <= half && rounded >= low && rounded <= high) return rounded === 0 ? 0 : rounded;
  }
  return middle;
}

/** The place a hash names; undefined where it is none. */
export function placeOf(hash: string): Place | undefined {
  if (hash === '') return undefined;
  const spans: [Span, Span] = [
    [-180, 180],
    [-90, 90],
  ];
  let turn = 0;
  for (const character of hash.toLowerCase().slice(0, MAX_LETTERS)) {
    const letter = LETTERS.indexOf(character);
    if (letter < 0) return undefined;
    for (let bit = 4; bit >= 0; bit--, turn ^= 1) {
      const span = spans[turn] as Span;
      span[(letter >> bit) & 1 ? 0 : 1] = (span[0] + span[1]) / 2;
    }
  }
  return { longitude: middleOf(spans[0]), latitude: middleOf(spans[1]) };
}
