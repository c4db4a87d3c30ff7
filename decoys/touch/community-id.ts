// Community ID v1: one short hash that is the same for both directions of a flow in every tool.
// Follows the published specification (github.com/corelight/community-id-spec, version 1), seed 0.
import { isIPv4 } from 'node:net';
import { crypto } from './on-demand.ts';

const ICMP = 1;
const TCP = 6;
const UDP = 17;
const ICMPV6 = 58;
const SCTP = 132;

/** Request type → the type that answers it; any other type is one-way. */
const ICMP_ANSWERS = new Map([
  [8, 0],
  [0, 8],
  [13, 14],
  [14, 13],
  [15, 16],
  [16, 15],
  [10, 9],
  [9, 10],
  [17, 18],
  [18, 17],
]);
const ICMPV6_ANSWERS = new Map([
  [128, 129],
  [129, 128],
  [133, 134],
  [134, 133],
  [135, 136],
  [136, 135],
  [130, 131],
  [131, 130],
  [144, 145],
  [145, 144],
]);

export interface Flow {
  readonly protocol: number;
  readonly sourceIp: string;
  readonly destinationIp: string;
  /** For ICMP the message type. */
  readonly sourcePort?: number;
  /** For ICMP the message code. */
  readonly destinationPort?: number;
}

/** `1:` + base64(SHA-1(seed, addresses, protocol, 0, ports)), the lower endpoint first. */
export function communityId(flow: Flow): string {
  const source = addressBytes(flow.sourceIp);
  const destination = addressBytes(flow.destinationIp);
  let from = flow.sourcePort ?? 0;
  let to = flow.destinationPort ?? 0;
  const answers = flow.protocol === ICMP ? ICMP_ANSWERS : flow.protocol === ICMPV6 ? ICMPV6_ANSWERS : undefined;
  let oneWay = false;
  if (answers) {
    const answer = answers.get(from);
    if (answer === undefined) oneWay = true;
    else to = answer;
  }
  const order = source.compare(destination);
  const swap = !oneWay && (order > 0 || (order === 0 && from > to));
  if (swap) [from, to] = [to, from];
  const withPorts = answers !== undefined || [TCP, UDP, SCTP].includes(flow.protocol);
  const bytes = Buffer.alloc(2 + source.length + destination.length + 2 + (withPorts ? 4 : 0));
  let at = 2;
  at += (swap ? destination : source).copy(bytes, at);
  at += (swap ? source : destination).copy(bytes, at);
  bytes[at] = flow.protocol;
  at += 2;
  if (withPorts) {
    bytes.writeUInt16BE(from, at);
    bytes.writeUInt16BE(to, at + 2);
  }
  return `1:${crypto().hash('sha1', bytes, 'base64')}`;
}

/** The 4 or 16 bytes of an address in text form; an unreadable one is 4 zero bytes. */
export function addressBytes(ip: string): Buffer {
  if (isIPv4(ip)) return Buffer.from(ip.split('.').map(Number));
  const [head = '', tail] = (ip.split('%', 1)[0] ?? '').split('::', 2);
  const left = groups(head);
  const right = tail === undefined ? [] : groups(tail);
  if (left.length + right.length > 16 || (tail === undefined && left.length !== 16)) return Buffer.alloc(4);
  return Buffer.concat([Buffer.from(left), Buffer.alloc(16 - left.length - right.length), Buffer.from(right)]);
}

function groups(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (isIPv4(group)) return group.split('.').map(Number);
    const value = Number.parseInt(group, 16) & 0xffff;
    return [value >> 8, value & 0xff];
  });
}
