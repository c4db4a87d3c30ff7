// Which rule a statement fits: its text without comments and doubled spaces, searched for words in order.
// Patterns look at a bounded prefix and end, in time linear in it.
import { RULES, type Rule, type Signature } from './signature-rules.ts';

/** Bytes of a statement that are looked at, from its beginning; and as many from its end. */
const LOOKED_AT_BYTES = 16_384;
const TAIL_BYTES = 2_048;

function holds(text: string, words: readonly string[]): boolean {
  let at = 0;
  for (const word of words) {
    const found = text.indexOf(word, at);
    if (found < 0) return false;
    at = found + word.length;
  }
  return true;
}

/** What `plain` changes: comments, quotes of names, and spaces that are not one between two words. */
const NOT_PLAIN = /[\0-\x1f`]|\/\*| {2}|^ /;

/** Comments out and spaces as one, so that a comment between two words hides neither. Linear in the text. */
function plain(bytes: Buffer): string {
  const head = bytes.toString('latin1', 0, LOOKED_AT_BYTES);
  const tail =
    bytes.length > LOOKED_AT_BYTES
      ? bytes.toString('latin1', Math.max(LOOKED_AT_BYTES, bytes.length - TAIL_BYTES))
      : '';
  const text = (head + tail).toLowerCase();
  if (!NOT_PLAIN.test(text)) return text;
  let out = '';
  let space = true;
  for (let at = 0; at < text.length; at++) {
    const c = text[at] as string;
    if (c === '/' && text[at + 1] === '*' && text[at + 2] !== '!') {
      const end = text.indexOf('*/', at + 2);
      if (end < 0) break;
      at = end + 1;
      if (!space) out += ' ';
      space = true;
    } else if (c <= ' ') {
      if (!space) out += ' ';
      space = true;
    } else if (c !== '`') {
      out += c;
      space = false;
    }
  }
  return out;
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

interface LookedFor {
  readonly rule: Rule;
  /** Each list of its words, with their letters. */
  readonly lists: readonly { readonly words: readonly string[]; readonly letters: number }[];
}

/** Made when a statement is first looked at. */
let lookedFor: readonly LookedFor[] | undefined;

function withLetters(rule: Rule): LookedFor {
  return { rule, lists: rule.words.map((words) => ({ words, letters: lettersOf(...words) })) };
}

/** Statements whose texts are rows, not instructions. */
const WRITES_ROWS = /^(insert|replace|update)\b/;

/** A statement that writes rows, without what stands in its quotes; a quote that is never closed hides nothing. */
function ownWords(text: string): string {
  if (!WRITES_ROWS.test(text)) return text;
  let out = '';
  let at = 0;
  while (at < text.length) {
    const quote = text[at] as string;
    if (quote !== "'" && quote !== '"') {
      out += quote;
      at++;
      continue;
    }
    let end = at + 1;
    while (end < text.length && text[end] !== quote) end += text[end] === '\\' ? 2 : 1;
    if (end >= text.length) return out + text.slice(at);
    out += quote + quote;
    at = end + 1;
  }
  return out;
}

function firstRule(text: string): Signature | undefined {
  lookedFor ??= RULES.map(withLetters);
  const held = lettersOf(text);
  let own: string | undefined;
  for (const { rule, lists } of lookedFor) {
    for (const { words, letters } of lists) {
      if ((letters & held) !== letters || !holds(text, words)) continue;
      if (rule.own) {
        own ??= ownWords(text);
        if (own !== text && !holds(own, words)) continue;
      }
      const { starts, unless } = rule;
      if (starts && !starts.some((word) => text.startsWith(word))) break;
      if (unless?.some((word) => text.includes(word))) break;
      return rule;
    }
  }
  return undefined;
}

/** The first rule that fits a statement; undefined where none does. */
export function signatureOf(statement: Buffer): Signature | undefined {
  if (lastStatement.equals(statement)) return lastSignature;
  const text = plain(statement);
  const found = firstRule(text);
  if (statement.length <= REMEMBERED_BYTES) {
    lastStatement = Buffer.from(statement);
    lastSignature = found;
  }
  return found;
}

/** The short statement looked at last: tools say the same over and over. */
const REMEMBERED_BYTES = 128;
let lastStatement: Buffer = Buffer.from('\0');
let lastSignature: Signature | undefined;
