// Refusing a protocol before anybody has asked: code that has never run takes milliseconds, and how soon an answer comes is seen by
// whoever asks. The answers made here go nowhere; addresses are those of documentation (RFC 5737, 3849).
import { ignoredAs } from './own-traffic.ts';
import { type Delivery, parsePacket } from './packet.ts';
import { createRefusals } from './refusals.ts';

/** Enough that nothing is left to compile when the first question comes; more would load V8's optimising compilers, 6 MB of an idle decoy. */
const ROUNDS = 40;
const PROTOCOL_OF_NOBODY = 91;
const INTERVAL_MS = 2_000;
const TTL = 64;
const QUESTION_BYTES = 40;
const OWN = new Map([
  ['192.0.2.2', 'eth0'],
  ['2001:db8::2', 'eth0'],
]);

export function warmUpRefusals(): void {
  const all: ReadonlySet<number> = new Set([PROTOCOL_OF_NOBODY]);
  const refuse = createRefusals({ refused: { 4: all, 6: all }, own: OWN, ttl: TTL });
  const surroundings = { own: OWN, knows: () => false };
  const questions = [question4(), question6()];
  for (let round = 0; round < ROUNDS; round++) {
    for (const question of questions) {
      const packet = parsePacket(question);
      if (ignoredAs(packet, surroundings) === undefined) refuse(packet, round * INTERVAL_MS);
    }
  }
}

function question4(): Delivery {
  const data = Buffer.alloc(QUESTION_BYTES);
  data[0] = 0x45;
  data.writeUInt16BE(data.length, 2);
  data[8] = TTL;
  data[9] = PROTOCOL_OF_NOBODY;
  data.set([192, 0, 2, 1], 12);
  data.set([192, 0, 2, 2], 16);
  return { data, length: data.length, source: '192.0.2.1', family: 4, protocol: PROTOCOL_OF_NOBODY, at: 0 };
}

function question6(): Delivery {
  const data = Buffer.alloc(QUESTION_BYTES);
  return { data, length: data.length, source: '2001:db8::1', family: 6, protocol: PROTOCOL_OF_NOBODY, at: 0 };
}
