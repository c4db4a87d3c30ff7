// Measures of shapes in the plane: length, area, centre, hull, distance, and how two stand to each other.
// Source: https://dev.mysql.com/doc/refman/9.7/en/spatial-analysis-functions.html
import { type Point, pointsOf, type Shape, same, simpleParts } from './geometry.ts';

export interface Box {
  readonly low: Point;
  readonly high: Point;
}

/** The smallest upright box; undefined round nothing. */
export function boxOf(shape: Shape): Box | undefined {
  const points = pointsOf(shape);
  if (points.length === 0) return undefined;
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    minX = Math.min(minX, x);
    minY = Math.min(minY, y);
    maxX = Math.max(maxX, x);
    maxY = Math.max(maxY, y);
  }
  return { low: [minX, minY], high: [maxX, maxY] };
}

const gap = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** Length on the plane. */
export function lineLength(points: readonly Point[]): number {
  let total = 0;
  for (let at = 1; at < points.length; at++) total += gap(points[at - 1] as Point, points[at] as Point);
  return total;
}

/** Twice the signed area of a ring. */
function turned(ring: readonly Point[]): number {
  let total = 0;
  for (let at = 1; at < ring.length; at++) {
    const [a, b] = [ring[at - 1] as Point, ring[at] as Point];
    total += a[0] * b[1] - b[0] * a[1];
  }
  return total;
}

function ringArea(ring: readonly Point[]): number {
  return Math.abs(turned(ring)) / 2;
}

/** Area on the plane; holes are taken away. */
export function areaOf(shape: Shape): number {
  if (shape.kind === 'POLYGON')
    return shape.rings.reduce((area, ring, at) => (at === 0 ? ringArea(ring) : area - ringArea(ring)), 0);
  return 'parts' in shape ? shape.parts.reduce((area, part) => area + areaOf(part), 0) : 0;
}

/** A point times its weight. */
type Weighted = readonly [number, number, number];

function ringCentre(ring: readonly Point[], sign: number): Weighted {
  let [x, y] = [0, 0];
  for (let at = 1; at < ring.length; at++) {
    const [a, b] = [ring[at - 1] as Point, ring[at] as Point];
    const cross = a[0] * b[1] - b[0] * a[1];
    x += (a[0] + b[0]) * cross;
    y += (a[1] + b[1]) * cross;
  }
  const twice = turned(ring);
  const area = Math.abs(twice) / 2;
  return twice === 0 ? [0, 0, 0] : [(sign * area * x) / (3 * twice), (sign * area * y) / (3 * twice), sign * area];
}

function lineCentre(points: readonly Point[]): Weighted[] {
  return points.slice(1).map((b, at) => {
    const a = points[at] as Point;
    const length = gap(a, b);
    return [(length * (a[0] + b[0])) / 2, (length * (a[1] + b[1])) / 2, length];
  });
}

/** The centre of the parts of the highest dimension; undefined of nothing. */
export function centroidOf(shape: Shape): Point | undefined {
  const parts = simpleParts(shape);
  const polygons = parts.flatMap((part) =>
    part.kind === 'POLYGON' ? part.rings.map((ring, at) => ringCentre(ring, at === 0 ? 1 : -1)) : [],
  );
  const lines = parts.flatMap((part) => (part.kind === 'LINESTRING' ? lineCentre(part.points) : []));
  const points = parts.flatMap((part): Weighted[] => (part.kind === 'POINT' && part.at ? [[...part.at, 1]] : []));
  const taken = polygons.length > 0 ? polygons : lines.length > 0 ? lines : points;
  const [x, y, weight] = taken.reduce<Weighted>((a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]], [0, 0, 0]);
  return weight === 0 ? undefined : [x / weight, y / weight];
}

function cross(o: Point, a: Point, b: Point): number {
  return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
}

