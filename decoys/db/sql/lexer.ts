// Splits statement bytes into MySQL's tokens; a byte is a character here, so positions are the positions MySQL counts.
// Source: https://dev.mysql.com/doc/refman/9.7/en/language-structure.html (literals, comments, quoting).
import { STATEMENT_COMMENTS, STATEMENT_TOKENS } from '../limits.ts';
import { whileSlices } from '../turn.ts';
import { sqlError } from './errors.ts';
import {
  type CommentFacts,
  type Cut,
  ESCAPES,
  isDigit,
  isHexDigit,
  isSpace,
  isWord,
  type LexerOptions,
  OPERATORS2,
  OPERATORS3,
  type Token,
  type TokenKind,
} from './token.ts';

/** What the server says its parser may use. */
const PARSER_BYTES = 8_388_608;

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

class Lexer {
  readonly #text: string;
  readonly #options: LexerOptions;
  readonly tokens: Token[] = [];
  #at = 0;
  /** Open conditional comments whose end is to be swallowed. */
  #conditional = 0;
  #comments: CommentFacts | undefined;

  constructor(text: string, options: LexerOptions) {
    this.#text = text;
    this.#options = options;
  }

  /** Reads up to `count` tokens more; false where the list has ended. */
  read(count: number): boolean {
    for (let left = count; left > 0; left--) if (!this.#one()) return false;
    return true;
  }

  #push(kind: TokenKind, text: string, start: number): true {
    const upper = kind === 'word' || kind === 'operator' ? text.toUpperCase() : '';
    const token = { kind, text, upper, start, end: this.#at };
    const last = this.#comments && (kind === 'end' || kind === 'bad');
    this.tokens.push(last ? { ...token, comments: this.#comments as CommentFacts } : token);
    return true;
  }

  /** Ends the list with a token no grammar takes, so that the statement is refused exactly there. */
  #bad(start: number): false {
    this.#at = this.#text.length;
    this.#push('bad', this.#text.slice(start), start);
    return false;
  }

  #one(): boolean {
    if (!this.#skip()) return false;
    const text = this.#text;
    const start = this.#at;
    if (this.tokens.length >= STATEMENT_TOKENS)
      throw sqlError('ER_CAPACITY_EXCEEDED_IN_PARSER', PARSER_BYTES, 'parser_max_mem_size');
    if (start >= text.length) {
      // A conditional comment that is still open is refused at the statement's end.
      this.#push(this.#conditional > 0 ? 'bad' : 'end', '', start);
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
    if (code === 36 && this.#dollarQuote(start)) return this.#bad(start);
    if (isWord(code)) return this.#word();
    if (code === 64) return this.#variable();
    if (code === 63) {
      this.#at++;
      return this.#push('parameter', '?', start);
    }
    return this.#operator();
  }

  /** `$$` and `$tag$` open a dollar-quoted text, which only routine bodies may hold. */
  #dollarQuote(start: number): boolean {
    let at = start + 1;
    while (at < this.#text.length && isWord(this.#text.charCodeAt(at)) && this.#text[at] !== '$') at++;
    return this.#text[at] === '$';
  }

  #afterName(): boolean {
    const last = this.tokens.at(-1);
    return last !== undefined && last.end === this.#at && (last.kind === 'word' || last.kind === 'quoted');
  }

  /** Skips spaces and comments; false where a comment never ends. */
  #skip(): boolean {
    const text = this.#text;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (isSpace(code)) {
        this.#at++;
      } else if (code === 35 || (code === 45 && text[this.#at + 1] === '-' && this.#dashComment())) {
        const end = text.indexOf('\n', this.#at);
        this.#at = end < 0 ? text.length : end + 1;
      } else if (code === 47 && text[this.#at + 1] === '*') {
        if (!this.#comment()) return false;
      } else if (code === 42 && this.#conditional > 0 && text[this.#at + 1] === '/') {
        this.#conditional--;
        this.#cut(this.#at, this.#at + 2, this.#touchesSpace() ? '' : ' ');
        this.#at += 2;
      } else return true;
    }
  }

  #dashComment(): boolean {
    const after = this.#text.charCodeAt(this.#at + 2);
    return Number.isNaN(after) || isSpace(after) || after < 32;
  }

  #facts(): CommentFacts {
    this.#comments ??= { cuts: [], unspaced: 0, nested: 0 };
    return this.#comments;
  }

  /** True where the end of a conditional comment has a space on either side, comment openings passed over. */
  #touchesSpace(): boolean {
    let before = this.#at;
    const cuts = this.#comments?.cuts ?? [];
    for (let at = cuts.length - 1; cuts[at]?.end === before; at--) before = (cuts[at] as Cut).start;
    return isSpace(this.#text.charCodeAt(before - 1)) || isSpace(this.#text.charCodeAt(this.#at + 2));
  }

  #cut(start: number, end: number, instead: '' | ' '): void {
    const { cuts } = this.#facts();
    if (cuts.length >= STATEMENT_COMMENTS)
      throw sqlError('ER_CAPACITY_EXCEEDED_IN_PARSER', PARSER_BYTES, 'parser_max_mem_size');
    cuts.push({ start, end, instead });
  }

  #comment(): boolean {
    const text = this.#text;
    const start = this.#at;
    if (text[start + 2] === '!') return this.#conditionalComment(start);
    const end = text.indexOf('*/', start + 2);
    if (end < 0) return this.#bad(start);
    if (this.#conditional > 0) this.#facts().nested++;
    this.#at = end + 2;
    return true;
  }

  /** `/*!` and a version of five or six digits: its text is read where the server is that new, and skipped where not. */
  #conditionalComment(start: number): boolean {
    const text = this.#text;
    let at = start + 3;
    while (at < start + 9 && isDigit(text.charCodeAt(at))) at++;
    const digits = at - start - 3;
    if (digits < 5) at = start + 3;
    if (digits >= 5 && !isSpace(text.charCodeAt(at))) this.#facts().unspaced++;
    if (digits < 5 || Number(text.slice(start + 3, at)) <= this.#options.version) {
      this.#cut(start, at, '');
      this.#at = at;
      this.#conditional++;
      return true;
    }
    const end = this.#skippedEnd(at);
    if (end < 0) return this.#bad(start);
    this.#cut(start, end, '');
    this.#at = end;
    return true;
  }

  /** Past the end of a conditional comment that is not read, and of the comments within it; -1 where there is none. */
  #skippedEnd(from: number): number {
    const text = this.#text;
    let at = from;
    for (;;) {
      const end = text.indexOf('*/', at);
      if (end < 0) return -1;
      const inner = text.indexOf('/*', at);
      if (inner < 0 || inner > end) return end + 2;
      this.#facts().nested++;
      at = end + 2;
    }
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
      }
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
