// REGEXP_LIKE, REGEXP_INSTR, REGEXP_SUBSTR and REGEXP_REPLACE, over the decoy's own matcher, whose steps cost fuel.
// Source: https://dev.mysql.com/doc/refman/9.7/en/regexp.html
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import { bytesType, intType, isNull, isString, type SqlType, textLength, textType } from '../value/type.ts';
import { fromBoolean, toInteger, toText, type Value } from '../value/value.ts';
import { anyNullable, type FunctionTable } from './function.ts';
import { charLength, slicePoints } from './text-argument.ts';

const text = (value: Value): string => toText(value) as string;
const PATTERN_CHARACTERS = 1_024;
/** Matches one call replaces or steps over. */
const MATCHES = 10_000;

type Bounds = readonly [number, number];

/** A pattern with what decides how it matches. */
interface Wanted {
  readonly pattern: string;
  readonly fold: boolean;
  readonly modes: string;
}

const isBytes = (type: SqlType): boolean => isString(type) && !type.text;

/** Throws 3995 where one of text and pattern is bytes and the other text. */
export function checkCharsets([subject, pattern]: readonly SqlType[], called = 'regexp_like'): void {
  if (!subject || !pattern || isNull(subject) || isNull(pattern)) return;
  if (!isString(subject) && !subject.text) return;
  if (!isString(pattern) && !pattern.text) return;
  if (isBytes(subject) === isBytes(pattern)) return;
  const name = (type: SqlType) => (isBytes(type) ? 'binary' : type.collation);
  throw sqlError('ER_REGEXP_CHARSETS', name(subject), name(pattern), called);
}

/** Letter case counts where the text's collation says so. */
function foldsBy(types: readonly SqlType[]): boolean {
  return (
    !types.slice(0, 2).some((type) => type.text && /_(?:bin|cs)$/.test(type.collation)) &&
    !types.slice(0, 2).some(isBytes)
  );
}

/** Reads pattern and flags. Throws 1210 where the flags are none, 3685 and its kin where the pattern is. */
function read(
  pattern: string,
  flags: Value | undefined,
  types: readonly SqlType[],
  x: Execution,
  name: string,
): Wanted {
  const wanted = flags === undefined || flags === null ? '' : text(flags);
  if (/[^cimnu]/.test(wanted)) throw sqlError('ER_WRONG_ARGUMENTS', name);
  if (pattern === '') throw sqlError('ER_REGEXP_ILLEGAL_ARGUMENT');
  if (pattern.length > PATTERN_CHARACTERS) throw sqlError('ER_REGEXP_TIME_OUT');
  const [last] = /[ci](?=[^ci]*$)/.exec(wanted) ?? [];
  const fold = last === undefined ? foldsBy(types) : last === 'i';
  const modes = [...'mnu'].filter((mode) => wanted.includes(mode)).join('');
  x.session.patterns.program(pattern, fold, modes, (steps) => x.spend(steps));
  return { pattern, fold, modes };
}

function find({ pattern, fold, modes }: Wanted, subject: string, x: Execution, from = 0): Bounds | undefined {
  return x.session.patterns.match(pattern, fold, subject, (steps) => x.spend(steps), modes, from);
}

/** Whether a text holds a match, as REGEXP and RLIKE ask. A pattern is read even where the text is NULL. */
export function matches(
  subject: Value,
  pattern: Value,
  types: readonly SqlType[],
  x: Execution,
  flags?: Value,
): boolean | null {
  if (pattern === null) return null;
  const wanted = read(text(pattern), flags, types, x, 'regexp_like');
  return subject === null || flags === null ? null : find(wanted, text(subject), x) !== undefined;
}

/** Whether a text holds a match of a pattern, letter case counting. */
export function patternMatches(subject: string, pattern: string, x: Execution): boolean {
  return pattern === '' || find({ pattern, fold: false, modes: '' }, subject, x) !== undefined;
}

/** Place of the first character looked at, in code units. Throws 3686 past the end, 1583 before the start where `name` refuses that. */
function startOf(value: Value | undefined, subject: string, past: number, name?: string): number {
  const at = value === undefined ? 1 : Number(toInteger(value));
  if (at < 1 && name) throw sqlError('ER_WRONG_PARAMETERS_TO_NATIVE_FCT', name);
  const length = charLength(subject);
  if (length === 0) return 0;
  if (at < 1 || at > length + past) throw sqlError('ER_REGEXP_INDEX_OUTOFBOUNDS');
  return slicePoints(subject, 0, at - 1).length;
}

const count = (value: Value | undefined): number => (value === undefined ? 1 : Math.max(1, Number(toInteger(value))));

/** The `nth` match from `from` on. */
function nthMatch(wanted: Wanted, subject: string, from: number, nth: number, x: Execution): Bounds | undefined {
  let at = from;
  for (let round = 1; round <= Math.min(nth, MATCHES); round++) {
    const found = find(wanted, subject, x, at);
    if (!found || round === nth) return found;
    at = found[1] > found[0] ? found[1] : found[1] + 1;
    if (at > subject.length) return undefined;
  }
  return undefined;
}

