// One of the server's own tables as a query reads it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/information-schema.html, performance-schema.html
import { usesColumn } from '../overlay/index-use.ts';
import { toldOf } from '../persona/contents.ts';
import type { SystemTable } from '../persona/system-tables.ts';
import { STATUS } from '../wire/constants.ts';
import { equalColumns, findsRows, heldColumns } from './dictionary-access.ts';
import { asksByHash, leadingColumns, scanned } from './scan-flags.ts';
import { seenRows } from './seen-rows.ts';
import type { Session } from './session.ts';
import { SYSTEM_PROVIDERS } from './system-rows.ts';
import { fromRecords, recordedRows, systemColumns } from './system-values.ts';
import type { TableSource } from './table-source.ts';

/** Tables that are read with a warning, and what the server would have read instead. */
const DEPRECATED: Readonly<Record<string, string>> = {
  'information_schema.PROCESSLIST': 'performance_schema.processlist',
  'information_schema.PROFILING': 'Performance Schema',
};

function deprecation(key: string, instead: string): string {
  const name = key.replace('information_schema', 'INFORMATION_SCHEMA');
  return `'${name}' is deprecated and will be removed in a future release. Please use ${instead} instead`;
}

function visitsSys(status = 0): boolean {
  return (status & STATUS.SESSION_STATE_CHANGED) !== 0;
}

/** One system table as this session sees it; warns 1287 where it is deprecated. */
export function systemSource(session: Session, table: SystemTable): TableSource {
  const columns = systemColumns(table, session.strict());
  const key = `${table.schema}.${table.name}`;
  const provider = SYSTEM_PROVIDERS[key];
  const asked = { toCount: false, read: false };
  return {
    schema: table.schema,
    name: table.name,
    columns,
    rows: (x) => {
      const recorded = provider ? [] : recordedRows(key, columns);
      const rows = seenRows(session, table, columns, provider ? fromRecords(provider(session), columns) : recorded);
      const instead = DEPRECATED[key];
      if (instead) session.addWarning('Warning', 1287, deprecation(key, instead));
      // Views that call functions of sys leave the schema they were in, and come back.
      if (visitsSys(toldOf(key)?.[asked.toCount ? 1 : 0])) x.statusFlags |= STATUS.SESSION_STATE_CHANGED;
      if (!asked.read) x.session.work.read(rows.length);
      asked.read = true;
      x.spend(rows.length);
      x.hold(provider ? rows.length * columns.length : 0);
      return rows;
    },
    ...accessOf(table, key, leadingColumns(table), asked),
  };
}

/** What the server tells of reading a table of its own. */
function accessOf(
  { schema, name }: SystemTable,
  key: string,
  leads: ReadonlySet<string>,
  asked: { toCount: boolean },
): Pick<TableSource, 'scans' | 'scansToCount' | 'holds' | 'hashed' | 'leads'> {
  if (schema === 'information_schema')
    return {
      scans: (where) => !where || !findsRows(name, where),
      holds: (columns, where) => heldColumns(name, columns, where),
      leads: equalColumns(name),
    };
  if (schema === 'performance_schema')
    return { scans: (where) => !where || !asksByHash(where, leads), hashed: true, leads };
  return {
    scans: (where) => (where ? leads.size === 0 || !usesColumn(where, leads) : scanned(toldOf(key)?.[0])),
    scansToCount: () => {
      asked.toCount = true;
      return scanned(toldOf(key)?.[1]);
    },
    leads,
  };
}
