// What a session tells its client of itself with each OK: variables it set, its schema, that anything changed, and its transaction.
// Source: https://dev.mysql.com/doc/refman/9.7/en/session-state-tracking.html; when each is told as recorded from 9.7.4.
import { schemaChange, stateChange, variableChange } from '../wire/session-track.ts';
import { TransactionTracking } from './transaction-tracking.ts';

/** What session_track_system_variables names of itself. */
const DEFAULT_NAMES: ReadonlySet<string> = new Set([
  'time_zone',
  'autocommit',
  'character_set_client',
  'character_set_results',
  'character_set_connection',
]);
/** Changes with each statement. */
const STATEMENT_ID = 'statement_id';

export class Tracker {
  readonly transaction = new TransactionTracking();
  #names: ReadonlySet<string> | 'all' = DEFAULT_NAMES;
  #tellsSchema = true;
  #tellsAnything = false;
  #assignedMade: Set<string> | undefined;
  #schema: string | undefined;
  #anything = false;
  /** Something changed of which there is nothing to tell. */
  #empty = false;

  /** A system variable of the session was set; `counts` as a change of the session, too. */
  assigned(name: string, counts = true): void {
    if (this.#names === 'all' || this.#names.has(name)) this.#assigned.add(name);
    this.#anything ||= counts;
  }

  /** The default schema was chosen, or went away. */
  schema(name: string): void {
    if (this.#tellsSchema) this.#schema = name;
    this.#anything = true;
  }

  /** Something of the session changed that has no tracker of its own. */
  changed(): void {
    this.#anything = true;
  }

  /** Every statement has a number of its own, which is a variable too. */
  statement(): void {
    if (this.#names === 'all') this.#assigned.add(STATEMENT_ID);
  }

  /** A statement said again is told nothing it was not told before. */
  get steady(): boolean {
    return this.#names !== 'all' && !this.transaction.on;
  }

  /** Takes names for session_track_system_variables: lower-case, or `*` for all there are. */
  name(names: readonly string[]): void {
    const before = this.#names;
    this.#names = names.length === 1 && names[0] === '*' ? 'all' : new Set(names);
    if (before === 'all') this.#empty = true;
    this.#assigned.clear();
  }

  tellSchema(on: boolean): void {
    this.#tellsSchema = on;
  }

  tellAnything(on: boolean): void {
    this.#tellsAnything = on;
  }

  /** What the next OK carries, and forgets it; undefined where nothing changed. */
  take(read: (name: string) => string): Buffer | undefined {
    const transaction = this.transaction.take();
    const parts = [...this.#assigned].sort().map((name) => variableChange(name, read(name)));
    if (this.#schema !== undefined) parts.push(schemaChange(this.#schema));
    if (this.#anything && this.#tellsAnything) parts.push(stateChange());
    const told = parts.length > 0 || this.#empty || transaction !== undefined;
    this.forget();
    return told ? Buffer.concat([...parts, ...(transaction ?? [])]) : undefined;
  }

  /** An error is told nothing of what changed before it. */
  forget(): void {
    this.#assigned.clear();
    this.#schema = undefined;
    this.#anything = false;
    this.#empty = false;
  }

  /** Back to how a session begins. */
  reset(): void {
    this.forget();
    this.#names = DEFAULT_NAMES;
    this.#tellsSchema = true;
    this.#tellsAnything = false;
    this.transaction.reset();
  }

  /** Made when it is first asked for: most sessions of a crowd never do. */
  get #assigned(): Set<string> {
    this.#assignedMade ??= new Set();
    return this.#assignedMade;
  }
}
