// SELECT and its kin as statements: rows to the client, into variables, or nowhere where a file is named.

import { RESULT_BYTES } from '../../limits.ts';
import type { Into, Query } from '../../sql/ast/query.ts';
import type { Statement } from '../../sql/ast/statement.ts';
import { SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { compileQuery, compilerOf } from '../../sql/select.ts';
import { toBytes, type Value } from '../../sql/value/value.ts';
import { OK, type Outcome } from '../outcome.ts';
import { resultColumn } from './result.ts';

const DOT = /^\.|\/\.\.?(\/|$)/;

/** Files one source is remembered to have written. */
const MAX_FILES = 64;
/** Bytes kept of such a file, for the LOAD_FILE that looks whether it is there; a longer one is not shown again. */
const FILE_BYTES = 1_024;

/** What the file would hold: fields ended by tabs and lines by line feeds, NULL as \\N; a dump just its bytes. */
function contentOf(into: Into, rows: readonly (readonly Value[])[]): Buffer | null {
  const cell = (value: Value) => toBytes(value) ?? Buffer.from('\\N');
  const parts = rows.slice(0, FILE_BYTES).flatMap((row) => {
    if (into.kind === 'dumpfile') return row.map((value) => toBytes(value) ?? Buffer.alloc(0));
    return row.flatMap((value, at) => [cell(value), Buffer.from(at === row.length - 1 ? '\n' : '\t')]);
  });
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  return bytes > FILE_BYTES || rows.length > FILE_BYTES ? null : Buffer.concat(parts);
}

/** Refuses files outside secure_file_priv, and names that are taken; remembers the others, writes none. */
function intoFile(x: Execution, into: Into, rows: readonly (readonly Value[])[]): void {
  const { session } = x;
  const allowed = session.server.options.persona.secureFilePriv;
  if (!into.file.startsWith(allowed) || DOT.test(into.file.slice(allowed.length)))
    throw sqlError('ER_OPTION_PREVENTS_STATEMENT', '--secure-file-priv');
  if (session.overlay.files.has(into.file)) throw sqlError('ER_FILE_EXISTS_ERROR', into.file);
  if (session.overlay.files.size < MAX_FILES) session.overlay.files.set(into.file, contentOf(into, rows));
}

function intoVariables(x: Execution, into: Into, rows: readonly (readonly Value[])[]): void {
  if (rows.length > 1) throw sqlError('ER_TOO_MANY_ROWS');
  const [row] = rows;
  if (!row) {
    x.session.addWarning('Warning', 1329, 'No data - zero rows fetched, selected, or processed');
    return;
  }
  for (const [at, name] of into.names.entries()) {
    if (into.local[at]) x.names?.find([name])?.set(row[at] ?? null);
    else x.session.setUserVariable(name, row[at] ?? null);
  }
}

export function runQuery(x: Execution, query: Query): Outcome {
  const { session } = x;
  const { into } = query;
  if (into && into.kind !== 'variables') checkFile(x, into);
  const undeclared = into?.names.find((name, at) => into.local[at] && !x.names?.find([name]));
  if (undeclared !== undefined) throw sqlError('ER_UNDECLARED_VAR', undeclared);
  const compiled = compileQuery(compilerOf(x), query, undefined);
  if (into && into.kind === 'variables' && into.names.length !== compiled.columns.length)
    throw sqlError('ER_WRONG_NUMBER_OF_COLUMNS_IN_SELECT');
  const columns = compiled.columns.map(resultColumn);
  let rows: readonly (readonly Value[])[];
  try {
    rows = compiled.rows(undefined);
  } catch (error) {
    // Errors of values come after the columns have gone out; errors of names came before this.
    if (error instanceof SqlError && !into) return { kind: 'rows', columns, rows: [], error };
    throw error;
  }
  session.foundRows = BigInt(query.body.kind === 'select' && query.body.calcFoundRows ? compiled.found() : rows.length);
  if (into?.kind === 'variables') {
    intoVariables(x, into, rows);
    return { kind: 'ok', affected: BigInt(rows.length) };
  }
  if (into) {
    if (into.kind === 'dumpfile' && rows.length > 1 && query.body.kind === 'select') throw sqlError('ER_TOO_MANY_ROWS');
    intoFile(x, into, rows);
    return { kind: 'ok', affected: BigInt(rows.length) };
  }
  return { kind: 'rows', columns, rows: capped(rows), flags: x.statusFlags };
}

/** Refuses a forbidden file before any row is made, as the server does while it resolves the query. */
function checkFile(x: Execution, into: Into): void {
  const allowed = x.session.server.options.persona.secureFilePriv;
  if (!into.file.startsWith(allowed)) throw sqlError('ER_OPTION_PREVENTS_STATEMENT', '--secure-file-priv');
}

function capped(rows: readonly (readonly Value[])[]): readonly (readonly Value[])[] {
  let bytes = 0;
  for (const [at, row] of rows.entries()) {
    for (const value of row) bytes += typeof value === 'string' || Buffer.isBuffer(value) ? value.length + 4 : 16;
    if (bytes > RESULT_BYTES) return rows.slice(0, at);
  }
  return rows;
}

export function runDo(x: Execution, statement: Extract<Statement, { kind: 'do' }>): Outcome {
  const items = statement.expressions.map((expression) => ({
    expression,
    star: undefined,
    alias: undefined,
    text: '',
  }));
  const body = {
    kind: 'select',
    distinct: false,
    calcFoundRows: false,
    items,
    from: undefined,
    where: undefined,
    group: [],
    rollup: false,
    having: undefined,
    windows: new Map(),
  } as const;
  compileQuery(
    compilerOf(x),
    { body, order: [], limit: undefined, into: undefined, with: [], recursive: false, locking: false },
    undefined,
  ).rows(undefined);
  return OK;
}
