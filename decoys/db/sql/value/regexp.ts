// Regular expressions by simulating all paths at once (Thompson's construction), so no pattern of an attacker can backtrack.
// Source: https://swtch.com/~rsc/regexp/regexp1.html for the method; the syntax is the common part of ICU's.
import { sqlError } from '../errors.ts';

type CharTest = (code: number) => boolean;

type Node =
  | { readonly kind: 'char'; readonly test: CharTest }
  | { readonly kind: 'start' | 'end' | 'word' | 'not-word' }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | { readonly kind: 'repeat'; readonly item: Node; readonly min: number; readonly max: number };

type Instruction =
  | { readonly op: 'char'; readonly test: CharTest }
  | { readonly op: 'split'; readonly a: number; readonly b: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'assert'; readonly what: 'start' | 'end' | 'word' | 'not-word' }
  | { readonly op: 'match' };

const MAX_INSTRUCTIONS = 4_000;
const MAX_DEPTH = 50;
const MAX_REPEAT = 500;

const isDigit: CharTest = (c) => c >= 48 && c <= 57;
const isWordChar: CharTest = (c) => isDigit(c) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c > 127;
const isSpace: CharTest = (c) => c === 32 || (c >= 9 && c <= 13);
const not =
  (test: CharTest): CharTest =>
  (c) =>
    !test(c);
const CLASSES: Readonly<Record<string, CharTest>> = {
  d: isDigit,
  D: not(isDigit),
  w: isWordChar,
  W: not(isWordChar),
  s: isSpace,
  S: not(isSpace),
};
const POSIX: Readonly<Record<string, CharTest>> = {
  alpha: (c) => (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c > 127,
  digit: isDigit,
  alnum: (c) => isWordChar(c) && c !== 95,
  space: isSpace,
  upper: (c) => c >= 65 && c <= 90,
  lower: (c) => c >= 97 && c <= 122,
  punct: (c) => (c > 32 && c < 48) || (c > 57 && c < 65) || (c > 90 && c < 97) || (c > 122 && c < 127),
  xdigit: (c) => isDigit(c) || (c >= 65 && c <= 70) || (c >= 97 && c <= 102),
};
const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, f: 12, a: 7, e: 27 };

class PatternParser {
  readonly #text: string;
  readonly #fold: boolean;
  #at = 0;
  #depth = 0;

  constructor(text: string, fold: boolean) {
    this.#text = text;
    this.#fold = fold;
  }

  #fail(): never {
    throw sqlError('ER_REGEXP_RULE_SYNTAX', 1, this.#at);
  }

