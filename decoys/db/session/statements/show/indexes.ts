// SHOW INDEX, with what InnoDB adds to the parts of an index where EXTENDED asks for it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show-index.html; hidden parts as seen from 9.7.4.
import type { OverlayTable } from '../../../overlay/table.ts';
import { systemRows } from '../../../persona/system-tables.ts';
import type { IndexSpec } from '../../../sql/ast/table.ts';
import type { Value } from '../../../sql/value/value.ts';
import { ownTable } from '../../schemas.ts';
import { partFacts } from '../../system-rows/indexes.ts';
import { shown } from '../result.ts';
import { filtered, type Handler } from './filter.ts';
import { HIDDEN_COLUMNS } from './tables.ts';

/** A part of an index nobody asked for, as SHOW EXTENDED INDEX tells it. */
function hiddenPart(table: OverlayTable, index: IndexSpec, at: number, name: string): Value[] {
  const unique = index.kind === 'primary' || index.kind === 'unique' ? 0n : 1n;
  const nullable = table.columns[table.columnAt(name)]?.nullable ? 'YES' : '';
  const tail = [null, null, null, nullable, 'BTREE', '', '', 'YES', null];
  return [table.name, unique, index.name, BigInt(at), name, 'A', ...tail];
}

/** The index InnoDB keeps rows by: the primary key, or the first unique one without NULL; none where it numbers rows itself. */
function clustering(table: OverlayTable): IndexSpec | undefined {
  const whole = (index: IndexSpec) =>
    index.kind === 'unique' && index.columns.every((part) => !table.columns[table.columnAt(part.name)]?.nullable);
  return table.indexes.find((index) => index.kind === 'primary') ?? table.indexes.find(whole);
}

/** What InnoDB adds to an index: to the one it keeps rows by all other columns, to the others that one's. */
function hiddenParts(table: OverlayTable, index: IndexSpec): Value[][] {
  if (table.facts.engine !== 'InnoDB' || index.kind === 'fulltext') return [];
  const own = new Set(index.columns.map((part) => part.name));
  const clustered = clustering(table);
  const added =
    clustered === index
      ? [...HIDDEN_COLUMNS, ...table.columns.map((column) => column.name)]
      : (clustered?.columns.map((part) => part.name) ?? ['DB_ROW_ID']);
  return added
    .filter((name) => !own.has(name))
    .map((name, at) => hiddenPart(table, index, index.columns.length + at + 1, name));
}

/** The index of a table without a key to keep its rows by. */
function rowIdParts(table: OverlayTable): Value[][] {
  if (table.facts.engine !== 'InnoDB' || clustering(table)) return [];
  const names = ['DB_ROW_ID', ...HIDDEN_COLUMNS, ...table.columns.map((column) => column.name)];
  return names.map((name, at) => hiddenPart(table, ROW_IDS, at + 1, name));
}

const ROW_IDS: IndexSpec = { kind: 'primary', name: 'PRIMARY', columns: [] };

export const showIndex: Handler = (x, s) => {
  const source = x.session.table(s.schema || s.table?.schema || '', s.table?.name ?? '');
  const own = ownTable(x.session, source.schema, source.name);
  if (own) {
    const rows = own.indexes.flatMap((index) => [
      ...index.columns.map((_, at): Value[] => {
        const facts = partFacts(own, index, at);
        return [
          own.name,
          index.kind === 'primary' || index.kind === 'unique' ? 0n : 1n,
          index.name,
          BigInt(at + 1),
          facts.name,
          facts.order,
          facts.cardinality,
          facts.length,
          null,
          facts.nullable,
          facts.type,
          '',
          index.comment ?? '',
          index.invisible ? 'NO' : 'YES',
          facts.expression,
        ];
      }),
      ...(s.extended ? hiddenParts(own, index) : []),
    ]);
    const rowIds = s.extended ? rowIdParts(own) : [];
    return filtered(x, s, shown(x.session, 'index', [...rowIds, ...rows]));
  }
  const rows = systemRows('information_schema.STATISTICS')
    .filter((row) => row[1] === source.schema && row[2] === source.name)
    .map((row): Value[] => [row[2], row[3], ...row.slice(5, 18)].map((cell) => cell ?? null));
  return filtered(x, s, shown(x.session, 'index', rows));
};
