// The way out: pino lines to a file descriptor, written without ever blocking the decoy and with a cap on what waits.
// A reader that stalls costs lines, never memory: what finds no room is refused, and the recorder counts it.
import { write } from 'node:fs';
import { ecsFormat } from '@elastic/ecs-pino-format';
import { type Logger, pino } from 'pino';
import { inert, LINE_BYTES } from './caps.ts';
import { iso, type LineFields } from './line.ts';
import type { DecoyName, TouchLine } from './schema.ts';
import type { Identity } from './settings.ts';

/** Bytes that may wait for a slow reader. */
export const WAITING_BYTES = 1_048_576;
const RETRY_MS = 20;

export interface Sink {
  /** False where there is no room: the line is not taken. */
  write(line: string): boolean;
  /** Resolves once everything that was taken is written. */
  end(): Promise<void>;
}

export interface BoundedSink extends Sink {
  /** Whether a line of any size would be taken now, and a heartbeat after it. */
  hasRoom(): boolean;
}

/** Writes to `fd`, which may be a pipe, a file or a terminal. `onError` is told once, when nothing can be written any more. */
export function createSink(fd: number, onError: (error: Error) => void): BoundedSink {
  let waiting: string[] = [];
  let waitingBytes = 0;
  let busy = false;
  let broken = false;
  let idle: (() => void) | undefined;

  function pump(bytes: Buffer, from: number): void {
    write(fd, bytes, from, bytes.length - from, null, (error, written) => {
      if (error?.code === 'EAGAIN') {
        setTimeout(pump, RETRY_MS, bytes, from);
        return;
      }
      if (error) {
        broken = true;
        waiting = [];
        idle?.();
        onError(error);
        return;
      }
      if (from + written < bytes.length) pump(bytes, from + written);
      else next(bytes.length);
    });
  }

  function next(written: number): void {
    waitingBytes -= written;
    busy = false;
    if (waiting.length > 0) start();
    else idle?.();
  }

  function start(): void {
    busy = true;
    const bytes = Buffer.from(waiting.join(''));
    waiting = [];
    pump(bytes, 0);
  }

  return {
    write(line) {
      const bytes = Buffer.byteLength(line);
      if (broken || waitingBytes + bytes > WAITING_BYTES) return false;
      waitingBytes += bytes;
      waiting.push(line);
      if (!busy) start();
      return true;
    },
    hasRoom: () => broken || waitingBytes + 2 * LINE_BYTES <= WAITING_BYTES,
    end() {
      if (broken || (!busy && waiting.length === 0)) return Promise.resolve();
      return new Promise((resolve) => {
        idle = resolve;
      });
    },
  };
}

export interface LineWriter {
  /** Writes one line stamped `at` (ms since the epoch); false where the sink refused it. */
  write(fields: LineFields, at: number): boolean;
}

/** A pino logger in ECS form whose every line carries the decoy's identity. */
export function createLineWriter(options: {
  readonly decoy: DecoyName;
  readonly version: string;
  readonly identity: Identity;
  readonly run: string;
  readonly sink: Sink;
}): LineWriter {
  const { decoy, version, identity, run, sink } = options;
  let at = 0;
  let accepted = true;
  const base: Pick<TouchLine, 'observer' | 'orchestrator' | 'host' | 'agent'> = {
    observer: { type: 'honeypod', vendor: 'honeypods', product: decoy, version },
    orchestrator: {
      type: 'kubernetes',
      ...(identity.cluster ? { cluster: { name: identity.cluster } } : {}),
      namespace: identity.namespace,
      resource: {
        type: 'pod',
        name: identity.podName,
        ip: [...identity.podIps],
        ...(identity.podUid ? { id: identity.podUid } : {}),
        label: [`app=${identity.app}`],
      },
    },
    ...(identity.nodeName ? { host: { name: identity.nodeName } } : {}),
    agent: { ephemeral_id: run },
  };
  const logger: Logger = pino(
    {
      ...ecsFormat({ apmIntegration: false }),
      base,
      timestamp: () => `,"@timestamp":"${iso(at)}"`,
    },
    {
      write(line: string) {
        accepted = sink.write(inert(line));
      },
    },
  );
  return {
    write(fields, time) {
      at = time;
      accepted = false;
      const { message, ...rest } = fields;
      logger.info(rest, message);
      return accepted;
    },
  };
}
