// A query written back as EXPLAIN's note and JSON form show it: every name with its database and table, every item with its name.
// Source: notes 1003 as seen from 9.7.4; https://dev.mysql.com/doc/refman/9.7/en/explain-extended.html

import type { Expression, OrderItem } from '../../sql/ast/expression.ts';
import type { Limit, SelectCore, TableRef } from '../../sql/ast/query.ts';
import { isKeyword } from '../../sql/parse/words.ts';
import type { ColumnPrinter } from '../../sql/print.ts';
import { printExpression, printedCondition } from '../../sql/print-message.ts';
import { quoteName } from '../../sql/quote-name.ts';
import type { TableSource } from '../table-source.ts';

export interface NamedTable {
  readonly alias: string;
  readonly source: TableSource;
}

/** Characters of a printed query that are shown. */
const QUERY_CHARACTERS = 65_536;

function found(
  tables: readonly NamedTable[],
  path: readonly string[],
): { table: NamedTable; name: string } | undefined {
  const [name, alias] = [path.at(-1)?.toLowerCase(), path.at(-2)?.toLowerCase()];
  for (const table of tables) {
    if (alias !== undefined && table.alias.toLowerCase() !== alias) continue;
    const column = table.source.columns.find((each) => each.name.toLowerCase() === name);
    if (column) return { table, name: column.name };
  }
  return undefined;
}

/** Names as notes have them: all parts, all quoted. */
export function fullNames(tables: readonly NamedTable[]): ColumnPrinter {
  return (path) => {
    const column = found(tables, path);
    if (!column) return path.map(quoteName).join('.');
    return [column.table.source.schema, column.table.alias, column.name].map(quoteName).join('.');
  };
}

/** Names as plans have them: without the current database, quoted where they must be. */
export function shortNames(tables: readonly NamedTable[], database: string): ColumnPrinter {
  const short = (name: string) => (/^\w+$/.test(name) && !isKeyword(name.toUpperCase()) ? name : quoteName(name));
  return (path) => {
    const column = found(tables, path);
    if (!column) return path.map(short).join('.');
    const { schema } = column.table.source;
    return [...(schema === database ? [] : [schema]), column.table.alias, column.name].map(short).join('.');
  };
}

function printedItems(core: SelectCore, tables: readonly NamedTable[], names: ColumnPrinter): string {
  const items = core.items.flatMap(({ expression, star, alias, text }) => {
    if (expression) {
      const name = alias ?? (expression.kind === 'column' ? (found(tables, expression.path)?.name ?? text) : text);
      return [`${printExpression(expression, names, { characters: QUERY_CHARACTERS })} AS ${quoteName(name)}`];
    }
    const owner = star?.at(-1)?.toLowerCase();
    return tables
      .filter((table) => owner === undefined || table.alias.toLowerCase() === owner)
      .flatMap(({ alias: own, source }) =>
        source.columns.map(
          (column) => `${[source.schema, own, column.name].map(quoteName).join('.')} AS ${quoteName(column.name)}`,
        ),
      );
  });
  return items.join(',');
}

function printedFrom(ref: TableRef, tables: readonly NamedTable[], conditions: Expression[]): string {
  if (ref.kind === 'table') {
    const table = tables.find(({ alias }) => alias === ref.alias);
    const name = `${quoteName(table?.source.schema ?? ref.schema)}.${quoteName(ref.name)}`;
    return ref.alias === ref.name ? name : `${name} ${quoteName(ref.alias)}`;
  }
  if (ref.kind !== 'join') return '(select #2)';
  if (ref.on) conditions.push(ref.on);
  return `${printedFrom(ref.left, tables, conditions)} join ${printedFrom(ref.right, tables, conditions)}`;
}

/** One SELECT with its order and limit, its conditions true or false where the plan has settled them. */
export function printedSelect(
  core: SelectCore,
  order: readonly OrderItem[],
  limit: Limit | undefined,
  tables: readonly NamedTable[],
  settled: boolean | undefined,
): string {
  const names = fullNames(tables);
  const print = (e: Expression) => printExpression(e, names, { characters: QUERY_CHARACTERS });
  const printed = (e: Expression) => printedCondition(e, names, { characters: QUERY_CHARACTERS });
  const conditions: Expression[] = [];
  const from = core.from ? ` from ${printedFrom(core.from, tables, conditions)}` : '';
  if (core.where) conditions.push(core.where);
  const where = settled === undefined ? conditions.map(printed).join(' and ') : String(settled);
  const parts = [
    `/* select#1 */ select ${core.distinct ? 'distinct ' : ''}${printedItems(core, tables, names)}${from}`,
    conditions.length > 0 && where !== '' ? `where ${conditions.length > 1 ? `(${where})` : where}` : '',
    core.group.length > 0 ? `group by ${core.group.map(print).join(',')}` : '',
    core.having ? `having ${printed(core.having)}` : '',
    order.length > 0
      ? `order by ${order.map(({ expression, descending }) => print(expression) + (descending ? ' desc' : '')).join(',')}`
      : '',
    limit ? `limit ${limit.offset ? `${print(limit.offset)},` : ''}${print(limit.count)}` : '',
  ];
  return parts
    .filter((part) => part !== '')
    .join(' ')
    .slice(0, QUERY_CHARACTERS);
}
