// The first packets of the MySQL protocol, for tests: a greeting read field by field, a login of any shape.
// Follows https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html; shares no code with decoys/db.
import { createHash } from 'node:crypto';

export const CAPABILITIES = {
  default: 0x018ea68d | 0x00020000 | 0x00080000 | 0x00200000 | 0x00800000 | 0x01000000,
  multi: 0x018fa68d | 0x00020000 | 0x00080000 | 0x00200000 | 0x00800000 | 0x01000000,
  noDeprecateEof: 0x018fa68d & ~0x01000000,
} as const;

export function packet(sequence: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, body]);
}

export interface Greeting {
  protocol: number;
  version: string;
  threadId: number;
  salt: Buffer;
  capabilities: number;
  charset: number;
  status: number;
  authLength: number;
  filler: Buffer;
  plugin: string;
  rest: number;
}

export function parseGreeting(body: Buffer): Greeting {
  const end = body.indexOf(0, 1);
  let at = end + 1;
  const threadId = body.readUInt32LE(at);
  const salt1 = body.subarray(at + 4, at + 12);
  at += 13;
  const low = body.readUInt16LE(at);
  const charset = body[at + 2] as number;
  const status = body.readUInt16LE(at + 3);
  const high = body.readUInt16LE(at + 5);
  const authLength = body[at + 7] as number;
  const filler = body.subarray(at + 8, at + 18);
  at += 18;
  const salt2 = body.subarray(at, at + 12);
  at += 13;
  const nul = body.indexOf(0, at);
  return {
    protocol: body[0] as number,
    version: body.toString('latin1', 1, end),
    threadId,
    salt: Buffer.concat([salt1, salt2]),
    capabilities: (low | (high << 16)) >>> 0,
    charset,
    status,
    authLength,
    filler,
    plugin: body.toString('latin1', at, nul),
    rest: body.length - nul - 1,
  };
}

export function sha2Scramble(password: string, salt: Buffer): Buffer {
  if (password === '') return Buffer.alloc(0);
  const sha = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
  const one = sha(Buffer.from(password));
  const two = sha(sha(one), salt);
  return Buffer.from(one.map((byte, index) => byte ^ (two[index] as number)));
}

export interface LoginOptions {
  user?: string;
  password?: string;
  database?: string;
  capabilities?: number;
  charset?: number;
  plugin?: string;
  response?: Buffer;
  attributes?: Record<string, string>;
}

export function loginBody(salt: Buffer, options: LoginOptions = {}): Buffer {
  let flags = options.capabilities ?? CAPABILITIES.default;
  flags = (flags & ~0x8) >>> 0;
  if (options.database !== undefined) flags = (flags | 0x8) >>> 0;
  if (options.attributes) flags = (flags | 0x100000) >>> 0;
  else flags = (flags & ~0x100000) >>> 0;
  const head = Buffer.alloc(32);
  head.writeUInt32LE(flags, 0);
  head.writeUInt32LE(0x1000000, 4);
  head[8] = options.charset ?? 255;
  const response = options.response ?? sha2Scramble(options.password ?? '', salt);
  const parts = [head, Buffer.from(`${options.user ?? 'root'}\0`), Buffer.from([response.length]), response];
  if (options.database !== undefined) parts.push(Buffer.from(`${options.database}\0`));
  if (flags & 0x80000) parts.push(Buffer.from(`${options.plugin ?? 'caching_sha2_password'}\0`));
  if (options.attributes) {
    const pairs = Buffer.concat(
      Object.entries(options.attributes).flatMap(([key, value]) =>
        [key, value].map((text) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])),
      ),
    );
    parts.push(Buffer.from([pairs.length]), pairs);
  }
  return Buffer.concat(parts);
}
