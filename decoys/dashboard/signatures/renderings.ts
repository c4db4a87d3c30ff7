// What a piece of a request may mean to whoever reads it: as sent, with each layer of encoding undone, without the comments and quotes
// that only break a word in two, and what stands in base64 in it. Bounded in rounds, texts and characters, whatever is sent.
import { unwrap } from './decode.ts';

/** Layers undone one after the other: percent-encoding three times around JSON is four. */
const ROUNDS = 4;
/** Characters of all texts made of one piece; a body that is kept has 64 Ki at most. */
const CHARACTERS = 320 * 1024;
/** Pieces of base64 looked into, and how much of each. */
const PIECES = 6;
const PIECE_CHARACTERS = 4 * 1024;
/** Of what comes out of base64, how much has to be text: random tokens are not. */
const TEXT_SHARE = 0.95;

/** MySQL runs what stands in a comment that begins with an exclamation mark. */
const RUN_COMMENT = /\/\*!\d{0,6}([^*]{0,256})\*\//g;
const COMMENT = /\/\*[^*]{0,256}\*\//g;
const QUOTED = /\\[a-z]|['"^]{2}|[a-z][\\'"^][a-z]|\$@|\$\{IFS|\$IFS|\{[a-z]{2,12},/i;
const QUOTES = /[\\'"^]|\$@/g;
const BLANKS = /\$\{IFS[^}]{0,16}\}|\$IFS(?:\$\d)?/g;
const BRACES = /\{([a-z]{2,12}),([^}]{0,256})\}/g;
const BASE64 = /[A-Za-z0-9+/_-]{20,}={0,2}/g;
const BASE64_RUN = /[A-Za-z0-9+/_-]{20}/;
/** One of these stands in whatever has a layer to be taken off. */
const HIDING = /[%\\&+'"^\0\xc0\xc1\xe0\xe2\xe3\xef]|\/\*|\$[@I{]|\{[a-z]{2,12},/;
const UPPER = /[A-Z]/;
const LOWER = /[a-z]/;
const NO_TEXT = /[^\t\n\r\x20-\x7e]/g;

/** The texts, the one sent first, each once. `form` says that a `+` may stand for a blank. */
export function renderingsOf(sent: string, form: boolean): readonly string[] {
  if (!HIDING.test(sent) && !BASE64_RUN.test(sent)) return [sent];
  const texts = new Set([sent]);
  let left = CHARACTERS - sent.length;
  const add = (text: string) => {
    if (text.length > left || texts.has(text)) return;
    left -= text.length;
    texts.add(text);
  };
  const peel = (from: string, rounds: number) => {
    let text = from;
    for (let round = 0; round < rounds; round++) {
      const next = unwrap(text, form);
      if (next === text) break;
      add(next);
      text = next;
    }
    return text;
  };
  const bare = peel(sent, ROUNDS);
  for (const text of new Set([sent, bare])) {
    for (const piece of base64In(text)) {
      add(piece);
      peel(piece, 1);
    }
  }
  if (bare.includes('/*')) {
    const run = bare.replace(RUN_COMMENT, ' $1 ');
    add(run.replace(COMMENT, ' '));
    add(run.replace(COMMENT, ''));
  }
  if (QUOTED.test(bare)) add(bare.replace(BLANKS, ' ').replace(BRACES, '$1 $2').replace(QUOTES, ''));
  return [...texts];
}

function base64In(text: string): string[] {
  const found: string[] = [];
  let tried = 0;
  for (const [run] of text.matchAll(BASE64)) {
    if (tried++ === PIECES) break;
    if (!UPPER.test(run) || !LOWER.test(run)) continue;
    const decoded = Buffer.from(run.slice(0, PIECE_CHARACTERS), 'base64').toString('latin1');
    const odd = decoded.match(NO_TEXT)?.length ?? 0;
    if (odd <= decoded.length * (1 - TEXT_SHARE)) found.push(decoded);
  }
  return found;
}
