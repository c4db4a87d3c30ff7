// Events of a binary log, byte for byte: how a log begins, transactions, statements, and where it goes on.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_replication_binlog_event.html; layouts as recorded from 9.7.4.
import { zlib } from '../on-demand.ts';

export const EVENT = {
  QUERY: 2,
  STOP: 3,
  ROTATE: 4,
  FORMAT_DESCRIPTION: 15,
  XID: 16,
  GTID: 33,
  ANONYMOUS_GTID: 34,
  PREVIOUS_GTIDS: 35,
} as const;

/** Flags of an event: it stands in no log; a replica that does not know it passes over it; it names no default database. */
export const EVENT_FLAG = { ARTIFICIAL: 0x20, IGNORABLE: 0x80, NO_USE: 8 } as const;

export const HEADER_BYTES = 19;
const CHECKSUM_BYTES = 4;
const SERVER_ID = 1;
const LOG_VERSION = 4;
const VERSION_BYTES = 50;
/** Bytes each kind of event has before what differs from one to the next, by the number of its kind. */
const FIXED_BYTES = Buffer.from(
  '000d0008000000000400040000006300041a08000000000000020000000a0a0a2a2a001234000a280000',
  'hex',
);
const CRC32 = 1;

export interface Head {
  /** When, in seconds since the epoch. */
  readonly at: number;
  readonly type: number;
  readonly flags?: number;
  /** Where it ends in its log; 0 for one that stands in none. */
  readonly end: number;
}

/** Bytes an event of a body takes. */
export function sizeOf(body: Buffer): number {
  return HEADER_BYTES + body.length + CHECKSUM_BYTES;
}

/** An event with its header and checksum. */
export function event({ at, type, flags = 0, end }: Head, body: Buffer): Buffer {
  const out = Buffer.alloc(sizeOf(body));
  out.writeUInt32LE(at, 0);
  out[4] = type;
  out.writeUInt32LE(SERVER_ID, 5);
  out.writeUInt32LE(out.length, 9);
  out.writeUInt32LE(end, 13);
  out.writeUInt16LE(flags, 17);
  body.copy(out, HEADER_BYTES);
  out.writeUInt32LE(zlib().crc32(out.subarray(0, -CHECKSUM_BYTES)), out.length - CHECKSUM_BYTES);
  return out;
}

/** An event for who wants none of checksums. */
export function withoutChecksum(whole: Buffer): Buffer {
  const out = Buffer.from(whole.subarray(0, -CHECKSUM_BYTES));
  out.writeUInt32LE(out.length, 9);
  return out;
}

function uint(value: number, bytes: number): Buffer {
  const out = Buffer.alloc(bytes);
  out.writeUIntLE(value, 0, bytes);
  return out;
}

function uint64(value: number | bigint): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigUInt64LE(BigInt(value));
  return out;
}

/** `created` is when the server that began the log started, in seconds; 0 where it went on from another log. */
export function formatDescription(version: string, created: number): Buffer {
  const name = Buffer.alloc(VERSION_BYTES);
  name.write(version, 'latin1');
  return Buffer.concat([
    uint(LOG_VERSION, 2),
    name,
    uint(created, 4),
    Buffer.from([HEADER_BYTES]),
    FIXED_BYTES,
    Buffer.from([CRC32]),
  ]);
}

/** The 16 bytes of a UUID in its text form, as an event holds them. */
export function uuidBytes(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
}

/** Transactions 1 to `last` came before. */
export function previousGtids(uuid: string, last: number): Buffer {
  if (last === 0) return uint64(0);
  return Buffer.concat([uint64(1), uuidBytes(uuid), uint64(1), uint64(1), uint64(last + 1)]);
}

export interface TransactionHead {
  readonly uuid: string;
  /** Its number, and that in its log. */
  readonly number: number;
  readonly sequence: number;
  /** Microseconds since the epoch. */
  readonly atMicros: bigint;
  /** It holds a statement, not rows. */
  readonly statement: boolean;
  /** `90704` for 9.7.4. */
  readonly version: number;
  /** Bytes of the events that follow it. */
  readonly bytes: number;
}

const LOGICAL_CLOCK = 2;
/** The longest length that is told in one byte. */
const SHORT_LENGTH = 250;

/** Begins a transaction. It tells the length of all of it, its own included. */
export function gtid({ uuid, number, sequence, atMicros, statement, version, bytes }: TransactionHead): Buffer {
  const head = Buffer.concat([
    Buffer.from([statement ? 1 : 0]),
    uuidBytes(uuid),
    uint64(number),
    Buffer.from([LOGICAL_CLOCK]),
    uint64(sequence - 1),
    uint64(sequence),
    uint64(atMicros).subarray(0, 7),
  ]);
  const rest = HEADER_BYTES + head.length + 4 + CHECKSUM_BYTES + bytes;
  const length =
    rest + 1 <= SHORT_LENGTH
      ? uint(rest + 1, 1)
      : rest + 3 <= 0xffff
        ? Buffer.concat([Buffer.from([0xfc]), uint(rest + 3, 2)])
        : Buffer.concat([Buffer.from([0xfd]), uint(rest + 4, 3)]);
  return Buffer.concat([head, length, uint(version, 4)]);
}

/** What a statement's event says of the session beside the statement. */
export interface StatementNotes {
  readonly thread: number;
  readonly schema: string;
  /** Number of the transaction of the dictionary. */
  readonly xid?: number | undefined;
}

const FLAGS2 = Buffer.from('0000000000', 'hex');
const SQL_MODE = Buffer.from('012000a04500000000', 'hex');
const CATALOG = Buffer.from('0603737464', 'hex');
const CHARSETS = Buffer.from('04ff00ff00ff00', 'hex');
const UTF8MB4_COLLATION = Buffer.from('12ff00', 'hex');

/** A statement as text. */
export function query(text: Buffer, notes: StatementNotes): Buffer {
  const { thread, schema, xid } = notes;
  const variables = Buffer.concat([
    FLAGS2,
    SQL_MODE,
    CATALOG,
    CHARSETS,
    ...(xid === undefined ? [] : [Buffer.from([17]), uint64(xid)]),
    UTF8MB4_COLLATION,
  ]);
  const database = Buffer.from(schema);
  return Buffer.concat([
    uint(thread, 4),
    uint(0, 4),
    uint(database.length, 1),
    uint(0, 2),
    uint(variables.length, 2),
    variables,
    database,
    Buffer.from([0]),
    text,
  ]);
}

/** Body of the event a transaction ends with: its number, 8 bytes, little endian. */
export function xid(number: number): Buffer {
  return uint64(number);
}

/** Goes on in another log. */
export function rotate(name: string, position: number): Buffer {
  return Buffer.concat([uint64(position), Buffer.from(name)]);
}
