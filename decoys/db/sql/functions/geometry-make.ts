// Functions that make geometries: of well-known text and binary, of GeoJSON, of coordinates and of other geometries.
// Source: https://dev.mysql.com/doc/refman/9.7/en/spatial-function-reference.html
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import {
  bytesOf,
  type Collection,
  type Geometry,
  geometryOf,
  isRing,
  mapPoints,
  PART_OF,
  pointsOf,
  type Shape,
  type ShapeKind,
  shapeOfBinary,
} from '../spatial/geometry.ts';
import { shapeOfGeoJson, shapeOfText } from '../spatial/text.ts';
import { parseJson } from '../value/json.ts';
import { isString, type SqlType } from '../value/type.ts';
import { toBytes, toInteger, toText, type Value } from '../value/value.ts';
import { type FunctionEntry, type FunctionTable, MANY } from './function.ts';
import { checkKind, checkSystem, GEOGRAPHIC, geometryType } from './geometry-argument.ts';

const MAX_SRID = 4_294_967_295n;

function sridOf(value: Value | undefined, name: string): number {
  if (value === undefined) return 0;
  const srid = toInteger(value) as bigint;
  if (srid < 0n || srid > MAX_SRID) throw sqlError('ER_DATA_OUT_OF_RANGE', 'SRID', name);
  checkSystem(Number(srid));
  return Number(srid);
}

/** A document is read and made a geometry in one turn: 40 ms of one that takes all a statement may do. */
const GEOJSON_STEPS_A_BYTE = 12;

const AXIS_ORDERS = ['lat-long', 'long-lat', 'srid-defined'];

/** Which coordinate comes first: undefined where the reference system says. */
function axisOrder(value: Value | undefined, name: string): string | undefined {
  if (value === undefined) return undefined;
  const text = (toText(value) as string).trim();
  const found = /^([\w-]+)\s*=\s*([\w-]+)$/.exec(text.slice(0, 128));
  if (!found) throw sqlError('ER_INVALID_OPTION_PAIR', text === '' ? '' : text, name);
  const [, key, order] = found as unknown as [string, string, string];
  if (key.toLowerCase() !== 'axis-order') throw sqlError('ER_INVALID_OPTION_KEY', key, name);
  if (!AXIS_ORDERS.includes(order.toLowerCase())) throw sqlError('ER_INVALID_OPTION_VALUE', order, key, name);
  return order.toLowerCase();
}

/** Latitude and longitude, as WGS 84 writes them, kept longitude first; both have to be on the globe. */
function placed(shape: Shape, srid: number, order: string | undefined, name: string): Shape {
  if (srid !== GEOGRAPHIC) return shape;
  const kept = order === 'long-lat' ? shape : mapPoints(shape, ([latitude, longitude]) => [longitude, latitude]);
  for (const [longitude, latitude] of pointsOf(kept)) {
    if (longitude <= -180 || longitude > 180)
      throw sqlError('ER_LONGITUDE_OUT_OF_RANGE', longitude.toFixed(6), name, '(-180.000000', '180.000000]');
    if (latitude < -90 || latitude > 90)
      throw sqlError('ER_LATITUDE_OUT_OF_RANGE', latitude.toFixed(6), name, '[-90.000000', '90.000000]');
  }
  return kept;
}

function reader(kind: ShapeKind | undefined, name: string, source: 'WKT' | 'WKB'): FunctionEntry {
  return {
    args: [1, 3],
    takes: source === 'WKT' ? 'tit' : ' it',
    strict: true,
    type: geometryType,
    evaluate: ([value, system, options], x) => {
      const srid = sridOf(system, name);
      const order = axisOrder(options, name);
      const shape = source === 'WKT' ? ofText(value as Value, x) : ofBinary(value as Value, x);
      if (!shape) throw sqlError('ER_GIS_INVALID_DATA', name);
      if (kind) checkKind(shape, [kind], name, source);
      return bytesOf({ srid, shape: placed(shape, srid, order, name) });
    },
  };
}

function ofText(value: Value, x: Execution): Shape | undefined {
  const text = toText(value) as string;
  x.spend(1 + (text.length >> 3));
  x.hold(text.length);
  return shapeOfText(text);
}

function ofBinary(value: Value, x: Execution): Shape | undefined {
  const bytes = toBytes(value) as Buffer;
  x.spend(1 + (bytes.length >> 4));
  x.hold(bytes.length >> 2);
  return shapeOfBinary(bytes) ?? geometryOf(bytes)?.shape;
}

/** Every spelling of the readers, by the kind each wants. */
const READERS: readonly (readonly [ShapeKind | undefined, readonly string[]])[] = [
  [undefined, ['GEOM', 'GEOMETRY']],
  ['POINT', ['POINT']],
  ['LINESTRING', ['LINE', 'LINESTRING']],
  ['POLYGON', ['POLY', 'POLYGON']],
  ['MULTIPOINT', ['MPOINT', 'MULTIPOINT']],
  ['MULTILINESTRING', ['MLINE', 'MULTILINESTRING']],
  ['MULTIPOLYGON', ['MPOLY', 'MULTIPOLYGON']],
  ['GEOMCOLLECTION', ['GEOMCOLL', 'GEOMETRYCOLLECTION']],
];

