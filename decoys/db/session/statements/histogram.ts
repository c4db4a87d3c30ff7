// ANALYZE TABLE … UPDATE and DROP HISTOGRAM: which columns have one; what is in it nobody here reads.
// Source: https://dev.mysql.com/doc/refman/9.7/en/analyze-table.html#analyze-table-histogram-statistics-analysis; texts as answered by a live 9.7.4.
import { baseOf } from '../../overlay/column.ts';
import type { OverlayTable } from '../../overlay/table.ts';
import type { HistogramSpec } from '../../sql/ast/administration.ts';
import type { IndexSpec } from '../../sql/ast/table.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import type { Value } from '../../sql/value/value.ts';

const BUCKETS = 1_024;

/** Type and text of the row that tells of one column. */
function told(table: OverlayTable, spec: HistogramSpec, name: string): readonly [string, string] {
  const column = table.named.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (!column) return ['Error', `The column '${name}' does not exist.`];
  const kind = baseOf(column).kind;
  const key = column.name.toLowerCase();
  const covers = (index: IndexSpec) =>
    (index.kind === 'primary' || index.kind === 'unique') &&
    index.columns.length === 1 &&
    index.columns[0]?.name.toLowerCase() === key;
  if (spec.action === 'drop') {
    if (!table.histograms.delete(key)) return ['Error', `No histogram statistics found for column '${column.name}'.`];
    return ['status', `Histogram statistics removed for column '${column.name}'.`];
  }
  if (kind === 'json' || kind === 'geometry')
    return ['Error', `The column '${column.name}' has an unsupported data type.`];
  if (table.indexes.some(covers))
    return ['Error', `The column '${column.name}' is covered by a single-part unique index.`];
  table.histograms.add(key);
  return ['status', `Histogram statistics created for column '${column.name}'.`];
}

/** Throws 1060 for a column named twice, 1690 for more buckets than there may be. */
export function histogramRows(
  x: Execution,
  spec: HistogramSpec,
  table: OverlayTable | undefined,
  shown: string,
): Value[][] {
  const { columns, buckets } = spec;
  const lower = columns.map((name) => name.toLowerCase());
  const twice = columns.find((_, at) => lower.indexOf(lower[at] as string) !== at);
  if (twice !== undefined) throw sqlError('ER_DUP_FIELDNAME', twice);
  if (buckets < 1 || buckets > BUCKETS) throw sqlError('ER_DATA_OUT_OF_RANGE', 'Number of buckets', 'ANALYZE TABLE');
  if (!table) return [[shown, 'histogram', 'Error', `Table '${shown}' doesn't exist`]];
  x.spend(columns.length);
  return columns.map((name) => [shown, 'histogram', ...told(table, spec, name)]);
}
