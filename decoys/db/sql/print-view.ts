// A query written back as the server keeps it in views: every name with its table, every item with its name.
// Source: what 9.7.4 shows of views.
import type { Expression } from './ast/expression.ts';
import type { Query, QueryBody, SelectCore, TableRef } from './ast/query.ts';
import { type Printing, printCondition, printOrder, printWith } from './print.ts';
import { quoteName } from './quote-name.ts';

/** Columns of the table `schema.name`. */
export type ColumnLookup = (schema: string, name: string) => readonly string[];

export interface QueryPrinting {
  /** Schema of tables named without one. */
  readonly database: string;
  /** Tables of this schema are written without it. */
  readonly omitted: string;
  /** Strings tell the character set they were written with. */
  readonly introduced: boolean;
  readonly lookup: ColumnLookup;
}

interface NamedTable {
  readonly alias: string;
  /** What stands before its columns, quoted. */
  readonly prefix: string;
  readonly columns: readonly string[];
}

interface Scope {
  readonly tables: readonly NamedTable[];
  readonly parent: Scope | undefined;
  readonly common: ReadonlyMap<string, readonly string[]>;
}

const NOTHING: Scope = { tables: [], parent: undefined, common: new Map() };

/** Names of the columns a query gives. */
export function namesOf(query: Query, p: QueryPrinting, common: Scope['common'] = NOTHING.common): string[] {
  return namesOfBody(query.body, p, common);
}

function namesOfBody(body: QueryBody, p: QueryPrinting, common: Scope['common']): string[] {
  if (body.kind === 'set') return namesOf(body.left, p, common);
  if (body.kind === 'values') return (body.rows[0] ?? []).map((_, at) => `column_${at}`);
  const tables = body.from ? tablesOf(body.from, p, common) : [];
  return body.items.flatMap((item) => {
    if (item.expression)
      return [item.alias ?? (item.expression.kind === 'column' ? (item.expression.path.at(-1) as string) : item.text)];
    const owner = item.star?.at(-1);
    return tables.filter((table) => owner === undefined || table.alias === owner).flatMap(({ columns }) => columns);
  });
}

function columnsNamed(schema: string, name: string, p: QueryPrinting, common: Scope['common']): readonly string[] {
  const shared = schema === '' ? common.get(name.toLowerCase()) : undefined;
  return shared ?? p.lookup(schema || p.database, name);
}

function tablesOf(ref: TableRef, p: QueryPrinting, common: Scope['common']): NamedTable[] {
  if (ref.kind === 'join') return [...tablesOf(ref.left, p, common), ...tablesOf(ref.right, p, common)];
  if (ref.kind === 'derived') {
    const columns = ref.columns.length > 0 ? ref.columns : namesOf(ref.query, p, common);
    return [{ alias: ref.alias, prefix: quoteName(ref.alias), columns }];
  }
  if (ref.kind === 'json-table') return [{ alias: ref.alias, prefix: quoteName(ref.alias), columns: [] }];
  const columns = columnsNamed(ref.schema, ref.name, p, common);
  const plain = ref.alias === ref.name && !(ref.schema === '' && common.has(ref.name.toLowerCase()));
  const prefix = plain ? tableName(ref.schema || p.database, ref.name, p) : quoteName(ref.alias);
  return [{ alias: ref.alias, prefix, columns }];
}

function tableName(schema: string, name: string, p: QueryPrinting): string {
  return schema === p.omitted ? quoteName(name) : `${quoteName(schema)}.${quoteName(name)}`;
}

function resolve(path: readonly string[], scope: Scope): string {
  const [name, alias] = [path.at(-1) as string, path.at(-2)];
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    for (const table of at.tables) {
      if (alias !== undefined && table.alias !== alias) continue;
      const column = table.columns.find((each) => each.toLowerCase() === name.toLowerCase());
      if (column !== undefined) return `${table.prefix}.${quoteName(column)}`;
    }
  }
  return path.map(quoteName).join('.');
}

function printing(p: QueryPrinting, scope: Scope): Printing {
  return {
    column: (path) => resolve(path, scope),
    introducer: p.introduced ? '' : undefined,
    query: (query) => printQuery(query, p, scope, false),
  };
}

/** The query's text; `names` tells each item's name. */
export function printQuery(query: Query, p: QueryPrinting, parent: Scope = NOTHING, names = true): string {
  const common = new Map(parent.common);
  const leading = query.with.map((table) => {
    const columns = table.columns.length > 0 ? table.columns : namesOf(table.query, p, common);
    const own = new Map(common).set(table.name.toLowerCase(), columns);
    const text = printQuery(table.query, p, { tables: [], parent, common: query.recursive ? own : common }, true);
    common.set(table.name.toLowerCase(), columns);
    const list = table.columns.length > 0 ? ` (${table.columns.map(quoteName).join(',')})` : '';
    return `${quoteName(table.name)}${list} as (${text})`;
  });
  const head = leading.length > 0 ? `with ${query.recursive ? 'recursive ' : ''}${leading.join(',')} ` : '';
  const tables = query.body.kind === 'select' && query.body.from ? tablesOf(query.body.from, p, common) : [];
  const scope: Scope = { tables, parent, common };
  const style = printing(p, scope);
  const print = (e: Expression) => printWith(e, style);
  const aliases = query.body.kind === 'select' ? query.body.items.flatMap(({ alias }) => alias ?? []) : [];
  const order = printOrder(
    query.order.map((item) => {
      const { expression } = item;
      if (expression.kind !== 'column' || expression.path.length > 1) return item;
      const alias = aliases.find((each) => each.toLowerCase() === expression.path[0]?.toLowerCase());
      const shadow = alias !== undefined && !resolve(expression.path, scope).includes('.');
      return shadow ? { ...item, expression: { ...expression, path: [alias] } } : item;
    }),
    style,
  );
  const limit = query.limit
    ? ` limit ${query.limit.offset ? `${print(query.limit.offset)},` : ''}${print(query.limit.count)}`
    : '';
  return `${head}${printBody(query.body, p, scope, names)}${order ? ` order by ${order}` : ''}${limit}`;
}

