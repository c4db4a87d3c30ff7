// USE, KILL and SHUTDOWN: the session's schema, and the end of sessions and of the server.
// Source: https://dev.mysql.com/doc/refman/9.7/en/use.html, kill.html, shutdown.html; errors as recorded from 9.7.

import type { StatementOf } from '../../sql/ast/statement.ts';
import { compile } from '../../sql/compile.ts';
import { SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { Scope } from '../../sql/scope.ts';
import { compilerOf } from '../../sql/select.ts';
import { toInteger } from '../../sql/value/value.ts';
import { OK, type Outcome } from '../outcome.ts';
import { canonicalSchema, identifierError, schemaExists } from '../schemas.ts';

/** Throws 1046, 1049 or 1102 for a schema that is not there or not a name. */
export function runUse(x: Execution, s: StatementOf<'use'>): Outcome {
  const wrong = s.schema === '' ? sqlError('ER_NO_DB_ERROR') : identifierError(s.schema);
  if (wrong) throw wrong;
  const schema = canonicalSchema(s.schema);
  if (!schemaExists(x.session, schema)) throw sqlError('ER_BAD_DB_ERROR', s.schema);
  x.session.use(schema);
  x.session.tracker.schema(schema);
  return OK;
}

/** Ends a connection or its statement. Throws 1094 for one the source does not have, 1317 for its own. */
export function runKill(x: Execution, s: StatementOf<'kill'>): Outcome {
  const { session } = x;
  const id = toInteger(compile(compilerOf(x), s.id, new Scope([], undefined)).get({ values: [] })) ?? 0n;
  const found = session.server.sessions.get(Number(id));
  if (s.explains && s.analyzes) throw sqlError('ER_NOT_SUPPORTED_YET', 'EXPLAIN ANALYZE FOR CONNECTION');
  if (!found || found.overlay !== session.overlay) throw sqlError('ER_NO_SUCH_THREAD', BigInt.asUintN(32, id));
  if (s.explains)
    throw new SqlError(
      3012,
      'HY000',
      'EXPLAIN FOR CONNECTION command is supported only for SELECT/UPDATE/INSERT/DELETE/REPLACE',
    );
  if (found === session && !s.query) {
    // The client is told before its connection ends.
    setImmediate(() => session.kill(false));
    throw sqlError('ER_QUERY_INTERRUPTED');
  }
  if (found === session) throw sqlError('ER_QUERY_INTERRUPTED');
  found.kill(s.query);
  return OK;
}

/** How long the server a source shut down stays away for it, in ms. */
const DOWN_MS = 4_000;

/** The server stays away from this source for a while. Throws 3707 for RESTART. */
export function runShutdown(x: Execution, s: StatementOf<'shutdown'>): Outcome {
  if (s.restart)
    throw new SqlError(3707, 'HY000', 'Restart server failed (mysqld is not managed by supervisor process).');
  x.session.overlay.downUntilMs = x.startedMs + DOWN_MS;
  return OK;
}
