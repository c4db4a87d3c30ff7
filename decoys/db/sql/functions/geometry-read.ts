// Functions that read one geometry: its coordinates, parts, measures and shape.
// Source: https://dev.mysql.com/doc/refman/9.7/en/gis-property-functions.html
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import { bytesOf, mapPoints, type Point, pointsOf, type Shape, same } from '../spatial/geometry.ts';
import { areaOf, centroidOf, selfCrossing } from '../spatial/measure.ts';
import {
  asLine,
  asPoint,
  dimensionOf,
  envelopeOf,
  hullShape,
  isClosed,
  isEmpty,
  partsIn,
  pointsIn,
  ringsIn,
} from '../spatial/properties.ts';
import { doubleType, intType, type SqlType, textType } from '../value/type.ts';
import { toInteger, type Value } from '../value/value.ts';
import type { FunctionEntry, FunctionTable } from './function.ts';
import { checkKind, checkPlane, GEOGRAPHIC, geometryArgument, geometryType, spendPairs } from './geometry-argument.ts';
import { made, property } from './geometry-property.ts';

const flag = (): SqlType => intType(1);
const count = (): SqlType => intType(10);

/** ST_X and its kin read a coordinate, or with a second argument set it. */
function coordinate(name: string, axis: 0 | 1, geographic: boolean): FunctionEntry {
  return {
    args: [1, 2],
    takes: ' r',
    strict: true,
    type: (args) => (args.length > 1 ? geometryType() : doubleType()),
    evaluate: ([value, set], x) => {
      const geometry = geometryArgument(value as Value, name, x, true);
      checkKind(geometry.shape, ['POINT'], name);
      if (geographic && geometry.srid !== GEOGRAPHIC) throw sqlError('ER_SRS_NOT_GEOGRAPHIC', name, geometry.srid);
      const at = (geometry.shape as { readonly at: Point }).at;
      if (set === undefined) return at[axis];
      const moved: Point = axis === 0 ? [set as number, at[1]] : [at[0], set as number];
      return bytesOf({ srid: geometry.srid, shape: { kind: 'POINT', at: moved } });
    },
  };
}

const truth = (value: boolean | undefined): Value => (value === undefined ? null : value ? 1n : 0n);

/** The part numbered from 1. */
function nth<T>(list: readonly T[] | undefined, at: Value | undefined): T | undefined {
  const index = Number(toInteger(at as Value));
  return index > 0 ? list?.[index - 1] : undefined;
}

/** Points and polygons are no lines: their simplicity is that of their edges. */
function isSimple(shape: Shape, x: Execution): boolean {
  spendPairs(shape, shape, x);
  if (shape.kind === 'POINT' || shape.kind === 'POLYGON' || shape.kind === 'MULTIPOLYGON') return true;
  if (shape.kind === 'MULTIPOINT') {
    const points = pointsOf(shape);
    return points.every((point, at) => !points.slice(0, at).some((other) => same(point, other)));
  }
  return !selfCrossing(shape);
}

function isValid(shape: Shape, x: Execution): boolean {
  spendPairs(shape, shape, x);
  if (shape.kind === 'POLYGON') return areaOf(shape) > 0 && !selfCrossing(shape);
  if (shape.kind === 'LINESTRING') return shape.points.some((point) => !same(point, shape.points[0]));
  return 'parts' in shape ? shape.parts.every((part) => isValid(part, x)) : true;
}

