// Which protocols this kernel refuses by itself, asked over loopback before our raw sockets stand in its way: it depends on its modules.
import type { Family } from './packet.ts';
import type { Wrap } from './polling.ts';

const PROTOCOLS = 256;
const HEADER_INCLUDED = 255;
const PACKET_BYTES = 2_048;
const IPV4_HEADER_BYTES = 20;
const IPV6_HEADER_BYTES = 40;
const ICMP_HEADER_BYTES = 8;
/** More answers than questions cannot come; traffic of others may. */
const READS_LIMIT = 4_096;
/** IPv6 extension headers: never refused as such. */
const EXTENSION_HEADERS: ReadonlySet<number> = new Set([0, 43, 44, 50, 51, 59, 60]);
/** What a Linux kernel without modules speaks: ICMP, IGMP, TCP, UDP, PIM, UDP-Lite; for where loopback is down. */
const SPOKEN: Record<Family, ReadonlySet<number>> = {
  4: new Set([0, 1, 2, 6, 17, 103, 136]),
  6: new Set([6, 17, 58, 103, 136]),
};

const ASK: Record<Family, { readonly address: string; readonly packet: (protocol: number) => Buffer }> = {
  4: { address: '127.0.0.1', packet: ipv4Question },
  6: { address: '::1', packet: ipv6Question },
};

/** Sends an empty packet of each protocol to this machine itself and reads what is refused. Never throws. */
export function learnRefusals(family: Family, { icmp, sender }: { icmp: Wrap; sender: Wrap }): ReadonlySet<number> {
  const { address, packet } = ASK[family];
  for (let protocol = 1; protocol < HEADER_INCLUDED; protocol++) {
    const question = packet(protocol);
    try {
      sender.send(question, 0, question.length, address, () => {});
    } catch {
      // Loopback is down: the table below stands in.
      break;
    }
  }
  const refused = new Set<number>();
  read(icmp, (data, length) => {
    const protocol = family === 4 ? refusedIpv4(data, length) : refusedIpv6(data, length);
    if (protocol !== undefined) refused.add(protocol);
  });
  read(sender, () => {});
  if (refused.size === 0) {
    for (let protocol = 0; protocol < PROTOCOLS; protocol++) if (!SPOKEN[family].has(protocol)) refused.add(protocol);
  }
  // Our own sending socket hid the last one.
  refused.add(HEADER_INCLUDED);
  if (family === 6) for (const header of EXTENSION_HEADERS) refused.delete(header);
  return refused;
}

function read(wrap: Wrap, each: (data: Buffer, length: number) => void): void {
  const buffer = Buffer.alloc(PACKET_BYTES);
  for (let count = 0; count < READS_LIMIT; count++) {
    let length = -1;
    try {
      wrap.recv(buffer, (_buffer, bytes) => {
        length = bytes;
      });
    } catch {
      // EAGAIN: everything is read.
      return;
    }
    if (length >= 0) each(buffer, length);
  }
}

function refusedIpv4(data: Buffer, length: number): number | undefined {
  const quoted = IPV4_HEADER_BYTES + ICMP_HEADER_BYTES;
  if (length < quoted + IPV4_HEADER_BYTES || data[20] !== 3 || data[21] !== 2) return undefined;
  return data[quoted + 9];
}

function refusedIpv6(data: Buffer, length: number): number | undefined {
  if (length < ICMP_HEADER_BYTES + IPV6_HEADER_BYTES || data[0] !== 4 || data[1] !== 1) return undefined;
  return data[ICMP_HEADER_BYTES + 6];
}

function ipv4Question(protocol: number): Buffer {
  const packet = Buffer.alloc(IPV4_HEADER_BYTES);
  packet[0] = 0x45;
  packet[8] = 64;
  packet[9] = protocol;
  packet.set([127, 0, 0, 1], 12);
  packet.set([127, 0, 0, 1], 16);
  return packet;
}

function ipv6Question(protocol: number): Buffer {
  const packet = Buffer.alloc(IPV6_HEADER_BYTES + ICMP_HEADER_BYTES);
  packet[0] = 0x60;
  packet.writeUInt16BE(ICMP_HEADER_BYTES, 4);
  packet[6] = protocol;
  packet[7] = 64;
  packet[23] = 1;
  packet[39] = 1;
  return packet;
}
