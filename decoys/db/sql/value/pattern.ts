// Regular expressions compiled into programs of a few instructions, at most so many.
// Source: https://unicode-org.github.io/icu/userguide/strings/regexp.html for the syntax, of which this is the common part.
import { sqlError } from '../errors.ts';
import { type Assertion, type CharTest, type Node, PatternParser } from './pattern-syntax.ts';

/** `split` tries `a` before `b`; `save` keeps the place under a slot. */
export type Instruction =
  | { readonly op: 'char'; readonly test: CharTest }
  | { readonly op: 'split'; readonly a: number; readonly b: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'assert'; readonly what: Assertion }
  | { readonly op: 'match' };

export interface Program {
  readonly code: readonly Instruction[];
  /** Groups whose bounds are kept, the whole match first. */
  readonly groups: number;
}

/** Groups a replacement can name. */
export const MAX_GROUPS = 9;

const MAX_INSTRUCTIONS = 4_000;

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
    case 'group':
      out.push({ op: 'save', slot: node.number * 2 });
      emit(node.item, out);
      out.push({ op: 'save', slot: node.number * 2 + 1 });
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

/** Into what follows the split, or past it; a lazy repeat tries the latter first. */
function branch(split: number, past: number, lazy: boolean): Instruction {
  return lazy ? { op: 'split', a: past, b: split + 1 } : { op: 'split', a: split + 1, b: past };
}

function emitRepeat(node: Extract<Node, { kind: 'repeat' }>, out: Instruction[]): void {
  for (let count = 0; count < node.min; count++) emit(node.item, out);
  if (node.max < 0) {
    const split = out.length;
    out.push({ op: 'jump', to: 0 });
    emit(node.item, out);
    out.push({ op: 'jump', to: split });
    out[split] = branch(split, out.length, node.lazy);
    return;
  }
  const splits: number[] = [];
  for (let count = node.min; count < node.max; count++) {
    splits.push(out.length);
    out.push({ op: 'jump', to: 0 });
    emit(node.item, out);
  }
  for (const split of splits) out[split] = branch(split, out.length, node.lazy);
}

/**
 * Compiles a pattern; `modes` may hold `m` (lines) and `n` (dot takes line ends).
 * Throws SqlError 3688 and its kin where it is malformed, 3699 where it would be too large.
 */
export function compilePattern(pattern: string, fold: boolean, modes = ''): Program {
  const code: Instruction[] = [];
  const parser = new PatternParser(pattern, fold, modes);
  emit(parser.parse(), code);
  code.push({ op: 'match' });
  return { code, groups: Math.min(MAX_GROUPS, parser.groups) + 1 };
}
