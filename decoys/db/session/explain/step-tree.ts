// The steps of a plan as operations of a tree, each with what the JSON form tells of it.
// Source: plans of 9.7.4; https://dev.mysql.com/doc/refman/9.7/en/explain.html (FORMAT=TREE and FORMAT=JSON)
import type { Expression } from '../../sql/ast/expression.ts';
import type { Step } from '../../sql/plan/join-order.ts';
import type { KeyUse } from '../../sql/plan/key-uses.ts';
import type { Plan as ReadPlan } from '../../sql/plan/plan.ts';
import { columnNamed, ROW_COST } from '../../sql/plan/table-facts.ts';
import type { ColumnPrinter } from '../../sql/print.ts';
import { printExpression, printedCondition } from '../../sql/print-message.ts';
import { operandsOf } from '../../sql/walk.ts';
import { NO_FACTS, type Plan } from './operations.ts';
import { foundBy, refOf, type Told, toldSteps } from './told-steps.ts';

const print = (e: Expression, names: ColumnPrinter) => printExpression(e, names);

function conditionText(conditions: readonly Expression[], names: ColumnPrinter): string {
  const parts = conditions.map((e) => printedCondition(e, names));
  const text = parts.join(' and ');
  return parts.length === 1 && text.startsWith('(') ? text : `(${text})`;
}

function sourceText(use: KeyUse, plan: ReadPlan, names: ColumnPrinter): string {
  if (!('table' in use.source)) return print(use.source, names);
  const leaf = [...plan.constants, ...plan.steps].find(
    ({ candidate }) => 'table' in use.source && candidate.facts.place === use.source.table,
  )?.candidate.facts.leaf;
  return names([leaf?.alias ?? '', use.source.column.name]);
}

/** A column as its table spells it. */
function namedIn({ candidate }: Step, name: string): string {
  const { leaf } = candidate.facts;
  return leaf.table.columns[columnNamed(leaf, name)]?.name ?? name;
}

/** `column = value, …` of a lookup. */
function lookupText(step: Step, plan: ReadPlan, names: ColumnPrinter): string {
  return step.access.uses.map((use) => `${namedIn(step, use.name)} = ${sourceText(use, plan, names)}`).join(', ');
}

function rangeText({ access, candidate }: Step, names: ColumnPrinter): string {
  const name = access.index?.columns[0]?.name ?? '';
  const texts = (access.range?.uses ?? []).map((e) => {
    const told = (value: Expression) => print(value, names);
    if (e.kind === 'in') return e.list.map((value) => `(${name} = ${told(value)})`).join(' OR ');
    if (e.kind === 'between') return `(${told(e.low)} <= ${name} <= ${told(e.high)})`;
    if (e.kind !== 'binary') return `(${print(e, names)})`;
    if (e.operator === '>') return `(${told(e.right)} < ${name})`;
    if (e.operator === '>=') return `(${told(e.right)} <= ${name})`;
    if (e.operator === '<>') return `(NULL < ${name} < ${told(e.right)}) OR (${told(e.right)} < ${name})`;
    return `(${name} ${e.operator} ${told(e.right)})`;
  });
  return texts.length > 0 ? texts.join(' AND ') : `(${candidate.facts.leaf.alias})`;
}

function operationOf({ step, pushed, covering }: Told, plan: ReadPlan, names: ColumnPrinter): string {
  const { access, candidate } = step;
  const { alias } = candidate.facts.leaf;
  const index = access.index?.name ?? '';
  const keys = lookupText(step, plan, names);
  const tail = pushed.length > 0 ? `, with index condition: ${conditionText(pushed, names)}` : '';
  switch (access.type) {
    case 'eq_ref':
      return `Single-row ${covering ? 'covering ' : ''}index lookup on ${alias} using ${index} (${keys})${tail}`;
    case 'ref':
      return `${covering ? 'Covering index' : 'Index'} lookup on ${alias} using ${index} (${keys})${tail}`;
    case 'range':
      return `${covering ? 'Covering index' : 'Index'} range scan on ${alias} using ${index} over ${rangeText(step, names)}${tail}`;
    case 'index':
      return `${covering ? 'Covering index' : 'Index'} scan on ${alias} using ${index}`;
    default:
      return `Table scan on ${alias}`;
  }
}

