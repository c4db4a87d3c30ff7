// What a fingerprint is: a question put to a MySQL server from outside, and its answer in a form that two servers can be compared by.

/** Asks a server at a port of 127.0.0.1; gives JSON with what moves by chance left out. */
export interface Fingerprint {
  readonly name: string;
  readonly ask: (port: number) => Promise<unknown>;
}

export function fingerprint(name: string, ask: Fingerprint['ask']): Fingerprint {
  return { name, ask };
}

/** An error's place in a table of words: what a client would be told, whatever the address it came from. */
export function shown(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replaceAll('9.7.4-2', '9.7.4')
    .replace(/[^\x20-\x7e]|\\/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
