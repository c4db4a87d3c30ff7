// Splits statement bytes into MySQL's tokens; a byte is a character here, so positions are the positions MySQL counts.
// Source: https://dev.mysql.com/doc/refman/9.7/en/language-structure.html (literals, quoting).
import { STATEMENT_TOKENS } from '../limits.ts';
import { whileSlices } from '../turn.ts';
import { Comments, PARSER_BYTES } from './comments.ts';
import { sqlError } from './errors.ts';
import {
  ESCAPES,
  isDigit,
  isHexDigit,
  isWord,
  type LexerOptions,
  OPERATORS2,
  OPERATORS3,
  type Token,
  type TokenKind,
} from './token.ts';
import { detached } from './value/detached.ts';

/** What stands between quotes, with each pair of them as one and escapes as what they mean; in one pass, whatever it holds. */
function unescaped(text: string, from: number, to: number, escapes: boolean): string {
  const quote = text.charCodeAt(from - 1);
  const bytes = Buffer.allocUnsafe(to - from);
  let length = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at++;
    if (code !== 92 || !escapes) {
      bytes[length++] = code;
      continue;
    }
    at++;
    const next = text[at] as string;
    // LIKE's own escapes keep their backslash.
    if (next === '%' || next === '_') bytes[length++] = code;
    bytes[length++] = (ESCAPES[next] ?? next).charCodeAt(0);
  }
  return bytes.toString('latin1', 0, length);
}

/** Tokens of a statement of so many bytes share its text; a longer one would stay for as long as a name of it does. */
const SHARED_BYTES = 1_024;

/** Operators no longer one begins with, which lists are full of, by their codes. */
const ALONE: Readonly<Record<number, string>> = { 40: '(', 41: ')', 44: ',' };

class Lexer {
  readonly #text: string;
  readonly #options: LexerOptions;
  readonly #comments: Comments;
  readonly tokens: Token[] = [];
  #at = 0;

  constructor(text: string, options: LexerOptions) {
    this.#text = text;
    this.#options = options;
    this.#comments = new Comments(text, options.version);
  }

  /** Reads up to `count` tokens more; false where the list has ended. */
  read(count: number): boolean {
    for (let left = count; left > 0; left--) if (!this.#one()) return false;
    return true;
  }

  #push(kind: TokenKind, found: string, start: number): true {
    const text = this.#text.length > SHARED_BYTES ? detached(found) : found;
    const upper = kind === 'word' || kind === 'operator' ? text.toUpperCase() : '';
    const token = { kind, text, upper, start, end: this.#at };
    const comments = kind === 'end' || kind === 'bad' ? this.#comments.facts : undefined;
    this.tokens.push(comments ? { ...token, comments } : token);
    return true;
  }

  /** Ends the list with a token no grammar takes, so that the statement is refused exactly there. */
  #bad(start: number): false {
    this.#at = this.#text.length;
    this.#push('bad', this.#text.slice(start), start);
    return false;
  }

