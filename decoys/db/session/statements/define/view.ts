// CREATE VIEW.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-view.html
import { MAX_TABLES } from '../../../overlay/overlay.ts';
import type { StatementOf } from '../../../sql/ast/statement.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { compileQuery, compilerOf } from '../../../sql/select.ts';
import { OK, type Outcome } from '../../outcome.ts';
import { tableExists } from '../../schemas.ts';
import { writableDatabase } from './database.ts';

export function createView(x: Execution, s: StatementOf<'create-view'>): Outcome {
  const database = writableDatabase(x, s.view);
  if (tableExists(x.session, database.name, s.view.name) && !(s.replace && database.views.has(s.view.name)))
    throw sqlError('ER_TABLE_EXISTS_ERROR', s.view.name);
  compileQuery(compilerOf(x), s.query, undefined);
  if (x.session.overlay.tableCount >= MAX_TABLES) throw sqlError('ER_RECORD_FILE_FULL', s.view.name);
  database.views.set(s.view.name, {
    schema: database.name,
    name: s.view.name,
    query: s.query,
    columns: s.columns,
    text: s.text,
  });
  return OK;
}
