// What a token of SQL is, and the characters that make it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/language-structure.html

export type TokenKind =
  | 'word'
  | 'quoted'
  | 'string'
  /** Text between dollars, of a routine in another language. */
  | 'dollar'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'hex'
  | 'bit'
  | 'operator'
  | 'parameter'
  | 'variable'
  | 'system'
  | 'end'
  | 'bad';

/** A stretch of the statement that its conditional comments take out, and what stands there instead. */
export interface Cut {
  readonly start: number;
  readonly end: number;
  readonly instead: '' | ' ';
}

/** What a statement's comments leave to be told: text that columns are not named by, and how often each warning. */
export interface CommentFacts {
  readonly cuts: Cut[];
  /** Version comments whose text follows the number at once. */
  unspaced: number;
  /** Comments within conditional comments. */
  nested: number;
}

export interface Token {
  readonly kind: TokenKind;
  /** Text as it was written for words and numbers; content without quotes and escapes for strings, names, hex digits. */
  readonly text: string;
  /** Upper-case form of a word or operator, for matching. */
  readonly upper: string;
  readonly start: number;
  readonly end: number;
  /** On the last token of a statement that had conditional comments. */
  readonly comments?: CommentFacts;
}

export interface LexerOptions {
  readonly ansiQuotes: boolean;
  readonly noBackslashEscapes: boolean;
  /** Version the server says it has, for conditional comments: 90704. */
  readonly version: number;
}

export const OPERATORS3 = ['<=>', '->>'];

export const OPERATORS2 = [':=', '<=', '>=', '<>', '!=', '<<', '>>', '||', '&&', '->'];

export const ESCAPES: Readonly<Record<string, string>> = { '0': '\0', n: '\n', t: '\t', r: '\r', b: '\b', Z: '\x1a' };

/** Whether a character code is white space between tokens. */
export function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

/** Whether a character code is 0 to 9. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Whether a character code is a hexadecimal digit. */
export function isHexDigit(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);
}

/** Whether a character code may stand in a name without backticks; every byte past 127 may. */
export function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    isDigit(code) ||
    code === 95 ||
    code === 36 ||
    code >= 128
  );
}
