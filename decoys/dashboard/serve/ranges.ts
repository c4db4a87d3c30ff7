// Byte ranges (RFC 9110 section 14) as nginx reads and answers them: one part, several parts, none that fits, or ignored.

/** First byte and the byte after the last. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What a Range header asks of a file of `length` bytes: `ignore` sends the whole file, `unsatisfiable` is 416. */
export function parseRanges(header: string, length: number): readonly Range[] | 'ignore' | 'unsatisfiable' {
  if (header.length < 7 || header.slice(0, 6).toLowerCase() !== 'bytes=') return 'ignore';
  const ranges: Range[] = [];
  let total = 0;
  for (const spec of header.slice(6).split(',')) {
    const range = parseSpec(spec, length);
    if (range === undefined) return 'unsatisfiable';
    if (range.start < range.end) {
      ranges.push(range);
      total += range.end - range.start;
    } else if (range.start === 0) return 'ignore';
  }
  if (ranges.length === 0) return 'unsatisfiable';
  return total > length ? 'ignore' : ranges;
}

/** One `first-last`, `first-` or `-suffix`, blanks allowed between; undefined where it is none. */
function parseSpec(spec: string, length: number): Range | undefined {
  let at = skipSpaces(spec, 0);
  if (spec[at] === '-') {
    const suffix = readNumber(spec, at + 1);
    if (suffix === undefined || skipSpaces(spec, suffix.next) !== spec.length) return undefined;
    return { start: suffix.value < length ? length - suffix.value : 0, end: length };
  }
  const first = readNumber(spec, at);
  if (first === undefined) return undefined;
  at = skipSpaces(spec, first.next);
  if (spec[at] !== '-') return undefined;
  at = skipSpaces(spec, at + 1);
  if (at === spec.length) return { start: first.value, end: length };
  const last = readNumber(spec, at);
  if (last === undefined || skipSpaces(spec, last.next) !== spec.length) return undefined;
  return { start: first.value, end: last.value >= length ? length : last.value + 1 };
}

function skipSpaces(text: string, at: number): number {
  let next = at;
  while (text[next] === ' ') next++;
  return next;
}

/** Digits from `at`; undefined without any or past a signed 64-bit number. */
function readNumber(text: string, at: number): { value: number; next: number } | undefined {
  let next = at;
  while (next < text.length && text.charCodeAt(next) >= 0x30 && text.charCodeAt(next) <= 0x39) next++;
  if (next === at) return undefined;
  const digits = text.slice(at, next);
  if (digits.length > 18 && BigInt(digits.slice(0, 40)) > 0x7fffffffffffffffn) return undefined;
  return { value: Number(digits), next };
}
