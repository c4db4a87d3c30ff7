// What a statement does, counted as it works: rows it looked at and sorted, temporary tables it made. SHOW STATUS adds it up by
// session and for the server, the statement tables tell it of each statement.
// Source: https://dev.mysql.com/doc/refman/9.7/en/server-status-variables.html; what is counted where as answered by a live 9.7.4.
import type { ServerState } from './server-state.ts';

/** What one statement did. */
export interface StatementWork {
  /** What the server calls it. */
  readonly name: string;
  /** Rows looked at, and sorted. */
  readonly examined: number;
  readonly sorted: number;
  readonly sorts: number;
  /** Temporary tables made. */
  readonly temporary: number;
  /** It read a table from end to end. */
  readonly scanned: boolean;
}

/** What SHOW STATUS calls the changes of rows. */
const HANDLER_OF = { inserted: 'Handler_write', updated: 'Handler_update', deleted: 'Handler_delete' } as const;

export class Work implements StatementWork {
  readonly #server: ServerState;
  /** The session's counters by their names in SHOW STATUS. */
  readonly #counters = new Map<string, number>();
  /** What the server calls the statement under way. */
  name = 'select';
  examined = 0;
  sorted = 0;
  sorts = 0;
  temporary = 0;
  /** The statement read a table from end to end. */
  scanned = false;
  /** The text of the statement that PREPARE kept or EXECUTE ran. */
  inner: Buffer | undefined;

  constructor(server: ServerState) {
    this.#server = server;
  }

  /** Counts for the session and the server; `name` is one of SHOW STATUS. */
  count(name: string, by = 1): void {
    this.#counters.set(name, (this.#counters.get(name) ?? 0) + by);
    this.#server.count(name, by);
  }

  get(name: string): number {
    return this.#counters.get(name) ?? 0;
  }

  /** Counts of the session begin anew: FLUSH STATUS. */
  forget(): void {
    this.#counters.clear();
  }

  /** Rows the statement changed, and whether the transaction it is part of changed or read any. */
  #changed = 0;
  #transaction: 'nothing' | 'read' | 'changed' = 'nothing';

  /** Rows are made, changed or removed in a table of InnoDB. */
  write(kind: 'inserted' | 'updated' | 'deleted', rows = 1): void {
    this.#changed += rows;
    this.count(HANDLER_OF[kind], rows);
    this.#server.count(`Innodb_rows_${kind}`, rows);
  }

  /** A statement ended well: it is committed by itself, whatever becomes of the transaction. `reads`: it used a table with transactions. */
  ends(reads: boolean, inTransaction: boolean): void {
    const did = this.#changed > 0 ? 'changed' : reads ? 'read' : 'nothing';
    this.#commits(did);
    if (inTransaction && did !== 'nothing' && this.#transaction !== 'changed') this.#transaction = did;
  }

  #commits(did: 'nothing' | 'read' | 'changed'): void {
    if (did === 'nothing') return;
    // Changes are committed by the engine and by the binary log.
    this.count('Handler_commit', did === 'changed' ? 2 : 1);
    if (did === 'changed') this.count('Handler_prepare', 2);
  }

  /** COMMIT. */
  committed(): void {
    this.#commits(this.#transaction);
    this.#transaction = 'nothing';
  }

  /** ROLLBACK. */
  rolledBack(): void {
    if (this.#transaction !== 'nothing') this.count('Handler_rollback', this.#transaction === 'changed' ? 2 : 1);
    this.#transaction = 'nothing';
  }

  /** A statement begins. */
  begin(): void {
    this.#changed = 0;
    this.examined = 0;
    this.sorted = 0;
    this.sorts = 0;
    this.temporary = 0;
    this.scanned = false;
  }

  /** The statement that was kept or run, told once. */
  takeInner(): Buffer | undefined {
    const { inner } = this;
    this.inner = undefined;
    return inner;
  }

  /** What the statement that ended did. */
  done(): StatementWork {
    const { name, examined, sorted, sorts, temporary, scanned } = this;
    return { name, examined, sorted, sorts, temporary, scanned };
  }

  /** All rows of a table are read. */
  read(rows: number): void {
    this.examined += rows;
    this.count('Handler_read_first');
    this.count('Handler_read_key');
    this.count('Handler_read_rnd_next', rows + 1);
    this.count('Handler_external_lock', 2);
  }

  /** Rows of a table are found by its primary key. */
  find(rows: number, range: boolean): void {
    this.examined += rows;
    this.count('Handler_read_key');
    if (range) this.count('Handler_read_next', rows);
    this.count('Handler_external_lock', 2);
  }

  sort(rows: number): void {
    this.sorts++;
    this.sorted += rows;
    this.count('Sort_rows', rows);
    this.count('Sort_scan');
  }

  temporaryTable(): void {
    this.temporary++;
    this.count('Created_tmp_tables');
  }

  scan(): void {
    this.scanned = true;
    this.count('Select_scan');
  }
}
