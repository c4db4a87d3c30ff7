// What a replica asks of its source: to be registered, and the binary log, which the server has and does not give such clients.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_command_phase.html, texts as recorded from 9.7.4.
import { noteError } from '../session/run.ts';
import { SqlError } from '../sql/errors.ts';
import { ByteReader, ShortPacket } from '../wire/bytes.ts';
import type { CommandContext } from './command-context.ts';
import { sendError } from './results.ts';

/** Bytes of what a replica says of itself. */
const REPORTED_BYTES = { 'report-host': 60, 'report-user': 96, 'report-password': 96 } as const;
/** Bytes of a replica's port, rank and source id. */
const RANK_BYTES = 10;
/** Bytes of a set of transactions that counts none. */
const GTID_SET_BYTES = 8;
/** Where the first event of every log stands. */
const FIRST_POSITION = 4;

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
  reader.uint(4);
  for (const [name, limit] of Object.entries(REPORTED_BYTES)) {
    const size = sizeOf(reader);
    if (size > reader.left || size > limit) {
      refuseReplica(c, `Failed to register replica: too long '${name}'`);
      return;
    }
    reader.raw(size);
  }
  if (reader.left < RANK_BYTES) {
    refuseReplica(c, 'Wrong parameters when registering replica');
    return;
  }
  c.touches.command(c.now(), 'COM_REGISTER_SLAVE', c.session.user, {});
  c.reply.ok({ status: c.session.status(), warnings: c.session.warningCount });
}

function refuse(c: CommandContext, command: string, reason: string, code = 1236): void {
  c.touches.command(c.now(), command, c.session.user, {}, code);
  sendError(c, new SqlError(code, 'HY000', reason));
  c.end();
}

export function comBinlogDump(c: CommandContext, payload: Buffer): void {
  if (payload.length < 11) throw new ShortPacket('short dump');
  const position = payload.readUInt32LE(1);
  refuse(
    c,
    'COM_BINLOG_DUMP',
    position < FIRST_POSITION
      ? 'Client requested source to start replication from position < 4'
      : 'Could not find first log file name in binary log index file',
  );
}

/** Flags, server id, length and name of a log, position, length and set of transactions. */
export function comBinlogDumpGtid(c: CommandContext, payload: Buffer): void {
  const reader = new ByteReader(payload, 1);
  reader.uint(2);
  reader.uint(4);
  reader.raw(reader.uint(4));
  reader.biguint();
  const set = reader.raw(reader.uint(4));
  if (set.length < GTID_SET_BYTES) {
    refuse(c, 'COM_BINLOG_DUMP_GTID', 'Malformed GTID set encoding.', 1773);
    return;
  }
  refuse(c, 'COM_BINLOG_DUMP_GTID', 'Could not find first log file name in binary log index file');
}
