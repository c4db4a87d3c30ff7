// CASE, CAST, CONVERT and COLLATE.
// Source: https://dev.mysql.com/doc/refman/9.7/en/cast-functions.html

import { TYPE } from '../../wire/constants.ts';
import type { CastType } from '../ast/expression.ts';
import { castType, castValue, textOfBytes } from '../cast.ts';
import { operandOf } from '../coerce.ts';
import { sqlError } from '../errors.ts';
import { printExpression } from '../print-message.ts';
import type { Node, Row, Scope } from '../scope.ts';
import { decodeText, encodeText, findCharset, findCollation } from '../value/charset.ts';
import { Decimal, rescale } from '../value/decimal.ts';
import { isContainer, Json, type JsonData } from '../value/json.ts';
import { Temporal } from '../value/temporal.ts';
import {
  bytesType,
  isDecimal,
  isDouble,
  isString,
  mergeTypes,
  type SqlType,
  textLength,
  textType,
} from '../value/type.ts';
import { toDecimal, toNumber, toText, type Value, written } from '../value/value.ts';
import { aggregatedArguments, coercibilityOf } from './collations.ts';
import { compileComparison } from './comparison.ts';
import { type Compiler, NUMERIC, type Of, scalar, truth } from './compiler.ts';

export function compileCase(c: Compiler, e: Of<'case'>, scope: Scope): Node {
  const operand = e.operand ? scalar(c, e.operand, scope) : undefined;
  const asked = e.branches.map(([when, then]) => {
    const condition = scalar(c, when, scope);
    return [operand ? compileComparison(c, '=', operand, condition, true) : condition, scalar(c, then, scope)] as const;
  });
  const last = e.otherwise ? [scalar(c, e.otherwise, scope)] : [];
  const results = aggregatedArguments('CASE', [...asked.map(([, then]) => then), ...last]);
  const branches = asked.map(([when], at) => [when, results[at] as Node] as const);
  const otherwise = e.otherwise && (results.at(-1) as Node);
  const merged = mergeTypes(results.map(({ type }) => type));
  return {
    type: otherwise ? merged : { ...merged, nullable: true },
    coercibility: coercibilityOf('CASE', results, merged.text || isString(merged)),
    get: (row) => {
      for (const [when, then] of branches)
        if (truth(c, when, row)) return conform(then.get(row), merged, then.type, false);
      return otherwise ? conform(otherwise.get(row), merged, otherwise.type, false) : null;
    },
  };
}

/**
 * A branch's value as the merged type has it: text where any branch is text, a double's fraction as long as its own type says.
 * `rescales` is whether whole numbers take the merged type's digits after the point.
 */
export function conform(value: Value, type: SqlType, from: SqlType = type, rescales = true): Value {
  if (value === null) return null;
  if (isDecimal(type) && (typeof value === 'bigint' || value instanceof Decimal))
    return rescales || value instanceof Decimal
      ? rescale(toDecimal(value) as Decimal, type.decimals)
      : toDecimal(value);
  if (isDouble(type) && (typeof value === 'bigint' || value instanceof Decimal)) return toNumber(value);
  if (type.type === TYPE.DATETIME && value instanceof Temporal && value.kind === 'date')
    return new Temporal({ ...value, kind: 'datetime' });
  if (!isString(type) || Buffer.isBuffer(value) || typeof value === 'string') return value;
  return written(value, from);
}

/** The document a multi-valued index is over. Throws 3903 for a row with an element that is no value of the index's type. */
function compileElements(c: Compiler, operand: Node, type: CastType, index: string): Node {
  const fits = (element: JsonData): boolean => {
    const text = typeof element === 'string';
    if (element === null || typeof element === 'boolean' || isContainer(element)) return false;
    return type.base === 'char' || type.base === 'binary' ? text : !text || /date|time/.test(type.base);
  };
  return {
    ...operand,
    get: (row) => {
      const value = operand.get(row);
      if (!(value instanceof Json)) return value;
      const elements = Array.isArray(value.data) ? value.data : [value.data];
      c.x.spend(elements.length);
      if (!elements.every(fits)) throw sqlError('ER_FUNCTIONAL_INDEX_INVALID_JSON', index);
      return value;
    },
  };
}

