// The client's login packet: SSLRequest, HandshakeResponse41, and the older 320 form; also COM_CHANGE_USER, which repeats it.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_response.html
import { TOUCH_ATTRIBUTE_BYTES, TOUCH_ATTRIBUTES } from '../limits.ts';
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
  readonly attributes: ReadonlyMap<string, string>;
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

function clip(bytes: Buffer, limit: number): string {
  return bytes.subarray(0, limit).toString('utf8');
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

/** Pairs of names and values, at most TOUCH_ATTRIBUTES of them; what is cut short ends the list. */
function readPairs(all: Buffer): Map<string, string> {
  const attributes = new Map<string, string>();
  const pairs = new ByteReader(all);
  try {
    while (pairs.left > 0 && attributes.size < TOUCH_ATTRIBUTES) {
      const name = pairs.lenencBytes();
      const value = pairs.lenencBytes();
      if (name && value) attributes.set(clip(name, TOUCH_ATTRIBUTE_BYTES), clip(value, TOUCH_ATTRIBUTE_BYTES));
    }
  } catch {
    // ShortPacket: the server looks at the length of them all only.
  }
  return attributes;
}

function readAttributes(reader: ByteReader): Map<string, string> {
  const all = reader.lenencBytes();
  if (!all) throw new ShortPacket('no attributes');
  return readPairs(all);
}

interface Tail {
  readonly plugin: string;
  readonly attributes: Map<string, string>;
  readonly zstdLevel: number;
}

function tail(reader: ByteReader, capabilities: number): Tail {
  const plugin = capabilities & CLIENT.PLUGIN_AUTH ? clip(terminated(reader) ?? EMPTY, PLUGIN_BYTES) : '';
  const attributes = capabilities & CLIENT.CONNECT_ATTRS ? readAttributes(reader) : new Map<string, string>();
  const zstdLevel = capabilities & CLIENT.ZSTD_COMPRESSION && reader.left > 0 ? reader.uint(1) : 0;
  return { plugin, attributes, zstdLevel };
}

/** The form of clients before 4.1, which the server reads only to turn them away. */
function parseOld(payload: Buffer): Login {
  const reader = new ByteReader(payload);
  const capabilities = reader.uint(2);
  const maxPacket = reader.uint(3);
  const user = clip(reader.untilNul(), USER_BYTES);
  const response = capabilities & CLIENT.SECURE_CONNECTION ? reader.raw(reader.uint(1)) : noResponse(reader);
  return { ...NOTHING_MORE, capabilities, maxPacket, collation: 8, user, response };
}

const EMPTY = Buffer.alloc(0);
const NOTHING_MORE = { database: '', plugin: '', attributes: new Map<string, string>(), zstdLevel: 0 } as const;

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
  const user = clip(unquoted(reader.untilNul()), USER_BYTES);
  const response = readResponse(reader, capabilities);
  // The server forgets to count the length byte of an empty response, so it finds one byte more than came: the NUL behind the packet.
  if (response.length === 0 && !(capabilities & CLIENT.PLUGIN_AUTH_LENENC_DATA))
    reader = new ByteReader(Buffer.concat([reader.rest(), NUL]));
  const told = { capabilities, maxPacket, collation, user, response };
  if (!(capabilities & CLIENT.PLUGIN_AUTH))
    return { ...NOTHING_MORE, ...told, database: databaseIn(reader, capabilities, false) };
  const database = databaseIn(reader, capabilities, true);
  return { ...told, database, ...tail(reader, capabilities) };
}

function databaseIn(reader: ByteReader, capabilities: number, needed: boolean): string {
  if (!(capabilities & CLIENT.CONNECT_WITH_DB)) return '';
  const name = terminated(reader);
  if (!name && needed) throw new ShortPacket('no database');
  return clip(name ?? EMPTY, DATABASE_BYTES);
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
  return end < 0 ? undefined : clip(payload.subarray(HEADER_BYTES.old, end), USER_BYTES);
}

/** COM_CHANGE_USER's body, after the command byte; the server asks it to be whole, down to the plugin's name. */
export function parseChangeUser(payload: Buffer, capabilities: number): Login | undefined {
  try {
    const reader = new ByteReader(payload);
    const user = clip(unquoted(reader.untilNul()), USER_BYTES);
    const response = capabilities & CLIENT.SECURE_CONNECTION ? reader.raw(reader.uint(1)) : reader.untilNul();
    const database = clip(reader.untilNul(), DATABASE_BYTES);
    const collation = reader.uint(2);
    if (capabilities & CLIENT.PLUGIN_AUTH && reader.left === 0) return undefined;
    return { capabilities, maxPacket: 0, collation, user, response, database, ...tail(reader, capabilities) };
  } catch {
    // ShortPacket: the caller answers 1047 as the server does.
    return undefined;
  }
}
