// The steps of a plan as EXPLAIN tells them: a line of the traditional form and an operation of the tree each.
// Source: plans of 9.7.4; https://dev.mysql.com/doc/refman/9.7/en/explain-output.html
import type { Expression } from '../../sql/ast/expression.ts';
import type { IndexSpec } from '../../sql/ast/table.ts';
import type { Conjunct, Mask } from '../../sql/plan/conditions.ts';
import type { Step } from '../../sql/plan/join-order.ts';
import type { KeyUse } from '../../sql/plan/key-uses.ts';
import type { Plan as ReadPlan } from '../../sql/plan/plan.ts';
import { columnNamed, isPrimary, keyBytes, ROW_COST } from '../../sql/plan/table-facts.ts';
import type { ColumnPrinter } from '../../sql/print.ts';
import { printExpression, printedCondition } from '../../sql/print-message.ts';
import { operandsOf } from '../../sql/walk.ts';
import type { Access } from './access.ts';
import { NO_FACTS, type Plan } from './operations.ts';

/** A step with the conditions that are looked at as soon as its row is there. */
interface Told {
  readonly step: Step;
  readonly conditions: readonly Expression[];
  /** Of those, what the index itself is asked. */
  readonly pushed: readonly Expression[];
  readonly optional: boolean;
  readonly covering: boolean;
  /** Rows and cost of all before it. */
  readonly before: { readonly rows: number; readonly cost: number };
}

/** True where a lookup of equal values stands for the condition itself: texts are compared once more. */
function isExact(step: Step, { name, source }: KeyUse): boolean {
  if ('table' in source) return true;
  const type = step.candidate.facts.leaf.table.columns[columnNamed(step.candidate.facts.leaf, name)]?.type;
  return type !== undefined && !type.text && !type.members;
}

function namesColumn(e: Expression, plan: ReadPlan, step: Step, name: string): boolean {
  const own = plan.conditions.columnOf(e);
  return own?.table === step.candidate.facts.place && own.column.name.toLowerCase() === name;
}

/** True where a lookup already makes the condition hold. */
function isMet(e: Expression, step: Step, plan: ReadPlan): boolean {
  if (e.kind !== 'binary' || e.operator !== '=') return false;
  return step.access.uses.some(
    (use) =>
      isExact(step, use) && (namesColumn(e.left, plan, step, use.name) || namesColumn(e.right, plan, step, use.name)),
  );
}

/** True where every column the condition names is one of the index. */
function isOfIndex(e: Expression, step: Step, index: IndexSpec, plan: ReadPlan): boolean {
  const range = step.candidate.ranges.find((each) => each.index === index);
  const named = step.access.uses.some(
    ({ name }) =>
      e.kind === 'binary' && (namesColumn(e.left, plan, step, name) || namesColumn(e.right, plan, step, name)),
  );
  return named || (range?.uses.includes(e) ?? false);
}