  #one(): boolean {
    const start = this.#comments.skip(this.#at);
    if (start === undefined) return this.#bad(this.#comments.at);
    this.#at = start;
    const text = this.#text;
    if (this.tokens.length >= STATEMENT_TOKENS)
      throw sqlError('ER_CAPACITY_EXCEEDED_IN_PARSER', PARSER_BYTES, 'parser_max_mem_size');
    if (start >= text.length) {
      // A conditional comment that is still open is refused at the statement's end.
      this.#push(this.#comments.open ? 'bad' : 'end', '', start);
      return false;
    }
    const code = text.charCodeAt(start);
    const next = text.charCodeAt(start + 1);
    if (code === 39 || (code === 34 && !this.#options.ansiQuotes)) return this.#string(start, start);
    if (code === 96 || code === 34) return this.#quotedName(start);
    if (next === 39 && (code === 120 || code === 88)) return this.#quotedDigits('hex', isHexDigit);
    if (next === 39 && (code === 98 || code === 66)) return this.#quotedDigits('bit', (c) => c === 48 || c === 49);
    if (next === 39 && (code === 110 || code === 78)) return this.#string(start + 1, start);
    if (isDigit(code) || (code === 46 && isDigit(next) && !this.#afterName())) return this.#number();
    if (code === 36 && this.#opensDollars(start)) return this.#dollars(start);
    if (isWord(code)) return this.#word();
    if (code === 64) return this.#variable();
    if (code === 63) {
      this.#at++;
      return this.#push('parameter', '?', start);
    }
    return this.#operator();
  }

  /** `$$` and `$tag$` open a dollar-quoted text, which only routine bodies may hold. */
  #opensDollars(start: number): boolean {
    let at = start + 1;
    while (at < this.#text.length && isWord(this.#text.charCodeAt(at)) && this.#text[at] !== '$') at++;
    return this.#text[at] === '$';
  }

  /** Reads up to the tag that opened it; a text without an end is none. */
  #dollars(start: number): boolean {
    const text = this.#text;
    const from = text.indexOf('$', start + 1) + 1;
    const tag = text.slice(start, from);
    const end = text.indexOf(tag, from);
    if (end < 0) return this.#bad(start);
    this.#at = end + tag.length;
    return this.#push('dollar', text.slice(from, end), start);
  }

  #afterName(): boolean {
    const last = this.tokens.at(-1);
    return last !== undefined && last.end === this.#at && (last.kind === 'word' || last.kind === 'quoted');
  }

  #string(open: number, start: number): boolean {
    const text = this.#text;
    const quote = text.charCodeAt(open);
    const escapes = !this.#options.noBackslashEscapes;
    let plain = true;
    let at = open + 1;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === quote && text.charCodeAt(at + 1) !== quote) break;
      if (code !== quote && !(code === 92 && escapes)) continue;
      plain = false;
      at++;
    }
    if (at >= text.length) return this.#bad(start);
    this.#at = at + 1;
    const value = plain ? text.slice(open + 1, at) : unescaped(text, open + 1, at, escapes);
    return this.#push('string', value, start);
  }

  #quotedName(start: number): boolean {
    const text = this.#text;
    const quote = text[start] as string;
    let plain = true;
    let at = text.indexOf(quote, start + 1);
    for (; at >= 0 && text[at + 1] === quote; at = text.indexOf(quote, at + 2)) plain = false;
    if (at < 0) return this.#bad(start);
    this.#at = at + 1;
    return this.#push('quoted', plain ? text.slice(start + 1, at) : unescaped(text, start + 1, at, false), start);
  }

  #quotedDigits(kind: 'hex' | 'bit', allowed: (code: number) => boolean): boolean {
    const start = this.#at;
    let at = start + 2;
    while (allowed(this.#text.charCodeAt(at))) at++;
    const digits = this.#text.slice(start + 2, at);
    if (this.#text[at] !== "'" || (kind === 'hex' && digits.length % 2 === 1)) return this.#bad(start);
    this.#at = at + 1;
    return this.#push(kind, digits, start);
  }

  #digits(from: number): number {
    let at = from;
    while (isDigit(this.#text.charCodeAt(at))) at++;
    return at;
  }

  #number(): boolean {
    const text = this.#text;
    const start = this.#at;
    if (text[start] === '0' && (text[start + 1] === 'x' || text[start + 1] === 'b')) {
      const hex = text[start + 1] === 'x';
      let at = start + 2;
      while (hex ? isHexDigit(text.charCodeAt(at)) : text[at] === '0' || text[at] === '1') at++;
      if (at > start + 2 && !isWord(text.charCodeAt(at))) {
        this.#at = at;
        return this.#push(hex ? 'hex' : 'bit', text.slice(start + 2, at), start);
      }
    }
    let at = this.#digits(start);
    let kind: TokenKind = 'integer';
    if (text[at] === '.' && !this.#afterDot()) {
      kind = 'decimal';
      at = this.#digits(at + 1);
    }
    if (text[at] === 'e' || text[at] === 'E') {
      const sign = text[at + 1] === '-' || text[at + 1] === '+' ? 1 : 0;
      if (isDigit(text.charCodeAt(at + 1 + sign))) {
        kind = 'float';
        at = this.#digits(at + 1 + sign);
      } else if (kind === 'decimal') return this.#bad(start);
    }
    // A name may start with digits: 1a is a name, 1e5 and 1.5 are not.
    if (kind === 'integer' && isWord(text.charCodeAt(at))) return this.#word();
    this.#at = at;
    return this.#push(kind, text.slice(start, at), start);
  }

  #afterDot(): boolean {
    const last = this.tokens.at(-1);
    return last?.text === '.' && last.end === this.#at;
  }

  #word(): boolean {
    const start = this.#at;
    let at = start;
    while (isWord(this.#text.charCodeAt(at))) at++;
    this.#at = at;
    return this.#push('word', this.#text.slice(start, at), start);
  }

  #variable(): boolean {
    const text = this.#text;
    const start = this.#at;
    if (text[start + 1] === '@') {
      this.#at = start + 2;
      return this.#push('system', '@@', start);
    }
    const quote = text[start + 1];
    if (quote === '`' || quote === "'" || quote === '"') {
      const end = text.indexOf(quote, start + 2);
      if (end < 0) return this.#bad(start);
      this.#at = end + 1;
      return this.#push('variable', text.slice(start + 2, end), start);
    }
    let at = start + 1;
    while (isWord(text.charCodeAt(at)) || text[at] === '.') at++;
    this.#at = at;
    return this.#push('variable', text.slice(start + 1, at), start);
  }

  #operator(): boolean {
    const start = this.#at;
    const alone = ALONE[this.#text.charCodeAt(start)];
    if (alone) {
      this.#at++;
      return this.#push('operator', alone, start);
    }
    const three = this.#text.slice(start, start + 3);
    const two = three.slice(0, 2);
    const found = OPERATORS3.includes(three) ? three : OPERATORS2.includes(two) ? two : three.slice(0, 1);
    this.#at = start + found.length;
    return this.#push('operator', found, start);
  }
}

/** Tokens of a statement, ended by one of kind `end` or `bad`. `text` is the statement's bytes as latin1. */
export function tokenize(text: string, options: LexerOptions): Token[] {
  const lexer = new Lexer(text, options);
  lexer.read(Number.POSITIVE_INFINITY);
  return lexer.tokens;
}

/** Tokens read between two looks at the clock. */
const TOKENS_AT_ONCE = 500;

/** As `tokenize`, in slices of time. */
export async function tokenizeLong(text: string, options: LexerOptions): Promise<Token[]> {
  const lexer = new Lexer(text, options);
  await whileSlices(() => lexer.read(TOKENS_AT_ONCE));
  return lexer.tokens;
}

/** Tokens up to and with the first operator `last`, of a text's beginning; undefined where it does not come. */
export function tokenizeUntil(text: string, options: LexerOptions, last: string): Token[] | undefined {
  const lexer = new Lexer(text, options);
  while (lexer.read(1)) {
    const token = lexer.tokens.at(-1) as Token;
    if (token.kind === 'operator' && token.text === last) return lexer.tokens;
  }
  return undefined;
}
