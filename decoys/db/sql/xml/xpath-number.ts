// Numbers of XPath: whole ones, and doubles that show as many digits as what they come from.
// Source: answers of a live 9.7.4 to arithmetic in EXTRACTVALUE.
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import { doubleText, leadingNumber } from '../value/value.ts';

/** A double; `decimals` is undefined where it shows the digits it needs. */
export interface Real {
  readonly value: number;
  readonly decimals: number | undefined;
}

export type Numeric = bigint | Real;

export function real(value: number, decimals?: number): Real {
  return { value, decimals };
}

/** A number as it is written: a whole one past 64 bits is the last there is, read with a sign. */
export function literalNumber(text: string): Numeric {
  const [whole = '', fraction = ''] = text.split('.');
  if (fraction !== '') return real(Number(text), fraction.length);
  if (text.includes('.')) return real(Number(whole), 0);
  // Twenty digits are past 64 bits in any case.
  const value = BigInt(whole.replace(/^0+/, '').slice(0, 21) || '0');
  return BigInt.asIntN(64, value < 2n ** 64n ? value : 2n ** 64n - 1n);
}

export function numberText(n: Numeric): string {
  if (typeof n === 'bigint') return n.toString();
  const { value, decimals } = n;
  if (decimals === undefined || !Number.isFinite(value)) return doubleText(value);
  const shortest = String(value);
  const fraction = shortest.includes('e') ? '' : (shortest.split('.')[1] ?? '');
  if (shortest.includes('e') || fraction.length > decimals) return halfEven(value, decimals);
  return decimals === 0 ? shortest : `${shortest.split('.')[0]}.${fraction.padEnd(decimals, '0')}`;
}

/** Rounded to `decimals` digits, what is half way to the even one. */
function halfEven(value: number, decimals: number): string {
  const scaled = value * 10 ** Math.min(decimals, 15);
  const rounded = Math.abs(scaled % 1) === 0.5 ? 2 * Math.round(scaled / 2) : Math.round(scaled);
  return (rounded / 10 ** Math.min(decimals, 15)).toFixed(Math.min(decimals, 30));
}

/** To the nearest whole number, what is half way to the even one. */
export function roundEven(value: number): number {
  return Math.abs(value % 1) === 0.5 ? 2 * Math.round(value / 2) : Math.round(value);
}

export function asDouble(n: Numeric): number {
  return typeof n === 'bigint' ? Number(n) : n.value;
}

/** The number a text begins with; what else it holds gives warning 1292. */
export function numberOf(text: string, x: Execution, kind = 'DOUBLE'): number {
  const { number, whole } = leadingNumber(text);
  if (!whole && (text !== '' || kind === 'INTEGER')) x.warn('ER_TRUNCATED_WRONG_VALUE', kind, text);
  return number;
}

const WHOLE: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
};
const DOUBLE: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
};

/** Sum, difference, product, whole quotient or remainder; NULL with warning 1365 by 0. Throws SqlError 1690. */
export function arithmetic(operator: string, a: Numeric, b: Numeric, x: Execution): Numeric | null {
  const exact = typeof a === 'bigint' && typeof b === 'bigint';
  if (operator === 'div' || operator === 'mod') {
    if (asDouble(b) === 0) {
      x.warn('ER_DIVISION_BY_ZERO');
      return null;
    }
    if (exact) return operator === 'div' ? a / b : a % b;
    if (operator === 'div') return BigInt(Math.trunc(asDouble(a) / asDouble(b)));
    return real(asDouble(a) % asDouble(b), decimalsOf(a, b));
  }
  if (exact) {
    const made = (WHOLE[operator] as (a: bigint, b: bigint) => bigint)(a, b);
    if (BigInt.asIntN(64, made) !== made) throw sqlError('ER_DATA_OUT_OF_RANGE', 'BIGINT', `(${a} ${operator} ${b})`);
    return made;
  }
  return real((DOUBLE[operator] as (a: number, b: number) => number)(asDouble(a), asDouble(b)), decimalsOf(a, b));
}

function decimalsOf(...numbers: readonly Numeric[]): number | undefined {
  const all = numbers.map((n) => (typeof n === 'bigint' ? 0 : n.decimals));
  return all.some((decimals) => decimals === undefined) ? undefined : Math.max(...(all as number[]));
}
