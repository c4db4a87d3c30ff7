// String functions that make longer texts of shorter ones, each within max_allowed_packet.
// Source: https://dev.mysql.com/doc/refman/9.7/en/string-functions.html

import { TYPE } from '../../wire/constants.ts';
import type { Execution } from '../execution.ts';
import { isNull, type SqlType, textLength, textType } from '../value/type.ts';
import { toBytes, type Value } from '../value/value.ts';
import { constantNumber, type FunctionEntry, type FunctionTable, MANY } from './function.ts';
import {
  CAPPED_CHARACTERS,
  charLength,
  LONGEST_CHARACTERS,
  like,
  number,
  onText,
  slicePoints,
  text,
} from './text-argument.ts';

function concat(parts: readonly Value[], x: Execution, name: string): Value {
  const bytes = parts.reduce<number>((sum, part) => sum + (Buffer.isBuffer(part) ? part.length : text(part).length), 0);
  if (!x.fits(bytes, name)) return null;
  if (parts.some(Buffer.isBuffer)) return Buffer.concat(parts.map((part) => toBytes(part) as Buffer));
  return parts.map(text).join('');
}

const capped = (length: number): number => Math.min(CAPPED_CHARACTERS, length);

function pad(args: readonly Value[], x: Execution, left: boolean): Value {
  const [value, count, filler] = [text(args[0] as Value), number(args[1] as Value), text(args[2] as Value)];
  if (count < 0) return null;
  const length = charLength(value);
  if (length >= count) return slicePoints(value, 0, count);
  if (filler === '') return value;
  if (!x.fits(count, left ? 'lpad' : 'rpad')) return null;
  const missing = count - length;
  const padding = slicePoints(filler.repeat(Math.ceil(missing / charLength(filler))), 0, missing);
  return left ? padding + value : value + padding;
}

function padType(args: readonly SqlType[], constants: readonly Value[]): SqlType {
  const length = constantNumber(constants, 1);
  if (length === undefined) return { ...like(args.slice(0, 1), LONGEST_CHARACTERS), type: TYPE.LONG_BLOB };
  if (length < 0) return { ...like(args.slice(0, 1), CAPPED_CHARACTERS), type: TYPE.LONG_BLOB };
  return like(args.slice(0, 1), capped(length));
}

function quote(value: string): string {
  return `'${value.replace(/['\\\0\x1a]/g, (c) => (c === '\0' ? '\\0' : c === '\x1a' ? '\\Z' : `\\${c}`))}'`;
}

function padder(left: boolean): FunctionEntry {
  return {
    takes: 'tit',
    args: [3, 3],
    sizedBy: [1],
    strict: true,
    type: padType,
    evaluate: (args, x) => pad(args, x, left),
  };
}

export const TEXT_BUILD_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  CONCAT: {
    args: [1, MANY],
    takes: 't',
    strict: true,
    type: (args) => like(args, capped(args.reduce((sum, type) => sum + textLength(type), 0))),
    evaluate: (args, x) => concat(args, x, 'concat'),
  },
  CONCAT_WS: {
    args: [2, MANY],
    takes: 't',
    type: (args) =>
      like(
        args,
        capped(
          args.slice(1).reduce((sum, type) => sum + textLength(type), 0) +
            textLength(args[0] as SqlType) * Math.max(0, args.length - 2),
        ),
      ),
    evaluate: ([separator, ...rest], x) => {
      if (separator === null) return null;
      const parts = rest.filter((part) => part !== null);
      return concat(
        parts.flatMap((part, at) => (at === 0 ? [part] : [separator as Value, part])),
        x,
        'concat_ws',
      );
    },
  },
  LPAD: padder(true),
  RPAD: padder(false),
  REPEAT: {
    args: [2, 2],
    sizedBy: [1],
    takes: 'ti',
    strict: true,
    type: (args, constants) =>
      like(
        [args[0] as SqlType],
        (constantNumber(constants, 1) ?? -1) < 0
          ? constants[1] === null
            ? LONGEST_CHARACTERS
            : CAPPED_CHARACTERS
          : Math.min(
              CAPPED_CHARACTERS,
              textLength(args[0] as SqlType) * Math.max(0, constantNumber(constants, 1) as number),
            ),
      ),
    evaluate: ([value, count], x) => {
      const times = Math.max(0, number(count as Value));
      const bytes = (Buffer.isBuffer(value) ? value.length : text(value as Value).length) * times;
      if (times === 0 || bytes === 0) return '';
      if (!x.fits(bytes, 'repeat')) return null;
      return onText(value as Value, (t) => t.repeat(times));
    },
  },
  SPACE: {
    args: [1, 1],
    sizedBy: [0],
    takes: 'i',
    strict: true,
    type: (_args, constants) => {
      const count = constantNumber(constants, 0);
      return textType(count === undefined ? LONGEST_CHARACTERS : capped(Math.max(0, count)));
    },
    evaluate: ([count], x) =>
      x.fits(Math.max(0, number(count as Value)), 'space') ? ' '.repeat(Math.max(0, number(count as Value))) : null,
  },
  QUOTE: {
    args: [1, 1],
    takes: 't',
    type: ([arg]) => {
      const { text: isText, collation } = arg as SqlType;
      const length = isNull(arg as SqlType) ? 4 : textLength(arg as SqlType) * 2 + 2;
      return textType(length, isText ? { collation } : {});
    },
    evaluate: ([value], x) =>
      value === null ? 'NULL' : x.fits(text(value as Value).length * 2, 'quote') ? quote(text(value as Value)) : null,
  },
};
