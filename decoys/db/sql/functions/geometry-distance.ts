// Functions that measure how far two geometries are apart.
// Source: https://dev.mysql.com/doc/refman/9.7/en/spatial-relation-functions-object-shapes.html
import { sqlError } from '../errors.ts';
import { type Point, pointsOf } from '../spatial/geometry.ts';
import { distance, sphereDistance } from '../spatial/measure.ts';
import { doubleType } from '../value/type.ts';
import { toText, type Value } from '../value/value.ts';
import type { FunctionEntry, FunctionTable } from './function.ts';
import { spendPairs } from './geometry-argument.ts';
import { pairOf } from './geometry-pair.ts';

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

export const GEOMETRY_DISTANCE_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
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
};
