// `alerts --cluster` as a program against a played API: from a touch in a pod's log to a named culprit, and through what may break.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlertLine } from '../../alerts/events/alert-line.ts';
import { type FakeKubernetes, startKubernetes } from '../harness/kubernetes.ts';
import { parseAlert } from '../harness/lines.ts';
import { commandFor } from '../harness/program.ts';
import { touchText } from '../harness/touch-text.ts';

const PODS = '/api/v1/pods';
const ALERTS = '/apis/alerts.internal/v1/globalalerts';
/** The promise is one second end to end; a shared machine under test gets this much for its own part. */
const ALERT_MS = 1_000;

function pod(name: string, namespace: string, app: string, ip: string, owner?: string) {
  return {
    metadata: {
      name,
      namespace,
      uid: `uid-${name}`,
      labels: { app },
      creationTimestamp: '2026-11-23T04:00:00Z',
      ...(owner ? { ownerReferences: [{ kind: 'ReplicaSet', name: owner, controller: true }] } : {}),
    },
    spec: { nodeName: 'node-3', serviceAccountName: 'cart', containers: [{ name: 'main', image: 'cart:1.4.2' }] },
    status: {
      phase: 'Running',
      podIPs: [{ ip }],
      startTime: '2026-11-23T04:00:01Z',
      containerStatuses: [{ name: 'main', restartCount: 0 }],
    },
  };
}

