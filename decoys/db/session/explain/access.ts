// How one table is read under a WHERE: by a key or row for row, and how many rows that is thought to leave.
// Source: plans of 9.7.4; https://dev.mysql.com/doc/refman/9.7/en/explain-output.html

import type { Expression } from '../../sql/ast/expression.ts';
import type { IndexSpec } from '../../sql/ast/table.ts';
import type { AccessType } from '../../sql/plan/access-path.ts';
import type { ColumnPrinter } from '../../sql/print.ts';
import { printExpression, printedCondition } from '../../sql/print-message.ts';
import { findCharset, findCollation } from '../../sql/value/charset.ts';
import type { JsonData } from '../../sql/value/json.ts';
import { TYPE } from '../../wire/constants.ts';
import { FETCHED, type Plan, scanCost } from './operations.ts';
import type { NamedTable } from './printed.ts';

/** One table's line of the traditional form. */
export interface Access {
  readonly table: string;
  readonly type: AccessType;
  readonly index: IndexSpec | undefined;
  readonly rows: number;
  readonly filtered: number;
  readonly where: boolean;
  /** Bytes of the key that are used. */
  readonly keyLength: number | undefined;
  /** Keys that could have been used, what rows are looked up by, and remarks beyond Using where; where a plan tells them. */
  readonly possible?: readonly IndexSpec[];
  readonly refs?: readonly string[];
  readonly extra?: readonly string[];
  /** Number and kind of its SELECT, where it is not the only one. */
  readonly select?: readonly [number: number, kind: string];
}

/** Share of rows a condition leaves, where nothing is known of the column. */
const SHARE: Readonly<Record<string, number>> = { '=': 0.1, '<=>': 0.1, '<>': 0.9, '!=': 0.9 };
const RANGE_SHARE = 0.3333;
const PATTERN_SHARE = 0.1111;
function readsColumn(e: Expression): boolean {
  if (e.kind === 'column') return true;
  if (e.kind === 'binary') return readsColumn(e.left) || readsColumn(e.right);
  if (e.kind === 'unary') return readsColumn(e.operand);
  return e.kind === 'call' && e.args.some(readsColumn);
}

/** Share of rows a condition is thought to leave. */
function shareOf(e: Expression, rows: number): number {
  const least = 1 / Math.max(1, rows);
  if (e.kind === 'between' || e.kind === 'like')
    return e.operand.kind === 'column' ? Math.max(least, PATTERN_SHARE) : 1;
  if (e.kind === 'in') return Math.min(0.5, Math.max(least, 0.1) * e.list.length);
  if (e.kind === 'is' && e.what === 'null') return e.not ? 0.9 : Math.max(least, 0.1);
  if (e.kind !== 'binary') return 1;
  if (e.operator === 'AND') return Math.max(least, shareOf(e.left, rows) * shareOf(e.right, rows));
  if (e.operator === 'OR') {
    const [a, b] = [shareOf(e.left, rows), shareOf(e.right, rows)];
    return a + b - a * b;
  }
  if (e.left.kind !== 'column' && e.right.kind !== 'column') return 1;
  if (!/^[<>=!]+$/.test(e.operator)) return 1;
  return Math.max(least, SHARE[e.operator] ?? RANGE_SHARE);
}

/** Columns a condition holds to one value each, in lower case. */
export function fixedColumns(
  e: Expression | undefined,
  into: Map<string, Expression> = new Map(),
): Map<string, Expression> {
  let rest = e;
  while (rest?.kind === 'binary' && rest.operator === 'AND') {
    fixedColumns(rest.right, into);
    rest = rest.left;
  }
  if (rest?.kind === 'binary' && rest.operator === '=' && rest.left.kind === 'column' && !readsColumn(rest.right))
    into.set((rest.left.path.at(-1) as string).toLowerCase(), rest.right);
  return into;
}

/** Every table read, with how many rows it has and what its keys are. */
export interface PlannedTable extends NamedTable {
  readonly rows: number;
  readonly indexes: readonly IndexSpec[];
}

export interface Planned {
  readonly plan: Plan;
  readonly accesses: readonly Access[];
}

