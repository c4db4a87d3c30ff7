// A log of statements as a table of schema mysql keeps it: the last lines of it, bounded in lines and bytes.
// Source: https://dev.mysql.com/doc/refman/9.7/en/log-destinations.html
import { detached } from '../sql/value/detached.ts';

/** Lines kept of one log; the oldest are forgotten. */
const LINES = 48;
/** Characters kept of a statement. */
const LINE_CHARACTERS = 512;
/** What a line takes beside its text, about. */
const LINE_BYTES = 160;

export interface LogLine {
  readonly atMs: number;
  /** `user[user] @ host [address]`. */
  readonly who: string;
  readonly thread: number;
  /** `Query`, `Prepare`, `Execute` … */
  readonly kind: string;
  readonly text: string;
  readonly schema: string;
  readonly durationMs: number;
  readonly sent: number;
  readonly examined: number;
}

export class StatementLog {
  #lines: LogLine[] = [];

  add(line: LogLine): void {
    this.#lines.push({ ...line, text: detached(line.text.slice(0, LINE_CHARACTERS)) });
    if (this.#lines.length > LINES) this.#lines.shift();
  }

  lines(): readonly LogLine[] {
    return this.#lines;
  }

  clear(): void {
    this.#lines = [];
  }

  get bytes(): number {
    return this.#lines.reduce((sum, { text }) => sum + LINE_BYTES + text.length, 0);
  }
}
