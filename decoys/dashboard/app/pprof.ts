// `/debug/pprof/` as Go's net/http/pprof serves it: the index, the legacy text forms, and profiles in the gzip'd protobuf form.
import { type BaitFacts, dsnOf } from '../facts.ts';
import { type AppAnswer, type Endpoint, type EndpointContext, HTML, PLAIN, plainError } from './endpoint.ts';
import { commandLine } from './expvar.ts';
import { motionAt } from './motion.ts';
import { encodeProfile } from './profile.ts';

const NOSNIFF = { 'X-Content-Type-Options': 'nosniff' };
const MAX_PROFILE_SECONDS = 30;
/** Profiles being waited for at once; further ones hear what Go says when one is running. */
const PROFILES = 20;

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  allocs: 'A sampling of all past memory allocations',
  block: 'Stack traces that led to blocking on synchronization primitives',
  cmdline: 'The command line invocation of the current program',
  goroutine:
    'Stack traces of all current goroutines. Use debug=2 as a query parameter to export in the same format as an unrecovered panic.',
  heap: 'A sampling of memory allocations of live objects. You can specify the gc GET parameter to run GC before taking the heap sample.',
  mutex: 'Stack traces of holders of contended mutexes',
  profile:
    'CPU profile. You can specify the duration in the seconds GET parameter. After you get the profile file, use the go tool pprof command to investigate the profile.',
  symbol:
    'Maps given program counters to function names. Counters can be specified in a GET raw query or POST body, multiple counters are separated by &#39;+&#39;.',
  threadcreate: 'Stack traces that led to the creation of new OS threads',
  trace:
    'A trace of execution of the current program. You can specify the duration in the seconds GET parameter. After you get the trace file, use the go tool trace command to investigate the trace.',
};

/** Profile name to what it counts. */
const COUNTED = ['allocs', 'block', 'goroutine', 'heap', 'mutex', 'threadcreate'] as const;

function countOf(name: (typeof COUNTED)[number], facts: BaitFacts, now: number): number {
  const motion = motionAt(facts, now);
  const counts = {
    allocs: 74,
    block: 0,
    goroutine: motion.goroutines,
    heap: 74,
    mutex: 0,
    threadcreate: motion.threads,
  };
  return counts[name];
}

function index(facts: BaitFacts, now: number): AppAnswer {
  const names = [...COUNTED, 'cmdline', 'profile', 'symbol', 'trace'].sort();
  const rows = names.map((name) => {
    const counted = COUNTED.find((known) => known === name);
    const href = counted ? `${name}?debug=1` : name;
    return `<tr><td>${counted ? countOf(counted, facts, now) : 0}</td><td><a href='${href}'>${name}</a></td></tr>\n`;
  });
  const items = names.map((name) => `<li><div class=profile-name>${name}: </div> ${DESCRIPTIONS[name]}</li>\n`);
  const body = `<html>
<head>
<title>/debug/pprof/</title>
<style>
.profile-name{
	display:inline-block;
	width:6rem;
}
</style>
</head>
<body>
/debug/pprof/
<br>
<p>Set debug=1 as a query parameter to export in legacy text format</p>
<br>
Types of profiles available:
<table>
<thead><td>Count</td><td>Profile</td></thead>
${rows.join('')}</table>
<a href="goroutine?debug=2">full goroutine stack dump</a>
<br>
<p>
Profile Descriptions:
<ul>
${items.join('')}</ul>
</p>
</body>
</html>
`;
  return { status: 200, type: HTML, body, headers: NOSNIFF };
}

interface Stack {
  readonly count: number;
  readonly state: string;
  /** Function, offset, file and line, the innermost first. */
  readonly frames: readonly (readonly [name: string, offset: number, at: string])[];
}

const GO = '/usr/local/go/src';
const SOURCE = '/build/dashboard';

const POLL: Stack['frames'] = [
  ['internal/poll.runtime_pollWait', 0x84, `${GO}/runtime/netpoll.go:351`],
  ['internal/poll.(*pollDesc).wait', 0x26, `${GO}/internal/poll/fd_poll_runtime.go:84`],
  ['internal/poll.(*FD).Read', 0x279, `${GO}/internal/poll/fd_unix.go:165`],
  ['net.(*conn).Read', 0x45, `${GO}/net/net.go:194`],
];

function stacks(facts: BaitFacts, now: number): readonly Stack[] {
  const total = motionAt(facts, now).goroutines;
  return [
    {
      count: total - 12,
      state: 'IO wait',
      frames: [...POLL, ['net/http.(*connReader).backgroundRead', 0x37, `${GO}/net/http/server.go:690`]],
    },
    {
      count: 4,
      state: 'IO wait',
      frames: [
        ...POLL,
        [
          'github.com/go-sql-driver/mysql.(*buffer).fill',
          0x1a8,
          `${SOURCE}/vendor/github.com/go-sql-driver/mysql/buffer.go:92`,
        ],
        ['database/sql.(*DB).connectionOpener', 0x87, `${GO}/database/sql/sql.go:1261`],
        ['platform/dashboard/internal/store.(*MySQL).watch', 0x11c, `${SOURCE}/internal/store/mysql.go:88`],
      ],
    },
    {
      count: 6,
      state: 'select',
      frames: [
        ['platform/dashboard/internal/collect.(*Loop).run', 0x2c5, `${SOURCE}/internal/collect/loop.go:61`],
        ['created by platform/dashboard/internal/collect.Start', 0x1ee, `${SOURCE}/internal/collect/loop.go:34`],
      ],
    },
    {
      count: 1,
      state: 'running',
      frames: [['runtime/pprof.writeGoroutineStacks', 0x6b, `${GO}/runtime/pprof/pprof.go:761`]],
    },
    {
      count: 1,
      state: 'IO wait',
      frames: [
        ['net/http.(*Server).Serve', 0x30c, `${GO}/net/http/server.go:3424`],
        ['main.main', 0x4f5, `${SOURCE}/cmd/dashboard/main.go:73`],
      ],
    },
  ];
}