  parse(): Node {
    const node = this.#choice();
    if (this.#at < this.#text.length) this.#fail();
    return node;
  }

  #choice(): Node {
    if (++this.#depth > MAX_DEPTH) this.#fail();
    const options = [this.#sequence()];
    while (this.#text[this.#at] === '|') {
      this.#at++;
      options.push(this.#sequence());
    }
    this.#depth--;
    return options.length === 1 ? (options[0] as Node) : { kind: 'choice', options };
  }

  #sequence(): Node {
    const items: Node[] = [];
    for (let c = this.#text[this.#at]; c !== undefined && c !== '|' && c !== ')'; c = this.#text[this.#at])
      items.push(this.#repeated());
    return { kind: 'sequence', items };
  }

  #repeated(): Node {
    let item = this.#atom();
    for (;;) {
      const bounds = this.#bounds();
      if (!bounds) return item;
      if (this.#text[this.#at] === '?' || this.#text[this.#at] === '+') this.#at++;
      item = { kind: 'repeat', item, min: bounds[0], max: bounds[1] };
    }
  }

  #bounds(): readonly [number, number] | undefined {
    const c = this.#text[this.#at];
    const simple =
      c === '*' ? ([0, -1] as const) : c === '+' ? ([1, -1] as const) : c === '?' ? ([0, 1] as const) : undefined;
    if (simple) {
      this.#at++;
      return simple;
    }
    if (c !== '{') return undefined;
    const found = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.#text.slice(this.#at, this.#at + 12));
    if (!found) this.#fail();
    this.#at += found[0].length;
    const min = Number(found[1]);
    const max = found[2] === undefined ? min : found[3] === '' ? -1 : Number(found[3]);
    if (min > MAX_REPEAT || max > MAX_REPEAT || (max >= 0 && max < min)) throw sqlError('ER_REGEXP_TIME_OUT');
    return [min, max];
  }

  #atom(): Node {
    const c = this.#text[this.#at++] as string;
    if (c === '(') {
      if (this.#text.startsWith('?:', this.#at)) this.#at += 2;
      else if (this.#text.startsWith('?i)', this.#at)) {
        this.#at += 3;
        return { kind: 'sequence', items: [] };
      } else if (this.#text[this.#at] === '?') this.#fail();
      const inner = this.#choice();
      if (this.#text[this.#at++] !== ')') this.#fail();
      return inner;
    }
    if (c === '[') return { kind: 'char', test: this.#set() };
    if (c === '.') return { kind: 'char', test: (code) => code !== 10 && code !== 13 };
    if (c === '^') return { kind: 'start' };
    if (c === '$') return { kind: 'end' };
    if (c === '\\') return this.#escape();
    if (c === '*' || c === '+' || c === '?') this.#fail();
    return this.#literal(c.charCodeAt(0));
  }

  #escape(): Node {
    const c = this.#text[this.#at++];
    if (c === undefined) this.#fail();
    if (c === 'b') return { kind: 'word' };
    if (c === 'B') return { kind: 'not-word' };
    if (c === 'A') return { kind: 'start' };
    if (c === 'z' || c === 'Z') return { kind: 'end' };
    const test = CLASSES[c];
    if (test) return { kind: 'char', test };
    return this.#literal(ESCAPES[c] ?? c.charCodeAt(0));
  }

  #literal(code: number): Node {
    return { kind: 'char', test: this.#foldTest((c) => c === code) };
  }

  /** With folding, a character matches where either case does. */
  #foldTest(test: CharTest): CharTest {
    if (!this.#fold) return test;
    return (c) => {
      if (test(c)) return true;
      const text = String.fromCharCode(c);
      return test(text.toLowerCase().charCodeAt(0)) || test(text.toUpperCase().charCodeAt(0));
    };
  }

  #set(): CharTest {
    const negated = this.#text[this.#at] === '^';
    if (negated) this.#at++;
    const tests: CharTest[] = [];
    for (let first = true; ; first = false) {
      const c = this.#text[this.#at];
      if (c === undefined) this.#fail();
      if (c === ']' && !first) break;
      const posix = /^\[:(\w{1,8}):\]/.exec(this.#text.slice(this.#at, this.#at + 14));
      if (posix) {
        this.#at += posix[0].length;
        tests.push(POSIX[posix[1] as string] ?? (() => false));
        continue;
      }
      tests.push(this.#range());
    }
    this.#at++;
    const any = this.#foldTest((c) => tests.some((test) => test(c)));
    return negated ? not(any) : any;
  }

  #range(): CharTest {
    const low = this.#setChar();
    if (typeof low !== 'number') return low;
    if (this.#text[this.#at] === '-' && this.#text[this.#at + 1] !== ']' && this.#text[this.#at + 1] !== undefined) {
      this.#at++;
      const high = this.#setChar();
      if (typeof high !== 'number' || high < low) this.#fail();
      return (c) => c >= low && c <= high;
    }
    return (c) => c === low;
  }

  #setChar(): number | CharTest {
    const c = this.#text[this.#at++] as string;
    if (c !== '\\') return c.charCodeAt(0);
    const escaped = this.#text[this.#at++];
    if (escaped === undefined) this.#fail();
    return CLASSES[escaped] ?? ESCAPES[escaped] ?? escaped.charCodeAt(0);
  }
}

function emit(node: Node, out: Instruction[]): void {
  if (out.length > MAX_INSTRUCTIONS) throw sqlError('ER_REGEXP_TIME_OUT');
  switch (node.kind) {
    case 'char':
      out.push({ op: 'char', test: node.test });
      return;
    case 'sequence':
      for (const item of node.items) emit(item, out);
      return;
    case 'choice':
      emitChoice(node.options, out);
      return;
    case 'repeat':
      emitRepeat(node, out);
      return;
    default:
      out.push({ op: 'assert', what: node.kind });
  }
}

function emitChoice(options: readonly Node[], out: Instruction[]): void {
  const jumps: number[] = [];
  for (const [at, option] of options.entries()) {
    const last = at === options.length - 1;
    const split = out.length;
    if (!last) out.push({ op: 'jump', to: 0 });
    emit(option, out);
    if (last) continue;
    jumps.push(out.length);
    out.push({ op: 'jump', to: 0 });
    out[split] = { op: 'split', a: split + 1, b: out.length };
  }
  for (const jump of jumps) out[jump] = { op: 'jump', to: out.length };
}

function emitRepeat(node: Extract<Node, { kind: 'repeat' }>, out: Instruction[]): void {
  for (let count = 0; count < node.min; count++) emit(node.item, out);
  if (node.max < 0) {
    const split = out.length;
    out.push({ op: 'jump', to: 0 });
    emit(node.item, out);
    out.push({ op: 'jump', to: split });
    out[split] = { op: 'split', a: split + 1, b: out.length };
    return;
  }
  const splits: number[] = [];
  for (let count = node.min; count < node.max; count++) {
    splits.push(out.length);
    out.push({ op: 'jump', to: 0 });
    emit(node.item, out);
  }
  for (const split of splits) out[split] = { op: 'split', a: split + 1, b: out.length };
}

export type Program = readonly Instruction[];

/** Compiles a pattern. Throws SqlError 3688 where it is malformed, 3699 where it would be too large. */
export function compilePattern(pattern: string, fold: boolean): Program {
  const out: Instruction[] = [];
  emit(new PatternParser(pattern, fold).parse(), out);
  out.push({ op: 'match' });
  return out;
}

interface Thread {
  readonly at: number;
  readonly start: number;
}

/** Start and end of the leftmost match, or undefined. `spend` is told the steps taken. */
export function runPattern(
  program: Program,
  text: string,
  spend: (steps: number) => void,
): readonly [number, number] | undefined {
  let threads: Thread[] = [];
  let best: readonly [number, number] | undefined;
  const seen = new Int32Array(program.length).fill(-1);
  for (let at = 0; at <= text.length; at++) {
    const next: Thread[] = [];
    let steps = 1;
    const add = (list: Thread[], pc: number, start: number, position: number, mark: number) => {
      const stack = [pc];
      while (stack.length > 0) {
        const here = stack.pop() as number;
        if (seen[here] === mark) continue;
        seen[here] = mark;
        steps++;
        const instruction = program[here] as Instruction;
        if (instruction.op === 'jump') stack.push(instruction.to);
        else if (instruction.op === 'split') stack.push(instruction.b, instruction.a);
        else if (instruction.op === 'assert') {
          if (holds(instruction.what, text, position)) stack.push(here + 1);
        } else list.push({ at: here, start });
      }
    };
    if (!best) add(threads, 0, at, at, at * 2);
    seen.fill(-1);
    const code = at < text.length ? text.charCodeAt(at) : -1;
    for (const thread of threads) {
      const instruction = program[thread.at] as Instruction;
      if (instruction.op === 'match') {
        if (!best || thread.start < best[0] || (thread.start === best[0] && at > best[1])) best = [thread.start, at];
        continue;
      }
      if (instruction.op === 'char' && code >= 0 && instruction.test(code) && (!best || thread.start <= best[0]))
        add(next, thread.at + 1, thread.start, at + 1, at * 2 + 1);
    }
    spend(Math.ceil((steps + threads.length) / 8));
    seen.fill(-1);
    threads = next;
    if (best && threads.length === 0) return best;
    // Threads already waiting keep their place before a new start.
    for (const thread of threads) seen[thread.at] = (at + 1) * 2;
  }
  return best;
}

function holds(what: 'start' | 'end' | 'word' | 'not-word', text: string, at: number): boolean {
  if (what === 'start') return at === 0;
  if (what === 'end') return at === text.length;
  const before = at > 0 && isWordChar(text.charCodeAt(at - 1));
  const after = at < text.length && isWordChar(text.charCodeAt(at));
  return (before !== after) === (what === 'word');
}
