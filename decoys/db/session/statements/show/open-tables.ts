// SHOW OPEN TABLES: tables that are open, and how many hold locks of LOCK TABLES on each.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show-open-tables.html
import type { Value } from '../../../sql/value/value.ts';
import { canonicalSchema } from '../../schemas.ts';
import { shown } from '../result.ts';
import { filtered, type Handler, scanFlag } from './filter.ts';

export const showOpenTables: Handler = (x, s) => {
  const { session } = x;
  const schema = canonicalSchema(s.schema);
  const users = session.server.sessionsOf(session.overlay);
  const rows = session.overlay.openTables
    .list()
    .filter(([owner]) => schema === '' || owner === schema)
    .map(([owner, name]): Value[] => {
      const locking = users.filter((user) => user.tableLocks.names(owner, name)).length;
      return [owner, name, BigInt(locking), 0n];
    });
  return { ...filtered(x, s, shown(session, 'open-tables', rows), 1), flags: scanFlag(s) };
};
