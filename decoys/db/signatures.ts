// Which rule a statement fits: its text, what its literals spell, and each of several statements, searched for words in order and for
// shapes. What is looked at is a bounded prefix and end, in time linear in it.
import { RULES } from './signature-rules.ts';
import type { Rule, Signature } from './signatures/rule.ts';
import type { Value } from './sql/value/value.ts';
import { type PlainStatement, plainStatements } from './statement-text.ts';

function holds(text: string, words: readonly string[]): boolean {
  let at = 0;
  for (const word of words) {
    const found = text.indexOf(word, at);
    if (found < 0) return false;
    at = found + word.length;
  }
  return true;
}

/** The letters of texts as bits of one number: a text holds a word only where it holds all its letters. */
function lettersOf(...texts: readonly string[]): number {
  let letters = 0;
  for (const text of texts)
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at) - CODE_OF_A;
      if (code >= 0 && code < LETTERS) letters |= 1 << code;
    }
  return letters;
}

const CODE_OF_A = 0x61;
const LETTERS = 26;

/** One list of words of a rule, or its shape. */
interface LookedFor {
  readonly rule: Rule;
  readonly words: readonly string[] | undefined;
}

/** Made when a statement is first looked at. */
let lookedFor: readonly LookedFor[] | undefined;
/** The letters of each. */
let letters = new Int32Array();

function makeLookedFor(): readonly LookedFor[] {
  const all = RULES.flatMap((rule) => [
    ...(rule.words ?? []).map((words) => ({ rule, words })),
    ...(rule.shape ? [{ rule, words: undefined }] : []),
  ]);
  letters = Int32Array.from(all, ({ words }) => lettersOf(...(words ?? [])));
  return all;
}

/** Statements whose texts are rows, not instructions. */
const WRITES_ROWS = /^(insert|replace|update)\b/;

function fits({ rule, words }: LookedFor, statement: PlainStatement, text: string): boolean {
  const { starts, unless, shape, own } = rule;
  if (words && !holds(text, words)) return false;
  if (starts && !starts.some((word) => text.startsWith(word))) return false;
  if (!words && !shape?.(statement)) return false;
  if (words && own && WRITES_ROWS.test(statement.text) && !holds(statement.own, words)) return false;
  return !unless?.some((word) => text.includes(word));
}

function firstRule(statement: PlainStatement, text: string): Rule | undefined {
  lookedFor ??= makeLookedFor();
  const held = lettersOf(text);
  for (let at = 0; at < letters.length; at++) {
    const needed = letters[at] as number;
    if ((needed & held) !== needed) continue;
    const candidate = lookedFor[at] as LookedFor;
    if (fits(candidate, statement, text)) return candidate.rule;
  }
  return undefined;
}

/** Statements that keep a text to be run later, or run one. */
const SPELLS = /^(set @|prepare |execute immediate |select .* into @)/;

/** The first rule one statement fits; what its literals hide goes before looking around. */
function ofStatement(statement: PlainStatement): Rule | undefined {
  const open = firstRule(statement, statement.text);
  if (open?.serious) return open;
  if (statement.revealed !== undefined) {
    const revealed = firstRule(statement, statement.revealed);
    if (revealed?.serious) return revealed;
  }
  if (statement.spelled === '' || !SPELLS.test(statement.text)) return open;
  const spelled = ofAll(plainStatements(Buffer.from(statement.spelled, 'latin1')), false);
  return spelled?.serious ? spelled : open;
}

/** The first serious rule of several statements, or the first of any. */
function ofAll(statements: readonly PlainStatement[], spelled = true): Rule | undefined {
  let first: Rule | undefined;
  for (const statement of statements) {
    const found = spelled ? ofStatement(statement) : firstRule(statement, statement.text);
    if (found?.serious) return found;
    first ??= found;
  }
  return first;
}

/** Bytes of all parameters of a statement that are looked at. */
const PARAMETERS_BYTES = 4_096;
/** The first bytes of programs, which are not readable as text. */
const PROGRAM = /^(\x7felf|mz[\0-\x1f\x90])/;

/** What bound values say, as a literal of the statement would. */
function ofParameters(statement: Buffer, values: readonly Value[]): Rule | undefined {
  let said = '';
  for (const value of values) {
    if (said.length >= PARAMETERS_BYTES) break;
    if (typeof value !== 'string' && !Buffer.isBuffer(value)) continue;
    const text = Buffer.isBuffer(value)
      ? value.toString('latin1', 0, PARAMETERS_BYTES)
      : value.slice(0, PARAMETERS_BYTES);
    const lower = text.toLowerCase();
    said += ` ${PROGRAM.test(lower) ? `0x${Buffer.from(text.slice(0, 4), 'latin1').toString('hex')}` : lower}`;
  }
  if (said === '') return undefined;
  const [first] = plainStatements(statement);
  if (!first) return undefined;
  const text = `${first.text}${said}`;
  return firstRule({ ...first, text }, text);
}

/**
 * The first rule that fits a statement; undefined where none does. `inner` is a statement that it kept or ran, `parameters` what was bound
 * to it: what is serious there is serious here.
 */
export function signatureOf(
  statement: Buffer,
  inner?: Buffer,
  parameters: readonly Value[] = [],
): Signature | undefined {
  const found = ofText(statement);
  if (found?.serious || (!inner && parameters.length === 0)) return found;
  const ran = inner && ofText(inner);
  if (ran?.serious) return ran;
  const bound = ofParameters(inner ?? statement, parameters);
  return bound?.serious ? bound : (found ?? ran);
}

/** Short statements looked at last, and bytes of one: tools say the same over and over. */
const REMEMBERED = 64;
const REMEMBERED_BYTES = 256;
/** The one remembered first is forgotten first. */
const remembered = new Map<string, Rule | undefined>();

function ofText(statement: Buffer): Rule | undefined {
  if (statement.length > REMEMBERED_BYTES) return ofAll(plainStatements(statement));
  const text = statement.toString('latin1');
  const known = remembered.get(text);
  if (known || remembered.has(text)) return known;
  const found = ofAll(plainStatements(statement));
  if (remembered.size >= REMEMBERED) remembered.delete(remembered.keys().next().value as string);
  remembered.set(text, found);
  return found;
}
