// Which of many address ranges an address lies in: one look-up per prefix length in use, however many ranges there are.
import { isIP, isIPv4 } from 'node:net';
import { addressBytes } from '../../decoys/touch/community-id.ts';

export interface CidrIndex {
  /** False where `cidr` is no range such as 10.244.1.0/24. */
  add(cidr: string, value: string): boolean;
  /** The value of the longest range that holds `ip`. */
  find(ip: string): string | undefined;
}

export function createCidrIndex(): CidrIndex {
  const byPrefix = new Map<number, Map<string, string>>();
  let prefixes: number[] = [];
  return {
    add(cidr, value) {
      const [network = '', bits = ''] = cidr.split('/');
      const prefix = Number(bits);
      if (!isIP(network) || !/^\d{1,3}$/.test(bits) || prefix > addressBytes(network).length * 8) return false;
      const ranges = byPrefix.get(prefix) ?? new Map<string, string>();
      ranges.set(masked(addressBytes(network), prefix), value);
      byPrefix.set(prefix, ranges);
      prefixes = [...byPrefix.keys()].sort((a, b) => b - a);
      return true;
    },
    find(ip) {
      if (!isIP(ip)) return undefined;
      const bytes = addressBytes(ip);
      for (const prefix of prefixes) {
        if (prefix > bytes.length * 8) continue;
        const found = byPrefix.get(prefix)?.get(masked(bytes, prefix));
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

/** The first two addresses of a pod range, which are its node's own: those of its tunnel and its bridge. */
export function firstAddresses(cidr: string): string[] {
  const base = cidr.slice(0, cidr.indexOf('/'));
  if (base.endsWith('::')) return [base, `${base}1`];
  const dot = base.lastIndexOf('.') + 1;
  return [base, `${base.slice(0, dot)}${Number(base.slice(dot)) + 1}`];
}

/** The /24 or /64 an address lies in, as a key. */
export function neighbourhood(ip: string): string {
  return isIPv4(ip) ? ip.slice(0, ip.lastIndexOf('.')) : masked(addressBytes(ip), 64);
}

/** The first `prefix` bits, and how many bytes the address has, so that the families stay apart. */
function masked(address: Buffer, prefix: number): string {
  const bytes = Buffer.from(address);
  for (let at = 0; at < bytes.length; at++) {
    const left = Math.max(0, Math.min(8, prefix - at * 8));
    bytes[at] = (bytes[at] ?? 0) & (0xff << (8 - left)) & 0xff;
  }
  return `${bytes.length}:${bytes.toString('latin1')}`;
}
