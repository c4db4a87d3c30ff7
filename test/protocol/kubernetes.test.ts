// Following decoys through the Kubernetes API: an HTTP server that lists, watches and streams logs, and breaks in every way they break.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInventory } from '../../alerts/attribution/inventory.ts';
import { watchCluster } from '../../alerts/attribution/watch-cluster.ts';
import { createExceptions } from '../../alerts/exceptions/exceptions.ts';
import { DECOY_NAMESPACE, DECOY_SELECTOR, type DecoyPod, followCluster } from '../../alerts/input/cluster.ts';
import { createApi } from '../../alerts/kubernetes/request.ts';
import { followLiveRules } from '../../alerts/rules/live.ts';
import { type FakeKubernetes, startKubernetes } from '../harness/kubernetes.ts';

const PODS = '/api/v1/pods';

function podObject(
  name: string,
  more: { labels?: Record<string, string>; ip?: string; namespace?: string; restarts?: number; owner?: string } = {},
) {
  const {
    labels = { app: 'tigera-internal-app' },
    ip = '10.244.1.9',
    namespace = DECOY_NAMESPACE,
    restarts = 0,
    owner,
  } = more;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid: `uid-${name}`,
      labels,
      creationTimestamp: '2026-11-23T04:00:00Z',
      ...(owner ? { ownerReferences: [{ kind: 'ReplicaSet', name: owner, controller: true }] } : {}),
    },
    spec: {
      nodeName: 'node-1',
      serviceAccountName: 'cart',
      containers: [{ name: 'main', image: 'cart:1', env: [{ name: 'WATCH', value: 'raw' }] }],
    },
    status: {
      phase: 'Running',
      podIP: ip,
      podIPs: [{ ip }],
      startTime: '2026-11-23T04:00:01Z',
      containerStatuses: [{ name: 'main', restartCount: restarts }],
    },
  };
}