/** Columns a condition names, as the JSON form tells them: by their table's alias where it has one of its own. */
function columnsIn(e: Expression, plan: ReadPlan): string[] {
  const own = plan.conditions.columnOf(e);
  if (!own) return operandsOf(e).flatMap((operand) => columnsIn(operand, plan));
  const { schema, table, name, orgTable } = own.column;
  return [(table === orgTable ? [schema, table, name] : [table, name]).join('.')];
}

/** What the JSON form tells of reading a table, beyond what is done and what it costs. */
function factsOf({ step, covering, pushed }: Told, plan: ReadPlan, names: ColumnPrinter): Plan['facts'] {
  const { access, candidate } = step;
  const { leaf } = candidate.facts;
  const facts = {
    ...(leaf.alias === leaf.table.name ? {} : { alias: leaf.alias }),
    table_name: leaf.table.name,
    access_type: access.type === 'ALL' ? 'table' : 'index',
    schema_name: leaf.table.schema,
    used_columns: candidate.facts.used.map(({ name }) => name),
  };
  if (!access.index) return facts;
  const kinds = { range: 'index_range_scan', index: 'index_scan' } as const;
  const kind = access.type === 'range' || access.type === 'index' ? kinds[access.type] : 'index_lookup';
  const keys = lookupText(step, plan, names);
  return {
    ...facts,
    covering,
    index_name: access.index.name,
    index_access_type: kind,
    ...(access.uses.length === 0
      ? {}
      : {
          key_columns: access.uses.map(({ name }) => namedIn(step, name)),
          lookup_condition: keys,
          lookup_references: access.uses.map((use) => refOf(use, plan)),
        }),
    ...(access.range
      ? {
          ranges: rangeText(step, names).split(' OR '),
          key_columns: access.index.columns.slice(0, access.range.parts).map(({ name }) => name),
        }
      : {}),
    ...(pushed.length > 0 ? { pushed_index_condition: conditionText(pushed, names) } : {}),
  };
}

function operationPlan(told: Told, plan: ReadPlan, names: ColumnPrinter): Plan {
  const { step, conditions, before } = told;
  const found = foundBy(step);
  const first = before.cost === 0;
  const total = first ? step.cost : (step.access.read + ROW_COST * found) / Math.max(before.rows, Number.MIN_VALUE);
  const read: Plan = {
    operation: operationOf(told, plan, names),
    cost: { first: undefined, total },
    rows: found,
    facts: factsOf(told, plan, names),
    inputs: [],
  };
  if (conditions.length === 0 || step.access.hashed) return read;
  return {
    operation: `Filter: ${conditionText(conditions, names)}`,
    cost: read.cost,
    rows: step.access.fanout * step.access.filter,
    facts: {
      access_type: 'filter',
      condition: conditionText(conditions, names),
      filter_columns: [...new Set(conditions.flatMap((e) => columnsIn(e, plan)))].sort(),
    },
    inputs: [read],
  };
}

function joinedPlan(left: Plan, told: Told, right: Plan, names: ColumnPrinter): Plan {
  const { step, optional, conditions } = told;
  const kind = optional ? 'left' : 'inner';
  const cost = { first: undefined, total: step.cost };
  const facts = (algorithm: string) => ({ access_type: 'join', join_type: `${kind} join`, join_algorithm: algorithm });
  if (!step.access.hashed) {
    const operation = `Nested loop ${kind} join`;
    return { operation, cost, rows: step.rows, facts: facts('nested_loop'), inputs: [left, right] };
  }
  const on = conditions.length > 0 ? conditionText(conditions, names) : 'no condition';
  const shown = on.startsWith('(') ? on : `(${on})`;
  const [kept, other] = optional ? [right, left] : [left, right];
  const hash: Plan = { operation: 'Hash', cost: undefined, rows: kept.rows, facts: NO_FACTS, inputs: [kept] };
  const operation = `${optional ? 'Left' : 'Inner'} hash join ${shown}`;
  return { operation, cost, rows: step.rows, facts: facts('hash'), inputs: [other, hash] };
}

/** The tree of the steps, without what is done to the rows after. */
export function treeOfSteps(plan: ReadPlan, steps: readonly Step[], names: ColumnPrinter): Plan | undefined {
  let tree: Plan | undefined;
  for (const told of toldSteps(plan, steps)) {
    const own = operationPlan(told, plan, names);
    tree = tree ? joinedPlan(tree, told, own, names) : own;
  }
  return tree;
}
