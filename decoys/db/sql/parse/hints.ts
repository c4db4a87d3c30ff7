// Optimizer hints, which stand in a comment after a statement's first word: those that set a variable for its time, or name a resource group.
// Source: https://dev.mysql.com/doc/refman/9.7/en/optimizer-hints.html
import type { SettingHint, Told } from '../ast/statement.ts';
import { tokenize } from '../lexer.ts';
import type { LexerOptions, Token } from '../token.ts';
import { decode, NEAR_BYTES } from './cursor.ts';

/** Hints of one statement that are kept, and characters of them that are read. */
const HINTS = 64;
const HINT_CHARACTERS = 16_384;

/** Words a comment of hints may follow. */
const HINTED: ReadonlySet<string> = new Set(['SELECT', 'INSERT', 'REPLACE', 'UPDATE', 'DELETE']);

/** Hints about tables, indexes, joins and query blocks: they change no answer here. */
const PLANS: ReadonlySet<string> = new Set(
  'BKA BNL DERIVED_CONDITION_PUSHDOWN GROUP_INDEX HASH_JOIN INDEX INDEX_MERGE JOIN_FIXED_ORDER JOIN_INDEX JOIN_ORDER JOIN_PREFIX JOIN_SUFFIX MAX_EXECUTION_TIME MERGE MRR NO_BKA NO_BNL NO_DERIVED_CONDITION_PUSHDOWN NO_GROUP_INDEX NO_HASH_JOIN NO_ICP NO_INDEX NO_INDEX_MERGE NO_JOIN_INDEX NO_MERGE NO_MRR NO_ORDER_INDEX NO_RANGE_OPTIMIZATION NO_SEMIJOIN NO_SKIP_SCAN ORDER_INDEX QB_NAME RESOURCE_GROUP SEMIJOIN SET_VAR SKIP_SCAN SUBQUERY'.split(
    ' ',
  ),
);

export interface Hints {
  readonly hints: readonly SettingHint[];
  readonly told: readonly Told[];
}

const NONE: Hints = { hints: [], told: [] };

/** Where hints begin in `text`, after the word `token`; undefined where the next thing is something else. */
function hintsAfter(text: string, token: Token): number | undefined {
  let at = token.end;
  while (at < text.length && text.charCodeAt(at) <= 32) at++;
  return text.startsWith('/*+', at) ? at + 3 : undefined;
}

/** The first statement's word that hints may follow: after WITH that of its query is meant, which has its own. */
function hintedWord(tokens: readonly Token[]): Token | undefined {
  const first = tokens.find((token) => token.upper !== '(');
  return first && HINTED.has(first.upper) ? first : undefined;
}

function syntaxError(text: string, from: number): Told {
  const line = text.slice(0, from).split('\n').length;
  const near = decode(text.slice(from, from + NEAR_BYTES));
  return { code: 1064, message: `Optimizer hint syntax error near '${near}' at line ${line}` };
}

/** The tokens of a comment of hints, and which is next; past the last it stays the last. */
class HintCursor {
  at = 0;
  readonly tokens: readonly Token[];
  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }
  next(): Token {
    return this.tokens[Math.min(this.at, this.tokens.length - 1)] as Token;
  }
  accept(upper: string): boolean {
    if (this.next().upper !== upper) return false;
    this.at++;
    return true;
  }
}

/** `123`, `12K`, `'text'` or a word. */
function hintValue(c: HintCursor): SettingHint['value'] | undefined {
  const { kind, text } = c.next();
  if (kind === 'string') return text === '' ? undefined : take(c, decode(text));
  if (kind === 'integer') return take(c, BigInt(text));
  if (kind === 'decimal') return take(c, Number(text));
  if (kind !== 'word' && kind !== 'quoted') return undefined;
  const sized = kind === 'word' ? sizedNumber(text) : undefined;
  return take(c, sized ?? decode(text));
}

function take<T>(c: HintCursor, value: T): T {
  c.at++;
  return value;
}

/** Shifts of a number's last letter. */
const SIZES: Readonly<Record<string, bigint>> = { __proto__: null as never, K: 10n, M: 20n, G: 30n };

function sizedNumber(word: string): bigint | undefined {
  const shift = SIZES[word.slice(-1).toUpperCase()];
  const digits = word.slice(0, -1);
  return shift !== undefined && digits !== '' && /^\d{1,19}$/.test(digits) ? BigInt(digits) << shift : undefined;
}

/** One hint, with what its parentheses hold; undefined at what is none, with the cursor left at the token it could not take. */
function parseHint(c: HintCursor): SettingHint | 'other' | undefined {
  const name = c.next().upper;
  if (c.next().kind !== 'word' || !PLANS.has(name)) return undefined;
  c.at++;
  if (!c.accept('(')) return undefined;
  if (name === 'SET_VAR' || name === 'RESOURCE_GROUP') {
    if (c.next().kind !== 'word' && c.next().kind !== 'quoted') return undefined;
    const variable = take(c, decode(c.next().text));
    if (name === 'RESOURCE_GROUP') return c.accept(')') ? { name: variable, group: true, value: '' } : undefined;
    if (!c.accept('=')) return undefined;
    const value = hintValue(c);
    return value !== undefined && c.accept(')') ? { name: variable, group: false, value } : undefined;
  }
  if (name === 'MAX_EXECUTION_TIME' && c.next().kind !== 'integer') return undefined;
  while (c.next().kind !== 'end' && c.next().upper !== ')') c.at++;
  return c.accept(')') ? 'other' : undefined;
}

/** Hints of a statement and what is told of those that cannot be read; after the first such, no more are. */
export function parseHints(text: string, tokens: readonly Token[], lexing: LexerOptions): Hints {
  const word = hintedWord(tokens);
  const start = word && hintsAfter(text, word);
  if (start === undefined) return NONE;
  const end = text.indexOf('*/', start);
  if (end < 0 || end - start > HINT_CHARACTERS) return NONE;
  const c = new HintCursor(tokenize(text.slice(start, end), lexing));
  if (c.next().kind === 'end') return { hints: [], told: [syntaxError(text.slice(0, end + 2), end)] };
  const hints: SettingHint[] = [];
  while (c.next().kind !== 'end' && hints.length < HINTS) {
    const hint = parseHint(c);
    if (hint === undefined) {
      const at = c.next().kind === 'end' ? end : start + c.next().start;
      return { hints, told: [syntaxError(text, at)] };
    }
    if (hint !== 'other') hints.push(hint);
  }
  return { hints, told: [] };
}
