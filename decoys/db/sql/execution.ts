// What one statement runs with: its session, its clock, its fuel, and the warnings it leaves.
import { VALUE_BYTES } from '../limits.ts';
import type { Session, Warning } from '../session/session.ts';
import type { Expression } from './ast/expression.ts';
import type { Locking } from './ast/query.ts';
import { Budget, BYTES_A_CELL } from './budget.ts';
import { type ErrorName, errorCode, errorText, sqlError } from './errors.ts';
import type { Node } from './scope.ts';
import { Json } from './value/json.ts';
import type { SqlType } from './value/type.ts';
import type { Value } from './value/value.ts';

/** Bytes of text made that cost one step. */
const BYTES_A_STEP = 64;
/** Bytes of an argument looked through that cost one step, and of one read as JSON. */
const ARGUMENT_BYTES_A_STEP = 24;
export const JSON_BYTES_A_STEP = 2;

/** What a routine's own name holds, and how it takes a value. */
export interface LocalName {
  readonly type: SqlType;
  readonly get: () => Value;
  readonly set: (value: Value) => void;
}

export interface LocalNames {
  readonly find: (path: readonly string[]) => LocalName | undefined;
}

/** What runs routines from inside expressions and changes of tables. */
export interface RoutineRunner {
  /** The function `schema.name`; undefined where there is none. Throws 1318 for a wrong count of arguments. */
  readonly functionNamed: (schema: string, name: string, count: number) => StoredFunction | undefined;
}

export interface StoredFunction {
  readonly type: SqlType;
  readonly call: (args: readonly Value[]) => Value;
}

/** Warnings that strict mode makes errors of while rows are changed. */
const RAISED: ReadonlySet<number> = new Set(
  (
    [
      'ER_TRUNCATED_WRONG_VALUE',
      'ER_INCORRECT_VALUE',
      'ER_DIVISION_BY_ZERO',
      'ER_WARN_DATA_OUT_OF_RANGE',
      'ER_INVALID_ARGUMENT_FOR_LOGARITHM',
      'ER_DATETIME_FUNCTION_OVERFLOW',
      'ER_WARN_ALLOWED_PACKET_OVERFLOWED',
    ] as const
  ).map(errorCode),
);

const MICROS_A_MS = 1_000;
/** How long one look at the clock takes, in microseconds. */
const MICROS_A_LOOK = 2;

export class Execution {
  readonly session: Session;
  /** When the statement began, ms since the epoch; NOW() tells it throughout. */
  readonly startedMs: number;
  /** The clock itself, where the session has set another time (`timestamp`). */
  readonly wallMs: number;
  /** Random numbers 0..1 for RAND() and UUID(). */
  readonly random: () => number;
  readonly budget: Budget;
  /** How long the reply is held back, in ms: SLEEP, BENCHMARK. */
  delayMs = 0;
  /** What it waits for meanwhile, as the process list has it. */
  waitsFor = '';
  /** Its sleeps were interrupted, and take no time. */
  awake = false;
  /** Status bits a query adds: no index used. */
  statusFlags = 0;
  /** It is only looked through, to tell its columns: no rows go anywhere yet. */
  preparing = false;
  /** Values of `?`, in order. */
  parameters: readonly Value[] = [];
  /** Their types, where the client told them. */
  parameterTypes: readonly SqlType[] = [];
  /** Whether the statement has parameters, whose types their places ask for; and those types, by index. */
  hasParameters = false;
  #reals: WeakMap<object, number | null> | undefined;

  /** What a text beside a number comes to, worked out and warned of once for each comparison that is written. */
  knownReal(e: object, work: () => number | null): number | null {
    this.#reals ??= new WeakMap();
    const known = this.#reals.get(e);
    if (known !== undefined) return known;
    const made = work();
    // Where nothing is told it is worked out again once something is.
    if (!this.session.muted) this.#reals.set(e, made);
    return made;
  }

  get derivedTypes(): Map<number, SqlType> {
    this.#derivedTypes ??= new Map();
    return this.#derivedTypes;
  }
  /** Parameters as compiled, by index: a value is turned into its type once. */
  get bound(): Map<number, Node> {
    this.#bound ??= new Map();
    return this.#bound;
  }
  #bound: Map<number, Node> | undefined;
  #pins: Map<number, SqlType> | undefined;
  /** A value came that a parameter's type cannot hold: the statement was prepared anew for it. */
  prepares = false;
  /** Values cut short are errors, not warnings. */
  refusesTruncated = false;
  /** Names of the columns that are a parameter alone, by index. */
  get parameterNames(): Map<number, string> {
    this.#parameterNames ??= new Map();
    return this.#parameterNames;
  }
  /** Operands compiled ahead of their turn, for the type a parameter beside them takes. */
  get compiled(): Map<Expression, Node> {
    this.#compiled ??= new Map();
    return this.#compiled;
  }
  /** An operand compiled ahead, whose turn it is. */
  takeCompiled(e: Expression): Node | undefined {
    const made = this.#compiled?.get(e);
    if (made) this.#compiled?.delete(e);
    return made;
  }
  // Most statements need none of them.
  #derivedTypes: Map<number, SqlType> | undefined;
  #parameterNames: Map<number, string> | undefined;
  #compiled: Map<Expression, Node> | undefined;
  /** How the query under way holds the rows it reads; undefined where it only reads them. */
  locking: Locking | undefined;
  /** The statement changes rows: what it reads beside them is read as it is now. */
  changesRows = false;
  /** What is worked out now is so before the query runs: its errors come before the columns. */
  planning = false;
  insertId = 0n;
  /** A change under strict mode: some warnings are errors. */
  raises = false;
  /** What warnings call the JSON argument of the call under way. */
  label = '';
  /** Variables of the routine under way, and its NEW and OLD rows: what a name stands for before any column. */
  names: LocalNames | undefined;
  /** Runs the source's own functions and triggers. */
  routines: RoutineRunner | undefined;
  /** Routines under way by kind and name, and how often each. */
  readonly calling = new Map<string, number>();
  /** Conditions the handler under way was entered for; undefined where none is. */
  handled: readonly Warning[] | undefined;

