import { FLAG, STATUS, TYPE } from '../../wire/constants.ts';
import type { Expression } from '../ast/expression.ts';
import type { QueryBody } from '../ast/query.ts';
import { refuseMix, stronger } from '../compile/collations.ts';
import type { CompiledQuery, Compiler } from '../compile/compiler.ts';
import { sqlError } from '../errors.ts';
import { type CommonRows, madeColumn, type Node, type Row, Scope, type ScopeColumn } from '../scope.ts';
import { finished, mapped, type Steps } from '../steps.ts';
import { findCharset, findCollation } from '../value/charset.ts';
import { type Decimal, rescale } from '../value/decimal.ts';
import { Temporal } from '../value/temporal.ts';
import {
  bytesType,
  DEFAULT_COLLATION,
  isDecimal,
  isDouble,
  isInteger,
  isJson,
  isNull,
  isString,
  isTemporal,
  mergeTypes,
  type SqlType,
  storedLength,
  widened,
} from '../value/type.ts';
import { toDecimal, toNumber, toText, type Value, written } from '../value/value.ts';
import { addKey, keySteps, type Rows, rowKey } from './rows.ts';

export function compileSet(
  c: Compiler,
  body: Extract<QueryBody, { kind: 'set' }>,
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
): CompiledQuery {
  const scope = new Scope([], parent, common);
  const [left, right] = [c.compileQuery(body.left, scope), c.compileQuery(body.right, scope)];
  if (parent && scope.correlated) parent.correlated = true;
  if (left.columns.length !== right.columns.length) throw sqlError('ER_WRONG_NUMBER_OF_COLUMNS_IN_SELECT');
  const columns = left.columns.map((column, at) => {
    const other = right.columns[at] as ScopeColumn;
    const made = unionColumn(column, other);
    const never =
      body.operator === 'except'
        ? !column.type.nullable
        : body.operator === 'intersect' && !(column.type.nullable && other.type.nullable);
    return never
      ? { ...made, type: { ...made.type, nullable: false, flags: (made.type.flags ?? 0) | FLAG.NOT_NULL } }
      : made;
  });
  const convert = (row: readonly Value[]): readonly Value[] =>
    row.map((value, at) => unionValue(value, (columns[at] as ScopeColumn).type));
  /** Rows of one of the queries whose times become text: each with the digits its own column has. */
  function asTexts(rows: Rows, own: readonly ScopeColumn[]): Rows {
    const times = own.flatMap(({ type }, at) => (isTemporal(type) && columns[at]?.type.text ? [at] : []));
    if (times.length === 0) return rows;
    return rows.map((row) =>
      row.map((value, at) => (times.includes(at) ? written(value, (own[at] as ScopeColumn).type) : value)),
    );
  }
  /** Rows as their own queries gave them: what they become is what all queries of the chain make together. */
  function* given(outerRow: Row | undefined): Steps<Rows> {
    const around: Row = outerRow ? { values: [], parent: outerRow } : { values: [] };
    const before = yield* (body.left.order.length === 0 && !body.left.limit ? (left.given ?? left.steps) : left.steps)(
      around,
    );
    const after = yield* (
      body.right.order.length === 0 && !body.right.limit ? (right.given ?? right.steps) : right.steps
    )(around);
    const rows = [...asTexts(before, left.columns), ...asTexts(after, right.columns)];
    c.x.spend(rows.length * (1 + columns.length));
    if (!body.all || body.operator !== 'union') for (const row of rows) c.x.spend(keySteps(row));
    if (body.operator === 'union') {
      if (body.all) return rows;
      const seen = new Set<string>();
      return rows.filter((row) => addKey(seen, convert(row), columns));
    }
    const a = rows.slice(0, before.length).map(convert);
    const b = rows.slice(before.length).map(convert);
    if (body.all) return multiset(a, b, columns, body.operator === 'intersect');
    const keys = new Set(b.map((row) => rowKey(row, columns)));
    const kept = a.filter((row) => keys.has(rowKey(row, columns)) === (body.operator === 'intersect'));
    const seen = new Set<string>();
    return kept.filter((row) => addKey(seen, row, columns));
  }
  function* steps(outerRow: Row | undefined): Steps<Rows> {
    return (yield* given(outerRow)).map(convert);
  }
  if (body.operator !== 'union' || !body.all) c.x.statusFlags |= STATUS.NO_INDEX;
  return { columns, rows: (outerRow) => finished(steps(outerRow)), steps, given };
}