const ARRAY_CAST =
  'Use of CAST( .. AS .. ARRAY) outside of functional index in CREATE(non-SELECT)/ALTER TABLE or in general expressions';

export function compileCast(c: Compiler, e: Of<'cast'>, scope: Scope): Node {
  const operand = scalar(c, e.operand, scope);
  if (e.elements !== undefined) return compileElements(c, operand, e.type, e.elements);
  if (e.array) throw sqlError('ER_NOT_SUPPORTED_YET', ARRAY_CAST);
  const asked = castType(e.type, operand.type, c.x.session, () => e.source?.operand ?? printExpression(e.operand));
  const type = e.type.base === 'char' || e.type.base === 'binary' ? lax(c, asked, operand) : asked;
  return {
    type,
    coercibility: e.type.base === 'char' ? 2 : NUMERIC,
    label: `cast_as_${e.type.base}`,
    get: (row) => {
      const value = inKind(numericFor(e.type, operand, row), e.type, operand);
      c.x.label = operand.label ?? '';
      return castValue(value, e.type, type, c.x, () => e.source?.whole ?? printExpression(e));
    },
  };
}

/** A value as its cast takes it: text as its type writes it, truths in JSON. */
function inKind(value: Value, { base }: CastType, { type }: Node): Value {
  if (base === 'json') return type.boolean && typeof value === 'bigint' ? new Json(value !== 0n) : value;
  return base === 'char' || base === 'binary' ? written(value, type) : value;
}

function numericFor(type: CastType, operand: Node, row: Row): Value {
  return !operand.moment && ['signed', 'unsigned', 'decimal', 'double', 'float'].includes(type.base)
    ? operandOf(operand, row)
    : operand.get(row);
}

/** The type of a text that strict sql_mode lets be NULL; elsewhere it is so only where its operand is. */
function lax(c: Compiler, type: SqlType, operand: Node): SqlType {
  return c.x.session.strict() ? type : { ...type, nullable: operand.type.nullable };
}

export function compileConvert(c: Compiler, e: Of<'convert-charset'>, scope: Scope): Node {
  const operand = scalar(c, e.operand, scope);
  const charset = findCharset(e.charset);
  if (!charset) throw sqlError('ER_UNKNOWN_CHARACTER_SET', e.charset);
  const length = textLength(operand.type);
  const type =
    charset.name === 'binary'
      ? bytesType(operand.type.text ? length * 4 : operand.type.length)
      : textType(length, { collation: charset.defaultCollation });
  return {
    type: lax(c, type, operand),
    // CHAR(… USING …) gives its collation up as a literal does.
    coercibility: e.operand.kind === 'call' && e.operand.name.toUpperCase() === 'CHAR' ? 4 : 2,
    get: (row) => {
      const value = operand.get(row);
      if (value === null) return null;
      if (charset.name === 'binary')
        return Buffer.isBuffer(value) ? value : encodeText(toText(value) as string, c.x.session.connectionCharset());
      const given = written(value, operand.type);
      const text = Buffer.isBuffer(given) ? textOfBytes(given, charset.name, c.x) : given;
      return text === null ? null : (decodeText(encodeText(text, charset.name), charset.name) ?? null);
    },
  };
}

export function compileCollate(c: Compiler, e: Of<'collate'>, scope: Scope): Node {
  const operand = scalar(c, e.operand, scope);
  const collation = findCollation(e.collation);
  if (!collation) throw sqlError('ER_UNKNOWN_COLLATION', e.collation);
  const own = operand.type.text ? c.x.session.charsetOf(operand.type.collation) : 'binary';
  if (own !== collation.charset && (operand.type.text || operand.coercibility !== NUMERIC))
    throw sqlError('ER_COLLATION_CHARSET_MISMATCH', e.collation, own);
  const binary = collation.name.endsWith('_bin');
  return {
    ...operand,
    get: isDouble(operand.type) ? (row) => written(operand.get(row), operand.type) : operand.get,
    constant: undefined,
    column: undefined,
    coercibility: 0,
    type: lax(
      c,
      { ...textType(textLength(operand.type)), collation: collation.name, flags: binary ? 128 : 0 },
      operand,
    ),
  };
}
