// XPath as EXTRACTVALUE and UPDATEXML know it: read into a tree, refused with error 1105 from the token that does not fit.
// Source: https://dev.mysql.com/doc/refman/9.7/en/xml-functions.html; places of the errors as recorded from 9.7.
import { sqlError } from '../errors.ts';

export type Axis =
  | 'child'
  | 'descendant'
  | 'descendant-or-self'
  | 'attribute'
  | 'parent'
  | 'ancestor'
  | 'ancestor-or-self'
  | 'self'
  | 'nothing';

export interface Step {
  readonly axis: Axis;
  /** `*` for any; empty where the node itself is asked for. */
  readonly name: string;
  readonly predicates: readonly XPath[];
}

export type XPath =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'path'; readonly from: XPath | undefined; readonly steps: readonly Step[] }
  | { readonly kind: 'union'; readonly left: XPath; readonly right: XPath }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: XPath; readonly right: XPath }
  | { readonly kind: 'negative'; readonly of: XPath }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly XPath[] };

const SHOWN_CHARACTERS = 32;
const DEPTH = 40;

interface Token {
  readonly kind: 'end' | 'name' | 'number' | 'string' | 'mark' | 'bad';
  readonly text: string;
  readonly start: number;
}

const NAME = /[\p{L}_][\p{L}\p{N}_.-]*/uy;
const NUMBER = /\d{1,40}(?:\.\d{0,40})?/y;
const MARKS = ['//', '..', '::', '!=', '<=', '>='];
const SINGLE = '/()[]|.@,*+-=<>$:';

/** Functions by name, with the fewest and most arguments; those not here are no functions. */
const FUNCTIONS: Readonly<Record<string, readonly [number, number]>> = {
  __proto__: null as never,
  boolean: [1, 1],
  ceiling: [1, 1],
  concat: [2, 255],
  contains: [2, 2],
  count: [1, 1],
  false: [0, 0],
  floor: [1, 1],
  last: [0, 0],
  not: [1, 1],
  number: [0, 1],
  position: [0, 0],
  round: [1, 1],
  'string-length': [0, 1],
  substring: [2, 3],
  sum: [1, 1],
  true: [0, 0],
};

/** Functions that need a node around them. */
const IN_PREDICATES: ReadonlySet<string> = new Set(['last', 'position']);

const AXES: Readonly<Record<string, Axis>> = {
  __proto__: null as never,
  ancestor: 'ancestor',
  'ancestor-or-self': 'ancestor-or-self',
  attribute: 'attribute',
  child: 'child',
  descendant: 'descendant',
  'descendant-or-self': 'descendant-or-self',
  following: 'nothing',
  'following-sibling': 'nothing',
  namespace: 'nothing',
  parent: 'parent',
  preceding: 'nothing',
  'preceding-sibling': 'nothing',
  self: 'self',
};

const NODE_TYPES: ReadonlySet<string> = new Set(['comment', 'node', 'processing-instruction', 'text']);

/** Operators loosest first. */
const LEVELS: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  ['=', '!='],
  ['<', '<=', '>', '>='],
  ['+', '-'],
  ['*', 'div', 'mod'],
];

class PathParser {
  readonly #text: string;
  #at = 0;
  #token: Token;
  #depth = 0;
  #predicates = 0;

  constructor(text: string) {
    this.#text = text;
    this.#token = this.#read();
  }

  #read(): Token {
    while (this.#text[this.#at] === ' ') this.#at++;
    const start = this.#at;
    const make = (kind: Token['kind'], text: string): Token => {
      this.#at = start + text.length;
      return { kind, text, start };
    };
    const first = this.#text[start];
    if (first === undefined) return make('end', '');
    if (first === '"' || first === "'") {
      const end = this.#text.indexOf(first, start + 1);
      return end < 0 ? make('bad', first) : make('string', this.#text.slice(start, end + 1));
    }
    for (const [pattern, kind] of [
      [NUMBER, 'number'],
      [NAME, 'name'],
    ] as const) {
      pattern.lastIndex = start;
      const found = pattern.exec(this.#text)?.[0];
      if (found) return make(kind, found);
    }
    const two = this.#text.slice(start, start + 2);
    if (MARKS.includes(two)) return make('mark', two);
    return make(SINGLE.includes(first) ? 'mark' : 'bad', first);
  }

  #fail(token = this.#token): never {
    throw sqlError('ER_XPATH', this.#text.slice(token.start, token.start + SHOWN_CHARACTERS));
  }

  #next(): Token {
    const token = this.#token;
    this.#token = this.#read();
    return token;
  }

  #accept(text: string): boolean {
    if (this.#token.text !== text || this.#token.kind === 'string') return false;
    this.#next();
    return true;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) this.#fail();
  }

