// An expression as messages, plans and EXPLAIN's notes tell it.
// Source: errors 1690 and 1441 and notes 1003, as seen from 9.7.4.
import type { Expression } from './ast/expression.ts';
import type { Execution } from './execution.ts';
import { type ColumnPrinter, type Printing, printCondition, printWith } from './print.ts';
import { plainExpression, printQuery } from './print-query.ts';
import { quoteName } from './quote-name.ts';
import type { Scope } from './scope.ts';

/** Characters of an expression in a message. */
const PRINT_CHARACTERS = 512;

/** How much of an expression is told, and the schema of tables its queries name without one. */
interface Told {
  readonly characters?: number;
  readonly database?: string;
}

function printing(column: ColumnPrinter, database: string): Printing {
  return {
    column,
    introducer: '',
    settled: plainExpression,
    query: (query) =>
      printQuery(query, {
        database,
        print: (child, names) => printWith(child, { ...printing(names, database), variablesGone: false }),
      }),
    variablesGone: true,
  };
}

function quotedPath(path: readonly string[]): string {
  return path.map(quoteName).join('.');
}

/** Columns by schema, table and name as the scope knows them; what it does not know as it was written. */
function namesIn(scope: Scope): ColumnPrinter {
  return (path) => {
    for (let at: Scope | undefined = scope; at; at = at.parent) {
      const column = at.own(path);
      if (!column) continue;
      const { schema, table, name } = column;
      return quotedPath(column.source ?? (schema === '' ? [table, name] : [schema, table, name]));
    }
    return quotedPath(path);
  };
}

/** The expression's text, its first `characters`; `column` quotes what was written where nothing else is known. */
export function printExpression(
  expression: Expression,
  column: ColumnPrinter = quotedPath,
  { characters = PRINT_CHARACTERS, database = '' }: Told = {},
): string {
  return printWith(expression, printing(column, database)).slice(0, characters);
}

/** The expression's text as errors tell it of a statement: columns as its scope knows them. */
export function printInScope({ session }: Execution, expression: Expression, scope: Scope): string {
  return printExpression(expression, namesIn(scope), { database: session.database });
}

/** As `printExpression`, of a condition: a number is compared with 0. */
export function printedCondition(
  expression: Expression,
  column: ColumnPrinter,
  { characters = PRINT_CHARACTERS, database = '' }: Told = {},
): string {
  return printCondition(expression, printing(column, database)).slice(0, characters);
}
