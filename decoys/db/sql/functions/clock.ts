// Functions that ask the clock: NOW, CURDATE, UTC_TIME and their kin.
// Source: https://dev.mysql.com/doc/refman/9.7/en/date-and-time-functions.html
import { sqlError } from '../errors.ts';
import { fromMs, microsOf, Temporal } from '../value/temporal.ts';
import { dateType, datetimeType, timeType } from '../value/type.ts';
import { toInteger } from '../value/value.ts';
import { constantNumber, type FunctionEntry, type FunctionTable } from './function.ts';

/** The clock's value cut to `decimals` digits of the fraction. */
function cut(value: Temporal, decimals: number): Temporal {
  const unit = 10 ** (6 - Math.min(6, Math.max(0, decimals)));
  return new Temporal({ ...value, micro: Math.floor(value.micro / unit) * unit });
}

function clock(kind: 'date' | 'time' | 'datetime', utc: boolean, live: boolean, name = ''): FunctionEntry {
  return {
    args: [0, 1],
    type: (_args, constants) => {
      const decimals = constantNumber(constants, 0) ?? 0;
      if (decimals > 6) throw sqlError('ER_TOO_BIG_PRECISION_FUNCTION', decimals, name, 6);
      if (kind === 'date') return dateType({ nullable: false });
      if (kind === 'time')
        return timeType(decimals, { nullable: false, length: 8 + (decimals > 0 ? decimals + 1 : 0) });
      return datetimeType(decimals, { nullable: false });
    },
    evaluate: ([decimals], x) => {
      const ms = (live ? x.wallMs + x.delayMs : x.startedMs) + (utc ? 0 : x.session.timezoneOffsetMs());
      const micro = microsOf(ms, live ? x.livingMicros() : x.micros);
      return cut(fromMs(ms, kind, micro), decimals === undefined ? 0 : Number(toInteger(decimals)));
    },
  };
}

export const CLOCK_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  NOW: clock('datetime', false, false, 'now'),
  SYSDATE: clock('datetime', false, true, 'sysdate'),
  CURDATE: clock('date', false, false),
  CURTIME: clock('time', false, false, 'curtime'),
  UTC_DATE: clock('date', true, false),
  UTC_TIME: clock('time', true, false, 'utc_time'),
  UTC_TIMESTAMP: clock('datetime', true, false, 'utc_timestamp'),
};
