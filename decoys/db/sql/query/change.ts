// INSERT, UPDATE and DELETE looked through before they run: the types of their parameters, for who prepares them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/prepare.html
import type { Expression } from '../ast/expression.ts';
import type { Statement } from '../ast/statement.ts';
import { COUNT_PARAMETER, TRUTH_PARAMETER } from '../compile/parameter-types.ts';
import { derive, deriveAssigned } from '../compile/parameters.ts';
import type { Execution } from '../execution.ts';
import { Scope, type ScopeColumn } from '../scope.ts';
import { compilerOf } from '../select.ts';
import { compileFrom } from './from.ts';

type Change = Extract<Statement, { kind: 'insert' | 'update' | 'delete' }>;

function named(columns: readonly ScopeColumn[], name: string | undefined): ScopeColumn | undefined {
  return columns.find((column) => column.name.toLowerCase() === name?.toLowerCase());
}

/** Throws where the table is not there; derives what the parameters set to its columns are. */
export function resolveChange(x: Execution, s: Change): void {
  const { columns } = x.session.table(s.table.schema, s.table.name);
  if (!x.hasParameters) return;
  const c = compilerOf(x);
  const scope =
    s.kind === 'insert'
      ? new Scope(columns, undefined)
      : new Scope(compileFrom(c, s.from, undefined, new Map()).columns, undefined);
  const look = (e: Expression | undefined): void => {
    if (e && e.kind !== 'parameter' && holdsParameter(x, e)) c.compile(e, scope);
  };
  if (s.kind === 'insert') {
    const names = s.columns ?? columns.map((column) => column.name);
    for (const row of s.rows ?? [])
      for (const [at, e] of row.entries()) {
        deriveAssigned(x, e, named(columns, names[at])?.type);
        look(e);
      }
    if (s.query) {
      const { body } = s.query;
      if (body.kind === 'select')
        for (const [at, item] of body.items.entries())
          deriveAssigned(x, item.expression, named(columns, names[at])?.type);
      c.compileQuery(s.query, new Scope([], undefined));
    }
    for (const { column, value } of s.update) {
      deriveAssigned(x, value, named(columns, column.at(-1))?.type);
      look(value);
    }
    return;
  }
  if (s.kind === 'update')
    for (const { column, value } of s.assignments) {
      deriveAssigned(x, value, named(scope.columns, column.at(-1))?.type);
      look(value);
    }
  derive(x, s.where, TRUTH_PARAMETER);
  look(s.where);
  derive(x, s.limit?.count, COUNT_PARAMETER);
}

/** Only what can hold a parameter is compiled for it. */
function holdsParameter(x: Execution, e: Expression): boolean {
  return x.hasParameters && e.kind !== 'default' && e.kind !== 'values';
}