  /** The character after the token at hand. */
  #ahead(): string {
    return this.#text.slice(this.#at).trimStart().slice(0, 2);
  }

  parse(): XPath {
    const made = this.#binary(0);
    if (this.#token.kind !== 'end') this.#fail();
    return made;
  }

  #binary(level: number): XPath {
    const operators = LEVELS[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    while (this.#token.kind !== 'string' && operators.includes(this.#token.text)) {
      const operator = this.#next().text;
      left = { kind: 'binary', operator, left, right: this.#binary(level + 1) };
    }
    return left;
  }

  #unary(): XPath {
    if (++this.#depth > DEPTH) this.#fail();
    const made: XPath = this.#accept('-') ? { kind: 'negative', of: this.#unary() } : this.#union();
    this.#depth--;
    return made;
  }

  #union(): XPath {
    let left = this.#path();
    while (this.#accept('|')) left = { kind: 'union', left, right: this.#path() };
    return left;
  }

  #path(): XPath {
    const primary = this.#primary();
    if (!primary) return { kind: 'path', from: undefined, steps: this.#steps() };
    const steps: Step[] = [];
    const predicates = this.#predicatesAt();
    if (predicates.length > 0) steps.push({ axis: 'self', name: '', predicates });
    if (this.#token.text === '/' || this.#token.text === '//') steps.push(...this.#steps());
    return steps.length > 0 ? { kind: 'path', from: primary, steps } : primary;
  }

  /** What is no path: a number, a text, a variable, a call or parentheses. */
  #primary(): XPath | undefined {
    const { kind, text } = this.#token;
    if (kind === 'number') return { kind: 'number', value: Number(this.#next().text) };
    if (kind === 'string') return { kind: 'string', value: this.#next().text.slice(1, -1) };
    if (this.#accept('(')) {
      const made = this.#binary(0);
      this.#expect(')');
      return made;
    }
    if (text === '$') return this.#variable();
    if (kind === 'name' && this.#ahead().startsWith('(') && !NODE_TYPES.has(text)) return this.#call();
    return undefined;
  }

  #variable(): XPath {
    const start = this.#next();
    if (this.#accept('@')) {
      if (this.#token.kind !== 'name') this.#fail();
      return { kind: 'variable', name: this.#next().text };
    }
    throw sqlError('ER_XPATH_VARIABLE', this.#text.slice(start.start, start.start + SHOWN_CHARACTERS));
  }

  #call(): XPath {
    const name = this.#next().text;
    const counts = FUNCTIONS[name];
    if (!counts) this.#fail();
    this.#next();
    const [fewest, most] = counts as readonly [number, number];
    const args: XPath[] = [];
    while (args.length < most && (args.length < fewest || this.#token.text !== ')')) {
      if (args.length > 0) this.#expect(',');
      args.push(this.#binary(0));
    }
    this.#expect(')');
    const alone = IN_PREDICATES.has(name) || (name === 'string-length' && args.length === 0);
    if (alone && this.#predicates === 0) this.#fail();
    if ((name === 'count' || name === 'sum') && !isNodes(args[0] as XPath)) this.#fail();
    return { kind: 'call', name, args };
  }

  #steps(): Step[] {
    const steps: Step[] = [];
    const absolute = this.#token.text === '/' && this.#token.kind === 'mark';
    if (absolute && this.#ahead() === '') {
      this.#next();
      return steps;
    }
    if (!absolute && this.#token.text !== '//') this.#step(steps, 'child');
    while (this.#token.kind === 'mark' && (this.#token.text === '/' || this.#token.text === '//'))
      this.#step(steps, this.#next().text === '//' ? 'descendant' : 'child');
    return steps;
  }

  #step(steps: Step[], axis: 'child' | 'descendant'): void {
    if (this.#accept('..')) {
      steps.push({ axis: 'parent', name: '*', predicates: this.#predicatesAt() });
      return;
    }
    if (this.#accept('.')) {
      steps.push({
        axis: axis === 'child' ? 'self' : 'descendant-or-self',
        name: '',
        predicates: this.#predicatesAt(),
      });
      return;
    }
    let taken: Axis = axis;
    if (this.#accept('@')) {
      if (axis === 'descendant') steps.push({ axis: 'descendant-or-self', name: '*', predicates: [] });
      taken = 'attribute';
    } else if (this.#token.kind === 'name' && this.#ahead() === '::' && AXES[this.#token.text]) {
      taken = AXES[this.#next().text] as Axis;
      this.#next();
    }
    if (this.#token.kind === 'name' && NODE_TYPES.has(this.#token.text) && this.#ahead().startsWith('(')) {
      this.#next();
      this.#next();
      this.#expect(')');
      steps.push({ axis: 'self', name: '', predicates: this.#predicatesAt() });
      return;
    }
    const name = this.#nodeName();
    steps.push({ axis: taken, name, predicates: this.#predicatesAt() });
  }

  #nodeName(): string {
    if (this.#accept('*')) return '*';
    if (this.#token.kind !== 'name') this.#fail();
    let name = this.#next().text;
    if (this.#token.text === '::') this.#fail({ ...this.#token, start: this.#token.start + 1 });
    if (this.#accept(':')) {
      if (this.#token.kind !== 'name') this.#fail();
      name += `:${this.#next().text}`;
    }
    return name;
  }

  #predicatesAt(): XPath[] {
    const predicates: XPath[] = [];
    this.#predicates++;
    while (this.#accept('[')) {
      predicates.push(this.#binary(0));
      this.#expect(']');
    }
    this.#predicates--;
    return predicates;
  }
}

/** Whether an expression gives nodes. */
export function isNodes(path: XPath): boolean {
  return path.kind === 'path' || path.kind === 'union';
}

/** Reads a path. Throws 1105 with the text from the first place that is no XPath. */
export function readXPath(text: string): XPath {
  return new PathParser(text).parse();
}
