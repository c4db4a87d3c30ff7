// What other protocol bytes at a MySQL port are.

const HTTP_STARTS = ['GET ', 'POST', 'HEAD', 'OPTI', 'PUT ', 'DELE', 'CONN', 'PRI '];

export interface Stranger {
  /** Why the bytes are no MySQL; undefined where they are nothing known. */
  readonly reason: string | undefined;
  /** `network.protocol` of the touch. */
  readonly application: string;
}

/** What a client's first bytes are, by how they begin. */
export function describeStranger(bytes: Buffer): Stranger {
  const text = bytes.toString('latin1', 0, 8);
  if (HTTP_STARTS.some((start) => text.startsWith(start)))
    return { reason: 'HTTP at the MySQL port', application: 'http' };
  if (bytes[0] === 0x16 && bytes[1] === 3) return { reason: 'TLS at the MySQL port', application: 'tls' };
  if (text.startsWith('SSH-')) return { reason: 'SSH at the MySQL port', application: 'ssh' };
  return { reason: undefined, application: 'mysql' };
}
