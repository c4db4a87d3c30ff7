// Shapes made of two: union, intersection and difference; exact for convex polygons, whole parts otherwise.
// Source: https://dev.mysql.com/doc/refman/9.7/en/spatial-operator-functions.html
import { type Point, pointsOf, type Shape, simpleParts } from './geometry.ts';
import { contains, hullOf, intersects } from './measure.ts';

function collect(parts: readonly Shape[]): Shape {
  const [first] = parts;
  if (parts.length === 1 && first) return first;
  if (parts.every((part) => part.kind === 'POINT')) return { kind: 'MULTIPOINT', parts };
  if (parts.length > 0 && parts.every((part) => part.kind === 'LINESTRING')) return { kind: 'MULTILINESTRING', parts };
  if (parts.length > 0 && parts.every((part) => part.kind === 'POLYGON')) return { kind: 'MULTIPOLYGON', parts };
  return { kind: 'GEOMCOLLECTION', parts };
}

const NOTHING: Shape = { kind: 'GEOMCOLLECTION', parts: [] };
const isConvex = (shape: Shape): boolean =>
  shape.kind === 'POLYGON' && shape.rings.length === 1 && hullOf(pointsOf(shape)).length === pointsOf(shape).length - 1;

/** What two convex polygons share: one cut by every edge of the other. */
function clipped(a: Shape, b: Shape): Shape {
  let ring = hullOf(pointsOf(a));
  const cutter = hullOf(pointsOf(b));
  for (const [at, from] of cutter.entries()) {
    const to = cutter[(at + 1) % cutter.length] as Point;
    const side = ([x, y]: Point) => (to[0] - from[0]) * (y - from[1]) - (to[1] - from[1]) * (x - from[0]);
    const next: Point[] = [];
    for (const [index, point] of ring.entries()) {
      const before = ring.at(index - 1) as Point;
      const [s, t] = [side(before), side(point)];
      if (s * t < 0)
        next.push([
          before[0] + ((point[0] - before[0]) * s) / (s - t),
          before[1] + ((point[1] - before[1]) * s) / (s - t),
        ]);
      if (t >= 0) next.push(point);
    }
    ring = next;
  }
  return ring.length < 3 ? NOTHING : { kind: 'POLYGON', rings: [[...ring, ring[0] as Point]] };
}

/** What two shapes share. */
export function intersection(a: Shape, b: Shape): Shape {
  if (!intersects(a, b)) return NOTHING;
  if (contains(a, b)) return b;
  if (contains(b, a)) return a;
  if (isConvex(a) && isConvex(b)) return clipped(a, b);
  const kept = [
    ...simpleParts(a).filter((part) => contains(b, part)),
    ...simpleParts(b).filter((part) => contains(a, part)),
  ];
  return collect(kept);
}

/** What of the first lies outside the second. */
export function difference(a: Shape, b: Shape): Shape {
  if (!intersects(a, b)) return a;
  return collect(simpleParts(a).filter((part) => !contains(b, part)));
}

/** Both shapes as one. */
export function union(a: Shape, b: Shape): Shape {
  if (contains(a, b)) return a;
  if (contains(b, a)) return b;
  return collect([...simpleParts(a), ...simpleParts(b).filter((part) => !contains(a, part))]);
}
