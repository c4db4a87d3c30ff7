// A query inside an expression as messages show it: `*` by the names it stands for, every name in quotes.
// Source: error 1690 over subqueries, as recorded from 9.7.

import type { Expression } from './ast/expression.ts';
import type { Query, SelectCore, SelectItem, TableRef } from './ast/query.ts';
import { quoteName } from './quote-name.ts';

interface MessagePrinting {
  /** Writes an expression whose columns are found by `column`. */
  readonly print: (e: Expression, column: (path: readonly string[]) => string) => string;
  /** Schema of tables named without one; empty where there is none. */
  readonly database: string;
}

/** What a column of a derived table, or of a select list, is called. */
function nameOf(item: SelectItem): string {
  return item.alias ?? (item.expression?.kind === 'column' ? (item.expression.path.at(-1) as string) : item.text);
}

/** A derived table that only passes on what another gives: the server reads that one in its place. */
function passedOn(from: TableRef | undefined): SelectCore | undefined {
  if (from?.kind !== 'derived') return undefined;
  const { body, limit } = from.query;
  const plain = body.kind === 'select' && body.from !== undefined && !body.where && !body.distinct;
  return plain && !limit && body.group.length === 0 && !body.having && body.items.every(isPlain) ? body : undefined;
}

const isPlain = (item: SelectItem): boolean => item.expression === undefined || item.expression.kind === 'column';

/** A table as it stands before a column's name. */
function prefixOf(from: TableRef | undefined, { database }: MessagePrinting): string {
  const schema = from?.kind === 'table' ? from.schema || database : '';
  if (from?.kind === 'table' && schema !== '') return `${quoteName(schema)}.${quoteName(from.alias)}.`;
  return from && from.kind !== 'join' ? `${quoteName(from.alias)}.` : '';
}

function columnsOf(from: TableRef | undefined): readonly string[] {
  if (from?.kind !== 'derived') return [];
  const { body } = from.query;
  return body.kind === 'select' ? body.items.map(nameOf) : [];
}

function printFrom(from: TableRef, p: MessagePrinting): string {
  switch (from.kind) {
    case 'table': {
      const schema = from.schema || p.database;
      const name = `${schema === '' ? '' : `${quoteName(schema)}.`}${quoteName(from.name)}`;
      return from.alias === from.name ? name : `${name} ${quoteName(from.alias)}`;
    }
    case 'derived':
      return `(${printQuery(from.query, p, true)}) ${quoteName(from.alias)}`;
    case 'join':
      return `${printFrom(from.left, p)} join ${printFrom(from.right, p)}`;
    default:
      return quoteName(from.alias);
  }
}

function printSelect(body: SelectCore, p: MessagePrinting, named: boolean): string {
  const inner = passedOn(body.from);
  if (inner && body.items.every((item) => !item.expression)) {
    const text = printSelect({ ...inner, where: body.where, distinct: body.distinct }, p, named);
    const from = inner.from ? printFrom(inner.from, p) : '';
    return text.replace(` from ${from}`, () => ` from (${from})`);
  }
  const prefix = prefixOf(body.from, p);
  const column = (path: readonly string[]) => `${prefix}${quoteName(path.at(-1) as string)}`;
  const items = body.items.flatMap((item) => {
    if (!item.expression) return columnsOf(body.from).map((name) => `${prefix}${quoteName(name)}`);
    return [`${p.print(item.expression, column)}${named ? ` AS ${quoteName(nameOf(item))}` : ''}`];
  });
  const from = body.from ? ` from ${printFrom(body.from, p)}` : '';
  const where = body.where ? ` where ${p.print(body.where, column)}` : '';
  return `select ${body.distinct ? 'distinct ' : ''}${items.join(',')}${from}${where}`;
}

/** `named` gives every item of the select list its name. */
export function printQuery(query: Query, p: MessagePrinting, named = false): string {
  if (query.body.kind !== 'select') return 'select #2';
  const text = printSelect(query.body, p, named);
  if (!query.limit) return text;
  const plain = (e: Expression) => p.print(e, () => '');
  const offset = query.limit.offset ? `${plain(query.limit.offset)},` : '';
  return `${text} limit ${offset}${plain(query.limit.count)}`;
}

/** The one expression a query without tables stands for. */
export function plainExpression(query: Query): Expression | undefined {
  const { body } = query;
  if (body.kind !== 'select' || body.from || body.where || body.having || body.items.length !== 1) return undefined;
  return query.limit || body.group.length > 0 ? undefined : body.items[0]?.expression;
}
