// INSERT, UPDATE and DELETE looked through before they run: the types of their parameters, for who prepares them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/prepare.html
import type { Expression } from '../ast/expression.ts';
import type { Statement } from '../ast/statement.ts';
import type { Compiler } from '../compile/compiler.ts';
import { COUNT_PARAMETER, TRUTH_PARAMETER } from '../compile/parameter-types.ts';
import { derive, deriveAssigned } from '../compile/parameters.ts';
import { sqlError } from '../errors.ts';
import type { Execution } from '../execution.ts';
import { Scope, type ScopeColumn } from '../scope.ts';
import { compilerOf } from '../select.ts';
import { compileFrom } from './from.ts';

type Change = Extract<Statement, { kind: 'insert' | 'update' | 'delete' }>;

function named(columns: readonly ScopeColumn[], name: string | undefined): ScopeColumn | undefined {
  return columns.find((column) => column.name.toLowerCase() === name?.toLowerCase());
}

/** Throws where the table or a column is not there; derives what the parameters set to its columns are. */
export function resolveChange(x: Execution, s: Change): void {
  const { columns } = x.session.table(s.table.schema, s.table.name);
  const c = compilerOf(x);
  if (s.kind === 'insert') {
    resolveInsert(c, s, columns);
    return;
  }
  const scope = new Scope(compileFrom(c, s.from, undefined, new Map()).columns, undefined);
  if (s.kind === 'update')
    for (const { column, value } of s.assignments) {
      if (column.length === 1) expectColumn(scope.columns, column[0] as string);
      deriveAssigned(x, value, named(scope.columns, column.at(-1))?.type);
      look(c, value, scope);
    }
  scope.clause = 'where clause';
  derive(x, s.where, TRUTH_PARAMETER);
  look(c, s.where, scope);
  derive(x, s.limit?.count, COUNT_PARAMETER);
}

function expectColumn(columns: readonly ScopeColumn[], name: string): void {
  if (!named(columns, name)) throw sqlError('ER_BAD_FIELD_ERROR', name, 'field list');
}

function resolveInsert(c: Compiler, s: Extract<Change, { kind: 'insert' }>, columns: readonly ScopeColumn[]): void {
  const { x } = c;
  const names = s.columns ?? columns.filter((column) => !column.invisible).map((column) => column.name);
  for (const name of names) expectColumn(columns, name);
  const twice = names.find((name, at) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < at);
  if (twice !== undefined) throw sqlError('ER_FIELD_SPECIFIED_TWICE', twice);
  const own = new Scope(columns, undefined);
  const targets = names.map((name) => named(columns, name)?.type);
  for (const [number, row] of (s.rows ?? []).entries()) {
    if (row.length !== names.length && !(row.length === 0 && !s.columns?.length))
      throw sqlError('ER_WRONG_VALUE_COUNT_ON_ROW', number + 1);
    for (const [at, e] of row.entries()) {
      deriveAssigned(x, e, targets[at]);
      look(c, e, own);
    }
  }
  if (s.query) {
    const { body } = s.query;
    if (body.kind === 'select')
      for (const [at, item] of body.items.entries()) deriveAssigned(x, item.expression, targets[at]);
    const { columns: given } = c.compileQuery(s.query, new Scope([], undefined));
    if (given.length !== names.length) throw sqlError('ER_WRONG_VALUE_COUNT_ON_ROW', 1);
  }
  const offered = offeredColumns(s, names, columns);
  const scope = new Scope([...columns, ...offered], undefined);
  for (const { column, value } of s.update) {
    expectColumn(columns, column.at(-1) as string);
    deriveAssigned(x, value, named(columns, column.at(-1))?.type);
    look(c, value, scope);
  }
}

/** The row offered, as VALUES() and the alias it has call its columns. */
function offeredColumns(
  { alias }: Extract<Change, { kind: 'insert' }>,
  names: readonly string[],
  columns: readonly ScopeColumn[],
): ScopeColumn[] {
  const offered = columns.map((column): ScopeColumn => ({ ...column, table: 'VALUES()', merged: true }));
  if (!alias) return offered;
  const aliased = names.map((name, at): ScopeColumn => {
    const column = named(columns, name) as ScopeColumn;
    return { ...column, schema: '', table: alias.table, name: alias.columns[at] ?? column.name };
  });
  return [...offered, ...aliased];
}

function look(c: Compiler, e: Expression | undefined, scope: Scope): void {
  if (e && e.kind !== 'parameter' && e.kind !== 'default' && e.kind !== 'values') c.compile(e, scope);
}
