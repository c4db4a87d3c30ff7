// The client's login packet: SSLRequest, HandshakeResponse41, and the older 320 form; also COM_CHANGE_USER, which repeats it.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_response.html

import { charsetOfCollation, readName } from '../sql/value/client-text.ts';
import { type Attribute, keptAttributes, readAttributeBytes, toldAttributes } from './attributes.ts';
import { ByteReader, ShortPacket } from './bytes.ts';
import { CLIENT } from './constants.ts';

/** Longest names the server reads, in bytes; longer ones are cut as the server cuts them. */
const USER_BYTES = 96;
const DATABASE_BYTES = 192;
const PLUGIN_BYTES = 64;

export interface Login {
  readonly capabilities: number;
  readonly maxPacket: number;
  readonly collation: number;
  readonly user: string;
  readonly response: Buffer;
  readonly database: string;
  readonly plugin: string;
  /** Attributes as the touch tells them, and as the server remembers them. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly keptAttributes: readonly Attribute[];
  /** Level the client asks of zstd; 0 without. */
  readonly zstdLevel: number;
}

export type LoginPacket =
  | { readonly kind: 'login'; readonly login: Login }
  /** The client wants TLS; what else the packet holds is not looked at. */
  | { readonly kind: 'tls'; readonly capabilities: number }
  /** `user` where it names one all the same, as clients of before 4.1 do whose password is text: nmap's mysql-enum is one. */
  | { readonly kind: 'malformed'; readonly capabilities: number; readonly user?: string };

/** What a server takes a client for that has not said what it can: one of today. */
const UNTOLD = CLIENT.PROTOCOL_41;
/** Bytes before the user name. */
const HEADER_BYTES = { old: 5, new: 32 } as const;
/** Some clients ask for TLS with their capabilities alone. */
const CAPABILITIES_BYTES = 4;
const NUL = Buffer.from([0]);

/** A name in the client's character set, as much of it as the server reads. */
function clip(bytes: Buffer, limit: number, charset: string): string {
  const name = readName(bytes, charset);
  return Buffer.byteLength(name) <= limit ? name : readName(Buffer.from(name).subarray(0, limit), 'utf8mb4');
}

/** Text up to a NUL; undefined, and nothing taken, where there is none. */
function terminated(reader: ByteReader): Buffer | undefined {
  return reader.bytes.indexOf(0, reader.at) < 0 ? undefined : reader.untilNul();
}

/** A name in quotes is the name without them. */
function unquoted(user: Buffer): Buffer {
  const quoted = user.length > 1 && user[0] === 0x27 && user[user.length - 1] === 0x27;
  return quoted ? user.subarray(1, -1) : user;
}

interface Tail {
  readonly plugin: string;
  readonly attributes: Map<string, string>;
  readonly keptAttributes: readonly Attribute[];
  readonly zstdLevel: number;
}

function tail(reader: ByteReader, capabilities: number, charset: string): Tail {
  const plugin =
    capabilities & CLIENT.PLUGIN_AUTH ? (terminated(reader) ?? EMPTY).toString('utf8', 0, PLUGIN_BYTES) : '';
  const all = capabilities & CLIENT.CONNECT_ATTRS ? readAttributeBytes(reader) : EMPTY;
  const zstdLevel = capabilities & CLIENT.ZSTD_COMPRESSION && reader.left > 0 ? reader.uint(1) : 0;
  return { plugin, attributes: toldAttributes(all), keptAttributes: keptAttributes(all, charset), zstdLevel };
}

/** The form of clients before 4.1, which the server reads only to turn them away. */
function parseOld(payload: Buffer): Login {
  const reader = new ByteReader(payload);
  const capabilities = reader.uint(2);
  const maxPacket = reader.uint(3);
  const user = clip(reader.untilNul(), USER_BYTES, OLD_CHARSET);
  const response = capabilities & CLIENT.SECURE_CONNECTION ? reader.raw(reader.uint(1)) : noResponse(reader);
  return { ...NOTHING_MORE, capabilities, maxPacket, collation: OLD_COLLATION, user, response };
}

const EMPTY = Buffer.alloc(0);
const NOTHING_MORE = {
  database: '',
  plugin: '',
  attributes: new Map<string, string>(),
  keptAttributes: [],
  zstdLevel: 0,
} as const;
/** What clients before 4.1 are taken to speak. */
const OLD_COLLATION = 8;
const OLD_CHARSET = 'latin1';

