// What a shape is: its dimension, envelope, hull, parts and points, and a simpler shape near it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/gis-property-functions.html
import { type Point, pointsOf, type Shape, same } from './geometry.ts';
import { boxOf, hullOf, lineLength, simplified } from './measure.ts';

export const asPoint = (at: Point | undefined): Shape | undefined => at && { kind: 'POINT', at };

const DIMENSIONS: Readonly<Record<string, bigint>> = {
  POINT: 0n,
  MULTIPOINT: 0n,
  LINESTRING: 1n,
  MULTILINESTRING: 1n,
  POLYGON: 2n,
  MULTIPOLYGON: 2n,
};

/** 0 for points, 1 for lines, 2 for areas; the most of a collection's parts. */
export function dimensionOf(shape: Shape): bigint {
  if (shape.kind !== 'GEOMCOLLECTION') return DIMENSIONS[shape.kind] as bigint;
  const dimensions = shape.parts.map(dimensionOf);
  return [2n, 1n].find((dimension) => dimensions.includes(dimension)) ?? 0n;
}

/** The smallest upright box round a shape, as a shape. */
export function envelopeOf(shape: Shape): Shape {
  const box = boxOf(shape);
  if (!box) return { kind: 'GEOMCOLLECTION', parts: [] };
  const [[x, y], [right, top]] = [box.low, box.high];
  if (x === right && y === top) return { kind: 'POINT', at: box.low };
  if (x === right || y === top) return { kind: 'LINESTRING', points: [box.low, box.high] };
  return { kind: 'POLYGON', rings: [[box.low, [right, y], box.high, [x, top], box.low]] };
}

/** The smallest convex shape round a shape. */
export function hullShape(shape: Shape): Shape | undefined {
  const corners = hullOf(pointsOf(shape));
  if (corners.length === 0) return undefined;
  if (corners.length === 1) return asPoint(corners[0]);
  if (corners.length === 2) return { kind: 'LINESTRING', points: corners };
  return { kind: 'POLYGON', rings: [[...corners, corners[0] as Point]] };
}

/** Whether lines end where they begin; undefined for what is no line. */
export function isClosed(shape: Shape): boolean | undefined {
  if (shape.kind === 'LINESTRING') return same(shape.points[0], shape.points.at(-1));
  return shape.kind === 'MULTILINESTRING' ? shape.parts.every(isClosed) : undefined;
}

/** Whether a shape has no parts. */
export function isEmpty(shape: Shape): boolean {
  return 'parts' in shape && shape.parts.every(isEmpty);
}

export const pointsIn = (shape: Shape): readonly Point[] | undefined =>
  shape.kind === 'LINESTRING' ? shape.points : undefined;
export const ringsIn = (shape: Shape): readonly (readonly Point[])[] | undefined =>
  shape.kind === 'POLYGON' ? shape.rings : undefined;
export const partsIn = (shape: Shape): readonly Shape[] | undefined => ('parts' in shape ? shape.parts : undefined);
export const asLine = (points: readonly Point[] | undefined): Shape | undefined =>
  points && { kind: 'LINESTRING', points };

/** A shape with points left out that lie nearer than `limit` to what remains; undefined where nothing remains. */
export function simplify(shape: Shape, limit: number): Shape | undefined {
  if (shape.kind === 'LINESTRING') return { ...shape, points: simplified(shape.points, limit) };
  if (shape.kind === 'POLYGON') {
    const rings = shape.rings.map((ring) => simplified(ring, limit)).filter((ring) => ring.length > 3);
    return rings.length > 0 ? { ...shape, rings } : undefined;
  }
  if (!('parts' in shape)) return shape;
  return { ...shape, parts: shape.parts.map((part) => simplify(part, limit)).filter((part) => part !== undefined) };
}

/** The point at `share` of a line's length. */
export function along(points: readonly Point[], share: number): Point {
  let left = lineLength(points) * share;
  for (let at = 1; at < points.length; at++) {
    const [a, b] = [points[at - 1] as Point, points[at] as Point];
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
    if (left <= length) {
      const part = length === 0 ? 0 : left / length;
      return [a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part];
    }
    left -= length;
  }
  return points.at(-1) as Point;
}
