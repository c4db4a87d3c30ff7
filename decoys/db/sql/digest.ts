// The digest of a statement: its tokens without its literals, as performance_schema and STATEMENT_DIGEST_TEXT() tell it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/performance-schema-statement-digests.html; synonyms as a live 9.7.4 prints them.
import { createHash } from 'node:crypto';
import { BEFORE_SIGN, PRINTED } from './digest-words.ts';
import { tokenize } from './lexer.ts';
import { ADJACENT_FUNCTIONS, isKeyword } from './parse/words.ts';
import type { LexerOptions, Token } from './token.ts';
import { findCharset } from './value/charset.ts';

/** Bytes of a statement that go into its digest (max_digest_length). */
const DIGEST_BYTES = 1024;

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
/** A token, those around it, and the word its statement begins with. */
interface Place {
  readonly tokens: readonly Token[];
  readonly at: number;
  readonly verb: string;
}

/** NULL is a word where it says what a column may be, or is asked for by IS; else a literal. */
function isNullWord({ tokens, at, verb }: Place): boolean {
  const [before, last] = [tokens[at - 2]?.upper, tokens[at - 1]];
  if (last?.upper === 'IS' || (last?.upper === 'NOT' && before === 'IS')) return true;
  if (verb !== 'CREATE' && verb !== 'ALTER') return false;
  return last?.upper === 'NOT' || (last?.upper !== 'DEFAULT' && (last?.kind === 'word' || last?.upper === ')'));
}

function isLiteral(place: Place): boolean {
  const token = place.tokens[place.at] as Token;
  if (token.upper === 'NULL' && token.kind === 'word') return !isNullWord(place);
  return LITERALS.has(token.kind);
}

/** `_utf8mb4` before text. */
function isIntroducer({ tokens, at }: Place): boolean {
  const [token, next] = [tokens[at] as Token, tokens[at + 1]];
  if (token.kind !== 'word' || !token.text.startsWith('_')) return false;
  return (
    (next?.kind === 'string' || next?.kind === 'hex' || next?.kind === 'bit') &&
    findCharset(token.text.slice(1)) !== undefined
  );
}

/** The name of a variable, after `@`: one in backquotes is told. */
function variableName(token: Token, statement: string): string {
  return statement[token.start + 1] === '`' ? `@\`${token.text}\`` : '@?';
}

function wordOf({ tokens, at }: Place): string {
  const [token, next] = [tokens[at] as Token, tokens[at + 1]];
  const named = tokens[at - 1]?.upper === '.' && tokens[at - 1]?.end === token.start;
  const adjacent = ADJACENT_FUNCTIONS.has(token.upper);
  const keyword = adjacent ? next?.upper === '(' && next.start === token.end : isKeyword(token.upper);
  return keyword && !named ? (PRINTED[token.upper] ?? token.upper) : `\`${token.text}\``;
}

const SCOPES: ReadonlySet<string> = new Set(['GLOBAL', 'SESSION', 'LOCAL', 'PERSIST', 'PERSIST_ONLY']);

function printed(place: Place, statement: string): string {
  const { tokens, at } = place;
  const token = tokens[at] as Token;
  if (token.kind === 'variable') return variableName(token, statement);
  if (isIntroducer(place)) return '(_charset)';
  if (tokens[at - 1]?.kind === 'system') return `@@${SCOPES.has(token.upper) ? token.upper : `\`${token.text}\``}`;
  if (token.kind === 'word') return wordOf(place);
  return token.kind === 'quoted' ? `\`${token.text}\`` : (PRINTED[token.upper] ?? token.upper);
}

/** Takes what a closing parenthesis makes of the tokens before it: lists of literals, and rows of them, become one. */
function fold(out: string[]): void {
  const [open, list] = out.slice(-2);
  if (open !== '(' || (list !== '?' && list !== '?, ...')) {
    out.push(')');
    return;
  }
  out.length -= 2;
  if (out.at(-1) === 'IN') {
    out[out.length - 1] = 'IN (...)';
    return;
  }
  const row = list === '?' ? '(?)' : '(...)';
  if (out.at(-1) === ',' && (out.at(-2) === row || out.at(-2) === `${row} /* , ... */`)) {
    out.length -= 2;
    out.push(`${row} /* , ... */`);
  } else out.push(row);
}

