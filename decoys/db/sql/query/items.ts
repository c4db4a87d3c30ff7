// The select list: what each item gives, what its column is named, and how temporary tables change what it tells.

import { isNeverNullUnlessStrict } from '../../persona/lax-columns.ts';
import { sortedColumns } from '../../persona/sorted-columns.ts';
import { FLAG } from '../../wire/constants.ts';
import type { Expression } from '../ast/expression.ts';
import type { SelectCore, SelectItem } from '../ast/query.ts';
import { withAhead } from '../compile/ahead.ts';
import { type Compiler, scalar } from '../compile/compiler.ts';
import { changesEachTime } from '../compile/fixed.ts';
import { readOf } from '../compile/names.ts';
import { sqlError } from '../errors.ts';
import { madeColumn, type Node, Scope, type ScopeColumn } from '../scope.ts';
import { decodeText } from '../value/charset.ts';
import { type SqlType, widened } from '../value/type.ts';
import { toText, type Value } from '../value/value.ts';
import { callsRoutine, holdsTotal, holdsWindow } from '../walk.ts';
import { materialized, throughTemporary } from './temporary-type.ts';

export interface Item {
  readonly node: Node;
  readonly name: string;
  readonly column: ScopeColumn | undefined;
  readonly alias: string | undefined;
  readonly expression?: Expression | undefined;
  /** Type of the column whose MIN or MAX the item is. */
  readonly extreme?: SqlType | undefined;
  /** The item is a total of its group, or reckoned from some. */
  readonly total?: 'whole' | 'part' | undefined;
  /** No row changes it while the statement runs, so no temporary table holds it. */
  readonly steady?: (() => boolean) | undefined;
}

export function compileItems(c: Compiler, core: SelectCore, scope: Scope): Item[] {
  const items: Item[] = [];
  for (const item of core.items) {
    scope.clause = 'field list';
    if (item.star) {
      items.push(...starItems(c, item.star, core, scope));
      continue;
    }
    const expression = item.expression as Expression;
    const named = scope.lookups;
    const node = withAhead(c, expression, () => c.compile(expression, scope));
    if (node.row) throw sqlError('ER_OPERAND_COLUMNS', 1);
    if (expression.kind === 'parameter' && item.alias) c.x.parameterNames.set(expression.index, item.alias);
    items.push({
      node,
      name: fromClient(c, nameOf(c, item, node), node),
      column: node.column,
      alias: item.alias,
      expression,
      extreme: extremeOf(expression, scope),
      total: totalOf(expression),
      steady: scope.lookups === named ? () => isSteady(expression) : undefined,
    });
  }
  return items;
}

function extremeOf(e: Expression, scope: Scope): SqlType | undefined {
  if (e.kind !== 'aggregate' || e.over || (e.name !== 'MIN' && e.name !== 'MAX')) return undefined;
  const [arg] = e.args;
  return arg?.kind === 'column' ? scope.own(arg.path)?.type : undefined;
}

/** True for an expression that names nothing of a row and is worked out once: what it gives is kept beside the rows. */
function isSteady(e: Expression): boolean {
  return !holdsTotal(e) && !holdsWindow(e) && !changesEachTime(e) && !callsRoutine(e);
}

function totalOf(e: Expression): Item['total'] {
  if (e.kind === 'aggregate' && !e.over) return 'whole';
  return holdsTotal(e) ? 'part' : undefined;
}

function nameOf(c: Compiler, item: SelectItem, node: Node): string {
  if (item.alias !== undefined) return cutName(item.alias, GIVEN_NAME_BYTES);
  return itemName(c, item.expression as Expression, item.text, node);
}

/** A name read as UTF-8, in the character set the client speaks. */
function fromClient(c: Compiler, name: string, { column }: Node): string {
  const charset = c.x.session.clientCharset();
  if (column?.name === name || charset.startsWith('utf8') || charset === 'binary' || !/[^\0-\x7f]/.test(name))
    return name;
  return decodeText(Buffer.from(name), charset) ?? name;
}

/** Bytes of a column's name where its expression or its text gives it, and where the query does. */
const MADE_NAME_BYTES = 255;
const GIVEN_NAME_BYTES = 256;

/** As many whole characters of a name as fit into `bytes`. */
function cutName(name: string, bytes: number): string {
  if (name.length * 3 <= bytes || Buffer.byteLength(name) <= bytes) return name;
  const cut = Buffer.from(name.slice(0, bytes));
  let end = Math.min(bytes, cut.length);
  while (end > 0 && end < cut.length && ((cut[end] as number) & 0xc0) === 0x80) end--;
  return cut.toString('utf8', 0, end);
}

function itemName(c: Compiler, e: Expression, text: string, node: Node): string {
  if (e.kind === 'column' && !node.column) return e.path.at(-1) as string;
  if (e.kind === 'column')
    return node.column?.schema === 'information_schema' && !node.column.shownSchema && node.column.orgTable === ''
      ? (e.path.at(-1) as string)
      : columnName(c, e, node);
  if (e.kind === 'string') return cutName(inNames(e.first), MADE_NAME_BYTES);
  if (e.kind === 'null') return 'NULL';
  // Without the parentheses or the sign it stands in.
  if (e.kind === 'number') return e.text;
  if (e.kind === 'call' && e.name.toUpperCase() === 'NAME_CONST') return constantName(c, e.args[0] as Expression);
  return cutName(inNames(text), MADE_NAME_BYTES);
}