describe('the follower', () => {
  let kubernetes: FakeKubernetes;
  let stopping: AbortController;
  let lines: string[];
  let changes: string[];
  let troubles: string[];

  beforeEach(async () => {
    kubernetes = await startKubernetes();
    stopping = new AbortController();
    lines = [];
    changes = [];
    troubles = [];
  });

  afterEach(async () => {
    stopping.abort();
    await kubernetes.close();
  });

  interface More {
    readonly idleMs?: number;
    readonly answerMs?: number;
    readonly positionOf?: (pod: DecoyPod) => string | undefined;
  }

  function follow({ answerMs, ...more }: More = {}) {
    const connection = { server: kubernetes.url, insecure: false, token: () => kubernetes.token };
    const api = createApi(connection, { answerMs });
    void followCluster({
      api,
      namespace: DECOY_NAMESPACE,
      selector: DECOY_SELECTOR,
      signal: stopping.signal,
      onLine: (text) => lines.push(text),
      onPod: (pod, change) => changes.push(`${pod.name} ${change}`),
      onPodTrouble: (pod, message) => message && troubles.push(`${pod.name}: ${message}`),
      onTrouble: (message) => message && troubles.push(message),
      ...more,
    });
  }

  /** Lines as a set: after a break some come twice, which event.id tells apart. */
  const seen = () => [...new Set(lines)].sort();
  const until = (wanted: string[]) => expect.poll(seen, { timeout: 8_000 }).toEqual(wanted.toSorted());

  it('reads what is there and what comes, of decoys only', async () => {
    kubernetes.set(PODS, podObject('app-1'));
    kubernetes.set(PODS, podObject('shop-1', { labels: { app: 'shop' } }));
    kubernetes.log('app-1', 'one');
    kubernetes.log('shop-1', 'not ours');
    follow();
    await until(['one']);
    kubernetes.log('app-1', 'two');
    await until(['one', 'two']);
    kubernetes.set(PODS, podObject('db-1', { labels: { app: 'tigera-internal-db' } }));
    kubernetes.log('db-1', 'three');
    await until(['one', 'three', 'two']);
    expect(changes).toEqual(['app-1 seen', 'db-1 seen']);
  });

  it('loses nothing when every stream is cut in the middle of a line', async () => {
    kubernetes.set(PODS, podObject('app-1'));
    kubernetes.log('app-1', 'before');
    follow();
    await until(['before']);
    for (let round = 0; round < 3; round++) {
      kubernetes.cut({ midLine: true });
      kubernetes.log('app-1', `during ${round}`);
      await expect.poll(seen, { timeout: 8_000 }).toContain(`during ${round}`);
    }
    await until(['before', 'during 0', 'during 1', 'during 2']);
  });

  it('reads the rest of a container’s log that was restarted, then the new one', async () => {
    kubernetes.set(PODS, podObject('app-1'));
    kubernetes.log('app-1', 'first run');
    follow();
    await until(['first run']);
    kubernetes.fail('follow=true', 500, 1);
    kubernetes.cut();
    kubernetes.log('app-1', 'last words');
    kubernetes.restart('app-1');
    kubernetes.log('app-1', 'second run');
    kubernetes.set(PODS, podObject('app-1', { restarts: 1 }));
    await until(['first run', 'last words', 'second run']);
    expect(changes).toContain('app-1 restarted');
  });

  it('outlives 401 with a new token, 410 and 500', async () => {
    kubernetes.set(PODS, podObject('app-1'));
    kubernetes.log('app-1', 'one');
    follow();
    await until(['one']);
    kubernetes.token = 'second-token';
    kubernetes.forget();
    kubernetes.fail('/pods', 500, 2);
    kubernetes.set(PODS, podObject('app-2'));
    kubernetes.log('app-2', 'two');
    kubernetes.cut();
    await until(['one', 'two']);
    expect(troubles.join('\n')).toMatch(/500/);
  });

  it('lists no second time while bookmarks tell how far it has come', async () => {
    kubernetes.set(PODS, podObject('app-1'));
    kubernetes.log('app-1', 'one');
    follow();
    await until(['one']);
    kubernetes.set('/api/v1/services', { metadata: { name: 'cart', namespace: 'shop' } });
    kubernetes.bookmark();
    await new Promise((resolve) => setTimeout(resolve, 100));
    kubernetes.forget();
    kubernetes.cut();
    kubernetes.set(PODS, podObject('app-2'));
    kubernetes.log('app-2', 'two');
    await until(['one', 'two']);
    const lists = kubernetes.requests.filter((request) => request.includes('/pods?') && !request.includes('watch='));
    expect(lists).toHaveLength(1);
  });

  it('drops a stream that gives nothing for too long and opens it again', async () => {
    kubernetes.set(PODS, podObject('app-1'));
    kubernetes.log('app-1', 'one');
    follow({ idleMs: 300 });
    await until(['one']);
    const before = kubernetes.requests.filter((request) => request.includes('follow=true')).length;
    await expect
      .poll(() => kubernetes.requests.filter((request) => request.includes('follow=true')).length, { timeout: 8_000 })
      .toBeGreaterThan(before + 1);
    kubernetes.log('app-1', 'two');
    await until(['one', 'two']);
  });

  it('waits for the first line of a quiet log, before which a kubelet sends not even a head', async () => {
    kubernetes.set(PODS, podObject('app-1'));
    kubernetes.log('app-1', 'long ago', '2026-11-23T04:00:00.000000000Z');
    follow({ answerMs: 300 });
    await expect.poll(() => kubernetes.requests.filter((request) => request.includes('/log?')).length).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 900));
    kubernetes.log('app-1', 'one');
    await until(['one']);
    expect(troubles).toEqual([]);
    expect(kubernetes.requests.filter((request) => request.includes('/log?'))).toHaveLength(1);
  });

  it('takes what a kubelet says in place of lines for trouble, and reads on from the last line', async () => {
    kubernetes.set(PODS, podObject('app-1'));
    kubernetes.log('app-1', 'one');
    follow();
    await until(['one']);
    kubernetes.say('app-1', 'failed to create fsnotify watcher: too many open files');
    await expect.poll(() => troubles).toEqual(['app-1: failed to create fsnotify watcher: too many open files']);
    kubernetes.log('app-1', 'two');
    await until(['one', 'two']);
  });

  it('resumes from the last line whatever the time zone of the node', async () => {
    kubernetes.set(PODS, podObject('app-1'));
    const inLima = (ms: number) => new Date(ms - 18_000_000).toISOString().replace('Z', '000000-05:00');
    const nowMs = Date.now();
    kubernetes.log('app-1', 'one', inLima(nowMs - 300_000));
    kubernetes.log('app-1', 'two', inLima(nowMs));
    follow();
    await until(['one', 'two']);
    kubernetes.cut();
    const since = () =>
      new URL(kubernetes.requests.at(-1)?.split(' ')[1] ?? '', 'http://cluster').searchParams.get('sinceTime');
    await expect.poll(since, { timeout: 8_000 }).toBe(inLima(nowMs));
  });

  it('begins where it left off', async () => {
    kubernetes.set(PODS, podObject('app-1'));
    kubernetes.log('app-1', 'old', '2026-11-23T04:00:00.000Z');
    kubernetes.log('app-1', 'new', '2026-11-23T05:00:00.000Z');
    follow({ positionOf: () => '2026-11-23T04:30:00.000Z' });
    await until(['new']);
  });

  it('says that a log cannot be opened, and goes on trying', async () => {
    kubernetes.set(PODS, podObject('app-1'));
    kubernetes.log('app-1', 'one');
    kubernetes.fail('/log', 403, 2);
    follow();
    await until(['one']);
    expect(troubles[0]).toBe('app-1: 403 made to fail with 403');
  });

  it('stops following a deleted pod', async () => {
    kubernetes.set(PODS, podObject('app-1'));
    kubernetes.log('app-1', 'one');
    follow();
    await until(['one']);
    kubernetes.remove(PODS, 'app-1', DECOY_NAMESPACE);
    await expect.poll(() => changes).toContain('app-1 gone');
  });
});

