// XPath as the server reads it: its grammar with the shortcuts and the gaps a live server has, and where what is none begins.
// Source: https://dev.mysql.com/doc/refman/9.7/en/xml-functions.html (XPath limitations); places of errors as answered by a live 9.7.4.
import { SqlError, sqlError } from '../errors.ts';
import { type Axis, isNodes, type Step, type XPath } from './xpath.ts';
import { FUNCTIONS, type Kind, type Token, tokenAt } from './xpath-token.ts';

/** How much of the rest an error shows, in characters. */
const SHOWN_CHARACTERS = 32;
/** Expressions inside each other that are read. */
const DEPTH = 250;

/** Axes the server takes for the children. */
const AS_CHILD: ReadonlySet<string> = new Set([
  'following-sibling',
  'following',
  'namespace',
  'preceding-sibling',
  'preceding',
]);

class Parser {
  readonly source: string;
  token: Token;
  #depth = 0;
  #predicates = 0;

  constructor(source: string) {
    this.source = source;
    this.token = tokenAt(source, 0);
  }

  #shown(at: number): string {
    return [...this.source.slice(at, at + 2 * SHOWN_CHARACTERS)].slice(0, SHOWN_CHARACTERS).join('');
  }

  fail(at = this.token.start): never {
    throw sqlError('ER_XPATH', this.#shown(at));
  }

  next(): Token {
    const taken = this.token;
    this.token = tokenAt(this.source, taken.end);
    return taken;
  }

  is(text: string): boolean {
    return this.token.text === text && (this.token.kind === 'sign' || this.token.kind === 'name');
  }

  accept(text: string): boolean {
    if (!this.is(text)) return false;
    this.next();
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.fail();
  }

  whole(): XPath {
    const e = this.#or();
    if (this.token.kind !== 'end') this.fail();
    return e;
  }

  #or(): XPath {
    if (++this.#depth > DEPTH) throw sqlError('ER_STACK_OVERRUN_NEED_MORE', 1_028_592, 1_048_576, 20_000);
    const e = this.#chain(() => this.#chain(() => this.#equality(), ['and']), ['or']);
    this.#depth--;
    return e;
  }

  /** Operands of one binary level, from left to right. */
  #chain(operand: () => XPath, operators: readonly string[]): XPath {
    let left = operand();
    for (;;) {
      const operator = operators.find((text) => this.is(text));
      if (operator === undefined) return left;
      this.next();
      left = { kind: 'binary', operator, left, right: operand() };
    }
  }

  #equality(): XPath {
    let left = this.#relational();
    for (;;) {
      const { start } = this.token;
      const operator = this.is('=') ? '=' : this.is('!') ? '!=' : undefined;
      if (!operator) return left;
      this.next();
      if (operator === '!=') this.expect('=');
      left = this.#compared(left, operator, this.#relational(), start);
    }
  }

  #relational(): XPath {
    const operand = () => this.#chain(() => this.#chain(() => this.#unary(), ['*', 'div', 'mod']), ['+', '-']);
    let left = operand();
    for (;;) {
      const { start } = this.token;
      if (!this.is('<') && !this.is('>')) return left;
      let operator = this.next().text;
      if (this.accept('=')) operator += '=';
      left = this.#compared(left, operator, operand(), start);
    }
  }

  #compared(left: XPath, operator: string, right: XPath, start: number): XPath {
    if (isNodes(left) && isNodes(right)) {
      const rest = this.#shown(start);
      throw new SqlError(1105, 'HY000', `XPATH error: comparison of two nodesets is not supported: '${rest}'`);
    }
    return { kind: 'binary', operator, left, right };
  }

  #unary(): XPath {
    let signs = 0;
    while (this.accept('-')) signs++;
    let e = this.#union();
    for (; signs > 0; signs--) e = { kind: 'minus', operand: e };
    return e;
  }

  #union(): XPath {
    let left = this.#path();
    while (this.accept('|')) {
      if (!isNodes(left)) this.fail();
      const right = this.#path();
      if (!isNodes(right)) this.fail();
      left = { kind: 'binary', operator: '|', left, right };
    }
    return left;
  }

  #path(): XPath {
    const primary = this.#primary();
    if (!primary) return this.#location();
    if (!isNodes(primary) || (!this.is('/') && !this.is('//'))) return primary;
    const deep = this.next().text === '//';
    return { kind: 'path', from: primary, absolute: false, steps: this.#relative(deep) };
  }

  #primary(): XPath | undefined {
    const { token } = this;
    if (token.kind === 'number' || token.kind === 'string') {
      this.next();
      return { kind: token.kind, text: token.text };
    }
    if (token.kind === 'function') return this.#call();
    if (this.accept('(')) {
      const e = this.#or();
      this.expect(')');
      return e;
    }
    return this.is('$') ? this.#variable() : undefined;
  }

  #variable(): XPath {
    const { start } = this.next();
    const users = this.accept('@');
    const { kind, text } = this.token;
    if (kind !== 'name' && !(users && (kind === 'number' || kind === 'string'))) this.fail();
    if (!users) throw sqlError('ER_XPATH_VARIABLE', this.#shown(start));
    this.next();
    return kind === 'name' ? { kind: 'variable', name: text } : { kind: kind as 'number' | 'string', text };
  }

  #call(): XPath {
    const name = this.next().text;
    const [fewest, most] = FUNCTIONS[name] as readonly [number, number];
    this.expect('(');
    const args: XPath[] = [];
    if (fewest > 0 || !this.is(')')) {
      if (most === 0) this.fail();
      args.push(this.#or());
      while (args.length < fewest || this.is(',')) {
        this.expect(',');
        if (args.length === most) this.fail();
        args.push(this.#or());
      }
    }
    this.expect(')');
    const inside = name === 'last' || name === 'position' || (name === 'string-length' && args.length === 0);
    if (inside && this.#predicates === 0) this.fail();
    if ((name === 'count' || name === 'sum') && !isNodes(args[0] as XPath)) this.fail();
    return { kind: 'call', name, args };
  }

  #location(): XPath {
    const absolute = this.is('/') || this.is('//');
    if (!absolute) return { kind: 'path', from: undefined, absolute, steps: this.#relative(false) };
    const deep = this.next().text === '//';
    const steps = deep || this.#beginsStep() ? this.#relative(deep) : [];
    return { kind: 'path', from: undefined, absolute, steps };
  }

  #beginsStep(): boolean {
    const { kind } = this.token;
    return kind === 'name' || kind === 'axis' || kind === 'test' || ['.', '..', '@', '*'].some((text) => this.is(text));
  }

  #relative(deep: boolean): Step[] {
    const steps = [...this.#step(deep)];
    while (this.is('/') || this.is('//')) {
      const below = this.next().text === '//';
      steps.push(...this.#step(below));
    }
    return steps;
  }

  /** One step; behind `//` it is taken below the node and whatever it holds. */
  #step(deep: boolean): Step[] {
    const stay = (axis: Axis): Step => ({ axis, name: '*', predicates: [] });
    const before: Step[] = deep ? [stay('descendant-or-self')] : [];
    if (this.accept('.')) return before;
    if (this.accept('..')) return [...before, stay('parent')];
    let axis: Axis = 'child';
    if (this.accept('@')) axis = 'attribute';
    else if (this.token.kind === 'axis') {
      const { text } = this.next();
      axis = AS_CHILD.has(text) ? 'child' : (text as Axis);
      if (!this.#beginsStep() && !this.is('[')) return [...before, { axis, name: '', predicates: [] }];
    }
    if (this.token.kind === 'test') {
      this.#nodeTest();
      return [...before, { axis: 'stay', name: '*', predicates: this.#predicateList() }];
    }
    const name = this.#nameTest();
    // A child below the node or whatever it holds is what stands below it at any depth.
    if (deep && axis === 'child') return [{ axis: 'descendant', name, predicates: this.#predicateList() }];
    return [...before, { axis, name, predicates: this.#predicateList() }];
  }

  #nodeTest(): void {
    const { text } = this.next();
    this.expect('(');
    if (!this.is(')')) {
      if (text === 'text' || text === 'comment') this.next();
      this.fail(text === 'text' || text === 'comment' ? this.#closeOf() : this.token.start);
    }
    this.next();
  }

  /** The place of the last token before the end: what the server shows where a test that takes nothing is given something. */
  #closeOf(): number {
    let { start } = this.token;
    while (this.token.kind !== 'end' && this.token.kind !== 'unknown') start = this.next().start;
    return start;
  }

  #nameTest(): string {
    if (this.accept('*')) return '*';
    const { kind } = this.token;
    if (kind !== 'name' && kind !== 'function') this.fail();
    const { text } = this.next();
    if (!this.accept(':')) return text;
    if ((this.token.kind as Kind) !== 'name') this.fail();
    return `${text}:${this.next().text}`;
  }

  #predicateList(): XPath[] {
    const predicates: XPath[] = [];
    while (this.accept('[')) {
      this.#predicates++;
      predicates.push(this.#or());
      this.#predicates--;
      this.expect(']');
    }
    return predicates;
  }
}

/** Reads a path. Throws SqlError 1105 with the text from the first place that is no XPath, 1436 where it is nested too deep. */
export function parseXPath(source: string): XPath {
  return new Parser(source).whole();
}