/** INTERSECT ALL and EXCEPT ALL: a row is kept, or taken away, as often as the other side has it; equal rows stand together. */
function multiset(a: Rows, b: Rows, columns: readonly ScopeColumn[], both: boolean): Rows {
  const others = new Map<string, number>();
  for (const row of b) {
    const key = rowKey(row, columns);
    others.set(key, (others.get(key) ?? 0) + 1);
  }
  const groups = new Map<string, (readonly Value[])[]>();
  for (const row of a) {
    const key = rowKey(row, columns);
    const known = groups.get(key);
    if (known) known.push(row);
    else groups.set(key, [row]);
  }
  return [...groups].flatMap(([key, rows]) => {
    const count = others.get(key) ?? 0;
    return both ? rows.slice(0, count) : rows.slice(count);
  });
}

/** The column two queries make together: no table, as wide as both need. */
function unionColumn(first: ScopeColumn, second: ScopeColumn): ScopeColumn {
  const told = ({ type }: ScopeColumn) => (type.type === TYPE.TINY ? widened(type) : (shortened.get(type) ?? type));
  const [left, right] = asOneCharset({ ...first, type: told(first) }, { ...second, type: told(second) });
  const merged = keptKind(mergeTypes([left.type, right.type]), left.type, right.type);
  const documents = isJson(left.type) || isJson(right.type);
  const collated =
    merged.text && !isJson(merged)
      ? { ...merged, collation: documents ? JSON_COLLATION : unionCollation(left, right) }
      : merged;
  const plain = isNull(collated) ? bytesType(0, { decimals: 0 }) : collated;
  const long = isString(plain) && !isJson(plain) && plain.length > VARCHAR_CHARACTERS;
  const type = columnOfUnion(long ? longText(plain) : plain);
  if (long) shortened.set(type, plain);
  return madeColumn(left.name, type, left.name);
}

/** Text longer than this is kept as a BLOB by the table a union's rows go into. */
const VARCHAR_CHARACTERS = 512;
/** What a column of documents tells of its length, in characters: its bytes are capped at 4 GB. */
const JSON_CHARACTERS = 1_073_741_824;
const JSON_COLLATION = 'utf8mb4_bin';
/** Types of long texts by what a union tells of them: a union around it counts their characters anew. */
const shortened = new WeakMap<SqlType, SqlType>();

/** Long text, which tells of its bytes as if they were characters. */
function longText(type: SqlType): SqlType {
  const widest = type.text ? (findCharset(findCollation(type.collation)?.charset ?? '')?.maxBytes ?? 1) : 1;
  const length = type.text ? Math.min(JSON_CHARACTERS, type.length * widest) : type.length;
  return { ...type, type: TYPE.BLOB, length, flags: FLAG.BLOB, members: undefined };
}

/** A hexadecimal literal beside text that holds on to its collation is text too. */
function asOneCharset(left: ScopeColumn, right: ScopeColumn): [ScopeColumn, ScopeColumn] {
  const bytes = (column: ScopeColumn) =>
    isString(column.type) && !column.type.text && !isNull(column.type) && column.coercibility !== undefined;
  const beside = (column: ScopeColumn, other: ScopeColumn): ScopeColumn =>
    bytes(column) &&
    other.type.text &&
    !isJson(other.type) &&
    (other.coercibility ?? IMPLICIT) < (column.coercibility ?? IMPLICIT)
      ? { ...column, type: { ...column.type, text: true, collation: other.type.collation } }
      : column;
  return [beside(left, right), beside(right, left)];
}

/** How a column holds on to its collation. */
const IMPLICIT = 2;

/** The collation of the text that gives its own up less easily. Throws 1267 where neither does. */
function unionCollation(left: ScopeColumn, right: ScopeColumn): string {
  const texts = [left, right].filter(({ type }) => type.text && !isJson(type));
  const [a, b] = texts.map(
    ({ type, coercibility }): Node => ({ type, coercibility: coercibility ?? IMPLICIT, get: () => null }),
  );
  if (!a || !b) return (a ?? b)?.type.collation ?? DEFAULT_COLLATION;
  const taken = stronger(a, b);
  return (taken ?? refuseMix([a, b], 'UNION')).type.collation;
}

/** Integer columns from the narrowest. */
const WIDTHS: readonly number[] = [TYPE.TINY, TYPE.SHORT, TYPE.INT24, TYPE.LONG, TYPE.LONGLONG];

