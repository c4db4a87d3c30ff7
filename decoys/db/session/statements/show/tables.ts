// SHOW DATABASES, TABLES, TABLE STATUS and COLUMNS.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show.html

import { systemTable } from '../../../persona/system-tables.ts';
import type { Execution } from '../../../sql/execution.ts';
import { fromMs } from '../../../sql/value/temporal.ts';
import type { Value } from '../../../sql/value/value.ts';
import { optionsText } from '../../definition-text.ts';
import { ownTable, schemaNames, tablesOf } from '../../schemas.ts';
import { type ColumnFacts, overlayColumnFacts, systemColumnFacts } from '../../system-rows/column-facts.ts';
import { madeOf, overlayTableFacts, rowFormat } from '../../system-rows/schemas.ts';
import { brokenView, ViewListing, viewColumnFacts } from '../../system-rows/view-columns.ts';
import { shown } from '../result.ts';
import { filtered, type Handler, likeSuffix, type Show, scanFlag, schemaOf } from './filter.ts';
import { STATUS_NAMED, tablesNamed, whereColumns } from './where-columns.ts';

export const showDatabases: Handler = (x, s) => {
  const rows = schemaNames(x.session).map((name) => [name]);
  const outcome = filtered(x, s, shown(x.session, 'databases', rows));
  const columns = outcome.columns.map((column) => ({
    ...column,
    name: column.name + likeSuffix(s),
    orgName: column.orgName && column.orgName + likeSuffix(s),
  }));
  return { ...outcome, columns, flags: scanFlag(s, { equal: ['database'] }) };
};

export const showTables: Handler = (x, s) => {
  const schema = schemaOf(x, s);
  const rows = tablesOf(x.session, schema).map((entry) => (s.full ? [entry.name, entry.type] : [entry.name]));
  const outcome = filtered(x, s, shown(x.session, s.full ? 'full-tables' : 'tables', rows, schema));
  const columns = outcome.columns.map((column, at) =>
    at === 0
      ? { ...column, name: column.name + likeSuffix(s), orgName: `Tables_in_${schema}${likeSuffix(s)}` }
      : column,
  );
  return { ...outcome, columns: whereColumns(columns, s.filter.where, tablesNamed(schema)) };
};

export const showTableStatus: Handler = (x, s) => {
  const listing = new ViewListing();
  const schema = schemaOf(x, s);
  const rows = tablesOf(x.session, schema).map((entry): Value[] => {
    if (entry.table) {
      const facts = overlayTableFacts(entry.table);
      return [
        entry.name,
        entry.table.facts.engine,
        10n,
        rowFormat(entry.table),
        facts.rows,
        facts.average,
        facts.data,
        facts.most,
        facts.index,
        0n,
        facts.next,
        fromMs(entry.table.facts.createdMs - (entry.table.facts.createdMs % 1000), 'datetime'),
        entry.table.changedMs ? fromMs(entry.table.changedMs - (entry.table.changedMs % 1000), 'datetime') : null,
        null,
        entry.table.facts.collation,
        null,
        optionsText(entry.table),
        entry.table.facts.comment,
      ];
    }
    const made = madeOf(x.session, schema, entry.name);
    if (!entry.system || entry.system.type === 'VIEW') {
      const broken = entry.view && brokenView(x.session, entry.view, listing);
      if (broken) x.session.addWarning('Warning', broken.code, broken.message);
      return [
        entry.name,
        ...Array<Value>(10).fill(null),
        entry.view ? fromMs(entry.view.createdMs - (entry.view.createdMs % 1000), 'datetime') : made,
        ...Array<Value>(5).fill(null),
        broken?.message ?? 'VIEW',
      ];
    }
    const [format, options, count, average, data, maxData, index, free, next] = entry.system.facts;
    return [
      entry.name,
      entry.system.engine,
      10n,
      format ?? null,
      count ?? null,
      average ?? null,
      data ?? null,
      maxData ?? null,
      index ?? null,
      free ?? null,
      next ?? null,
      made,
      null,
      null,
      entry.system.collation,
      null,
      options ?? '',
      entry.system.comment,
    ];
  });
  const outcome = filtered(x, s, shown(x.session, 'table-status', rows));
  return { ...outcome, columns: whereColumns(outcome.columns, s.filter.where, STATUS_NAMED) };
};

function columnFacts(x: Execution, s: Show): readonly ColumnFacts[] {
  const { session } = x;
  const name = s.table?.name ?? '';
  const source = session.table(s.schema || s.table?.schema || '', name);
  const own = ownTable(session, source.schema, source.name);
  if (own) return overlayColumnFacts(own);
  const system = systemTable(source.schema, source.name);
  if (system) return system.columns.map(systemColumnFacts);
  const view = session.overlay.databases.get(source.schema)?.views.get(source.name);
  return view ? viewColumnFacts(session, view) : [];
}

/** Columns InnoDB keeps with every row, which EXTENDED shows. */
export const HIDDEN_COLUMNS = ['DB_TRX_ID', 'DB_ROLL_PTR'];

/** The table's engine, and its primary key's columns; undefined for what is no table. */
function storedTable(
  x: Execution,
  s: Show,
): { engine: string; keyed: boolean; columns: readonly string[] } | undefined {
  const source = x.session.table(s.schema || s.table?.schema || '', s.table?.name ?? '');
  const own = x.session.overlay.databases.get(source.schema)?.tables.get(source.name);
  if (own)
    return {
      engine: own.facts.engine,
      keyed: own.indexes.some((index) => index.kind === 'primary'),
      columns: own.columns.map((column) => column.name),
    };
  const system = systemTable(source.schema, source.name);
  if (!system) return undefined;
  return {
    engine: system.engine ?? '',
    keyed: system.columns.some((column) => column.key === 'PRI'),
    columns: system.columns.map((column) => column.name),
  };
}

function hiddenColumns(x: Execution, s: Show): string[] {
  const stored = s.extended ? storedTable(x, s) : undefined;
  if (stored?.engine !== 'InnoDB') return [];
  return stored.keyed ? HIDDEN_COLUMNS : ['DB_ROW_ID', ...HIDDEN_COLUMNS];
}

export const showColumns: Handler = (x, s) => {
  const inViews = (s.schema || s.table?.schema || x.session.database).toLowerCase() === 'information_schema';
  const privileges = inViews ? 'select' : 'select,insert,update,references';
  const hidden = hiddenColumns(x, s).map((name): Value[] =>
    s.full ? [name, '', null, 'NO', '', null, '', privileges, ''] : [name, '', 'NO', '', null, ''],
  );
  const told = columnFacts(x, s).map((column): Value[] => {
    const tail: Value[] = [column.nullable ? 'YES' : 'NO', column.key, column.fallback, column.extra];
    return s.full
      ? [column.name, column.columnType, column.collation || null, ...tail, privileges, column.comment]
      : [column.name, column.columnType, ...tail];
  });
  return filtered(x, s, shown(x.session, s.full ? 'full-columns' : 'columns', [...told, ...hidden]));
};
