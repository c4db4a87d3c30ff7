// Following 5,000 decoy pods through the Kubernetes API: memory of `alerts --cluster`, and touch → alert latency over all of them.
// Run: npm run build && node bench/cluster.ts [pods]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { startKubernetes } from '../test/harness/kubernetes.ts';
import { commandFor } from '../test/harness/program.ts';
import { touchText } from '../test/harness/touch-text.ts';

const BUDGET_MB = 512;
const TOUCHES = 2_000;
const PER_SECOND = 500;
const START_MS = 120_000;

export interface ClusterFigures {
  readonly followed: number;
  readonly followedMs: number;
  readonly idleMb: number;
  readonly loadedMb: number;
  /** ms from a line written to its alert, sorted; one a touch that alerted. */
  readonly latencies: readonly number[];
  readonly touches: number;
}

/** Follows so many decoy pods of a played API server and touches some. */
export async function measureCluster(pods: number): Promise<ClusterFigures> {
  const kubernetes = await startKubernetes();
  for (let at = 0; at < pods; at++) {
    const name = `tigera-internal-app-${at.toString(36).padStart(5, '0')}`;
    kubernetes.set('/api/v1/pods', {
      metadata: {
        name,
        namespace: 'tigera-internal',
        labels: { app: 'tigera-internal-app' },
        creationTimestamp: '2026-11-23T04:00:00Z',
      },
      spec: { nodeName: `node-${at}`, containers: [{ name: 'main', image: 'internal-app' }] },
      status: {
        phase: 'Running',
        podIPs: [{ ip: `10.244.${at >> 8}.${at & 255}` }],
        containerStatuses: [{ name: 'main', restartCount: 0 }],
      },
    });
    kubernetes.log(name, '{}');
  }
  const directory = mkdtempSync(join(tmpdir(), 'bench-cluster-'));
  writeFileSync(join(directory, 'kubeconfig'), kubernetes.kubeconfig);
  const [file, words] = commandFor('alerts', { args: ['--cluster'] });
  const env = {
    PATH: process.env.PATH,
    KUBECONFIG: join(directory, 'kubeconfig'),
    METRICS_PORT: '19191',
    PAGE_PORT: '18191',
  };
  const child = spawn(file, words, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const arrivedMs = new Map<string, number>();
  createInterface({ input: child.stdout }).on('line', (text) => {
    const ip = (JSON.parse(text) as { source: { ip?: string } }).source.ip;
    if (ip && !arrivedMs.has(ip)) arrivedMs.set(ip, performance.now());
  });

  const followed = () =>
    kubernetes.requests.reduce((sum, request) => sum + (request.includes('follow=true') ? 1 : 0), 0);
  const started = performance.now();
  while (followed() < pods && performance.now() - started < START_MS) await delay(100);
  const followedMs = performance.now() - started;

  const rssMb = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
  await delay(3_000);
  const idleMb = rssMb();

  const sentMs = new Map<string, number>();
  for (let at = 0; at < TOUCHES; at++) {
    const ip = `172.16.${at >> 8}.${at & 255}`;
    const name = `tigera-internal-app-${((at * 7_919) % pods).toString(36).padStart(5, '0')}`;
    sentMs.set(ip, performance.now());
    kubernetes.log(name, touchText({ decoy: 'app', port: 80, ip }));
    if (at % 5 === 4) await delay(5_000 / PER_SECOND);
  }
  await delay(2_000);
  const latencies = [...sentMs]
    .flatMap(([ip, sent]) => (arrivedMs.has(ip) ? [arrivedMs.get(ip)! - sent] : []))
    .sort((a, b) => a - b);
  const figures = { followed: followed(), followedMs, idleMb, loadedMb: rssMb(), latencies, touches: TOUCHES };

  child.kill('SIGTERM');
  await kubernetes.close();
  rmSync(directory, { recursive: true });
  return figures;
}

export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

if (import.meta.main) {
  const pods = Number(process.argv[2] ?? 5_000);
  const { followed, followedMs, idleMb, loadedMb, latencies, touches } = await measureCluster(pods);
  console.log(`pods followed ${followed} of ${pods} in ${(followedMs / 1_000).toFixed(1)} s`);
  console.log(
    `RSS ${idleMb.toFixed(0)} MB idle, ${loadedMb.toFixed(0)} MB after ${touches} touches; budget ${BUDGET_MB} (ratio ${(loadedMb / BUDGET_MB).toFixed(2)})`,
  );
  console.log(
    `touch written → alert line: ${latencies.length} of ${touches}, p50 ${quantile(latencies, 0.5).toFixed(1)} ms, p99 ${quantile(latencies, 0.99).toFixed(1)} ms`,
  );
  process.exit(0);
}