/** Adds a literal, with the signs before it that are its own; one after another literal of a list becomes part of it. */
function addLiteral(out: string[], kind: Token['kind']): void {
  const isNumber = kind === 'integer' || kind === 'decimal' || kind === 'float';
  while (
    isNumber &&
    (out.at(-1) === '-' || out.at(-1) === '+') &&
    (out.length === 1 || BEFORE_SIGN.has(out.at(-2) as string))
  )
    out.pop();
  const before = out.at(-2);
  if (out.at(-1) === ',' && (before === '?' || before === '?, ...')) {
    out.length -= 2;
    out.push('?, ...');
  } else out.push('?');
}

/** Behind such a token a number of ORDER BY goes on as an expression. */
const GOES_ON: ReadonlySet<string> = new Set(
  '+ - * / % & | ^ << >> = < > <= >= != <> <=> && || DIV MOD AND OR XOR LIKE IS IN BETWEEN'.split(' '),
);

/** Columns that ORDER BY and GROUP BY name by number keep it, but behind a literal, which they make a list with. */
function namesColumn({ tokens, at }: Place, out: readonly string[]): boolean {
  if (tokens[at]?.kind !== 'integer' || GOES_ON.has(tokens[at + 1]?.upper ?? '')) return false;
  if (out.at(-1) === 'BY') return true;
  if (out.at(-1) !== ',' || out.at(-2)?.startsWith('?')) return false;
  let depth = 0;
  for (let i = at - 1; i > 0; i--) {
    const { upper } = tokens[i] as Token;
    if (upper === ')') depth++;
    else if (upper === '(' && depth-- === 0) return false;
    else if (depth === 0 && upper === 'BY') return true;
    else if (depth === 0 && (upper === 'LIMIT' || upper === 'SELECT' || upper === 'SET' || upper === 'VALUES'))
      return false;
  }
  return false;
}

/** What a comment of hints behind the first word is told as. */
function hintsOf(statement: string, tokens: readonly Token[], options: LexerOptions): string[] {
  const [verb, next] = tokens;
  const between = verb && next ? statement.slice(verb.end, next.start).trim() : '';
  if (!between.startsWith('/*+') || !between.endsWith('*/')) return [];
  const inside = between.slice(3, -2);
  const hints = tokenize(inside, options);
  const out: string[] = [];
  for (const [at, token] of hints.entries()) {
    if (token.kind === 'end') break;
    const isHint = token.kind === 'word' && (hints[at + 1]?.upper === '(' || HINT_WORDS.has(token.upper));
    if (token.kind === 'variable') out.push(`${out.pop() ?? ''}@\`${token.text}\``);
    else if (LITERALS.has(token.kind)) addLiteral(out, token.kind);
    else if (token.upper === ')') fold(out);
    else out.push(isHint || token.kind === 'operator' ? token.upper : `\`${token.text}\``);
  }
  return ['/*+', ...out, '*/'];
}

/** Words of hints that are no names. */
const HINT_WORDS: ReadonlySet<string> = new Set([
  'MATERIALIZATION',
  'DUPSWEEDOUT',
  'FIRSTMATCH',
  'LOOSESCAN',
  'INTOEXISTS',
]);

/** Text of the digest of a statement (latin1 bytes of it); what cannot be read ends it. */
export function digestText(statement: string, options: LexerOptions): string {
  const read = statement.slice(0, DIGEST_BYTES);
  const out: string[] = [];
  try {
    const tokens = tokenize(read, options);
    const verb = tokens[0]?.upper ?? '';
    for (const [at, token] of tokens.entries()) {
      const place = { tokens, at, verb };
      if (token.kind === 'end') break;
      if (token.kind === 'system') continue;
      if (isLiteral(place) && !namesColumn(place, out)) addLiteral(out, token.kind);
      else if (token.upper === ')') fold(out);
      else if (LITERALS.has(token.kind)) out.push(token.text);
      else out.push(printed(place, read));
      if (at === 0) out.push(...hintsOf(read, tokens, options));
    }
  } catch {
    // Broken text has the digest of nothing.
    return '';
  }
  return out.join(' ').replace(/ ;$/, '');
}

/** The digest itself: 64 hex digits. */
export function digestHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
