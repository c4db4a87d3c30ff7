// Dates and times read from text: what a value is, what was left over of the text, which delimiters are deprecated.
// Source: https://dev.mysql.com/doc/refman/9.7/en/date-and-time-literals.html; readings and warnings as recorded from 9.7.
import { daysInMonth, fromMs, MAX_TIME_HOURS, Temporal } from './temporal.ts';

export const DATE_TEXT_CHARACTERS = 64;

/** A delimiter that still works but is told of: another than the usual one, or one too many. */
export interface OddDelimiter {
  readonly character: string;
  readonly at: number;
  /** The delimiter it should be; undefined where it should not be there. */
  readonly usual: string | undefined;
}

export interface Reading {
  /** Undefined where the text is no date or time. */
  readonly value: Temporal | undefined;
  /** Text was left over, or the value was cut to the range of times. */
  readonly truncated: boolean;
  readonly odd: readonly OddDelimiter[];
  /** It is written as one, but there is no such day or minute, or the time was cut to the longest there is. */
  readonly outOfRange?: boolean;
}

const FAILED: Reading = { value: undefined, truncated: true, odd: [] };
const OUT_OF_RANGE: Reading = { ...FAILED, outOfRange: true };

const isDigit = (character: string | undefined): boolean =>
  character !== undefined && character >= '0' && character <= '9';