/** Without CLIENT_SECURE_CONNECTION a password is text, and none the server takes. */
function noResponse(reader: ByteReader): Buffer {
  if (reader.uint(1) !== 0) throw new ShortPacket('a password as text');
  return EMPTY;
}

function readResponse(reader: ByteReader, capabilities: number): Buffer {
  if (capabilities & CLIENT.PLUGIN_AUTH_LENENC_DATA) {
    const response = reader.lenencBytes();
    if (!response) throw new ShortPacket('no response');
    return response;
  }
  return capabilities & CLIENT.SECURE_CONNECTION ? reader.raw(reader.uint(1)) : noResponse(reader);
}

function parseNew(payload: Buffer): Login {
  let reader = new ByteReader(payload);
  const capabilities = reader.uint(4);
  const maxPacket = reader.uint(4);
  const collation = reader.uint(1);
  reader.raw(HEADER_BYTES.new - reader.at);
  const charset = charsetOfCollation(collation);
  const user = clip(unquoted(reader.untilNul()), USER_BYTES, charset);
  const response = readResponse(reader, capabilities);
  // The server forgets to count the length byte of an empty response, so it finds one byte more than came: the NUL behind the packet.
  if (response.length === 0 && !(capabilities & CLIENT.PLUGIN_AUTH_LENENC_DATA))
    reader = new ByteReader(Buffer.concat([reader.rest(), NUL]));
  const told = { capabilities, maxPacket, collation, user, response };
  if (!(capabilities & CLIENT.PLUGIN_AUTH))
    return { ...NOTHING_MORE, ...told, database: databaseIn(reader, capabilities, charset, false) };
  const database = databaseIn(reader, capabilities, charset, true);
  return { ...told, database, ...tail(reader, capabilities, charset) };
}

function databaseIn(reader: ByteReader, capabilities: number, charset: string, needed: boolean): string {
  if (!(capabilities & CLIENT.CONNECT_WITH_DB)) return '';
  const name = terminated(reader);
  if (!name && needed) throw new ShortPacket('no database');
  return clip(name ?? EMPTY, DATABASE_BYTES, charset);
}

/** Parses the first packet of a client, or inside TLS (`secure`) its second. Never throws: what makes no sense is `malformed`. */
export function parseLogin(payload: Buffer, secure = false): LoginPacket {
  if (payload.length < 2) return { kind: 'malformed', capabilities: UNTOLD };
  const short = payload.readUInt16LE(0);
  const isNew = (short & CLIENT.PROTOCOL_41) !== 0;
  const wantsTls = !secure && (short & CLIENT.SSL) !== 0;
  const capabilities = isNew && payload.length >= CAPABILITIES_BYTES ? payload.readUInt32LE(0) : short;
  if (wantsTls && payload.length === CAPABILITIES_BYTES) return { kind: 'tls', capabilities };
  if (payload.length < (isNew ? HEADER_BYTES.new : HEADER_BYTES.old)) return { kind: 'malformed', capabilities };
  if (wantsTls) return { kind: 'tls', capabilities };
  try {
    return { kind: 'login', login: isNew ? parseNew(payload) : parseOld(payload) };
  } catch {
    // ShortPacket: every other error cannot arise from bytes.
    return { kind: 'malformed', capabilities, ...(isNew ? {} : { user: oldUser(payload) }) };
  }
}

function oldUser(payload: Buffer): string | undefined {
  const end = payload.indexOf(0, HEADER_BYTES.old);
  return end < 0 ? undefined : clip(payload.subarray(HEADER_BYTES.old, end), USER_BYTES, OLD_CHARSET);
}

/** COM_CHANGE_USER's body, after the command byte; the server asks it to be whole, down to the plugin's name. */
export function parseChangeUser(payload: Buffer, capabilities: number): Login | undefined {
  try {
    const reader = new ByteReader(payload);
    const userBytes = unquoted(reader.untilNul());
    const response = capabilities & CLIENT.SECURE_CONNECTION ? reader.raw(reader.uint(1)) : reader.untilNul();
    const databaseBytes = reader.untilNul();
    const collation = reader.uint(2);
    if (capabilities & CLIENT.PLUGIN_AUTH && reader.left === 0) return undefined;
    const charset = charsetOfCollation(collation);
    const user = clip(userBytes, USER_BYTES, charset);
    const database = clip(databaseBytes, DATABASE_BYTES, charset);
    const told = { capabilities, maxPacket: 0, collation, user, response, database };
    return { ...told, ...tail(reader, capabilities, charset) };
  } catch {
    // ShortPacket: the caller answers 1047 as the server does.
    return undefined;
  }
}