describe('alerts --cluster', () => {
  let kubernetes: FakeKubernetes;
  let directory: string;
  let child: ChildProcess;
  let alerts: { line: AlertLine; atMs: number }[];
  let stderr: string[];

  beforeEach(async () => {
    kubernetes = await startKubernetes();
    directory = mkdtempSync(join(tmpdir(), 'cluster-'));
    alerts = [];
    stderr = [];
    kubernetes.set(PODS, pod('tigera-internal-db-28c85', 'tigera-internal', 'tigera-internal-db', '10.244.2.44'));
    kubernetes.set(PODS, pod('cart-7f9c6d6b8-x2k9p', 'shop', 'cart', '10.244.3.17', 'cart-7f9c6d6b8'));
    kubernetes.set('/apis/apps/v1/replicasets', {
      metadata: {
        name: 'cart-7f9c6d6b8',
        namespace: 'shop',
        uid: 'rs',
        ownerReferences: [{ kind: 'Deployment', name: 'cart', controller: true }],
      },
    });
    kubernetes.log('tigera-internal-db-28c85', '{}');
  });

  afterEach(async () => {
    child.kill('SIGKILL');
    await kubernetes.close();
    rmSync(directory, { recursive: true });
  });

  async function start(...given: string[]): Promise<void> {
    const pods = given.find((word) => /^\d+$/.test(word)) ?? '2';
    const more = given.filter((word) => word !== pods);
    const config = join(directory, 'kubeconfig');
    writeFileSync(config, kubernetes.kubeconfig);
    const [file, words] = commandFor('alerts', { args: ['--cluster', ...more] });
    child = spawn(file, words, {
      env: { PATH: process.env.PATH, KUBECONFIG: config, METRICS_PORT: '19190', PAGE_PORT: '18190' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    createInterface({ input: child.stdout! }).on('line', (text) =>
      alerts.push({ line: parseAlert(text), atMs: Date.now() }),
    );
    createInterface({ input: child.stderr! }).on('line', (text) => stderr.push(text));
    await expect.poll(() => stderr.join('\n'), { timeout: 15_000 }).toContain(`knows ${pods} pods`);
    await expect
      .poll(() => kubernetes.requests.some((request) => request.includes('/log?')), { timeout: 5_000 })
      .toBe(true);
  }

  const touch = (ip = '10.244.3.17') =>
    kubernetes.log('tigera-internal-db-28c85', touchText({ decoy: 'db', action: 'mysql-login', port: 3306, ip }));
  const ofRule = (rule: string) => alerts.filter(({ line }) => line.rule.name === rule);

  it('names the pod, its owner, node, service account and image within a second', async () => {
    await start();
    const sentMs = Date.now();
    touch();
    await expect.poll(() => ofRule('honeypod.vuln.svc').length).toBe(1);
    const { line, atMs } = ofRule('honeypod.vuln.svc')[0]!;
    expect(atMs - sentMs).toBeLessThan(ALERT_MS);
    expect(line.honeypod.source).toEqual({
      kind: 'pod',
      confidence: 'exact',
      namespace: 'shop',
      pod: 'cart-7f9c6d6b8-x2k9p',
      uid: 'uid-cart-7f9c6d6b8-x2k9p',
      node: 'node-3',
      owner: 'Deployment/cart',
      service_account: 'cart',
      image: 'cart:1.4.2',
    });
    expect(line.message).toBe(
      '[Honeypod] Vulnerable service (MySQL) accessed by shop/cart-7f9c6d6b8-* (shop/cart-7f9c6d6b8-x2k9p (10.244.3.17))',
    );
  });

  /** As a kubelet tells of `kubectl run --restart=Never ping-runner -- ping -c1`: with its address only once it is over. */
  function singlePing(name: string, ip: string) {
    const object = pod(name, 'shop', 'none', ip);
    const finishedAt = `${new Date().toISOString().slice(0, 19)}Z`;
    const { status } = object;
    const containerStatuses = [{ name: 'main', restartCount: 0, state: { terminated: { finishedAt } } }];
    return { ...object, status: { ...status, phase: 'Succeeded', startTime: finishedAt, containerStatuses } };
  }

  it('names a pod that touched and ended before the API told of its address', async () => {
    await start();
    touch('10.244.3.99');
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(alerts).toEqual([]);
    const toldMs = Date.now();
    kubernetes.set(PODS, singlePing('ping-runner', '10.244.3.99'));
    await expect.poll(() => ofRule('honeypod.vuln.svc').length).toBe(1);
    const { line, atMs } = ofRule('honeypod.vuln.svc')[0]!;
    expect(atMs - toldMs).toBeLessThan(ALERT_MS);
    expect(line.honeypod.source).toMatchObject({ kind: 'pod', namespace: 'shop', pod: 'ping-runner' });
  });

  it('loses no touch that waits for a name when it is killed', async () => {
    await start('--state', directory);
    touch('10.244.3.98');
    kubernetes.log('tigera-internal-db-28c85', '{}');
    await new Promise((resolve) => setTimeout(resolve, 500));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(alerts).toEqual([]);
    stderr = [];
    kubernetes.set(PODS, singlePing('ping-runner', '10.244.3.98'));
    await start('3', '--state', directory);
    await expect
      .poll(() => ofRule('honeypod.vuln.svc').map(({ line }) => line.honeypod.source.pod), { timeout: 5_000 })
      .toEqual(['ping-runner']);
  });

  it('takes the rules of the cluster in place of those shipped, as they change', async () => {
    const rule = (query: string) => ({
      apiVersion: 'alerts.internal/v1',
      kind: 'GlobalAlert',
      metadata: { name: 'ours' },
      spec: { description: 'd', severity: 7, dataSet: 'touches', query },
    });
    kubernetes.set(ALERTS, rule('source.ip = 10.244.3.17'));
    await start();
    await expect.poll(() => stderr.join('\n')).toContain('1 rules: ours');
    touch();
    await expect.poll(() => alerts.map(({ line }) => line.rule.name)).toEqual(['ours']);
    kubernetes.set(ALERTS, rule('source.ip = 10.0.0.9'));
    await expect.poll(() => stderr.filter((text) => text.includes('rules: ours')).length).toBe(2);
    touch('10.0.0.9');
    await expect.poll(() => alerts.map(({ line }) => line.source.ip)).toEqual(['10.244.3.17', '10.0.0.9']);
  });

  it('is quiet about what an exception covers', async () => {
    kubernetes.set('/apis/alerts.internal/v1/alertexceptions', {
      metadata: { name: 'cart-is-fine' },
      spec: { owners: ['Deployment/cart'] },
    });
    await start();
    touch();
    touch('10.9.9.9');
    await expect.poll(() => ofRule('honeypod.vuln.svc').map(({ line }) => line.source.ip)).toEqual(['10.9.9.9']);
  });

  it('goes on where it was after kill -9, counting nothing twice', async () => {
    await start('--state', directory);
    touch();
    await expect.poll(() => ofRule('honeypod.vuln.svc').length).toBe(1);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    touch('10.9.9.8');
    stderr = [];
    await start('--state', directory);
    await expect
      .poll(() => ofRule('honeypod.vuln.svc').map(({ line }) => line.source.ip), { timeout: 5_000 })
      .toEqual(['10.244.3.17', '10.9.9.8']);
  });

  it('loses nothing when the API server goes away and comes back', async () => {
    await start();
    kubernetes.fail('/', 503, 12);
    kubernetes.cut();
    await expect.poll(() => stderr.join('\n')).toMatch(/503/);
    touch();
    await expect.poll(() => ofRule('honeypod.vuln.svc').length, { timeout: 20_000 }).toBe(1);
  });

  it('counts lines that come twice once', async () => {
    await start();
    for (let at = 0; at < 4; at++) {
      touch();
      kubernetes.cut();
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
    await expect
      .poll(() => kubernetes.requests.filter((request) => request.includes('/log?')).length, { timeout: 8_000 })
      .toBeGreaterThan(3);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const metrics = await (await fetch('http://127.0.0.1:19190/metrics')).text();
    child.kill('SIGTERM');
    await ended;
    expect(metrics).toMatch(/lines_total\{[^}]*kind="touch"[^}]*\} 4\n/);
    expect(metrics).toMatch(/lines_total\{[^}]*kind="repeated"[^}]*\} [1-9]/);
  });

  it('follows 5,000 decoys within its memory', async () => {
    for (let at = 0; at < 4_999; at++) {
      const name = `tigera-internal-app-${at}`;
      kubernetes.set(PODS, pod(name, 'tigera-internal', 'tigera-internal-app', `10.240.${at >> 8}.${at & 255}`));
      kubernetes.log(name, '{}');
    }
    await start('5001');
    await expect
      .poll(() => kubernetes.requests.filter((request) => request.includes('/log?')).length, { timeout: 25_000 })
      .toBeGreaterThanOrEqual(5_000);
    const sentMs = Date.now();
    kubernetes.log('tigera-internal-app-4998', touchText({ decoy: 'app', port: 80 }));
    await expect.poll(() => ofRule('honeypod.ip.enum').length, { timeout: 5_000 }).toBe(1);
    expect(ofRule('honeypod.ip.enum')[0]!.atMs - sentMs).toBeLessThan(ALERT_MS);
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    expect(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024).toBeLessThan(512);
  }, 60_000);

  it('tells that a decoy’s log cannot be opened', async () => {
    kubernetes.fail('/log', 403, 1_000);
    await start();
    await expect
      .poll(
        () =>
          ofRule('honeypod.silent')
            .map(({ line }) => line.message)
            .join(),
        { timeout: 20_000 },
      )
      .toContain('decoy-unreadable');
  });
});
