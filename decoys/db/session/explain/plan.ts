// How a query would be carried out: a tree of operations with costs and rows, worked out the way the server estimates them.
// Source: plans of 9.7.4; https://dev.mysql.com/doc/refman/9.7/en/explain-output.html
import type { Expression, OrderItem } from '../../sql/ast/expression.ts';
import type { Limit, SelectCore, TableRef } from '../../sql/ast/query.ts';
import type { ColumnPrinter } from '../../sql/print.ts';
import { printExpression } from '../../sql/print-message.ts';
import { filter, fixedColumns, type Planned, type PlannedTable, readTable, tableFacts } from './access.ts';
import { COST, FETCHED, NO_FACTS, type Plan, scanCost } from './operations.ts';

/** Tables of FROM from left to right, each once. */
export function leavesOf(ref: TableRef | undefined): Exclude<TableRef, { kind: 'join' }>[] {
  const leaves: Exclude<TableRef, { kind: 'join' }>[] = [];
  let rest = ref;
  while (rest?.kind === 'join') {
    leaves.push(...leavesOf(rest.right).reverse());
    rest = rest.left;
  }
  if (rest) leaves.push(rest);
  return leaves.reverse();
}

function joined(tables: readonly PlannedTable[], where: Expression | undefined, names: ColumnPrinter): Planned {
  const reads = tables.map((table) => readTable(table, undefined, names));
  const [first, ...others] = reads;
  let plan = (first as Planned).plan;
  for (const { plan: right } of others) {
    const rows = plan.rows * right.rows;
    plan = {
      operation: 'Inner hash join (no condition)',
      cost: { first: undefined, total: (plan.cost?.total ?? 0) + scanCost(rows) },
      rows,
      facts: { access_type: 'join', join_type: 'inner join', join_algorithm: 'hash' },
      inputs: [
        { ...right, cost: right.cost && { first: undefined, total: right.cost.total / plan.rows } },
        { operation: 'Hash', cost: undefined, rows: plan.rows, facts: NO_FACTS, inputs: [plan] },
      ],
    };
  }
  return { plan: where ? filter(plan, where, names) : plan, accesses: reads.flatMap((read) => read.accesses) };
}

function deduplicated(input: Plan): Plan {
  const kept = (input.cost?.total ?? 0) + COST.aggregate * input.rows;
  const reading = COST.temporary + COST.temporaryRow * input.rows;
  const table: Plan = {
    operation: 'Temporary table with deduplication',
    cost: { first: kept, total: kept },
    rows: input.rows,
    facts: { access_type: 'materialize' },
    inputs: [input],
  };
  return {
    operation: 'Table scan on <temporary>',
    cost: { first: kept + reading / input.rows, total: kept + reading },
    rows: input.rows,
    facts: { access_type: 'table', table_name: '<temporary>' },
    inputs: [table],
  };
}

function aggregatesOf(core: SelectCore, names: ColumnPrinter): string[] {
  return core.items.flatMap(({ expression }) =>
    expression?.kind === 'aggregate' && !expression.over ? [printExpression(expression, names)] : [],
  );
}

function grouped(core: SelectCore, input: Plan, names: ColumnPrinter, along: boolean): Plan {
  const aggregates = aggregatesOf(core, names);
  if (core.group.length === 0 && aggregates.length === 0) return core.distinct ? deduplicated(input) : input;
  if (core.group.length > 0 && along) {
    const total = (input.cost?.total ?? 0) + COST.aggregate * input.rows;
    const told = aggregates.length > 0 ? `Group aggregate: ${aggregates.join(', ')}` : 'Group (no aggregates)';
    return {
      operation: told,
      cost: { first: undefined, total },
      rows: Math.sqrt(input.rows),
      facts: { access_type: 'aggregate' },
      inputs: [input],
    };
  }
  if (core.group.length > 0) {
    if (aggregates.length === 0) return deduplicated(input);
    const inner: Plan = {
      operation: 'Aggregate using temporary table',
      cost: undefined,
      rows: input.rows,
      facts: { access_type: 'temp_table_aggregate' },
      inputs: [input],
    };
    return {
      operation: 'Table scan on <temporary>',
      cost: undefined,
      rows: input.rows,
      facts: { access_type: 'table', table_name: '<temporary>' },
      inputs: [inner],
    };
  }
  return {
    operation: `Aggregate: ${aggregates.join(', ')}`,
    cost: input.cost && { first: undefined, total: input.cost.total + COST.aggregate * input.rows },
    rows: 1,
    facts: { access_type: 'aggregate', functions: aggregates },
    inputs: [input],
  };
}

