// A source's binary logs: files of events, each known by where it ends and what SHOW BINLOG EVENTS tells of it, and the GTIDs in them.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_replication_binlog_event.html; sizes as recorded from 9.7.

/** Events kept of all files together; past them the oldest of a file are forgotten, not their bytes. */
const MAX_EVENTS = 2_000;
/** Characters of what is told of them. */
const MAX_TOLD_CHARACTERS = 128 * 1024;
const MAX_FILES = 100;
/** What an event takes beside what is told of it, about. */
const EVENT_BYTES = 112;

const MAGIC_BYTES = 4;
const FORMAT_BYTES = 123;
const NO_GTIDS_BYTES = 31;
const GTIDS_BYTES = 71;
const STOP_BYTES = 23;
const HEAD_BYTES = 19;
const CHECKSUM_BYTES = 4;
/** A GTID event without the length of its transaction, which takes 1 or 3 bytes and more. */
const GTID_BYTES = 76;

const ZONE_TABLES = [
  'time_zone',
  'time_zone_leap_second',
  'time_zone_name',
  'time_zone_transition',
  'time_zone_transition_type',
];
/** Such a statement's event without its text. */
const ZONE_QUERY_BYTES = 80;

export interface BinaryEvent {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly told: string;
}

export interface BinaryFile {
  readonly number: number;
  size: number;
  readonly events: BinaryEvent[];
}

/** An event before it has its place. */
export type Unplaced = Omit<BinaryEvent, 'start' | 'end'> & { readonly bytes: number };

export class BinaryLog {
  readonly #numbered: boolean;
  files: BinaryFile[];
  /** GTIDs given so far. */
  given = 0;
  /** Characters of what its events tell. */
  #told = 0;
  #events = 0;

  /** `numbered` where transactions have GTIDs. */
  constructor(numbered = true) {
    this.#numbered = numbered;
    this.files = [this.#file(1)];
    // The server was set up before its first client came: its time zones were emptied to be loaded.
    for (const table of ZONE_TABLES) {
      const told = `TRUNCATE TABLE ${table}`;
      this.write([{ type: 'Query', bytes: ZONE_QUERY_BYTES + told.length, told: `use \`mysql\`; ${told}` }]);
    }
    this.#place(this.current, { type: 'Stop', bytes: STOP_BYTES, told: '' });
    this.files.push(this.#file(2));
  }

  static nameOf(number: number): string {
    return `binlog.${String(number).padStart(6, '0')}`;
  }

  get current(): BinaryFile {
    return this.files.at(-1) as BinaryFile;
  }

  /** What it takes of its source's share, in bytes, about. */
  get bytes(): number {
    return this.#events * EVENT_BYTES + this.#told;
  }

  /** The GTIDs in all logs as a set; empty where there are none. */
  executed(uuid: string): string {
    if (this.given === 0) return '';
    return `${uuid}:1${this.given === 1 ? '' : `-${this.given}`}`;
  }

  #file(number: number): BinaryFile {
    const file: BinaryFile = { number, size: MAGIC_BYTES, events: [] };
    this.#place(file, { type: 'Format_desc', bytes: FORMAT_BYTES, told: '' });
    const told = this.given === 0 ? '' : String(this.given);
    this.#place(file, { type: 'Previous_gtids', bytes: this.given === 0 ? NO_GTIDS_BYTES : GTIDS_BYTES, told });
    return file;
  }

  #place(file: BinaryFile, { type, bytes, told }: Unplaced): void {
    const start = file.size;
    file.size += bytes;
    if (this.#events >= MAX_EVENTS || this.#told + told.length > MAX_TOLD_CHARACTERS) this.#forgetOldest();
    if (this.#told + told.length > MAX_TOLD_CHARACTERS) return;
    this.#events++;
    this.#told += told.length;
    file.events.push({ type, start, end: file.size, told });
  }

  #forgetOldest(): void {
    const file = this.files?.find(({ events }) => events.length > 0);
    for (const event of file?.events.splice(0, Math.ceil(MAX_EVENTS / 4)) ?? []) {
      this.#events--;
      this.#told -= event.told.length;
    }
  }

  /** Writes one transaction behind its GTID. */
  write(events: readonly Unplaced[]): void {
    const bytes = events.reduce((sum, event) => sum + event.bytes, 0);
    if (this.#numbered) this.given++;
    const length = bytes + GTID_BYTES;
    const gtid = GTID_BYTES + (length < 250 ? 1 : length < 65_533 ? 3 : length < 16_777_211 ? 4 : 9);
    const type = this.#numbered ? 'Gtid' : 'Anonymous_Gtid';
    this.#place(this.current, { type, bytes: gtid, told: String(this.given) });
    for (const event of events) this.#place(this.current, event);
  }

  /** Goes on in a new file. */
  rotate(): void {
    const next = this.current.number + 1;
    const name = BinaryLog.nameOf(next);
    const bytes = HEAD_BYTES + 8 + name.length + CHECKSUM_BYTES;
    this.#place(this.current, { type: 'Rotate', bytes, told: `${name};pos=4` });
    this.files.push(this.#file(next));
    if (this.files.length > MAX_FILES) this.#drop(1);
  }

  #drop(count: number): void {
    for (const file of this.files.splice(0, count)) {
      this.#events -= file.events.length;
      for (const event of file.events) this.#told -= event.told.length;
    }
  }

  /** Forgets the files before one; false where it is not there. */
  purge(name: string): boolean {
    const at = this.files.findIndex(({ number }) => BinaryLog.nameOf(number) === name);
    if (at > 0) this.#drop(at);
    return at >= 0;
  }

  /** Begins anew, with a file of this number. */
  reset(number: number): void {
    this.#drop(this.files.length);
    this.given = 0;
    this.files = [this.#file(number)];
  }
}
