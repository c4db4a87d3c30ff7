// Functions of two geometries: how they stand to each other, how far apart they are, and what both make.
// Source: https://dev.mysql.com/doc/refman/9.7/en/spatial-relation-functions.html and spatial-operator-functions.html
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import {
  bytesOf,
  type Geometry,
  mapPoints,
  type Point,
  pointsOf,
  type Shape,
  simpleParts,
} from '../spatial/geometry.ts';
import {
  areaOf,
  type Box,
  boxOf,
  contains,
  crossing,
  distance,
  hullOf,
  intersects,
  placeIn,
  segmentsOf,
  sphereDistance,
} from '../spatial/measure.ts';
import { bytesType, doubleType, intType } from '../value/type.ts';
import { toText, type Value } from '../value/value.ts';
import type { FunctionEntry, FunctionTable } from './function.ts';
import { checkSystem, GEOGRAPHIC, geometryArgument, geometryType, spendPairs } from './geometry-argument.ts';

interface Pair {
  readonly a: Geometry;
  readonly b: Geometry;
}

/** Both arguments, of one SRID. Throws 3033 where they differ. */
function pairOf([first, second]: readonly Value[], name: string, x: Execution): Pair {
  const a = geometryArgument(first as Value, name, x, true);
  const b = geometryArgument(second as Value, name, x, true);
  if (a.srid !== b.srid) throw sqlError('ER_GIS_DIFFERENT_SRIDS', name, a.srid, b.srid);
  return { a, b };
}

function relation(name: string, test: (a: Shape, b: Shape) => boolean): FunctionEntry {
  return {
    args: [2, 2],
    strict: true,
    type: () => intType(1),
    evaluate: (args, x) => {
      const { a, b } = pairOf(args, name, x);
      spendPairs(a.shape, b.shape, x);
      if (pointsOf(a.shape).length === 0 || pointsOf(b.shape).length === 0) return null;
      return test(a.shape, b.shape) ? 1n : 0n;
    },
  };
}

const within = (inner: Box, outer: Box): boolean =>
  inner.low.every((value, at) => value >= (outer.low[at] as number)) &&
  inner.high.every((value, at) => value <= (outer.high[at] as number));
const meet = (a: Box, b: Box): boolean =>
  a.low.every((value, at) => value <= (b.high[at] as number)) &&
  b.low.every((value, at) => value <= (a.high[at] as number));
/** The insides of two boxes share a place; a box of no width has its line or point inside. */
function insidesMeet(a: Box, b: Box): boolean {
  return [0, 1].every((at) => {
    const [low, high] = [
      Math.max(a.low[at] as number, b.low[at] as number),
      Math.min(a.high[at] as number, b.high[at] as number),
    ];
    const flat = a.low[at] === a.high[at] || b.low[at] === b.high[at];
    return flat ? low <= high : low < high;
  });
}
const flatness = (box: Box): number => [0, 1].filter((at) => box.low[at] === box.high[at]).length;

function boxes(name: string, test: (a: Box, b: Box) => boolean): FunctionEntry {
  return relation(name, (a, b) => test(boxOf(a) as Box, boxOf(b) as Box));
}

const dimension = (shape: Shape): number =>
  Math.max(...simpleParts(shape).map((part) => (part.kind === 'POINT' ? 0 : part.kind === 'LINESTRING' ? 1 : 2)));

/** The insides of two shapes share a place. */
function inward(a: Shape, b: Shape): boolean {
  const middles = (shape: Shape) => segmentsOf(shape).map(([p, q]): Point => [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2]);
  const insideBoth = (point: Point) => placeIn(point, a) === 1 && placeIn(point, b) === 1;
  if ([...pointsOf(a), ...pointsOf(b), ...middles(a), ...middles(b)].some(insideBoth)) return true;
  const edges = segmentsOf(b);
  if (segmentsOf(a).some((s) => edges.some((t) => crossing(s, t)))) return true;
  return dimension(a) === 2 && dimension(b) === 2 && equal(a, b);
}

