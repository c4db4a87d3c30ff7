// UNION, EXCEPT and INTERSECT, VALUES and TABLE: queries that are not a SELECT.
// Source: https://dev.mysql.com/doc/refman/9.7/en/set-operations.html
import { checkRead } from '../../session/table-rights.ts';
import type { TableSource } from '../../session/table-source.ts';
import { FLAG, STATUS, TYPE } from '../../wire/constants.ts';
import type { Expression } from '../ast/expression.ts';
import type { QueryBody } from '../ast/query.ts';
import type { CompiledQuery, Compiler } from '../compile/compiler.ts';
import { sqlError } from '../errors.ts';
import { type CommonRows, type Node, type Row, Scope, type ScopeColumn } from '../scope.ts';
import { type Decimal, rescale } from '../value/decimal.ts';
import { Temporal } from '../value/temporal.ts';
import {
  bytesType,
  isDecimal,
  isDouble,
  isInteger,
  isNull,
  isString,
  isTemporal,
  mergeTypes,
  type SqlType,
  storedLength,
} from '../value/type.ts';
import { toDecimal, toText, type Value } from '../value/value.ts';
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
  const columns = left.columns.map((column, at) => unionColumn(column, right.columns[at] as ScopeColumn));
  const convert = (rows: Rows): Rows =>
    rows.map((row) => row.map((value, at) => unionValue(value, (columns[at] as ScopeColumn).type)));
  const rows = (outerRow: Row | undefined): Rows => {
    const around: Row = outerRow ? { values: [], parent: outerRow } : { values: [] };
    const [before, after] = [left.rows(around), right.rows(around)];
    c.x.spend((before.length + after.length) * (1 + columns.length));
    const [a, b] = [convert(before), convert(after)];
    if (!body.all) for (const row of [...a, ...b]) c.x.spend(keySteps(row));
    if (body.operator === 'union') {
      if (body.all) return [...a, ...b];
      const seen = new Set<string>();
      return [...a, ...b].filter((row) => addKey(seen, row, columns));
    }
    const keys = new Set(b.map((row) => rowKey(row, columns)));
    const kept = a.filter((row) => keys.has(rowKey(row, columns)) === (body.operator === 'intersect'));
    const seen = new Set<string>();
    return body.all ? kept : kept.filter((row) => addKey(seen, row, columns));
  };
  if (body.operator !== 'union' || !body.all) c.x.statusFlags |= STATUS.NO_INDEX;
  return { columns, rows };
}

/** The column two queries make together: no table, as wide as both need. */
export function unionColumn(left: ScopeColumn, right: ScopeColumn): ScopeColumn {
  const merged = integerOf(mergeTypes([left.type, right.type]), left.type, right.type);
  const type = columnOfUnion(isNull(merged) ? bytesType(0, { decimals: 0 }) : merged);
  return { schema: '', table: '', name: left.name, type, orgTable: '', orgName: left.name, shownSchema: '' };
}

/** Integer columns from the narrowest. */
const WIDTHS: readonly number[] = [TYPE.TINY, TYPE.SHORT, TYPE.INT24, TYPE.LONG, TYPE.LONGLONG];

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
      (!merged.text && !numeric ? FLAG.BINARY : 0) |
      (isTemporal(merged) && !merged.nullable ? FLAG.NO_DEFAULT : 0) |
      (merged.type === TYPE.YEAR ? FLAG.ZEROFILL : 0),
    decimals: merged.text || isString(merged) ? 0 : merged.decimals,
  };
}

function unionValue(value: Value, type: SqlType): Value {
  if (value === null) return null;
  if (isDecimal(type)) return rescale(toDecimal(value) as Decimal, type.decimals);
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
    const name = `column_${at}`;
    return {
      schema: '',
      table: '',
      name,
      type: withStoredLength(mergeTypes(nodes.map((list) => (list[at] as Node).type))),
      orgTable: '',
      orgName: '',
      shownSchema: '',
    };
  });
  return {
    columns,
    rows: (outerRow) => nodes.map((list) => list.map((node) => node.get({ values: [], parent: outerRow }))),
  };
}

export function compileTable(c: Compiler, body: { readonly schema: string; readonly name: string }): CompiledQuery {
  checkRead(c.x.session, body.schema, body.name, body.name);
  const table = c.x.session.table(body.schema, body.name);
  return { columns: table.columns, rows: () => scanned(c, table) };
}

function withStoredLength(type: SqlType): SqlType {
  return { ...type, fieldLength: storedLength(type) };
}

function scanned(c: Compiler, table: TableSource): Rows {
  if (table.scans(undefined)) c.x.statusFlags |= STATUS.NO_INDEX;
  return table.rows(c.x);
}