function sorted(input: Plan, order: readonly OrderItem[], most: number | undefined, names: ColumnPrinter): Plan {
  if (order.length === 0) return input;
  const fields = order.map(
    ({ expression, descending }) => printExpression(expression, names) + (descending ? ' DESC' : ''),
  );
  const chunk = most === undefined ? '' : `, limit input to ${most} row(s) per chunk`;
  return {
    operation: `Sort: ${fields.join(', ')}${chunk}`,
    cost: input.cost,
    rows: input.rows,
    facts: {
      access_type: 'sort',
      sort_fields: fields,
      ...(most === undefined ? {} : { per_chunk_limit: BigInt(most) }),
    },
    inputs: [input],
  };
}

/** LIMIT's numbers; undefined where they are not told as numbers. */
export function limitsOf(limit: Limit | undefined): { readonly count: number; readonly offset: number } | undefined {
  if (limit?.count.kind !== 'number') return undefined;
  const offset = limit.offset?.kind === 'number' ? Number(limit.offset.text) : 0;
  return { count: Number(limit.count.text), offset };
}

/** The plan of one SELECT over `tables`, and how each of them is read. */
export function planSelect(
  core: SelectCore,
  order: readonly OrderItem[],
  limit: Limit | undefined,
  tables: readonly PlannedTable[],
  names: ColumnPrinter,
  planned?: Planned,
  along = false,
): Planned {
  const [table] = tables;
  if (!table) return { plan: FETCHED, accesses: [] };
  const read =
    planned ?? (tables.length === 1 ? readTable(table, core.where, names) : joined(tables, core.where, names));
  const bare = tables.length === 1 && !core.where && core.group.length === 0 && core.items.length === 1;
  const only = core.items[0]?.expression;
  if (bare && only?.kind === 'aggregate' && only.name === 'COUNT' && only.star) {
    const counted: Plan = {
      operation: `Count rows in ${table.alias}`,
      cost: undefined,
      rows: 1,
      facts: { access_type: 'count_rows', table_name: table.alias, schema_name: table.source.schema },
      inputs: [],
    };
    return { plan: counted, accesses: read.accesses };
  }
  const fixed = fixedColumns(core.where);
  const moving = order.filter(
    ({ expression: e }) => e.kind !== 'column' || !fixed.has((e.path.at(-1) as string).toLowerCase()),
  );
  const bounds = limitsOf(limit);
  const one = read.plan === FETCHED;
  const rows = sorted(
    grouped(core, read.plan, names, along),
    one || along ? [] : moving,
    bounds && bounds.count + bounds.offset,
    names,
  );
  if (!bounds || one) return { plan: rows, accesses: read.accesses };
  const shown = bounds.offset > 0 ? `Limit/Offset: ${bounds.count}/${bounds.offset}` : `Limit: ${bounds.count}`;
  const limited: Plan = {
    operation: `${shown} row(s)`,
    cost: rows.cost && { first: undefined, total: rows.cost.total },
    rows: Math.min(bounds.count, rows.rows),
    facts: { access_type: 'limit', limit: BigInt(bounds.count) },
    inputs: [rows],
  };
  return { plan: limited, accesses: read.accesses };
}

/** UNION: both sides' rows in one temporary table without their doubles. */
export function united(left: Plan, right: Plan): Plan {
  const rows = left.rows + right.rows;
  const kept = (left.cost?.total ?? 0) + (right.cost?.total ?? 0) + COST.aggregate * rows;
  const reading = COST.temporary + COST.temporaryRow * rows;
  return {
    operation: 'Table scan on <union temporary>',
    cost: { first: kept + reading / rows, total: kept + reading },
    rows,
    facts: { access_type: 'table', table_name: '<union temporary>' },
    inputs: [
      {
        operation: 'Union materialize with deduplication',
        cost: { first: kept, total: kept },
        rows,
        facts: { access_type: 'materialize', union: true, deduplication: true },
        inputs: [left, right],
      },
    ],
  };
}

/** UNION ALL: one side's rows after the other's. */
export function appended(left: Plan, right: Plan): Plan {
  const streamed = (input: Plan): Plan => ({
    ...input,
    operation: 'Stream results',
    facts: { access_type: 'stream' },
    inputs: [input],
  });
  const total = (left.cost?.total ?? 0) + (right.cost?.total ?? 0);
  return {
    operation: 'Append',
    cost: { first: total === 0 ? 0 : undefined, total },
    rows: left.rows + right.rows,
    facts: { access_type: 'append' },
    inputs: [streamed(left), streamed(right)],
  };
}

/** The plan of INSERT or REPLACE into a table of what `source` gives. */
export function insertPlan(table: PlannedTable, verb: string, source: Plan): Plan {
  return {
    operation: `${verb} ${table.alias}`,
    cost: undefined,
    rows: 0,
    facts: { ...tableFacts(table), access_type: 'insert_values' },
    inputs: [source],
  };
}
