// Runs compiled patterns by following all paths at once, so no pattern of an attacker can backtrack.
// Source: https://swtch.com/~rsc/regexp/regexp2.html (Pike's machine): threads in order of preference, each with its groups' bounds.
import type { Instruction, Program } from './pattern.ts';
import { isWordChar } from './pattern-class.ts';

export type Bounds = readonly [number, number];

interface Thread {
  readonly pc: number;
  /** Place of each group's start and end, -1 where it took no part. */
  readonly slots: readonly number[];
  /** Code units of a group already met again. */
  readonly met?: number;
}

/** Where a match may begin and must end: anywhere, or only there. */
interface Span {
  readonly anchored: boolean;
  readonly end: number;
  /** A match is one only where it reaches the end. */
  readonly whole: boolean;
}

/** Bounds of every group of the leftmost match at or after `from`, the whole first. `spend` is told the steps taken. */
export function matchPattern(
  program: Program,
  text: string,
  spend: (steps: number) => void,
  from = 0,
  span: Span = { anchored: false, end: text.length, whole: false },
): readonly (Bounds | undefined)[] | undefined {
  const { code } = program;
  const { end } = span;
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
        if (holds(instruction.what, text, at, from)) waiting.push({ pc: pc + 1, slots });
      } else if (instruction.op === 'look') {
        if (looks(instruction, text, at, spend)) waiting.push({ pc: pc + 1, slots });
      } else if (instruction.op === 'back') {
        const group = bounds(slots, instruction.group);
        if (group && group[0] === group[1]) waiting.push({ pc: pc + 1, slots });
        else if (group) into.push({ pc, slots, met: 0 });
      } else into.push(thread);
    }
  };
  for (let at = from, width = 1; at <= end; at += width) {
    if (!best && (!span.anchored || at === from)) follow(threads, 0, blank.with(0, at), at);
    const point = at < end ? (text.codePointAt(at) as number) : -1;
    width = point > 0xffff ? 2 : 1;
    const next: Thread[] = [];
    for (const { pc, slots, met } of threads) {
      const instruction = code[pc] as Instruction;
      if (instruction.op === 'match') {
        if (span.whole && at !== end) continue;
        best = slots.with(1, at);
        // Threads after this one are liked less: they end here.
        break;
      }
      if (instruction.op === 'char' && point >= 0 && instruction.test(point)) follow(next, pc + 1, slots, at + width);
      if (instruction.op === 'back' && met !== undefined && point >= 0) {
        const [start, stop] = bounds(slots, instruction.group) as Bounds;
        if (!alike(text.codePointAt(start + met) as number, point, instruction.fold)) continue;
        if (start + met + width >= stop) follow(next, pc + 1, slots, at + width);
        else next.push({ pc, slots, met: met + width });
      }
    }
    steps += threads.length + 1;
    if (steps >= SPENT_AT_ONCE) {
      spend(steps >> 2);
      steps = 0;
    }
    threads = next;
    if ((best || span.anchored) && threads.length === 0) break;
  }
  spend((steps >> 2) + 1);
  if (!best) return undefined;
  const found = best;
  return Array.from({ length: program.groups }, (_, group) => {
    const [start, end] = [found[group * 2] as number, found[group * 2 + 1] as number];
    return start < 0 || end < 0 ? undefined : ([start, end] as const);
  });
}

function bounds(slots: readonly number[], group: number): Bounds | undefined {
  const [start, end] = [slots[group * 2] ?? -1, slots[group * 2 + 1] ?? -1];
  return start < 0 || end < start ? undefined : [start, end];
}

function alike(a: number, b: number, fold: boolean): boolean {
  return a === b || (fold && String.fromCodePoint(a).toLowerCase() === String.fromCodePoint(b).toLowerCase());
}

type Look = Extract<Instruction, { op: 'look' }>;

/** Whether what a look asks for stands there, ahead or behind. */
function looks({ program, behind, negative }: Look, text: string, at: number, spend: (steps: number) => void): boolean {
  if (!behind)
    return (
      (matchPattern(program, text, spend, at, { anchored: true, end: text.length, whole: false }) !== undefined) !==
      negative
    );
  const span = { anchored: true, end: at, whole: true };
  let found = false;
  for (let length = behind.min; length <= behind.max * 2 && length <= at && !found; length++)
    found = matchPattern(program, text, spend, at - length, span) !== undefined;
  return found !== negative;
}

/** Steps counted before they are told. */
const SPENT_AT_ONCE = 256;

type Assertion = Extract<Instruction, { op: 'assert' }>['what'];

function holds(what: Assertion, text: string, at: number, from: number): boolean {
  switch (what) {
    case 'start':
      return at === 0;
    case 'end':
      return at === text.length || (at === text.length - 1 && text[at] === '\n');
    case 'very-end':
      return at === text.length;
    case 'here':
      return at === from;
    case 'line-start':
      return at === 0 || text[at - 1] === '\n' || (text[at - 1] === '\r' && text[at] !== '\n');
    case 'line-end':
      return at === text.length || text[at] === '\n' || text[at] === '\r';
    default: {
      const before = at > 0 && isWordChar(text.charCodeAt(at - 1));
      const after = at < text.length && isWordChar(text.charCodeAt(at));
      return (before !== after) === (what === 'word');
    }
  }
}
