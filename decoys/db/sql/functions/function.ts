// What a native function is: how many arguments, what type it has, what it gives. Every table of functions holds these.
import type { Execution } from '../execution.ts';
import type { SqlType } from '../value/type.ts';
import { toInteger, type Value } from '../value/value.ts';

export interface FunctionEntry {
  /** Fewest and most arguments; a call outside them is error 1582. */
  readonly args: readonly [number, number];
  /** From this one on its arguments come in twos; half a pair is error 1582 too. */
  readonly pairsFrom?: number;
  readonly type: (args: readonly SqlType[], constants: readonly Value[], x?: Execution) => SqlType;
  /** `printed` gives each argument as messages show it. */
  readonly evaluate: (
    args: readonly Value[],
    x: Execution,
    types: readonly SqlType[],
    printed: readonly (() => string)[],
  ) => Value;
  /** Refuses arguments by their types, before any row is read. */
  readonly checkTypes?: (types: readonly SqlType[], printed: readonly (() => string)[]) => void;
  /** Refuses arguments known before any row is read; an argument that is not known yet is undefined. */
  readonly check?: (args: readonly (Value | undefined)[]) => void;
  /** An argument no row may change: `refuse` says so where one does, `check` looks at it where its value is known while it is read. */
  readonly fixed?: {
    readonly at: number;
    readonly refuse: () => Error;
    readonly check: (value: Value) => void;
  };
  /** Gives a date or time, written out where its type is text. */
  readonly moment?: boolean;
  /** A decimal it gives has as many digits after the point as its type. */
  readonly rescales?: boolean;
  /** Arguments whose value the type depends on: known where no row changes them. */
  readonly knows?: readonly number[];
  /** Reads the bytes of its first argument, which a text has in its own character set. */
  readonly ofBytes?: boolean;
  /**
   * How each argument is taken, a letter each, the last for all that follow: `r` double, `i` integer, `n` number, `x` decimal,
   * `b` bytes or an integer, `t` text or bytes as written out, a space as it is. What is none gives warning 1292.
   */
  readonly takes?: string;
  /** Arguments that say how long the result may be: worked out once more, before any row is read, where no row changes them. */
  readonly sizedBy?: readonly number[];
  /** An argument that is NULL keeps those after it from being worked out. */
  readonly early?: boolean;
  /** NULL where any argument is NULL, without asking `evaluate`. */
  readonly strict?: boolean;
}

export type FunctionTable = Readonly<Record<string, FunctionEntry>>;

export const MANY = 65_535;

/** Constant argument at `at` as a number, where it is one that parsing already knows. */
export function constantNumber(constants: readonly Value[], at: number): number | undefined {
  const value = constants[at];
  if (typeof value === 'bigint' || typeof value === 'number') return Number(value);
  if (typeof value === 'string') return Number(toInteger(/^\s*[+-]?\d*/.exec(value)?.[0] || '0'));
  return undefined;
}

export function anyNullable(args: readonly SqlType[]): boolean {
  return args.some((type) => type.nullable);
}
