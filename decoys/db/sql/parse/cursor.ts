// Where a parser stands in the tokens, and how it refuses one: 1064 with the text from the token it could not take.
// Source: MySQL's yacc reports the look-ahead token; its text is cut at 80 bytes, its line counts line feeds before it.

import { NESTING_DEPTH, STATEMENT_OPERANDS } from '../../limits.ts';
import type { Expression, OrderItem } from '../ast/expression.ts';
import type { Query } from '../ast/query.ts';
import type { Told } from '../ast/statement.ts';
import { type ErrorName, errorCode, errorText, type SqlError, sqlError } from '../errors.ts';
import type { Token } from '../token.ts';
import { readName } from '../value/client-text.ts';
import { detached } from '../value/detached.ts';
import { ADJACENT_FUNCTIONS, isReserved } from './words.ts';

/** Bytes of a statement error 1064 and its like show from the place they are about. */
export const NEAR_BYTES = 80;

/** Warnings one statement's grammar gives at most. */
const TOLD = 64;

interface Mark {
  readonly at: number;
  readonly parameters: number;
  readonly told: number;
}

export interface ParseContext {
  readonly ansiQuotes: boolean;
  readonly pipesAsConcat: boolean;
  /** A function's name and its parenthesis may stand apart. */
  readonly ignoreSpace?: boolean;
  /** NOT binds as tight as `!`. */
  readonly highNot?: boolean;
  /** REAL is FLOAT. */
  readonly realAsFloat?: boolean;
  /** Version of the server, as conditional comments compare it; the newest where it is not told. */
  readonly version?: number;
}

/** Bytes of a statement, held as latin1, as the text they are. */
export function decode(latin1: string): string {
  for (let at = 0; at < latin1.length; at++) {
    if (latin1.charCodeAt(at) > 127) return Buffer.from(latin1, 'latin1').toString('utf8');
  }
  return latin1;
}

/** As `decode`, of what the server keeps as a name, or shows of a statement: with none but characters of three bytes. */
function decodeName(latin1: string): string {
  const text = decode(latin1);
  return text === latin1 ? text : readName(Buffer.from(latin1, 'latin1'), 'utf8mb4');
}

/** The parts of the grammar that meet each other again inside themselves. */
export interface Grammar {
  readonly parseQuery: (cursor: Cursor) => Query;
  readonly parseExpression: (cursor: Cursor) => Expression;
  /** bit_expr of operators as tight as `level` and tighter. */
  readonly parseBit: (cursor: Cursor, level: number) => Expression;
  readonly parsePrimary: (cursor: Cursor) => Expression;
  readonly parseOrderItem: (cursor: Cursor) => OrderItem;
}

export class Cursor {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly context: ParseContext;
  readonly parseQuery: (cursor: Cursor) => Query;
  readonly parseExpression: (cursor: Cursor) => Expression;
  /** bit_expr of operators as tight as `level` and tighter. */
  readonly parseBit: (cursor: Cursor, level: number) => Expression;
  readonly parsePrimary: (cursor: Cursor) => Expression;
  readonly parseOrderItem: (cursor: Cursor) => OrderItem;
  at = 0;
  /** Parameters (`?`) met so far. */
  parameters = 0;
  /** Warnings of the grammar so far. */
  readonly told: Told[] = [];
  #depth = 0;
  #operands = 0;

  constructor(text: string, tokens: readonly Token[], context: ParseContext, grammar: Grammar) {
    this.text = text;
    this.tokens = tokens;
    this.context = context;
    this.parseQuery = grammar.parseQuery;
    this.parseExpression = grammar.parseExpression;
    this.parseBit = grammar.parseBit;
    this.parsePrimary = grammar.parsePrimary;
    this.parseOrderItem = grammar.parseOrderItem;
    const comments = tokens.at(-1)?.comments;
    for (let left = comments?.unspaced ?? 0; left > 0; left--) this.warn('ER_WARN_UNSPACED_VERSION_COMMENT');
    for (let left = comments?.nested ?? 0; left > 0; left--) this.warn('ER_WARN_NESTED_COMMENT');
  }

  /** Source text of the tokens from `start` to the last one read, as columns are named: without conditional comments. */
  textFrom(start: number): string {
    const end = this.lastEnd;
    const cuts = this.tokens.at(-1)?.comments?.cuts.filter((cut) => cut.start >= start && cut.end <= end) ?? [];
    let text = '';
    let at = start;
    for (const cut of cuts) {
      text += this.text.slice(at, cut.start) + cut.instead;
      at = cut.end;
    }
    return detached(decode(text + this.text.slice(at, end)));
  }

  /** Source text from `start` to the last token read, held by itself. */
  source(start: number): string {
    return detached(this.text.slice(start, this.lastEnd));
  }

  get token(): Token {
    return this.tokens[this.at] as Token;
  }

