// The performance schema's thread ids: they run ahead of connection ids by the threads that are none of a client's.

const THREADS_BEFORE = 33n;

/** The thread a connection is served by. */
export function threadIdOf(connectionId: number): bigint {
  return BigInt(connectionId) + THREADS_BEFORE;
}
