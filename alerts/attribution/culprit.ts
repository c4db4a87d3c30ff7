// Who a source is: as much as is known, and how sure that is.
import { isIPv4 } from 'node:net';

/** exact: this pod had the address then; reused: several had it; node: a node's own address (host network or NAT); unknown: nobody we know. */
export type Confidence = 'exact' | 'claimed' | 'reused' | 'node' | 'unknown';

export interface Culprit {
  readonly kind: 'pod' | 'node' | 'service' | 'outside' | 'self-test' | 'unknown';
  readonly confidence: Confidence;
  /** Flow-log words: `-` where there is none. */
  readonly namespace: string;
  readonly name: string;
  readonly nameAggr: string;
  /** wep, hep, ns or net. */
  readonly type: string;
  readonly labels: readonly string[];
  readonly uid?: string;
  readonly node?: string;
  /** `Deployment/cart` */
  readonly owner?: string;
  readonly serviceAccount?: string;
  readonly image?: string;
}

const PRIVATE_V4 =
  /^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/;
const PRIVATE_V6 = /^(::1$|f[cd]|fe[89ab])/i;

/** A source nobody in the cluster has: `pvt` or `pub`, as flow logs aggregate networks. */
export function outside(ip: string | undefined): Culprit {
  if (ip === undefined || ip === '') {
    return {
      kind: 'unknown',
      confidence: 'unknown',
      namespace: '-',
      name: '-',
      nameAggr: '-',
      type: 'net',
      labels: [],
    };
  }
  const isPrivate = isIPv4(ip) ? PRIVATE_V4.test(ip) : PRIVATE_V6.test(ip);
  return {
    kind: 'outside',
    confidence: 'unknown',
    namespace: '-',
    name: '-',
    nameAggr: isPrivate ? 'pvt' : 'pub',
    type: 'net',
    labels: [],
  };
}

/** `shop/cart-7f9c6d6b8-x2k9p (10.244.3.17)`, or the address alone. */
export function named(culprit: Culprit, ip: string | undefined): string {
  const address = ip || 'an unknown source';
  return culprit.kind === 'pod' ? `${culprit.namespace}/${culprit.name} (${address})` : address;
}