export const GEOMETRY_READ_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  ST_X: coordinate('st_x', 0, false),
  ST_Y: coordinate('st_y', 1, false),
  ST_LONGITUDE: coordinate('st_longitude', 0, true),
  ST_LATITUDE: coordinate('st_latitude', 1, true),
  ST_SRID: {
    args: [1, 2],
    takes: ' i',
    strict: true,
    type: (args) => (args.length > 1 ? geometryType() : intType(10)),
    evaluate: ([value, srid], x) => {
      const geometry = geometryArgument(value as Value, 'st_srid', x);
      if (srid === undefined) return BigInt(geometry.srid);
      if ((srid as bigint) < 0n || (srid as bigint) > 0xffffffffn)
        throw sqlError('ER_DATA_OUT_OF_RANGE', 'SRID', 'st_srid');
      const bytes = bytesOf({ ...geometry, srid: Number(srid) });
      geometryArgument(bytes, 'st_srid', x, true);
      return bytes;
    },
  },
  ST_GEOMETRYTYPE: property(
    'st_geometrytype',
    () => textType(15),
    ({ shape }) => shape.kind,
  ),
  ST_DIMENSION: property('st_dimension', count, ({ shape }) => (isEmpty(shape) ? null : dimensionOf(shape))),
  ST_ISEMPTY: property('st_isempty', flag, ({ shape }) => truth(isEmpty(shape))),
  ST_ISCLOSED: property('st_isclosed', flag, (geometry) => {
    checkPlane(geometry, 'st_isclosed');
    return truth(isClosed(geometry.shape));
  }),
  ST_ISSIMPLE: property('st_issimple', flag, ({ shape }, x) => truth(isSimple(shape, x))),
  ST_ISVALID: property('st_isvalid', flag, ({ shape }, x) => truth(isValid(shape, x))),
  ST_VALIDATE: property('st_validate', geometryType, ({ srid, shape }, x) =>
    isValid(shape, x) ? made(srid, shape) : null,
  ),
  ST_AREA: property(
    'st_area',
    () => doubleType(),
    ({ shape }) => {
      if (shape.kind !== 'GEOMCOLLECTION') checkKind(shape, ['POLYGON', 'MULTIPOLYGON'], 'st_area');
      return areaOf(shape);
    },
  ),
  ST_CENTROID: property('st_centroid', geometryType, (geometry) => {
    checkPlane(geometry, 'st_centroid');
    return made(geometry.srid, asPoint(centroidOf(geometry.shape)));
  }),
  ST_ENVELOPE: property('st_envelope', geometryType, (geometry) => {
    checkPlane(geometry, 'st_envelope');
    return made(geometry.srid, envelopeOf(geometry.shape));
  }),
  ST_CONVEXHULL: property('st_convexhull', geometryType, (geometry) => {
    checkPlane(geometry, 'st_convexhull');
    return made(geometry.srid, hullShape(geometry.shape));
  }),
  ST_NUMPOINTS: property('st_numpoints', count, ({ shape }) => countOf(pointsIn(shape))),
  ST_STARTPOINT: property('st_startpoint', geometryType, ({ srid, shape }) =>
    made(srid, asPoint(pointsIn(shape)?.[0])),
  ),
  ST_ENDPOINT: property('st_endpoint', geometryType, ({ srid, shape }) => made(srid, asPoint(pointsIn(shape)?.at(-1)))),
  ST_POINTN: property(
    'st_pointn',
    geometryType,
    ({ srid, shape }, _x, [at]) => made(srid, asPoint(nth(pointsIn(shape), at))),
    ' i',
    2,
  ),
  ST_EXTERIORRING: property('st_exteriorring', geometryType, ({ srid, shape }) =>
    made(srid, asLine(ringsIn(shape)?.[0])),
  ),
  ST_INTERIORRINGN: property(
    'st_interiorringn',
    geometryType,
    ({ srid, shape }, _x, [at]) => made(srid, asLine(nth(ringsIn(shape)?.slice(1), at))),
    ' i',
    2,
  ),
  ST_NUMINTERIORRINGS: property('st_numinteriorrings', count, ({ shape }) => countOf(ringsIn(shape)?.slice(1))),
  ST_NUMINTERIORRING: property('st_numinteriorrings', count, ({ shape }) => countOf(ringsIn(shape)?.slice(1))),
  ST_NUMGEOMETRIES: property('st_numgeometries', count, ({ shape }) => countOf(partsIn(shape))),
  ST_GEOMETRYN: property(
    'st_geometryn',
    geometryType,
    ({ srid, shape }, _x, [at]) => made(srid, nth(partsIn(shape), at)),
    ' i',
    2,
  ),
  ST_SWAPXY: property('st_swapxy', geometryType, ({ srid, shape }) =>
    made(
      srid,
      mapPoints(shape, ([x, y]) => [y, x]),
    ),
  ),
};

function countOf(list: readonly unknown[] | undefined): Value {
  return list ? BigInt(list.length) : null;
}
