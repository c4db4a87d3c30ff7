// The three forms a plan is shown in. Source: https://dev.mysql.com/doc/refman/9.7/en/explain-output.html and 9.7.4's replies.

import { pretty } from '../../sql/functions/json.ts';
import { madeColumn, type ScopeColumn } from '../../sql/scope.ts';
import type { JsonData } from '../../sql/value/json.ts';
import { doubleType, intType, type SqlType, textType } from '../../sql/value/type.ts';
import type { Value } from '../../sql/value/value.ts';
import { FLAG, TYPE } from '../../wire/constants.ts';
import type { RowsOutcome } from '../outcome.ts';
import { resultColumn } from '../statements/result.ts';
import type { Access, Planned } from './access.ts';
import type { Plan } from './operations.ts';

export interface Explained extends Planned {
  /** The statement written back. */
  readonly query: string;
  readonly queryType: string;
  /** Target of a statement that changes rows. */
  readonly table?: string;
  /** Extra of the traditional form where no table is read. */
  readonly remark?: string;
}

/** Milliseconds the server takes to begin reading, and for each row after: as seen on an idle machine. */
const TIMES = { fetched: 40e-6, fetching: 40e-6, first: 0.036, row: 0.001 } as const;
/** Steps of 10 ns (0.7 us of a table) by which two runs differ. */
const STEPS = 6n;

function timesOf(cost: number, rows: number): readonly [first: number, last: number] {
  const late = Number(process.hrtime.bigint() % STEPS);
  if (cost === 0) {
    const first = TIMES.fetched + late * 10e-6;
    return [first, first + TIMES.fetching];
  }
  const first = TIMES.first + late * 0.0007;
  return [first, first + TIMES.row * rows];
}
const JSON_SCHEMA_VERSION = '2.0';

/** Three digits, as the server writes estimates; ever whole ones in full. */
function figure(value: number): string {
  if (value === 0) return '0';
  if (value >= 999.5 && value < 999_999.5) return value.toFixed(0);
  const [mantissa = '', exponent] = Number(value.toPrecision(3)).toExponential().split('e');
  const power = Number(exponent);
  if (power >= 6) return `${mantissa}e+${power}`;
  if (power <= -4) {
    const thirds = Math.floor(power / 3) * 3;
    return `${Number((Number(mantissa) * 10 ** (power - thirds)).toPrecision(3))}e${thirds}`;
  }
  return String(Number(value.toPrecision(3)));
}

function estimates({ cost, rows }: Plan): string {
  if (!cost) return '';
  const first = cost.first === undefined ? '' : `${figure(cost.first)}..`;
  return `  (cost=${first}${figure(cost.total)} rows=${figure(rows)})`;
}

function actual(plan: Plan, found: number | undefined): string {
  if (found === undefined) return '';
  const rows = plan.inputs.length === 0 ? plan.rows : found;
  const [first, last] = timesOf(plan.cost?.total ?? 0, rows);
  return ` (actual time=${figure(first)}..${figure(last)} rows=${figure(rows)} loops=1)`;
}

/** One operation a line, its inputs under it four blanks further in; `found` are the rows ANALYZE saw at the top. */
export function treeOf(plan: Plan, found: number | undefined, indent = ''): string {
  const told = plan.cost ? actual(plan, found) : '';
  const inputs = plan.inputs.map((input) => treeOf(input, found, `${indent}    `));
  return `${indent}-> ${plan.operation}${estimates(plan)}${told}\n${inputs.join('')}`;
}

function planData(plan: Plan, found: number | undefined): JsonData {
  const { cost } = plan;
  const costs = cost && {
    estimated_rows: plan.rows,
    estimated_total_cost: cost.total,
    ...(cost.first === undefined ? {} : { estimated_first_row_cost: cost.first }),
  };
  const [first, last] = timesOf(cost?.total ?? 0, plan.rows);
  const seen = {
    actual_rows: plan.inputs.length === 0 ? plan.rows : (found ?? 0),
    actual_loops: 1n,
    actual_first_row_ms: first,
    actual_last_row_ms: last,
  };
  return {
    operation: plan.operation,
    ...plan.facts,
    ...(costs ?? {}),
    ...(cost && found !== undefined ? seen : {}),
    ...(plan.inputs.length > 0 ? { inputs: plan.inputs.map((input) => planData(input, found)) } : {}),
  };
}

