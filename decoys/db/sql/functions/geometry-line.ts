// Functions of lines: their length, points along them, and lines of fewer points.
// Source: https://dev.mysql.com/doc/refman/9.7/en/gis-linestring-property-functions.html, spatial-operator-functions.html
import { sqlError } from '../errors.ts';
import { pointsOf, type Shape } from '../spatial/geometry.ts';
import { lineLength } from '../spatial/measure.ts';
import { along, asPoint, simplify } from '../spatial/properties.ts';
import { doubleType } from '../value/type.ts';
import type { Value } from '../value/value.ts';
import type { FunctionEntry, FunctionTable } from './function.ts';
import { checkKind, geometryArgument, geometryType, spendPairs } from './geometry-argument.ts';
import { made } from './geometry-property.ts';

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

export const GEOMETRY_LINE_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
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
