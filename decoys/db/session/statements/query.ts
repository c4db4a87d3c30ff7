// SELECT and its kin as statements: rows to the client, into variables, or nowhere where a file is named.

import { RESULT_BYTES } from '../../limits.ts';
import type { Expression } from '../../sql/ast/expression.ts';
import { plainSelect } from '../../sql/ast/plain-select.ts';
import type { Into, Query } from '../../sql/ast/query.ts';
import type { Statement } from '../../sql/ast/statement.ts';
import { SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { isOfLocks } from '../../sql/lock-wait.ts';
import type { ScopeColumn } from '../../sql/scope.ts';
import { compileQuery, compilerOf } from '../../sql/select.ts';
import type { Steps } from '../../sql/steps.ts';
import type { Value } from '../../sql/value/value.ts';
import { OK, type Outcome } from '../outcome.ts';
import type { Session } from '../session.ts';
import { checkFile, rememberFile } from './into-file.ts';
import { resultColumn } from './result.ts';

function intoVariables(
  x: Execution,
  into: Into,
  columns: readonly ScopeColumn[],
  rows: readonly (readonly Value[])[],
): void {
  const [row] = rows;
  if (!row) {
    x.session.addWarning('Warning', 1329, 'No data - zero rows fetched, selected, or processed');
    return;
  }
  for (const [at, name] of into.names.entries()) {
    if (into.local[at]) x.names?.find([name])?.set(row[at] ?? null);
    else x.session.userVariables.set(name, row[at] ?? null, columns[at]?.type);
  }
  // The first row was taken before the second was found.
  if (rows.length > 1) throw sqlError('ER_TOO_MANY_ROWS');
}

/** The largest count there is: no limit. */
const NO_LIMIT = 18_446_744_073_709_551_615n;

/** A query of the client's that has no limit of its own has that of sql_select_limit. */
function limited(x: Execution, query: Query): Query {
  const own = x.session.variables.get('sql_select_limit') ?? x.session.overlay.globals.get('sql_select_limit');
  if (typeof own !== 'bigint' || own === NO_LIMIT || query.limit) return query;
  const count: Expression = { kind: 'number', form: 'integer', text: String(own), start: 0, end: 0 };
  return { ...query, limit: { count, offset: undefined } };
}

/** Runs SELECT, TABLE or VALUES: rows to the client, into variables, or refused where a file is named. Throws 1172, 1222 or 1327. */
export function* runQuery(x: Execution, asked: Query): Steps<Outcome> {
  const { session } = x;
  const query = limited(x, asked);
  const { into } = query;
  const undeclared = into?.names.find((name, at) => into.local[at] && !x.names?.find([name]));
  if (undeclared !== undefined) throw sqlError('ER_UNDECLARED_VAR', undeclared);
  const compiled = compileQuery(compilerOf(x), query, undefined);
  if (into && into.kind === 'variables' && into.names.length !== compiled.columns.length)
    throw sqlError('ER_WRONG_NUMBER_OF_COLUMNS_IN_SELECT');
  // Names are looked up before the file is, and no row is made for one that is refused.
  if (into && into.kind !== 'variables') checkFile(x, into);
  const columns = compiled.columns.map(resultColumn);
  let rows: readonly (readonly Value[])[];
  try {
    rows = yield* compiled.steps(undefined);
  } catch (error) {
    // Errors of values come after the columns have gone out; errors of names, and of what the plan works out, before.
    if (error instanceof SqlError && !into && !x.planning && !isOfLocks(error))
      return { kind: 'rows', columns, rows: [], error };
    throw error;
  }
  if (!query.limit && !into && !x.names) rows = upToLimit(session, rows);
  session.foundRows = BigInt(query.body.kind === 'select' && query.body.calcFoundRows ? compiled.found() : rows.length);
  if (into?.kind === 'variables') {
    intoVariables(x, into, compiled.columns, rows);
    return { kind: 'ok', affected: BigInt(rows.length) };
  }
  if (into) {
    if (into.kind === 'dumpfile' && rows.length > 1 && query.body.kind === 'select') throw sqlError('ER_TOO_MANY_ROWS');
    rememberFile(x, into, columns, rows);
    return { kind: 'ok', affected: BigInt(rows.length) };
  }
  // LIMIT 0 reads nothing, so there is no index to miss.
  return { kind: 'rows', columns, rows: capped(rows), flags: asksNothing(query) ? 0 : x.statusFlags };
}

/** As many rows as @@sql_select_limit lets through of a query that says none itself. */
export function upToLimit(session: Session, rows: readonly (readonly Value[])[]): readonly (readonly Value[])[] {
  const limit = session.variables.get('sql_select_limit') ?? session.overlay.globals.get('sql_select_limit');
  return typeof limit === 'bigint' && limit < BigInt(rows.length) ? rows.slice(0, Number(limit)) : rows;
}

function asksNothing({ limit }: Query): boolean {
  return limit?.count.kind === 'number' && Number(limit.count.text) === 0;
}

function capped(rows: readonly (readonly Value[])[]): readonly (readonly Value[])[] {
  let bytes = 0;
  for (let at = 0; at < rows.length; at++) {
    for (const value of rows[at] as readonly Value[])
      bytes += typeof value === 'string' || Buffer.isBuffer(value) ? value.length + 4 : 16;
    if (bytes > RESULT_BYTES) return rows.slice(0, at);
  }
  return rows;
}

/** DO: its expressions are worked out for what they do, and their values dropped. */
export function* runDo(x: Execution, statement: Extract<Statement, { kind: 'do' }>): Steps<Outcome> {
  const items = statement.expressions.map((expression) => ({
    expression,
    star: undefined,
    alias: undefined,
    text: '',
  }));
  const body = plainSelect(items);
  const query = compileQuery(
    compilerOf(x),
    { body, order: [], limit: undefined, into: undefined, with: [], recursive: false, locking: false },
    undefined,
  );
  yield* query.steps(undefined);
  return OK;
}
