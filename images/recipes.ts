// What each image holds and how its Node is locked down: the one table behind `npm run images`, the Dockerfile and the container tests.
// Flags: nodejs.org/api/cli.html and nodejs.org/api/permissions.html, each measured in the images.
import { NODE_PATH, NONROOT } from './runtime.ts';

export interface Recipe {
  readonly name: string;
  /** The built program, a file of dist/. */
  readonly program: string;
  /** What the program reads from beside it, files of dist/ too. */
  readonly parts: readonly string[];
  readonly user: string;
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Arguments a user may replace. */
  readonly command: readonly string[];
  readonly ports: readonly number[];
  /** Whether it holds the raw-socket addon. */
  readonly addon: boolean;
}

/** Where the program is in every image, with its parts beside it; nothing there says what it is. */
const PROGRAM_FOLDER = 'app';
export const PROGRAM_PATH = `${PROGRAM_FOLDER}/main.mjs`;

/** No write, child process, worker, WASI, FFI or inspector; what may be read is said by each. No debugger by signal, no `__proto__`. */
const LOCKED = [
  '--permission',
  '--disable-proto=throw',
  '--disable-sigusr1',
  '--no-experimental-ffi',
  // stderr is for people; that --permission and its grants are new is no news to them.
  '--disable-warning=ExperimentalWarning',
  '--disable-warning=SecurityWarning',
];
/** node:sqlite opens files past the permission model (seen on 26.10.0), for reading and writing. */
const NO_SQLITE = ['--no-experimental-sqlite', '--no-experimental-webstorage'];
/** The program itself and the kernel's counters of its own network; given up once it listens. */
const READS = ['/app', '/proc/net/snmp', '/proc/net/netstat', '/proc/net/snmp6', '/proc/self/limits'].map(
  (path) => `--allow-fs-read=${path}`,
);
/**
 * A decoy waits more than it works: one thread for V8, the compiler on the main one, a young generation of 1 or 2 MB.
 * What is compiled beside it is freed beside it too, after all else that waits to be compiled: 10 MB under load, for no CPU saved.
 * Not --optimize-for-size, --single-threaded, --no-maglev, --expose-gc nor --disallow-code-generation-from-strings: V8 refuses Node's
 * built-in code cache under them, which costs a start 7 to 30 ms of CPU.
 */
const LEAN = ['--v8-pool-size=1', '--no-concurrent-recompilation'];
/** Nothing is collected beside what answers: of app and dashboard there is little to collect. */
const COLLECTED_ALONE = '--single-threaded-gc';

/** Present and empty, so that it is seen to be nobody's: it could widen what the flags allow. */
const NO_OPTIONS = { NODE_OPTIONS: '' };
/** glibc's allocator gives back what start needed, in one arena: 2 to 3 MB of an idle decoy, no CPU that could be measured. */
const LEAN_MALLOC = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '131072' };
/**
 * What clients send and are sent goes back to the kernel when it is freed, and not to a heap others have taken parts of meanwhile: 30 to 40 MB
 * after half messages of many clients.
 */
const FREED_AT_ONCE = { MALLOC_MMAP_THRESHOLD_: '16384' };

export const RECIPES: readonly Recipe[] = [
  {
    name: 'internal-app',
    program: 'app.js',
    parts: [],
    // Root until its raw sockets are open; then it gives up the user and with it every capability.
    user: '0:0',
    flags: [
      ...LOCKED,
      ...NO_SQLITE,
      '--allow-addons',
      ...READS,
      '--allow-fs-read=/proc/self/status',
      ...LEAN,
      COLLECTED_ALONE,
      '--max-semi-space-size=1',
      '--max-old-space-size=32',
    ],
    env: { ...NO_OPTIONS, ...LEAN_MALLOC },
    command: [],
    ports: [],
    addon: true,
  },
  {
    name: 'internal-dashboard',
    program: 'dashboard.js',
    parts: [],
    user: `${NONROOT}:${NONROOT}`,
    flags: [
      ...LOCKED,
      ...NO_SQLITE,
      '--no-addons',
      '--allow-net',
      ...READS,
      ...LEAN,
      COLLECTED_ALONE,
      // In a smaller one what a request leaves outlives it, and fills the old generation by 8 MB before it is collected.
      '--max-semi-space-size=2',
      // As large from the start: it is then collected a quarter as often, which a request with a connection of its own pays for.
      '--min-semi-space-size=2',
      '--max-old-space-size=40',
    ],
    env: { ...NO_OPTIONS, ...LEAN_MALLOC },
    command: [],
    ports: [8080, 443],
    addon: false,
  },
  {
    name: 'internal-db',
    program: 'db.js',
    parts: ['db-answers.cjs'],
    user: `${NONROOT}:${NONROOT}`,
    flags: [
      ...LOCKED,
      ...NO_SQLITE,
      '--no-addons',
      '--allow-net',
      ...READS,
      ...LEAN,
      '--max-semi-space-size=1',
      // Collected beside what answers, or a statement waits 20 to 60 ms for it. Above what the decoy's own caps come to: a heap at its end
      // is a crash; V8 lets one grow the further the more it may hold.
      '--max-old-space-size=64',
    ],
    env: { ...NO_OPTIONS, ...LEAN_MALLOC, ...FREED_AT_ONCE },
    command: [],
    ports: [3306],
    addon: false,
  },
  {
    name: 'security-events',
    program: 'alerts.js',
    parts: [],
    user: `${NONROOT}:${NONROOT}`,
    flags: [
      ...LOCKED,
      '--no-addons',
      '--allow-net',
      // The one thread that writes the state file; permissions hold for it too (seen on 26.10.0).
      '--allow-worker',
      // The places README says to mount rules, configuration, state and logs at, and where Kubernetes puts what a pod may know.
      ...['/app', '/config', '/rules', '/state', '/var/log', '/var/run/secrets'].map(
        (path) => `--allow-fs-read=${path}`,
      ),
      // Whether a syslog receiver's kernel has what was sent.
      '--allow-fs-read=/proc/net/tcp',
      '--allow-fs-read=/proc/net/tcp6',
      '--allow-fs-write=/state',
      '--max-semi-space-size=16',
      '--max-old-space-size=384',
    ],
    env: NO_OPTIONS,
    command: ['--stdin'],
    ports: [9090],
    addon: false,
  },
];

export function entrypoint({ flags }: Recipe): string[] {
  return [`/${NODE_PATH}`, ...flags, `/${PROGRAM_PATH}`];
}

export function partPath(part: string): string {
  return `${PROGRAM_FOLDER}/${part}`;
}
