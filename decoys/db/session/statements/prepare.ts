// PREPARE and DEALLOCATE PREPARE; EXECUTE runs what they keep.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-prepared-statements.html
import type { StatementOf } from '../../sql/ast/statement.ts';
import { compile } from '../../sql/compile.ts';
import { SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { Scope } from '../../sql/scope.ts';
import { compilerOf } from '../../sql/select.ts';
import { toBytes } from '../../sql/value/value.ts';
import { OK, type Outcome } from '../outcome.ts';

/** Keeps a statement under a name; `check` throws where it cannot be prepared. Throws 1461 past the cap. */
export function runPrepare(x: Execution, s: StatementOf<'prepare'>, check: (text: Buffer) => void): Outcome {
  const { session } = x;
  const text = compile(compilerOf(x), s.from, new Scope([], undefined)).get({ values: [] });
  const bytes = toBytes(text) ?? Buffer.from('NULL');
  session.work.inner = bytes;
  session.prepared.forget(s.name);
  session.lastStatementId++;
  check(bytes);
  if (!session.prepared.keep(s.name, bytes))
    throw new SqlError(
      1461,
      '42000',
      "Can't create more than max_prepared_stmt_count statements (current value: 16382)",
    );
  session.tracker.changed();
  return { kind: 'ok', info: 'Statement prepared' };
}

/** The text kept under a name. Throws 1243, naming the command that asked. */
export function preparedText(x: Execution, name: string, command: string): Buffer {
  const found = x.session.prepared.get(name);
  if (!found) throw sqlError('ER_UNKNOWN_STMT_HANDLER', name, command);
  return found;
}

/** Throws 1243 for a name nothing is kept under. */
export function runDeallocate(x: Execution, s: StatementOf<'deallocate'>): Outcome {
  preparedText(x, s.name, 'DEALLOCATE PREPARE');
  x.session.prepared.forget(s.name);
  x.session.tracker.changed();
  return OK;
}
