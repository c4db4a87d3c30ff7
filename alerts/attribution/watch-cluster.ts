// Fills the inventory from the Kubernetes API and keeps it true: pods, their owners, nodes, services.
import { type KubernetesObject, listWatch } from '../kubernetes/list-watch.ts';
import type { Api } from '../kubernetes/request.ts';
import { type Inventory, type NodeFacts, type PodFacts, REMEMBER_MS } from './inventory.ts';

/** Of owners only the metadata is asked for: their pod templates are large and of no use here. */
const METADATA_ONLY =
  'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';

export interface WatchClusterOptions {
  readonly api: Api;
  readonly inventory: Inventory;
  readonly signal: AbortSignal;
  /** What cannot be watched and why; '' once it can. */
  readonly onTrouble: (what: string, message: string) => void;
  /** These addresses have a pod now. */
  readonly onAddresses?: (ips: readonly string[]) => void;
  readonly now?: () => number;
}

/** Runs until `signal`; `synced` resolves once pods and nodes have been listed. */
export function watchCluster(options: WatchClusterOptions): {
  readonly synced: Promise<unknown>;
  readonly done: Promise<unknown>;
} {
  const { api, inventory, signal, onTrouble, onAddresses, now = Date.now } = options;
  const syncs: Promise<void>[] = [];
  const kind = (
    what: string,
    path: string,
    onSet: (object: KubernetesObject) => void,
    onDelete: (object: KubernetesObject) => void,
    accept?: string,
  ): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    syncs.push(promise);
    return listWatch({
      api,
      path,
      accept,
      signal,
      onSet,
      onDelete,
      onSynced: resolve,
      onTrouble: (message) => onTrouble(what, message),
    });
  };
  const owner = (what: string, path: string, kindName: string) =>
    kind(
      what,
      path,
      ({ metadata }) =>
        inventory.setOwner(`${metadata.namespace}/${kindName}/${metadata.name}`, controllerOf(metadata)),
      ({ metadata }) => inventory.endOwner(`${metadata.namespace}/${kindName}/${metadata.name}`, now()),
      METADATA_ONLY,
    );
  const done = Promise.all([
    kind(
      'pods',
      '/api/v1/pods',
      (object) => {
        const pod = podFacts(object);
        if (pod.endedMs === undefined) {
          if (pod.ips.length === 0) return;
          inventory.setPod(pod);
        } else if (!inventory.endPod(pod.uid, now()) && pod.ips.length > 0 && now() - pod.endedMs < REMEMBER_MS) {
          // It was over before the API told of its address, as with a single ping.
          inventory.setPod(pod);
          inventory.endPod(pod.uid, pod.endedMs);
        }
        onAddresses?.(pod.ips);
      },
      ({ metadata }) => inventory.endPod(metadata.uid, now()),
    ),
    kind(
      'nodes',
      '/api/v1/nodes',
      (object) => inventory.setNode(nodeFacts(object)),
      ({ metadata }) => inventory.deleteNode(metadata.name),
    ),
    kind(
      'services',
      '/api/v1/services',
      (object) => inventory.setService(`${object.metadata.namespace}/${object.metadata.name}`, serviceIps(object)),
      ({ metadata }) => inventory.deleteService(`${metadata.namespace}/${metadata.name}`),
    ),
    owner('replicasets', '/apis/apps/v1/replicasets', 'ReplicaSet'),
    owner('jobs', '/apis/batch/v1/jobs', 'Job'),
  ]);
  return { synced: Promise.all(syncs), done };
}

type Loose = { readonly [key: string]: unknown };

function list(value: unknown): readonly Loose[] {
  return Array.isArray(value) ? value.filter((item): item is Loose => typeof item === 'object' && item !== null) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function loose(value: unknown): Loose {
  return typeof value === 'object' && value !== null ? (value as Loose) : {};
}

/** `ReplicaSet/cart-7f9c6d6b8`: the controller among the owner references. */
function controllerOf(metadata: Loose): string {
  const found = list(metadata.ownerReferences).find((reference) => reference.controller === true);
  return found ? `${text(found.kind)}/${text(found.name)}` : '';
}

/** `endedMs` where it has succeeded or failed: when its last container did. */
export function podFacts(object: KubernetesObject): PodFacts & { readonly endedMs: number | undefined } {
  const { metadata } = object;
  const spec = loose(object.spec);
  const status = loose(object.status);
  const ips = list(status.podIPs).map(({ ip }) => text(ip));
  const started = Date.parse(text(status.startTime)) || Date.parse(text(metadata.creationTimestamp)) || 0;
  return {
    uid: metadata.uid,
    name: metadata.name,
    namespace: metadata.namespace ?? '',
    ips: ips.length ? ips : text(status.podIP) ? [text(status.podIP)] : [],
    node: text(spec.nodeName),
    hostNetwork: spec.hostNetwork === true,
    serviceAccount: text(spec.serviceAccountName) || 'default',
    image: text(list(spec.containers)[0]?.image),
    labels: Object.entries(loose(metadata.labels)).map(([key, value]) => `${key}=${String(value)}`),
    owner: controllerOf(metadata),
    fromMs: started,
    endedMs: status.phase === 'Succeeded' || status.phase === 'Failed' ? endOf(status, started) : undefined,
  };
}

/** Kubelets give whole seconds, cut: it ended within the one that begins then. */
function endOf(status: Loose, startedMs: number): number {
  const ends = list(status.containerStatuses).map(({ state }) =>
    Date.parse(text(loose(loose(state).terminated).finishedAt)),
  );
  return Math.max(startedMs, ...ends.filter(Number.isFinite)) + 1_000;
}

/** Annotations in which network plug-ins note the address a node's own traffic to pods comes from. */
const TUNNEL_ANNOTATIONS = [
  'projectcalico.org/IPv4IPIPTunnelAddr',
  'projectcalico.org/IPv4VXLANTunnelAddr',
  'projectcalico.org/IPv6VXLANTunnelAddr',
  'projectcalico.org/IPv4WireguardInterfaceAddr',
  'network.cilium.io/ipv4-cilium-host',
  'network.cilium.io/ipv6-cilium-host',
];

function nodeFacts(object: KubernetesObject): NodeFacts {
  const spec = loose(object.spec);
  const status = loose(object.status);
  const annotations = loose(object.metadata.annotations);
  const addresses = list(status.addresses).filter(({ type }) => type === 'InternalIP' || type === 'ExternalIP');
  const tunnels = TUNNEL_ANNOTATIONS.map((name) => text(annotations[name])).filter(Boolean);
  const cidrs = Array.isArray(spec.podCIDRs) ? spec.podCIDRs.map(text) : [text(spec.podCIDR)];
  return {
    name: object.metadata.name,
    ips: [...addresses.map(({ address }) => text(address)), ...tunnels],
    podCidrs: cidrs.filter(Boolean),
  };
}

function serviceIps(object: KubernetesObject): string[] {
  const spec = loose(object.spec);
  const ingress = list(loose(loose(object.status).loadBalancer).ingress).map(({ ip }) => text(ip));
  const own = [spec.clusterIPs, spec.externalIPs].flatMap((ips) => (Array.isArray(ips) ? ips.map(text) : []));
  return [...own, ...ingress].filter((ip) => ip !== '' && ip !== 'None');
}
