// How well a text fits a full-text search: InnoDB's weights, and MyISAM's, over all rows of the table.
// Source: https://dev.mysql.com/doc/refman/9.7/en/fulltext-boolean.html#innodb-ft-boolean-relevancy, fulltext-natural-language.html
import { type BooleanTerm, parseBooleanQuery } from './boolean-query.ts';
import { type Parsing, wordsOf } from './words.ts';

export type Mode = 'natural' | 'boolean' | 'expansion';

/** A row as the index has it: the words of each of its columns, in their order. */
export interface Document {
  readonly fields: readonly (readonly (string | undefined)[])[];
  readonly counts: ReadonlyMap<string, number>;
}

/** What looking through words costs, in steps. */
type Spend = (steps: number) => void;

/** IDF of a word that every row holds is taken as if a few did not. */
const EVERYWHERE = 1.0001;
/** Words looked at for one step. */
const WORDS_A_STEP = 8;
/** Words looked at before their steps are told. */
const WORDS_AT_ONCE = 4_096;
/** MyISAM's weight of long texts. */
const LENGTH_WEIGHT = 0.0115;

/** The words of one row's texts, a text for each column of the index; each word costs a step. */
export function documentOf(texts: readonly string[], parsing: Parsing, spend: Spend): Document {
  const fields = texts.map((text) => wordsOf(text, parsing));
  const counts = new Map<string, number>();
  for (const field of fields) {
    spend(field.length);
    for (const word of field) if (word !== undefined) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return { fields, counts };
}

/** What a row that fits comes to: what `>`, `<` and `~` add or take, and its words' weights. */
interface Fit {
  readonly adjusted: number;
  readonly weights: readonly number[];
}

type Leaf = Exclude<BooleanTerm, { kind: 'group' }>;

const ADJUSTMENTS: Readonly<Record<string, number>> = { '>': 1, '<': -1, '~': -1 };

/** A search over the rows of one table. */
export class Search {
  readonly #documents: readonly Document[];
  readonly #parsing: Parsing;
  readonly #spend: Spend;
  readonly #myisam: boolean;
  readonly #score: (document: Document) => number;
  readonly #holding = new Map<string, number>();
  /** The words of the search's terms. */
  readonly #split = new Map<Leaf, readonly (string | undefined)[]>();

  constructor(
    text: string,
    mode: Mode,
    documents: readonly Document[],
    options: { readonly parsing: Parsing; readonly myisam: boolean; readonly spend: Spend },
  ) {
    this.#documents = documents;
    this.#parsing = options.parsing;
    this.#spend = options.spend;
    this.#myisam = options.myisam;
    const words = () => wordsOf(text, this.#parsing).filter((word) => word !== undefined);
    if (mode === 'boolean') {
      const terms = parseBooleanQuery(text);
      this.#score = (document) => {
        const fit = this.#boolean(terms, document);
        return fit ? fit.weights.reduce((sum, weight) => Math.fround(sum + weight), fit.adjusted) : 0;
      };
    } else {
      const asked = new Map<string, number>();
      for (const word of words()) asked.set(word, (asked.get(word) ?? 0) + 1);
      if (mode === 'expansion') this.#expand(asked);
      this.#score = (document) => this.#natural(asked, document);
    }
  }

  /** The row's rank; 0 where it does not fit. */
  rank(document: Document): number {
    return Math.fround(this.#score(document));
  }

  /** Rows that hold a word, or any word that begins so. */
  #holders(word: string, prefix: boolean): number {
    const key = `${prefix}${word}`;
    const known = this.#holding.get(key);
    if (known !== undefined) return known;
    let holders = 0;
    this.#spend(this.#documents.length);
    for (const { counts } of this.#documents)
      holders += prefix ? this.#beginning(counts, word).length : Number(counts.has(word));
    this.#holding.set(key, holders);
    return holders;
  }

  /** `times` is how often the search names the word: each counts the rows that hold it once more. */
  #idf(word: string, prefix = false, times = 1): number {
    const holders = this.#holders(word, prefix) * times;
    const total = this.#documents.length;
    const idf = Math.log10(holders === total ? EVERYWHERE : total / holders);
    return idf * idf;
  }

  /** `times` are the words asked for, and how often each is. */
  #natural(times: ReadonlyMap<string, number>, { counts }: Document): number {
    let rank = 0;
    this.#spend(times.size);
    for (const [word, named] of times) {
      const count = counts.get(word);
      if (!count) continue;
      rank = this.#myisam
        ? rank + this.#myisamWeight(word, counts)
        : Math.fround(rank + count * this.#idf(word, false, named));
    }
    return rank;
  }

  #myisamWeight(word: string, counts: ReadonlyMap<string, number>): number {
    let sum = 0;
    this.#spend(Math.ceil(counts.size / WORDS_A_STEP));
    for (const count of counts.values()) sum += Math.log(count) + 1;
    const holders = this.#holders(word, false);
    const rare = Math.log((this.#documents.length - holders) / holders);
    if (!(rare > 0)) return 0;
    const own = (Math.log(counts.get(word) ?? 1) + 1) / sum;
    return ((own * counts.size) / (1 + LENGTH_WEIGHT * counts.size)) * rare;
  }

  /** Adds all words of the rows that hold one of the search's; each counts once from then on. */
  #expand(asked: Map<string, number>): void {
    const words = [...asked.keys()];
    for (const word of words) asked.set(word, 1);
    for (const { counts } of this.#documents) {
      this.#spend(Math.ceil((words.length + counts.size) / WORDS_A_STEP));
      if (words.some((word) => counts.has(word))) for (const word of counts.keys()) asked.set(word, 1);
    }
  }

  /** Words that begin so, in their order. */
  #beginning(counts: ReadonlyMap<string, number>, start: string): string[] {
    this.#spend(Math.ceil(counts.size / WORDS_A_STEP));
    return [...counts.keys()].filter((word) => word.startsWith(start)).sort();
  }

  /** The words of a term, which are the same for every row. */
  #wordsIn(term: Leaf): readonly (string | undefined)[] {
    let found = this.#split.get(term);
    if (!found) {
      found = wordsOf(term.text, this.#parsing);
      this.#spend(1 + found.length);
      this.#split.set(term, found);
    }
    return found;
  }

  /** undefined where the row does not fit. */
  #boolean(terms: readonly BooleanTerm[], document: Document): Fit | undefined {
    const required = terms.some(({ operator }) => operator === '+');
    const weights: number[] = [];
    let adjusted = 0;
    let fits = false;
    for (const term of terms) {
      if (required && term.operator === '~') continue;
      const own = term.kind === 'group' ? this.#boolean(term.terms, document) : this.#term(term, document);
      if (own === 'nothing') continue;
      if (term.operator === '-' && own !== undefined) return undefined;
      if (term.operator === '+' && own === undefined) return undefined;
      if (own === undefined || term.operator === '-') continue;
      if (term.operator !== '~') fits = true;
      adjusted += ADJUSTMENTS[term.operator] ?? 0;
      if (typeof own === 'number') weights.push(own);
      else {
        adjusted += own.adjusted;
        weights.push(...own.weights);
      }
    }
    return fits ? { adjusted, weights } : undefined;
  }

  /** What one term adds; undefined where the row has it not, `nothing` for what no index keeps. */
  #term(term: Leaf, document: Document): number | 'nothing' | undefined {
    this.#spend(1);
    const split = this.#wordsIn(term);
    if (term.kind === 'phrase' || (this.#parsing.ngram && split.length > 1)) return this.#phrase(term, split, document);
    if (term.prefix) return this.#prefix(term.text, document);
    if (split.length !== 1) return split.length === 0 ? 'nothing' : this.#phrase(term, split, document);
    const [word] = split;
    if (word === undefined) return 'nothing';
    return this.#weight([word], document);
  }

  #weight(words: readonly string[], { counts }: Document): number | undefined {
    this.#spend(Math.ceil(words.length / WORDS_A_STEP));
    if (!words.every((word) => counts.has(word))) return undefined;
    if (this.#myisam) return 1;
    return words.reduce((sum, word) => sum + (counts.get(word) ?? 0) * this.#idf(word), 0);
  }

  #prefix(text: string, { counts }: Document): number | undefined {
    const [start = text.toLowerCase()] = wordsOf(text, { ...this.#parsing, shortest: 1 });
    const found = this.#beginning(counts, start);
    const last = found.at(-1);
    if (last === undefined) return undefined;
    return this.#myisam ? 1 : (counts.get(found[0] as string) ?? 0) * this.#idf(start, true);
  }

  #phrase(term: Leaf, split: readonly (string | undefined)[], document: Document): number | 'nothing' | undefined {
    const words = split.filter((word) => word !== undefined);
    if (words.length === 0) return 'nothing';
    const distance = term.kind === 'phrase' ? term.distance : undefined;
    const there =
      distance === undefined
        ? holdsInOrder(document, split, this.#spend)
        : holdsNear(document, words, distance, this.#spend);
    if (!there || split.includes(undefined)) return undefined;
    return this.#weight(this.#parsing.ngram ? words.slice(0, 1) : [...new Set(words)], document);
  }
}

function holdsInOrder({ fields }: Document, words: readonly (string | undefined)[], spend: Spend): boolean {
  let looked = 0;
  for (const field of fields)
    for (let at = 0; at + words.length <= field.length; at++) {
      let alike = 0;
      while (alike < words.length && field[at + alike] === words[alike]) alike++;
      if (alike === words.length) return true;
      looked += 1 + alike;
      if (looked < WORDS_AT_ONCE) continue;
      spend(Math.ceil(looked / WORDS_A_STEP));
      looked = 0;
    }
  spend(Math.ceil(looked / WORDS_A_STEP));
  return false;
}

/** True where all words stand within so many of each other, in any order, over all fields. */
function holdsNear({ fields }: Document, words: readonly string[], distance: number, spend: Spend): boolean {
  /** Where each of them was met last. */
  const met = new Map<string, number>(words.map((word) => [word, Number.NEGATIVE_INFINITY]));
  let place = 0;
  for (const field of fields) {
    spend(Math.ceil(field.length / WORDS_A_STEP));
    for (const word of field) {
      if (word !== undefined && met.has(word)) {
        met.set(word, place);
        spend(Math.ceil(met.size / WORDS_A_STEP));
        if ([...met.values()].every((last) => place - last < distance)) return true;
      }
      place++;
    }
  }
  return false;
}
