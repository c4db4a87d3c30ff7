// A touch: one thing somebody did to a decoy, as the decoy understood it, before it is folded and written as a line.
import type { Action, TechniqueId } from './actions.ts';
import type { PortSet } from './ports.ts';
import type { HoneypodFields, Outcome, TouchLine } from './schema.ts';

/** An address in text form. IPv4-mapped IPv6 addresses are written as IPv4. */
export interface Endpoint {
  readonly ip: string;
  readonly port?: number;
}

/** As much of an ordinary touch as it takes to count it without a line: under a flood of addresses nothing more is put together. */
export interface Glimpse {
  /** Whose touch it is. */
  readonly ip: string;
  /** The address of ours, where it is known. */
  readonly asked: string | undefined;
  /** As the touch would have them. */
  readonly foldKey: string;
  readonly protocol: number;
  readonly at: number;
  readonly bytes: number;
}

/** Under a flood lines are rationed; a higher priority is served first and keeps a reserve of its own. */
export const PRIORITY = { ordinary: 0, completed: 1, signature: 2 } as const;
export type Priority = (typeof PRIORITY)[keyof typeof PRIORITY];

export interface Touch {
  readonly action: Action;
  /** When it happened, in ms since the epoch. */
  readonly at: number;
  /** When it ended, where it took a time. */
  readonly end?: number;
  readonly outcome?: Outcome;
  /** Absent where the kernel's counters are the only witness. */
  readonly source?: Endpoint;
  /** `ip: ''` where only the port is known: the pod's address is put in. */
  readonly destination?: Endpoint;
  /** IANA protocol number of layer 4: 6 TCP, 17 UDP, 1 ICMP, 58 ICMPv6. */
  readonly protocol: number;
  /** `network.protocol`: http, mysql, tls. */
  readonly application?: string;
  /** How many packets or requests this is; 1 unless the caller counted. */
  readonly count?: number;
  /** Bytes on the wire, of the packet or of the request. */
  readonly bytes?: number;
  /** Duration in ns, as `event.duration`. */
  readonly duration?: number;
  readonly reason?: string;
  readonly original?: string;
  readonly http?: TouchLine['http'];
  readonly url?: TouchLine['url'];
  readonly userAgent?: string;
  readonly user?: string;
  readonly tls?: TouchLine['tls'];
  readonly hosts?: readonly string[];
  /** What this touch shows beyond what its action shows by itself; replaces the action's own technique. */
  readonly techniques?: readonly TechniqueId[];
  readonly honeypod?: Omit<HoneypodFields, 'decoy' | 'count' | 'lost'>;
  readonly message: string;

  /**
   * What only a written line shows. Asked for where the touch will stand for a line, at once and at most once: in a flood
   * most touches are only counted, and need not be put into words.
   */
  readonly details?: () => Omit<Partial<Touch>, 'details'>;

  /**
   * Every distinct port its source has tried in this kind, where the decoy itself keeps them: read when the line is
   * written, instead of the ports that folding collects.
   */
  readonly ports?: PortSet;

  /** Touches of one source fold together when their action and this are the same. */
  readonly foldKey?: string;
  /** Write at once, with whatever was folded under the same key before: the decoy has understood something new. */
  readonly urgent?: boolean;
  readonly priority?: Priority;
}
