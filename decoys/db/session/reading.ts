// Reads a client's text into a statement as its sql_mode has it; short texts read last are remembered.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-mode.html
import { collectMade, countMade } from '../garbage.ts';
import { PARSED_BYTES_A_BYTE } from '../limits.ts';
import { tokenizeLong, tokenizeUntil } from '../sql/lexer.ts';
import type { ParseContext } from '../sql/parse/cursor.ts';
import { type Parsed, parseStatement } from '../sql/parse/statement.ts';
import { isSpace, type LexerOptions } from '../sql/token.ts';
import { nextTurn } from '../turn.ts';
import { LONG_STATEMENT_BYTES } from './long-statements.ts';
import type { Session } from './session.ts';

type Grammar = readonly [LexerOptions, ParseContext];

/** The grammar asked for last: sessions rarely have another sql_mode. */
let last: { readonly mode: string; readonly version: number; readonly grammar: Grammar } | undefined;

/** How the session's sql_mode and the persona's version have a statement read. */
export function grammarOf(session: Session): Grammar {
  const mode = session.sqlMode();
  const version = session.server.options.persona.number;
  if (last?.mode !== mode || last.version !== version) last = { mode, version, grammar: grammar(mode, version) };
  return last.grammar;
}

function grammar(mode: string, version: number): Grammar {
  const ansiQuotes = mode.includes('ANSI_QUOTES');
  const lexing = {
    ansiQuotes,
    noBackslashEscapes: mode.includes('NO_BACKSLASH_ESCAPES'),
    version,
  };
  const context = {
    ansiQuotes,
    pipesAsConcat: mode.includes('PIPES_AS_CONCAT'),
    ignoreSpace: mode.includes('IGNORE_SPACE'),
    highNot: mode.includes('HIGH_NOT_PRECEDENCE'),
    realAsFloat: mode.includes('REAL_AS_FLOAT'),
    version,
  };
  return [lexing, context];
}

/** Short statements parsed last, by grammar and text: tools say the same over and over. Past the cap all are forgotten. */
const parsedStatements = new Map<string, Parsed>();
const PARSED_STATEMENTS = 64;
const PARSED_STATEMENT_BYTES = 128;
const SEMICOLON = 59;

/** What is read of a statement: semicolons and spaces at its end are taken away first. */
function trimmed(text: Buffer): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === SEMICOLON || isSpace(text[end - 1] as number))) end--;
  return text.toString('latin1', 0, end);
}

/** The statement that stands last ends where its text does, with what was taken away. */
function endedAt(parsed: Parsed, latin1: string, text: Buffer): Parsed {
  return parsed.end < latin1.length || latin1.length === text.length ? parsed : { ...parsed, end: text.length };
}

/** Reads one statement, or with `multi` the first of several. `text` is in the client's bytes. Throws 1064 and what else the parser tells. */
export function parse(session: Session, text: Buffer, multi: boolean): Parsed {
  const latin1 = trimmed(text);
  if (text.length > PARSED_STATEMENT_BYTES)
    return endedAt(parseStatement(latin1, ...grammarOf(session), multi), latin1, text);
  const key = `${multi ? 'm' : 's'} ${session.sqlMode()} ${latin1}`;
  const known = parsedStatements.get(key);
  if (known) return endedAt(known, latin1, text);
  const parsed = parseStatement(latin1, ...grammarOf(session), multi);
  if (parsedStatements.size >= PARSED_STATEMENTS) parsedStatements.clear();
  parsedStatements.set(key, parsed);
  return endedAt(parsed, latin1, text);
}

/** What these make may hold statements that end as it does. */
const MAKES_BODIES: ReadonlySet<string> = new Set(['CREATE', 'ALTER']);

/** Bytes looked at for the end of the first of many statements, most of which are short. */
const SHORT_BYTES = 256;

/** Where the first of several statements ends that came together; undefined where that is not seen in its first bytes. */
function endOfFirst(text: Buffer, lexing: LexerOptions): number | undefined {
  for (const bytes of [SHORT_BYTES, LONG_STATEMENT_BYTES]) {
    const tokens = tokenizeUntil(text.toString('latin1', 0, bytes), lexing, ';');
    // What these make may hold statements that end so too.
    if (tokens) return MAKES_BODIES.has(tokens[0]?.upper ?? '') ? undefined : tokens.at(-1)?.end;
  }
  return undefined;
}

/** Reads the first of many statements, where it is a short one that can be read; undefined where all of them have to be looked at. */
export function parseFirst(session: Session, text: Buffer): Parsed | undefined {
  const end = endOfFirst(text, grammarOf(session)[0]);
  if (end === undefined) return undefined;
  try {
    return parse(session, text.subarray(0, end), true);
  } catch {
    // What it is told shows what comes after it.
    return undefined;
  }
}

/** As `parse` for a long statement, whose turn it is: other clients are answered between reading the tokens and reading the grammar. */
export async function parseLong(session: Session, text: Buffer, multi: boolean): Promise<Parsed> {
  const [lexing, context] = grammarOf(session);
  // What it is read into takes tens of times its length.
  if (countMade(text.length * PARSED_BYTES_A_BYTE)) {
    collectMade();
    await nextTurn();
  }
  const latin1 = trimmed(text);
  const tokens = await tokenizeLong(latin1, lexing);
  await nextTurn();
  return endedAt(parseStatement(latin1, lexing, context, multi, tokens), latin1, text);
}