/** What NAME_CONST names its value. Throws 1382 for NULL. */
function constantName(c: Compiler, name: Expression): string {
  const given = toText(scalar(c, name, new Scope([], undefined)).get({ values: [] }));
  if (given === null) throw sqlError('ER_RESERVED_SYNTAX', 'NAME_CONST');
  return given;
}

/** Names are of three bytes a character at most. */
function inNames(text: string): string {
  return /[\ud800-\udfff]/.test(text) ? text.replace(/[\u{10000}-\u{10ffff}]/gu, '?') : text;
}

/** A column is named as the query wrote it, but for INFORMATION_SCHEMA's views over the dictionary, which name it themselves. */
function columnName(c: Compiler, e: Extract<Expression, { kind: 'column' }>, node: Node): string {
  const column = node.column as ScopeColumn;
  return c.x.session.namesOwnColumns(column) ? column.name : (e.path.at(-1) as string);
}

function starItems(c: Compiler, star: readonly string[], core: SelectCore, scope: Scope): Item[] {
  if (!core.from) throw sqlError('ER_NO_TABLES_USED');
  const [table, schema] = [star.at(-1), star.at(-2)];
  const found: Item[] = [];
  for (const [at, column] of scope.columns.entries()) {
    if (
      table !== undefined &&
      column.table !== table &&
      !(column.schema === 'information_schema' && column.table.toLowerCase() === table.toLowerCase())
    )
      continue;
    if (schema !== undefined && column.schema !== '' && column.schema.toLowerCase() !== schema.toLowerCase()) continue;
    if (column.invisible || (table === undefined && column.merged)) continue;
    scope.used.add(column);
    const get = readOf(c, column, (row) => row.values[at] as Value);
    found.push({
      node: { type: widened(column.type), get, coercibility: 2, column },
      name: column.name,
      column,
      alias: undefined,
    });
  }
  if (found.length === 0 && table !== undefined) throw sqlError('ER_BAD_TABLE_ERROR', star.join('.'));
  c.x.spend(found.length);
  return found;
}

/**
 * How far the rows went before they are sent: straight, sorted into groups, through one temporary table (as they are or
 * grouped), or through a second one.
 */
export type Passage =
  | 'straight'
  | 'sorted'
  | 'buffered'
  | 'grouped'
  | 'regrouped'
  | 'rollup'
  | 'temporary'
  | 'dictionary';

/** How an item is told, by how its rows came about. */
export function resultColumn(item: Item, passage: Passage): ScopeColumn {
  const { node, column, name } = item;
  // Where rows come straight, such an item is told as the others are; it is not walked through to find out.
  if (passage !== 'straight' && item.steady?.())
    return { ...madeColumn(name, node.type, node.stored ? name : ''), coercibility: node.coercibility };
  if (passage === 'dictionary') return dictionaryColumn(item);
  // Rows grouped in a temporary table and sorted after keep their totals as they were grouped.
  if (passage === 'regrouped') return resultColumn(item, item.total ? 'grouped' : 'temporary');
  if (!column || passage === 'rollup') {
    const stored = passage === 'temporary' || passage === 'buffered' || (passage === 'grouped' && !item.total);
    const type = stored
      ? materialized(node.type, true)
      : passage === 'grouped'
        ? (keptExtreme(item) ?? throughTemporary(node.type))
        : node.type;
    const orgName = stored || node.stored ? name : '';
    return { ...madeColumn(name, type, orgName), coercibility: node.coercibility };
  }
  const type = passage === 'straight' ? column.type : throughTemporary(column.type);
  return { ...column, name, type };
}

/** MIN and MAX of a column are held as the column is, but may be NULL. */
function keptExtreme({ expression: e, extreme }: Item): SqlType | undefined {
  if (e?.kind !== 'aggregate' || !extreme?.exactFlags) return undefined;
  const kept = throughTemporary(extreme);
  return { ...kept, nullable: true, flags: (kept.flags ?? 0) & ~FLAG.NOT_NULL };
}

/** INFORMATION_SCHEMA's views are sorted as the dictionary's own tables, whose names their columns then tell. */
function dictionaryColumn({ node, column, name, total }: Item): ScopeColumn {
  if (total) {
    const type = total === 'whole' ? materialized(node.type, true) : node.type;
    return madeColumn(name, type);
  }
  const told = column && sortedColumns(column.orgTable)?.get(column.name);
  if (!column || !told) {
    const type = materialized(node.type, true);
    if (!column) return madeColumn(name, type, name);
    return { ...column, name };
  }
  const { type, length, flags, decimals } = told;
  const laxNeverNull =
    !column.type.nullable && isNeverNullUnlessStrict(`information_schema.${column.orgTable}`, column.name);
  return {
    ...column,
    name,
    // What strict sql_mode alone lets be NULL is never told so elsewhere.
    type: {
      ...column.type,
      type,
      length,
      flags: flags | (laxNeverNull ? FLAG.NOT_NULL : 0),
      decimals,
      exactFlags: true,
    },
    orgTable: told.orgTable,
    orgName: told.schema === '' ? column.orgName : name,
    shownSchema: told.schema,
  };
}
