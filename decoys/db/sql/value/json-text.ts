// Where a text stops being JSON, and why, in the words and places the server tells.
// Source: https://www.rfc-editor.org/rfc/rfc8259 for the grammar; reasons as recorded from 9.7's error 3141.

export interface JsonFault {
  readonly position: number;
  readonly reason: string;
}

class Fault extends Error {
  readonly fault: JsonFault;

  constructor(reason: string, position: number) {
    super(reason);
    this.fault = { reason, position };
  }
}

const isSpace = (character: string | undefined): boolean =>
  character === ' ' || character === '\n' || character === '\t' || character === '\r';
const NUMBER_START = /[-\d]/;

class Checker {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  #next(): string | undefined {
    return this.#text[this.#at];
  }

  #spaces(): void {
    while (isSpace(this.#next())) this.#at++;
  }

  #fail(reason: string, at = this.#at): never {
    throw new Fault(reason, at);
  }

  document(): void {
    this.#spaces();
    if (this.#next() === undefined) this.#fail('The document is empty.');
    this.#value();
    this.#spaces();
    if (this.#next() !== undefined) this.#fail('The document root must not be followed by other values.');
  }

  #value(): void {
    this.#spaces();
    const first = this.#next();
    if (first === '{') this.#object();
    else if (first === '[') this.#array();
    else if (first === '"') this.#string();
    else if (first !== undefined && NUMBER_START.test(first)) this.#number();
    else this.#word(first);
  }

  #word(first: string | undefined): void {
    const word = first === 'n' ? 'null' : first === 't' ? 'true' : first === 'f' ? 'false' : '';
    if (word === '') this.#fail('Invalid value.');
    for (const letter of word) {
      if (this.#next() !== letter) this.#fail('Invalid value.');
      this.#at++;
    }
  }

  #object(): void {
    this.#at++;
    this.#spaces();
    if (this.#next() === '}') {
      this.#at++;
      return;
    }
    for (;;) {
      this.#spaces();
      if (this.#next() !== '"') this.#fail('Missing a name for object member.');
      this.#string();
      this.#spaces();
      if (this.#next() !== ':') this.#fail('Missing a colon after a name of object member.');
      this.#at++;
      this.#value();
      this.#spaces();
      const after = this.#next();
      if (after !== ',' && after !== '}') this.#fail("Missing a comma or '}' after an object member.");
      this.#at++;
      if (after === '}') return;
    }
  }

  #array(): void {
    this.#at++;
    this.#spaces();
    if (this.#next() === ']') {
      this.#at++;
      return;
    }
    for (;;) {
      this.#value();
      this.#spaces();
      const after = this.#next();
      if (after !== ',' && after !== ']') this.#fail("Missing a comma or ']' after an array element.");
      this.#at++;
      if (after === ']') return;
    }
  }

  #string(): void {
    this.#at++;
    for (;;) {
      const character = this.#next();
      if (character === undefined) this.#fail('Missing a closing quotation mark in string.');
      if (character === '"') break;
      if (character === '\\') this.#escape();
      else if (character < ' ') this.#fail('Invalid encoding in string.');
      else this.#at++;
    }
    this.#at++;
  }

  #escape(): void {
    const start = this.#at;
    const kind = this.#text[start + 1];
    if (kind === 'u') {
      if (!/^[0-9a-fA-F]{4}$/.test(this.#text.slice(start + 2, start + 6)))
        this.#fail('Incorrect hex digit after \\u escape in string.', start);
      this.#at += 6;
      const half = Number.parseInt(this.#text.slice(start + 2, start + 6), 16) & 0xfc00;
      if (half === 0xdc00) this.#fail('The surrogate pair in string is invalid.', start);
      if (half !== 0xd800) return;
      if (!/^\\u[dD][c-fC-F][0-9a-fA-F]{2}$/.test(this.#text.slice(this.#at, this.#at + 6)))
        this.#fail('The surrogate pair in string is invalid.', start);
      this.#at += 6;
      return;
    }
    if (kind === undefined || !'"\\/bfnrt'.includes(kind)) this.#fail('Invalid escape character in string.', start);
    this.#at += 2;
  }

  #digits(): number {
    const start = this.#at;
    while (/^\d$/.test(this.#next() ?? '')) this.#at++;
    return this.#at - start;
  }

  #number(): void {
    const start = this.#at;
    if (this.#next() === '-') this.#at++;
    if (this.#next() === '0') this.#at++;
    else if (this.#digits() === 0) this.#fail('Invalid value.');
    if (this.#next() === '.') {
      this.#at++;
      if (this.#digits() === 0) this.#fail('Miss fraction part in number.');
    }
    if (this.#next() === 'e' || this.#next() === 'E') {
      this.#at++;
      if (this.#next() === '+' || this.#next() === '-') this.#at++;
      if (this.#digits() === 0) this.#fail('Miss exponent in number.');
    }
    if (!Number.isFinite(Number(this.#text.slice(start, this.#at))))
      this.#fail('Number too big to be stored in double.', start);
  }
}

/** What is wrong with a text that is no JSON; undefined where nothing is. Its nesting has been looked at before. */
export function jsonFault(text: string): JsonFault | undefined {
  try {
    new Checker(text).document();
    return undefined;
  } catch (error) {
    if (error instanceof Fault)
      return { ...error.fault, position: Buffer.byteLength(text.slice(0, error.fault.position)) };
    throw error;
  }
}
