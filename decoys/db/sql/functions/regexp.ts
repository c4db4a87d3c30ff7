// REGEXP_LIKE, REGEXP_INSTR, REGEXP_SUBSTR and REGEXP_REPLACE, over the decoy's own matcher, whose steps cost fuel.
// Source: https://dev.mysql.com/doc/refman/9.7/en/regexp.html
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import { intType, type SqlType, textLength, textType } from '../value/type.ts';
import { fromBoolean, toInteger, toText, type Value } from '../value/value.ts';
import { anyNullable, type FunctionTable } from './function.ts';

const text = (value: Value): string => toText(value) as string;
const PATTERN_CHARACTERS = 1_024;
/** Matches one call replaces or steps over. */
const MATCHES = 10_000;

type Bounds = readonly [number, number];

/** Bounds of the first match at or after `from`. Throws 1210 where the flags are none. */
export function search(
  value: string,
  pattern: string,
  flags: Value | undefined,
  x: Execution,
  name = 'regexp_like',
  from = 0,
): Bounds | undefined {
  if (pattern.length > PATTERN_CHARACTERS) throw sqlError('ER_REGEXP_TIME_OUT');
  const wanted = flags === undefined || flags === null ? '' : text(flags);
  if (/[^cimnu]/.test(wanted)) throw sqlError('ER_WRONG_ARGUMENTS', name);
  const sensitive = wanted.lastIndexOf('c') > wanted.lastIndexOf('i');
  const modes = (wanted.includes('m') ? 'm' : '') + (wanted.includes('n') ? 'n' : '');
  return x.session.patterns.match(pattern, !sensitive, value, (steps) => x.spend(steps), modes, from);
}

/** Place of the first character looked at, from 0. Throws 3686 past the end. */
function startOf(value: Value | undefined, subject: string): number {
  const at = value === undefined ? 1 : Number(toInteger(value));
  if (at < 1 || at > subject.length + 1) throw sqlError('ER_REGEXP_INDEX_OUTOFBOUNDS');
  return at - 1;
}

const count = (value: Value | undefined): number => (value === undefined ? 1 : Math.max(1, Number(toInteger(value))));

/** The `nth` match from `from` on. */
function nthMatch(
  subject: string,
  pattern: string,
  from: number,
  nth: number,
  flags: Value | undefined,
  x: Execution,
  name: string,
): Bounds | undefined {
  let at = from;
  for (let round = 1; round <= Math.min(nth, MATCHES); round++) {
    const found = search(subject, pattern, flags, x, name, at);
    if (!found || round === nth) return found;
    at = found[1] > found[0] ? found[1] : found[1] + 1;
    if (at > subject.length) return undefined;
  }
  return undefined;
}

/** `$1` and `\\1`-free replacement text: groups by number, an escaped character as itself. */
function replacementOf(template: string, subject: string, groups: readonly (Bounds | undefined)[]): string {
  return template.replace(/\\(.)|\$(\d)/gs, (_whole, escaped: string | undefined, digit: string | undefined) => {
    if (escaped !== undefined) return escaped;
    const group = groups[Number(digit)];
    if (Number(digit) >= groups.length) throw sqlError('ER_REGEXP_INDEX_OUTOFBOUNDS');
    return group ? subject.slice(group[0], group[1]) : '';
  });
}

export const REGEXP_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  REGEXP_LIKE: {
    args: [2, 3],
    strict: true,
    type: (args) => intType(1, { nullable: anyNullable(args) }),
    evaluate: ([value, pattern, flags], x) =>
      fromBoolean(search(text(value as Value), text(pattern as Value), flags, x) !== undefined),
  },
  REGEXP_INSTR: {
    args: [2, 6],
    strict: true,
    type: (args) => intType(21, { nullable: anyNullable(args) }),
    evaluate: ([value, pattern, from, occurrence, after, flags], x) => {
      const subject = text(value as Value);
      const found = nthMatch(
        subject,
        text(pattern as Value),
        startOf(from, subject),
        count(occurrence),
        flags,
        x,
        'regexp_instr',
      );
      if (!found) return 0n;
      return BigInt((after !== undefined && toInteger(after) === 1n ? found[1] : found[0]) + 1);
    },
  },
  REGEXP_SUBSTR: {
    args: [2, 5],
    strict: true,
    type: (args) => textType(textLength(args[0] as SqlType)),
    evaluate: ([value, pattern, from, occurrence, flags], x) => {
      const subject = text(value as Value);
      const found = nthMatch(
        subject,
        text(pattern as Value),
        startOf(from, subject),
        count(occurrence),
        flags,
        x,
        'regexp_substr',
      );
      return found ? subject.slice(found[0], found[1]) : null;
    },
  },
  REGEXP_REPLACE: {
    args: [3, 6],
    strict: true,
    type: () => ({ ...textType(4_194_304), type: 251 }),
    evaluate: ([value, pattern, replacement, from, occurrence, flags], x) => {
      const [subject, wanted, template] = [text(value as Value), text(pattern as Value), text(replacement as Value)];
      const only = occurrence === undefined ? 0 : Number(toInteger(occurrence));
      let at = startOf(from, subject);
      let out = subject.slice(0, at);
      for (let round = 1; round <= MATCHES && at <= subject.length; round++) {
        const found = search(subject, wanted, flags, x, 'regexp_replace', at);
        if (!found) break;
        const groups = x.session.patterns.groups();
        const made = only === 0 || only === round ? replacementOf(template, subject, groups) : subject.slice(...found);
        out += subject.slice(at, found[0]) + made;
        if (!x.fits(out.length, 'regexp_replace')) return null;
        if (found[1] === found[0]) out += subject.slice(found[1], found[1] + 1);
        at = found[1] > found[0] ? found[1] : found[1] + 1;
        if (only === round) break;
      }
      return out + subject.slice(at);
    },
  },
};
