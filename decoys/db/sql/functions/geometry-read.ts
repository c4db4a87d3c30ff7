// Functions that read one geometry: its text and bytes, its coordinates, parts, measures and shape.
// Source: https://dev.mysql.com/doc/refman/9.7/en/gis-property-functions.html
import { TYPE } from '../../wire/constants.ts';
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import {
  binaryOf,
  bytesOf,
  type Geometry,
  KINDS,
  mapPoints,
  type Point,
  pointsOf,
  type Shape,
  type ShapeKind,
  same,
} from '../spatial/geometry.ts';
import { areaOf, boxOf, centroidOf, hullOf, lineLength, selfCrossing, simplified } from '../spatial/measure.ts';
import { geoJsonOf, textOf } from '../spatial/text.ts';
import { Json, type JsonData } from '../value/json.ts';
import { bytesType, doubleType, intType, jsonType, type SqlType, textType } from '../value/type.ts';
import { doubleText, toInteger, type Value } from '../value/value.ts';
import type { FunctionEntry, FunctionTable } from './function.ts';
import { checkKind, checkPlane, GEOGRAPHIC, geometryArgument, geometryType, spendPairs } from './geometry-argument.ts';

const LONG_TEXT = 67_108_864;

/** Latitude first again, as the reference system writes it. */
function outward({ srid, shape }: Geometry): Shape {
  return srid === GEOGRAPHIC ? mapPoints(shape, ([x, y]) => [y, x]) : shape;
}

type Reading = (geometry: Geometry, x: Execution, rest: readonly Value[]) => Value;

function property(
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

const flag = (): SqlType => intType(1);
const count = (): SqlType => intType(10);

function made(srid: number, shape: Shape | undefined): Buffer | null {
  return shape ? bytesOf({ srid, shape }) : null;
}

const asPoint = (at: Point | undefined): Shape | undefined => at && { kind: 'POINT', at };

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

const DIMENSIONS: Readonly<Record<string, bigint>> = {
  POINT: 0n,
  MULTIPOINT: 0n,
  LINESTRING: 1n,
  MULTILINESTRING: 1n,
  POLYGON: 2n,
  MULTIPOLYGON: 2n,
};

function dimensionOf(shape: Shape): bigint {
  if (shape.kind !== 'GEOMCOLLECTION') return DIMENSIONS[shape.kind] as bigint;
  const dimensions = shape.parts.map(dimensionOf);
  return [2n, 1n].find((dimension) => dimensions.includes(dimension)) ?? 0n;
}

function envelopeOf(shape: Shape): Shape {
  const box = boxOf(shape);
  if (!box) return { kind: 'GEOMCOLLECTION', parts: [] };
  const [[x, y], [right, top]] = [box.low, box.high];
  if (x === right && y === top) return { kind: 'POINT', at: box.low };
  if (x === right || y === top) return { kind: 'LINESTRING', points: [box.low, box.high] };
  return { kind: 'POLYGON', rings: [[box.low, [right, y], box.high, [x, top], box.low]] };
}

function hullShape(shape: Shape): Shape | undefined {
  const corners = hullOf(pointsOf(shape));
  if (corners.length === 0) return undefined;
  if (corners.length === 1) return asPoint(corners[0]);
  if (corners.length === 2) return { kind: 'LINESTRING', points: corners };
  return { kind: 'POLYGON', rings: [[...corners, corners[0] as Point]] };
}

function isClosed(shape: Shape): boolean | undefined {
  if (shape.kind === 'LINESTRING') return same(shape.points[0], shape.points.at(-1));
  return shape.kind === 'MULTILINESTRING' ? shape.parts.every(isClosed) : undefined;
}

function isEmpty(shape: Shape): boolean {
  return 'parts' in shape && shape.parts.every(isEmpty);
}

const truth = (value: boolean | undefined): Value => (value === undefined ? null : value ? 1n : 0n);

/** The part numbered from 1. */
function nth<T>(list: readonly T[] | undefined, at: Value | undefined): T | undefined {
  const index = Number(toInteger(at as Value));
  return index > 0 ? list?.[index - 1] : undefined;
}

const pointsIn = (shape: Shape): readonly Point[] | undefined =>
  shape.kind === 'LINESTRING' ? shape.points : undefined;
const ringsIn = (shape: Shape): readonly (readonly Point[])[] | undefined =>
  shape.kind === 'POLYGON' ? shape.rings : undefined;
const partsIn = (shape: Shape): readonly Shape[] | undefined => ('parts' in shape ? shape.parts : undefined);
const asLine = (points: readonly Point[] | undefined): Shape | undefined => points && { kind: 'LINESTRING', points };

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

function simplify(shape: Shape, limit: number): Shape | undefined {
  if (shape.kind === 'LINESTRING') return { ...shape, points: simplified(shape.points, limit) };
  if (shape.kind === 'POLYGON') {
    const rings = shape.rings.map((ring) => simplified(ring, limit)).filter((ring) => ring.length > 3);
    return rings.length > 0 ? { ...shape, rings } : undefined;
  }
  if (!('parts' in shape)) return shape;
  return { ...shape, parts: shape.parts.map((part) => simplify(part, limit)).filter((part) => part !== undefined) };
}

/** Numbers of GeoJSON are doubles, cut to so many digits. */
function rounded(data: JsonData, digits: number): JsonData {
  if (Array.isArray(data)) return data.map((item) => rounded(item, digits));
  if (typeof data === 'number') {
    const unit = 10 ** digits;
    return digits > 15 ? data : Math.round(data * unit) / unit;
  }
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, rounded(value as JsonData, digits)]));
}

const MAX_DIGITS = 2_147_483_647;

