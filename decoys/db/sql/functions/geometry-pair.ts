// The two arguments of a function of two geometries.
// Source: https://dev.mysql.com/doc/refman/9.7/en/spatial-relation-functions.html
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import type { Geometry } from '../spatial/geometry.ts';
import type { Value } from '../value/value.ts';
import { geometryArgument } from './geometry-argument.ts';

interface Pair {
  readonly a: Geometry;
  readonly b: Geometry;
}

/** Both arguments, of one SRID. Throws 3033 where they differ. */
export function pairOf([first, second]: readonly Value[], name: string, x: Execution): Pair {
  const a = geometryArgument(first as Value, name, x, true);
  const b = geometryArgument(second as Value, name, x, true);
  if (a.srid !== b.srid) throw sqlError('ER_GIS_DIFFERENT_SRIDS', name, a.srid, b.srid);
  return { a, b };
}