const equal = (a: Shape, b: Shape): boolean => contains(a, b) && contains(b, a);

function crosses(a: Shape, b: Shape): boolean {
  const [da, db] = [dimension(a), dimension(b)];
  if (da > db || (da === db && da !== 1)) return false;
  if (da === 1 && db === 1) {
    const edges = segmentsOf(b);
    return segmentsOf(a).some((s) => edges.some((t) => crossing(s, t)));
  }
  return inward(a, b) && !contains(b, a);
}

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

function intersection(a: Shape, b: Shape): Shape {
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

function difference(a: Shape, b: Shape): Shape {
  if (!intersects(a, b)) return a;
  return collect(simpleParts(a).filter((part) => !contains(b, part)));
}

function union(a: Shape, b: Shape): Shape {
  if (contains(a, b)) return a;
  if (contains(b, a)) return b;
  return collect([...simpleParts(a), ...simpleParts(b).filter((part) => !contains(a, part))]);
}

function combination(name: string, make: (a: Shape, b: Shape) => Shape): FunctionEntry {
  return {
    args: [2, 2],
    strict: true,
    type: geometryType,
    evaluate: (args, x) => {
      const { a, b } = pairOf(args, name, x);
      spendPairs(a.shape, b.shape, x);
      return bytesOf({ srid: a.srid, shape: make(a.shape, b.shape) });
    },
  };
}

/** Largest of the shortest ways from the points of one line to another's. */
function hausdorff(a: readonly Point[], b: readonly Point[]): number {
  const one = (from: readonly Point[], to: readonly Point[]) =>
    Math.max(...from.map((p) => Math.min(...to.map((q) => Math.hypot(p[0] - q[0], p[1] - q[1])))));
  return Math.max(one(a, b), one(b, a));
}

function frechet(a: readonly Point[], b: readonly Point[]): number {
  let row: number[] = [];
  for (const [i, p] of a.entries()) {
    const next: number[] = [];
    for (const [j, q] of b.entries()) {
      const away = Math.hypot(p[0] - q[0], p[1] - q[1]);
      const before = [row[j], row[j - 1], next[j - 1]].filter((value) => value !== undefined);
      next.push(i === 0 && j === 0 ? away : Math.max(away, Math.min(...before)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

function lineDistance(name: string, measure: (a: readonly Point[], b: readonly Point[]) => number): FunctionEntry {
  return {
    args: [2, 3],
    takes: '  t',
    strict: true,
    type: () => doubleType(),
    evaluate: (args, x) => {
      const { a, b } = pairOf(args, name, x);
      if (a.shape.kind !== 'LINESTRING' || b.shape.kind !== 'LINESTRING')
        throw sqlError('ER_NOT_IMPLEMENTED_FOR_CARTESIAN_SRS', `${name}(${a.shape.kind}, ${b.shape.kind})`);
      checkUnit(args[2], a.srid, name);
      spendPairs(a.shape, b.shape, x);
      return measure(a.shape.points, b.shape.points);
    },
  };
}

function checkUnit(unit: Value | undefined, srid: number, name: string): void {
  if (unit !== undefined && srid === 0)
    throw sqlError('ER_GEOMETRY_IN_UNKNOWN_LENGTH_UNIT', name, srid, toText(unit) ?? '');
}

/** Buffer strategies by name: number, and whether a count of points goes with it. */
const STRATEGIES: Readonly<Record<string, readonly [number, boolean]>> = {
  end_round: [1, true],
  end_flat: [2, false],
  join_round: [3, true],
  join_miter: [4, true],
  point_circle: [5, true],
  point_square: [6, false],
};

const MERCATOR_RADIUS = 6_378_137;

/** WGS 84 degrees as metres of the web Mercator projection, and back. */
function projected([longitude, latitude]: Point): Point {
  const radians = Math.PI / 180;
  return [
    longitude * radians * MERCATOR_RADIUS,
    Math.log(Math.tan(Math.PI / 4 + (latitude * radians) / 2)) * MERCATOR_RADIUS,
  ];
}

function unprojected([x, y]: Point): Point {
  const degrees = 180 / Math.PI;
  return [(x / MERCATOR_RADIUS) * degrees, (2 * Math.atan(Math.exp(y / MERCATOR_RADIUS)) - Math.PI / 2) * degrees];
}

/** Corners of the circle a buffer round a point is. */
const CIRCLE_POINTS = 32;

export const GEOMETRY_RELATE_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  ST_CONTAINS: relation('st_contains', contains),
  ST_WITHIN: relation('st_within', (a, b) => contains(b, a)),
  ST_EQUALS: relation('st_equals', equal),
  ST_INTERSECTS: relation('st_intersects', intersects),
  ST_DISJOINT: relation('st_disjoint', (a, b) => !intersects(a, b)),
  ST_TOUCHES: relation('st_touches', (a, b) => dimension(a) + dimension(b) > 0 && intersects(a, b) && !inward(a, b)),
  ST_CROSSES: relation('st_crosses', crosses),
  ST_OVERLAPS: relation(
    'st_overlaps',
    (a, b) => dimension(a) === dimension(b) && inward(a, b) && !contains(a, b) && !contains(b, a),
  ),
  MBRCONTAINS: boxes('mbrcontains', (a, b) => within(b, a) && insidesMeet(a, b)),
  MBRWITHIN: boxes('mbrwithin', (a, b) => within(a, b) && insidesMeet(a, b)),
  MBRCOVERS: boxes('mbrcovers', (a, b) => within(b, a)),
  MBRCOVEREDBY: boxes('mbrcoveredby', (a, b) => within(a, b)),
  MBREQUALS: boxes('mbrequals', (a, b) => within(a, b) && within(b, a)),
  MBRDISJOINT: boxes('mbrdisjoint', (a, b) => !meet(a, b)),
  MBRINTERSECTS: boxes('mbrintersects', meet),
  MBROVERLAPS: boxes(
    'mbroverlaps',
    (a, b) => flatness(a) === flatness(b) && insidesMeet(a, b) && !within(a, b) && !within(b, a),
  ),
  MBRTOUCHES: boxes('mbrtouches', (a, b) => meet(a, b) && !insidesMeet(a, b)),
  ST_UNION: combination('st_union', union),
  ST_INTERSECTION: combination('st_intersection', intersection),
  ST_DIFFERENCE: combination('st_difference', difference),
  ST_SYMDIFFERENCE: combination('st_symdifference', (a, b) => union(difference(a, b), difference(b, a))),
  ST_DISTANCE: {
    args: [2, 3],
    takes: '  t',
    strict: true,
    type: () => doubleType(),
    evaluate: (args, x) => {
      const { a, b } = pairOf(args, 'st_distance', x);
      checkUnit(args[2], a.srid, 'st_distance');
      spendPairs(a.shape, b.shape, x);
      return distance(a.shape, b.shape) ?? null;
    },
  },
  ST_DISTANCE_SPHERE: {
    args: [2, 3],
    takes: '  r',
    strict: true,
    type: () => doubleType(),
    evaluate: (args, x) => {
      const name = 'st_distance_sphere';
      const { a, b } = pairOf(args, name, x);
      const kinds = [a.shape.kind, b.shape.kind];
      if (!kinds.every((kind) => kind === 'POINT' || kind === 'MULTIPOINT'))
        throw sqlError('ER_NOT_IMPLEMENTED_FOR_CARTESIAN_SRS', `${name}(${kinds.join(', ')})`);
      const radius = args[2] as number | undefined;
      if (radius !== undefined && radius <= 0) throw sqlError('ER_NONPOSITIVE_RADIUS', name);
      spendPairs(a.shape, b.shape, x);
      const others = pointsOf(b.shape);
      return Math.min(...pointsOf(a.shape).map((p) => Math.min(...others.map((q) => sphereDistance(p, q, radius)))));
    },
  },
  ST_HAUSDORFFDISTANCE: lineDistance('st_hausdorffdistance', hausdorff),
  ST_FRECHETDISTANCE: lineDistance('st_frechetdistance', frechet),
  ST_MAKEENVELOPE: {
    args: [2, 2],
    strict: true,
    type: geometryType,
    evaluate: ([first, second], x) => {
      const name = 'st_makeenvelope';
      const [a, b] = [geometryArgument(first as Value, name, x), geometryArgument(second as Value, name, x)];
      if (a.shape.kind !== 'POINT' || b.shape.kind !== 'POINT') throw sqlError('ER_WRONG_ARGUMENTS', name);
      const { low, high } = boxOf({ kind: 'MULTIPOINT', parts: [a.shape, b.shape] }) as Box;
      if (low[0] === high[0] && low[1] === high[1]) return bytesOf(a);
      if (low[0] === high[0] || low[1] === high[1])
        return bytesOf({ srid: a.srid, shape: { kind: 'LINESTRING', points: [low, high] } });
      const ring: Point[] = [low, [high[0], low[1]], high, [low[0], high[1]], low];
      return bytesOf({ srid: a.srid, shape: { kind: 'POLYGON', rings: [ring] } });
    },
  },
  ST_BUFFER_STRATEGY: {
    args: [1, 2],
    takes: 'tr',
    strict: true,
    type: () => bytesType(16),
    evaluate: ([strategy, points]) => {
      const found = STRATEGIES[(toText(strategy as Value) as string).toLowerCase()];
      const count = points as number | undefined;
      if (!found || found[1] !== (count !== undefined) || (count !== undefined && !(count > 0)))
        throw sqlError('ER_WRONG_ARGUMENTS', 'st_buffer_strategy');
      const bytes = Buffer.alloc(12);
      bytes.writeUInt32LE(found[0]);
      bytes.writeDoubleLE(count ?? 0, 4);
      return bytes;
    },
  },
  ST_BUFFER: {
    args: [2, 5],
    takes: ' r ',
    strict: true,
    type: geometryType,
    evaluate: ([value, by], x) => {
      const { srid, shape } = geometryArgument(value as Value, 'st_buffer', x, true);
      const radius = by as number;
      if (radius === 0) return bytesOf({ srid, shape });
      if (radius < 0 && areaOf(shape) === 0) throw sqlError('ER_WRONG_ARGUMENTS', 'st_buffer');
      x.spend(pointsOf(shape).length * CIRCLE_POINTS);
      const around = pointsOf(shape).flatMap(([px, py]) =>
        Array.from({ length: CIRCLE_POINTS }, (_, at): Point => {
          const angle = -(at * 2 * Math.PI) / CIRCLE_POINTS;
          return [px + radius * Math.cos(angle), py + radius * Math.sin(angle)];
        }),
      );
      const corners = shape.kind === 'POINT' ? around : hullOf(around);
      return bytesOf({ srid, shape: { kind: 'POLYGON', rings: [[...corners, corners[0] as Point]] } });
    },
  },
  ST_TRANSFORM: {
    args: [2, 2],
    takes: ' i',
    strict: true,
    type: geometryType,
    evaluate: ([value, system], x) => {
      const { srid, shape } = geometryArgument(value as Value, 'st_transform', x, true);
      const target = Number(system);
      checkSystem(target);
      if (srid === target) return bytesOf({ srid, shape });
      if (target === 0 || srid === 0) throw sqlError('ER_TRANSFORM_TARGET_SRS_NOT_SUPPORTED', target);
      return bytesOf({ srid: target, shape: mapPoints(shape, target === GEOGRAPHIC ? unprojected : projected) });
    },
  },
};
