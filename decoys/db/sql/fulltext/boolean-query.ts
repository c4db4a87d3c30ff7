// The text of a search IN BOOLEAN MODE, taken apart: words, phrases and groups, each with its operator.
// Source: https://dev.mysql.com/doc/refman/9.7/en/fulltext-boolean.html; errors as answered by a live 9.7.4.
import { SqlError } from '../errors.ts';

export type Operator = '' | '+' | '-' | '>' | '<' | '~';

export type BooleanTerm = { readonly operator: Operator } & (
  | { readonly kind: 'word'; readonly text: string; readonly prefix: boolean }
  | { readonly kind: 'phrase'; readonly text: string; readonly distance: number | undefined }
  | { readonly kind: 'group'; readonly terms: readonly BooleanTerm[] }
);

/** Groups inside groups; deeper ones are refused as a text that never ends. */
const DEPTH = 32;
/** Terms of one search. */
const TERMS = 512;

const SPECIAL = '+-<>~()*@"';
const TERM_EXPECTED = "FTS_TERM or FTS_NUMB or '*'";

class Reader {
  readonly #text: string;
  #at = 0;
  #terms = 0;

  constructor(text: string) {
    this.#text = text;
  }

  #skip(): void {
    while (this.#at < this.#text.length && /[\s%]/.test(this.#text[this.#at] as string)) this.#at++;
  }

  get #next(): string {
    this.#skip();
    return this.#text[this.#at] ?? '';
  }

  #fail(expecting = ''): SqlError {
    const next = this.#next;
    const met = next === '' ? '$end' : `'${next}'`;
    return new SqlError(
      1064,
      '42000',
      `syntax error, unexpected ${met}${expecting === '' ? '' : `, expecting ${expecting}`}`,
    );
  }

  whole(): BooleanTerm[] {
    const terms = this.#list(0);
    if (this.#next !== '') throw this.#fail('$end');
    return terms;
  }

  #list(depth: number): BooleanTerm[] {
    const terms: BooleanTerm[] = [];
    for (let next = this.#next; next !== '' && next !== ')' && next !== '@'; next = this.#next) {
      this.#terms++;
      const term = this.#term(depth);
      if (this.#terms <= TERMS) terms.push(term);
    }
    return terms;
  }

  #term(depth: number): BooleanTerm {
    const sign = '+-<>~'.includes(this.#next) ? (this.#next as Operator) : '';
    if (sign !== '') this.#at++;
    const next = this.#next;
    if (next === '(') return { operator: sign, kind: 'group', terms: this.#group(depth) };
    if (next === '"') return { operator: sign, ...this.#phrase() };
    // A star before a word means nothing of its own.
    let stars = 0;
    for (; this.#next === '*'; stars++) this.#at++;
    if (stars > 0 && this.#next === '') throw this.#fail(TERM_EXPECTED);
    const text = this.#word();
    if (text === '') throw this.#fail(stars > 0 ? TERM_EXPECTED : '');
    const prefix = this.#text[this.#at] === '*';
    while (this.#text[this.#at] === '*') this.#at++;
    return { operator: sign, kind: 'word', text, prefix };
  }

  #group(depth: number): BooleanTerm[] {
    this.#at++;
    if (depth >= DEPTH) throw this.#fail();
    const terms = this.#list(depth + 1);
    if (this.#next !== ')') throw this.#fail();
    this.#at++;
    return terms;
  }

  #phrase():
    | { kind: 'phrase'; text: string; distance: number | undefined }
    | { kind: 'word'; text: string; prefix: false } {
    const start = this.#at + 1;
    const end = this.#text.indexOf('"', start);
    if (end < 0) {
      // Without its end it is no phrase: the quote is passed over.
      this.#at = start;
      return { kind: 'word', text: this.#word(), prefix: false };
    }
    this.#at = end + 1;
    const text = this.#text.slice(start, end);
    if (this.#next !== '@') return { kind: 'phrase', text, distance: undefined };
    this.#at++;
    const digits = /^\d{1,9}/.exec(this.#text.slice(this.#at, this.#at + 9))?.[0];
    if (!digits) throw this.#fail('FTS_NUMB');
    this.#at += digits.length;
    return { kind: 'phrase', text, distance: Number(digits) };
  }

  #word(): string {
    this.#skip();
    const start = this.#at;
    while (this.#at < this.#text.length && !/[\s%]/.test(this.#text[this.#at] as string)) {
      if (SPECIAL.includes(this.#text[this.#at] as string)) break;
      this.#at++;
    }
    return this.#text.slice(start, this.#at);
  }
}

/** Throws 1064 with the parser's own text where the search is none. */
export function parseBooleanQuery(text: string): BooleanTerm[] {
  return new Reader(text).whole();
}
