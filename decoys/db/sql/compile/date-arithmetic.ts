// Dates and times with an interval added or taken away.
// Source: https://dev.mysql.com/doc/refman/9.7/en/expressions.html#temporal-intervals; types and warnings as recorded from 9.7.
import { TYPE } from '../../wire/constants.ts';
import { exactOperand, wholeOperand } from '../coerce.ts';
import { dateOf } from '../functions/time-argument.ts';
import { printInScope } from '../print-message.ts';
import type { Node, Row, Scope } from '../scope.ts';
import { addInterval, type Interval, parseInterval } from '../value/interval.ts';
import { MAX_TIME_HOURS, Temporal } from '../value/temporal.ts';
import {
  dateType,
  datetimeType,
  isDecimal,
  isInteger,
  isTemporal,
  type SqlType,
  textType,
  timeType,
} from '../value/type.ts';
import { toText, type Value } from '../value/value.ts';
import { type Compiler, LITERAL, type Of, scalar } from './compiler.ts';

/** The first length of time that is none any more, in ms. */
const TIME_END_MS = (MAX_TIME_HOURS + 1) * 3_600_000;

/** Units whose amount is a whole number. */
const WHOLE_UNITS: ReadonlySet<string> = new Set([
  ...['MICROSECOND', 'MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'],
]);

/** Units without a day: a time stays a time. */
const isTimed = (unit: string): boolean => /HOUR|MINUTE|SECOND/.test(unit);
const isTimeOnly = (unit: string): boolean => isTimed(unit) && !unit.startsWith('DAY_');

/** Digits the fraction of an interval may have. */
function fractionDigits(unit: string, amount: SqlType): number {
  if (unit.includes('MICROSECOND')) return 6;
  if (unit !== 'SECOND' || isInteger(amount)) return 0;
  return isDecimal(amount) || isTemporal(amount) ? Math.min(6, amount.decimals) : 6;
}

function resultType(base: SqlType, unit: string, amount: SqlType): SqlType {
  const decimals = Math.max(base.decimals, fractionDigits(unit, amount));
  if (base.type === TYPE.DATE && !isTimed(unit)) return dateType();
  if (base.type === TYPE.TIME && isTimeOnly(unit)) return timeType(decimals);
  return isTemporal(base) ? datetimeType(decimals) : { ...textType(29), type: TYPE.STRING };
}

/** The amount as its unit reads it: a whole number, seconds with a fraction, or text of several parts. */
function amountOf(c: Compiler, unit: string, amount: Node, row: Row): Value {
  if (WHOLE_UNITS.has(unit)) return wholeOperand(amount, row, c.x);
  return unit === 'SECOND' ? exactOperand(amount, row, c.x) : amount.get(row);
}

const RANGES: Readonly<Record<number, string>> = { [TYPE.DATE]: 'DATE', [TYPE.TIME]: 'TIME' };

/** The moment reached; undefined where there is none. */
function moved(from: Temporal, span: Interval, sign: 1 | -1, keepsDate: boolean): Temporal | undefined {
  if (from.kind === 'time' && Math.abs(from.toMs() + sign * span.ms) >= TIME_END_MS) return undefined;
  return addInterval(from, span, sign, keepsDate);
}

export function compileDateArithmetic(c: Compiler, e: Of<'binary'>, interval: Of<'interval'>, scope: Scope): Node {
  const { unit } = interval;
  const base = scalar(c, e.left, scope);
  const amount = scalar(c, interval.amount, scope);
  const { type } = base;
  const result = resultType(type, unit, amount.type);
  const outOfRange = (span: Interval | undefined, year: number): null => {
    const range = RANGES[result.type];
    if (!span || range) c.x.warn('ER_DATE_OUT_OF_RANGE', range ?? 'DATETIME', printInScope(c.x, e, scope));
    else if (year === 0) c.x.warn('ER_TRUNCATED_WRONG_VALUE', 'datetime', '0000-00-00');
    else c.x.warn('ER_DATETIME_FUNCTION_OVERFLOW', 'datetime');
    return null;
  };
  return {
    type: result,
    coercibility: LITERAL,
    moment: !isTemporal(type),
    get: (row) => {
      const value = base.get(row);
      if (value === null) return null;
      const kept = value instanceof Temporal && (value.kind !== 'time' || isTimeOnly(unit));
      const from = kept ? value : dateOf(value, c.x, 'datetime');
      const by = from && amountOf(c, unit, amount, row);
      if (from === null || by === null) return null;
      const span = parseInterval(toText(by) as string, unit);
      const reached = span && moved(from, span, e.operator === '+' ? 1 : -1, !isTimed(unit));
      if (!reached) return outOfRange(span, from.year);
      return isTemporal(type) ? reached : reached.toString();
    },
  };
}
