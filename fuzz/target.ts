// What a fuzz target is: how its cases are dealt, and a running program they are sent to, which is watched all the while.
import type { Case, Random } from './case.ts';

/** What was seen at the end of a clean session. */
export interface Books {
  readonly touches: number;
  readonly lines: number;
  readonly peakMb: number;
}

export interface Session {
  /** Plays a case to its end; never rejects for what the program does with it, except for a wrong answer. */
  send(one: Case): Promise<void>;
  /** A well-formed client; rejects where it is not served as it should be. */
  ask(): Promise<void>;
  /** The first thing wrong that was seen: it ended, said something it must not, wrote a line that is none, grew too large. */
  wrong(): string | undefined;
  /** Ends the program and compares its books; rejects where they do not agree. */
  end(): Promise<Books>;
  /** Ends the program whatever state it is in, and removes what the session made. */
  kill(): Promise<void>;
}

export interface Target {
  /** Why it cannot be fuzzed here, or an empty string. */
  lacking(): string;
  /** The case of these random numbers. */
  deal(random: Random): Case;
  /** How many cases are played at the same time. */
  readonly atOnce: number;
  start(): Promise<Session>;
}

/** Something a program did that it must not. */
export class Finding extends Error {}
