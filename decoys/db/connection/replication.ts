// What a replica asks of its source: to be registered, and the binary log, event by event.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_command_phase.html, texts as recorded from 9.7.4.
import { dumpedEvents, FIRST_POSITION } from '../binlog/dumped.ts';
import { EVENT, EVENT_FLAG, event, HEADER_BYTES, rotate, uuidBytes, withoutChecksum } from '../binlog/events.ts';
import { type BinaryFile, BinaryLog } from '../overlay/binary-log.ts';
import { noteError } from '../session/run.ts';
import { SqlError } from '../sql/errors.ts';
import { toText } from '../sql/value/value.ts';
import { ByteReader, ShortPacket } from '../wire/bytes.ts';
import type { CommandContext } from './command-context.ts';
import { sendError } from './results.ts';

/** Bytes of what a replica says of itself. */
const REPORTED_BYTES = { 'report-host': 60, 'report-user': 96, 'report-password': 96 } as const;
/** Bytes of a replica's port, rank and source id. */
const RANK_BYTES = 10;
/** Bytes of a set of transactions that counts none. */
const GTID_SET_BYTES = 8;

/** What this server is to its replicas. */
const SOURCE_ID = 1;

/** A length of one byte; of the longest the server wants as many bytes more as lengths have at most. */
function sizeOf(reader: ByteReader): number {
  const size = reader.uint(1);
  if (size === 0xff) reader.raw(8);
  return size;
}

function refuseReplica(c: CommandContext, reason: string): void {
  c.touches.command(c.now(), 'COM_REGISTER_SLAVE', c.session.user, {}, 1105);
  const error = new SqlError(1105, 'HY000', reason);
  noteError(c.session, error);
  sendError(c, error);
}

/** COM_REGISTER_SLAVE: OK to anyone who may, which root is. */
export function comRegisterReplica(c: CommandContext, payload: Buffer): void {
  const reader = new ByteReader(payload, 1);
  if (reader.left <= 4) throw new ShortPacket('short registration');
  const id = reader.uint(4);
  const told: string[] = [];
  for (const [name, limit] of Object.entries(REPORTED_BYTES)) {
    const size = sizeOf(reader);
    if (size > reader.left || size > limit) {
      refuseReplica(c, `Failed to register replica: too long '${name}'`);
      return;
    }
    told.push(reader.raw(size).toString('latin1'));
  }
  if (reader.left < RANK_BYTES) {
    refuseReplica(c, 'Wrong parameters when registering replica');
    return;
  }
  const port = reader.uint(2);
  reader.uint(4);
  c.session.replica = { id, host: told[0] ?? '', port, sourceId: reader.uint(4) || SOURCE_ID };
  c.touches.command(c.now(), 'COM_REGISTER_SLAVE', c.session.user, {});
  c.reply.ok({ status: c.session.status(), warnings: c.session.warningCount });
}

function refuse(c: CommandContext, reason: string, code = 1236): void {
  sendError(c, new SqlError(code, 'HY000', reason));
  c.end();
}

/** What a replica asks to be sent. */
interface Asked {
  readonly command: 'COM_BINLOG_DUMP' | 'COM_BINLOG_DUMP_GTID';
  readonly name: string;
  readonly position: number;
  /** Ends where the log ends, rather than waiting for more. */
  readonly once: boolean;
  /** Transactions 1 to this it has already. */
  readonly has: number;
}

/** An event as it is sent behind the byte that says it is none of an error. */
function sendEvent(c: CommandContext, bytes: Buffer): void {
  c.reply.packet(Buffer.concat([OK_BYTE, bytes]));
}

const OK_BYTE = Buffer.from([0]);

/** What a client says it makes of checksums; undefined where it does not know of them. */
function checksumsOf({ session }: CommandContext): string | undefined {
  const { userVariables } = session;
  const told = userVariables.get('source_binlog_checksum') ?? userVariables.get('master_binlog_checksum') ?? null;
  return toText(told)?.toUpperCase();
}

/** Says which log the events that follow are of; with a checksum for those alone who asked for one. */
function sendRotation(c: CommandContext, name: string, position: number): void {
  const head = { at: 0, type: EVENT.ROTATE, flags: EVENT_FLAG.ARTIFICIAL, end: 0 };
  const whole = event(head, rotate(name, position));
  sendEvent(c, checksumsOf(c) === 'CRC32' ? whole : withoutChecksum(whole));
}

/** Reading stopped at a place: where it began, the last event, the last byte. */
function stopped(asked: Asked, name: string, last: number, byte: number): string {
  return `the first event '${asked.name || name}' at ${asked.position}, the last event read from './${name}' at ${last}, the last byte read from './${name}' at ${byte}.`;
}

