// `--cluster`: finds the decoy pods by their label and follows the log of each.
import { type KubernetesObject, listWatch, withQuery } from '../kubernetes/list-watch.ts';
import type { Api } from '../kubernetes/request.ts';
import { followPodLog, type PodLog } from './pod-log.ts';

/** The one place that says which pods are decoys; a disguise replaces it by --selector. */
export const DECOY_SELECTOR = 'app in (tigera-internal-app,tigera-internal-dashboard,tigera-internal-db)';
export const DECOY_NAMESPACE = 'tigera-internal';
/** Without a stored position, lines this old are read too: what happened while nobody listened. */
const FIRST_READ_MS = 600_000;
/** Pods followed at once. */
const PODS = 5_000;

/** A decoy pod as the cluster sees it. */
export interface DecoyPod {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly container: string;
  readonly labels: readonly string[];
  readonly restarts: number;
  /** ms since the epoch. */
  readonly createdMs: number;
  /** `WATCH` of its container, where it is set. */
  readonly watch: string;
  readonly phase: string;
}

export interface ClusterOptions {
  readonly api: Api;
  readonly namespace: string;
  readonly selector: string;
  readonly signal: AbortSignal;
  readonly onLine: (text: string, pod: DecoyPod, time: string) => void;
  readonly onPod: (pod: DecoyPod, change: 'seen' | 'gone' | 'restarted') => void;
  /** A pod whose log cannot be read, and why; '' once it can. */
  readonly onPodTrouble: (pod: DecoyPod, message: string) => void;
  readonly onTrouble: (message: string) => void;
  /** Where the log of this pod was read up to, RFC 3339; undefined where it never was. */
  readonly positionOf?: (pod: DecoyPod) => string | undefined;
  /** Awaited before more of a log is read. */
  readonly room?: () => Promise<void> | undefined;
  readonly now?: () => number;
  readonly idleMs?: number;
}

/** Runs until `signal`. */
export async function followCluster(options: ClusterOptions): Promise<void> {
  const {
    api,
    namespace,
    selector,
    signal,
    onLine,
    onPod,
    onPodTrouble,
    onTrouble,
    positionOf,
    room,
    now = Date.now,
    idleMs,
  } = options;
  const followed = new Map<string, { pod: DecoyPod; log: PodLog; stop: AbortController }>();

  function follow(pod: DecoyPod): void {
    if (followed.size >= PODS) {
      onPodTrouble(pod, `not followed: ${PODS} pods already are; give each of several alerts a share with --selector`);
      return;
    }
    const stop = new AbortController();
    const since = positionOf?.(pod) ?? new Date(now() - FIRST_READ_MS).toISOString();
    const log = followPodLog({
      api,
      namespace: pod.namespace,
      pod: pod.name,
      container: pod.container,
      since,
      signal: AbortSignal.any([signal, stop.signal]),
      onLine: (text, time) => onLine(text, followed.get(pod.uid)?.pod ?? pod, time),
      onTrouble: (message) => onPodTrouble(pod, message),
      room,
      idleMs,
    });
    followed.set(pod.uid, { pod, log, stop });
    onPod(pod, 'seen');
  }

  await listWatch({
    api,
    path: withQuery(`/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`, { labelSelector: selector }),
    signal,
    onTrouble,
    onSet(object) {
      const pod = decoyPodOf(object);
      const known = followed.get(pod.uid);
      if (pod.phase === 'Succeeded' || pod.phase === 'Failed') {
        if (known) drop(pod);
        return;
      }
      if (!known) {
        // Its container has to have started once for a log to be there.
        if (pod.phase === 'Running') follow(pod);
        return;
      }
      const restarted = pod.restarts > known.pod.restarts;
      known.pod = pod;
      if (!restarted) return;
      known.log.restarted();
      onPod(pod, 'restarted');
    },
    onDelete(object) {
      const known = followed.get(object.metadata.uid);
      if (known) drop(known.pod);
    },
  });

  function drop(pod: DecoyPod): void {
    followed.get(pod.uid)?.stop.abort();
    followed.delete(pod.uid);
    onPod(pod, 'gone');
  }
}

interface PodObject {
  readonly spec?: {
    readonly containers?: readonly {
      readonly name: string;
      readonly env?: readonly { readonly name: string; readonly value?: string }[];
    }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly containerStatuses?: readonly { readonly name: string; readonly restartCount?: number }[];
  };
}

function decoyPodOf(object: KubernetesObject): DecoyPod {
  const { metadata } = object;
  const { spec, status } = object as PodObject;
  const container = spec?.containers?.[0];
  const state = status?.containerStatuses?.find(({ name }) => name === container?.name);
  return {
    uid: metadata.uid,
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    container: container?.name ?? '',
    labels: Object.entries((metadata.labels as Record<string, string> | undefined) ?? {}).map(
      ([key, value]) => `${key}=${value}`,
    ),
    restarts: state?.restartCount ?? 0,
    createdMs: Date.parse(String(metadata.creationTimestamp ?? '')) || 0,
    watch: container?.env?.find(({ name }) => name === 'WATCH')?.value ?? '',
    phase: status?.phase ?? '',
  };
}
