// A shipped workload as one pod under `podman kube play`, with the part of kubelet's work that podman 4.3 does not do: fields of
// the downward API are filled in, variables in arguments are replaced, the pod's sysctls are set for every pod, what volumes hold is laid in directories, and ports, which
// only inform, are left out.
import { spawnSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expanded } from '../harness/consistency.ts';
import type { KubernetesObject } from '../harness/manifests.ts';
import { podTemplateOf } from '../harness/manifests.ts';
import type { Engine } from './engine.ts';

const START_MS = 20_000;
/** Capabilities a container has by default: under containerd, and under CRI-O, each as it documents. */
const CONTAINERD = [
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'NET_RAW'],
  ...['SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
];

export const CRI_O = [
  ...['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'NET_BIND_SERVICE', 'SETGID', 'SETPCAP', 'SETUID'],
];

export interface PlayedPod {
  readonly workload: string;
  /** Name of its container for `podman logs`. */
  readonly container: string;
  readonly pid: number;
  readonly address: string;
}

/** Makes podman's defaults those of a node's runtime, with the sysctls these workloads ask for. Before the first pod. */
export function asNode(
  engine: Engine,
  workloads: readonly KubernetesObject[],
  capabilities: readonly string[] = CONTAINERD,
): void {
  const sysctls = workloads.flatMap((workload) => podTemplateOf(workload)!.spec.securityContext.sysctls ?? []);
  const words = (values: readonly string[]) => JSON.stringify(values);
  appendFileSync(
    engine.env.CONTAINERS_CONF!,
    [
      `default_capabilities=${words(capabilities)}`,
      `default_sysctls=${words(sysctls.map(({ name, value }: { name: string; value: string }) => `${name}=${value}`))}`,
      'log_driver="k8s-file"',
      '',
    ].join('\n'),
  );
}

export interface Place {
  readonly address: string;
  /** Volumes that are directories of this machine, by name. */
  readonly volumes?: Readonly<Record<string, string>>;
  /** Variables besides those of the template. */
  readonly env?: Readonly<Record<string, string>>;
  readonly network?: 'none' | 'host';
}

/** The pod a node would make of the workload's template. */
export function podOf(workload: KubernetesObject, { address, volumes = {}, env = {} }: Place): KubernetesObject {
  const { metadata, spec } = structuredClone(podTemplateOf(workload)!);
  const name = `${workload.metadata.name}-x2k9p`;
  const fields: Record<string, string> = {
    'metadata.name': name,
    'metadata.namespace': workload.metadata.namespace ?? '',
    'metadata.uid': '5d0c1f9e-3b1f-4f7e-9a55-0d7a1d6a2b11',
    "metadata.labels['app']": metadata.labels?.app ?? '',
    'status.podIPs': address,
    'spec.nodeName': 'node-1',
  };
  for (const container of spec.containers) {
    container.env = container.env.map(
      ({ name, value, valueFrom }: { name: string; value?: string; valueFrom?: Fields }) =>
        valueFrom?.fieldRef ? { name, value: fields[valueFrom.fieldRef.fieldPath] } : { name, value, valueFrom },
    );
    container.env.push(...Object.entries(env).map(([name, value]) => ({ name, value })));
    if (container.args) container.args = expanded(container);
    delete container.ports;
  }
  spec.volumes = spec.volumes.map((volume: { name: string }) => {
    const path = volumes[volume.name];
    return path === undefined ? volume : { name: volume.name, hostPath: { path, type: 'Directory' } };
  });
  // An end is to be seen, not mended.
  spec.restartPolicy = 'Never';
  return { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name }, spec };
}

interface Fields {
  readonly fieldRef?: { readonly fieldPath: string };
}

/** Starts the pod and resolves once its log says that it works: `works` is part of a line. */
export async function play(
  engine: Engine,
  workload: KubernetesObject,
  place: Place,
  works = '"heartbeat"',
): Promise<PlayedPod> {
  const pod = podOf(workload, place);
  const file = join(tmpdir(), `${pod.metadata.name}-${process.pid}.json`);
  writeFileSync(file, JSON.stringify(pod));
  engine.run('kube', 'play', `--network=${place.network ?? 'none'}`, file);
  const container = `${pod.metadata.name}-${pod.spec.containers[0].name}`;
  const deadline = Date.now() + START_MS;
  for (let log = ''; !log.includes(works); log = logOf(engine, container)) {
    if (Date.now() > deadline) throw new Error(`${container} does not start: ${log}`);
    await sleep(100);
  }
  const pid = Number(engine.run('inspect', '--format', '{{.State.Pid}}', container).trim());
  return { workload: workload.metadata.name, container, pid, address: place.address };
}

/** All a container has said, lines and diagnostics. */
export function logOf({ command, env }: Engine, container: string): string {
  const run = spawnSync(command[0]!, [...command.slice(1), 'logs', container], { env, encoding: 'utf8' });
  return `${run.stdout}${run.stderr}`;
}
