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

function namedZoneOffset(zone: string, atMs?: number): number | undefined {
  if (!/^[A-Za-z]+(\/[A-Za-z_+-]+)*\d{0,2}$/.test(zone) || zone.length > 40) return undefined;
  try {
    const shown =
      new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
        .formatToParts(atMs)
        .find((part) => part.type === 'timeZoneName')?.value ?? '';
    const found = /GMT([+-])(\d{2}):(\d{2})/.exec(shown);
    return found ? (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) * 60_000 : 0;
  } catch {
    // Not a zone the runtime knows.
    return undefined;
  }
}
