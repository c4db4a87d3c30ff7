// What all connections of the server share: who it is, when it started, its counters, its sessions, and each source's overlay.

import { createHash, hash } from 'node:crypto';
import type { Canary } from '../../touch/canary.ts';
import { ALL_KEPT_BYTES } from '../limits.ts';
import { BinaryLog } from '../overlay/binary-log.ts';
import { KeptBytes } from '../overlay/kept.ts';
import { type Overlay, Overlays } from '../overlay/overlay.ts';
import { INITIALIZED_MS } from '../persona/beginnings.ts';
import type { Persona } from '../persona/persona.ts';
import { AccountUse } from './account-use.ts';
import { seedAccounts } from './accounts.ts';
import { CountedCommands } from './counted-commands.ts';
import { SeenAccounts } from './seen-accounts.ts';
import type { Session } from './session.ts';
import { StatementHistory } from './statement-history.ts';

/** First thread id clients get; the ones before it are the server's own. */
const FIRST_CONNECTION_ID = 8;

/** A UUID's clock counts 100 ns. */
const TICKS_A_MS = 10_000n;
/** Ticks after its millisecond the first UUID of it is made within, and between two of them. */
const UUID_START_TICKS = 9_000;
const UUID_STEP_TICKS = 6;

interface CountedSource {
  readonly commands: CountedCommands;
  readonly accounts: SeenAccounts;
  readonly use: AccountUse;
}

export interface ServerOptions {
  readonly persona: Persona;
  readonly hostname: string;
  /** Seed of what stays the same for this pod: server uuid, plugins of unknown users. */
  readonly identity: string;
  readonly port: number;
  readonly startedMs: number;
  readonly bind: string;
  /** Credentials the dashboard leaks: accounts here, in every source's view. */
  readonly canaries: readonly Canary[];
}

export class ServerState {
  readonly options: ServerOptions;
  readonly uuid: string;
  /** The RSA key passwords are asked for under, in PEM; empty until it is made. */
  publicKey = '';
  readonly overlays: Overlays;
  /** What sessions keep, over all of them. */
  readonly kept = new KeptBytes(ALL_KEPT_BYTES);
  readonly sessions = new Map<number, Session>();
  /** Texts of variables that nobody has set, as far as they were asked for and stay the same. */
  readonly startTexts = new Map<string, string>();
  /** Counters of SHOW STATUS by their names. */
  readonly counters = new Map<string, number>();
  #nextId = FIRST_CONNECTION_ID;
  #shortUuid: bigint;
  /** Ticks of the UUID made last. */
  #uuidTicks = 0n;

  constructor(options: ServerOptions) {
    this.options = options;
    this.uuid = serverUuid(options.identity, options.startedMs - INITIALIZED_MS);
    const seed = seedAccounts(options.startedMs, options.canaries);
    // A series that begins without GTIDs says that it has executed none.
    const numbered = options.persona.variables.gtid_executed === undefined;
    this.overlays = new Overlays((overlay) => {
      seed(overlay);
      if (!numbered) overlay.binaryLog = new BinaryLog(false);
    });
    this.#shortUuid = (BigInt(Math.floor(options.startedMs / 1000)) << 24n) + (1n << 56n);
  }

  nextConnectionId(): number {
    const id = this.#nextId;
    this.#nextId = id >= 0xffff_ffff ? FIRST_CONNECTION_ID : id + 1;
    return id;
  }

  count(name: string, by = 1): void {
    this.counters.set(name, (this.counters.get(name) ?? 0) + by);
  }

  /** A version 1 UUID of this moment, as UUID() gives it. */
  timeUuid(nowMs: number, random: () => number): string {
    const begun = (BigInt(nowMs) + 12_219_292_800_000n) * TICKS_A_MS;
    const step = BigInt(1 + Math.floor(random() * UUID_STEP_TICKS));
    // The clock goes on a little from one to the next of a millisecond, and never back.
    const ticks =
      this.#uuidTicks < begun ? begun + BigInt(Math.floor(random() * UUID_START_TICKS)) : this.#uuidTicks + step;
    this.#uuidTicks = ticks;
    const [low, middle, high] = [ticks & 0xffff_ffffn, (ticks >> 32n) & 0xffffn, (ticks >> 48n) & 0x0fffn];
    const hex = (value: bigint, width: number) => value.toString(16).padStart(width, '0');
    return `${hex(low, 8)}-${hex(middle, 4)}-1${hex(high, 3)}-${this.uuid.slice(19)}`;
  }

  shortUuid(): bigint {
    this.#shortUuid += 1n;
    return this.#shortUuid;
  }

  /** The place that leaked a user name, where it is a canary's. */
  leakedBy(user: string): string | undefined {
    return this.options.canaries.find((canary) => canary.user === user)?.path;
  }

  readonly #asked = new WeakMap<Overlay, CountedSource>();

  /** What is counted of a source beside its statements: its commands, and who it came as. */
  countedOf(overlay: Overlay): CountedSource {
    let counted = this.#asked.get(overlay);
    if (!counted) {
      counted = { commands: new CountedCommands(), accounts: new SeenAccounts(), use: new AccountUse() };
      this.#asked.set(overlay, counted);
    }
    return counted;
  }

  readonly #histories = new WeakMap<Overlay, StatementHistory>();

  /** What a source asked. */
  historyOf(overlay: Overlay): StatementHistory {
    let history = this.#histories.get(overlay);
    if (!history) {
      history = new StatementHistory();
      this.#histories.set(overlay, history);
    }
    return history;
  }

  /** Sessions a source may see: its own. */
  sessionsOf(overlay: Overlay): Session[] {
    return [...this.sessions.values()].filter((session) => session.overlay === overlay);
  }

  /** A number that stays the same for a name as long as the process lives. */
  hash(text: string): number {
    return hash('sha256', `${this.uuid}\0${text}`, 'buffer').readUInt32LE(0);
  }
}

/** A version 1 UUID as mysqld makes when it initializes its data directory, at `madeMs` since 1970. */
function serverUuid(identity: string, madeMs: number): string {
  const digest = createHash('sha256').update(`server-uuid\0${identity}`).digest();
  const base = new Date(madeMs);
  const ticks = (BigInt(base.getTime()) + 12_219_292_800_000n) * 10_000n + BigInt(digest.readUInt16LE(0));
  const low = (ticks & 0xffff_ffffn).toString(16).padStart(8, '0');
  const middle = ((ticks >> 32n) & 0xffffn).toString(16).padStart(4, '0');
  const high = (((ticks >> 48n) & 0x0fffn) | 0x1000n).toString(16).padStart(4, '0');
  const clock = ((digest.readUInt16LE(2) & 0x3fff) | 0x8000).toString(16);
  const node = Buffer.concat([Buffer.from([0x02, 0x42]), digest.subarray(4, 8)]).toString('hex');
  return `${low}-${middle}-${high}-${clock}-${node}`;
}
