// Functions of two geometries: how they and their bounding boxes stand to each other, and what both make.
// Source: https://dev.mysql.com/doc/refman/9.7/en/spatial-relation-functions.html and spatial-operator-functions.html

import { difference, intersection, union } from '../spatial/combination.ts';
import { bytesOf, pointsOf, type Shape } from '../spatial/geometry.ts';
import { type Box, boxOf, contains, intersects } from '../spatial/measure.ts';
import { crosses, dimension, equal, flatness, insidesMeet, inward, meet, within } from '../spatial/relation.ts';
import { intType } from '../value/type.ts';
import type { FunctionEntry, FunctionTable } from './function.ts';
import { geometryType, spendPairs } from './geometry-argument.ts';
import { pairOf } from './geometry-pair.ts';

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

function boxes(name: string, test: (a: Box, b: Box) => boolean): FunctionEntry {
  return relation(name, (a, b) => test(boxOf(a) as Box, boxOf(b) as Box));
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
};