  get ended(): boolean {
    return this.token.kind === 'end';
  }

  /** The token `ahead` places on; past the end, the last. */
  peek(ahead = 1): Token {
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)] as Token;
  }

  /** End of the token before this one. */
  get lastEnd(): number {
    return this.at === 0 ? 0 : (this.tokens[this.at - 1] as Token).end;
  }

  warn(name: ErrorName, ...args: readonly string[]): void {
    if (this.told.length < TOLD) this.told.push({ code: errorCode(name), message: errorText(name, ...args) });
  }

  /** A place to come back to. */
  mark(): Mark {
    return { at: this.at, parameters: this.parameters, told: this.told.length };
  }

  back(mark: Mark): void {
    this.at = mark.at;
    this.parameters = mark.parameters;
    this.told.length = mark.told;
  }

  fail(token: Token = this.token): SqlError {
    const near = token.kind === 'end' ? '' : this.text.slice(token.start, token.start + NEAR_BYTES);
    let line = 1;
    for (let at = this.text.indexOf('\n'); at >= 0 && at < token.start; at = this.text.indexOf('\n', at + 1)) line++;
    return sqlError('ER_PARSE_ERROR', decodeName(near), line);
  }

  advance(): Token {
    const token = this.token;
    if (token.kind !== 'end') this.at++;
    return token;
  }

  /** True where the next token is this word or operator (upper case). */
  is(upper: string): boolean {
    const token = this.token;
    return token.upper === upper;
  }

  isOne(...uppers: readonly string[]): boolean {
    return this.token.upper !== '' && uppers.includes(this.token.upper);
  }

  /** True where the words follow each other from here. */
  follows(...uppers: readonly string[]): boolean {
    return uppers.every((upper, ahead) => this.peek(ahead).upper === upper);
  }

  accept(upper: string): boolean {
    if (this.token.upper !== upper) return false;
    this.at++;
    return true;
  }

  acceptAll(...uppers: readonly string[]): boolean {
    if (!this.follows(...uppers)) return false;
    this.at += uppers.length;
    return true;
  }

  acceptOne(...uppers: readonly string[]): string | undefined {
    const { upper } = this.token;
    if (upper === '' || !uppers.includes(upper)) return undefined;
    this.at++;
    return upper;
  }

  expect(...uppers: readonly string[]): void {
    for (const upper of uppers) if (!this.accept(upper)) throw this.fail();
  }

  /** Guards recursion; call `leave` after. */
  enter(): void {
    this.#depth++;
    if (this.#depth > NESTING_DEPTH) throw sqlError('ER_STACK_OVERRUN_NEED_MORE', 1_011_712, 1_048_576, 20_000);
  }

  /** Guards what a statement costs to parse and compile. */
  operand(): void {
    this.#operands++;
    if (this.#operands > STATEMENT_OPERANDS) throw sqlError('ER_STACK_OVERRUN_NEED_MORE', 1_011_712, 1_048_576, 20_000);
  }

  leave(): void {
    this.#depth--;
  }

  isName(token: Token = this.token): boolean {
    if (token.kind === 'quoted') return true;
    return token.kind === 'word' && !isReserved(token.upper) && !(token === this.token && this.#calls(token));
  }

  /** The word is a function's since its parenthesis follows it: at once, or where sql_mode says so after spaces. */
  #calls({ upper, end }: Token): boolean {
    if (!ADJACENT_FUNCTIONS.has(upper)) return false;
    const next = this.peek();
    return next.upper === '(' && (this.context.ignoreSpace === true || next.start === end);
  }

  name(): string {
    if (!this.isName()) throw this.fail();
    const token = this.advance();
    if (token.kind === 'word' && token.upper === 'FULL') this.warn('ER_WARN_DEPRECATED_IDENT', token.upper);
    return decodeName(token.text);
  }

  /** A name after a dot, where keywords are names too. */
  nameAfterDot(): string {
    const token = this.token;
    if (token.kind !== 'word' && token.kind !== 'quoted') throw this.fail();
    this.at++;
    return decode(token.text);
  }

  nameOrText(): string {
    if (this.token.kind === 'string') return decode(this.advance().text);
    return this.name();
  }

  /** A quoted text. */
  string(): string {
    if (this.token.kind !== 'string') throw this.fail();
    return decode(this.advance().text);
  }

  integer(): number {
    if (this.token.kind !== 'integer') throw this.fail();
    return Number(this.advance().text);
  }

  /** `schema.name` or `name`. */
  qualified(): { schema: string; name: string } {
    const first = this.name();
    if (!this.accept('.')) return { schema: '', name: first };
    return { schema: first, name: this.nameAfterDot() };
  }

  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.accept(',')) items.push(item());
    return items;
  }

  parenthesised<T>(item: () => T): T {
    this.expect('(');
    const value = item();
    this.expect(')');
    return value;
  }
}
