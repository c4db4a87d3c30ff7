// Regular expressions a session matched last, compiled once each, and the groups of its last match.
import { compilePattern, type Program } from '../sql/value/pattern.ts';
import { type Bounds, matchPattern } from '../sql/value/regexp.ts';

const MAX_PATTERNS = 8;

export class Patterns {
  #groups: readonly (Bounds | undefined)[] = [];
  readonly #programs = new Map<string, Program>();

  /** Bounds of the first match at or after `from`; `spend` is asked for every step. Throws SqlError for a bad pattern. */
  match(
    pattern: string,
    fold: boolean,
    text: string,
    spend: (steps: number) => void,
    modes = '',
    from = 0,
  ): Bounds | undefined {
    const key = `${fold ? 'i' : 'c'}${modes} ${pattern}`;
    let program = this.#programs.get(key);
    if (!program) {
      program = compilePattern(pattern, fold, modes);
      spend(program.code.length);
      if (this.#programs.size >= MAX_PATTERNS) this.#programs.clear();
      this.#programs.set(key, program);
    }
    const found = matchPattern(program, text, spend, from);
    this.#groups = found ?? [];
    return found?.[0];
  }

  /** Bounds of the groups of the match found last. */
  groups(): readonly (Bounds | undefined)[] {
    return this.#groups;
  }
}