function readers(): [string, FunctionEntry][] {
  const spelled = READERS.flatMap(([kind, names]) =>
    names.flatMap((name) =>
      (['WKT', 'WKB'] as const).map((source): [string, FunctionEntry] => {
        const full = `ST_${name}FROM${source === 'WKT' ? 'TEXT' : 'WKB'}`;
        return [full, reader(kind, full.toLowerCase(), source)];
      }),
    ),
  );
  return [...spelled, ['ST_GEOMCOLLFROMTXT', reader('GEOMCOLLECTION', 'st_geomcollfromtxt', 'WKT')]];
}

/** A shape of the parts given; undefined where they will not do. */
function joined(kind: ShapeKind, parts: readonly Shape[]): Shape | undefined {
  const points = parts.flatMap((part) => (part.kind === 'POINT' && part.at ? [part.at] : []));
  if (kind === 'LINESTRING') return points.length === parts.length && points.length > 1 ? { kind, points } : undefined;
  if (kind === 'POLYGON') {
    const rings = parts.map((part) => (part.kind === 'LINESTRING' ? part.points : []));
    return rings.every(isRing) ? { kind, rings } : undefined;
  }
  const only = PART_OF[kind as Collection];
  return parts.every((part) => !only || part.kind === only) ? { kind: kind as Collection, parts } : undefined;
}

/** A constructor of geometries out of others. Error 1367 names an argument that is none. */
function joiner(kind: ShapeKind, name: string): FunctionEntry {
  return {
    args: [kind === 'GEOMCOLLECTION' ? 0 : 1, MANY],
    type: geometryType,
    checkTypes: (types, printed) => {
      const at = types.findIndex((type) => type.type !== geometryType().type);
      if (at >= 0) throw sqlError('ER_ILLEGAL_VALUE_FOR_TYPE', 'non geometric', printed[at]?.() ?? '');
    },
    evaluate: (args, x) => {
      if (args.includes(null)) return null;
      const parts = args.map((value) => geometryOf(value as Buffer));
      x.spend(args.length);
      const first = parts[0]?.srid ?? 0;
      const shape = joined(
        kind,
        parts.map((part) => part?.shape as Shape),
      );
      if (!shape || parts.some((part) => part?.srid !== first)) throw sqlError('ER_WRONG_ARGUMENTS', name);
      return bytesOf({ srid: first, shape });
    },
  };
}

export const GEOMETRY_MAKE_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  ...Object.fromEntries(readers()),
  POINT: {
    args: [2, 2],
    takes: 'r',
    strict: true,
    type: geometryType,
    evaluate: ([x, y]) => bytesOf({ srid: 0, shape: { kind: 'POINT', at: [x as number, y as number] } }),
  },
  LINESTRING: joiner('LINESTRING', 'linestring'),
  POLYGON: joiner('POLYGON', 'polygon'),
  MULTIPOINT: joiner('MULTIPOINT', 'multipoint'),
  MULTILINESTRING: joiner('MULTILINESTRING', 'multilinestring'),
  MULTIPOLYGON: joiner('MULTIPOLYGON', 'multipolygon'),
  GEOMETRYCOLLECTION: joiner('GEOMCOLLECTION', 'geometrycollection'),
  GEOMCOLLECTION: joiner('GEOMCOLLECTION', 'geometrycollection'),
  ST_GEOMFROMGEOJSON: {
    args: [1, 3],
    takes: ' ii',
    strict: true,
    type: geometryType,
    checkTypes: ([document]) => {
      const type = document as SqlType;
      if (!type.text && !(isString(type) || type.type === 6))
        throw sqlError('ER_INCORRECT_TYPE', 'geojson', 'st_geomfromgeojson');
    },
    evaluate: ([document, option, system], x) => {
      const name = 'st_geomfromgeojson';
      const text = toText(document as Value) as string;
      x.fits(text.length, name);
      x.spend(text.length * GEOJSON_STEPS_A_BYTE);
      const parsed = parseJson(text);
      if (!('data' in parsed)) throw sqlError('ER_INVALID_JSON_TEXT_IN_PARAM', 1, name, parsed.reason, parsed.position);
      if (option !== undefined && ((option as bigint) < 1n || (option as bigint) > 4n))
        throw sqlError('ER_WRONG_VALUE_FOR_TYPE', 'option', String(option), name);
      const shape = shapeOfGeoJson(parsed.data);
      if (typeof shape === 'string') throw sqlError('ER_INVALID_GEOJSON_MISSING_MEMBER', name, shape);
      if (!shape) throw sqlError('ER_INVALID_GEOJSON_UNSPECIFIED', name);
      const srid = system === undefined ? GEOGRAPHIC : sridOf(system, name);
      return bytesOf({ srid, shape } satisfies Geometry);
    },
  },
};
