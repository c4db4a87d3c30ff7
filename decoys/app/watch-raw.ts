// Raw mode: every packet the kernel delivers, through raw sockets, becomes part of a touch or is counted as what it is.
import type { CounterReader, Counters } from '../touch/kernel-counters.ts';
import { dropPrivileges } from '../touch/privileges.ts';
import type { Recorder } from '../touch/recorder.ts';
import type { Running } from '../touch/run.ts';
import { ticksMs } from '../touch/ticks.ts';
import { nearestAddress, refreshAddresses } from './addresses.ts';
import { askedAddress } from './asked-address.ts';
import { learnRefusals } from './learn-refusals.ts';
import { type Ignored, ignoredAs } from './own-traffic.ts';
import { type Family, type Packet, parsePacket } from './packet.ts';
import { createPolling } from './polling.ts';
import { openRawSockets } from './raw-sockets.ts';
import { createRefusals } from './refusals.ts';
import { createSharedMachine } from './shared-machine.ts';
import { createTracker } from './tracker.ts';
import { createUnseenBooks } from './unseen.ts';
import { warmUpRefusals } from './warm-up.ts';

/** Packets of one source and kind are handed on together this often. */
const FLUSH_MS = 50;
/** How often the kernel's counters are compared. */
const CHECK_MS = 1_000;
/** The own addresses are read again with every fifth comparison. */
const CHECKS_PER_REFRESH = 5;
/** For what waits in the sockets at the end; the rest is told as unseen. */
const DRAIN_MS = 400;
const DEFAULT_TTL = 64;

export interface RawWatchOptions {
  readonly recorder: Pick<Recorder, 'touch' | 'wants'>;
  readonly counters: CounterReader;
  readonly siblings: ReadonlySet<number>;
  readonly onDiagnostic: (message: string) => void;
  /** False only for the benchmark's comparison. */
  readonly adaptive?: boolean;
}

/** Opens the sockets, gives up every privilege, and watches. Throws RawUnavailable or UserError. */
export function watchRaw({ recorder, counters, siblings, onDiagnostic, adaptive = true }: RawWatchOptions): Running {
  const refused: Record<Family, ReadonlySet<number>> = { 4: new Set(), 6: new Set() };
  const own = new Map<string, string>();
  const ignored: Partial<Record<Ignored, number>> = {};
  let base: Counters = new Map();
  refreshAddresses(own);

  const raw = openRawSockets({
    onFirst(sockets) {
      for (const [family, first] of sockets) refused[family] = learnRefusals(family, first);
      base = counters.read();
    },
    onFailure(error) {
      onDiagnostic(`a raw socket failed (${error.message}); packets would go unseen, so this ends`);
      process.exit(1);
    },
  });
  const privileges = dropPrivileges();
  warmUpRefusals();

  const tracker = createTracker({
    emit: (touch) => recorder.touch(touch),
    wants: (glimpse) => recorder.wants(glimpse),
    asked: (packet, roughly) => (roughly ? nearestAddress(packet.source, own) : askedAddress(packet, own)),
  });
  const refuse = createRefusals({ refused, own, ttl: base.get('Ip.DefaultTTL') || DEFAULT_TTL });
  const books = createUnseenBooks(base, (touch) => recorder.touch(touch));
  const machine =
    siblings.size === 0
      ? undefined
      : createSharedMachine({
          ports: siblings,
          onTouch: observe,
          onTheirs: (packets) => ignore('other-program', packets),
        });
  const surroundings = { own, knows: tracker.knows };
  let flusher: NodeJS.Timeout | undefined;

  function ignore(why: Ignored, packets = 1): void {
    ignored[why] = (ignored[why] ?? 0) + packets;
  }

  function flush(): void {
    flusher = undefined;
    tracker.flush();
  }

  function observe(packet: Packet): void {
    tracker.observe(packet);
    if (tracker.waiting) flusher ??= setTimeout(flush, FLUSH_MS);
  }

  function take(packet: Packet): void {
    const why = ignoredAs(packet, surroundings);
    if (why !== undefined) {
      ignore(why);
      return;
    }
    const side = machine?.sort(packet) ?? 'touch';
    if (side === 'theirs') ignore('other-program');
    if (side !== 'touch') return;
    // The answer first: whoever asked measures how long it takes.
    if (refused[packet.family].has(packet.protocol)) answer(packet);
    observe(packet);
  }

  function answer(packet: Packet): void {
    const refusal = refuse(packet, ticksMs());
    if (refusal) raw.send(refusal.family, refusal.packet, refusal.address);
  }

  const polling = createPolling({
    sockets: raw.sockets,
    receiveBuffer: raw.receiveBuffer,
    adaptive,
    onPacket: (data, length, source, { family, protocol }) =>
      take(parsePacket({ data, length, source, family, protocol, at: Date.now() })),
    onError: (message) => onDiagnostic(`recvfrom: ${message}`),
  });

  let dropped = raw.drops();
  let lost = 0;
  let lastReading = base;
  let checks = 0;

  function delivered(): Record<Family, number> {
    const drops = raw.drops(polling.takeActive());
    lost += drops[4] + drops[6] - dropped[4] - dropped[6];
    dropped = drops;
    return { 4: polling.received[4] + drops[4], 6: polling.received[6] + drops[6] };
  }

  const checker = setInterval(() => {
    checks++;
    if (checks % CHECKS_PER_REFRESH === 0) refreshAddresses(own);
    books.settle(lastReading, delivered(), Date.now());
    lastReading = counters.read();
  }, CHECK_MS);
  const decider = machine && setInterval(() => machine.tick(Date.now()), FLUSH_MS);

  const families = raw.families.map((family) => `IPv${family}`).join(' and ');
  let open = true;
  return {
    summary: `sees every packet on ${families} (${raw.sockets.length} raw sockets, receive buffer ${raw.receiveBuffer} bytes, uid ${privileges.uid})`,
    heartbeat: () => ({
      mode: 'raw',
      ports: [],
      uid: privileges.uid,
      capabilities: privileges.capabilities,
      receive_buffer: raw.receiveBuffer,
      unseen: books.totals(),
      ignored: { ...ignored },
    }),
    lost() {
      if (open) delivered();
      const news = lost;
      lost = 0;
      return news;
    },
    async close() {
      clearInterval(checker);
      clearInterval(decider);
      clearTimeout(flusher);
      const reading = counters.read();
      polling.drain(DRAIN_MS);
      machine?.finish();
      tracker.flush();
      books.settle(reading, delivered(), Date.now());
      books.settle(reading, delivered(), Date.now());
      polling.stop();
      open = false;
      raw.close();
      counters.close();
    },
  };
}