describe('the inventory from the API', () => {
  it('names a pod’s owner by way of its ReplicaSet, and notices objects that went while nobody watched', async () => {
    const kubernetes = await startKubernetes();
    const stopping = new AbortController();
    const inventory = createInventory();
    for (let at = 0; at < 1_203; at++)
      kubernetes.set(PODS, podObject(`filler-${at}`, { ip: `10.250.${at >> 8}.${at & 255}`, namespace: 'many' }));
    kubernetes.set(
      PODS,
      podObject('cart-7f9c6d6b8-x2k9p', { ip: '10.244.3.17', namespace: 'shop', owner: 'cart-7f9c6d6b8' }),
    );
    kubernetes.set('/apis/apps/v1/replicasets', {
      metadata: {
        name: 'cart-7f9c6d6b8',
        namespace: 'shop',
        uid: 'rs-1',
        ownerReferences: [{ kind: 'Deployment', name: 'cart', controller: true }],
      },
    });
    kubernetes.set('/api/v1/nodes', {
      metadata: { name: 'node-1', uid: 'n-1' },
      spec: { podCIDRs: ['10.244.1.0/24'] },
      status: { addresses: [{ type: 'InternalIP', address: '192.168.5.1' }] },
    });
    const api = createApi({ server: kubernetes.url, insecure: false, token: () => kubernetes.token });
    const { synced } = watchCluster({ api, inventory, signal: stopping.signal, onTrouble: () => {} });
    await synced;
    const now = Date.parse('2026-11-23T05:00:00Z');
    expect(inventory.pods).toBe(1_204);
    expect(inventory.find('10.244.3.17', now, true)).toMatchObject({
      name: 'cart-7f9c6d6b8-x2k9p',
      owner: 'Deployment/cart',
      confidence: 'exact',
    });
    expect(inventory.find('192.168.5.1', now, true)).toMatchObject({ kind: 'node' });

    kubernetes.set(PODS, podObject('late-1', { ip: '10.244.9.9', namespace: 'shop' }));
    await expect.poll(() => inventory.find('10.244.9.9', now, true).name).toBe('late-1');

    kubernetes.fail('/pods', 500, 1);
    kubernetes.cut();
    kubernetes.remove(PODS, 'late-1', 'shop');
    kubernetes.forget();
    await expect
      .poll(() => inventory.find('10.244.9.9', Date.now() + 10_000, true).kind, { timeout: 8_000 })
      .toBe('outside');
    stopping.abort();
    await kubernetes.close();
  });
});

