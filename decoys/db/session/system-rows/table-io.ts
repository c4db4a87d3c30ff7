// Rows of performance_schema's summaries of what was read and written of tables: those recorded, then the source's own that are open.
// What was inserted is told by the rows that are there; reads are not counted.
// Source: https://dev.mysql.com/doc/refman/9.7/en/performance-schema-table-wait-summary-tables.html
import type { OverlayTable } from '../../overlay/table.ts';
import type { Session } from '../session.ts';
import type { Provider, Record_ } from './record.ts';
import { recordedRecords } from './recorded.ts';
import { filled } from './threads.ts';

/** Time the server takes to write a row, in picoseconds. */
const WRITE_PICOSECONDS = 21_400_000;

function openTables(session: Session): OverlayTable[] {
  const { openTables: opened, databases } = session.overlay;
  const firstOpened = opened.list().toReversed();
  return firstOpened.flatMap(([schema, name]) => databases.get(schema)?.tables.get(name) ?? []);
}

function inserted(rows: number): Record_ {
  if (rows === 0) return {};
  const [count, usual] = [BigInt(rows), BigInt(WRITE_PICOSECONDS)];
  const of = (what: string): Record_ => ({
    [`COUNT_${what}`]: count,
    [`SUM_TIMER_${what}`]: count * usual,
    [`MIN_TIMER_${what}`]: usual,
    [`AVG_TIMER_${what}`]: usual,
    [`MAX_TIMER_${what}`]: usual,
  });
  const waited = { SUM_TIMER_WAIT: count * usual, MIN_TIMER_WAIT: usual, AVG_TIMER_WAIT: usual, MAX_TIMER_WAIT: usual };
  return { COUNT_STAR: count, ...waited, ...of('WRITE'), ...of('INSERT') };
}

/** The recorded rows of a summary, then those `own` makes of the source's tables. */
function summary(name: string, own: (table: OverlayTable) => readonly Record_[]): readonly [string, Provider] {
  const key = `performance_schema.${name}`;
  const more = (session: Session) =>
    openTables(session).flatMap((table) =>
      own(table).map((row) =>
        filled(key, { OBJECT_TYPE: 'TABLE', OBJECT_SCHEMA: table.schema, OBJECT_NAME: table.name, ...row }),
      ),
    );
  return [key, (session) => [...recordedRecords(key), ...more(session)]];
}

export const TABLE_IO: Readonly<Record<string, Provider>> = Object.fromEntries([
  summary('table_io_waits_summary_by_table', (table) => [inserted(table.rows.length)]),
  summary('table_io_waits_summary_by_index_usage', (table) => [
    ...table.indexes.map(({ name }) => ({ INDEX_NAME: name })),
    { INDEX_NAME: null, ...inserted(table.rows.length) },
  ]),
  summary('objects_summary_global_by_type', (table) => {
    const { COUNT_STAR, SUM_TIMER_WAIT, MIN_TIMER_WAIT, AVG_TIMER_WAIT, MAX_TIMER_WAIT } = inserted(table.rows.length);
    const waited = { COUNT_STAR, SUM_TIMER_WAIT, MIN_TIMER_WAIT, AVG_TIMER_WAIT, MAX_TIMER_WAIT };
    return [COUNT_STAR === undefined ? {} : waited];
  }),
]);
