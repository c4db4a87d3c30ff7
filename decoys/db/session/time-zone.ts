// Time zones a session can be in: offsets, UTC, and the names the tables of time zones know.
// Source: https://dev.mysql.com/doc/refman/9.7/en/time-zone-support.html

/** Furthest a displacement may be to the east and to the west, in minutes. */
const EASTMOST = 14 * 60;
const WESTMOST = -(13 * 60 + 59);

/** Milliseconds a zone is ahead of UTC at a moment, now where none is given; undefined for one that is not known. */
export function zoneOffsetMs(zone: string, atMs?: number): number | undefined {
  if (/^(system|utc|gmt)$/i.test(zone)) return 0;
  const found = /^([+-])(\d{1,2}):(\d{1,2})$/.exec(zone);
  if (found) {
    const minutes = (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3]));
    return minutes > EASTMOST || minutes < WESTMOST || Number(found[3]) > 59 ? undefined : minutes * 60_000;
  }
  return namedZoneOffset(zone, atMs);
}

/** Zones at hand for the rows of a statement; the one asked for longest ago makes room. */
const MAX_FORMATS = 8;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  formats.delete(zone);
  const format = known ?? new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  formats.set(zone, format);
  if (formats.size > MAX_FORMATS) formats.delete(formats.keys().next().value as string);
  return format;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export interface ClockMoment {
  /** ms since the epoch. */
  readonly ms: number;
  /** The zone's clocks never show that time: they are put forward over it, at the moment told. */
  readonly skipped: boolean;
}

/**
 * When the clocks of a zone show a time, given in ms as if they were UTC's; the first of two moments where they show it twice.
 * Undefined for a zone that is not known.
 */
export function momentOfClock(zone: string, clockMs: number): ClockMoment | undefined {
  const before = zoneOffsetMs(zone, clockMs - DAY_MS);
  const after = zoneOffsetMs(zone, clockMs + DAY_MS);
  if (before === undefined || after === undefined) return undefined;
  const early = { ms: clockMs - before, skipped: false };
  if (before === after || zoneOffsetMs(zone, early.ms) === before) return early;
  const late = { ms: clockMs - after, skipped: false };
  if (zoneOffsetMs(zone, late.ms) === after) return late;
  // Clocks are put forward at a whole minute, so that is what is looked for.
  let low = Math.floor((late.ms - DAY_MS) / MINUTE_MS) * MINUTE_MS;
  let high = Math.ceil((early.ms + DAY_MS) / MINUTE_MS) * MINUTE_MS;
  while (high - low > MINUTE_MS) {
    const middle = Math.floor((low + high) / 2 / MINUTE_MS) * MINUTE_MS;
    if (zoneOffsetMs(zone, middle) === before) low = middle;
    else high = middle;
  }
  return { ms: high, skipped: true };
}

function namedZoneOffset(zone: string, atMs?: number): number | undefined {
  if (!/^[A-Za-z]+(\/[A-Za-z_+-]+)*\d{0,2}$/.test(zone) || zone.length > 40) return undefined;
  try {
    const shown =
      formatOf(zone)
        .formatToParts(atMs)
        .find((part) => part.type === 'timeZoneName')?.value ?? '';
    const found = /GMT([+-])(\d{2}):(\d{2})/.exec(shown);
    return found ? (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) * 60_000 : 0;
  } catch {
    // Not a zone the runtime knows.
    return undefined;
  }
}