/** What EXPLAIN's JSON tells of a table read row for row. */
export function tableFacts(table: PlannedTable): { readonly [key: string]: JsonData } {
  return {
    table_name: table.alias,
    access_type: 'table',
    schema_name: table.source.schema,
    used_columns: table.source.columns.map((column) => column.name),
  };
}

/** How one table is read under a WHERE: by its primary key, by another key, or row for row. */
export function readTable(table: PlannedTable, where: Expression | undefined, names: ColumnPrinter): Planned {
  const fixed = fixedColumns(where);
  const usable = table.indexes.filter((index) => fixed.has((index.columns[0]?.name ?? '').toLowerCase()));
  const whole = usable.find(
    (index) =>
      (index.kind === 'primary' || index.kind === 'unique') &&
      index.columns.every((column) => fixed.has(column.name.toLowerCase())),
  );
  const access = { table: table.alias, index: undefined, where: where !== undefined, keyLength: undefined };
  if (whole)
    return {
      plan: FETCHED,
      accesses: [
        {
          ...access,
          type: 'const',
          index: whole,
          rows: 1,
          filtered: 100,
          where: false,
          keyLength: keyLength(table, whole),
        },
      ],
    };
  const [index] = usable;
  if (index) {
    const name = index.columns[0]?.name ?? '';
    const value = printExpression(fixed.get(name.toLowerCase()) as Expression, names);
    const lookup: Plan = {
      operation: `Index lookup on ${table.alias} using ${index.name} (${name} = ${value})`,
      cost: { first: undefined, total: scanCost(1) },
      rows: 1,
      facts: {
        ...tableFacts(table),
        access_type: 'index',
        covering: false,
        index_name: index.name,
        key_columns: [name],
        lookup_condition: `${name} = ${value}`,
        index_access_type: 'index_lookup',
        lookup_references: ['const'],
      },
      inputs: [],
    };
    const only = fixed.size === 1 && where?.kind === 'binary' && where.operator === '=';
    return {
      plan: only || !where ? lookup : filter(lookup, where, names),
      accesses: [
        { ...access, type: 'ref', index, rows: 1, filtered: 100, where: !only, keyLength: keyLength(table, index) },
      ],
    };
  }
  const rows = Math.max(1, table.rows);
  const scan: Plan = {
    operation: `Table scan on ${table.alias}`,
    cost: { first: undefined, total: scanCost(rows) },
    rows,
    facts: tableFacts(table),
    inputs: [],
  };
  const share = where ? shareOf(where, rows) : 1;
  return {
    plan: where ? filter(scan, where, names) : scan,
    accesses: [{ ...access, type: 'ALL', rows, filtered: 100 * share }],
  };
}

/** A plan whose rows a condition is asked of, as EXPLAIN tells both. */
export function filter(input: Plan, where: Expression, names: ColumnPrinter): Plan {
  const printed = printedCondition(where, names);
  const condition = printed.startsWith('(') ? printed : `(${printed})`;
  return {
    operation: `Filter: ${condition}`,
    cost: input.cost,
    rows: input.rows * Math.fround(shareOf(where, input.rows)),
    facts: { access_type: 'filter', condition },
    inputs: [input],
  };
}

const INTEGER_BYTES: Readonly<Record<number, number>> = {
  [TYPE.TINY]: 1,
  [TYPE.SHORT]: 2,
  [TYPE.INT24]: 3,
  [TYPE.LONG]: 4,
  [TYPE.LONGLONG]: 8,
};

/** Bytes of a key: integers as stored, text as its widest characters and its length, one more where NULL may be. */
function keyLength(table: PlannedTable, index: IndexSpec): number {
  let bytes = 0;
  for (const { name, length } of index.columns) {
    const type = table.source.columns.find((column) => column.name.toLowerCase() === name.toLowerCase())?.type;
    if (!type) continue;
    const widest = type.text ? (findCharset(findCollation(type.collation)?.charset ?? '')?.maxBytes ?? 1) : 1;
    const variable = type.type === TYPE.VAR_STRING ? 2 : 0;
    bytes += INTEGER_BYTES[type.type] ?? (length ?? type.length) * widest + variable;
    if (type.nullable) bytes += 1;
  }
  return bytes;
}
