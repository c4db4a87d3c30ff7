// Rows a join need not try: those of a table that a condition of WHERE on that table alone leaves out. Drivers ask
// INFORMATION_SCHEMA for one table's keys by joins of thousands of columns and a name.
import type { Expression } from '../ast/expression.ts';
import type { Compiler } from '../compile/compiler.ts';
import { Scope, type ScopeColumn } from '../scope.ts';
import { toBoolean, type Value } from '../value/value.ts';

/** `table.column = 'text'`: what can be looked at twice without being seen to. */
type Narrowing = Extract<Expression, { kind: 'binary' }> & { left: Extract<Expression, { kind: 'column' }> };

function isNarrowing(e: Expression): e is Narrowing {
  return (
    e.kind === 'binary' &&
    e.operator === '=' &&
    e.left.kind === 'column' &&
    e.left.path.length > 1 &&
    e.right.kind === 'string'
  );
}

/** The parts of a condition that all must hold and name one table each. */
export function narrowingsOf(where: Expression | undefined): Narrowing[] {
  const found: Narrowing[] = [];
  let rest = where;
  while (rest?.kind === 'binary' && rest.operator === 'AND') {
    if (isNarrowing(rest.right)) found.push(rest.right);
    rest = rest.left;
  }
  if (rest && isNarrowing(rest)) found.push(rest);
  return found;
}

type Rows = Iterable<readonly Value[]>;

/** Rows of the table called `alias` that can be in a result; all of them where nothing narrows it. */
export function narrowed(
  c: Compiler,
  narrowings: readonly Expression[],
  alias: string,
  columns: readonly ScopeColumn[],
  rows: () => Rows,
): () => Rows {
  const scope = new Scope(columns, undefined);
  const conditions = narrowings
    .filter(isNarrowing)
    .filter(({ left: { path } }) => path[path.length - 2] === alias && isText(columns, path[path.length - 1] as string))
    .map((e) => c.compile(e, scope));
  if (conditions.length === 0) return rows;
  return function* left() {
    for (const values of rows()) {
      c.x.spend(1);
      if (conditions.every((node) => toBoolean(node.get({ values })))) yield values;
    }
  };
}

function isText(columns: readonly ScopeColumn[], name: string): boolean {
  return columns.find((column) => column.name.toLowerCase() === name.toLowerCase())?.type.text === true;
}