/** The point at `share` of a line's length. */
function along(points: readonly Point[], share: number): Point {
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

function onLine(name: string, shareOf: (by: number, length: number) => number): FunctionEntry {
  return {
    args: [2, 2],
    takes: ' r',
    strict: true,
    type: geometryType,
    evaluate: ([value, by], x) => {
      const geometry = geometryArgument(value as Value, name, x, true);
      checkKind(geometry.shape, ['LINESTRING'], name);
      const points = pointsOf(geometry.shape);
      const share = shareOf(by as number, lineLength(points));
      if (!(share >= 0 && share <= 1)) throw sqlError('ER_WRONG_ARGUMENTS', name);
      return made(geometry.srid, asPoint(along(points, share)));
    },
  };
}

const text = (kind: ShapeKind | undefined): string | undefined => kind;

const astext = property(
  'st_astext',
  () => ({ ...textType(LONG_TEXT), type: TYPE.LONG_BLOB }),
  (geometry) => textOf(outward(geometry), doubleText),
  ' t',
  2,
  1,
);
const aswkb = property(
  'st_aswkb',
  () => ({ ...bytesType(4_294_967_295), type: TYPE.LONG_BLOB }),
  (geometry) => binaryOf(outward(geometry)),
  ' t',
  2,
  1,
);

/** CAST(g AS POINT) and its kin, which change no geometry here but refuse those of another kind. */
function caster(kind: ShapeKind): [string, FunctionEntry] {
  const name = `cast_as_${kind.toLowerCase()}`;
  const evaluate: FunctionEntry['evaluate'] = ([value], x) =>
    bytesOf(castable(geometryArgument(value as Value, name, x, true), kind));
  return [name.toUpperCase(), { args: [1, 1], strict: true, type: geometryType, evaluate }];
}

function castable(geometry: Geometry, kind: ShapeKind): Geometry {
  if (geometry.shape.kind !== kind) throw sqlError('ER_INVALID_CAST_TO_GEOMETRY', geometry.shape.kind, kind);
  return geometry;
}

export const GEOMETRY_READ_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  ...Object.fromEntries(KINDS.map(caster)),
  ST_ASTEXT: astext,
  ST_ASWKT: astext,
  ST_ASBINARY: aswkb,
  ST_ASWKB: aswkb,
  ST_ASGEOJSON: {
    args: [1, 3],
    takes: ' ii',
    strict: true,
    type: () => jsonType(),
    checkTypes: ([arg]) => {
      if ((arg as SqlType).type !== TYPE.GEOMETRY && (arg as SqlType).type !== TYPE.NULL)
        throw sqlError('ER_INCORRECT_TYPE', 'geometry', 'st_asgeojson');
    },
    evaluate: ([value, digits], x) => {
      const geometry = geometryArgument(value as Value, 'st_asgeojson', x);
      const most = digits === undefined ? MAX_DIGITS : Number(digits);
      if (most < 0) throw sqlError('ER_WRONG_VALUE_FOR_TYPE', 'max decimal digits', String(digits), 'st_asgeojson');
      return new Json(rounded(geoJsonOf(geometry.shape), most));
    },
  },
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
    ({ shape }) => text(shape.kind) ?? null,
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
  ST_LENGTH: {
    args: [1, 2],
    takes: ' t',
    strict: true,
    type: () => doubleType(),
    evaluate: ([value, unit], x) => {
      const { srid, shape } = geometryArgument(value as Value, 'st_length', x);
      if (unit !== undefined && srid === 0)
        throw sqlError('ER_GEOMETRY_IN_UNKNOWN_LENGTH_UNIT', 'st_length', srid, String(unit));
      if (shape.kind === 'LINESTRING') return lineLength(shape.points);
      if (shape.kind !== 'MULTILINESTRING') return null;
      return shape.parts.reduce((total, part) => total + lineLength(pointsOf(part)), 0);
    },
  },
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
  ST_SIMPLIFY: {
    args: [2, 2],
    takes: ' r',
    strict: true,
    type: geometryType,
    evaluate: ([value, limit], x) => {
      const { srid, shape } = geometryArgument(value as Value, 'st_simplify', x, true);
      if (!((limit as number) > 0)) throw sqlError('ER_WRONG_ARGUMENTS', 'st_simplify');
      spendPairs(shape, shape, x);
      return made(srid, simplify(shape, limit as number));
    },
  },
  ST_LINEINTERPOLATEPOINT: onLine('st_lineinterpolatepoint', (by) => by),
  ST_POINTATDISTANCE: onLine('st_pointatdistance', (by, length) => (length === 0 ? 0 : by / length)),
  ST_LINEINTERPOLATEPOINTS: {
    args: [2, 2],
    takes: ' r',
    strict: true,
    type: geometryType,
    evaluate: ([value, by], x) => {
      const name = 'st_lineinterpolatepoints';
      const { srid, shape } = geometryArgument(value as Value, name, x, true);
      checkKind(shape, ['LINESTRING'], name);
      const step = by as number;
      if (!(step > 0 && step <= 1)) throw sqlError('ER_WRONG_ARGUMENTS', name);
      x.spend(Math.ceil(1 / step) * pointsOf(shape).length);
      x.hold(Math.ceil(8 / step));
      const shares = Array.from({ length: Math.floor(1 / step + 1e-9) }, (_, at) => Math.min(1, (at + 1) * step));
      const parts = shares.map((share): Shape => ({ kind: 'POINT', at: along(pointsOf(shape), share) }));
      return made(srid, parts.length === 1 ? parts[0] : { kind: 'MULTIPOINT', parts });
    },
  },
};

function countOf(list: readonly unknown[] | undefined): Value {
  return list ? BigInt(list.length) : null;
}
