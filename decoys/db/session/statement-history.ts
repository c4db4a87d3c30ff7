// What a source asked, as performance_schema's statement tables tell it: the last statements of each session, and sums by digest.
// Source: https://dev.mysql.com/doc/refman/9.7/en/performance-schema-statement-tables.html
import { detached } from '../sql/value/detached.ts';
import type { StatementWork } from './work.ts';

/** Statements kept of one session (performance_schema_events_statements_history_size). */
const HISTORY_STATEMENTS = 10;
/** Characters kept of a statement (performance_schema_max_sql_text_length). */
const TEXT_CHARACTERS = 1_024;
/** Different texts a source has sums of; those asked longest ago are summed up without their text. */
const SUMMED_STATEMENTS = 64;
/** Characters of such a text that tell it from others. */
const SUMMED_CHARACTERS = 512;
/** A statement's time is told in picoseconds. */
const PICOSECONDS_A_MS = 1_000_000_000;
/** The server's timer counts nanoseconds. */
const PICOSECONDS_A_NANOSECOND = 1_000;

export interface AskedStatement extends StatementWork {
  readonly sessionId: number;
  /** Statements the session asked before this one. */
  readonly number: number;
  readonly text: string;
  readonly schema: string;
  readonly startedMs: number;
  readonly durationMs: number;
  readonly error: { readonly code: number; readonly sqlstate: string; readonly message: string } | undefined;
  readonly warnings: number;
  readonly affected: number;
  readonly sent: number;
}

export interface StatementSum {
  readonly name: string;
  readonly text: string;
  readonly schema: string;
  count: number;
  picoseconds: number;
  shortest: number;
  longest: number;
  errors: number;
  warnings: number;
  affected: number;
  sent: number;
  examined: number;
  sorted: number;
  sorts: number;
  temporary: number;
  /** How many read a table from end to end. */
  scans: number;
  readonly firstMs: number;
  lastMs: number;
}

/** Milliseconds a statement took as picoseconds that look measured: never 0, never round. */
export function picoseconds(statement: Pick<AskedStatement, 'durationMs' | 'number' | 'text'>): number {
  const spread = ((statement.number * 7_919_357 + statement.text.length * 104_729) % 900_000) + 90_000;
  return Math.round(statement.durationMs) * PICOSECONDS_A_MS + spread * PICOSECONDS_A_NANOSECOND;
}

/** Microseconds after its millisecond a statement began, which nobody measured. */
export function microsAfter(number: number): number {
  return (number * 7_919 + 137) % 1_000;
}

function blankSum(statement: AskedStatement, text: string, spent: number): StatementSum {
  return {
    name: statement.name,
    text,
    schema: statement.schema,
    count: 0,
    picoseconds: 0,
    shortest: spent,
    longest: 0,
    errors: 0,
    warnings: 0,
    affected: 0,
    sent: 0,
    examined: 0,
    sorted: 0,
    sorts: 0,
    temporary: 0,
    scans: 0,
    firstMs: statement.startedMs,
    lastMs: 0,
  };
}

function addTo(sum: StatementSum, statement: AskedStatement, spent: number): void {
  sum.count++;
  sum.picoseconds += spent;
  sum.shortest = Math.min(sum.shortest, spent);
  sum.longest = Math.max(sum.longest, spent);
  sum.errors += statement.error ? 1 : 0;
  sum.warnings += statement.warnings;
  sum.affected += statement.affected;
  sum.sent += statement.sent;
  sum.examined += statement.examined;
  sum.sorted += statement.sorted;
  sum.sorts += statement.sorts;
  sum.temporary += statement.temporary;
  sum.scans += statement.scanned ? 1 : 0;
  sum.lastMs = statement.startedMs;
}

export class StatementHistory {
  readonly #bySession = new Map<number, AskedStatement[]>();
  readonly #sums = new Map<string, StatementSum>();
  /** Sums by what the server calls the statements: no more than it has names. */
  readonly #byName = new Map<string, StatementSum>();
  #others = 0;

  /** Keeps a statement that was answered. */
  add(statement: AskedStatement): void {
    const kept = { ...statement, text: detached(statement.text.slice(0, TEXT_CHARACTERS)) };
    const own = this.#bySession.get(kept.sessionId) ?? [];
    own.push(kept);
    if (own.length > HISTORY_STATEMENTS) own.shift();
    this.#bySession.set(kept.sessionId, own);
    this.#sum(kept);
  }

  #sum(statement: AskedStatement): void {
    const text = detached(statement.text.slice(0, SUMMED_CHARACTERS));
    const key = `${statement.schema}\0${text}`;
    const spent = picoseconds(statement);
    const known = this.#sums.get(key);
    if (known) this.#sums.delete(key);
    const sum = known ?? blankSum(statement, text, spent);
    addTo(sum, statement, spent);
    this.#sums.set(key, sum);
    const byName = this.#byName.get(statement.name) ?? blankSum(statement, '', spent);
    addTo(byName, statement, spent);
    this.#byName.set(statement.name, byName);
    for (const [oldest, { count }] of this.#sums) {
      if (this.#sums.size <= SUMMED_STATEMENTS) break;
      this.#sums.delete(oldest);
      this.#others += count;
    }
  }

  /** The session's last statements, oldest first. */
  of(sessionId: number): readonly AskedStatement[] {
    return this.#bySession.get(sessionId) ?? [];
  }

  /** Sums of all it asked, by the names of statements. */
  sumsByName(): Iterable<StatementSum> {
    return this.#byName.values();
  }

  sums(): Iterable<StatementSum> {
    return this.#sums.values();
  }

  /** Statements whose sums are kept no more. */
  get others(): number {
    return this.#others;
  }

  /** Forgets all that was asked. */
  forget(): void {
    this.#bySession.clear();
    this.#sums.clear();
    this.#byName.clear();
    this.#others = 0;
  }

  /** Forgets a session that ended. */
  end(sessionId: number): void {
    this.#bySession.delete(sessionId);
  }
}
