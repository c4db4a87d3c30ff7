// XML documents as the server's own small parser reads them: elements, attributes and text, with nothing decoded.
// Source: https://dev.mysql.com/doc/refman/9.7/en/xml-functions.html; what is refused, and where, as recorded from 9.7.

/** An element, an attribute or a text of a document. */
export interface XmlNode {
  readonly kind: 'element' | 'attribute' | 'text';
  readonly name: string;
  /** Of an attribute or a text. */
  readonly value: string;
  readonly children: XmlNode[];
  readonly parent: XmlNode | undefined;
  /** Where it stands in the document. */
  readonly start: number;
  end: number;
}

export interface XmlFault {
  readonly line: number;
  /** Characters of the line up to the fault, from 1. */
  readonly position: number;
  readonly reason: string;
}

class Fault extends Error {
  readonly at: number;

  constructor(reason: string, at: number) {
    super(reason);
    this.at = at;
  }
}

const NAME = /[\p{L}_][\p{L}\p{N}_.:-]*/uy;
const SPACE = /[ \t\r\n]*/y;
const DEPTH = 64;
const END = 'END-OF-INPUT';

class DocumentReader {
  readonly #text: string;
  #at = 0;
  readonly root: XmlNode;
  readonly #open: XmlNode[];

  constructor(text: string) {
    this.#text = text;
    this.root = node('element', '', '', undefined, 0, text.length);
    this.#open = [this.root];
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  /** What stands at the place, as refusals name it; it is read. */
  #token(): string {
    const name = this.#match(NAME);
    if (name !== '') return name;
    const character = this.#text[this.#at];
    if (character === undefined) return END;
    this.#at++;
    return character === '"' || character === "'" ? 'STRING' : `'${character}'`;
  }

  #refuse(wanted: string): never {
    const token = this.#token();
    throw new Fault(`${token} unexpected (${wanted} wanted)`, this.#at);
  }

  /** Skips to past `end`; to the end of the text where there is none. */
  #skipPast(end: string): void {
    const found = this.#text.indexOf(end, this.#at);
    this.#at = found < 0 ? this.#text.length : found + end.length;
  }

  read(): XmlNode {
    while (this.#at < this.#text.length) {
      if (this.#text[this.#at] !== '<') this.#plain();
      else if (this.#text.startsWith('<!--', this.#at)) this.#skipPast('-->');
      else if (this.#text.startsWith('<![CDATA[', this.#at)) this.#cdata();
      else this.#tag();
    }
    if (this.#open.length > 1) throw new Fault(`unexpected ${END}`, this.#at);
    return this.root;
  }

  #add(kind: XmlNode['kind'], name: string, value: string, start: number): XmlNode {
    const parent = this.#open.at(-1) as XmlNode;
    const made = node(kind, name, value, parent, start, this.#at);
    parent.children.push(made);
    return made;
  }

  #plain(): void {
    const start = this.#at;
    const end = this.#text.indexOf('<', start);
    this.#at = end < 0 ? this.#text.length : end;
    const value = this.#text.slice(start, this.#at).replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
    if (value !== '') this.#add('text', '', value, start);
  }

  #cdata(): void {
    const start = this.#at + 9;
    const end = this.#text.indexOf(']]>', start);
    this.#at = end < 0 ? this.#text.length : end + 3;
    this.#add('text', '', this.#text.slice(start, end < 0 ? undefined : end), start);
  }

  #tag(): void {
    const start = this.#at++;
    this.#match(SPACE);
    const mark = this.#text[this.#at];
    if (mark === '/') {
      this.#at++;
      this.#close();
      return;
    }
    const declares = mark === '!' || mark === '?';
    if (declares) this.#at++;
    const name = this.#match(NAME);
    if (name === '' && !declares) this.#refuse("ident or '/'");
    if (declares) {
      this.#skipPast('>');
      return;
    }
    const element = this.#add('element', name, '', start);
    this.#open.push(element);
    this.#attributes();
    const empty = this.#text[this.#at] === '/';
    if (empty) this.#at++;
    this.#match(SPACE);
    if (this.#text[this.#at] !== '>') this.#refuse("'>'");
    this.#at++;
    element.end = this.#at;
    if (empty) this.#open.pop();
    // What is deeper than any document is no document.
    if (this.#open.length > DEPTH) throw new Fault(`unexpected ${END}`, this.#at);
  }

  #close(): void {
    const name = this.#match(NAME);
    this.#match(SPACE);
    if (this.#open.length === 1) throw new Fault(`'</${name}>' unexpected (${END} wanted)`, this.#at + 1);
    if (this.#text[this.#at] !== '>') this.#refuse("'>'");
    this.#at++;
    (this.#open.pop() as XmlNode).end = this.#at;
  }

  #attributes(): void {
    for (;;) {
      this.#match(SPACE);
      const start = this.#at;
      const name = this.#match(NAME);
      if (name === '') return;
      this.#match(SPACE);
      let value = '';
      if (this.#text[this.#at] === '=') {
        this.#at++;
        this.#match(SPACE);
        const quote = this.#text[this.#at];
        if (quote === '"' || quote === "'") value = this.#quoted(quote);
        else {
          value = this.#match(NAME);
          if (value === '') this.#refuse('ident or string');
        }
      }
      this.#add('attribute', name, value, start);
    }
  }

  #quoted(quote: string): string {
    const start = ++this.#at;
    this.#skipPast(quote);
    const closed = this.#text[this.#at - 1] === quote && this.#at > start;
    return this.#text.slice(start, closed ? this.#at - 1 : this.#at);
  }
}

function node(
  kind: XmlNode['kind'],
  name: string,
  value: string,
  parent: XmlNode | undefined,
  start: number,
  end: number,
): XmlNode {
  return { kind, name, value, children: [], parent, start, end };
}

/** The document's root, whose name is empty, or where and why the text is none. */
export function readDocument(text: string): { readonly root: XmlNode } | { readonly fault: XmlFault } {
  try {
    return { root: new DocumentReader(text).read() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const before = text.slice(0, error.at).split('\n');
    const position = (before.at(-1) as string).length + (error.at >= text.length ? 1 : 0);
    return { fault: { line: before.length, position, reason: error.message } };
  }
}