function address(facts: BaitFacts, name: string): number {
  return 0x401000 + facts.number(`pc ${name}`, 0x3fe000);
}

/** `?debug=1`: stacks with counts, addresses and symbols. */
function goroutineSummary(facts: BaitFacts, now: number): string {
  const blocks = stacks(facts, now).map(({ count, frames }) => {
    const pcs = frames.map(([name]) => `0x${address(facts, name).toString(16)}`).join(' ');
    const lines = frames.map(
      ([name, offset, at]) => `#\t0x${address(facts, name).toString(16)}\t${name}+0x${offset.toString(16)}\t${at}`,
    );
    return `${count} @ ${pcs}\n${lines.join('\n')}\n\n`;
  });
  return `goroutine profile: total ${motionAt(facts, now).goroutines}\n${blocks.join('')}`;
}

/** `?debug=2`: as an unrecovered panic prints them; the one that opens the database shows its argument. */
function goroutineDump(facts: BaitFacts, now: number): string {
  let id = 1;
  const blocks: string[] = [];
  for (const { count, state, frames } of stacks(facts, now)) {
    for (let copy = 0; copy < count; copy++) {
      const lines = frames.map(
        ([name, offset, at]) =>
          `${name}(0xc000${facts.hex(`${name} ${copy}`, 6)})\n\t${at} +0x${offset.toString(16)}\n`,
      );
      blocks.push(`goroutine ${id} [${state}]:\n${lines.join('')}`);
      id += 3 + facts.number(`gap ${id}`, 9);
    }
  }
  const canary = facts.canary('goroutine');
  const dsn = canary ? dsnOf(facts, 'goroutine') : `dashboard@tcp(${facts.dbHost}:3306)/dashboard`;
  blocks.push(
    `goroutine ${id} [sleep, 2 minutes]:\nplatform/dashboard/internal/store.reconnect({"${dsn}"}, 0x2)\n\t${SOURCE}/internal/store/mysql.go:131 +0x9c\n`,
  );
  return blocks.join('\n');
}

function debugLevel(query: URLSearchParams): number {
  const value = query.get('debug') ?? '0';
  return /^\d{1,3}$/.test(value) ? Number(value) : 0;
}

function attachment(name: string, body: Buffer): AppAnswer {
  return {
    status: 200,
    type: 'application/octet-stream',
    body,
    headers: { 'Content-Disposition': `attachment; filename="${name}"`, ...NOSNIFF },
  };
}

let waiting = 0;

/** A profile that takes as long as asked for; it costs the caller time and us nothing. */
async function timed(context: EndpointContext, name: 'profile' | 'trace', fallback: number): Promise<AppAnswer> {
  const { facts, query, now } = context;
  const asked = Number.parseInt(query.get('seconds') ?? '', 10);
  const seconds = Math.min(asked > 0 ? asked : fallback, MAX_PROFILE_SECONDS);
  if (waiting >= PROFILES) {
    return {
      ...plainError(500, 'Could not enable CPU profiling: cpu profiling already in use'),
      headers: { ...NOSNIFF, 'X-Go-Pprof': '1' },
    };
  }
  waiting++;
  try {
    await context.wait(seconds * 1_000);
  } finally {
    waiting--;
  }
  return attachment(name, encodeProfile('cpu', facts, motionAt(facts, now)));
}

function counted(name: (typeof COUNTED)[number]): Endpoint {
  return {
    path: `/debug/pprof/${name}`,
    answer(_request, { facts, query, now }) {
      const level = debugLevel(query);
      if (level === 0)
        return attachment(
          name,
          encodeProfile(name === 'goroutine' ? 'goroutine' : 'heap', facts, motionAt(facts, now)),
        );
      const text =
        name === 'goroutine'
          ? level > 1
            ? goroutineDump(facts, now)
            : goroutineSummary(facts, now)
          : `${name} profile: total ${countOf(name, facts, now)}\n`;
      return { status: 200, type: PLAIN, body: text, headers: NOSNIFF };
    },
  };
}

export const PPROF: readonly Endpoint[] = [
  { path: '/debug/pprof/', answer: (_request, { facts, now }) => index(facts, now) },
  {
    path: '/debug/pprof/cmdline',
    answer: (_request, { facts }) => ({
      status: 200,
      type: PLAIN,
      body: commandLine(facts, 'cmdline').join('\0'),
      headers: NOSNIFF,
    }),
  },
  { path: '/debug/pprof/profile', answer: (_request, context) => timed(context, 'profile', MAX_PROFILE_SECONDS) },
  { path: '/debug/pprof/trace', answer: (_request, context) => timed(context, 'trace', 1) },
  {
    path: '/debug/pprof/symbol',
    answer: () => ({ status: 200, type: PLAIN, body: 'num_symbols: 1\n', headers: NOSNIFF }),
  },
  ...COUNTED.map(counted),
];
