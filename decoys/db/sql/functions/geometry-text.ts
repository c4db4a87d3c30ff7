// Functions that tell a geometry as text, bytes or GeoJSON, or as a geometry of one kind.
// Source: https://dev.mysql.com/doc/refman/9.7/en/gis-format-conversion-functions.html, spatial-geojson-functions.html
import { TYPE } from '../../wire/constants.ts';
import { sqlError } from '../errors.ts';
import { binaryOf, bytesOf, type Geometry, KINDS, mapPoints, type Shape, type ShapeKind } from '../spatial/geometry.ts';
import { geoJsonOf, textOf } from '../spatial/text.ts';
import { Json, type JsonData } from '../value/json.ts';
import { bytesType, jsonType, type SqlType, textType } from '../value/type.ts';
import { doubleText, type Value } from '../value/value.ts';
import type { FunctionEntry, FunctionTable } from './function.ts';
import { GEOGRAPHIC, geometryArgument, geometryType } from './geometry-argument.ts';
import { property } from './geometry-property.ts';

const LONG_TEXT = 16_777_216;

/** Latitude first again, as the reference system writes it. */
function outward({ srid, shape }: Geometry): Shape {
  return srid === GEOGRAPHIC ? mapPoints(shape, ([x, y]) => [y, x]) : shape;
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

export const GEOMETRY_TEXT_FUNCTIONS: FunctionTable = {
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
};
