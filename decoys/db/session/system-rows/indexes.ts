// Rows of the dictionary's views of indexes and constraints: those recorded and those of tables a source made.
// Source: https://dev.mysql.com/doc/refman/9.7/en/information-schema-statistics-table.html

import type { OverlayTable } from '../../overlay/table.ts';
import { systemRows } from '../../persona/system-tables.ts';
import type { IndexSpec, KeyPart } from '../../sql/ast/table.ts';
import { toText } from '../../sql/value/value.ts';
import { escapedText, expressionText } from '../definition-text.ts';
import type { Session } from '../session.ts';
import type { Provider, Record_ } from './record.ts';

/** One part of an index, as SHOW INDEX and INFORMATION_SCHEMA.STATISTICS tell it. */
export function partFacts(
  table: OverlayTable,
  index: IndexSpec,
  at: number,
): {
  readonly name: string | null;
  readonly order: string | null;
  readonly cardinality: bigint;
  readonly length: bigint | null;
  readonly nullable: string;
  readonly type: string;
  readonly expression: string | null;
} {
  const part = index.columns[at] as KeyPart;
  const column = table.columns[table.columnAt(part.name)];
  const fulltext = index.kind === 'fulltext';
  const plain = part.length === undefined && !fulltext && index.kind !== 'spatial';
  const whole = index.kind === 'spatial' ? SPATIAL_PART : null;
  return {
    name: part.expression ? null : part.name,
    order: fulltext ? null : part.descending ? 'D' : 'A',
    cardinality: BigInt(plain ? distinct(table, index, at) : table.rows.length),
    length: part.length === undefined || fulltext ? whole : BigInt(part.length),
    nullable: column?.nullable ? 'YES' : '',
    type: fulltext
      ? 'FULLTEXT'
      : index.kind === 'spatial'
        ? 'SPATIAL'
        : table.facts.engine === 'MEMORY'
          ? (index.using ?? 'HASH')
          : 'BTREE',
    expression: part.expression ? escapedText(expressionText(part.expression)) : null,
  };
}

/** Bytes of a spatial index's part. */
const SPATIAL_PART = 32n;

/** How many different beginnings an index has, up to its part `at`. */
function distinct(table: OverlayTable, index: IndexSpec, at: number): number {
  const places = index.columns.slice(0, at + 1).map((part) => table.columnAt(part.name));
  return new Set(table.rows.map((row) => places.map((place) => toText(row[place] ?? null)).join('\0'))).size;
}

/** Rows of information_schema.STATISTICS for the tables a source made. */
export function indexRows(session: Session): Record_[] {
  const out: Record_[] = [];
  for (const database of session.overlay.databases.values()) {
    for (const table of database.tables.values()) {
      for (const index of table.indexes) {
        for (const at of index.columns.keys()) {
          const facts = partFacts(table, index, at);
          out.push({
            TABLE_CATALOG: 'def',
            TABLE_SCHEMA: database.name,
            TABLE_NAME: table.name,
            NON_UNIQUE: index.kind === 'primary' || index.kind === 'unique' ? 0n : 1n,
            INDEX_SCHEMA: database.name,
            INDEX_NAME: index.name,
            SEQ_IN_INDEX: BigInt(at + 1),
            COLUMN_NAME: facts.name,
            COLLATION: facts.order,
            CARDINALITY: facts.cardinality,
            SUB_PART: facts.length,
            PACKED: null,
            NULLABLE: facts.nullable,
            INDEX_TYPE: facts.type,
            COMMENT: '',
            INDEX_COMMENT: index.comment ?? '',
            IS_VISIBLE: index.invisible ? 'NO' : 'YES',
            EXPRESSION: facts.expression,
          });
        }
      }
    }
  }
  return out;
}

/** Recorded rows as records, before those a source adds. */
export function withRecorded(key: string, names: readonly string[], more: Provider): Provider {
  return (session) => [
    ...systemRows(key).map((row) => Object.fromEntries(names.map((name, at) => [name, row[at] ?? null]))),
    ...more(session),
  ];
}

export const STATISTICS_NAMES =
  'TABLE_CATALOG TABLE_SCHEMA TABLE_NAME NON_UNIQUE INDEX_SCHEMA INDEX_NAME SEQ_IN_INDEX COLUMN_NAME COLLATION CARDINALITY SUB_PART PACKED NULLABLE INDEX_TYPE COMMENT INDEX_COMMENT IS_VISIBLE EXPRESSION'.split(
    ' ',
  );
export const CONSTRAINT_NAMES =
  'CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME TABLE_SCHEMA TABLE_NAME CONSTRAINT_TYPE ENFORCED'.split(' ');

/** Rows of TABLE_CONSTRAINTS: those recorded and those of tables the source made. */
