// security-events as a pod from its shipped Deployment, in its image and with that image's permissions: it reads its configuration and
// a secret, follows decoys through the API, keeps state and tells what it found.
import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeKubernetes, startKubernetes } from '../harness/kubernetes.ts';
import { parseAlert } from '../harness/lines.ts';
import { type KubernetesObject, objectsOf } from '../harness/manifests.ts';
import { missing, titled } from '../harness/tools.ts';
import { touchText } from '../harness/touch-text.ts';
import { archiveOf } from './archives.ts';
import { statusField } from './container.ts';
import { type Engine, noPodman, startPodman } from './engine.ts';
import { asNode, logOf, type PlayedPod, play } from './kube-play.ts';

const NONROOT = 65_532;
const WAIT_MS = 20_000;
const POD = 'tigera-internal-db-7f9c6d6b8-x2k9p';

const deployment = objectsOf('security-events.yaml').find(({ kind }) => kind === 'Deployment')!;
const why = noPodman() || missing('catatonit');

describe.skipIf(why)(titled('security-events as a pod', why), () => {
  const scratch = mkdtempSync(join(tmpdir(), 'security-events-'));
  const state = join(scratch, 'state');
  const config = join(scratch, 'config');
  const posts: { signature: string; body: string }[] = [];
  const receiver = createServer((request, answer) => {
    let body = '';
    request.on('data', (part) => {
      body += String(part);
    });
    request.on('end', () => {
      posts.push({ signature: String(request.headers['webhook-signature']), body });
      answer.end();
    });
  });
  let kubernetes: FakeKubernetes;
  let engine: Engine;
  let pod: PlayedPod;

  beforeAll(async () => {
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    kubernetes = await startKubernetes();
    kubernetes.set('/api/v1/pods', decoyPod());
    for (const directory of [state, config]) mkdirSync(directory);
    // As fsGroup makes a volume.
    chownSync(state, NONROOT, NONROOT);
    const hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    writeFileSync(join(config, 'webhook'), 'a-shared-secret');
    writeFileSync(
      join(config, 'config.yaml'),
      `outputs:\n  - {type: webhook, url: "${hook}", secret: {file: /config/webhook}}\n`,
    );
    // podman mounts no service account's token.
    writeFileSync(join(config, 'kubeconfig'), kubernetes.kubeconfig);
    engine = startPodman();
    asNode(engine, []);
    engine.run('load', '-i', archiveOf('security-events'));
    const place = {
      address: '127.0.0.1',
      volumes: { state, config },
      env: { KUBECONFIG: '/config/kubeconfig', PAGE_PORT: '0', METRICS_PORT: '0' },
      network: 'host' as const,
    };
    pod = await play(engine, deployment, place, 'knows 1 pods');
  }, 240_000);

  afterAll(async () => {
    engine?.run('pod', 'rm', '--all', '--force', '--time=1');
    await engine?.remove();
    await kubernetes?.close();
    receiver.close();
    rmSync(scratch, { recursive: true, force: true });
  }, 60_000);

  it('runs as nobody, with nothing', () => {
    expect(statusField(pod.pid, 'Uid').split(/\s+/)).toEqual(Array(4).fill(String(NONROOT)));
    expect(statusField(pod.pid, 'CapBnd')).toMatch(/^0+$/);
    expect(statusField(pod.pid, 'NoNewPrivs')).toBe('1');
    expect(statusField(pod.pid, 'Seccomp')).toBe('2');
  });

  it('a touch in a decoy’s log is an alert line and a signed post', async () => {
    kubernetes.log(POD, touchText({ decoy: 'db', port: 3306 }));
    const log = () => logOf(engine, pod.container);
    const deadline = Date.now() + WAIT_MS;
    while ((posts.length === 0 || !log().includes('"kind":"alert"')) && Date.now() < deadline) await sleep(100);
    const alert = log()
      .split('\n')
      .find((line) => line.includes('"kind":"alert"'));
    expect(parseAlert(alert ?? '').rule.name).toBe('honeypod.vuln.svc');
    expect(posts[0]?.body).toContain('honeypod.vuln.svc');
    // The secret was read: its signature is there (its form is the outputs' own test).
    expect(posts[0]?.signature).toMatch(/^v1,/);
  });

  it('state is on its volume', () => {
    expect(readdirSync(state).length).toBeGreaterThan(0);
    expect(logOf(engine, pod.container)).not.toMatch(/goes on in memory/);
  });
});

/** A decoy of the shipped names, as the API would tell of it. */
function decoyPod(): Record<string, unknown> {
  const workload = objectsOf('vuln-svc.yaml').find(({ kind }) => kind === 'Deployment') as KubernetesObject;
  const { metadata, spec } = workload.spec.template;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name: POD, namespace: workload.metadata.namespace },
    spec,
    status: {
      phase: 'Running',
      podIPs: [{ ip: '10.244.1.9' }],
      containerStatuses: [{ name: spec.containers[0].name, restartCount: 0 }],
    },
  };
}
