// The client's login packet: SSLRequest, HandshakeResponse41, and the older 320 form; also COM_CHANGE_USER, which repeats it.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_handshake_response.html
import { TOUCH_ATTRIBUTE_BYTES, TOUCH_ATTRIBUTES } from '../limits.ts';
import { ByteReader } from './bytes.ts';
import { CLIENT } from './constants.ts';

const SSL_REQUEST_BYTES = 32;
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
  | { readonly kind: 'tls'; readonly capabilities: number }
  | { readonly kind: 'malformed' };

function clip(bytes: Buffer, limit: number): string {
  return bytes.subarray(0, limit).toString('utf8');
}

/** Client attributes, at most TOUCH_ATTRIBUTES of them; what is cut short ends the list. */
function readAttributes(reader: ByteReader): Map<string, string> {
  const attributes = new Map<string, string>();
  const all = reader.lenencBytes();
  if (!all) return attributes;
  const pairs = new ByteReader(all);
  while (pairs.left > 0 && attributes.size < TOUCH_ATTRIBUTES) {
    const name = pairs.lenencBytes();
    const value = pairs.lenencBytes();
    if (name && value) attributes.set(clip(name, TOUCH_ATTRIBUTE_BYTES), clip(value, TOUCH_ATTRIBUTE_BYTES));
  }
  return attributes;
}

function tail(
  reader: ByteReader,
  capabilities: number,
): { plugin: string; attributes: Map<string, string>; zstdLevel: number } {
  let plugin = '';
  let attributes = new Map<string, string>();
  let zstdLevel = 0;
  if (capabilities & CLIENT.PLUGIN_AUTH && reader.left > 0) plugin = clip(reader.untilNul(), PLUGIN_BYTES);
  if (capabilities & CLIENT.CONNECT_ATTRS && reader.left > 0) attributes = readAttributes(reader);
  if (capabilities & CLIENT.ZSTD_COMPRESSION && reader.left > 0) zstdLevel = reader.uint(1);
  return { plugin, attributes, zstdLevel };
}

function parseOld(payload: Buffer): Login {
  const reader = new ByteReader(payload);
  const capabilities = reader.uint(2);
  const maxPacket = reader.uint(3);
  const user = clip(reader.untilNul(), USER_BYTES);
  const response = capabilities & CLIENT.CONNECT_WITH_DB ? reader.untilNul() : reader.rest();
  const database =
    capabilities & CLIENT.CONNECT_WITH_DB && reader.left > 0 ? clip(reader.untilNul(), DATABASE_BYTES) : '';
  return {
    capabilities,
    maxPacket,
    collation: 8,
    user,
    response,
    database,
    plugin: '',
    attributes: new Map(),
    zstdLevel: 0,
  };
}

/** Parses the first packet of a client. Never throws: what makes no sense is `malformed`. */
export function parseLogin(payload: Buffer): LoginPacket {
  try {
    if (payload.length < 2) return { kind: 'malformed' };
    if (!(payload.readUInt16LE(0) & CLIENT.PROTOCOL_41)) return { kind: 'login', login: parseOld(payload) };
    const reader = new ByteReader(payload);
    const capabilities = reader.uint(4);
    const maxPacket = reader.uint(4);
    const collation = reader.uint(1);
    reader.raw(23);
    if (capabilities & CLIENT.SSL && payload.length === SSL_REQUEST_BYTES) return { kind: 'tls', capabilities };
    const user = clip(reader.untilNul(), USER_BYTES);
    const response = readResponse(reader, capabilities);
    const database =
      capabilities & CLIENT.CONNECT_WITH_DB && reader.left > 0 ? clip(reader.untilNul(), DATABASE_BYTES) : '';
    return {
      kind: 'login',
      login: { capabilities, maxPacket, collation, user, response, database, ...tail(reader, capabilities) },
    };
  } catch {
    // ShortPacket: every other error cannot arise from bytes.
    return { kind: 'malformed' };
  }
}

function readResponse(reader: ByteReader, capabilities: number): Buffer {
  if (capabilities & CLIENT.PLUGIN_AUTH_LENENC_DATA) return reader.lenencBytes() ?? Buffer.alloc(0);
  if (capabilities & CLIENT.SECURE_CONNECTION) return reader.raw(reader.uint(1));
  return reader.untilNul();
}

/** COM_CHANGE_USER's body, after the command byte. */
export function parseChangeUser(payload: Buffer, capabilities: number): Login | undefined {
  try {
    const reader = new ByteReader(payload);
    const user = clip(reader.untilNul(), USER_BYTES);
    const response = capabilities & CLIENT.SECURE_CONNECTION ? reader.raw(reader.uint(1)) : reader.untilNul();
    const database = clip(reader.untilNul(), DATABASE_BYTES);
    const collation = reader.left >= 2 ? reader.uint(2) : 255;
    return { capabilities, maxPacket: 0, collation, user, response, database, ...tail(reader, capabilities) };
  } catch {
    // ShortPacket: the caller answers 1047 as the server does.
    return undefined;
  }
}