/** Sends a log's events from a position on; false where the dump ended with an error. */
function sendFile(c: CommandContext, asked: Asked, file: BinaryFile, from: number): boolean {
  const name = BinaryLog.nameOf(file.number);
  const events = dumpedEvents(c.session, file, c.now());
  sendRotation(c, name, from);
  const [description] = events;
  if (!description) return true;
  if (checksumsOf(c) === undefined) {
    const reason = 'Replica can not handle replication events with the checksum that source is configured to log; ';
    refuse(c, reason + stopped(asked, name, description.end, description.end));
    return false;
  }
  if (from > FIRST_POSITION) {
    // Told again, it stands in no log and says of no start.
    const body = Buffer.from(description.bytes.subarray(HEADER_BYTES, -4));
    body.writeUInt32LE(0, CREATED_AT);
    sendEvent(c, event({ at: description.bytes.readUInt32LE(0), type: EVENT.FORMAT_DESCRIPTION, end: 0 }, body));
    if (from < file.size && !file.events.some(({ start }) => start === from)) {
      refuse(c, `bogus data in log event; ${stopped(asked, name, description.end, from + HEADER_BYTES)}`);
      return false;
    }
  }
  for (const { position, bytes, transaction } of events)
    if (position >= from && (transaction === 0 || transaction > asked.has)) sendEvent(c, bytes);
  return true;
}

/** Where in the description of a log's format it stands when its server started. */
const CREATED_AT = 52;

/** How often a dump that waits looks for more, in ms. */
const LOOK_FOR_EVENTS_MS = 400;
const ALL_SENT = 'Source has sent all binlog to replica; waiting for more updates';

/** Sends what there is, then what comes, until the client leaves. */
async function dump(c: CommandContext, asked: Asked): Promise<void> {
  const { session } = c;
  const { binaryLog } = session.overlay;
  c.touches.command(c.now(), asked.command, session.user, {});
  if (asked.position < FIRST_POSITION) {
    refuse(c, 'Client requested source to start replication from position < 4');
    return;
  }
  let file =
    asked.name === ''
      ? binaryLog.files[0]
      : binaryLog.files.find(({ number }) => BinaryLog.nameOf(number) === asked.name);
  if (!file) {
    refuse(c, 'Could not find first log file name in binary log index file');
    return;
  }
  if (asked.position > file.size) {
    refuse(c, 'Client requested source to start replication from position > file size');
    return;
  }
  session.command = asked.command === 'COM_BINLOG_DUMP' ? 'Binlog Dump' : 'Binlog Dump GTID';
  session.state = ALL_SENT;
  let from = asked.position;
  for (;;) {
    for (let next: BinaryFile | undefined = file; next; next = after(binaryLog.files, next)) {
      if (next !== file || from === asked.position) {
        if (!sendFile(c, asked, next, next === file ? from : FIRST_POSITION)) return;
      } else
        for (const { position, bytes } of dumpedEvents(session, next, c.now()))
          if (position >= from) sendEvent(c, bytes);
      file = next;
      from = next.size;
    }
    if (asked.once) {
      c.reply.eof(session.status(), 0);
      c.end();
      return;
    }
    await c.flush(0);
    const { size } = file;
    do {
      if (!(await c.flush(LOOK_FOR_EVENTS_MS))) return;
    } while (file.size === size && binaryLog.current === file);
  }
}

function after(files: readonly BinaryFile[], file: BinaryFile): BinaryFile | undefined {
  const at = files.indexOf(file);
  return at < 0 ? undefined : files[at + 1];
}

/** Flag of a dump: it ends where the log ends. */
const NON_BLOCKING = 1;
/** Longest name of a log, in bytes. */
const NAME_BYTES = 512;

/** Position, flags, server id and name of a log. */
export function comBinlogDump(c: CommandContext, payload: Buffer): Promise<void> {
  if (payload.length < 11) throw new ShortPacket('short dump');
  return dump(c, {
    command: 'COM_BINLOG_DUMP',
    name: payload.toString('latin1', 11, 11 + NAME_BYTES),
    position: payload.readUInt32LE(1),
    once: (payload.readUInt16LE(5) & NON_BLOCKING) !== 0,
    has: 0,
  });
}

/** Bytes of an interval of a set of transactions. */
const INTERVAL_BYTES = 16;
const UUID_BYTES = 16;

/** The last transaction of ours in a set, where it has all from the first on. */
function lastHeld(set: Buffer, uuid: string): number {
  const reader = new ByteReader(set);
  const own = uuidBytes(uuid);
  let last = 0;
  for (let count = Number(reader.biguint()); count > 0 && reader.left >= UUID_BYTES + 8; count--) {
    const mine = reader.raw(UUID_BYTES).equals(own);
    for (let intervals = Number(reader.biguint()); intervals > 0 && reader.left >= INTERVAL_BYTES; intervals--) {
      const [start, end] = [reader.biguint(), reader.biguint()];
      if (mine && start === 1n) last = Number(end) - 1;
    }
  }
  return last;
}

/** Flags, server id, length and name of a log, position, length and set of transactions. */
export function comBinlogDumpGtid(c: CommandContext, payload: Buffer): Promise<void> | undefined {
  const reader = new ByteReader(payload, 1);
  const flags = reader.uint(2);
  reader.uint(4);
  const name = reader.raw(reader.uint(4)).toString('latin1', 0, NAME_BYTES);
  const position = Number(reader.biguint());
  const set = reader.raw(reader.uint(4));
  if (set.length < GTID_SET_BYTES) {
    c.touches.command(c.now(), 'COM_BINLOG_DUMP_GTID', c.session.user, {}, 1773);
    refuse(c, 'Malformed GTID set encoding.', 1773);
    return undefined;
  }
  return dump(c, {
    command: 'COM_BINLOG_DUMP_GTID',
    name,
    position: name === '' ? FIRST_POSITION : position,
    once: (flags & NON_BLOCKING) !== 0,
    has: lastHeld(set, c.session.server.uuid),
  });
}
