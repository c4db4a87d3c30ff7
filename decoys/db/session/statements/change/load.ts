// LOAD DATA: never reads a file, neither the client's nor one of the server's.
// Source: https://dev.mysql.com/doc/refman/9.7/en/load-data.html
import type { StatementOf } from '../../../sql/ast/statement.ts';
import { SqlError, sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import type { Outcome } from '../../outcome.ts';
import { materialize } from '../materialize.ts';

/** Refuses LOAD DATA the way a server does that may not read the file. Throws 1290 or 3948. */
export function runLoad(x: Execution, s: StatementOf<'load-data'>): Outcome {
  const allowed = x.session.server.options.persona.secureFilePriv;
  if (s.local) throw sqlError('ER_CLIENT_LOCAL_FILES_DISABLED');
  materialize(x, s.table, 'INSERT');
  if (!s.file.startsWith(allowed)) throw sqlError('ER_OPTION_PREVENTS_STATEMENT', '--secure-file-priv');
  throw new SqlError(13, 'HY000', `Can't get stat of '${s.file}' (OS errno 2 - No such file or directory)`);
}
