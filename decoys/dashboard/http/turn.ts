// One request on a connection and what has become of it so far.
import { ticksMs } from '../../touch/ticks.ts';
import { type BodyReader, bodyReaderFor } from './body.ts';
import type { ApplicationNote, Exchange } from './exchange.ts';
import type { Head } from './head.ts';
import type { Peer } from './peer.ts';
import type { Reply } from './reply.ts';

export interface Turn {
  readonly head: Head;
  readonly body: BodyReader;
  /** ms on the monotonic clock. */
  readonly startedAt: number;
  /** ms since the epoch. */
  readonly wallAt: number;
  keepAlive: boolean;
  /** `100 Continue` was sent. */
  continued: boolean;
  /** 0 until there is an answer. */
  status: number;
  responseBytes: number;
  responseBodyBytes: number;
  responseType: string | undefined;
  note: ApplicationNote | undefined;
  bodyDone: boolean;
  /** What the client still sends is not waited for, not even a while. */
  abrupt: boolean;
  recorded: boolean;
}

const NO_BYTES = Buffer.alloc(0);
const NS_PER_MS = 1e6;

/** `startedAt` is when the end of the head came. */
export function newTurn(head: Head, keepAlive: boolean, startedAt: number): Turn {
  return {
    head,
    body: bodyReaderFor(head.body),
    startedAt,
    wallAt: Date.now(),
    keepAlive,
    continued: false,
    status: 0,
    responseBytes: 0,
    responseBodyBytes: 0,
    responseType: undefined,
    note: undefined,
    bodyDone: false,
    abrupt: false,
    recorded: false,
  };
}

/** Takes down what is answered: `headBytes` of header, and of body what the method lets through. */
export function answerTurn(turn: Turn, reply: Reply, headBytes: number): void {
  turn.status = reply.status;
  turn.responseBodyBytes = turn.head.line.method === 'HEAD' ? 0 : reply.bytes;
  turn.responseBytes = headBytes + turn.responseBodyBytes;
  turn.responseType = reply.type;
}

export function exchangeOf(turn: Turn, peer: Peer): Exchange {
  const { body, head, status, responseBytes, responseBodyBytes, responseType, note } = turn;
  return {
    peer,
    head,
    body: {
      bytes: body.bytes,
      kept: body.kept.length === 0 ? NO_BYTES : Buffer.concat(body.kept),
      sha256: body.hash?.copy().digest('hex'),
      complete: turn.bodyDone,
    },
    status,
    responseBytes,
    responseBodyBytes,
    responseType,
    note,
    at: turn.wallAt,
    durationNs: (ticksMs() - turn.startedAt) * NS_PER_MS,
  };
}