function printBody(body: QueryBody, p: QueryPrinting, scope: Scope, names: boolean): string {
  if (body.kind === 'select') return printSelect(body, p, scope, names);
  const style = printing(p, scope);
  if (body.kind === 'values')
    return `values ${body.rows.map((row) => `row(${row.map((e) => printWith(e, style)).join(',')})`).join(',')}`;
  const side = (query: Query) => {
    const text = printQuery(query, p, scope, names);
    return query.order.length > 0 || query.limit ? `(${text})` : text;
  };
  return `${side(body.left)} ${body.operator} ${body.all ? 'all ' : ''}${side(body.right)}`;
}

function printSelect(body: SelectCore, p: QueryPrinting, scope: Scope, names: boolean): string {
  const style = printing(p, scope);
  const print = (e: Expression) => printWith(e, style);
  const items = body.items.flatMap((item) => {
    const { expression } = item;
    if (expression) {
      const name =
        item.alias ?? (expression.kind === 'column' ? columnName(expression.path.at(-1) as string, scope) : item.text);
      return [names || item.alias !== undefined ? `${print(expression)} AS ${quoteName(name)}` : print(expression)];
    }
    const owner = item.star?.at(-1);
    return scope.tables
      .filter((table) => owner === undefined || table.alias === owner)
      .flatMap(({ prefix, columns }) => columns.map((name) => `${prefix}.${quoteName(name)} AS ${quoteName(name)}`));
  });
  return [
    `select ${body.distinct ? 'distinct ' : ''}${items.join(',')}`,
    body.from ? ` from ${printFrom(body.from, p, scope)}` : '',
    body.where ? ` where ${printCondition(body.where, style)}` : '',
    body.group.length > 0 ? ` group by ${body.group.map(print).join(',')}${body.rollup ? ' with rollup' : ''}` : '',
    body.having ? ` having ${printCondition(body.having, style)}` : '',
  ].join('');
}

/** A column's name as its table spells it. */
function columnName(name: string, scope: Scope): string {
  for (const { columns } of scope.tables) {
    const found = columns.find((each) => each.toLowerCase() === name.toLowerCase());
    if (found !== undefined) return found;
  }
  return name;
}

function printFrom(ref: TableRef, p: QueryPrinting, scope: Scope): string {
  if (ref.kind === 'table') {
    const shared = ref.schema === '' && scope.common.has(ref.name.toLowerCase());
    const name = shared ? quoteName(ref.name) : tableName(ref.schema || p.database, ref.name, p);
    return ref.alias === ref.name ? name : `${name} ${quoteName(ref.alias)}`;
  }
  if (ref.kind === 'derived')
    return `(${printQuery(ref.query, p, { ...NOTHING, common: scope.common })}) ${quoteName(ref.alias)}`;
  if (ref.kind === 'json-table')
    return `json_table(${printWith(ref.document, printing(p, scope))}) ${quoteName(ref.alias)}`;
  // A RIGHT JOIN is kept as the LEFT JOIN it is.
  const [left, right] = ref.type === 'right' ? [ref.right, ref.left] : [ref.left, ref.right];
  const word = ref.type === 'inner' ? 'join' : 'left join';
  const on = joinCondition(ref, p, scope);
  return `(${printFrom(left, p, scope)} ${word} ${printFrom(right, p, scope)}${on})`;
}

function joinCondition(ref: Extract<TableRef, { kind: 'join' }>, p: QueryPrinting, scope: Scope): string {
  if (ref.on) return ` on(${printCondition(ref.on, printing(p, scope))})`;
  const [left, right] = [tablesOf(ref.left, p, scope.common), tablesOf(ref.right, p, scope.common)];
  const has = (tables: readonly NamedTable[], name: string) =>
    tables.find(({ columns }) => columns.some((each) => each.toLowerCase() === name.toLowerCase()));
  const shared = ref.natural
    ? right.flatMap(({ columns }) => columns.filter((name) => has(left, name) !== undefined))
    : ref.using;
  if (shared.length === 0) return '';
  const pairs = shared.map((name) => {
    const [a, b] = [has(left, name), has(right, name)];
    return `(${a?.prefix ?? ''}.${quoteName(name)} = ${b?.prefix ?? ''}.${quoteName(name)})`;
  });
  return ` on(${pairs.length > 1 ? `(${pairs.join(' and ')})` : pairs[0]})`;
}
