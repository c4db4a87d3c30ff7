// Dates as HTTP writes and reads them (RFC 9110 section 5.6.7): the fixed form out, all three forms in.

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Tue, 05 Nov 2024 10:11:12 GMT`. */
export function httpDate(ms: number): string {
  return new Date(ms).toUTCString();
}

// Whatever stands before the comma is no matter, nor is what follows the time; the month's case is.
const FIXED = /^[^, ]*, *(\d{2}) ([A-Za-z]{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2})/;
const RFC850 = /^[^, ]*, *(\d{2})-([A-Za-z]{3})-(\d{2}) (\d{2}):(\d{2}):(\d{2})/;
const ASCTIME = /^[^, ]* ([A-Za-z]{3}) ([ \d]\d) (\d{2}):(\d{2}):(\d{2}) (\d{4})/;
/** Two-digit years below this are of the 21st century. */
const PIVOT_YEAR = 70;

/** Seconds since the epoch, undefined where the text is no date. */
export function parseHttpDate(text: string): number | undefined {
  const fixed = FIXED.exec(text);
  if (fixed) return seconds(Number(fixed[3]), fixed[2]!, Number(fixed[1]), fixed[4]!, fixed[5]!, fixed[6]!);
  const old = RFC850.exec(text);
  if (old) {
    const year = Number(old[3]);
    return seconds(year + (year < PIVOT_YEAR ? 2000 : 1900), old[2]!, Number(old[1]), old[4]!, old[5]!, old[6]!);
  }
  const asctime = ASCTIME.exec(text);
  if (asctime) {
    return seconds(Number(asctime[6]), asctime[1]!, Number(asctime[2]), asctime[3]!, asctime[4]!, asctime[5]!);
  }
  return undefined;
}

function seconds(year: number, monthName: string, day: number, h: string, m: string, s: string): number | undefined {
  const month = MONTHS.indexOf(monthName);
  const [hour, minute, second] = [Number(h), Number(m), Number(s)];
  if (month === -1 || day < 1 || hour > 23 || minute > 59 || second > 59) return undefined;
  const at = new Date(Date.UTC(year, month, day, hour, minute, second));
  // The 31st of a short month is no date.
  return at.getUTCMonth() === month && year >= PIVOT_YEAR ? at.getTime() / 1_000 : undefined;
}
