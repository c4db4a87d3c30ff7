// The shell every decoy program runs in: settings, recorder, signals, the way out.
import { exitWith, UserError } from './errors.ts';
import { lockDown, type Needs } from './lockdown.ts';
import { dropPrivileges } from './privileges.ts';
import { createRecorder, type Recorder } from './recorder.ts';
import type { DecoyName, HoneypodFields } from './schema.ts';
import { identityFrom, readFlag } from './settings.ts';
import { createSink } from './sink.ts';
import { readCounting, watchSurroundings } from './surroundings.ts';
import { ticksMs } from './ticks.ts';

const HEARTBEAT_MS = 30_000;
const TICK_MS = 50;
/** SIGTERM to exit; the pod's terminationGracePeriodSeconds is 2. */
const DRAIN_MS = 1_200;
/** Of that, for lines of what is folded; the rest goes into one. */
const FLUSH_MS = 300;

/** Folding of a decoy that answers: what a person types has a line each, a tool's run soon folds. */
export const CONVERSATION_FOLDING = { burst: 40, refill: 5 } as const;

/** What a decoy may say about itself in each heartbeat line. */
export type HeartbeatFields = Pick<
  HoneypodFields,
  'mode' | 'ports' | 'uid' | 'capabilities' | 'receive_buffer' | 'canaries' | 'unseen' | 'ignored'
>;

/** A decoy that is listening. */
export interface Running {
  /** One line for stderr: where it listens and what it can not see. */
  readonly summary: string;
  heartbeat(): HeartbeatFields;
  /** Touches the decoy knows it missed since the last call (kernel drops). */
  lost?(): number;
  /** Stops accepting and records what is still open. */
  close(): Promise<void>;
}

export interface DecoyProgram<Settings> extends Needs {
  readonly name: DecoyName;
  /** Lines a source may write before its touches fold, and how many a second that grows again. */
  readonly folding?: { readonly burst: number; readonly refill: number };
  /** The kernel's counters tell of what reaches its pod beside its connections; app sees all of it by itself. */
  readonly counts?: boolean;
  /** Pure; throws UserError for a wrong value. */
  readonly settings: (env: NodeJS.ProcessEnv) => Settings;
  /** Resolves once it listens; throws UserError where it cannot (port in use, no right to bind). */
  readonly start: (settings: Settings, recorder: Recorder) => Promise<Running>;
}

/** Runs a decoy until SIGTERM or SIGINT. stdout carries lines only; stderr says where it listens. */
export async function runDecoy<Settings>(program: DecoyProgram<Settings>): Promise<void> {
  process.title = 'node';
  // From the first moment: process 1 of a container ignores a signal it does not handle. Until it listens there is nothing to save.
  let end: () => void = () => process.exit(0);
  process.on('SIGTERM', () => end());
  process.on('SIGINT', () => end());
  try {
    refuseFlags(process.argv.slice(2));
    const settings = program.settings(process.env);
    const identity = identityFrom(process.env, program.name);
    const sink = createSink(process.stdout.fd, (error) => {
      process.stderr.write(
        `${program.name}: stdout cannot be written (${error.message}); nothing would be recorded, so this ends\n`,
      );
      process.exit(1);
    });
    const logCredentials = readFlag(process.env, 'LOG_CREDENTIALS', true);
    const recorder = createRecorder({ decoy: program.name, identity, sink, logCredentials, ...program.folding });
    const counting = program.counts === true && readCounting(process.env);
    const running = await program.start(settings, recorder);
    const surroundings = counting ? watchSurroundings(recorder) : undefined;
    // Ports below 1024 are held by now; nothing that reads attackers' bytes goes on as root.
    dropPrivileges();
    lockDown(program);

    const ticker = setInterval(() => recorder.tick(), TICK_MS);
    const beat = () => {
      recorder.lose(running.lost?.() ?? 0);
      recorder.heartbeat(running.heartbeat());
    };
    const heart = setInterval(beat, HEARTBEAT_MS);
    beat();
    process.stderr.write(`${program.name}: ${running.summary}\n`);

    let ending = false;
    const drain = async () => {
      if (ending) return;
      ending = true;
      clearInterval(ticker);
      clearInterval(heart);
      const deadline = setTimeout(() => process.exit(1), DRAIN_MS);
      await running.close().catch((error: unknown) => process.stderr.write(`${program.name}: ${String(error)}\n`));
      surroundings?.close();
      // After a flood there may be more lines than the sink takes at once, or than there is time for; the last heartbeat,
      // which tells what was lost, finds room.
      const until = ticksMs() + FLUSH_MS;
      const hasRoom = () => sink.hasRoom() && ticksMs() < until;
      while (!recorder.flush(hasRoom) && ticksMs() < until) await sink.end();
      recorder.summarize();
      await sink.end();
      beat();
      await sink.end();
      clearTimeout(deadline);
      process.exit(0);
    };
    end = drain;
    // `npm start` holds the other end: when that is gone, nobody reads our lines.
    if (process.env.END_WITH_STDIN === 'true') process.stdin.resume().on('end', drain).on('error', drain);
  } catch (error) {
    exitWith(program.name, error);
  }
}

function refuseFlags(words: readonly string[]): void {
  if (words[0] !== undefined) {
    throw new UserError(
      'BAD_FLAG',
      `${words[0].slice(0, 80)}: decoys take no flags; their settings are environment variables`,
    );
  }
}

/** Turns what `listen` throws into the one line a person can act on. */
export function listenError(error: NodeJS.ErrnoException, setting: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new UserError(
      'PORT_IN_USE',
      `${setting}=${port}: the port is already in use; free it or choose another (1-65535)`,
    );
  }
  if (error.code === 'EACCES') {
    return new UserError(
      'PORT_DENIED',
      `${setting}=${port}: not allowed to listen there; choose a port from 1024 to 65535 or run as root`,
    );
  }
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') {
    return new UserError(
      'ADDRESS_UNAVAILABLE',
      `BIND: the address is not one of this machine's (${error.code}), so ${setting}=${port} cannot be listened on there`,
    );
  }
  return error;
}
