// Seconds since 1970 and moments between time zones.
// Source: https://dev.mysql.com/doc/refman/9.7/en/time-zone-support.html
import { momentOfClock, zoneOffsetMs } from '../../session/time-zone.ts';
import type { Execution } from '../execution.ts';
import { Decimal } from '../value/decimal.ts';
import { fromMs, Temporal } from '../value/temporal.ts';
import { countType, datetimeType, decimalType, intType, type SqlType } from '../value/type.ts';
import { toNumber, toText, type Value } from '../value/value.ts';
import { formatDate, formatType } from './date-format.ts';
import type { FunctionTable } from './function.ts';
import { dateOf, fractionOf } from './time-argument.ts';

const MAX_UNIX_SECONDS = 32_536_771_199;

function seconds(value: Temporal): Temporal {
  return new Temporal({ ...value, micro: 0 });
}

function unixSeconds(value: Temporal, x: Execution): Value {
  const { ms } = x.session.momentOf(value);
  const whole = Math.floor(ms / 1000);
  if (whole < 0 || whole > MAX_UNIX_SECONDS || Number.isNaN(whole)) return 0n;
  return value.micro === 0 ? BigInt(whole) : new Decimal(BigInt(whole) * 1_000_000n + BigInt(value.micro), 6);
}

export const UNIX_TIME_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  UNIX_TIMESTAMP: {
    args: [0, 1],
    knows: [0],
    rescales: true,
    strict: true,
    type: (args, constants) => {
      const [arg] = args;
      if (!arg) return countType(21);
      const decimals = fractionOf(arg, constants[0]);
      return decimals === 0
        ? intType(21, { nullable: arg.nullable })
        : decimalType(11 + decimals, decimals, { nullable: arg.nullable });
    },
    evaluate: ([value], x) => {
      if (value === undefined) return BigInt(Math.floor(x.startedMs / 1000));
      const date = dateOf(value, x, 'datetime', true);
      return date === null || date.month === 0 || date.day === 0 ? 0n : unixSeconds(date, x);
    },
  },
  FROM_UNIXTIME: {
    args: [1, 2],
    takes: 'xt',
    strict: true,
    type: (args, constants) =>
      args.length === 2 ? formatType(args, constants) : datetimeType(fractionOf(args[0] as SqlType, undefined)),
    evaluate: ([value, format], x) => {
      const at = toNumber(value as Value) as number;
      if (at < 0 || at > MAX_UNIX_SECONDS) return null;
      const ms = Math.floor(at * 1000);
      const date = fromMs(ms + x.session.timezoneOffsetMs(ms), 'datetime');
      return format === undefined
        ? Number.isInteger(at)
          ? seconds(date)
          : date
        : formatDate(date, toText(format) as string, x);
    },
  },
  CONVERT_TZ: {
    args: [3, 3],
    strict: true,
    type: ([arg], [constant]) => datetimeType(fractionOf(arg as SqlType, constant)),
    evaluate: ([value, from, to], x) => {
      const date = dateOf(value as Value, x, 'datetime');
      if (date === null) return null;
      const [source, target] = [toText(from as Value) as string, toText(to as Value) as string];
      const moment = momentOfClock(source, date.toMs());
      const ahead = moment && zoneOffsetMs(target, moment.ms);
      if (!moment || ahead === undefined) return null;
      return fromMs(moment.ms + ahead, 'datetime', moment.skipped ? 0 : date.micro);
    },
  },
};
