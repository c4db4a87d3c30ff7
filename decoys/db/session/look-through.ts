// A statement looked through as PREPARE does it: its names, the columns it will have, what its parameters are.
// Source: https://dev.mysql.com/doc/refman/9.7/en/prepare.html
import { routineKey } from '../overlay/routine.ts';
import type { Expression } from '../sql/ast/expression.ts';
import type { Statement, StatementOf } from '../sql/ast/statement.ts';
import { deriveAssigned } from '../sql/compile/parameters.ts';
import { sqlError } from '../sql/errors.ts';
import type { Execution } from '../sql/execution.ts';
import { resolveChange } from '../sql/query/change.ts';
import { Scope } from '../sql/scope.ts';
import { compileQuery, compilerOf } from '../sql/select.ts';
import type { Column } from '../wire/column.ts';
import { FLAG, TYPE } from '../wire/constants.ts';
import { isPreparable, namesOf } from './preparable.ts';
import { localColumn, toldType } from './statements/locals.ts';
import { resultColumn } from './statements/result.ts';

/** Decimals of what has no number of them. */
const NOT_SPECIFIED = 31;

/** Types of values that are text or bytes. */
const TEXTS: ReadonlySet<number> = new Set([
  TYPE.VAR_STRING,
  TYPE.STRING,
  TYPE.BLOB,
  TYPE.MEDIUM_BLOB,
  TYPE.LONG_BLOB,
  TYPE.JSON,
]);

/** A column of a UNION before there is a table for it. */
function unmaterialized(column: Column): Column {
  const decimals = TEXTS.has(column.type) ? NOT_SPECIFIED : column.decimals;
  return { ...column, orgName: '', flags: column.flags | (column.binary ? FLAG.BINARY : 0), decimals };
}

/**
 * Looks a statement with so many parameters through, whose types `x` then holds. Gives the columns of a query, none of
 * anything else. Throws what the server refuses before it runs anything: names it cannot find, what is not prepared.
 */
export function lookThrough(x: Execution, statement: Statement, parameters: number): readonly Column[] {
  if (x.session.database === '' && namesOf(statement).some(({ schema }) => schema === ''))
    throw sqlError('ER_NO_DB_ERROR');
  if (!isPreparable(statement)) throw sqlError('ER_UNSUPPORTED_PS');
  if (parameters > 0 && statement.kind === 'kill') throw sqlError('ER_DYNAMIC_PARAMETER');
  x.hasParameters = parameters > 0;
  x.preparing = true;
  if (statement.kind === 'query' && !statement.query.into) {
    const columns = compileQuery(compilerOf(x), statement.query, undefined).columns.map(resultColumn);
    const { kind } = statement.query.body;
    return kind === 'set' || kind === 'values' ? columns.map(unmaterialized) : columns;
  }
  lookUp(x, statement);
  return [];
}

function lookUp(x: Execution, statement: Statement): void {
  const look = (e: Expression | undefined): void => {
    if (e && x.hasParameters && e.kind !== 'parameter') compilerOf(x).compile(e, new Scope([], undefined));
  };
  switch (statement.kind) {
    case 'insert':
    case 'update':
    case 'delete':
      resolveChange(x, statement);
      return;
    case 'call':
      lookUpCall(x, statement);
      for (const arg of statement.args) look(arg);
      return;
    case 'do':
      for (const e of statement.expressions) look(e);
      return;
    case 'set':
      for (const item of statement.items) if (item.kind === 'user') look(item.value);
      return;
    default:
  }
}

/** Arguments are what the procedure's parameters are. Throws 1305 where there is no such procedure. */
function lookUpCall(x: Execution, { name, args }: StatementOf<'call'>): void {
  const schema = name.schema || x.session.database;
  if (schema === 'sys') return;
  const routine = x.session.overlay.routines.get(routineKey('PROCEDURE', schema, name.name));
  if (!routine) throw sqlError('ER_SP_DOES_NOT_EXIST', 'PROCEDURE', `${schema}.${name.name}`);
  for (const [at, arg] of args.entries()) {
    const parameter = routine.parameters[at];
    if (parameter) deriveAssigned(x, arg, toldType(localColumn(x, parameter.name, parameter.type)));
  }
}
