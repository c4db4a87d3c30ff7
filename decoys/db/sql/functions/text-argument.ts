// Texts as functions take them: characters or bytes, and the type of what is made of them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/string-functions.html
import { findCharset, findCollation } from '../value/charset.ts';
import { bytesType, DEFAULT_COLLATION, isNull, isString, type SqlType, textLength, textType } from '../value/type.ts';
import { toInteger, toText, type Value } from '../value/value.ts';

export const text = (value: Value): string => toText(value) as string;

export const number = (value: Value): number => Number(toInteger(value));

/** Text or bytes as long as `length`, after the first argument. */
export function like(args: readonly SqlType[], length: number): SqlType {
  return args.some((type) => !type.text && isString(type)) || args.every(isNull)
    ? bytesType(length)
    : textType(length, { collation: args.find((type) => type.text)?.collation ?? DEFAULT_COLLATION });
}

export const same = (args: readonly SqlType[]): SqlType => like(args.slice(0, 1), textLength(args[0] as SqlType));

/** Applies a text operation to text and, byte by byte, to bytes. */
export function onText(value: Value, operation: (text: string) => string): Value {
  if (Buffer.isBuffer(value)) return Buffer.from(operation(value.toString('latin1')), 'latin1');
  return operation(text(value));
}

/** Code points, cheap where there are no surrogates. */
function points(value: string): readonly string[] | string {
  for (let at = 0; at < value.length; at++) if ((value.charCodeAt(at) & 0xf800) === 0xd800) return [...value];
  return value;
}

export function slicePoints(value: string, from: number, to?: number): string {
  const list = points(value);
  return typeof list === 'string' ? list.slice(from, to) : list.slice(from, to).join('');
}

export function charLength(value: string): number {
  return points(value).length;
}

/** Characters of a text made as often or as long as a row says; and of one whose number is known, and large. */
export const LONGEST_CHARACTERS = 16_777_216;
export const CAPPED_CHARACTERS = 4_194_304;

export function toTextOrBytes(value: Value): Value {
  return Buffer.isBuffer(value) ? value : toText(value);
}

/** Bytes an argument may take: of text as many as its character set's widest characters. */
export function bytesIn(type: SqlType): number {
  const width = type.text ? (findCharset(findCollation(type.collation)?.charset ?? '')?.maxBytes ?? 4) : 1;
  return textLength(type) * width;
}
