// Sends a counted flood at a given rate, for bench/flood.ts: one line of JSON with what really left.
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { internetChecksum } from '../decoys/app/checksum.ts';

const { values } = parseArgs({
  options: {
    kind: { type: 'string', default: 'icmp' },
    source: { type: 'string', default: '' },
    destination: { type: 'string', default: '' },
    /** Packets a second; 0 is as fast as it goes. */
    rate: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '1' },
    /** How many different sources; 1 is `source` itself. */
    sources: { type: 'string', default: '1' },
    /** Stop after so many packets; 0 leaves it to the time. */
    packets: { type: 'string', default: '0' },
  },
});

interface Wrap {
  send(buffer: Buffer, offset: number, length: number, address: string, sent: () => void): void;
}
interface Addon {
  createSocket(options: object): { wrap: Wrap };
}

const IPV4_HEADER_BYTES = 20;
const HEADER_INCLUDED = 255;
const BATCH = 256;
const PROTOCOLS: Record<string, number> = { icmp: 1, syn: 6, udp: 17 };

const addon = createRequire(import.meta.url)('raw-socket') as Addon;
const { wrap } = addon.createSocket({ protocol: HEADER_INCLUDED, addressFamily: 1, bufferSize: 1 });
const kind = values.kind;
const protocol = PROTOCOLS[kind] ?? 1;
const sources = Number(values.sources);
const rate = Number(values.rate);
const limit = Number(values.packets) || Number.POSITIVE_INFINITY;

const BODIES: Record<string, () => Buffer> = {
  icmp: () => {
    const body = Buffer.alloc(40, 0x61);
    body.writeUInt32BE(0x08000000, 0);
    body.writeUInt16BE(internetChecksum(body), 2);
    return body;
  },
  syn: () => {
    const body = Buffer.alloc(24);
    body[12] = 0x60;
    body[13] = 2;
    body.writeUInt16BE(1_024, 14);
    body.writeUInt32BE(0x020405b4, 20);
    return body;
  },
  udp: () => Buffer.alloc(40, 0x62),
};

const packet = Buffer.concat([Buffer.alloc(IPV4_HEADER_BYTES), BODIES[kind]!()]);
packet[0] = 0x45;
packet[8] = 64;
packet[9] = protocol;
packet.set(values.source.split('.').map(Number), 12);
packet.set(values.destination.split('.').map(Number), 16);

/** Each packet its own source (a walk over 10.0.0.0/8) and port. */
function vary(number: number): void {
  if (sources > 1) packet.writeUInt32BE(0x0a000000 + (((number % sources) * 22_695_477 + 1) & 0xffffff), 12);
  if (protocol === 1) {
    return;
  }
  packet.writeUInt16BE(1_024 + (number % 60_000), IPV4_HEADER_BYTES);
  packet.writeUInt16BE((number * 7_919) & 0xffff, IPV4_HEADER_BYTES + 2);
  if (protocol === 17) packet.writeUInt16BE(packet.length - IPV4_HEADER_BYTES, IPV4_HEADER_BYTES + 4);
}

let sent = 0;
let refused = 0;
const start = performance.now();
const end = start + Number(values.seconds) * 1_000;

function step(): void {
  const now = performance.now();
  const due = rate === 0 ? BATCH : Math.min(BATCH, ((now - start) * rate) / 1_000 - sent);
  for (let count = 0; count < due && sent < limit; count++) {
    vary(sent + refused);
    try {
      wrap.send(packet, 0, packet.length, values.destination, () => {});
      sent++;
    } catch {
      refused++;
    }
  }
  if (now < end && sent < limit) {
    if (rate === 0 || due >= BATCH) setImmediate(step);
    else setTimeout(step, 1);
    return;
  }
  process.stdout.write(`${JSON.stringify({ sent, refused, seconds: (performance.now() - start) / 1_000 })}\n`);
  process.exit(0);
}
step();
