// Attribution: who had an address at a given time, and how sure that is.
import { describe, expect, it } from 'vitest';
import { createInventory, type PodFacts, REMEMBER_MS } from '../../alerts/attribution/inventory.ts';

const T0 = 1_764_000_000_000;

function pod(name: string, ip: string, more: Partial<PodFacts> = {}): PodFacts {
  return {
    uid: `uid-${name}`,
    name,
    namespace: 'shop',
    ips: [ip],
    node: 'node-3',
    hostNetwork: false,
    serviceAccount: 'cart',
    image: 'cart:1',
    labels: ['app=cart'],
    owner: 'ReplicaSet/cart-7f9c6d6b8',
    fromMs: T0,
    ...more,
  };
}

describe('a source address', () => {
  it('names the pod with its owner, node, service account and image', () => {
    const inventory = createInventory();
    inventory.setOwner('shop/ReplicaSet/cart-7f9c6d6b8', 'Deployment/cart');
    inventory.setPod(pod('cart-7f9c6d6b8-x2k9p', '10.244.3.17'));
    expect(inventory.find('10.244.3.17', T0 + 60_000, true)).toMatchObject({
      kind: 'pod',
      confidence: 'exact',
      namespace: 'shop',
      name: 'cart-7f9c6d6b8-x2k9p',
      nameAggr: 'cart-7f9c6d6b8-*',
      owner: 'Deployment/cart',
      node: 'node-3',
      serviceAccount: 'cart',
      image: 'cart:1',
      labels: ['app=cart'],
    });
  });

  it('is only claimed where no handshake proves it', () => {
    const inventory = createInventory();
    inventory.setPod(pod('a', '10.244.3.17'));
    expect(inventory.find('10.244.3.17', T0 + 60_000, false).confidence).toBe('claimed');
  });

  it('of a pod deleted within the hour still resolves, with its deleted owner, and no longer after it', () => {
    const inventory = createInventory();
    inventory.setOwner('shop/ReplicaSet/cart-7f9c6d6b8', 'Deployment/cart');
    inventory.setPod(pod('a', '10.244.3.17'));
    inventory.endOwner('shop/ReplicaSet/cart-7f9c6d6b8', T0 + 90_000);
    inventory.endPod('uid-a', T0 + 100_000);
    expect(inventory.find('10.244.3.17', T0 + 99_000, true)).toMatchObject({
      name: 'a',
      owner: 'Deployment/cart',
      confidence: 'exact',
    });
    inventory.tick(T0 + 100_000 + REMEMBER_MS - 1);
    expect(inventory.find('10.244.3.17', T0 + 99_000, true).name).toBe('a');
    inventory.tick(T0 + 100_000 + REMEMBER_MS + 1);
    expect(inventory.find('10.244.3.17', T0 + 99_000, true).kind).toBe('outside');
    expect(inventory.pods).toBe(0);
  });

  it('that changed hands is resolved by time, and said to be reused near the handover', () => {
    const inventory = createInventory();
    inventory.setPod(pod('old', '10.244.3.17'));
    inventory.endPod('uid-old', T0 + 100_000);
    inventory.setPod(pod('new', '10.244.3.17', { fromMs: T0 + 101_000 }));
    expect(inventory.find('10.244.3.17', T0 + 50_000, true)).toMatchObject({ name: 'old', confidence: 'exact' });
    expect(inventory.find('10.244.3.17', T0 + 103_000, true)).toMatchObject({ name: 'new', confidence: 'reused' });
    expect(inventory.find('10.244.3.17', T0 + 200_000, true)).toMatchObject({ name: 'new', confidence: 'exact' });
  });

  it('of a node, its tunnel or its pod range without a pod is the node: host network or NAT', () => {
    const inventory = createInventory();
    inventory.setNode({
      name: 'node-3',
      ips: ['192.168.5.3', '10.244.3.0'],
      podCidrs: ['10.244.3.0/24', 'fd00:3::/64'],
    });
    inventory.setPod(pod('host', '192.168.5.3', { hostNetwork: true }));
    for (const ip of ['192.168.5.3', '10.244.3.0', '10.244.3.1', 'fd00:3::1']) {
      expect(inventory.find(ip, T0 + 1, true)).toMatchObject({ kind: 'node', confidence: 'node', name: 'node-3' });
    }
    inventory.deleteNode('node-3');
    expect(inventory.find('10.244.3.1', T0 + 1, true).kind).toBe('outside');
  });

  it('of a service is the service; any other is outside', () => {
    const inventory = createInventory();
    inventory.setService('shop/cart', ['10.96.0.9']);
    expect(inventory.find('10.96.0.9', T0, true)).toMatchObject({ kind: 'service', namespace: 'shop', name: 'cart' });
    expect(inventory.find('203.0.113.9', T0, true)).toMatchObject({ kind: 'outside', nameAggr: 'pub' });
    expect(inventory.find('172.20.0.9', T0, true)).toMatchObject({ kind: 'outside', nameAggr: 'pvt' });
    expect(inventory.find(undefined, T0, true)).toMatchObject({ kind: 'unknown' });
  });

  it('IPv6 and dual-stack pods resolve by either address', () => {
    const inventory = createInventory();
    inventory.setPod(pod('dual', '10.244.3.17', { ips: ['10.244.3.17', 'fd00:3::17'] }));
    expect(inventory.find('fd00:3::17', T0 + 60_000, true).name).toBe('dual');
  });

  it('follows a pod whose addresses arrive late or change', () => {
    const inventory = createInventory();
    inventory.setPod(pod('a', '10.244.3.17'));
    inventory.setPod(pod('a', '10.244.3.18'));
    expect(inventory.find('10.244.3.17', T0 + 60_000, true).kind).toBe('outside');
    expect(inventory.find('10.244.3.18', T0 + 60_000, true).name).toBe('a');
  });

  it('may be a new pod’s where pods have theirs and nobody is known to have it', () => {
    const inventory = createInventory();
    inventory.setNode({
      name: 'node-1',
      ips: ['192.168.5.1', '10.244.1.7'],
      podCidrs: ['10.244.1.0/24', 'fd00:1::/64'],
    });
    inventory.setService('shop/cart', ['10.0.9.9']);
    inventory.setPod(pod('a', '10.0.9.17', { ips: ['10.0.9.17', 'fd00:9::17'] }));
    const fresh = (ip: string, atMs = T0 + 60_000) => inventory.mayBeNew(ip, atMs);
    expect(['10.244.1.2', '10.0.9.18', 'fd00:1::5', 'fd00:9::18'].filter((ip) => fresh(ip))).toHaveLength(4);
    // A pod's, a service's, a node's, the node's end of its range, and where no pod is.
    const others = [
      '10.0.9.17',
      '10.0.9.9',
      '192.168.5.1',
      '10.244.1.7',
      '10.244.1.0',
      '10.244.1.1',
      'fd00:1::',
      'fd00:1::1',
    ];
    expect([...others, '10.0.8.1', 'fd00:8::1', '203.0.113.9', 'x'].filter((ip) => fresh(ip))).toEqual([]);
    inventory.endPod('uid-a', T0 + 60_000);
    expect(fresh('10.0.9.17')).toBe(false);
    expect(fresh('10.0.9.17', T0 + 60_001)).toBe(true);
    expect(fresh('10.0.9.17', T0 + 120_000)).toBe(true);
    inventory.tick(T0 + 60_000 + REMEMBER_MS + 1);
    expect(fresh('10.0.9.18')).toBe(false);
  });
});