/** The plan as EXPLAIN FORMAT=JSON tells it, version 2; `found` is how many rows there were where it was carried out. */
export function jsonOf(explained: Explained, found: number | undefined): string {
  const { query, queryType, plan } = explained;
  const told: { [key: string]: JsonData } = queryType === 'update' || queryType === 'delete' ? {} : { query };
  return pretty({
    ...told,
    query_plan: planData(plan, found),
    query_type: queryType,
    json_schema_version: JSON_SCHEMA_VERSION,
  });
}

const text = (characters: number, flags = 0): SqlType => textType(characters, { flags, exactFlags: true });
const whole = (digits: number, flags: number): SqlType => intType(digits, { flags, exactFlags: true });

const COLUMNS: readonly (readonly [string, SqlType])[] = [
  ['id', whole(4, FLAG.NOT_NULL | FLAG.UNSIGNED | FLAG.BINARY)],
  ['select_type', text(19, FLAG.NOT_NULL)],
  ['table', text(64)],
  ['partitions', { ...text(6_316_032), type: TYPE.MEDIUM_BLOB }],
  ['type', text(10)],
  ['possible_keys', text(4_096)],
  ['key', text(64)],
  ['key_len', text(4_096)],
  ['ref', text(1_024)],
  ['rows', whole(11, FLAG.UNSIGNED | FLAG.BINARY)],
  ['filtered', { ...doubleType(), length: 4, decimals: 2, flags: FLAG.BINARY, exactFlags: true }],
  ['Extra', text(255, FLAG.NOT_NULL)],
];

const SELECT_TYPES: Readonly<Record<string, string>> = {
  select: 'SIMPLE',
  insert: 'INSERT',
  replace: 'REPLACE',
  update: 'UPDATE',
  delete: 'DELETE',
};

function extraOf(access: Access, plan: Plan, first: boolean): Value {
  const own = access.extra ?? (access.where ? ['Using where'] : []);
  const [parts, joins] = [own.filter((part) => !part.includes('join')), own.filter((part) => part.includes('join'))];
  if (first && contains(plan, '<temporary>')) parts.push('Using temporary');
  if (first && contains(plan, 'Sort: ')) parts.push('Using filesort');
  parts.push(...joins);
  return parts.length > 0 ? parts.join('; ') : null;
}

function named(indexes: readonly { readonly name: string }[]): string | null {
  return indexes.length > 0 ? indexes.map(({ name }) => name).join(',') : null;
}

function contains(plan: Plan, piece: string): boolean {
  return plan.operation.includes(piece) || plan.inputs.some((input) => contains(input, piece));
}

/** One line a table read: how, by which key, how many rows and what share of them is kept. */
export function traditional({ accesses, plan, queryType, table, remark }: Explained): RowsOutcome {
  const columns = COLUMNS.map(([name, type]) => {
    const column: ScopeColumn = madeColumn(name, type);
    return resultColumn(column);
  });
  const kind = SELECT_TYPES[queryType] ?? 'SIMPLE';
  const empty = [null, null, null, null, null, null, null, null];
  if (accesses.length === 0) {
    const line = [
      '1',
      kind,
      ...(remark ? [null] : [table ?? null]),
      null,
      remark ? null : 'ALL',
      ...empty.slice(2),
      remark ?? null,
    ];
    return { kind: 'rows', columns, rows: [line] };
  }
  const rows = accesses.map((access, at): Value[] => [
    String(access.select?.[0] ?? 1),
    access.select?.[1] ?? kind,
    access.table,
    null,
    access.type,
    named(access.possible ?? (access.index ? [access.index] : [])),
    access.index?.name ?? null,
    access.keyLength === undefined ? null : String(access.keyLength),
    access.refs
      ? access.refs.join(',') || null
      : access.index
        ? access.index.columns.map(() => 'const').join(',')
        : null,
    Number.isNaN(access.rows) ? null : String(Math.max(1, Math.round(access.rows))),
    Number.isNaN(access.filtered) ? null : access.filtered.toFixed(2),
    extraOf(access, plan, at === 0),
  ]);
  return { kind: 'rows', columns, rows };
}
