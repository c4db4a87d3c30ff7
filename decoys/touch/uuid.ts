// UUIDv7 (RFC 9562 section 5.7): 48 bits of milliseconds, then a 12-bit counter that orders ids within one, then random bits.
// They need to be different and no secret, so they are Math.random()'s, which V8 seeds from the system's randomness.

const COUNTER_LIMIT = 0x1000;
/** Random bits come in two parts, as many hexadecimal digits each. */
const PART_LIMIT = 2 ** 32;
const PART_DIGITS = 8;
/** The highest two bits say how the id is laid out. */
const VARIANT = 0x8000_0000;
const VARIANT_LIMIT = 2 ** 30;

let lastMs = 0;
let counter = 0;

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** A new id; ids of one process sort in the order they were made, also when the clock steps back. */
export function uuidv7(nowMs: number, random: () => number = Math.random): string {
  if (nowMs > lastMs) {
    lastMs = nowMs;
    counter = 0;
  } else if (++counter === COUNTER_LIMIT) {
    lastMs += 1;
    counter = 0;
  }
  const time = hex(lastMs, 12);
  const high = hex(VARIANT + Math.floor(random() * VARIANT_LIMIT), PART_DIGITS);
  const low = hex(Math.floor(random() * PART_LIMIT), PART_DIGITS);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(counter, 3)}-${high.slice(0, 4)}-${high.slice(4)}${low}`;
}
