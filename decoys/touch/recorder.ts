// The recorder: touches in, lines out, every one of them counted: written, waiting in a fold, or reported lost.
import packageJson from '../../package.json' with { type: 'json' };
import { createFolder } from './fold.ts';
import { heartbeatFields, touchFields } from './line.ts';
import { crypto } from './on-demand.ts';
import type { HeartbeatFields } from './run.ts';
import type { DecoyName, HoneypodFields } from './schema.ts';
import type { Identity } from './settings.ts';
import { createLineWriter, type Sink } from './sink.ts';
import { ticksMs } from './ticks.ts';
import type { Glimpse, Touch } from './touch.ts';
import { uuidv7 } from './uuid.ts';

const SALT_BYTES = 16;
const HASH_CHARS = 32;
/** Stands for an address nobody told us. */
const UNSPECIFIED = '0.0.0.0';

export interface Recorder {
  /** Records a touch. Never throws, whatever the touch holds. */
  touch(touch: Touch): void;
  /** False has counted a touch as one of too many sources; true asks for the touch itself, which is not counted yet. */
  wants(glimpse: Glimpse): boolean;
  /** Adds touches that are known to have happened but were not seen; the next heartbeat tells. */
  lose(count: number): void;
  /** Writes folds that are due. */
  tick(): void;
  heartbeat(fields: HeartbeatFields): void;
  /** Writes everything that is folded, as long as there is room; false where something is left. */
  flush(hasRoom?: () => boolean): boolean;
  /** Writes what is folded as one line without a source. */
  summarize(): void;
  /** False with LOG_CREDENTIALS=false: then tried passwords may not appear in bodies, headers or payloads either. */
  readonly logCredentials: boolean;
}

export interface RecorderOptions {
  readonly decoy: DecoyName;
  readonly identity: Identity;
  readonly sink: Sink;
  readonly logCredentials?: boolean;
  /** Lines a source may write before its touches fold, and how many a second that grows again. */
  readonly burst?: number;
  readonly refill?: number;
  /** Wall clock, ms since the epoch. */
  readonly now?: () => number;
  /** Clock for scheduling, ms, never steps back. */
  readonly ticks?: () => number;
}

export function createRecorder(options: RecorderOptions): Recorder {
  const { decoy, identity, sink, logCredentials = true, burst = 0, refill = 0 } = options;
  const { now = Date.now, ticks = ticksMs } = options;
  const run = uuidv7(now());
  const startedAt = ticks();
  const writer = createLineWriter({ decoy, version: packageJson.version, identity, run, sink });
  let sequence = 0;
  let touches = 0;
  let lines = 0;
  let lost = 0;

  const folder = createFolder({
    burst,
    refill,
    whole(touch) {
      const told = inWords(touch);
      return withPodAddress(logCredentials ? told : redacted(told), identity);
    },
    emit(touch, folded) {
      // Of the line without sources nobody has said which address was touched.
      const fields = touchFields(
        withPodAddress(touch, identity),
        folded,
        { id: uuidv7(now()), sequence: sequence + 1 },
        decoy,
      );
      // A refused line takes no sequence number: the gap would look like a lost line, and the loss is reported as what it is.
      if (writer.write(fields, folded.start)) {
        sequence++;
        lines++;
      } else {
        lost += folded.count;
      }
    },
  });

  return {
    logCredentials,
    touch(touch) {
      touches += touch.count ?? 1;
      folder.add(touch, ticks());
    },
    wants(glimpse) {
      const wanted = folder.wants(glimpse, ticks());
      if (!wanted) touches++;
      return wanted;
    },
    lose(count) {
      lost += count;
    },
    tick() {
      folder.tick(ticks());
    },
    heartbeat(own) {
      const fields = { ...own, touches, lines, lost };
      const uptimeSeconds = Math.round((ticks() - startedAt) / 1_000);
      const at = now();
      const line = heartbeatFields({ uptimeSeconds, fields }, { id: uuidv7(at), sequence: sequence + 1 }, decoy);
      if (!writer.write(line, at)) return;
      sequence++;
      lost = 0;
    },
    flush(hasRoom) {
      return folder.flush(hasRoom);
    },
    summarize() {
      folder.summarize();
    },
  };
}

/** With what only a written line shows. */
function inWords(touch: Touch): Touch {
  if (!touch.details) return touch;
  const { details, ...own } = touch;
  return { ...own, ...details() };
}

/** A decoy whose touch names no address of ours was touched at its pod's. */
function withPodAddress(touch: Touch, identity: Identity): Touch {
  if (touch.destination && touch.destination.ip !== '') return touch;
  const ip = identity.podIps[0] ?? UNSPECIFIED;
  if (!touch.destination) return ip === UNSPECIFIED ? touch : { ...touch, destination: { ip } };
  return { ...touch, destination: { ...touch.destination, ip } };
}

/** Replaces the tried password by a hash that tells equal ones apart, for as long as the process lives. */
function redacted(touch: Touch): Touch {
  const credential = touch.honeypod?.credential;
  if (!credential) return touch;
  const { user, password } = credential;
  const hidden: HoneypodFields['credential'] = {
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password_hash: hashed(password) }),
  };
  return { ...touch, honeypod: { ...touch.honeypod, credential: hidden } };
}

let salt: Buffer | undefined;

function hashed(password: string): string {
  salt ??= crypto().randomBytes(SALT_BYTES);
  return crypto().createHmac('sha256', salt).update(password).digest('hex').slice(0, HASH_CHARS);
}