/** What two columns of one kind keep of it in common: fixed texts stay fixed, FLOAT stays FLOAT, documents are bytes. */
function keptKind(merged: SqlType, left: SqlType, right: SqlType): SqlType {
  const [a, b] = isNull(left) ? [right, right] : isNull(right) ? [left, left] : [left, right];
  const every = (type: number) => a.type === type && b.type === type;
  if (every(TYPE.JSON)) return { ...merged, collation: 'binary', length: JSON_BYTES, flags: FLAG.BLOB };
  if (every(TYPE.STRING) && merged.text && !a.members && !b.members) return { ...merged, type: TYPE.STRING };
  const number = (type: SqlType) => isInteger(type) || isDecimal(type) || isDouble(type);
  const fixedText = ({ type, text, members, flags = 0 }: SqlType) =>
    type === TYPE.STRING && text && !members && (flags & (FLAG.ENUM | FLAG.SET)) === 0;
  if ((fixedText(a) && number(b)) || (number(a) && fixedText(b))) return { ...merged, type: TYPE.STRING };
  if (merged.text && (a.type === TYPE.BLOB || b.type === TYPE.BLOB))
    return { ...merged, flags: FLAG.BLOB, type: TYPE.BLOB };
  const single = (type: SqlType) => type.type === TYPE.FLOAT || (isInteger(type) && type.length <= SINGLE_DIGITS);
  if (isDouble(merged) && (a.type === TYPE.FLOAT || b.type === TYPE.FLOAT) && single(a) && single(b))
    return { ...merged, type: TYPE.FLOAT };
  return integerOf(merged, a, b);
}

/** What a column of documents tells of its length, in bytes, and integers that a FLOAT holds. */
const JSON_BYTES = 4_294_967_295;
const SINGLE_DIGITS = 6;

/** Integers of two columns are as wide as the wider one; one of no sign beside one of a sign needs the next width. */
function integerOf(merged: SqlType, left: SqlType, right: SqlType): SqlType {
  if (left.type === TYPE.YEAR && right.type === TYPE.YEAR) return { ...merged, type: TYPE.YEAR, flags: FLAG.ZEROFILL };
  const place = ({ type }: SqlType) => (type === TYPE.YEAR ? 1 : WIDTHS.indexOf(type));
  const [a, b] = [place(left), place(right)];
  if (merged.type !== TYPE.LONGLONG || a < 0 || b < 0) return merged;
  const plain = left.unsigned ? a : b;
  const signed = left.unsigned ? b : a;
  const widest = left.unsigned === right.unsigned ? Math.max(a, b) : signed > plain ? signed : plain + 1;
  return { ...merged, type: WIDTHS[Math.min(widest, WIDTHS.length - 1)] as number };
}

function columnOfUnion(merged: SqlType): SqlType {
  const numeric = isInteger(merged) || isDecimal(merged) || isDouble(merged);
  return {
    ...merged,
    exactFlags: true,
    fieldLength: storedLength(merged),
    flags:
      (merged.nullable ? 0 : FLAG.NOT_NULL) |
      (merged.unsigned ? FLAG.UNSIGNED : 0) |
      ((merged.text ? merged.collation.endsWith('_bin') : !numeric) ? FLAG.BINARY : 0) |
      (isTemporal(merged) && !merged.nullable ? FLAG.NO_DEFAULT : 0) |
      (merged.type === TYPE.YEAR ? FLAG.ZEROFILL : 0) |
      ((merged.flags ?? 0) & FLAG.BLOB),
    decimals: merged.text || isString(merged) ? 0 : merged.decimals,
  };
}

function unionValue(value: Value, type: SqlType): Value {
  if (value === null) return null;
  if (isDecimal(type)) return rescale(toDecimal(value) as Decimal, type.decimals);
  if (isDouble(type) && typeof value !== 'number') return toNumber(value);
  if (type.type === TYPE.DATETIME && value instanceof Temporal && value.kind === 'date')
    return new Temporal({ ...value, kind: 'datetime' });
  if (!type.text || typeof value === 'string' || type.type === TYPE.JSON) return value;
  return toText(value);
}

export function compileValuesRows(
  c: Compiler,
  lists: readonly (readonly Expression[])[],
  parent: Scope | undefined,
  common: Map<string, CommonRows>,
): CompiledQuery {
  const scope = new Scope([], parent, common);
  const width = lists[0]?.length ?? 0;
  if (lists.some((list) => list.length !== width))
    throw sqlError('ER_WRONG_VALUE_COUNT_ON_ROW', lists.findIndex((list) => list.length !== width) + 1);
  const nodes = lists.map((list) => list.map((e) => c.compile(e, scope)));
  const columns = Array.from({ length: width }, (_, at): ScopeColumn => {
    const type = withStoredLength(mergeTypes(nodes.map((list) => (list[at] as Node).type)));
    return madeColumn(`column_${at}`, type);
  });
  const steps = (outerRow: Row | undefined) =>
    mapped(c.x, nodes, (list) => list.map((node) => node.get({ values: [], parent: outerRow })));
  return { columns, rows: (outerRow) => finished(steps(outerRow)), steps };
}

function withStoredLength(type: SqlType): SqlType {
  return { ...type, fieldLength: storedLength(type) };
}
