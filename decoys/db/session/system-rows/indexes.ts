// Rows of the dictionary's views of indexes and constraints: those recorded and those of tables a source made.
// Source: https://dev.mysql.com/doc/refman/9.7/en/information-schema-statistics-table.html

import { systemRows } from '../../persona/catalogue.ts';
import type { Session } from '../session.ts';
import type { Provider, Record_ } from './record.ts';

export function indexRows(session: Session): Record_[] {
  const out: Record_[] = [];
  for (const database of session.overlay.databases.values()) {
    for (const table of database.tables.values()) {
      for (const index of table.indexes) {
        for (const [at, part] of index.columns.entries()) {
          const column = table.columns[table.columnAt(part.name)];
          out.push({
            TABLE_CATALOG: 'def',
            TABLE_SCHEMA: database.name,
            TABLE_NAME: table.name,
            NON_UNIQUE: index.kind === 'primary' || index.kind === 'unique' ? 0n : 1n,
            INDEX_SCHEMA: database.name,
            INDEX_NAME: index.name,
            SEQ_IN_INDEX: BigInt(at + 1),
            COLUMN_NAME: part.name,
            COLLATION: index.kind === 'fulltext' ? null : 'A',
            CARDINALITY: BigInt(table.rows.length),
            SUB_PART: part.length === undefined ? null : BigInt(part.length),
            PACKED: null,
            NULLABLE: column?.nullable ? 'YES' : '',
            INDEX_TYPE: index.kind === 'fulltext' ? 'FULLTEXT' : 'BTREE',
            COMMENT: '',
            INDEX_COMMENT: '',
            IS_VISIBLE: 'YES',
            EXPRESSION: null,
          });
        }
      }
    }
  }
  return out;
}

export function constraints(session: Session): Record_[] {
  const seen = new Map<string, Record_>();
  for (const row of indexRows(session)) {
    if (row.NON_UNIQUE !== 0n) continue;
    const { TABLE_SCHEMA, TABLE_NAME, INDEX_NAME } = row as Record<string, string>;
    seen.set(`${TABLE_SCHEMA}.${TABLE_NAME}.${INDEX_NAME}`, {
      CONSTRAINT_CATALOG: 'def',
      CONSTRAINT_SCHEMA: TABLE_SCHEMA as string,
      CONSTRAINT_NAME: INDEX_NAME as string,
      TABLE_SCHEMA: TABLE_SCHEMA as string,
      TABLE_NAME: TABLE_NAME as string,
      CONSTRAINT_TYPE: INDEX_NAME === 'PRIMARY' ? 'PRIMARY KEY' : 'UNIQUE',
      ENFORCED: 'YES',
    });
  }
  return [...seen.values()];
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
export const constraintRows: Provider = withRecorded(
  'information_schema.TABLE_CONSTRAINTS',
  CONSTRAINT_NAMES,
  constraints,
);
