// Session state changes that ride on an OK packet, for clients that asked for them.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_ok_packet.html#sect_protocol_basic_ok_packet_sessinfo
import { ByteWriter } from './bytes.ts';

const KIND = { systemVariable: 0, schema: 1, state: 2, transactionCharacteristics: 4, transactionState: 5 } as const;

function entry(kind: number, data: Buffer): Buffer {
  return new ByteWriter().uint(kind, 1).lenencBytes(data).take();
}

/** SESSION_TRACK_SYSTEM_VARIABLES of one variable. */
export function variableChange(name: string, value: string): Buffer {
  return entry(KIND.systemVariable, new ByteWriter().lenencText(name).lenencText(value).take());
}

/** SESSION_TRACK_SCHEMA. */
export function schemaChange(name: string): Buffer {
  return entry(KIND.schema, new ByteWriter().lenencText(name).take());
}

/** That anything changed. */
export function stateChange(): Buffer {
  return entry(KIND.state, Buffer.from('1'));
}

/** Statements that would begin such a transaction again. */
export function transactionCharacteristics(statements: string): Buffer {
  return entry(KIND.transactionCharacteristics, new ByteWriter().lenencText(statements).take());
}

/** Eight places, `_` where nothing: explicit T, reads r R, writes w W, statements s, result sets S, LOCK TABLES L. */
export function transactionChange(state: string): Buffer {
  return entry(KIND.transactionState, new ByteWriter().lenencText(state).take());
}
