// Events of a source's binary logs as a replica is sent them. Of changed rows the log knows how many bytes they took, not which:
// their transactions are sent without them.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_replication_binlog_event.html
import { type BinaryEvent, type BinaryFile, BinaryLog } from '../overlay/binary-log.ts';
import type { Session } from '../session/session.ts';
import { EVENT, EVENT_FLAG, event, formatDescription, gtid, previousGtids, query, rotate, xid } from './events.ts';

export interface DumpedEvent {
  readonly position: number;
  readonly end: number;
  readonly bytes: Buffer;
  /** Number of the transaction it is of; 0 for one that is of none. */
  readonly transaction: number;
}

/** The last log there was when the server started. */
const LAST_AT_START = 2;
/** The thread that set the server up. */
const SETUP_THREAD = 7;

/** `9.7.4` as events have it: 90704. */
function versionNumber(version: string): number {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  return major * 10_000 + minor * 100 + patch;
}

/** The number of its own a statement is told with. */
function xidOf(told: string): number | undefined {
  const at = told.lastIndexOf('/* xid=');
  return at < 0 ? undefined : Number.parseInt(told.slice(at + 7), 10);
}

interface Body {
  readonly type: number;
  readonly body: Buffer;
  readonly flags?: number;
}

function statementOf(told: string): Body {
  const number = xidOf(told);
  const text = number === undefined ? told : told.slice(0, told.lastIndexOf(' /* xid='));
  const used = text.startsWith('use `') ? text.indexOf('`; ') : -1;
  const schema = used < 0 ? '' : text.slice(5, used).replaceAll('``', '`');
  const body = query(Buffer.from(used < 0 ? text : text.slice(used + 3)), {
    thread: SETUP_THREAD,
    schema,
    xid: number,
  });
  return { type: EVENT.QUERY, body, ...(used < 0 && { flags: EVENT_FLAG.NO_USE }) };
}

/** Bytes of the events behind a GTID, up to the next one. */
function lengthOf(events: readonly BinaryEvent[], at: number): number {
  let bytes = 0;
  for (const { type, start, end } of events.slice(at + 1)) {
    if (type.endsWith('Gtid') || type === 'Stop' || type === 'Rotate') break;
    bytes += end - start;
  }
  return bytes;
}

/** The events of one log, in their order. */
export function dumpedEvents(session: Session, file: BinaryFile, nowMs: number): DumpedEvent[] {
  const { server } = session;
  const created = file.number <= LAST_AT_START ? Math.floor(server.options.startedMs / 1000) : 0;
  let transaction = 0;
  let sequence = 0;
  const bodyOf = ({ type, told }: BinaryEvent, at: number): Body | undefined => {
    switch (type) {
      case 'Format_desc':
        return { type: EVENT.FORMAT_DESCRIPTION, body: formatDescription(session.version(), created) };
      case 'Previous_gtids':
        return {
          type: EVENT.PREVIOUS_GTIDS,
          body: previousGtids(server.uuid, Number(told)),
          flags: EVENT_FLAG.IGNORABLE,
        };
      case 'Gtid':
      case 'Anonymous_Gtid': {
        transaction = Number(told);
        const numbered = type === 'Gtid';
        const body = gtid({
          uuid: numbered ? server.uuid : NO_UUID,
          number: numbered ? transaction : 0,
          sequence: ++sequence,
          atMicros: BigInt(nowMs) * 1000n,
          statement: !file.events[at + 1]?.told.startsWith('BEGIN'),
          version: versionNumber(session.version()),
          bytes: lengthOf(file.events, at),
        });
        return { type: numbered ? EVENT.GTID : EVENT.ANONYMOUS_GTID, body };
      }
      case 'Query':
        return statementOf(told);
      case 'Xid':
        return { type: EVENT.XID, body: xid(xidOf(told) ?? 0) };
      case 'Rotate':
        return { type: EVENT.ROTATE, body: rotate(BinaryLog.nameOf(file.number + 1), FIRST_POSITION) };
      case 'Stop':
        return { type: EVENT.STOP, body: Buffer.alloc(0) };
      default:
        return undefined;
    }
  };
  const at = created || Math.floor(nowMs / 1000);
  return file.events.flatMap((own, index) => {
    const told = bodyOf(own, index);
    if (!told) return [];
    const bytes = event({ at, type: told.type, flags: told.flags ?? 0, end: own.end }, told.body);
    return [{ position: own.start, end: own.end, bytes, transaction }];
  });
}

const NO_UUID = '00000000-0000-0000-0000-000000000000';
/** Where the first event of every log stands. */
export const FIRST_POSITION = 4;
