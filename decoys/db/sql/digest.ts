// The digest of a statement: its tokens without its literals, as performance_schema and STATEMENT_DIGEST_TEXT() tell it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/performance-schema-statement-digests.html; synonyms as a live 9.7.4 prints them.
import { createHash } from 'node:crypto';
import { tokenize } from './lexer.ts';
import { ADJACENT_FUNCTIONS, isKeyword } from './parse/words.ts';
import type { LexerOptions, Token } from './token.ts';

/** Bytes of a statement that go into its digest (max_digest_length). */
const DIGEST_BYTES = 1024;

/** Words that are one token to the server, and the one of them it prints. */
const PRINTED: Readonly<Record<string, string>> = {
  __proto__: null as never,
  INT: 'INTEGER',
  INT4: 'INTEGER',
  VARCHAR: 'VARCHARACTER',
  CHAR: 'CHARACTER',
  DEC: 'DECIMAL',
  DAY: 'SQL_TSI_DAY',
  HOUR: 'SQL_TSI_HOUR',
  MINUTE: 'SQL_TSI_MINUTE',
  SECOND: 'SQL_TSI_SECOND',
  WEEK: 'SQL_TSI_WEEK',
  MONTH: 'SQL_TSI_MONTH',
  QUARTER: 'SQL_TSI_QUARTER',
  YEAR: 'SQL_TSI_YEAR',
  USER: 'SYSTEM_USER',
  SESSION_USER: 'SYSTEM_USER',
  DATABASE: 'SCHEMA',
  DATABASES: 'SCHEMAS',
  SUBSTR: 'SUBSTRING',
  MID: 'SUBSTRING',
  FIELDS: 'COLUMNS',
  '<>': '!=',
};

const LITERALS: ReadonlySet<Token['kind']> = new Set([
  'string',
  'integer',
  'decimal',
  'float',
  'hex',
  'bit',
  'parameter',
  'dollar',
]);
/** Before these a sign belongs to the number that follows it. */
const BEFORE_SIGN = new Set(['(', ',', '=', '>', '<', '>=', '<=', '!=', '<=>', '<>', ':=', '+', '-', '*', '/', '%']);

function isLiteral(token: Token): boolean {
  return LITERALS.has(token.kind) || token.upper === 'NULL';
}

function printed(token: Token, next: Token | undefined): string {
  if (token.kind === 'variable') return '@?';
  if (token.kind === 'system') return `@@\`${token.text}\``;
  if (token.kind !== 'word')
    return token.kind === 'quoted' ? `\`${token.text}\`` : (PRINTED[token.upper] ?? token.upper);
  const adjacent = ADJACENT_FUNCTIONS.has(token.upper);
  const keyword = adjacent ? next?.upper === '(' && next.start === token.end : isKeyword(token.upper);
  return keyword ? (PRINTED[token.upper] ?? token.upper) : `\`${token.text}\``;
}

/** Takes what a closing parenthesis makes of the tokens before it: lists of literals, and rows of them, become one. */
function fold(out: string[]): void {
  const [open, list] = out.slice(-2);
  if (open !== '(' || (list !== '?' && list !== '?, ...')) {
    out.push(')');
    return;
  }
  out.length -= 2;
  const row = list === '?' && out.at(-1) !== 'IN' ? '(?)' : '(...)';
  if (out.at(-1) === ',' && (out.at(-2) === row || out.at(-2) === `${row} /* , ... */`)) {
    out.length -= 2;
    out.push(`${row} /* , ... */`);
  } else out.push(row);
}

/** Adds a literal; one after another literal of a list becomes part of it. */
function addLiteral(out: string[], signed: boolean): void {
  if (signed && (out.at(-1) === '-' || out.at(-1) === '+')) out.pop();
  const before = out.at(-2);
  if (out.at(-1) === ',' && (before === '?' || before === '?, ...')) {
    out.length -= 2;
    out.push('?, ...');
  } else out.push('?');
}

/** True where the token at `at` is a number's own sign. */
function isSigned(tokens: readonly Token[], at: number): boolean {
  const sign = tokens[at - 1];
  if (sign?.upper !== '-' && sign?.upper !== '+') return false;
  const before = tokens[at - 2];
  return !before || BEFORE_SIGN.has(before.upper) || (before.kind === 'word' && isKeyword(before.upper));
}

/** Columns that ORDER BY and GROUP BY name by number keep it. */
function namesColumn(tokens: readonly Token[], at: number): boolean {
  if (tokens[at]?.kind !== 'integer') return false;
  for (let i = at - 1; i > 0; i--) {
    const { upper, kind } = tokens[i] as Token;
    if (upper === 'BY') return true;
    if (upper !== ',' && upper !== 'ASC' && upper !== 'DESC' && kind !== 'integer') return false;
  }
  return false;
}

/** Text of the digest of a statement (latin1 bytes of it); what cannot be read ends it. */
export function digestText(statement: string, options: LexerOptions): string {
  let tokens: readonly Token[];
  try {
    tokens = tokenize(statement.slice(0, DIGEST_BYTES), options);
  } catch {
    // Broken text has the digest of nothing.
    return '';
  }
  const out: string[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'end') break;
    if (isLiteral(token) && !namesColumn(tokens, at)) addLiteral(out, isSigned(tokens, at));
    else if (token.upper === ')') fold(out);
    else out.push(printed(token, tokens[at + 1]));
  }
  return out.join(' ').replace(/ ;$/, '');
}

export function digestHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