/** Characters of a replacement text read through for one step. */
const TEMPLATE_CHARACTERS_A_STEP = 4;

/** Replacement text: groups by number or name, an escaped character as itself. Throws 3887 for a `$` that names none. */
function replacementOf(template: string, subject: string, x: Execution): string {
  x.spend(Math.floor(template.length / TEMPLATE_CHARACTERS_A_STEP));
  const groups = x.session.patterns.groups();
  const names = x.session.patterns.names();
  return template.replace(
    /\\(.?)|\$(?:(\d)|\{([A-Za-z][A-Za-z0-9]{0,40})\})?/gs,
    (whole, escaped: string | undefined, digit: string | undefined, name: string | undefined) => {
      if (whole.startsWith('\\')) return escaped ?? '';
      const number = digit === undefined ? names.get(name ?? '') : Number(digit);
      if (number === undefined) throw sqlError('ER_REGEXP_INVALID_CAPTURE_GROUP_NAME');
      if (number >= groups.length) throw sqlError('ER_REGEXP_INDEX_OUTOFBOUNDS');
      const group = groups[number];
      return group ? subject.slice(group[0], group[1]) : '';
    },
  );
}

/** Text of so many characters, or bytes of bytes. */
function like(type: SqlType, length: number): SqlType {
  return isBytes(type) ? bytesType(length) : textType(length, { ...(type.text ? { collation: type.collation } : {}) });
}

const given = (value: Value, type: SqlType | undefined): Value =>
  type && isBytes(type) && typeof value === 'string' ? Buffer.from(value, 'latin1') : value;

const LONGEST_BYTES = 16_777_216;
const LONGEST_CHARACTERS = LONGEST_BYTES / 4;

export const REGEXP_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  REGEXP_LIKE: {
    args: [2, 3],
    checkTypes: (types) => checkCharsets(types),
    type: (args) => intType(1, { nullable: anyNullable(args) }),
    evaluate: ([value, pattern, flags], x, types) =>
      fromBoolean(matches(value as Value, pattern as Value, types, x, flags)),
  },
  REGEXP_INSTR: {
    args: [2, 6],
    takes: '  iiit',
    strict: true,
    checkTypes: (types) => checkCharsets(types, 'regexp_instr'),
    type: (args) => intType(21, { nullable: anyNullable(args) }),
    evaluate: ([value, pattern, from, occurrence, after, flags], x, types) => {
      const name = 'regexp_instr';
      const wanted = read(text(pattern as Value), flags, types, x, name);
      if (after !== undefined && after !== 0n && after !== 1n)
        throw sqlError('ER_WRONG_ARGUMENTS', `${name}: return_option must be 1 or 0.`);
      const subject = text(value as Value);
      const found = nthMatch(wanted, subject, startOf(from, subject, 0), count(occurrence), x);
      return found ? BigInt(charLength(subject.slice(0, after === 1n ? found[1] : found[0])) + 1) : 0n;
    },
  },
  REGEXP_SUBSTR: {
    args: [2, 5],
    takes: '  iit',
    strict: true,
    checkTypes: (types) => checkCharsets(types, 'regexp_substr'),
    type: ([arg]) => like(arg as SqlType, textLength(arg as SqlType)),
    evaluate: ([value, pattern, from, occurrence, flags], x, types) => {
      const name = 'regexp_substr';
      const wanted = read(text(pattern as Value), flags, types, x, name);
      const subject = text(value as Value);
      const found = nthMatch(wanted, subject, startOf(from, subject, 0, name), count(occurrence), x);
      return found ? given(subject.slice(found[0], found[1]), types[0]) : null;
    },
  },
  REGEXP_REPLACE: {
    args: [3, 6],
    takes: '   iit',
    strict: true,
    checkTypes: ([subject, pattern, replacement]) => {
      checkCharsets([subject, pattern] as SqlType[], 'regexp_replace');
      checkCharsets([subject, replacement] as SqlType[], 'regexp_replace');
    },
    type: ([arg]) => ({
      ...like(arg as SqlType, isBytes(arg as SqlType) ? LONGEST_BYTES : LONGEST_CHARACTERS),
      type: 251,
    }),
    evaluate: ([value, pattern, replacement, from, occurrence, flags], x, types) => {
      const name = 'regexp_replace';
      const [subject, template] = [text(value as Value), text(replacement as Value)];
      const wanted = read(text(pattern as Value), flags, types, x, name);
      const only = occurrence === undefined ? 0 : occurrence === 0n ? 0 : count(occurrence);
      let at = startOf(from, subject, 1, name);
      let out = subject.slice(0, at);
      for (let round = 1; round <= MATCHES && at <= subject.length; round++) {
        const found = find(wanted, subject, x, at);
        if (!found) break;
        const made = only === 0 || only === round ? replacementOf(template, subject, x) : subject.slice(...found);
        out += subject.slice(at, found[0]) + made;
        if (!x.fits(out.length, name)) return null;
        if (found[1] === found[0]) out += subject.slice(found[1], found[1] + 1);
        at = found[1] > found[0] ? found[1] : found[1] + 1;
        if (only === round) break;
      }
      return given(out + subject.slice(at), types[0]);
    },
  },
};
