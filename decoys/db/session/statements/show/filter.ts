// What the forms of SHOW share: LIKE and WHERE on their rows, LIMIT, the schema meant.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show.html

import { equatesColumn, usesColumn } from '../../../overlay/index-use.ts';
import { systemRows } from '../../../persona/system-tables.ts';
import type { Statement } from '../../../sql/ast/statement.ts';
import { compile } from '../../../sql/compile.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { matchesLike } from '../../../sql/like.ts';
import { madeColumn, Scope } from '../../../sql/scope.ts';
import { compilerOf } from '../../../sql/select.ts';
import { textType } from '../../../sql/value/type.ts';
import { toBoolean, toInteger, toText, type Value } from '../../../sql/value/value.ts';
import { STATUS } from '../../../wire/constants.ts';
import type { Outcome, RowsOutcome } from '../../outcome.ts';
import { canonicalSchema, schemaExists } from '../../schemas.ts';
import { shown } from '../result.ts';

export type Show = Extract<Statement, { kind: 'show' }>;

export type Rows = readonly (readonly Value[])[];

export type Handler = (x: Execution, s: Show) => Outcome;

/** The schema a SHOW is of. Throws 1046 where none is current, 1049 where it is not there. */
export function schemaOf(x: Execution, s: Show): string {
  const schema = canonicalSchema(s.schema || x.session.database);
  if (schema === '') throw sqlError('ER_NO_DB_ERROR');
  if (!schemaExists(x.session, schema)) throw sqlError('ER_BAD_DB_ERROR', schema);
  return schema;
}

/** Applies LIKE on the first column, or WHERE on all. */
export function filtered(x: Execution, s: Show, outcome: RowsOutcome, column = 0): RowsOutcome {
  const { like, where } = s.filter;
  if (like !== undefined) {
    const rows = outcome.rows.filter((row) =>
      matchesLike(toText(row[column] as Value) ?? '', like, '\\', 'utf8mb3_general_ci', (steps) => x.spend(steps)),
    );
    return { ...outcome, rows };
  }
  if (!where) return outcome;
  const columns = outcome.columns.map(({ name, length }) =>
    madeColumn(name, textType(length, { collation: 'utf8mb3_general_ci' })),
  );
  const scope = new Scope(columns, undefined);
  scope.clause = 'where clause';
  const node = compile(compilerOf(x), where, scope);
  const rows = outcome.rows.filter((row) => {
    x.spend(2);
    return toBoolean(node.get({ values: row }));
  });
  return { ...outcome, rows };
}

/** Columns of SHOW, in lower case, by which the server finds its rows: LIKE's one, those of a range, those of equal values. */
export interface Found {
  readonly like?: boolean;
  readonly range?: readonly string[];
  readonly equal?: readonly string[];
}

/** The status flag of a SHOW that reads its rows one by one, unless its filter finds them. */
export function scanFlag({ filter: { like, where } }: Show, found: Found = {}): number {
  if (like !== undefined) return found.like && !/^[%_]/.test(like) ? 0 : STATUS.NO_INDEX;
  const finds =
    where && (usesColumn(where, new Set(found.range)) || equatesColumn(where, new Set(found.equal ?? found.range)));
  return finds ? 0 : STATUS.NO_INDEX;
}

/** A form of SHOW whose rows LIKE and WHERE choose among. */
export function simple(
  form: string,
  rows: (x: Execution, s: Show) => Rows,
  flags: (s: Show) => number = () => 0,
): Handler {
  return (x, s) => ({ ...filtered(x, s, shown(x.session, form, rows(x, s))), flags: flags(s) });
}

/** The pattern in parentheses, as the name of a column tells it. */
export function likeSuffix(s: Show): string {
  return s.filter.like === undefined ? '' : ` (${s.filter.like})`;
}

/** Rows within SHOW's LIMIT. */
export function limited(x: Execution, s: Show, rows: Rows): Rows {
  if (!s.limit) return rows;
  const number = (e: NonNullable<Show['limit']>['count'] | undefined) =>
    e ? Number(toInteger(compile(compilerOf(x), e, new Scope([], undefined)).get({ values: [] })) ?? 0n) : 0;
  const offset = number(s.limit.offset);
  return rows.slice(offset, offset + number(s.limit.count));
}

/** Some columns of a recorded table as a form's rows. */
export function recordedColumns(key: string, places: readonly number[], sorted = false): (x: Execution) => Rows {
  const rows = () => systemRows(key).map((row) => places.map((place) => row[place] ?? null));
  return sorted ? () => rows().sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1)) : rows;
}
