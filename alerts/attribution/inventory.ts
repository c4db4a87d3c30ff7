// The cluster's inventory: which pod, node or service had an address at a given time. Only what naming a culprit needs is kept.
// Bounded: pods deleted more than an hour ago are forgotten; past POD_LIMIT those deleted longest ago go first.
import { isIP } from 'node:net';
import { aggregate } from '../flow.ts';
import { type CidrIndex, createCidrIndex, firstAddresses, neighbourhood } from './cidr-index.ts';
import { type Culprit, outside } from './culprit.ts';

/** Deleted pods still resolve for this long. */
export const REMEMBER_MS = 3_600_000;
const POD_LIMIT = 200_000;
/** Two pods that had one address within this time of a touch cannot be told apart by it. */
const HANDOVER_MS = 5_000;
const LABELS = 24;

/** What is kept of a pod. Strings that many pods share are stored once. */
export interface PodFacts {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly ips: readonly string[];
  readonly node: string;
  readonly hostNetwork: boolean;
  readonly serviceAccount: string;
  readonly image: string;
  readonly labels: readonly string[];
  /** The controller that owns it directly, `ReplicaSet/cart-7f9c6d6b8`; '' where none does. */
  readonly owner: string;
  /** ms since the epoch. */
  readonly fromMs: number;
}

interface Pod extends PodFacts {
  /** When it gave its addresses up; Infinity while it lives. */
  untilMs: number;
}

export interface NodeFacts {
  readonly name: string;
  readonly ips: readonly string[];
  /** `10.244.1.0/24` */
  readonly podCidrs: readonly string[];
}

export interface Inventory {
  setPod(pod: PodFacts): void;
  /** The pod gave its addresses up (deleted, succeeded or failed). False where it is not known. */
  endPod(uid: string, nowMs: number): boolean;
  /** ReplicaSet → Deployment and Job → CronJob: `namespace/ReplicaSet/name` is owned by `owner`; '' for none. */
  setOwner(child: string, owner: string): void;
  /** The child was deleted; it is remembered as long as its pods are. */
  endOwner(child: string, nowMs: number): void;
  setNode(node: NodeFacts): void;
  deleteNode(name: string): void;
  setService(key: string, ips: readonly string[]): void;
  deleteService(key: string): void;
  /** Who had `ip` at `atMs`. `proven` where a completed handshake shows that the address was not forged. */
  find(ip: string | undefined, atMs: number, proven: boolean): Culprit;
  /** Whether a pod the API has not told of yet may have `ip` at `atMs`: nobody is known to have it, and it is in a range pods have. */
  mayBeNew(ip: string, atMs: number): boolean;
  /** Forgets what is too old. Call every minute or so. */
  tick(nowMs: number): void;
  readonly pods: number;
}