describe('rules in the cluster', () => {
  it('are followed from when their kind is defined', async () => {
    const kubernetes = await startKubernetes();
    const stopping = new AbortController();
    const path = '/apis/alerts.internal/v1/globalalerts';
    const sets: string[][] = [];
    const troubles: string[] = [];
    kubernetes.define(path, false);
    const spec = { description: 'd', severity: 50, dataSet: 'touches' };
    kubernetes.set(path, { kind: 'GlobalAlert', metadata: { name: 'ours' }, spec });
    followLiveRules({
      api: createApi({ server: kubernetes.url, insecure: false, token: () => kubernetes.token }),
      exceptions: createExceptions(),
      signal: stopping.signal,
      onRules: (rules) => sets.push(rules.map(({ name }) => name)),
      onError: (message) => troubles.push(message),
      onTrouble: (what, message) => what === 'globalalerts' && troubles.push(message),
    });
    await expect.poll(() => troubles).toContain('404 page not found');
    kubernetes.define(path, true);
    kubernetes.fail(path, 429, 1);
    await expect.poll(() => sets, { timeout: 8_000 }).toEqual([['ours']]);
    expect(troubles.at(-1)).toBe('');
    stopping.abort();
    await kubernetes.close();
  });

  it('are taken as they change; a broken one says so in its status and the others stand', async () => {
    const kubernetes = await startKubernetes();
    const stopping = new AbortController();
    const exceptions = createExceptions();
    const alertsPath = '/apis/alerts.internal/v1/globalalerts';
    const object = (name: string, spec: Record<string, unknown>) => ({
      apiVersion: 'alerts.internal/v1',
      kind: 'GlobalAlert',
      metadata: { name },
      spec,
    });
    const good = { description: 'd', severity: 50, dataSet: 'touches' };
    kubernetes.set(alertsPath, object('good', good));
    kubernetes.set(alertsPath, object('broken', { ...good, query: 'a ==' }));
    kubernetes.set(alertsPath, object('other', good));
    const sets: string[][] = [];
    const errors: string[] = [];
    const live = followLiveRules({
      api: createApi({ server: kubernetes.url, insecure: false, token: () => kubernetes.token }),
      exceptions,
      signal: stopping.signal,
      onRules: (rules) => sets.push(rules.map(({ name }) => name)),
      onError: (message) => errors.push(message),
      onTrouble: (what, message) => message && errors.push(`${what}: ${message}`),
    });
    await expect.poll(() => sets).toEqual([['good', 'other']]);
    await expect.poll(() => errors.join('\n')).toMatch(/^rule broken: query: Expected .*column 4/);

    live.executed();
    live.fired('good', Date.now());
    live.tick(Date.now());
    await expect.poll(() => statusOf('good')).toMatchObject({ active: true, healthy: true, errorConditions: [] });
    expect(String(statusOf('good')?.lastEvent)).toMatch(/^20\d\d-/);
    await expect
      .poll(() => statusOf('broken'))
      .toMatchObject({ active: false, healthy: false, errorConditions: [{ type: 'Specification' }] });

    kubernetes.set(alertsPath, object('broken', good));
    await expect.poll(() => sets.at(-1)).toEqual(['good', 'other', 'broken']);
    kubernetes.remove(alertsPath, 'good');
    await expect.poll(() => sets.at(-1)).toEqual(['other', 'broken']);

    kubernetes.set('/apis/alerts.internal/v1/alertexceptions', {
      metadata: { name: 'own-scanner' },
      spec: { namespaces: ['scanners'] },
    });
    await expect.poll(() => exceptions.all.map(({ name }) => name)).toEqual(['own-scanner']);
    stopping.abort();
    await kubernetes.close();

    function statusOf(name: string): Record<string, unknown> | undefined {
      return (kubernetes.get(alertsPath, name) as { status?: Record<string, unknown> } | undefined)?.status;
    }
  });
});
