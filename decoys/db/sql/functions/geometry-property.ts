// Makers of functions that read one geometry, and what they give back.
// Source: https://dev.mysql.com/doc/refman/9.7/en/gis-property-functions.html
import type { Execution } from '../execution.ts';
import { bytesOf, type Geometry, type Shape } from '../spatial/geometry.ts';
import type { SqlType } from '../value/type.ts';
import type { Value } from '../value/value.ts';
import type { FunctionEntry } from './function.ts';
import { geometryArgument } from './geometry-argument.ts';

type Reading = (geometry: Geometry, x: Execution, rest: readonly Value[]) => Value;

/** A function that reads its first argument as a geometry and gives NULL for NULL. */
export function property(
  name: string,
  type: () => SqlType,
  read: Reading,
  takes = ' ',
  most = 1,
  least = most,
): FunctionEntry {
  return {
    args: [least, most],
    takes,
    strict: true,
    type,
    evaluate: ([value, ...rest], x) => read(geometryArgument(value as Value, name, x), x, rest),
  };
}

/** A geometry's bytes; NULL where there is no shape. */
export function made(srid: number, shape: Shape | undefined): Buffer | null {
  return shape ? bytesOf({ srid, shape }) : null;
}