export function createInventory(): Inventory {
  const pods = new Map<string, Pod>();
  const byIp = new Map<string, Pod | Pod[]>();
  const ended = new Map<string, Pod>();
  const owners = new Map<string, string>();
  const endedOwners = new Map<string, number>();
  const nodes = new Map<string, NodeFacts>();
  const nodeByIp = new Map<string, string>();
  const services = new Map<string, readonly string[]>();
  const serviceByIp = new Map<string, string>();
  const shared = new Map<string, string>();
  const gateways = new Set<string>();
  const neighbourhoods = new Map<string, number>();
  let ranges: CidrIndex | undefined;

  /** One copy of each text, however many pods have it. */
  function intern(text: string): string {
    const known = shared.get(text);
    if (known !== undefined) return known;
    shared.set(text, text);
    return text;
  }

  function holders(ip: string): readonly Pod[] {
    const found = byIp.get(ip);
    return found === undefined ? [] : Array.isArray(found) ? found : [found];
  }

  function attach(pod: Pod): void {
    if (pod.hostNetwork) return;
    for (const ip of pod.ips) {
      const others = holders(ip).filter((other) => other.uid !== pod.uid);
      byIp.set(ip, others.length ? [...others, pod] : pod);
      const around = neighbourhood(ip);
      neighbourhoods.set(around, (neighbourhoods.get(around) ?? 0) + 1);
    }
  }

  function detach(pod: Pod): void {
    if (pod.hostNetwork) return;
    for (const ip of pod.ips) {
      const around = neighbourhood(ip);
      const left = (neighbourhoods.get(around) ?? 1) - 1;
      if (left > 0) neighbourhoods.set(around, left);
      else neighbourhoods.delete(around);
      const others = holders(ip).filter((other) => other.uid !== pod.uid);
      if (others.length === 0) byIp.delete(ip);
      else byIp.set(ip, others.length === 1 ? others[0]! : others);
    }
  }

  function forget(pod: Pod): void {
    detach(pod);
    pods.delete(pod.uid);
    ended.delete(pod.uid);
  }

  function ownerOf(pod: Pod): string {
    return owners.get(`${pod.namespace}/${pod.owner}`) || pod.owner;
  }

  function culpritOf(pod: Pod, confidence: Culprit['confidence']): Culprit {
    return {
      kind: 'pod',
      confidence,
      namespace: pod.namespace,
      name: pod.name,
      nameAggr: pod.owner ? aggregate(pod.name) : pod.name,
      type: 'wep',
      labels: pod.labels,
      uid: pod.uid,
      node: pod.node,
      owner: ownerOf(pod),
      serviceAccount: pod.serviceAccount,
      image: pod.image,
    };
  }

  function podRanges(): CidrIndex {
    if (ranges) return ranges;
    ranges = createCidrIndex();
    gateways.clear();
    for (const { name, podCidrs } of nodes.values()) {
      for (const cidr of podCidrs) {
        ranges.add(cidr, name);
        for (const ip of firstAddresses(cidr)) gateways.add(ip);
      }
    }
    return ranges;
  }

  function nodeOf(ip: string): string | undefined {
    // An address of a node's pod range that no pod has is the node's own end of it: its bridge or tunnel, the mark of NAT.
    return nodeByIp.get(ip) ?? podRanges().find(ip);
  }

  function holderAt(ip: string, atMs: number): { readonly pod: Pod | undefined; readonly near: number } {
    const near = holders(ip).filter((pod) => pod.fromMs - HANDOVER_MS <= atMs && atMs <= pod.untilMs + HANDOVER_MS);
    const living = near.filter((pod) => pod.fromMs <= atMs && atMs <= pod.untilMs);
    return {
      pod: (living.length ? living : near).toSorted((a, b) => b.fromMs - a.fromMs)[0],
      near: near.length,
    };
  }

  return {
    get pods() {
      return pods.size;
    },

    setPod(facts) {
      const known = pods.get(facts.uid);
      if (known) detach(known);
      const pod: Pod = {
        uid: facts.uid,
        name: facts.name,
        namespace: intern(facts.namespace),
        ips: facts.ips,
        node: intern(facts.node),
        hostNetwork: facts.hostNetwork,
        serviceAccount: intern(facts.serviceAccount),
        image: intern(facts.image),
        labels:
          known && known.labels.length === facts.labels.length
            ? known.labels
            : facts.labels.slice(0, LABELS).map(intern),
        owner: intern(facts.owner),
        fromMs: known?.fromMs ?? facts.fromMs,
        untilMs: Infinity,
      };
      pods.set(pod.uid, pod);
      ended.delete(pod.uid);
      attach(pod);
      if (pods.size > POD_LIMIT) {
        const oldest = ended.values().next().value ?? pods.values().next().value;
        if (oldest) forget(oldest);
      }
    },

    endPod(uid, nowMs) {
      const pod = pods.get(uid);
      if (pod?.untilMs === Infinity) {
        pod.untilMs = nowMs;
        ended.set(uid, pod);
      }
      return pod !== undefined;
    },

    setOwner(child, owner) {
      if (owner) owners.set(intern(child), intern(owner));
      else owners.delete(child);
      endedOwners.delete(child);
    },

    endOwner(child, nowMs) {
      if (owners.has(child)) endedOwners.set(child, nowMs);
    },

    setNode(node) {
      this.deleteNode(node.name);
      nodes.set(node.name, node);
      for (const ip of node.ips) nodeByIp.set(ip, node.name);
      ranges = undefined;
    },

    deleteNode(name) {
      for (const ip of nodes.get(name)?.ips ?? []) nodeByIp.delete(ip);
      nodes.delete(name);
      ranges = undefined;
    },

    setService(key, ips) {
      this.deleteService(key);
      services.set(key, ips);
      for (const ip of ips) serviceByIp.set(ip, key);
    },

    deleteService(key) {
      for (const ip of services.get(key) ?? []) serviceByIp.delete(ip);
      services.delete(key);
    },

    find(ip, atMs, proven) {
      if (ip === undefined || !isIP(ip)) return outside(ip);
      const { pod, near } = holderAt(ip, atMs);
      if (pod) return culpritOf(pod, near > 1 ? 'reused' : proven ? 'exact' : 'claimed');
      const node = nodeOf(ip);
      if (node !== undefined) {
        return {
          kind: 'node',
          confidence: 'node',
          namespace: '-',
          name: node,
          nameAggr: node,
          type: 'hep',
          labels: [],
          node,
        };
      }
      const service = serviceByIp.get(ip);
      if (service !== undefined) {
        const [namespace = '-', name = '-'] = service.split('/');
        return { kind: 'service', confidence: 'unknown', namespace, name, nameAggr: name, type: 'net', labels: [] };
      }
      return outside(ip);
    },

    mayBeNew(ip, atMs) {
      if (!isIP(ip) || nodeByIp.has(ip) || serviceByIp.has(ip)) return false;
      const { pod } = holderAt(ip, atMs);
      if (pod) return atMs > pod.untilMs; // Just given up, so somebody may have it anew.
      // Many network plug-ins give pods addresses no node speaks of: then where others are, new ones may be.
      return podRanges().find(ip) === undefined ? neighbourhoods.has(neighbourhood(ip)) : !gateways.has(ip);
    },

    tick(nowMs) {
      for (const pod of ended.values()) {
        if (nowMs - pod.untilMs <= REMEMBER_MS) break; // In order of their end: the rest is younger.
        forget(pod);
      }
      for (const [child, endMs] of endedOwners) {
        if (nowMs - endMs <= 2 * REMEMBER_MS) break;
        owners.delete(child);
        endedOwners.delete(child);
      }
      if (shared.size > 4 * pods.size + 10_000) shared.clear();
    },
  };
}
