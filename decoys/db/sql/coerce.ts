// Operands turned into the number an operator reckons with, with the warning MySQL gives where they hold none.
// Source: https://dev.mysql.com/doc/refman/9.7/en/type-conversion.html; warnings as recorded from 9.7.
import { FLAG } from '../wire/constants.ts';
import type { Execution } from './execution.ts';
import type { Node, Row } from './scope.ts';
import { Decimal, parseDecimal } from './value/decimal.ts';
import { Json } from './value/json.ts';
import { Temporal } from './value/temporal.ts';
import { parseDate, parseTime } from './value/temporal-text.ts';
import { leadingNumber, toBytes, toDecimal, toInteger, toNumber, toText, type Value } from './value/value.ts';

/** Longest text of a value in a warning, in characters. */
const SHOWN_CHARACTERS = 128;

/** A value as warnings show it: bytes of a binary string that are no printable ASCII as \xNN. */
export function shown(value: Value): string {
  if (!Buffer.isBuffer(value)) {
    const text = (toText(value) ?? 'NULL').slice(0, SHOWN_CHARACTERS);
    // Messages have no characters of four bytes.
    return /[\ud800-\udfff]/.test(text) ? text.replace(/[\u{10000}-\u{10ffff}]/gu, '?') : text;
  }
  let text = '';
  for (const byte of value) {
    const next =
      byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    if (text.length + next.length > SHOWN_CHARACTERS) break;
    text += next;
  }
  return text;
}

type Wanted = 'DOUBLE' | 'INTEGER' | 'DECIMAL';

/** JSON that is no number: warning 3156 names the function it comes from. */
function fromJson(value: Json, wanted: Wanted, label: string, x: Execution): Value {
  const { data } = value;
  if (typeof data === 'bigint' || typeof data === 'number') return data;
  if (typeof data === 'boolean') return data ? 1n : 0n;
  if (typeof data === 'string') {
    const { number, whole } = leadingNumber(data);
    if (whole) return number;
  }
  x.warn('ER_INVALID_JSON_VALUE_FOR_CAST', wanted, label, 1);
  return 0n;
}

function textOf(value: string | Buffer): string {
  return Buffer.isBuffer(value) ? value.toString('latin1') : value;
}

export function realOf(value: Value, x: Execution, label = ''): number | null {
  if (value === null || typeof value === 'number') return value;
  if (value instanceof Json) return toNumber(fromJson(value, 'DOUBLE', label, x));
  if (typeof value !== 'string' && !Buffer.isBuffer(value)) return toNumber(value);
  const text = textOf(value);
  const { number, whole } = leadingNumber(text);
  if ((!whole && text.trim() !== '') || !Number.isFinite(number))
    x.warn('ER_TRUNCATED_WRONG_VALUE', 'DOUBLE', shown(value));
  return Number.isFinite(number) ? number : Math.sign(number) * Number.MAX_VALUE;
}

const WHOLE_NUMBER = /^[ \t-\r]*([+-]?)0*(\d{0,20})(\d*)/;
const MAX_UINT = 2n ** 64n - 1n;
const MIN_INT = -(2n ** 63n);

export function wholeOf(value: Value, x: Execution, label = ''): bigint | null {
  if (value === null || typeof value === 'bigint') return value;
  if (value instanceof Json) return toInteger(fromJson(value, 'INTEGER', label, x));
  if (typeof value !== 'string' && !Buffer.isBuffer(value)) return toInteger(value);
  const text = textOf(value).slice(0, 1024);
  const found = WHOLE_NUMBER.exec(text) as RegExpExecArray;
  const digits = found[2] as string;
  const some = /\d$/.test(found[0]);
  const negative = found[1] === '-';
  const magnitude = some ? BigInt(digits || '0') : 0n;
  const over = (found[3] as string) !== '' || (negative ? -magnitude < MIN_INT : magnitude > MAX_UINT);
  if (!some || over || text.slice(found[0].length).trim() !== '')
    x.warn('ER_TRUNCATED_WRONG_VALUE', 'INTEGER', shown(value));
  if (over) return negative ? MIN_INT : MAX_UINT;
  return negative ? -magnitude : magnitude;
}

/** `called` says that the text is a function's: then only one without any number is told of, and otherwise. */
export function exactOf(value: Value, x: Execution, label = '', called = false): Decimal | null {
  if (value === null || value instanceof Decimal) return value;
  if (value instanceof Json) return toDecimal(fromJson(value, 'DECIMAL', label, x));
  if (typeof value !== 'string' && !Buffer.isBuffer(value)) return toDecimal(value);
  const text = textOf(value);
  if (called && !NUMBER_START.test(text)) x.warn('ER_TRUNCATED_WRONG_VALUE_FOR_FIELD', 'DECIMAL', '0', '', -1);
  else if (!called && !leadingNumber(text).whole) x.warn('ER_TRUNCATED_WRONG_VALUE', 'DECIMAL', shown(value));
  return toDecimal(textOf(value));
}

const DATE_START = /^\d{4}-/;

/** A date or time in a text as the number it is. */
function momentNumber(text: string): Value {
  return toDecimal((DATE_START.test(text) ? parseDate(text) : parseTime(text))?.toNumber() ?? 0);
}

/** An ENUM is the place of its member, from 1; a SET has a bit for each of its own. */
function memberNumber(value: string, members: readonly string[], several: boolean): bigint {
  if (!several) return BigInt(members.indexOf(value) + 1);
  return value.split(',').reduce((bits, each) => {
    const at = members.indexOf(each);
    return at < 0 ? bits : bits | (1n << BigInt(at));
  }, 0n);
}

/** The value of a node where a number is wanted: hexadecimal literals are integers there. */
export function operandOf(node: Node, row: Row, x?: Execution): Value {
  const value = node.get(row);
  const { members, flags = 0 } = node.type;
  if (members && typeof value === 'string') return memberNumber(value, members, (flags & FLAG.SET) !== 0);
  if (node.moment && typeof value === 'string') return momentNumber(value);
  if (!node.digits || !Buffer.isBuffer(value)) return value;
  if (value.length <= 8) return BigInt(`0x0${(toBytes(value) as Buffer).toString('hex')}`);
  x?.warn('ER_TRUNCATED_WRONG_VALUE', 'BINARY', `x'${value.toString('hex').toUpperCase().slice(0, SHOWN_CHARACTERS)}'`);
  return 0n;
}

export function realOperand(node: Node, row: Row, x: Execution): number | null {
  if (node.quiet) return toNumber(node.get(row));
  return realOf(operandOf(node, row, x), x, node.label);
}

export function wholeOperand(node: Node, row: Row, x: Execution): bigint | null {
  if (node.quiet) return toInteger(node.get(row));
  return wholeOf(operandOf(node, row, x), x, node.label);
}

const NUMBER_START = /^\s*[+-]?\.?\d/;

/** Text a function made. */
function isCalled(node: Node): boolean {
  return node.label !== undefined && node.label !== '' && !node.column && node.type.text;
}

export function exactOperand(node: Node, row: Row, x: Execution): Decimal | null {
  if (node.quiet) return toDecimal(node.get(row));
  const value = operandOf(node, row, x);
  if (value instanceof Temporal && node.type.decimals > 0 && node.type.decimals <= 6)
    return parseDecimal(
      value.format(node.type.decimals).replace(/[-: ](?=.)/g, (mark, at) => (mark === '-' && at === 0 ? '-' : '')),
    );
  return exactOf(value, x, node.label, isCalled(node));
}
