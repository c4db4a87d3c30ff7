// Reading many raw sockets cheaply: by epoll while packets are rare, by a timer while they pour in.
// A wake-up costs about ten packets' work, so a socket that wakes twice within 2 ms is drained in rounds instead.
import { ticksMs } from '../touch/ticks.ts';
import { createPace } from './pace.ts';
import type { Family } from './packet.ts';

/** The part of raw-socket's native wrapper that is used here. */
export interface Wrap {
  recv(buffer: Buffer, taken: (buffer: Buffer, bytes: number, source: string) => void): void;
  pause(receive: boolean, send: boolean): void;
  send(buffer: Buffer, offset: number, length: number, address: string, sent: (bytes: number) => void): void;
  getOption(level: number, option: number, value: Buffer, length: number): number;
  setOption(level: number, option: number, value: Buffer, length: number): void;
  close(): void;
  on(event: 'recvReady' | 'error', listener: (error?: Error) => void): void;
  removeAllListeners(event: string): void;
}

export interface RawSocket {
  readonly wrap: Wrap;
  readonly family: Family;
  readonly protocol: number;
}

/** Wake-ups closer than this start the timer. */
const BUSY_MS = 2;
/** Timers are no finer; a shorter pause is one turn of the event loop. */
const TIMER_MS = 1;
/** Rounds without a packet after which a socket goes back to epoll. */
const QUIET_ROUNDS = 10;
/** Packets read of one socket before timers and lines get their turn. */
const BATCH = 1_024;
const PACKET_BYTES = 65_535;
/** strerror(EAGAIN): the addon throws the text only. */
const NOTHING_THERE = 'Resource temporarily unavailable';

export interface Polling {
  /** Reads what waits in every socket, for so many ms at most: a flood need not end. */
  drain(ms: number): void;
  /** Stops reading. The sockets stay open. */
  stop(): void;
  /** Packets read since the start, by family. */
  readonly received: Record<Family, number>;
  /** Sockets that had packets since the last call: only those can have dropped any. */
  takeActive(): RawSocket[];
}

export interface PollingOptions {
  readonly sockets: readonly RawSocket[];
  /** Bytes of the receive buffer of the sockets that floods come in. */
  readonly receiveBuffer: number;
  /** Gets each packet; `data` is overwritten by the next. */
  readonly onPacket: (data: Buffer, length: number, source: string, socket: RawSocket) => void;
  /** Gets each different text of an error other than "nothing there", once. */
  readonly onError: (message: string) => void;
  /** A clock in ms that never steps back. */
  readonly clock?: () => number;
  /** False reads one packet a wake-up, as the addon's own events do: only the benchmark wants that. */
  readonly adaptive?: boolean;
}

interface Watched {
  readonly socket: RawSocket;
  wokenAt: number;
  quiet: number;
}

export function createPolling(options: PollingOptions): Polling {
  const { sockets, receiveBuffer, onPacket, onError, clock = ticksMs, adaptive = true } = options;
  const buffer = Buffer.allocUnsafe(PACKET_BYTES);
  const received: Record<Family, number> = { 4: 0, 6: 0 };
  const polled = new Set<Watched>();
  const told = new Set<string>();
  const active = new Set<RawSocket>();
  let bytes = -1;
  let source = '';
  const pace = createPace(receiveBuffer);
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function taken(_buffer: Buffer, read: number, from: string): void {
    bytes = read;
    source = from;
  }

  /** False where nothing was there. The callback only notes, so whatever is thrown here comes from recvfrom(2). */
  function readOne(socket: RawSocket): boolean {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    bytes = -1;
    try {
      socket.wrap.recv(buffer, taken);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== NOTHING_THERE && !told.has(message)) {
        told.add(message);
        onError(message);
      }
    }
    Error.stackTraceLimit = limit;
    if (bytes < 0) return false;
    received[socket.family]++;
    active.add(socket);
    onPacket(buffer, bytes, source, socket);
    return true;
  }

  function poll(): void {
    timer = undefined;
    const began = clock();
    let more = false;
    let most = 1;
    for (const watched of polled) {
      let count = 0;
      while (count < BATCH && readOne(watched.socket)) count++;
      if (count === BATCH) more = true;
      most = Math.max(most, count);
      watched.quiet = count === 0 ? watched.quiet + 1 : 0;
      if (watched.quiet < QUIET_ROUNDS) continue;
      polled.delete(watched);
      watched.socket.wrap.pause(false, true);
    }
    if (stopped || polled.size === 0) return;
    const pauseMs = pace.pauseAfter({ began, now: clock(), most });
    if (more || pauseMs < TIMER_MS) setImmediate(poll);
    else timer = setTimeout(poll, pauseMs);
  }

  function wake(watched: Watched): void {
    if (stopped) return;
    const now = clock();
    const busy = now - watched.wokenAt < BUSY_MS;
    watched.wokenAt = now;
    readOne(watched.socket);
    if (!busy || !adaptive) return;
    watched.socket.wrap.pause(true, true);
    watched.quiet = 0;
    const idle = polled.size === 0;
    polled.add(watched);
    if (!idle) return;
    timer = setTimeout(poll, pace.start(now));
  }

  for (const socket of sockets) {
    const watched: Watched = { socket, wokenAt: Number.NEGATIVE_INFINITY, quiet: 0 };
    socket.wrap.on('recvReady', () => wake(watched));
  }
  return {
    received,
    takeActive() {
      const taken = [...active];
      active.clear();
      return taken;
    },
    drain(ms) {
      const until = clock() + ms;
      for (const socket of sockets) while (clock() < until && readOne(socket));
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      polled.clear();
      for (const socket of sockets) socket.wrap.pause(true, true);
    },
  };
}
