// What each image holds and how its Node is locked down: the one table behind `npm run images`, the Dockerfile and the container tests.
// Flags: nodejs.org/api/cli.html and nodejs.org/api/permissions.html, each measured in the images.
import { NODE_PATH, NONROOT } from './runtime.ts';

export interface Recipe {
  readonly name: string;
  /** The built program, a file of dist/. */
  readonly program: string;
  readonly user: string;
  readonly flags: readonly string[];
  /** Arguments a user may replace. */
  readonly command: readonly string[];
  readonly ports: readonly number[];
  /** Whether it holds the raw-socket addon. */
  readonly addon: boolean;
}

/** Where the program is in every image; nothing beside it says what it is. */
export const PROGRAM_PATH = 'app/main.mjs';

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
/** One thread for V8 and the smallest young generation: a decoy waits more than it works. */
const LEAN = ['--optimize-for-size', '--single-threaded', '--v8-pool-size=1', '--max-semi-space-size=1'];

export const RECIPES: readonly Recipe[] = [
  {
    name: 'internal-app',
    program: 'app.js',
    // Root until its raw sockets are open; then it gives up the user and with it every capability.
    user: '0:0',
    flags: [
      ...LOCKED,
      '--allow-addons',
      '--allow-fs-read=/app',
      '--allow-fs-read=/proc/net',
      '--allow-fs-read=/proc/self/status',
      '--disallow-code-generation-from-strings',
      ...LEAN,
      '--max-old-space-size=48',
    ],
    command: [],
    ports: [],
    addon: true,
  },
  {
    name: 'internal-dashboard',
    program: 'dashboard.js',
    user: `${NONROOT}:${NONROOT}`,
    flags: [
      ...LOCKED,
      '--no-addons',
      '--allow-net',
      '--allow-fs-read=/app',
      '--allow-fs-read=/proc/net',
      ...LEAN,
      '--max-old-space-size=40',
    ],
    command: [],
    ports: [8080, 443],
    addon: false,
  },
  {
    name: 'internal-db',
    program: 'db.js',
    user: `${NONROOT}:${NONROOT}`,
    flags: [
      ...LOCKED,
      '--no-addons',
      '--allow-net',
      '--allow-fs-read=/app',
      '--allow-fs-read=/proc/net',
      '--disallow-code-generation-from-strings',
      ...LEAN,
      '--max-old-space-size=40',
    ],
    command: [],
    ports: [3306],
    addon: false,
  },
  {
    name: 'security-events',
    program: 'alerts.js',
    user: `${NONROOT}:${NONROOT}`,
    flags: [
      ...LOCKED,
      '--no-addons',
      '--allow-net',
      '--allow-fs-read=*',
      '--max-semi-space-size=16',
      '--max-old-space-size=384',
    ],
    command: ['--stdin'],
    ports: [9090],
    addon: false,
  },
];

export function entrypoint({ flags }: Recipe): string[] {
  return [`/${NODE_PATH}`, ...flags, `/${PROGRAM_PATH}`];
}
