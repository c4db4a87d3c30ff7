// Documents as EXTRACTVALUE and UPDATEXML read them: leniently, closing tags by depth and not by name, entities as they are written.
// Source: https://dev.mysql.com/doc/refman/9.7/en/xml-functions.html; what is refused, and where, as answered by a live 9.7.4.

/** Longest document read, in characters; a longer one is told as one that ends too early. */
const DOCUMENT_CHARACTERS = 65_536;
/** Elements inside each other that are read. */
const DEPTH = 256;

export interface XmlNode {
  readonly kind: 'root' | 'element' | 'attribute' | 'text';
  /** Empty for the root and for texts. */
  readonly name: string;
  /** What a text or an attribute holds. */
  readonly text: string;
  readonly parent: XmlNode | undefined;
  /** Attributes, elements and texts in their order. */
  readonly children: XmlNode[];
  /** Place in the order of the document. */
  readonly order: number;
  /** Where it stands in the document, in characters; `end` is past its last. */
  readonly start: number;
  end: number;
}

/** Why a document is none, as warning 1525 words it, and the place behind what was read last. */
class Fault {
  readonly at: number;
  readonly said: string;
  constructor(at: number, said: string) {
    this.at = at;
    this.said = said;
  }
}

type Token = {
  readonly kind: 'name' | 'string' | 'sign' | 'end' | 'unknown';
  readonly text: string;
  readonly start: number;
};

const NAME = /[A-Za-z_:\u0080-\u{10ffff}][\w:.\u0080-\u{10ffff}-]*/uy;
const BLANK = /[ \t\r\n]*/y;
const SHOWN: Readonly<Record<Token['kind'], string>> = {
  name: 'IDENT',
  string: 'STRING',
  sign: '',
  end: 'END-OF-INPUT',
  unknown: 'unknown token',
};

/** Reads one document. `read` gives its root, or the text of the warning that tells why there is none. */
class Reader {
  readonly text: string;
  at = 0;
  #made = 0;
  readonly root: XmlNode;
  #open: XmlNode[];

  constructor(text: string) {
    this.text = text;
    this.root = this.#node('root', '', '', undefined, 0);
    this.root.end = text.length;
    this.#open = [this.root];
  }

  #node(kind: XmlNode['kind'], name: string, text: string, parent: XmlNode | undefined, start: number): XmlNode {
    const node: XmlNode = { kind, name, text, parent, children: [], order: this.#made++, start, end: this.at };
    parent?.children.push(node);
    return node;
  }

  #token(): Token {
    BLANK.lastIndex = this.at;
    BLANK.exec(this.text);
    const start = BLANK.lastIndex;
    this.at = start;
    const first = this.text[start];
    if (first === undefined) return { kind: 'end', text: '', start };
    if (first === '"' || first === "'") {
      const close = this.text.indexOf(first, start + 1);
      this.at = close < 0 ? this.text.length : close + 1;
      return { kind: 'string', text: this.text.slice(start + 1, close < 0 ? undefined : close), start };
    }
    if ('<>=/?!'.includes(first)) {
      this.at = start + 1;
      return { kind: 'sign', text: first, start };
    }
    NAME.lastIndex = start;
    const name = NAME.exec(this.text)?.[0];
    if (name === undefined) return { kind: 'unknown', text: first, start };
    this.at = start + name.length;
    return { kind: 'name', text: name, start };
  }

  #refuse(token: Token, wanted: string): never {
    const shown = token.kind === 'sign' ? `'${token.text}'` : SHOWN[token.kind];
    throw new Fault(this.at, `${shown} unexpected (${wanted} wanted)`);
  }

  read(): void {
    if (this.text.length > DOCUMENT_CHARACTERS) throw new Fault(this.text.length, 'unexpected END-OF-INPUT');
    while (this.at < this.text.length) {
      const parent = this.#open.at(-1) as XmlNode;
      if (this.text.startsWith('<!--', this.at)) this.#skipTo('-->');
      else if (this.text.startsWith('<![CDATA[', this.at)) this.#characterData(parent);
      else if (this.text[this.at] === '<') this.#tag();
      else {
        const next = this.text.indexOf('<', this.at);
        const start = this.at;
        this.at = next < 0 ? this.text.length : next;
        this.#node('text', '', this.text.slice(start, this.at), parent, start);
      }
    }
    if (this.#open.length > 1) throw new Fault(this.at, 'unexpected END-OF-INPUT');
  }

  #skipTo(mark: string): void {
    const found = this.text.indexOf(mark, this.at);
    this.at = found < 0 ? this.text.length : found + mark.length;
  }

  #characterData(parent: XmlNode): void {
    const start = this.at + '<![CDATA['.length;
    const close = this.text.indexOf(']]>', start);
    this.at = close < 0 ? this.text.length : close + ']]>'.length;
    if (close < 0) throw new Fault(this.at, 'unexpected END-OF-INPUT');
    this.#node('text', '', this.text.slice(start, close), parent, start);
  }

  #tag(): void {
    this.at++;
    let token = this.#token();
    if (token.kind === 'sign' && token.text === '/') {
      this.#closing();
      return;
    }
    const mark = token.kind === 'sign' && (token.text === '!' || token.text === '?') ? token.text : '';
    if (mark) token = this.#token();
    if (token.kind !== 'name') this.#refuse(token, mark === '?' ? 'ident' : "ident or '/'");
    const declared = mark !== '';
    const node = this.#node('element', token.text, '', this.#open.at(-1), token.start - 1);
    if (this.#open.length > DEPTH) throw new Fault(this.at, 'unexpected END-OF-INPUT');
    token = this.#attributes(node);
    let closed = declared;
    if (mark === '?') {
      if (token.text !== '?' || token.kind !== 'sign') this.#refuse(token, "'?'");
      token = this.#token();
    } else if (token.kind === 'sign' && token.text === '/') {
      closed = true;
      node.end = this.at + 1;
      token = this.#token();
    }
    if (token.kind !== 'sign' || token.text !== '>') this.#refuse(token, "'>'");
    if (declared) node.end = this.at;
    if (!closed) this.#open.push(node);
  }

  /** Attributes up to the token that is none. */
  #attributes(node: XmlNode): Token {
    for (;;) {
      const name = this.#token();
      if (name.kind !== 'name') return name;
      const behind = this.at;
      const sign = this.#token();
      if (sign.kind !== 'sign' || sign.text !== '=') {
        this.at = behind;
        this.#node('attribute', name.text, '', node, name.start);
        continue;
      }
      const value = this.#token();
      if (value.kind !== 'name' && value.kind !== 'string') this.#refuse(value, 'ident or string');
      this.#node('attribute', name.text, value.text, node, name.start);
    }
  }

  #closing(): void {
    const name = this.#token();
    if (name.kind !== 'name') this.#refuse(name, 'ident');
    const node = this.#open.pop() as XmlNode;
    if (node === this.root) throw new Fault(this.at, `'</${name.text}>' unexpected (END-OF-INPUT wanted)`);
    node.end = this.at + 1;
    const close = this.#token();
    if (close.kind !== 'sign' || close.text !== '>') this.#refuse(close, "'>'");
  }
}

/** The document's root, or why it is none: the text of warning 1525, whose places count from the line's end before. */
export function readDocument(text: string): XmlNode | string {
  const reader = new Reader(text);
  try {
    reader.read();
    return reader.root;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const before = text.slice(0, error.at);
    const line = before.split('\n').length;
    const place = error.at - Math.max(before.lastIndexOf('\n'), 0) + 1;
    return `parse error at line ${line} pos ${place}: ${error.said}`;
  }
}
