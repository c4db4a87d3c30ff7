// Which tables a transaction sees: reading one begins a transaction where autocommit is off.
// Source: https://dev.mysql.com/doc/refman/9.7/en/innodb-autocommit-commit-rollback.html; status bits as recorded from 9.7.
import { systemTable } from '../persona/system-tables.ts';
import { NAMED_VIEWS } from './named-views.ts';
import type { Session } from './session.ts';
import type { TableSource } from './table-source.ts';

/** True for InnoDB's tables and for views of the dictionary, which is kept in InnoDB. */
export function isTransactional(session: Session, source: TableSource): boolean {
  const own = session.overlay.databases.get(source.schema)?.tables.get(source.name);
  if (own) return own.facts.engine === 'InnoDB';
  if (source.schema === 'information_schema') return NAMED_VIEWS.has(source.name.toUpperCase());
  return systemTable(source.schema, source.name)?.engine === 'InnoDB';
}