  /** `budget` is that of the statement it is part of; without it, it has one of its own. */
  constructor(session: Session, startedMs: number, random: () => number, budget = new Budget()) {
    this.session = session;
    const fixed = Number(session.variables.get('timestamp') ?? 0);
    this.startedMs = fixed > 0 ? fixed * 1_000 : startedMs;
    if (fixed > 0) this.#micros = 0;
    this.wallMs = startedMs;
    this.random = random;
    this.budget = budget;
    session.budget = budget;
  }

  #micros: number | undefined;

  /** Microseconds it began after its millisecond, of which the clock tells nothing; those of a time that was set are in it. */
  get micros(): number {
    this.#micros ??= Math.floor(this.random() * MICROS_A_MS);
    return this.#micros;
  }

  #asked = 0;

  /** As `micros`, of a clock that went on since it was asked last. */
  livingMicros(): number {
    this.#asked = Math.min(MICROS_A_MS - 1, Math.max(this.#asked, this.micros) + MICROS_A_LOOK);
    return this.#asked;
  }

  /** Parameters take these types; those they are given later are kept there. */
  pin(pins: Map<number, SqlType> | undefined): void {
    this.#pins = pins;
    if (pins?.size) for (const [index, type] of pins) this.derivedTypes.set(index, type);
  }

  /** A parameter's value is not of its type: it has this one from now on. */
  prepareFor(index: number, type: SqlType): void {
    this.prepares = true;
    this.#pins?.set(index, type);
  }

  /** Other values for a statement's parameters, whose types are to be found anew. */
  bind(parameters: readonly Value[], pins: Map<number, SqlType> | undefined): void {
    this.parameters = parameters;
    this.hasParameters = parameters.length > 0;
    this.bound.clear();
    this.derivedTypes.clear();
    this.prepares = false;
    this.pin(pins);
  }

  /** A value is not wholly what it is read as: a warning, or an error where rows are changed. */
  truncated(kind: string, value: string): void {
    if (this.refusesTruncated) throw sqlError('ER_TRUNCATED_WRONG_VALUE', kind, value);
    this.warn('ER_TRUNCATED_WRONG_VALUE', kind, value);
  }

  /** Counts work; a statement that needs more is told what a slow one is told. */
  spend(steps: number): void {
    this.budget.spend(steps);
  }

  /** Others should have their turn now: whoever can lays the statement down. */
  get turnIsOver(): boolean {
    return this.budget.turnIsOver;
  }

  /** Looks whether the turn is over, or the statement took too long: throws 3024 then. */
  look(): void {
    this.budget.look();
  }

  /** Counts the looking through of values: text by its bytes, a document by its members. */
  examine(values: readonly Value[], bytesAStep = ARGUMENT_BYTES_A_STEP): void {
    let steps = 1;
    for (const value of values) {
      if (typeof value === 'string' || Buffer.isBuffer(value)) steps += value.length / bytesAStep;
      else if (value instanceof Json) steps += value.weight;
    }
    this.spend(Math.floor(steps));
  }

  /** Counts values kept until the statement ends; one that needs more is told its sort buffer is too small. */
  hold(cells: number): void {
    this.budget.hold(cells);
  }

  /** Bytes of what it made, about: cells held, and values made and dropped. */
  get madeBytes(): number {
    return this.budget.madeBytes;
  }

  /** Bytes of the longest value: max_allowed_packet. */
  #longest: number | undefined;

  /** Counts a value of `bytes`; over the cap the caller answers NULL with warning 1301. */
  fits(bytes: number, name: string): boolean {
    this.#longest ??= Math.min(VALUE_BYTES, this.session.maxAllowedPacket());
    if (bytes > this.#longest) {
      this.warn('ER_WARN_ALLOWED_PACKET_OVERFLOWED', name, this.session.maxAllowedPacket());
      return false;
    }
    this.spend(1 + Math.floor(bytes / BYTES_A_STEP));
    this.hold(Math.floor(bytes / BYTES_A_CELL));
    return true;
  }

  warn(name: ErrorName, ...args: readonly (string | number | bigint)[]): void {
    if (this.raises && RAISED.has(errorCode(name))) throw sqlError(name, ...args);
    this.session.addWarning('Warning', errorCode(name), errorText(name, ...args));
  }

  note(name: ErrorName, ...args: readonly (string | number | bigint)[]): void {
    this.session.addWarning('Note', errorCode(name), errorText(name, ...args));
  }
}
