// EXPLAIN: the plan of a statement as a tree, as JSON or as the traditional table; nothing but ANALYZE runs it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/explain.html

import type { Expression } from '../../sql/ast/expression.ts';
import type { Query, SelectCore } from '../../sql/ast/query.ts';
import type { Statement } from '../../sql/ast/statement.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import type { Plan as ReadPlan } from '../../sql/plan/plan.ts';
import type { ColumnPrinter } from '../../sql/print.ts';
import { printExpression, printedCondition } from '../../sql/print-message.ts';
import { Scope } from '../../sql/scope.ts';
import { compileQuery, compilerOf } from '../../sql/select.ts';
import { toBoolean } from '../../sql/value/value.ts';
import { STATUS } from '../../wire/constants.ts';
import { resolveTable } from '../catalogue-tables.ts';
import type { Outcome } from '../outcome.ts';
import { shown } from '../statements/result.ts';
import type { Access, Planned, PlannedTable } from './access.ts';
import { changeAccess } from './change-access.ts';
import { type Explained, jsonOf, traditional, treeOf } from './forms.ts';
import { FETCHED, NOT_PLANNED, zeroRows } from './operations.ts';
import { appended, insertPlan, leavesOf, planSelect, united } from './plan.ts';
import { fullNames, printedSelect, shortNames } from './printed.ts';
import { linesOfSteps } from './step-lines.ts';
import { treeOfSteps } from './step-tree.ts';

const FORMATS: ReadonlySet<string> = new Set(['DEFAULT', 'JSON', 'TRADITIONAL', 'TRADITIONAL_STRICT', 'TREE']);

function plannedTable(x: Execution, schema: string, name: string, alias: string): PlannedTable {
  const source = resolveTable(x.session, schema, name);
  const own = x.session.overlay.databases.get(source.schema)?.tables.get(source.name);
  const keys = source.columns.filter((column) => column.primary);
  const primary = {
    kind: 'primary',
    name: 'PRIMARY',
    columns: keys.map(({ name }) => ({ name, length: undefined })),
  } as const;
  const rows = source.schema === 'information_schema' ? 1 : source.rows(x).length;
  return { alias, source, rows, indexes: own ? own.indexes : keys.length > 0 ? [primary] : [] };
}

/** True or false where a condition is made of constants alone. */
function settled(x: Execution, where: Expression | undefined): boolean | undefined {
  const constant = (e: Expression): boolean =>
    e.kind === 'number' || e.kind === 'boolean' || (e.kind === 'binary' && constant(e.left) && constant(e.right));
  if (!where || !constant(where)) return undefined;
  return toBoolean(compilerOf(x).compile(where, new Scope([], undefined)).get({ values: [] })) === true;
}

function explainSelect(x: Execution, core: SelectCore, query: Query): Explained {
  const tables = leavesOf(core.from).flatMap((leaf) =>
    leaf.kind === 'table' && !query.with.some(({ name }) => name === leaf.name)
      ? [plannedTable(x, leaf.schema, leaf.name, leaf.alias)]
      : [],
  );
  const truth = settled(x, core.where);
  const printed = printedSelect(core, query.order, query.limit, tables, truth);
  if (truth === false)
    return {
      plan: zeroRows('Impossible WHERE'),
      accesses: [],
      query: printed,
      queryType: 'select',
      remark: 'Impossible WHERE',
    };
  const kept = truth ? { ...core, where: undefined } : core;
  const names = shortNames(tables, x.session.database);
  const { read, along, remark, away } = readPlan(x, { ...query, body: core }, names);
  if (away)
    return { plan: FETCHED, accesses: [], query: printed, queryType: 'select', remark: 'Select tables optimized away' };
  if (remark !== undefined)
    return { plan: zeroRows(remark), accesses: [], query: printed, queryType: 'select', remark };
  const planned = planSelect(kept, query.order, query.limit, tables, names, read, along);
  return {
    ...planned,
    query: printed,
    queryType: 'select',
    ...(tables.length === 0 ? { remark: 'No tables used' } : {}),
  };
}

/** Lines of two queries and of the table their rows meet in. */
function unitedLines(left: readonly Access[], right: readonly Access[], all: boolean): Access[] {
  const own = (lines: readonly Access[], number: number, kind: string) =>
    lines.map((line): Access => ({ ...line, select: line.select ?? [number, kind] }));
  const result: Access = {
    table: '<union1,2>',
    type: 'ALL',
    index: undefined,
    rows: Number.NaN,
    filtered: Number.NaN,
    where: false,
    keyLength: undefined,
    extra: ['Using temporary'],
    select: [3, 'UNION RESULT'],
  };
  return [...own(left, 1, 'PRIMARY'), ...own(right, 2, 'UNION'), ...(all ? [] : [result])];
}

/** MIN and MAX of what an index begins with, and nothing else, are looked up before the query runs. */
function isLookedUp({ items, where, group, having }: SelectCore, plan: ReadPlan): boolean {
  const [only] = plan.steps;
  if (!only || plan.steps.length > 1 || where || group.length > 0 || having) return false;
  const { indexes } = only.candidate.facts;
  return items.every(({ expression: e }) => {
    if (e?.kind !== 'aggregate' || e.over || (e.name !== 'MIN' && e.name !== 'MAX')) return false;
    const name = e.args[0]?.kind === 'column' ? e.args[0].path.at(-1)?.toLowerCase() : undefined;
    return indexes.some(({ columns }) => columns[0]?.name.toLowerCase() === name);
  });
}

