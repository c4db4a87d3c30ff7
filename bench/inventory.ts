// How much memory the inventory of a large cluster takes, and how long a look-up: 5,000 nodes and 150,000 pods from a synthetic feed.
// Run: node --expose-gc bench/inventory.ts
import { createInventory } from '../alerts/attribution/inventory.ts';
import { podFacts } from '../alerts/attribution/watch-cluster.ts';

const NODES = 5_000;
const PODS = 150_000;
const LOOK_UPS = 200_000;
const BUDGET_MB = 512;

/** A pod as the API sends it, in its usual size; parsed from text as it would arrive. */
function podText(at: number): string {
  const [node, owner] = [at % NODES, Math.floor(at / 12)];
  return JSON.stringify({
    metadata: {
      name: `service-${owner}-7f9c6d6b8-${(at % 60_466_176).toString(36).padStart(5, '0')}`,
      namespace: `team-${owner % 800}`,
      uid: `b7a1e6c4-0b35-47f1-9d02-${at.toString(16).padStart(12, '0')}`,
      creationTimestamp: '2026-11-23T04:00:00Z',
      resourceVersion: String(at),
      labels: {
        app: `service-${owner}`,
        'pod-template-hash': '7f9c6d6b8',
        'app.kubernetes.io/part-of': `team-${owner % 800}`,
        tier: 'backend',
      },
      annotations: { note: 'x'.repeat(400) },
      ownerReferences: [{ kind: 'ReplicaSet', name: `service-${owner}-7f9c6d6b8`, controller: true }],
    },
    spec: {
      nodeName: `node-${node}`,
      serviceAccountName: `service-${owner}`,
      containers: [
        { name: 'main', image: `registry/service-${owner}:1.2.3`, env: [{ name: 'X', value: 'y'.repeat(600) }] },
      ],
    },
    status: {
      phase: 'Running',
      podIPs: [{ ip: `10.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255}` }],
      startTime: '2026-11-23T04:00:01Z',
    },
  });
}

const inventory = createInventory();
const started = performance.now();
for (let at = 0; at < NODES; at++)
  inventory.setNode({
    name: `node-${at}`,
    ips: [`172.16.${at >> 8}.${at & 255}`],
    podCidrs: [`10.${at >> 8}.${at & 255}.0/24`],
  });
for (let at = 0; at < PODS; at++) inventory.setPod(podFacts(JSON.parse(podText(at))));
for (let at = 0; at * 12 < PODS; at++)
  inventory.setOwner(`team-${at % 800}/ReplicaSet/service-${at}-7f9c6d6b8`, `Deployment/service-${at}`);
const loadedMs = performance.now() - started;
globalThis.gc?.();
const rssMb = process.memoryUsage.rss() / 1_048_576;

const now = Date.parse('2026-11-23T05:00:00Z');
const lookUps = performance.now();
let exact = 0;
for (let at = 0; at < LOOK_UPS; at++) {
  const pod = (at * 7_919) % PODS;
  if (inventory.find(`10.${(pod >> 16) & 255}.${(pod >> 8) & 255}.${pod & 255}`, now, true).confidence === 'exact')
    exact++;
}
const lookUpUs = ((performance.now() - lookUps) * 1_000) / LOOK_UPS;
const strangers = performance.now();
for (let at = 0; at < 200; at++) inventory.find(`198.51.100.${at}`, now, true);
const strangerUs = ((performance.now() - strangers) * 1_000) / 200;

console.log(`pods ${inventory.pods}, nodes ${NODES}, loaded in ${(loadedMs / 1_000).toFixed(1)} s`);
console.log(`RSS ${rssMb.toFixed(0)} MB of ${BUDGET_MB} (ratio ${(rssMb / BUDGET_MB).toFixed(2)})`);
console.log(
  `look-up ${lookUpUs.toFixed(2)} µs (${exact} of ${LOOK_UPS} exact), of a stranger ${strangerUs.toFixed(1)} µs`,
);
