// Geometries as functions take them, with the errors for bytes and kinds that will not do.
// Source: https://dev.mysql.com/doc/refman/9.7/en/spatial-function-argument-handling.html; errors as recorded from 9.7.
import { TYPE } from '../../wire/constants.ts';
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import { type Geometry, geometryOf, pointsOf, type Shape, type ShapeKind } from '../spatial/geometry.ts';
import type { SqlType } from '../value/type.ts';
import { toBytes, type Value } from '../value/value.ts';

const GEOMETRY_BYTES = 4_294_967_295;
/** SRID, byte order, type and the least that follows. */
const LEAST_BYTES = 13;
const SRID_BYTES = 4;

export const GEOGRAPHIC = 4326;
/** Spatial reference systems that are at hand: none, WGS 84, and its web Mercator projection. */
const SYSTEMS: ReadonlySet<number> = new Set([0, GEOGRAPHIC, 3857]);

export const geometryType = (): SqlType => ({
  type: TYPE.GEOMETRY,
  text: false,
  length: GEOMETRY_BYTES,
  decimals: 0,
  unsigned: false,
  nullable: true,
  collation: 'binary',
});

export function checkSystem(srid: number): void {
  if (!SYSTEMS.has(srid)) throw sqlError('ER_SRS_NOT_FOUND', srid);
}

/** A geometry of an argument. Throws 3037, 3055 or 3548 where its bytes are none; `strict` looks at the SRID first. */
export function geometryArgument(value: Value, name: string, x: Execution, strict = false): Geometry {
  const bytes = toBytes(value) as Buffer;
  if (bytes.length < (strict ? SRID_BYTES : LEAST_BYTES)) throw sqlError('ER_GIS_INVALID_DATA', name);
  if (strict) checkSystem(bytes.readUInt32LE(0));
  else if (bytes[SRID_BYTES] !== 1) throw sqlError('ER_NOT_LITTLE_ENDIAN');
  x.spend(1 + (bytes.length >> 4));
  x.hold(bytes.length >> 3);
  const found = geometryOf(bytes);
  if (!found) throw sqlError('ER_GIS_INVALID_DATA', name);
  return found;
}

/** Looking at a pair of points costs about so many steps; it is done in one turn, whatever it comes to. */
const PAIR_STEPS = 64;

/** Counts work that grows with the points of both shapes. */
export function spendPairs(a: Shape, b: Shape, x: Execution): void {
  x.spend(1 + PAIR_STEPS * pointsOf(a).length * pointsOf(b).length);
}

/** Throws 3516 where the shape is of none of the kinds. */
export function checkKind(shape: Shape, kinds: readonly ShapeKind[], name: string, wanted = kinds.join('/')): void {
  if (!kinds.includes(shape.kind)) throw sqlError('ER_UNEXPECTED_GEOMETRY_TYPE', wanted, shape.kind, name);
}

/** Throws 3618 where the geometry is on the globe and only the plane is known. */
export function checkPlane({ srid, shape }: Geometry, name: string): void {
  if (srid === GEOGRAPHIC) throw sqlError('ER_NOT_IMPLEMENTED_FOR_GEOGRAPHIC_SRS', `${name}(${shape.kind})`);
}