function toldSteps(plan: ReadPlan, steps: readonly Step[]): Told[] {
  let known: Mask = plan.constants.reduce((mask, { candidate }) => mask | (1 << candidate.facts.place), 0);
  const constants = known;
  const left = new Set<Conjunct>(plan.conditions.conjuncts.filter(({ tables }) => (tables & ~constants) !== 0));
  let before = { rows: 1, cost: 0 };
  return steps.map((step) => {
    const { facts } = step.candidate;
    const bit = 1 << facts.place;
    known |= bit;
    const conditions: Expression[] = [];
    for (const conjunct of left) {
      const { e, tables, nest } = conjunct;
      if ((tables & ~known) !== 0 || (nest !== 0 && (nest & bit) === 0)) continue;
      left.delete(conjunct);
      if (!isMet(e, step, plan)) conditions.push(e);
    }
    const { index } = step.access;
    const covering = index !== undefined && facts.covering.has(index);
    const pushes = index !== undefined && !covering && !isPrimary(index) && step.access.type !== 'index';
    const pushed = pushes ? conditions.filter((e) => isOfIndex(e, step, index, plan)) : [];
    const told = {
      step,
      conditions: conditions.filter((e) => !pushed.includes(e)),
      pushed,
      optional: (plan.conditions.optional & bit) !== 0,
      covering,
      before,
    };
    before = { rows: step.rows, cost: step.cost };
    return told;
  });
}

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
  const keys = access.uses.map((use) => `${use.name} = ${sourceText(use, plan, names)}`).join(', ');
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
  const keys = access.uses.map((use) => `${use.name} = ${sourceText(use, plan, names)}`).join(', ');
  return {
    ...facts,
    covering,
    index_name: access.index.name,
    index_access_type: kind,
    ...(access.uses.length === 0
      ? {}
      : {
          key_columns: access.uses.map(({ name }) => name),
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

/** Rows one read of the step gives before conditions on it are looked at. */
function foundBy({ access, candidate }: Step): number {
  return access.type === 'ALL' || access.type === 'index'
    ? candidate.facts.count
    : (access.range?.rows ?? access.fanout);
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

function possibleKeys({ candidate }: Step): IndexSpec[] {
  const { facts, uses, ranges } = candidate;
  return facts.indexes.filter(
    (index) =>
      ranges.some((range) => range.index === index) ||
      uses.some(({ name }) => name === index.columns[0]?.name.toLowerCase()),
  );
}

function refOf(use: KeyUse, plan: ReadPlan): string {
  if (!('table' in use.source)) return 'const';
  const { table, column } = use.source;
  const constant = plan.constants.some(({ candidate }) => candidate.facts.place === table);
  return constant ? 'const' : [column.schema, column.table, column.name].filter((part) => part !== '').join('.');
}

/** True where another table's lookup takes its value from a column of this one that may be NULL. */
function feedsLookup({ candidate }: Step, steps: readonly Step[], plan: ReadPlan): boolean {
  return steps.some(({ access, candidate: other }) =>
    access.uses.some(
      ({ source, nulls }) =>
        'table' in source &&
        source.table === candidate.facts.place &&
        !nulls &&
        source.column.type.nullable &&
        (plan.conditions.optional & (1 << other.facts.place)) === 0,
    ),
  );
}

/** A line of the traditional form for each table, those of one row first. */
export function linesOfSteps(plan: ReadPlan, steps: readonly Step[]): Access[] {
  const constants = plan.constants.map((step): Access => {
    const { facts } = step.candidate;
    const { index, uses } = step.access;
    return {
      table: facts.leaf.alias,
      type: 'const',
      index,
      rows: 1,
      filtered: 100,
      where: false,
      keyLength: index && keyBytes(facts.leaf, index),
      possible: possibleKeys(step),
      refs: uses.map(() => 'const'),
      extra: index && facts.covering.has(index) ? ['Using index'] : [],
    };
  });
  const others = toldSteps(plan, steps).map((told): Access => {
    const { step, conditions, pushed, covering } = told;
    const { access, candidate } = step;
    const { facts } = candidate;
    const found = foundBy(step);
    const share = access.uses.length > 0 ? access.filter : (access.fanout / found) * access.filter;
    const parts = access.range?.parts ?? (access.uses.length > 0 ? access.uses.length : access.index?.columns.length);
    const filters = conditions.length > 0 || feedsLookup(step, steps, plan);
    return {
      table: facts.leaf.alias,
      type: access.type,
      index: access.index,
      rows: Math.floor(found),
      filtered: Math.min(100, 100 * share),
      where: false,
      keyLength: access.index && keyBytes(facts.leaf, access.index, parts),
      possible: possibleKeys(step),
      refs: access.uses.map((use) => refOf(use, plan)),
      extra: [
        ...(pushed.length > 0 ? ['Using index condition'] : []),
        ...(filters ? ['Using where'] : []),
        ...(covering ? ['Using index'] : []),
        ...(access.hashed ? ['Using join buffer (hash join)'] : []),
      ],
    };
  });
  return [...constants, ...others];
}
