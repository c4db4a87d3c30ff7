// Regular expressions compiled into programs of a few instructions, at most so many.
// Source: https://unicode-org.github.io/icu/userguide/strings/regexp.html for the syntax.
import { sqlError } from '../errors.ts';
import type { CharTest } from './pattern-class.ts';
import { type Assertion, MAX_GROUPS, type Node, PatternParser } from './pattern-syntax.ts';

/** `split` tries `a` before `b`; `save` keeps the place under a slot. */
export type Instruction =
  | { readonly op: 'char'; readonly test: CharTest }
  | { readonly op: 'split'; readonly a: number; readonly b: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'assert'; readonly what: Assertion }
  | { readonly op: 'look'; readonly program: Program; readonly behind: Lengths | undefined; readonly negative: boolean }
  | { readonly op: 'back'; readonly group: number; readonly fold: boolean }
  | { readonly op: 'match' };

/** Fewest and most characters something matches. */
export interface Lengths {
  readonly min: number;
  readonly max: number;
}

export interface Program {
  readonly code: readonly Instruction[];
  /** Groups whose bounds are kept, the whole match first. */
  readonly groups: number;
  /** Groups by their names. */
  readonly names: ReadonlyMap<string, number>;
}

const MAX_INSTRUCTIONS = 4_000;
/** Parts of a pattern compiled in all, each copy a repeat makes and what is looked at among them. */
const MAX_PARTS = 16_000;

/** Parts that may still be compiled: a repeat of nothing makes no instruction, and yet takes its time. */
interface Room {
  parts: number;
}

function emit(node: Node, out: Instruction[], room: Room): void {
  if (out.length > MAX_INSTRUCTIONS || --room.parts < 0) throw sqlError('ER_REGEXP_TIME_OUT');
  switch (node.kind) {
    case 'char':
      out.push({ op: 'char', test: node.test });
      return;
    case 'sequence':
      for (const item of node.items) emit(item, out, room);
      return;
    case 'choice':
      emitChoice(node.options, out, room);
      return;
    case 'repeat':
      emitRepeat(node, out, room);
      return;
    case 'look':
      emitLook(node, out, room);
      return;
    case 'back':
      out.push({ op: 'back', group: node.number, fold: node.fold });
      return;
    case 'group':
      out.push({ op: 'save', slot: node.number * 2 });
      emit(node.item, out, room);
      out.push({ op: 'save', slot: node.number * 2 + 1 });
      return;
    default:
      out.push({ op: 'assert', what: node.kind });
  }
}

/** Furthest a look behind may reach, in characters. */
const MAX_BEHIND = 1_000;
const NO_NAMES: ReadonlyMap<string, number> = new Map();

const sum = (lengths: readonly Lengths[]): Lengths =>
  lengths.reduce((a, b) => ({ min: a.min + b.min, max: a.max + b.max }), { min: 0, max: 0 });

function lengthsOf(node: Node): Lengths {
  switch (node.kind) {
    case 'char':
      return { min: 1, max: 1 };
    case 'sequence':
      return sum(node.items.map(lengthsOf));
    case 'choice': {
      const all = node.options.map(lengthsOf);
      return { min: Math.min(...all.map(({ min }) => min)), max: Math.max(...all.map(({ max }) => max)) };
    }
    case 'group':
      return lengthsOf(node.item);
    case 'repeat': {
      const { min, max } = lengthsOf(node.item);
      return { min: min * node.min, max: node.max < 0 ? Number.POSITIVE_INFINITY : max * node.max };
    }
    case 'back':
      return { min: 0, max: Number.POSITIVE_INFINITY };
    default:
      return { min: 0, max: 0 };
  }
}

/** What is looked at runs as a program of its own. Throws 3695 where a look behind has no end. */
function emitLook(node: Extract<Node, { kind: 'look' }>, out: Instruction[], room: Room): void {
  const behind = node.behind ? lengthsOf(node.item) : undefined;
  if (behind && behind.max > MAX_BEHIND) throw sqlError('ER_REGEXP_LOOK_BEHIND_LIMIT');
  const code: Instruction[] = [];
  emit(node.item, code, room);
  if (out.length + code.length > MAX_INSTRUCTIONS) throw sqlError('ER_REGEXP_TIME_OUT');
  code.push({ op: 'match' });
  out.push({ op: 'look', program: { code, groups: 1, names: NO_NAMES }, behind, negative: node.negative });
}

function emitChoice(options: readonly Node[], out: Instruction[], room: Room): void {
  const jumps: number[] = [];
  for (const [at, option] of options.entries()) {
    const last = at === options.length - 1;
    const split = out.length;
    if (!last) out.push({ op: 'jump', to: 0 });
    emit(option, out, room);
    if (last) continue;
    jumps.push(out.length);
    out.push({ op: 'jump', to: 0 });
    out[split] = { op: 'split', a: split + 1, b: out.length };
  }
  for (const jump of jumps) out[jump] = { op: 'jump', to: out.length };
}

/** Into what follows the split, or past it; a lazy repeat tries the latter first. */
function branch(split: number, past: number, lazy: boolean): Instruction {
  return lazy ? { op: 'split', a: past, b: split + 1 } : { op: 'split', a: split + 1, b: past };
}

function emitRepeat(node: Extract<Node, { kind: 'repeat' }>, out: Instruction[], room: Room): void {
  for (let count = 0; count < node.min; count++) emit(node.item, out, room);
  if (node.max < 0) {
    const split = out.length;
    out.push({ op: 'jump', to: 0 });
    emit(node.item, out, room);
    out.push({ op: 'jump', to: split });
    out[split] = branch(split, out.length, node.lazy);
    return;
  }
  const splits: number[] = [];
  for (let count = node.min; count < node.max; count++) {
    splits.push(out.length);
    out.push({ op: 'jump', to: 0 });
    emit(node.item, out, room);
  }
  for (const split of splits) out[split] = branch(split, out.length, node.lazy);
}

/**
 * Compiles a pattern; `modes` may hold `m` (lines), `n` (dot takes line ends) and `u` (only \\n ends a line).
 * Throws SqlError 3688 and its kin where it is malformed, 3699 where it would be too large.
 */
export function compilePattern(pattern: string, fold: boolean, modes = ''): Program {
  const code: Instruction[] = [];
  const parser = new PatternParser(pattern, fold, modes);
  emit(parser.parse(), code, { parts: MAX_PARTS });
  code.push({ op: 'match' });
  return { code, groups: Math.min(MAX_GROUPS, parser.groups) + 1, names: parser.names };
}
