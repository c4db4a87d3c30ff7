// Regular expressions a session matched last, compiled once each, and the groups of its last match.
import { compilePattern, type Program } from '../sql/value/pattern.ts';
import { type Bounds, matchPattern } from '../sql/value/regexp.ts';

const MAX_PATTERNS = 8;

const NO_NAMES: ReadonlyMap<string, number> = new Map();

export class Patterns {
  #groups: readonly (Bounds | undefined)[] = [];
  #names: ReadonlyMap<string, number> = NO_NAMES;
  #programsMade: Map<string, Program> | undefined;

  /** Bounds of the first match at or after `from`; `spend` is asked for every step. Throws SqlError for a bad pattern. */
  match(
    pattern: string,
    fold: boolean,
    text: string,
    spend: (steps: number) => void,
    modes = '',
    from = 0,
  ): Bounds | undefined {
    const program = this.program(pattern, fold, modes, spend);
    const found = matchPattern(program, text, spend, from);
    this.#groups = found ?? [];
    this.#names = program.names;
    return found?.[0];
  }

  /** The pattern compiled. Throws SqlError for a bad one. */
  program(pattern: string, fold: boolean, modes: string, spend: (steps: number) => void): Program {
    const key = `${fold ? 'i' : 'c'}${modes} ${pattern}`;
    let program = this.#programs.get(key);
    if (!program) {
      program = compilePattern(pattern, fold, modes);
      spend(program.code.length);
      if (this.#programs.size >= MAX_PATTERNS) this.#programs.clear();
      this.#programs.set(key, program);
    }
    return program;
  }

  /** Forgets what a statement matched: a pattern may be a megabyte, and its program more. */
  forget(): void {
    this.#programs.clear();
  }

  /** Bounds of the groups of the match found last. */
  groups(): readonly (Bounds | undefined)[] {
    return this.#groups;
  }

  /** Numbers of the groups that have a name, of the pattern matched last. */
  names(): ReadonlyMap<string, number> {
    return this.#names;
  }

  /** Made when it is first asked for: most sessions of a crowd never do. */
  get #programs(): Map<string, Program> {
    this.#programsMade ??= new Map();
    return this.#programsMade;
  }
}
