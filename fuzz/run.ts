// A run: deals cases until its time is over, plays several at once, asks as a client beside them, and finds the case behind what goes wrong.
import { setTimeout as delay } from 'node:timers/promises';
import { randomFrom } from '../test/dashboard-twin/mutate.ts';
import type { Case, Random } from './case.ts';
import type { Books, Session, Target } from './target.ts';

/** A client asks this often. */
const ASK_MS = 500;
/** Cases that are under suspicion when something goes wrong: the latest. */
const SUSPECTS = 256;
/** After something odd, for the program to show what it comes to. */
const SETTLE_MS = 150;
const REPORT_MS = 10_000;

export interface RunOptions {
  readonly target: Target;
  readonly seed: number;
  readonly until: { readonly ms: number } | { readonly cases: number };
  /** Told of progress in one line. */
  readonly say?: (text: string) => void;
}

export type Outcome =
  | { readonly clean: true; readonly cases: number; readonly books: Books }
  | { readonly clean: false; readonly cases: number; readonly problem: string; readonly culprits: readonly Case[] };

/** The random numbers of case `number`: any case of a run can be dealt again by itself. */
export function randomOf(seed: number, number: number): Random {
  const random = randomFrom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
  random(2);
  return random;
}

export async function run({ target, seed, until, say = () => {} }: RunOptions): Promise<Outcome> {
  const session = await target.start();
  const recent: Case[] = [];
  const started = performance.now();
  let cases = 0;
  let problem: string | undefined;
  let over = false;
  const isOver = () =>
    problem !== undefined || ('ms' in until ? performance.now() - started >= until.ms : cases >= until.cases);
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      // What it did itself says more than what a client of it saw.
      await delay(SETTLE_MS);
      problem ??= session.wrong() ?? (error as Error).message;
    }
  };

  async function work(): Promise<void> {
    while (!isOver()) {
      const one = target.deal(randomOf(seed, cases++));
      recent.push(one);
      if (recent.length > SUSPECTS) recent.shift();
      await attempt(() => session.send(one));
      // At once: cases sent to a program that is gone would push the one behind it out of the suspects.
      problem ??= session.wrong();
    }
  }

  async function look(): Promise<void> {
    for (let reported = started; !over; await delay(ASK_MS)) {
      await attempt(session.ask);
      problem ??= session.wrong();
      if (problem !== undefined) return;
      if (performance.now() - reported < REPORT_MS) continue;
      reported = performance.now();
      say(`${cases} cases in ${Math.round((reported - started) / 1_000)} s`);
    }
  }

  const looking = look();
  await Promise.all(Array.from({ length: target.atOnce }, work));
  over = true;
  await looking;
  let books: Books | undefined;
  if (problem === undefined)
    await attempt(async () => {
      books = await session.end();
    });
  await session.kill();
  if (books) return { clean: true, cases, books };
  say(`case ${cases}: ${problem}; looking for the case behind it`);
  return { clean: false, cases, problem: problem ?? '', culprits: await reduced(target, recent) };
}

/** Whether a fresh program comes to harm by these. */
async function harms(target: Target, suspects: readonly Case[]): Promise<boolean> {
  let session: Session | undefined;
  try {
    session = await target.start();
    for (const one of suspects) await session.send(one);
    await delay(SETTLE_MS);
    await session.ask();
    const wrong = session.wrong();
    if (wrong !== undefined) return true;
    await session.end();
    return false;
  } catch {
    return true; // Not served, ended, or its books are wrong: that is what is looked for.
  } finally {
    await session?.kill();
  }
}

/** The fewest of the suspects that do it again, by halves; all of them where none does by itself. */
async function reduced(target: Target, suspects: readonly Case[]): Promise<readonly Case[]> {
  let left = suspects;
  while (left.length > 1) {
    const half = Math.ceil(left.length / 2);
    const [older, newer] = [left.slice(0, half), left.slice(half)];
    if (await harms(target, newer)) left = newer;
    else if (await harms(target, older)) left = older;
    else break;
  }
  return left;
}
