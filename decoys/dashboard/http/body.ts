// A request body as it streams in: counted and hashed whole, kept as a prefix only, within a budget over all connections.
import { createHash, type Hash } from 'node:crypto';
import { type ChunkedScan, newChunkedScan, scanChunked } from './chunked.ts';
import type { BodyFraming } from './head.ts';
import { KEPT_BODIES_BYTES, KEPT_BODY_BYTES } from './limits.ts';

export interface BodyReader {
  readonly framing: BodyFraming;
  readonly chunked: ChunkedScan;
  /** Bytes of body so far, decoded. */
  bytes: number;
  readonly kept: Buffer[];
  keptBytes: number;
  hash: Hash | undefined;
}

export type BodyProgress = 'more' | 'done' | 400 | 413;

/** Kept bytes of all bodies that are in the process. */
export interface BodyBudget {
  used: number;
}

/** Of a request without a body; nothing in it ever changes. */
const NO_BODY: BodyReader = newBodyReader({ kind: 'none' });

export function bodyReaderFor(framing: BodyFraming): BodyReader {
  return framing.kind === 'none' ? NO_BODY : newBodyReader(framing);
}

export function newBodyReader(framing: BodyFraming): BodyReader {
  return { framing, chunked: newChunkedScan(), bytes: 0, kept: [], keptBytes: 0, hash: undefined };
}

/**
 * Takes body bytes from `at` on. `next` is the offset of the first byte that is not the body's. A body over `limit` bytes is 413
 * where its framing tells, `Infinity` where it is only read away.
 */
export function readBody(
  bytes: Buffer,
  at: number,
  body: BodyReader,
  limit: number,
  budget: BodyBudget,
): { progress: BodyProgress; next: number } {
  const { framing } = body;
  if (framing.kind === 'none') return { progress: 'done', next: at };
  const take = (from: number, to: number) => takeBytes(bytes, from, to, body, budget);
  if (framing.kind === 'length') {
    const next = Math.min(bytes.length, at + framing.bytes - body.bytes);
    take(at, next);
    return { progress: body.bytes === framing.bytes ? 'done' : 'more', next };
  }
  const { progress, next } = scanChunked(bytes, at, body.chunked, limit, take);
  if (progress === 'invalid') return { progress: 400, next };
  if (progress === 'too large') return { progress: 413, next };
  return { progress, next };
}

function takeBytes(bytes: Buffer, from: number, to: number, body: BodyReader, budget: BodyBudget): void {
  if (to === from) return;
  const run = bytes.subarray(from, to);
  body.bytes += run.length;
  body.hash ??= createHash('sha256');
  body.hash.update(run);
  const room = Math.min(KEPT_BODY_BYTES - body.keptBytes, KEPT_BODIES_BYTES - budget.used, run.length);
  if (room <= 0) return;
  // A copy: the run is a view of a read buffer that may be much larger.
  body.kept.push(Buffer.from(run.subarray(0, room)));
  body.keptBytes += room;
  budget.used += room;
}

/** Gives the body's share of the budget back. Call it once, when the request is over. */
export function releaseBody(body: BodyReader, budget: BodyBudget): void {
  if (body.keptBytes === 0) return;
  budget.used -= body.keptBytes;
  body.keptBytes = 0;
  body.kept.length = 0;
}
