// Vectors: lists of four-byte floats, as text and as bytes.
// Source: https://dev.mysql.com/doc/refman/9.7/en/vector-functions.html
import { TYPE } from '../../wire/constants.ts';
import { shown } from '../coerce.ts';
import { sqlError } from '../errors.ts';
import { bytesType, intType, isNull, isString, type SqlType, textType } from '../value/type.ts';
import { toBytes, toText, type Value } from '../value/value.ts';
import type { FunctionEntry, FunctionTable } from './function.ts';

const FLOAT_BYTES = 4;
const MAX_DIMENSIONS = 16_383;
const VECTOR = 242;
const VECTOR_BYTES = 65_532;
const TEXT_CHARACTERS = 262_128;
const ENTRY = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

function parseVector(text: string): Buffer | undefined {
  const found = /^\s*\[([^\]]*)\]\s*$/.exec(text);
  if (!found) return undefined;
  const entries = (found[1] as string).split(',');
  if (entries.length > MAX_DIMENSIONS || !entries.every((entry) => ENTRY.test(entry))) return undefined;
  const bytes = Buffer.alloc(entries.length * FLOAT_BYTES);
  for (const [at, entry] of entries.entries()) {
    const value = Math.fround(Number(entry));
    if (!Number.isFinite(value)) return undefined;
    bytes.writeFloatLE(value, at * FLOAT_BYTES);
  }
  return bytes;
}

/** A float with five digits after the point and two of the exponent at least. */
function written(value: number): string {
  const [digits, exponent] = value.toExponential(5).split('e') as [string, string];
  const sign = exponent.startsWith('-') ? '-' : '+';
  return `${digits}e${sign}${exponent.replace(/[+-]/, '').padStart(2, '0')}`;
}

function whole(value: Value): Buffer | undefined {
  const bytes = toBytes(value) as Buffer;
  return bytes.length > 0 && bytes.length % FLOAT_BYTES === 0 && bytes.length <= VECTOR_BYTES ? bytes : undefined;
}

/** Only vectors and binary strings will do; error 1210 before any row is read. */
function checkBytes(name: string): NonNullable<FunctionEntry['checkTypes']> {
  return ([type]) => {
    const arg = type as SqlType;
    if (!isNull(arg) && arg.type !== VECTOR && (!isString(arg) || arg.text)) throw sqlError('ER_WRONG_ARGUMENTS', name);
  };
}

const toVector = (name: string): FunctionEntry => ({
  args: [1, 1],
  strict: true,
  type: () => ({ ...bytesType(VECTOR_BYTES), type: VECTOR }),
  checkTypes: ([type]) => {
    if (!isNull(type as SqlType) && !isString(type as SqlType)) throw sqlError('ER_WRONG_ARGUMENTS', name);
  },
  evaluate: ([value], x) => {
    const text = toText(value as Value) as string;
    x.spend(text.length >> 3);
    const bytes = parseVector(text);
    if (!bytes) throw sqlError('ER_TO_VECTOR_CONVERSION', shown(value as Value));
    return bytes;
  },
});

const fromVector: FunctionEntry = {
  args: [1, 1],
  strict: true,
  type: () => ({ ...textType(TEXT_CHARACTERS), type: TYPE.MEDIUM_BLOB }),
  checkTypes: checkBytes('from_vector'),
  evaluate: ([value], x) => {
    const bytes = whole(value as Value);
    if (!bytes) throw sqlError('ER_TO_VECTOR_CONVERSION', toText(value as Value) as string);
    if (!x.fits(bytes.length * 4, 'from_vector')) return null;
    const floats = Array.from({ length: bytes.length / FLOAT_BYTES }, (_, at) => bytes.readFloatLE(at * FLOAT_BYTES));
    return `[${floats.map(written).join(',')}]`;
  },
};

export const VECTOR_FUNCTIONS: FunctionTable = {
  __proto__: null as never,
  STRING_TO_VECTOR: toVector('to_vector'),
  TO_VECTOR: toVector('to_vector'),
  VECTOR_TO_STRING: fromVector,
  FROM_VECTOR: fromVector,
  VECTOR_DIM: {
    args: [1, 1],
    strict: true,
    type: ([arg]) => intType(10, { nullable: (arg as SqlType).nullable }),
    checkTypes: checkBytes('vector_dim'),
    evaluate: ([value]) => {
      const bytes = whole(value as Value);
      if (!bytes) throw sqlError('ER_TO_VECTOR_CONVERSION', toText(value as Value) as string);
      return BigInt(bytes.length / FLOAT_BYTES);
    },
  },
};
