// Runs compiled patterns by following all paths at once, so no pattern of an attacker can backtrack.
// Source: https://swtch.com/~rsc/regexp/regexp2.html (Pike's machine): threads in order of preference, each with its groups' bounds.
import type { Instruction, Program } from './pattern.ts';
import { isWordChar } from './pattern-syntax.ts';

export type Bounds = readonly [number, number];

interface Thread {
  readonly pc: number;
  /** Place of each group's start and end, -1 where it took no part. */
  readonly slots: readonly number[];
}

/** Bounds of every group of the leftmost match at or after `from`, the whole first. `spend` is told the steps taken. */
export function matchPattern(
  program: Program,
  text: string,
  spend: (steps: number) => void,
  from = 0,
): readonly (Bounds | undefined)[] | undefined {
  const { code } = program;
  const seen = new Int32Array(code.length).fill(-1);
  const blank: readonly number[] = Array.from({ length: program.groups * 2 }, () => -1);
  let threads: Thread[] = [];
  let best: readonly number[] | undefined;
  let steps = 0;
  const follow = (into: Thread[], start: number, first: readonly number[], at: number): void => {
    const waiting: Thread[] = [{ pc: start, slots: first }];
    for (let thread = waiting.pop(); thread; thread = waiting.pop()) {
      const { pc, slots } = thread;
      if (seen[pc] === at) continue;
      seen[pc] = at;
      steps++;
      const instruction = code[pc] as Instruction;
      if (instruction.op === 'jump') waiting.push({ pc: instruction.to, slots });
      else if (instruction.op === 'split') waiting.push({ pc: instruction.b, slots }, { pc: instruction.a, slots });
      else if (instruction.op === 'save') waiting.push({ pc: pc + 1, slots: slots.with(instruction.slot, at) });
      else if (instruction.op === 'assert') {
        if (holds(instruction.what, text, at)) waiting.push({ pc: pc + 1, slots });
      } else into.push(thread);
    }
  };
  for (let at = from; at <= text.length; at++) {
    if (!best) follow(threads, 0, blank.with(0, at), at);
    const code16 = at < text.length ? text.charCodeAt(at) : -1;
    const next: Thread[] = [];
    for (const { pc, slots } of threads) {
      const instruction = code[pc] as Instruction;
      if (instruction.op === 'match') {
        best = slots.with(1, at);
        // Threads after this one are liked less: they end here.
        break;
      }
      if (instruction.op === 'char' && code16 >= 0 && instruction.test(code16)) follow(next, pc + 1, slots, at + 1);
    }
    steps += threads.length + 1;
    if (steps >= SPENT_AT_ONCE) {
      spend(steps >> 2);
      steps = 0;
    }
    threads = next;
    if (best && threads.length === 0) break;
  }
  spend((steps >> 2) + 1);
  if (!best) return undefined;
  const found = best;
  return Array.from({ length: program.groups }, (_, group) => {
    const [start, end] = [found[group * 2] as number, found[group * 2 + 1] as number];
    return start < 0 || end < 0 ? undefined : ([start, end] as const);
  });
}

/** Steps counted before they are told. */
const SPENT_AT_ONCE = 256;

/** Start and end of the leftmost match, or undefined. */
export function runPattern(
  program: Program,
  text: string,
  spend: (steps: number) => void,
  from = 0,
): Bounds | undefined {
  return matchPattern(program, text, spend, from)?.[0];
}

type Assertion = Extract<Instruction, { op: 'assert' }>['what'];

function holds(what: Assertion, text: string, at: number): boolean {
  switch (what) {
    case 'start':
      return at === 0;
    case 'end':
      return at === text.length || (at === text.length - 1 && text[at] === '\n');
    case 'line-start':
      return at === 0 || text[at - 1] === '\n';
    case 'line-end':
      return at === text.length || text[at] === '\n';
    default: {
      const before = at > 0 && isWordChar(text.charCodeAt(at - 1));
      const after = at < text.length && isWordChar(text.charCodeAt(at));
      return (before !== after) === (what === 'word');
    }
  }
}