/** Corners of the convex hull, counterclockwise from the lowest left, open. */
export function hullOf(all: readonly Point[]): Point[] {
  const points = [...all].sort((a, b) => a[0] - b[0] || a[1] - b[1]).filter((p, at, list) => !same(p, list[at - 1]));
  if (points.length < 3) return points;
  const half = (list: readonly Point[]) => {
    const chain: Point[] = [];
    for (const point of list) {
      while (chain.length > 1 && cross(chain.at(-2) as Point, chain.at(-1) as Point, point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(points), ...half([...points].reverse())];
}

type Segment = readonly [Point, Point];

/** Edges of lines and rings. */
export function segmentsOf(shape: Shape): Segment[] {
  const lines = simpleParts(shape).flatMap((part) =>
    part.kind === 'LINESTRING' ? [part.points] : part.kind === 'POLYGON' ? part.rings : [],
  );
  return lines.flatMap((line) => line.slice(1).map((end, at): Segment => [line[at] as Point, end]));
}

function onSegment(point: Point, [a, b]: Segment): boolean {
  return (
    cross(a, b, point) === 0 &&
    Math.min(a[0], b[0]) <= point[0] &&
    point[0] <= Math.max(a[0], b[0]) &&
    Math.min(a[1], b[1]) <= point[1] &&
    point[1] <= Math.max(a[1], b[1])
  );
}

/** Two segments pass through each other, not only touch. */
export function crossing([a, b]: Segment, [c, d]: Segment): boolean {
  return cross(a, b, c) * cross(a, b, d) < 0 && cross(c, d, a) * cross(c, d, b) < 0;
}

function meeting(s: Segment, t: Segment): boolean {
  return crossing(s, t) || onSegment(s[0], t) || onSegment(s[1], t) || onSegment(t[0], s) || onSegment(t[1], s);
}

/** Where a point is to a shape: 1 inside, 0 on its edge, -1 outside. */
export function placeIn(point: Point, shape: Shape): -1 | 0 | 1 {
  let place: -1 | 0 | 1 = -1;
  for (const part of simpleParts(shape)) {
    const found = placeInPart(point, part);
    if (found === 1) return 1;
    if (found === 0) place = 0;
  }
  return place;
}

function placeInPart(point: Point, part: Shape): -1 | 0 | 1 {
  if (part.kind === 'POINT') return same(point, part.at) ? 1 : -1;
  if (part.kind === 'LINESTRING') {
    if (!segmentsOf(part).some((segment) => onSegment(point, segment))) return -1;
    const closed = same(part.points[0], part.points.at(-1));
    return !closed && (same(point, part.points[0]) || same(point, part.points.at(-1))) ? 0 : 1;
  }
  if (part.kind !== 'POLYGON') return -1;
  if (segmentsOf(part).some((segment) => onSegment(point, segment))) return 0;
  const inside = part.rings.reduce((count, ring) => count + (insideRing(point, ring) ? 1 : 0), 0);
  return inside === 1 ? 1 : -1;
}

function insideRing([x, y]: Point, ring: readonly Point[]): boolean {
  let inside = false;
  for (let at = 1; at < ring.length; at++) {
    const [a, b] = [ring[at - 1] as Point, ring[at] as Point];
    if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
  }
  return inside;
}

/** Whether two shapes share a point. */
export function intersects(a: Shape, b: Shape): boolean {
  if (pointsOf(a).some((point) => placeIn(point, b) >= 0) || pointsOf(b).some((point) => placeIn(point, a) >= 0))
    return true;
  const others = segmentsOf(b);
  return segmentsOf(a).some((s) => others.some((t) => meeting(s, t)));
}

/** Every point of `b` is in `a`, and not all of them on its edge only. */
export function contains(a: Shape, b: Shape): boolean {
  const [edges, others] = [segmentsOf(a), segmentsOf(b)];
  const middles = others.map(([p, q]): Point => [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2]);
  const places = [...pointsOf(b), ...middles].map((point) => placeIn(point, a));
  if (places.length === 0 || places.includes(-1)) return false;
  if (areaOf(b) > areaOf(a) || (areaOf(a) > 0 && others.some((s) => edges.some((t) => crossing(s, t))))) return false;
  if (places.includes(1)) return true;
  const centre = areaOf(b) > 0 ? centroidOf(b) : undefined;
  return centre !== undefined && placeIn(centre, a) === 1;
}

function pointToSegment(point: Point, [a, b]: Segment): number {
  const length = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2;
  if (length === 0) return gap(point, a);
  const along = ((point[0] - a[0]) * (b[0] - a[0]) + (point[1] - a[1]) * (b[1] - a[1])) / length;
  const at = Math.max(0, Math.min(1, along));
  return gap(point, [a[0] + at * (b[0] - a[0]), a[1] + at * (b[1] - a[1])]);
}

/** Shortest way between two shapes; undefined where one is empty. */
export function distance(a: Shape, b: Shape): number | undefined {
  const [points, others] = [pointsOf(a), pointsOf(b)];
  if (points.length === 0 || others.length === 0) return undefined;
  if (intersects(a, b)) return 0;
  const [edges, otherEdges] = [segmentsOf(a), segmentsOf(b)];
  let best = Infinity;
  for (const point of points) {
    for (const other of others) best = Math.min(best, gap(point, other));
    for (const edge of otherEdges) best = Math.min(best, pointToSegment(point, edge));
  }
  for (const other of others) for (const edge of edges) best = Math.min(best, pointToSegment(other, edge));
  return best;
}

/** Edges other than neighbours meet. */
export function selfCrossing(shape: Shape): boolean {
  return simpleParts(shape).some((part) => {
    const segments = segmentsOf(part);
    return segments.some((s, i) =>
      segments.some((t, j) => {
        if (j <= i) return false;
        if (j === i + 1) return onSegment(t[1], s) && !same(t[1], s[1]);
        const around = i === 0 && j === segments.length - 1 && same(s[0], t[1]);
        return around ? false : meeting(s, t);
      }),
    );
  });
}

/** The line with the points that stand out less than `limit` left out (Douglas and Peucker). */
export function simplified(points: readonly Point[], limit: number): Point[] {
  if (points.length < 3) return [...points];
  const [first, last] = [points[0] as Point, points.at(-1) as Point];
  let [far, at] = [0, 0];
  for (let index = 1; index < points.length - 1; index++) {
    const away = pointToSegment(points[index] as Point, [first, last]);
    if (away > far) [far, at] = [away, index];
  }
  if (far <= limit) return [first, last];
  return [...simplified(points.slice(0, at + 1), limit).slice(0, -1), ...simplified(points.slice(at), limit)];
}

const EARTH_METRES = 6_370_986;

/** Metres between two places on a sphere, longitude first. */
export function sphereDistance(a: Point, b: Point, radius = EARTH_METRES): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const [dLat, dLon] = [radians(b[1] - a[1]), radians(b[0] - a[0])];
  const half = Math.sin(dLat / 2) ** 2 + Math.cos(radians(a[1])) * Math.cos(radians(b[1])) * Math.sin(dLon / 2) ** 2;
  return 2 * radius * Math.asin(Math.min(1, Math.sqrt(half)));
}
