// A pod's first packets are quicker than the API's word of its address: a kubelet reports it about a second after the container
// has started, and `kubectl run … -- ping -c1` is over by then. A touch from an address that could be such a pod's waits for its name.

/** How long a name is waited for; what was touched longer ago than this does not wait at all. */
const WAIT_MS = 5_000;
/** Touches that wait at a time; what comes on top goes on with the name there is. */
const TOUCHES = 2_000;
/** An address whose name never came is not waited for again for this long. */
const VAIN_MS = 600_000;
/** Such addresses remembered; the oldest is forgotten first. */
const VAIN = 10_000;

export interface UnnamedTouch {
  readonly ip: string;
  readonly atMs: number;
  /** Called once: when the address has got its name, or after a while without. */
  readonly go: () => void;
}

export interface Patience {
  /** True where the touch has to wait. Those of one address go in the order they came. */
  wait(touch: UnnamedTouch): boolean;
  /** These addresses have a pod now. */
  named(ips: readonly string[]): void;
  /** Lets go what has waited long enough. Call once a second or so. */
  tick(): void;
  /** Lets go everything. */
  end(): void;
}

export interface PatienceOptions {
  /** Whether nobody is known to have had the address at that time, though a pod may. */
  readonly isOpen: (ip: string, atMs: number) => boolean;
  readonly now?: () => number;
  readonly waitMs?: number;
}

interface Waiting {
  readonly untilMs: number;
  readonly goes: (() => void)[];
}

export function createPatience({ isOpen, now = Date.now, waitMs = WAIT_MS }: PatienceOptions): Patience {
  const waiting = new Map<string, Waiting>();
  const vain = new Map<string, number>();
  let touches = 0;

  function release(ip: string, { goes }: Waiting): void {
    waiting.delete(ip);
    touches -= goes.length;
    for (const go of goes) go();
  }

  function wasVain(ip: string): boolean {
    const sinceMs = vain.get(ip);
    if (sinceMs === undefined) return false;
    if (now() - sinceMs < VAIN_MS) return true;
    vain.delete(ip);
    return false;
  }

  function giveUp(ip: string, waited: Waiting): void {
    if (vain.size >= VAIN) vain.delete(vain.keys().next().value ?? '');
    vain.set(ip, now());
    release(ip, waited);
  }

  return {
    wait({ ip, atMs, go }) {
      const known = waiting.get(ip);
      if (touches >= TOUCHES) {
        if (known) giveUp(ip, known); // Before this one: they go in order.
        return false;
      }
      if (!known && (now() - atMs > waitMs || wasVain(ip) || !isOpen(ip, atMs))) return false;
      touches++;
      if (known) known.goes.push(go);
      else waiting.set(ip, { untilMs: now() + waitMs, goes: [go] });
      return true;
    },
    named(ips) {
      for (const ip of ips) {
        vain.delete(ip);
        const waited = waiting.get(ip);
        if (waited) release(ip, waited);
      }
    },
    tick() {
      for (const [ip, waited] of waiting) {
        if (waited.untilMs > now()) break; // In the order they came: the rest is younger.
        giveUp(ip, waited);
      }
    },
    end() {
      for (const [ip, waited] of waiting) release(ip, waited);
    },
  };
}
