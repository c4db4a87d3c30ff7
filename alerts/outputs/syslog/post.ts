// Notices to a syslog receiver over one TCP or TLS connection. What its kernel has acknowledged its program may not have read yet: where
// a connection breaks, the last seconds' notices are sent again over the next one, before any other.
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Output } from '../output.ts';
import { type Address, connectTo, writeTo } from './connection.ts';
import { type SyslogOptions, syslogFrame } from './payload.ts';

const BATCH = 64;
/** Posts waiting for their acknowledgement at once; they are written in order all the same. */
const LANES = 8;
/** A receiver reads what has arrived within this time, if it reads at all … */
const UNREAD_MS = 5_000;
/** … and so much is kept to be sent again; the oldest goes first. */
const UNREAD_CHARS = 1_048_576;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 60_000;

export interface SyslogTarget extends SyslogOptions, Address {
  readonly name: string;
  readonly minSeverity?: number;
}

interface Sent {
  readonly text: string;
  readonly ms: number;
}

export function syslogOutput(target: SyslogTarget): Output {
  const { name, minSeverity = 1 } = target;
  const closing = new AbortController();
  let connection: Promise<Socket> | undefined;
  let sent: Sent[] = [];
  let chars = 0;

  function connect(): Promise<Socket> {
    connection ??= open();
    return connection;
  }

  async function open(): Promise<Socket> {
    try {
      const socket = await connectTo(target);
      socket.once('close', broke);
      if (sent.length > 0) {
        const again = sent.map(({ text }) => text).join('');
        sent = [{ text: again, ms: performance.now() }];
        socket.write(again);
      }
      return socket;
    } catch (error) {
      connection = undefined; // Whoever asked for it is told; the next post tries anew.
      throw error;
    }
  }

  function broke(): void {
    connection = undefined;
    const sinceMs = performance.now() - UNREAD_MS;
    sent = sent.filter(({ ms }) => ms >= sinceMs);
    chars = sent.reduce((sum, { text }) => sum + text.length, 0);
    if (sent.length > 0) void reconnect();
  }

  /** Nobody may have anything to post for long, and what was not read is due now. */
  async function reconnect(): Promise<void> {
    for (let pauseMs = FIRST_PAUSE_MS; !closing.signal.aborted; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      await delay(pauseMs, undefined, { signal: closing.signal, ref: false }).catch(() => {}); // Closed: the loop ends.
      if (closing.signal.aborted) return;
      try {
        await connect();
        return;
      } catch {
        // Posts say what is wrong with the receiver; this only waits for it.
      }
    }
  }

  return {
    name,
    minSeverity,
    batch: BATCH,
    lanes: LANES,
    async post(notices) {
      const text = notices.map((notice) => syslogFrame(notice, target)).join('');
      await writeTo(await connect(), text);
      const nowMs = performance.now();
      sent.push({ text, ms: nowMs });
      chars += text.length;
      while (sent.length > 1 && (chars > UNREAD_CHARS || sent[0]!.ms < nowMs - UNREAD_MS))
        chars -= sent.shift()!.text.length;
    },
    close() {
      closing.abort();
      connection?.then(
        (socket) => {
          socket.off('close', broke);
          socket.end();
        },
        () => {}, // It never came to be.
      );
    },
  };
}
