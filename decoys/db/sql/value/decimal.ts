// Exact decimal numbers of at most 65 digits and 30 of them after the point, as MySQL's DECIMAL.
// Source: https://dev.mysql.com/doc/refman/9.7/en/precision-math.html

export const MAX_SCALE = 30;
export const MAX_DIGITS = 65;
/** Digits a quotient has more than its dividend (div_precision_increment). */
const DIVISION_DIGITS = 4;

export class Decimal {
  readonly units: bigint;
  readonly scale: number;

  constructor(units: bigint, scale: number) {
    this.units = units;
    this.scale = scale;
  }

  toString(): string {
    const negative = this.units < 0n;
    const digits = (negative ? -this.units : this.units).toString().padStart(this.scale + 1, '0');
    const whole = digits.slice(0, digits.length - this.scale);
    const text = this.scale === 0 ? whole : `${whole}.${digits.slice(digits.length - this.scale)}`;
    return negative ? `-${text}` : text;
  }

  toNumber(): number {
    return Number(this.toString());
  }
}

export function pow10(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

/** Parses digits with an optional sign and point; the caller has checked the form. */
export function parseDecimal(text: string): Decimal {
  const point = text.indexOf('.');
  if (point < 0) return new Decimal(BigInt(text), 0);
  const fraction = text.slice(point + 1);
  const whole = text.slice(0, point);
  const negative = whole.startsWith('-');
  const units = BigInt(`${whole.replace(/[+-]/, '') || '0'}${fraction}`);
  return new Decimal(negative ? -units : units, fraction.length);
}

/** The same value at another scale, rounded half away from zero. */
export function rescale(value: Decimal, scale: number): Decimal {
  if (scale === value.scale) return value;
  if (scale > value.scale) return new Decimal(value.units * pow10(scale - value.scale), scale);
  const divisor = pow10(value.scale - scale);
  const negative = value.units < 0n;
  const magnitude = negative ? -value.units : value.units;
  const rounded = (magnitude + divisor / 2n) / divisor;
  return new Decimal(negative ? -rounded : rounded, scale);
}

/** Digits past `scale` cut off. */
export function truncate(value: Decimal, scale: number): Decimal {
  if (scale >= value.scale) return value;
  return new Decimal(value.units / pow10(value.scale - scale), scale);
}

function aligned(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [rescale(a, scale).units, rescale(b, scale).units, scale];
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const [x, y, scale] = aligned(a, b);
  return new Decimal(x + y, scale);
}

export function subtractDecimals(a: Decimal, b: Decimal): Decimal {
  const [x, y, scale] = aligned(a, b);
  return new Decimal(x - y, scale);
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  const product = new Decimal(a.units * b.units, a.scale + b.scale);
  return product.scale > MAX_SCALE ? rescale(product, MAX_SCALE) : product;
}

/** `division` is the digits it has more than `a`; undefined where the divisor is 0. */
export function divideDecimals(a: Decimal, b: Decimal, division = DIVISION_DIGITS): Decimal | undefined {
  if (b.units === 0n) return undefined;
  const scale = Math.min(a.scale + division, MAX_SCALE);
  const [whole, other] = [inWords(a.scale), inWords(b.scale)];
  const reckoned = inWords(whole + other + Math.max(0, scale - a.scale - (whole - a.scale) - (other - b.scale)));
  const numerator = a.units * pow10(Math.max(0, reckoned - a.scale + b.scale));
  return rescale(new Decimal(numerator / b.units, reckoned), scale);
}

/** Digits of a fraction are reckoned with by nines: what a quotient has past the last of them is cut, not rounded. */
const WORD_DIGITS = 9;

function inWords(digits: number): number {
  return Math.ceil(digits / WORD_DIGITS) * WORD_DIGITS;
}

/** Undefined for a divisor of 0. */
export function moduloDecimals(a: Decimal, b: Decimal): Decimal | undefined {
  if (b.units === 0n) return undefined;
  const [x, y, scale] = aligned(a, b);
  return new Decimal(x % y, scale);
}

/** Below 0, 0 or above. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const [x, y] = aligned(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}