/** The plan a SELECT over the source's own tables is read by; nothing where it is not of them alone. */
function readPlan(
  x: Execution,
  query: Query,
  names: ColumnPrinter,
): { readonly read?: Planned; readonly along: boolean; readonly remark?: string; readonly away?: boolean } {
  const reading = compileQuery(compilerOf(x), query, undefined).reading?.();
  const plan = reading?.plan;
  if (!plan) return { along: false };
  if (plan.empty) return { along: false, remark: 'no matching row in const table' };
  const { body } = query;
  if (body.kind === 'select' && isLookedUp(body, plan))
    return { read: { plan: FETCHED, accesses: [] }, along: false, away: true };
  const steps = reading.steps.length > 0 ? reading.steps : plan.steps;
  const accesses = linesOfSteps(plan, steps);
  const tree = treeOfSteps(plan, steps, names) ?? FETCHED;
  return { read: { plan: tree, accesses }, along: reading.turned };
}

function explainQuery(x: Execution, query: Query): Explained {
  const { body } = query;
  if (body.kind === 'select') {
    if (body.from?.kind === 'derived') return explainQuery(x, body.from.query);
    return explainSelect(x, body, query);
  }
  if (body.kind === 'values')
    return { plan: FETCHED, accesses: [], query: '', queryType: 'select', remark: 'No tables used' };
  const [left, right] = [explainQuery(x, body.left), explainQuery(x, body.right)];
  const operator = `${body.operator}${body.all ? ' all' : ''}`;
  return {
    plan: body.all ? appended(left.plan, right.plan) : united(left.plan, right.plan),
    accesses: unitedLines(left.accesses, right.accesses, body.all),
    query: `${left.query} ${operator} ${right.query.replace('select#1', 'select#2')}`,
    queryType: 'select',
  };
}

/** A statement that changes rows: its target is found and its conditions printed, but no plan is told. */
function explainChange(x: Execution, statement: Statement): Explained {
  if (statement.kind !== 'insert' && statement.kind !== 'update' && statement.kind !== 'delete')
    return { plan: FETCHED, accesses: [], query: '', queryType: statement.kind };
  const alias = statement.kind === 'insert' ? statement.table.name : statement.alias || statement.table.name;
  const table = plannedTable(x, statement.table.schema, statement.table.name, alias);
  const { schema, name } = table.source;
  if (statement.kind === 'insert') {
    const source = statement.query ? explainQuery(x, statement.query).plan : { ...FETCHED, cost: undefined };
    const plan = insertPlan(table, statement.replace ? 'Replace into' : 'Insert into', source);
    const verb = statement.replace ? 'replace' : 'insert';
    const rows = (statement.rows ?? []).map(
      (row) => `(${row.map((e) => (e ? printExpression(e) : 'DEFAULT')).join(',')})`,
    );
    const columns = statement.columns
      ? ` (${statement.columns.map((column) => `\`${schema}\`.\`${name}\`.\`${column}\``).join(',')})`
      : '';
    const values = rows.length > 0 ? ` values ${rows.join(',')}` : '';
    return {
      plan,
      accesses: [],
      query: `${verb} into \`${schema}\`.\`${name}\`${columns}${values}`,
      queryType: verb,
      table: alias,
    };
  }
  const impossible = settled(x, statement.where) === false;
  const accesses = impossible ? [] : [changeAccess(x, table, statement)];
  if (accesses.some(({ type }) => type === 'ALL' || type === 'index')) x.statusFlags |= STATUS.NO_INDEX;
  const names = fullNames([table]);
  const print = (e: Expression | undefined) => (e ? printExpression(e, names) : 'default');
  const where = statement.where ? ` where ${printedCondition(statement.where, names)}` : '';
  const target = `\`${schema}\`.\`${name}\``;
  const query =
    statement.kind === 'delete'
      ? `delete from ${target}${where}`
      : `update ${target} set ${statement.assignments.map(({ column, value }) => `${names(column)} = ${print(value)}`).join(',')}${where}`;
  const told = { plan: NOT_PLANNED, accesses, query, queryType: statement.kind, table: alias };
  return impossible ? { ...told, remark: 'Impossible WHERE' } : told;
}

/** EXPLAIN in the form asked for; ANALYZE reads the rows too and says how long a touch of it took. */
export function runExplain(x: Execution, statement: Extract<Statement, { kind: 'explain' }>): Outcome {
  const { statement: inner, analyze } = statement;
  const asked =
    statement.format.toUpperCase() || x.session.readVariable('explain_format', '').value?.toString() || 'TREE';
  if (!FORMATS.has(asked)) throw sqlError('ER_UNKNOWN_EXPLAIN_FORMAT', statement.format);
  const format = asked === 'DEFAULT' ? 'TREE' : asked;
  if (analyze && format.startsWith('TRADITIONAL'))
    throw sqlError('ER_NOT_SUPPORTED_YET', 'EXPLAIN ANALYZE with TRADITIONAL format');
  const compiled = inner.kind === 'query' ? compileQuery(compilerOf(x), inner.query, undefined) : undefined;
  const explained = inner.kind === 'query' ? explainQuery(x, inner.query) : explainChange(x, inner);
  if (compiled) x.statusFlags = 0;
  const found = analyze && compiled ? compiled.rows(undefined).length : undefined;
  const text = format === 'TREE' ? treeOf(explained.plan, found) : jsonOf(explained, found);
  if (format === 'TREE' || format === 'JSON')
    return { ...shown(x.session, `explain-${format.toLowerCase()}`, [[text]]), flags: x.statusFlags };
  if (explained.query !== '') x.session.addWarning('Note', 1003, explained.query);
  x.statusFlags = 0;
  return traditional(explained);
}
