// What a source made of its server's replication: channels it named, filters, and the binary logs it flushed or purged.
// Source: https://dev.mysql.com/doc/refman/9.7/en/change-replication-source-to.html, purge-binary-logs.html. Nothing is ever connected to.

/** Channels of one source; the server's own limit is 256. */
export const MAX_CHANNELS = 16;
/** Binary logs told of one source: past them the oldest is gone, as after its time. */
const MAX_LOGS = 64;

/** Bytes of a log that holds only its format and the transactions before it. */
const EMPTY_BYTES = 158;
/** What a log's list of transactions takes where there were any, and the event that another log follows. */
const GTIDS_BYTES = 40;
const ROTATE_BYTES = 44;
const OPTION_BYTES = 64;
/** A log of a server that was initialised and stopped. */
const FIRST_BYTES = 181;

export interface Channel {
  readonly name: string;
  /** Options of CHANGE REPLICATION SOURCE in upper case, as text. */
  readonly options: Map<string, string>;
  receives: boolean;
  applies: boolean;
}

export interface BinaryLog {
  readonly number: number;
  bytes: number;
}

export class Replication {
  readonly channels = new Map<string, Channel>();
  /** Filters by name, and what each lists. */
  readonly filters = new Map<string, { readonly rule: string; readonly sinceMs: number }>();
  logs: BinaryLog[] = [
    { number: 1, bytes: FIRST_BYTES },
    { number: 2, bytes: EMPTY_BYTES },
  ];
  /** Transactions logged; undefined while they are those the server began with. */
  transactions: number | undefined;
  purged = 0;

  /** The log written to. */
  get current(): BinaryLog {
    return this.logs.at(-1) as BinaryLog;
  }

  /** What it keeps, in bytes, about. */
  get bytes(): number {
    let bytes = 0;
    for (const { options } of this.channels.values())
      for (const [name, value] of options) bytes += OPTION_BYTES + name.length + value.length;
    for (const { rule } of this.filters.values()) bytes += OPTION_BYTES + rule.length;
    return bytes;
  }

  /** A new log is begun, after `transactions` of them. */
  rotate(transactions: number): void {
    this.current.bytes += ROTATE_BYTES;
    this.logs.push({ number: this.current.number + 1, bytes: EMPTY_BYTES + (transactions > 0 ? GTIDS_BYTES : 0) });
    if (this.logs.length > MAX_LOGS) this.logs.shift();
  }

  /** Forgets all logs and transactions; the next log has this number. */
  reset(number: number): void {
    this.logs = [{ number, bytes: EMPTY_BYTES }];
    this.transactions = 0;
    this.purged = 0;
  }

  /** Makes the channel `name`; undefined where there are too many. */
  channel(name: string): Channel | undefined {
    const known = this.channels.get(name);
    if (known || this.channels.size >= MAX_CHANNELS) return known;
    const made: Channel = { name, options: new Map(), receives: false, applies: false };
    this.channels.set(name, made);
    return made;
  }
}

/** `binlog.000007` */
export function logName(log: BinaryLog): string {
  return `binlog.${String(log.number).padStart(6, '0')}`;
}
