// `/debug/vars` in the layout of Go's expvar package: published variables sorted by name, `cmdline` and `memstats` among them.
import { type BaitFacts, BUILD, dsnOf } from '../facts.ts';
import type { AppAnswer, Endpoint } from './endpoint.ts';
import { type Motion, motionAt, scatter } from './motion.ts';

const SIZE_CLASSES = [
  0, 8, 16, 24, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240, 256, 288, 320, 352, 384, 416, 448, 480,
  512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072, 3200, 3456, 4096, 4864,
  5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336, 16384, 18432,
];
const PAUSES = 256;
const NS_PER_MS = 1_000_000;
const GC_MS = 120_000;

export function commandLine(facts: BaitFacts, leak: 'vars' | 'cmdline'): string[] {
  const dsn = facts.canary(leak) ? ['-dsn', dsnOf(facts, leak)] : ['-dsn-file', '/run/secrets/dsn'];
  return [BUILD.binary, '-listen', '127.0.0.1:8081', ...dsn, '-db-host', `${facts.dbHost}:3306`];
}

export const VARS: Endpoint = { path: '/debug/vars', answer: (_request, { facts, now }) => vars(facts, now) };

function vars(facts: BaitFacts, now: number): AppAnswer {
  const motion = motionAt(facts, now);
  const published: readonly (readonly [string, unknown])[] = [
    ['cmdline', commandLine(facts, 'vars')],
    ['db_open_connections', 4],
    ['memstats', memoryStatistics(motion)],
    ['requests_total', motion.requests],
    ['uptime_seconds', motion.uptimeSeconds],
    ['version', BUILD.version],
  ];
  const lines = published.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  return { status: 200, type: 'application/json; charset=utf-8', body: `{\n${lines.join(',\n')}\n}\n` };
}

function memoryStatistics(motion: Motion): object {
  const { heapBytes, totalBytes, mallocs, collections, lastCollection } = motion;
  const inUse = Math.ceil(heapBytes / 8_192) * 8_192 + 466_944;
  const pause = (gc: number) => 31_000 + scatter(gc, 60_000);
  const recent = Math.min(collections, PAUSES);
  const pauses = new Array<number>(PAUSES).fill(0);
  const ends = new Array<number>(PAUSES).fill(0);
  for (let back = 0; back < recent; back++) {
    const gc = collections - back;
    pauses[(gc + PAUSES - 1) % PAUSES] = pause(gc);
    ends[(gc + PAUSES - 1) % PAUSES] = (lastCollection - back * GC_MS) * NS_PER_MS;
  }
  return {
    Alloc: heapBytes,
    TotalAlloc: totalBytes,
    Sys: 19_748_872,
    Lookups: 0,
    Mallocs: mallocs,
    Frees: mallocs - 24_811,
    HeapAlloc: heapBytes,
    HeapSys: 11_862_016,
    HeapIdle: 11_862_016 - inUse,
    HeapInuse: inUse,
    HeapReleased: 2_072_576,
    HeapObjects: 24_811,
    StackInuse: 720_896,
    StackSys: 720_896,
    MSpanInuse: 148_960,
    MSpanSys: 163_200,
    MCacheInuse: 4_832,
    MCacheSys: 15_704,
    BuckHashSys: 1_453_126,
    GCSys: 3_158_304,
    OtherSys: 1_375_626,
    NextGC: 9_437_184,
    LastGC: lastCollection * NS_PER_MS,
    PauseTotalNs: collections * 58_211,
    PauseNs: pauses,
    PauseEnd: ends,
    NumGC: collections,
    NumForcedGC: 0,
    GCCPUFraction: 0.00001724551381,
    EnableGC: true,
    DebugGC: false,
    BySize: SIZE_CLASSES.map((Size, at) => ({
      Size,
      Mallocs: at === 0 ? 0 : Math.floor(mallocs / (at * 3 + 4)),
      Frees: at === 0 ? 0 : Math.floor(mallocs / (at * 3 + 4)) - Math.min(400, Math.floor(mallocs / (at * 30 + 40))),
    })),
  };
}
