// The words full-text search knows of a text: those of InnoDB's and MyISAM's own parsers, and the pairs of ngram's.
// Source: https://dev.mysql.com/doc/refman/9.7/en/fulltext-stopwords.html, fulltext-fine-tuning.html, fulltext-search-ngram.html
import { textKey } from '../value/charset.ts';

/** How an index takes texts apart. */
export interface Parsing {
  readonly ngram: boolean;
  /** Shortest word it keeps, in characters: innodb_ft_min_token_size or ft_min_word_len. */
  readonly shortest: number;
  readonly collation: string;
}

/** Longest word kept, in characters: innodb_ft_max_token_size. */
const LONGEST = 84;
/** Characters of a pair: ngram_token_size. */
const NGRAM = 2;

/** InnoDB's own list. */
const STOPWORDS: ReadonlySet<string> = new Set(
  'a about an are as at be by com de en for from how i in is it la of on or that the this to was what when where who will with und the www'.split(
    ' ',
  ),
);

const WORD = /[\p{L}\p{N}\p{M}_]+/gu;

/** A word as it is compared. */
function wordKey(word: string, { collation }: Parsing): string {
  return textKey(word, collation);
}

function isStopword(word: string): boolean {
  return STOPWORDS.has(word.toLowerCase());
}

function pairsOf(run: string): string[] {
  const characters = [...run];
  return characters.slice(0, characters.length - NGRAM + 1).map((_, at) => characters.slice(at, at + NGRAM).join(''));
}

/** Every word of a text in its order, with those that are too short or too common as `undefined`. */
export function wordsOf(text: string, parsing: Parsing): (string | undefined)[] {
  const runs = text.match(WORD) ?? [];
  if (parsing.ngram) return runs.flatMap(pairsOf).map((pair) => wordKey(pair, parsing));
  return runs.map((run) => {
    const length = run.length <= LONGEST ? [...run].length : run.length;
    const kept = length >= parsing.shortest && length <= LONGEST && !isStopword(run);
    return kept ? wordKey(run, parsing) : undefined;
  });
}
