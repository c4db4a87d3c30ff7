// How two shapes, or two bounding boxes, stand to each other.
// Source: https://dev.mysql.com/doc/refman/9.7/en/spatial-relation-functions.html
import { type Point, pointsOf, type Shape, simpleParts } from './geometry.ts';
import { type Box, contains, crossing, placeIn, segmentsOf } from './measure.ts';

export const within = (inner: Box, outer: Box): boolean =>
  inner.low.every((value, at) => value >= (outer.low[at] as number)) &&
  inner.high.every((value, at) => value <= (outer.high[at] as number));
export const meet = (a: Box, b: Box): boolean =>
  a.low.every((value, at) => value <= (b.high[at] as number)) &&
  b.low.every((value, at) => value <= (a.high[at] as number));
/** The insides of two boxes share a place; a box of no width has its line or point inside. */
export function insidesMeet(a: Box, b: Box): boolean {
  return [0, 1].every((at) => {
    const [low, high] = [
      Math.max(a.low[at] as number, b.low[at] as number),
      Math.min(a.high[at] as number, b.high[at] as number),
    ];
    const flat = a.low[at] === a.high[at] || b.low[at] === b.high[at];
    return flat ? low <= high : low < high;
  });
}
export const flatness = (box: Box): number => [0, 1].filter((at) => box.low[at] === box.high[at]).length;

export const dimension = (shape: Shape): number =>
  Math.max(...simpleParts(shape).map((part) => (part.kind === 'POINT' ? 0 : part.kind === 'LINESTRING' ? 1 : 2)));

/** The insides of two shapes share a place. */
export function inward(a: Shape, b: Shape): boolean {
  const middles = (shape: Shape) => segmentsOf(shape).map(([p, q]): Point => [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2]);
  const insideBoth = (point: Point) => placeIn(point, a) === 1 && placeIn(point, b) === 1;
  if ([...pointsOf(a), ...pointsOf(b), ...middles(a), ...middles(b)].some(insideBoth)) return true;
  const edges = segmentsOf(b);
  if (segmentsOf(a).some((s) => edges.some((t) => crossing(s, t)))) return true;
  return dimension(a) === 2 && dimension(b) === 2 && equal(a, b);
}

export const equal = (a: Shape, b: Shape): boolean => contains(a, b) && contains(b, a);

/** The insides meet, and neither holds the other. */
export function crosses(a: Shape, b: Shape): boolean {
  const [da, db] = [dimension(a), dimension(b)];
  if (da > db || (da === db && da !== 1)) return false;
  if (da === 1 && db === 1) {
    const edges = segmentsOf(b);
    return segmentsOf(a).some((s) => edges.some((t) => crossing(s, t)));
  }
  return inward(a, b) && !contains(b, a);
}
