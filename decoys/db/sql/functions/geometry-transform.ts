// Functions that make another geometry of one: a buffer round it, its place in another reference system, an envelope.
// Source: https://dev.mysql.com/doc/refman/9.7/en/spatial-operator-functions.html
import { sqlError } from '../errors.ts';
import { bytesOf, mapPoints, type Point, pointsOf } from '../spatial/geometry.ts';
import { areaOf, type Box, boxOf, hullOf } from '../spatial/measure.ts';
import { bytesType } from '../value/type.ts';
import { toText, type Value } from '../value/value.ts';
import type { FunctionTable } from './function.ts';
import { checkSystem, GEOGRAPHIC, geometryArgument, geometryType } from './geometry-argument.ts';

/** Buffer strategies by name: number, and whether a count of points goes with it. */
const STRATEGIES: Readonly<Record<string, readonly [number, boolean]>> = {
  end_round: [1, true],
  end_flat: [2, false],
  join_round: [3, true],
  join_miter: [4, true],
  point_circle: [5, true],
  point_square: [6, false],
};

const MERCATOR_RADIUS = 6_378_137;

/** WGS 84 degrees as metres of the web Mercator projection, and back. */
function projected([longitude, latitude]: Point): Point {
  const radians = Math.PI / 180;
  return [
    longitude * radians * MERCATOR_RADIUS,
    Math.log(Math.tan(Math.PI / 4 + (latitude * radians) / 2)) * MERCATOR_RADIUS,
  ];
}

function unprojected([x, y]: Point): Point {
  const degrees = 180 / Math.PI;
  return [(x / MERCATOR_RADIUS) * degrees, (2 * Math.atan(Math.exp(y / MERCATOR_RADIUS)) - Math.PI / 2) * degrees];
}

/** Corners of the circle a buffer round a point is. */
const CIRCLE_POINTS = 32;

export const GEOMETRY_TRANSFORM_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  ST_MAKEENVELOPE: {
    args: [2, 2],
    strict: true,
    type: geometryType,
    evaluate: ([first, second], x) => {
      const name = 'st_makeenvelope';
      const [a, b] = [geometryArgument(first as Value, name, x), geometryArgument(second as Value, name, x)];
      if (a.shape.kind !== 'POINT' || b.shape.kind !== 'POINT') throw sqlError('ER_WRONG_ARGUMENTS', name);
      const { low, high } = boxOf({ kind: 'MULTIPOINT', parts: [a.shape, b.shape] }) as Box;
      if (low[0] === high[0] && low[1] === high[1]) return bytesOf(a);
      if (low[0] === high[0] || low[1] === high[1])
        return bytesOf({ srid: a.srid, shape: { kind: 'LINESTRING', points: [low, high] } });
      const ring: Point[] = [low, [high[0], low[1]], high, [low[0], high[1]], low];
      return bytesOf({ srid: a.srid, shape: { kind: 'POLYGON', rings: [ring] } });
    },
  },
  ST_BUFFER_STRATEGY: {
    args: [1, 2],
    takes: 'tr',
    strict: true,
    type: () => bytesType(16),
    evaluate: ([strategy, points]) => {
      const found = STRATEGIES[(toText(strategy as Value) as string).toLowerCase()];
      const count = points as number | undefined;
      if (!found || found[1] !== (count !== undefined) || (count !== undefined && !(count > 0)))
        throw sqlError('ER_WRONG_ARGUMENTS', 'st_buffer_strategy');
      const bytes = Buffer.alloc(12);
      bytes.writeUInt32LE(found[0]);
      bytes.writeDoubleLE(count ?? 0, 4);
      return bytes;
    },
  },
  ST_BUFFER: {
    args: [2, 5],
    takes: ' r ',
    strict: true,
    type: geometryType,
    evaluate: ([value, by], x) => {
      const { srid, shape } = geometryArgument(value as Value, 'st_buffer', x, true);
      const radius = by as number;
      if (radius === 0) return bytesOf({ srid, shape });
      if (radius < 0 && areaOf(shape) === 0) throw sqlError('ER_WRONG_ARGUMENTS', 'st_buffer');
      // What lies within the hull moves none of its corners.
      const outmost = shape.kind === 'POINT' ? pointsOf(shape) : hullOf(pointsOf(shape));
      x.spend(outmost.length * CIRCLE_POINTS);
      const around = outmost.flatMap(([px, py]) =>
        Array.from({ length: CIRCLE_POINTS }, (_, at): Point => {
          const angle = -(at * 2 * Math.PI) / CIRCLE_POINTS;
          return [px + radius * Math.cos(angle), py + radius * Math.sin(angle)];
        }),
      );
      const corners = shape.kind === 'POINT' ? around : hullOf(around);
      return bytesOf({ srid, shape: { kind: 'POLYGON', rings: [[...corners, corners[0] as Point]] } });
    },
  },
  ST_TRANSFORM: {
    args: [2, 2],
    takes: ' i',
    strict: true,
    type: geometryType,
    evaluate: ([value, system], x) => {
      const { srid, shape } = geometryArgument(value as Value, 'st_transform', x, true);
      const target = Number(system);
      checkSystem(target);
      if (srid === target) return bytesOf({ srid, shape });
      if (target === 0 || srid === 0) throw sqlError('ER_TRANSFORM_TARGET_SRS_NOT_SUPPORTED', target);
      return bytesOf({ srid: target, shape: mapPoints(shape, target === GEOGRAPHIC ? unprojected : projected) });
    },
  },
};
