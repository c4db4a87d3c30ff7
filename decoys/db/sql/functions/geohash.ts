// Functions of geohashes.
// Source: https://dev.mysql.com/doc/refman/9.7/en/spatial-geohash-functions.html
import { TYPE } from '../../wire/constants.ts';
import { shown } from '../coerce.ts';
import { sqlError } from '../errors.ts';
import { geohashOf, type Place, placeOf } from '../spatial/geohash.ts';
import { bytesOf, type Point } from '../spatial/geometry.ts';
import { doubleType, isDecimal, isDouble, isInteger, isNull, isString, type SqlType, textType } from '../value/type.ts';
import { toNumber, toText, type Value } from '../value/value.ts';
import type { FunctionEntry, FunctionTable } from './function.ts';
import { checkKind, checkSystem, geometryArgument, geometryType } from './geometry-argument.ts';

/** Letters of the longest hash. */
const MAX_LETTERS = 100;

function checkHash(type: SqlType, name: string): void {
  if (!isString(type) && !isNull(type)) throw sqlError('ER_INCORRECT_TYPE', 'geohash', name);
  if (type.type === TYPE.GEOMETRY || (isString(type) && !type.text))
    throw sqlError('ER_INCORRECT_TYPE', 'geohash', name);
}

function placeOfHash(value: Value, name: string): Place {
  const place = placeOf(toText(value) as string);
  if (!place) throw sqlError('ER_WRONG_VALUE_FOR_TYPE', 'geohash', shown(value), name);
  return place;
}

function part(name: string, which: keyof Place): FunctionEntry {
  return {
    args: [1, 1],
    strict: true,
    type: (args) => doubleType({ nullable: args.some((type) => type.nullable) }),
    checkTypes: ([type]) => checkHash(type as SqlType, name),
    evaluate: ([value]) => placeOfHash(value as Value, name)[which],
  };
}

const RANGES = { longitude: 180, latitude: 90 } as const;

export const GEOHASH_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  ST_LATFROMGEOHASH: part('ST_LATFROMGEOHASH', 'latitude'),
  ST_LONGFROMGEOHASH: part('ST_LONGFROMGEOHASH', 'longitude'),
  ST_POINTFROMGEOHASH: {
    args: [2, 2],
    takes: ' i',
    strict: true,
    type: (args) => ({ ...geometryType(), nullable: args.some((type) => type.nullable) }),
    checkTypes: ([type]) => checkHash(type as SqlType, 'st_pointfromgeohash'),
    evaluate: ([value, srid]) => {
      checkSystem(Number(srid));
      const { longitude, latitude } = placeOfHash(value as Value, 'st_pointfromgeohash');
      return bytesOf({ srid: Number(srid), shape: { kind: 'POINT', at: [longitude, latitude] } });
    },
  },
  ST_GEOHASH: {
    args: [2, 3],
    strict: true,
    type: (args) => textType(MAX_LETTERS, { nullable: args.some((type) => type.nullable) }),
    checkTypes: (types) => {
      const number = (type: SqlType | undefined) =>
        type && (isInteger(type) || isDecimal(type) || isDouble(type) || isNull(type));
      if (types.length === 2 && types[0]?.type !== TYPE.GEOMETRY && !isNull(types[0] as SqlType))
        throw sqlError('ER_INCORRECT_TYPE', 'point', 'st_geohash');
      if (types.length === 3 && !number(types[0])) throw sqlError('ER_INCORRECT_TYPE', 'longitude', 'st_geohash');
      if (types.length === 3 && !number(types[1])) throw sqlError('ER_INCORRECT_TYPE', 'latitude', 'st_geohash');
      const last = types.at(-1);
      if (last && !isInteger(last) && !isNull(last))
        throw sqlError('ER_INCORRECT_TYPE', 'geohash max length', 'st_geohash');
    },
    evaluate: (args, x) => {
      const length = Number(toNumber(args.at(-1) as Value));
      if (length < 1 || length > MAX_LETTERS)
        throw sqlError('ER_DATA_OUT_OF_RANGE', 'max geohash length', 'st_geohash');
      let place: Place;
      if (args.length === 2) {
        const { shape } = geometryArgument(args[0] as Value, 'st_geohash', x);
        checkKind(shape, ['POINT'], 'st_geohash');
        const [longitude, latitude] = (shape as { readonly at: Point }).at;
        place = { longitude, latitude };
      } else
        place = { longitude: toNumber(args[0] as Value) as number, latitude: toNumber(args[1] as Value) as number };
      for (const axis of ['longitude', 'latitude'] as const)
        if (Math.abs(place[axis]) > RANGES[axis]) throw sqlError('ER_DATA_OUT_OF_RANGE', axis, 'st_geohash');
      return geohashOf(place, length);
    },
  },
};