const isSpace = (character: string | undefined): boolean => character !== undefined && /\s/.test(character);
const isPunctuation = (character: string | undefined): boolean =>
  character !== undefined && /[!-/:-@[-`{-~]/.test(character);

const YEAR_TURN = 70;
/** Year, month, day, hour, minute, second, fraction. */
const PARTS = 7;
const USUAL = ['-', '-', ' ', ':', ':'];

/** Whether the month has the day; 0 stands for what is not told. */
export function validDate(year: number, month: number, day: number): boolean {
  return month <= 12 && (month === 0 || day <= daysInMonth(year, month)) && day <= 31;
}

interface Fields {
  readonly parts: number[];
  readonly lengths: number[];
  readonly end: number;
  readonly odd: OddDelimiter[];
  /** A delimiter was met, but none between date and time. */
  readonly dateOnly: boolean;
}

/** Digits all through: widths tell the parts. */
function readDigits(text: string, from: number, count: number): Fields {
  const parts: number[] = [];
  const lengths: number[] = [];
  let at = from;
  let width = count === 4 || count === 8 || count >= 14 ? 4 : 2;
  while (parts.length < PARTS - 1 && isDigit(text[at])) {
    const start = at;
    while (at - start < width && isDigit(text[at])) at++;
    parts.push(Number(text.slice(start, at)));
    lengths.push(at - start);
    width = 2;
    if (parts.length === 3 && text[at] === 'T') at++;
  }
  if (parts.length === 6 && text[at] === '.' && isDigit(text[at + 1])) {
    const start = ++at;
    while (at - start < 6 && isDigit(text[at])) at++;
    parts.push(Number(text.slice(start, at)));
    lengths.push(at - start);
  }
  return { parts, lengths, end: at, odd: [], dateOnly: false };
}

/** Delimiters after the part numbered `part`; where they end, or undefined where one may not stand there. */
function skipDelimiters(text: string, from: number, part: number, odd: OddDelimiter[]): number | undefined {
  let at = from;
  while (isPunctuation(text[at]) || isSpace(text[at])) {
    if (isSpace(text[at]) && part !== 2) return undefined;
    // The sign of a time zone is no delimiter.
    if (part >= 3 && (text[at] === '+' || text[at] === '-')) break;
    const character = text[at] as string;
    if (at > from) odd.push({ character, at, usual: undefined });
    else if (character !== USUAL[part]) odd.push({ character, at, usual: USUAL[part] });
    at++;
  }
  return at;
}

function readDelimited(text: string, from: number): Fields | undefined {
  const parts: number[] = [];
  const lengths: number[] = [];
  const odd: OddDelimiter[] = [];
  let at = from;
  let end = from;
  let spaced = false;
  let delimited = false;
  while (parts.length < PARTS && isDigit(text[at])) {
    const start = at;
    const width = parts.length === 6 ? 6 : DATE_TEXT_CHARACTERS;
    while (at - start < width && isDigit(text[at])) at++;
    const part = parts.length;
    parts.push(Number(text.slice(start, at)));
    lengths.push(at - start);
    end = at;
    if (at >= text.length || part >= 6) break;
    if (part === 2 && text[at] === 'T') {
      at++;
      continue;
    }
    if (part === 5) {
      if (text[at] !== '.') break;
      end = ++at;
      continue;
    }
    const after = skipDelimiters(text, at, part, odd);
    if (after === undefined) return undefined;
    if (after > at) delimited = true;
    if (part === 2 && /\s/.test(text.slice(at, after))) spaced = true;
    at = after;
    // Delimiters nothing follows are left over.
    if (isDigit(text[at])) end = at;
    else while (odd.length > 0 && (odd.at(-1) as OddDelimiter).at >= end) odd.pop();
  }
  return { parts, lengths, end, odd, dateOnly: delimited && !spaced };
}

const ZONE = /^([+-])(\d\d):(\d\d)$/;
const MAX_ZONE_MINUTES = 14 * 60;

/** Minutes a displacement such as +02:00 stands for; undefined where it is none. */
function zoneMinutes(text: string): number | undefined {
  const found = ZONE.exec(text);
  if (!found) return undefined;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  if (minutes === 0 && found[1] === '-') return undefined;
  return minutes > MAX_ZONE_MINUTES || Number(found[3]) > 59 ? undefined : found[1] === '-' ? -minutes : minutes;
}

export interface DateReading extends Reading {
  /** Minutes east of Greenwich the text names. */
  readonly zone?: number;
  readonly dateOnly: boolean;
}

function failedDate(dateOnly: boolean): DateReading {
  return { ...FAILED, dateOnly };
}

/** A date or date-time. Parts may be zero; whether that will do is the caller's to say. `anyDay` lets every month have 31. */
export function readDate(input: string, anyDay = false): DateReading {
  const text = input.slice(0, DATE_TEXT_CHARACTERS).replace(/\s+$/, '');
  const blanks = text.length - text.trimStart().length;
  if (!isDigit(text[blanks])) return failedDate(false);
  let digits = blanks;
  while (isDigit(text[digits]) || text[digits] === 'T') digits++;
  const internal = digits === text.length || text[digits] === '.';
  const solid = internal && !(text[digits] === '.' && digits - blanks <= 4);
  const fields = solid ? readDigits(text, blanks, digits - blanks) : readDelimited(text, blanks);
  if (!fields) return failedDate(false);
  const { parts, lengths, odd, dateOnly } = fields;
  let { end } = fields;
  const [y = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, fraction = 0] = parts;
  const some = parts.some((part) => part !== 0);
  const year = lengths[0] === 2 && some ? y + (y < YEAR_TURN ? 2000 : 1900) : y;
  if (parts.length < 3 || year > 9999 || month > 12 || day > 31) return failedDate(dateOnly);
  if (hour > 23 || minute > 59 || second > 59) return failedDate(dateOnly);
  if (!anyDay && !validDate(year, month, day)) return { ...OUT_OF_RANGE, dateOnly };
  let micro = parts.length > 6 ? fraction * 10 ** (6 - (lengths[6] as number)) : 0;
  if (parts.length > 6 && isDigit(text[end])) {
    if ((text[end] as string) >= '5') micro++;
    while (isDigit(text[end])) end++;
  }
  const rest = text.slice(end);
  const zone = parts.length > 3 ? zoneMinutes(rest) : undefined;
  const kind = parts.length <= 3 ? 'date' : 'datetime';
  const whole = new Temporal({ kind, year, month, day, hour, minute, second, micro: micro % 1_000_000 });
  const truncated = rest.trim() !== '' && zone === undefined;
  const space: OddDelimiter[] = blanks > 0 ? [{ character: text[0] as string, at: 0, usual: undefined }] : [];
  return {
    value: micro >= 1_000_000 && month > 0 && day > 0 ? nextSecond(whole) : whole,
    truncated,
    odd: [...space, ...odd].slice(0, 1),
    dateOnly,
    ...(zone !== undefined && { zone }),
  };
}

/** The same moment one second on. */
export function nextSecond(value: Temporal): Temporal {
  const date = new Date(0);
  date.setUTCFullYear(value.year, value.month - 1, value.day);
  date.setUTCHours(value.hour, value.minute, value.second + 1);
  return fromMs(date.getTime(), value.kind);
}

/** Texts as long as this may be a whole date-time where a time is wanted. */
const TIMESTAMP_CHARACTERS = 12;
const TIME = /^(-?)(?:(\d{1,10})\s+(?=\d))?(\d{1,10})(?::(\d{1,10}))?(?::(\d{1,10}))?(?:\.(\d{0,64}))?/;

/** A time: `[-][D ]HH:MM[:SS[.frac]]`, digits HHMMSS, or the time of a date-time. */
export function readTime(input: string): Reading & { readonly zone?: number } {
  const text = input.slice(0, DATE_TEXT_CHARACTERS).trim();
  if (text.length >= TIMESTAMP_CHARACTERS) {
    const dated = readDate(text);
    if (!dated.dateOnly && dated.value?.kind === 'datetime') return dated;
    if (!dated.value && !dated.dateOnly && /^\d+\D\d+\D\d+\s/.test(text)) return FAILED;
  }
  const found = TIME.exec(text);
  if (!found) return FAILED;
  const [all, sign, days, first = '', second, third, fraction] = found;
  const after = text.slice(all.length);
  if (/^[eE][+-]?\d/.test(after)) return FAILED;
  let parts: readonly [number, number, number];
  if (second === undefined && days === undefined) {
    const number = Number(first);
    parts = [Math.floor(number / 10_000), Math.floor(number / 100) % 100, number % 100];
  } else parts = [Number(first), Number(second ?? 0), Number(third ?? 0)];
  const [hour, minute, seconds] = parts;
  if (minute > 59 || seconds > 59) return OUT_OF_RANGE;
  let micro = Number((fraction ?? '').slice(0, 6).padEnd(6, '0'));
  if ((fraction?.[6] ?? '0') >= '5') micro++;
  const total = (Number(days ?? 0) * 24 + hour) * 3600 + minute * 60 + seconds + (micro >= 1_000_000 ? 1 : 0);
  const left = after.trim() !== '';
  const limit = MAX_TIME_HOURS * 3600 + 3599;
  const over = total > limit || (total === limit && micro % 1_000_000 > 0);
  const kept = over ? limit : total;
  const value = new Temporal({
    kind: 'time',
    negative: sign === '-',
    hour: Math.floor(kept / 3600),
    minute: Math.floor(kept / 60) % 60,
    second: kept % 60,
    micro: over ? 0 : micro % 1_000_000,
  });
  const blank =
    input.length - input.trimStart().length > 0 ? 0 : after !== '' || input.length > text.length ? all.length : -1;
  const odd: OddDelimiter[] = blank < 0 || left ? [] : [{ character: ' ', at: blank, usual: undefined }];
  return { value, truncated: left || over, odd, ...(over && { outOfRange: true }) };
}

/** A date or date-time from text or digits, parts of it zero or not; undefined where it is none. */
export function parseDate(input: string): Temporal | undefined {
  return readDate(input).value;
}

/** A time from text; undefined where it is none. */
export function parseTime(input: string): Temporal | undefined {
  const { value } = readTime(input);
  return value && value.kind !== 'time' ? new Temporal({ ...value, kind: 'time', year: 0, month: 0, day: 0 }) : value;
}
