// security-events as its Deployment starts it, in an install with every name changed and app in a namespace of its own: it follows
// all decoys, takes the alerts of that install, and asks the API for nothing that the shipped rights do not give.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlertLine } from '../../alerts/events/alert-line.ts';
import { accessOf, grants, rulesFor } from '../harness/access.ts';
import { argumentsOf, decoysOf } from '../harness/consistency.ts';
import { type FakeKubernetes, startKubernetes } from '../harness/kubernetes.ts';
import { DIST, parseAlert } from '../harness/lines.ts';
import {
  build,
  type KubernetesObject,
  MANIFESTS,
  noKustomize,
  overlayDirectory,
  podTemplateOf,
} from '../harness/manifests.ts';
import { titled } from '../harness/tools.ts';
import { touchText } from '../harness/touch-text.ts';

const ACCOUNT = 'security-events/security-events';
const WAIT_MS = 15_000;
const PORTS = { app: 22, dashboard: 8080, db: 3306 } as const;
type Decoy = keyof typeof PORTS;

const why = noKustomize();

describe.skipIf(why)(titled('security-events in a disguised install', why), () => {
  const scratch = mkdtempSync(join(overlayDirectory(), 'state-'));
  const alerts: AlertLine[] = [];
  let objects: KubernetesObject[];
  let kubernetes: FakeKubernetes;
  let said = '';
  let stop = async () => {};

  beforeAll(async () => {
    const overlay = overlayDirectory();
    const flags = [
      '--namespace',
      'crm',
      '--app',
      'node-agent',
      '--component',
      'net-raw',
      '--out',
      join(overlay, 'crm'),
    ];
    spawnSync(process.execPath, [join(MANIFESTS, '..', 'scripts', 'disguise.ts'), ...flags]);
    objects = build(join(overlay, 'crm'));
    rmSync(overlay, { recursive: true });

    kubernetes = await startKubernetes();
    for (const object of objects.filter(({ kind }) => kind === 'GlobalAlert'))
      kubernetes.set('/apis/alerts.internal/v1/globalalerts', object as unknown as Record<string, unknown>);
    for (const workload of decoysOf(objects)) kubernetes.set('/api/v1/pods', podOf(workload));
    kubernetes.set('/api/v1/pods', podOf({ ...decoysOf(objects)[0]!, metadata: { name: 'cart', namespace: 'shop' } }));

    const kubeconfig = join(scratch, 'kubeconfig');
    const config = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'security-events')!;
    writeFileSync(kubeconfig, kubernetes.kubeconfig);
    writeFileSync(join(scratch, 'config.yaml'), config.data['config.yaml']);
    // As the pod would start it, with the two paths of its mounts led here.
    const words = argumentsOf(objects).map((word) =>
      word.replace('=/state', `=${scratch}`).replace('=/config/', `=${scratch}/`),
    );
    const child = spawn(process.execPath, [join(DIST, 'alerts.js'), ...words], {
      env: { PATH: process.env.PATH, KUBECONFIG: kubeconfig, METRICS_PORT: '0', PAGE_PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    createInterface({ input: child.stdout! }).on('line', (text) => alerts.push(parseAlert(text)));
    child.stderr!.on('data', (text) => {
      said += String(text);
    });
    stop = async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      if (child.exitCode === null && child.kill()) await ended;
    };
  });

  afterAll(async () => {
    await stop();
    await kubernetes?.close();
    rmSync(join(scratch, '..'), { recursive: true, force: true });
  });

  it('follows the logs of all three decoys, and of nothing else', async () => {
    await until(() => kubernetes.requests.filter((request) => request.includes('/log?')).length >= 3);
    const followed = kubernetes.requests.flatMap(
      (request) => /namespaces\/([^/]+\/pods\/[^/]+)\/log/.exec(request)?.[1] ?? [],
    );
    expect([...new Set(followed)].sort()).toEqual([
      'crm-node/pods/node-agent-x2k9p',
      'crm/pods/crm-console-x2k9p',
      'crm/pods/crm-db-x2k9p',
    ]);
  });

  it('opens the events that the install’s own alerts ask for', async () => {
    for (const workload of decoysOf(objects)) {
      const decoy = decoyOf(workload);
      const { name, namespace } = workload.metadata;
      kubernetes.log(`${name}-x2k9p`, touchText({ decoy, port: PORTS[decoy], namespace, app: name }));
    }
    const rules = () => [...new Set(alerts.map(({ rule }) => rule.name))].sort();
    const expected = ['honeypod.fake.svc', 'honeypod.ip.enum', 'honeypod.network.ssh', 'honeypod.vuln.svc'];
    await until(() => expected.every((rule) => rules().includes(rule)));
    expect(rules()).toEqual(expected);
  });

  it('needs the rights it is given, and no other', async () => {
    await until(() => kubernetes.requests.some((request) => request.startsWith('PATCH')));
    const accesses = kubernetes.requests.map(accessOf);
    const refused = accesses.filter(
      (access) => !rulesFor(objects, ACCOUNT, access.namespace).some((rule) => grants(rule, access)),
    );
    expect(refused).toEqual([]);
    const given = ['crm', 'crm-node'].flatMap((namespace) => rulesFor(objects, ACCOUNT, namespace));
    for (const { resources } of given)
      for (const resource of resources)
        expect(
          accesses.map((access) => access.resource),
          said,
        ).toContain(resource);
  });

  async function until(holds: () => boolean): Promise<void> {
    const deadline = Date.now() + WAIT_MS;
    while (!holds() && Date.now() < deadline) await sleep(50);
    expect(holds(), said).toBe(true);
  }
});

function decoyOf(workload: KubernetesObject): Decoy {
  const port = podTemplateOf(workload)!.spec.containers[0].ports?.[0].containerPort;
  return port === undefined ? 'app' : port === 8080 ? 'dashboard' : 'db';
}

/** A running pod of the workload, as the API would tell of it. */
function podOf(workload: KubernetesObject): Record<string, unknown> {
  const { metadata, spec } = podTemplateOf(workload)!;
  const { name, namespace } = workload.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name: `${name}-x2k9p`, namespace, creationTimestamp: new Date().toISOString() },
    spec,
    status: {
      phase: 'Running',
      podIPs: [{ ip: '10.244.1.9' }],
      containerStatuses: [{ name: spec.containers[0].name, restartCount: 0 }],
    },
  };
}
