// A statement's text as its words are searched: statements between semicolons, each without comments, spaces as one, and with what its
// literals spell. Source: https://dev.mysql.com/doc/refman/9.7/en/comments.html, hexadecimal-literals.html; sqlmap's tamper scripts.

/** Bytes of a statement that are looked at, from its beginning; and as many from its end. */
const LOOKED_AT_BYTES = 16_384;
const TAIL_BYTES = 2_048;
/** Statements of one text that are told apart; what comes after stays with the last. */
const MAX_STATEMENTS = 64;
/** Characters of what literals spell that are kept. */
const SPELLED_CHARACTERS = 4_096;

export interface PlainStatement {
  /** In lower case. */
  readonly text: string;
  /** The same with what its hexadecimal, base 64 and CHAR() literals say in their place; undefined where it has none. */
  readonly revealed: string | undefined;
  /** What all its literals say, one after the other. */
  readonly spelled: string;
  /** The same as `text` without what stands in quotes. */
  readonly own: string;
  /** A comment it ends in, to the end of the text. */
  readonly cut: string | undefined;
}

/** What a text without any of these is: one statement, as it stands. */
const NOT_PLAIN = /[\0-\x1f`'";#%]|\/\*|--|0x|char\(| {2}|^ /;
const HEX = /^(?:[0-9a-f]{2})+$/;
const BASE64 = /^[a-z0-9+/]+={0,2}$/i;
/** What is not one space. */
const SPACES = /[\0-\x1f]| {2}/;
const CODES = /^[\d, ]+$/;

function isDigit(c: string | undefined): boolean {
  return c !== undefined && c >= '0' && c <= '9';
}

function isNamePart(c: string | undefined): boolean {
  return c !== undefined && ((c >= 'a' && c <= 'z') || isDigit(c) || c === '_' || c === '$');
}

/** Text that can be read, in lower case; undefined for what is none. */
function readable(bytes: Buffer): string | undefined {
  if (bytes.length < 2 || bytes.some((byte) => byte > 0x7e || (byte < 0x20 && byte !== 9 && byte !== 10))) return;
  return bytes.toString('latin1').toLowerCase();
}

/** Where the string that begins at `at` ends; -1 where it does not. */
function endOfString(text: string, at: number, quote: string): number {
  let end = text.indexOf(quote, at + 1);
  if (end < 0 || !text.slice(at, end).includes('\\')) return end;
  end = at + 1;
  while (end < text.length && text[end] !== quote) end += text[end] === '\\' ? 2 : 1;
  return end < text.length ? end : -1;
}

/** Characters that may begin something else than a word. */
const RUN = /[^\0-\x20'"`;#/*\-0(]+/y;

/** Reads one text from its beginning to its end; linear in it. */
class Reader {
  readonly #source: string;
  /** In lower case. */
  readonly #text: string;
  readonly statements: PlainStatement[] = [];
  #at = 0;
  #out = '';
  #revealed: string | undefined;
  #spelled = '';
  #own = '';
  /** The pieces put last, spaces aside. */
  #last = '';
  #lastButOne = '';
  #spaced = true;
  #cut: string | undefined;
  /** Comments that the server runs, not yet ended. */
  #versioned = 0;

  constructor(source: string, text: string) {
    this.#source = source;
    this.#text = text;
  }

  read(): void {
    while (this.#at < this.#text.length) if (!this.#run()) this.#step(this.#text[this.#at] as string);
    this.#end();
  }

  #step(c: string): void {
    const text = this.#text;
    const next = text[this.#at + 1];
    if (c === '/' && next === '*') this.#comment();
    else if (c === '*' && next === '/' && this.#versioned > 0) {
      this.#versioned--;
      this.#at += 2;
      this.#space();
    } else if (c === '#' || (c === '-' && next === '-' && (text[this.#at + 2] ?? ' ') <= ' ')) this.#lineComment();
    else if (c === "'" || c === '"') this.#string(c);
    else if (c === ';' && this.statements.length + 1 < MAX_STATEMENTS) {
      this.#at++;
      this.#end();
    } else if (c === '0' && next === 'x' && !isNamePart(text[this.#at - 1])) this.#hex();
    else if (c === '(' && this.#last.endsWith('char') && !isNamePart(this.#last.at(-5))) this.#codes();
    else {
      this.#at++;
      if (c <= ' ') this.#space();
      else if (c !== '`') this.#put(c);
    }
  }

  /** What stands as it is, in one piece. */
  #run(): boolean {
    RUN.lastIndex = this.#at;
    if (!RUN.test(this.#text)) return false;
    this.#put(this.#text.slice(this.#at, RUN.lastIndex));
    this.#at = RUN.lastIndex;
    return true;
  }

  #put(piece: string, says?: string, own = piece): void {
    if (says !== undefined) this.#revealed ??= this.#out;
    this.#out += piece;
    this.#own += own;
    if (this.#revealed !== undefined) this.#revealed += says ?? piece;
    if (piece !== ' ') {
      this.#lastButOne = this.#last;
      this.#last = piece;
    }
    this.#spaced = piece === ' ';
  }

  #space(): void {
    if (!this.#spaced) this.#put(' ');
  }

  #spell(text: string): void {
    if (this.#spelled.length < SPELLED_CHARACTERS) this.#spelled += text;
  }

  /** A comment, or one the server runs: its text counts then. */
  #comment(): void {
    const text = this.#text;
    this.#at += 2;
    if (text[this.#at] === '!') {
      this.#at++;
      while (isDigit(text[this.#at])) this.#at++;
      this.#versioned++;
    } else {
      const end = text.indexOf('*/', this.#at);
      if (end < 0) this.#cut = text.slice(this.#at - 2);
      this.#at = end < 0 ? text.length : end + 2;
    }
    this.#space();
  }

  #lineComment(): void {
    const end = this.#text.indexOf('\n', this.#at);
    if (end < 0) this.#cut = this.#text.slice(this.#at);
    this.#at = end < 0 ? this.#text.length : end + 1;
    this.#space();
  }

  /** A quote that is never closed hides nothing. */
  #string(quote: string): void {
    const text = this.#text;
    const end = endOfString(text, this.#at, quote);
    if (end < 0) {
      this.#at++;
      this.#put(quote);
      return;
    }
    const string = text.slice(this.#at + 1, end);
    const says = this.#decoded(string, this.#source.slice(this.#at + 1, end));
    const shown = SPACES.test(string) ? string.replace(/[\0-\x20]+/g, ' ') : string;
    this.#put(quote + shown + quote, says === undefined ? undefined : quote + says + quote, quote + quote);
    this.#spell(says ?? string);
    this.#at = end + 1;
  }

  /** What a string says where it holds digits of bytes or base 64; undefined where it stands for itself. */
  #decoded(string: string, original: string): string | undefined {
    const last = this.#last;
    const called = last === '(' ? this.#lastButOne : '';
    const isHex = called.endsWith('unhex') || (!this.#spaced && last.endsWith('x') && !isNamePart(last.at(-2)));
    if (isHex && HEX.test(string)) return readable(Buffer.from(string, 'hex'));
    if (called.endsWith('from_base64') && BASE64.test(original)) return readable(Buffer.from(original, 'base64'));
    return undefined;
  }

  #hex(): void {
    let end = this.#at + 2;
    while (isNamePart(this.#text[end])) end++;
    const digits = this.#text.slice(this.#at + 2, end);
    this.#literal(end, HEX.test(digits) ? readable(Buffer.from(digits, 'hex')) : undefined);
  }

  /** CHAR() of codes. */
  #codes(): void {
    const end = this.#text.indexOf(')', this.#at);
    const codes = end < 0 ? '' : this.#text.slice(this.#at + 1, end);
    if (!CODES.test(codes)) {
      this.#at++;
      this.#put('(');
      return;
    }
    const says = readable(Buffer.from(codes.split(',').map(Number)));
    this.#literal(end + 1, says);
  }

  #literal(end: number, says: string | undefined): void {
    this.#put(this.#text.slice(this.#at, end), says === undefined ? undefined : `'${says}'`);
    if (says !== undefined) this.#spell(says);
    this.#at = end;
  }

  #end(): void {
    const text = this.#out.trimEnd();
    if (text !== '') {
      const revealed = this.#revealed?.trimEnd();
      this.statements.push({ text, revealed, spelled: this.#spelled, own: this.#own.trimEnd(), cut: this.#cut });
    }
    this.#out = '';
    this.#revealed = undefined;
    this.#spelled = '';
    this.#own = '';
    this.#last = '';
    this.#lastButOne = '';
    this.#spaced = true;
  }
}

/** The statements of a text; none where it is empty or a comment. */
export function plainStatements(bytes: Buffer): readonly PlainStatement[] {
  const head = bytes.toString('latin1', 0, LOOKED_AT_BYTES);
  const tail =
    bytes.length > LOOKED_AT_BYTES
      ? bytes.toString('latin1', Math.max(LOOKED_AT_BYTES, bytes.length - TAIL_BYTES))
      : '';
  const source = head + tail;
  const text = source.toLowerCase();
  if (!NOT_PLAIN.test(text)) return [{ text, revealed: undefined, spelled: '', own: text, cut: undefined }];
  const reader = new Reader(source, text);
  reader.read();
  return reader.statements;
}
