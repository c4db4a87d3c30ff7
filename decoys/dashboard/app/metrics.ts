// `/metrics` in Prometheus' text format 0.0.4, as client_golang's default registry would fill it.
import { type BaitFacts, BUILD } from '../facts.ts';
import type { AppAnswer, Endpoint } from './endpoint.ts';
import { type Motion, motionAt, processStart } from './motion.ts';

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly labels?: string;
  value(motion: Motion, facts: BaitFacts, now: number): number | string;
}

const METRICS: readonly Metric[] = [
  {
    name: 'dashboard_build_info',
    help: 'Build of the dashboard.',
    type: 'gauge',
    labels: `{commit="${BUILD.commit}",version="${BUILD.version}"}`,
    value: () => 1,
  },
  { name: 'dashboard_db_open_connections', help: 'Open connections to the database.', type: 'gauge', value: () => 4 },
  {
    name: 'dashboard_db_up',
    help: 'Whether the database answered the last ping.',
    type: 'gauge',
    labels: '{dsn="DSN"}',
    value: () => 1,
  },
  {
    name: 'dashboard_http_requests_total',
    help: 'Requests served.',
    type: 'counter',
    labels: '{code="200"}',
    value: ({ requests }) => requests,
  },
  {
    name: 'go_gc_cycles_total_gc_cycles_total',
    help: 'Count of all completed GC cycles.',
    type: 'counter',
    value: ({ collections }) => collections,
  },
  {
    name: 'go_goroutines',
    help: 'Number of goroutines that currently exist.',
    type: 'gauge',
    value: ({ goroutines }) => goroutines,
  },
  {
    name: 'go_info',
    help: 'Information about the Go environment.',
    type: 'gauge',
    labels: `{version="${BUILD.go}"}`,
    value: () => 1,
  },
  {
    name: 'go_memstats_alloc_bytes',
    help: 'Number of bytes allocated in heap and currently in use. Equals to /memory/classes/heap/objects:bytes.',
    type: 'gauge',
    value: ({ heapBytes }) => exponent(heapBytes),
  },
  {
    name: 'go_memstats_alloc_bytes_total',
    help: 'Total number of bytes allocated in heap until now, even if released already. Equals to /gc/heap/allocs:bytes.',
    type: 'counter',
    value: ({ totalBytes }) => exponent(totalBytes),
  },
  { name: 'go_threads', help: 'Number of OS threads created.', type: 'gauge', value: ({ threads }) => threads },
  {
    name: 'process_cpu_seconds_total',
    help: 'Total user and system CPU time spent in seconds.',
    type: 'counter',
    value: ({ uptimeSeconds }) => (uptimeSeconds * 0.0031).toFixed(2),
  },
  {
    name: 'process_max_fds',
    help: 'Maximum number of open file descriptors.',
    type: 'gauge',
    value: () => exponent(1_048_576),
  },
  {
    name: 'process_open_fds',
    help: 'Number of open file descriptors.',
    type: 'gauge',
    value: ({ goroutines }) => goroutines - 24,
  },
  {
    name: 'process_resident_memory_bytes',
    help: 'Resident memory size in bytes.',
    type: 'gauge',
    value: ({ heapBytes }) => exponent(heapBytes + 21_495_808),
  },
  {
    name: 'process_start_time_seconds',
    help: 'Start time of the process since unix epoch in seconds.',
    type: 'gauge',
    value: (_motion, facts, now) => exponent(processStart(facts, now)),
  },
];

/** As Go prints a float: exponent form from 1e+06 on. */
function exponent(value: number): string {
  if (value < 1e6) return String(value);
  const [mantissa, power] = value.toExponential().split('e+');
  return `${mantissa}e+${power!.padStart(2, '0')}`;
}

function render(facts: BaitFacts, now: number): AppAnswer {
  const motion = motionAt(facts, now);
  const lines = METRICS.map(({ name, help, type, labels = '', value }) => {
    const named = labels.replace('DSN', `${facts.dbHost}:3306`);
    return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name}${named} ${value(motion, facts, now)}\n`;
  });
  return { status: 200, type: 'text/plain; version=0.0.4; charset=utf-8; escaping=values', body: lines.join('') };
}

export const METRICS_ENDPOINT: Endpoint = {
  path: '/metrics',
  answer: (_request, { facts, now }) => render(facts, now),
};
