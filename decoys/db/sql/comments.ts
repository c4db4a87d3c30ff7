// What stands between tokens: spaces, and comments, of which conditional ones are read or passed over by version.
// Source: https://dev.mysql.com/doc/refman/9.7/en/comments.html
import { STATEMENT_COMMENTS } from '../limits.ts';
import { sqlError } from './errors.ts';
import { type CommentFacts, type Cut, isDigit, isSpace } from './token.ts';

/** What the server says its parser may use. */
export const PARSER_BYTES = 8_388_608;

export class Comments {
  readonly #text: string;
  readonly #version: number;
  #at = 0;
  /** Open conditional comments whose end is to be swallowed. */
  #conditional = 0;
  #facts: CommentFacts | undefined;

  /** `version` is the server's, as conditional comments write it: 90704. */
  constructor(text: string, version: number) {
    this.#text = text;
    this.#version = version;
  }

  /** A conditional comment has begun and not ended. */
  get open(): boolean {
    return this.#conditional > 0;
  }

  /** What is to be told of the statement's comments; undefined where there is nothing. */
  get facts(): CommentFacts | undefined {
    return this.#facts;
  }

  /** Where a token may begin, from `from` on; undefined where a comment never ends, which `at` is the start of then. */
  skip(from: number): number | undefined {
    const text = this.#text;
    this.#at = from;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (isSpace(code)) {
        this.#at++;
      } else if (code === 35 || (code === 45 && text[this.#at + 1] === '-' && this.#dashComment())) {
        const end = text.indexOf('\n', this.#at);
        this.#at = end < 0 ? text.length : end + 1;
      } else if (code === 47 && text[this.#at + 1] === '*') {
        if (!this.#comment()) return undefined;
      } else if (code === 42 && this.#conditional > 0 && text[this.#at + 1] === '/') {
        this.#conditional--;
        this.#cut(this.#at, this.#at + 2, this.#touchesSpace() ? '' : ' ');
        this.#at += 2;
      } else return this.#at;
    }
  }

  /** Where `skip` stopped. */
  get at(): number {
    return this.#at;
  }

  #dashComment(): boolean {
    const after = this.#text.charCodeAt(this.#at + 2);
    return Number.isNaN(after) || isSpace(after) || after < 32;
  }

  #told(): CommentFacts {
    this.#facts ??= { cuts: [], unspaced: 0, nested: 0 };
    return this.#facts;
  }

  /** True where the end of a conditional comment has a space on either side, comment openings passed over. */
  #touchesSpace(): boolean {
    let before = this.#at;
    const cuts = this.#facts?.cuts ?? [];
    for (let at = cuts.length - 1; cuts[at]?.end === before; at--) before = (cuts[at] as Cut).start;
    return isSpace(this.#text.charCodeAt(before - 1)) || isSpace(this.#text.charCodeAt(this.#at + 2));
  }

  #cut(start: number, end: number, instead: '' | ' '): void {
    const { cuts } = this.#told();
    if (cuts.length >= STATEMENT_COMMENTS)
      throw sqlError('ER_CAPACITY_EXCEEDED_IN_PARSER', PARSER_BYTES, 'parser_max_mem_size');
    cuts.push({ start, end, instead });
  }

  #comment(): boolean {
    const text = this.#text;
    const start = this.#at;
    if (text[start + 2] === '!') return this.#conditionalComment(start);
    const end = text.indexOf('*/', start + 2);
    if (end < 0) return false;
    if (this.#conditional > 0) this.#told().nested++;
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
    if (digits >= 5 && !isSpace(text.charCodeAt(at))) this.#told().unspaced++;
    if (digits < 5 || Number(text.slice(start + 3, at)) <= this.#version) {
      this.#cut(start, at, '');
      this.#at = at;
      this.#conditional++;
      return true;
    }
    const end = this.#skippedEnd(at);
    if (end < 0) return false;
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
      this.#told().nested++;
      at = end + 2;
    }
  }
}
