// `alerts`: touches a second through twenty rules, line written → every output, and 5,000 followed pods of a played API server.
import { BUDGET, latency, throughputOf } from '../alerts.ts';
import { measureCluster, quantile } from '../cluster.ts';
import type { Figure } from '../figure.ts';

const SOURCES = 100;
const NEW_EVENTS = 50;
const PODS = 5_000;

export const lackingAlerts = () => '';

export async function measureAlerts(): Promise<Figure[]> {
  const { perSecond, peakMb } = await throughputOf(BUDGET.rules, SOURCES, false);
  const { byOutput, events } = await latency(NEW_EVENTS);
  return [
    {
      what: `alerts, touches through ${BUDGET.rules} rules`,
      value: perSecond,
      unit: 'touches/s a core',
      budget: { kind: 'least', value: BUDGET.perSecond },
      note: `${SOURCES} sources; at most ${peakMb.toFixed(0)} MB resident`,
    },
    ...[...byOutput].map(
      ([output, sorted]): Figure => ({
        what: `line written → ${output}, p99`,
        value: sorted.length < events ? Number.POSITIVE_INFINITY : quantile(sorted, 0.99),
        unit: 'ms',
        budget: { kind: 'most', value: BUDGET.latencyMs },
        note: `${sorted.length} of ${events} events among ${BUDGET.loadPerSecond} touches/s; median ${quantile(sorted, 0.5).toFixed(0)} ms`,
      }),
    ),
  ];
}

export async function measureFollowing(): Promise<Figure[]> {
  const { followed, followedMs, loadedMb, latencies, touches } = await measureCluster(PODS);
  const isWhole = followed >= PODS && latencies.length >= touches;
  return [
    {
      what: `alerts, memory with ${PODS.toLocaleString('en')} followed pods`,
      value: followed >= PODS ? loadedMb : Number.POSITIVE_INFINITY,
      unit: 'MB resident',
      budget: { kind: 'most', value: 512 },
      note: `followed in ${(followedMs / 1_000).toFixed(1)} s, then ${touches} touches`,
    },
    {
      what: 'pod log → alert in a cluster, p99',
      value: isWhole ? quantile(latencies, 0.99) : Number.POSITIVE_INFINITY,
      unit: 'ms',
      budget: { kind: 'most', value: 1_000 },
      note: `${latencies.length} of ${touches} touches; the API server is a played one`,
    },
  ];
}
