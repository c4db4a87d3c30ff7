// A fuzz case: what one client does, as JSON a fixture can hold. Bytes are latin1 strings, one character a byte, as in test/fixtures/dashboard.

/** What a client does next: send bytes, wait for an answer, pause, or leave. */
export type Part =
  | string
  | { readonly answer: true }
  | { readonly pauseMs: number }
  | { readonly end: 'fin' | 'reset' };

export interface Case {
  /** Which door of the target: a port, a kind of file. Each target says which it has. */
  readonly to: string;
  readonly parts: readonly Part[];
}

/** Whole random number from 0 to below `below`. */
export type Random = (below: number) => number;

export function pick<T>(list: readonly T[], random: Random): T {
  return list[random(list.length)]!;
}

/** True once in `times`. */
export function once(times: number, random: Random): boolean {
  return random(times) === 0;
}

export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
