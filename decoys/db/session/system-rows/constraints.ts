// Rows of the dictionary's views of constraints, partitions and views, of what a source made.
// Source: https://dev.mysql.com/doc/refman/9.7/en/information-schema-table-constraints-table.html and its neighbours
import type { ForeignKey } from '../../overlay/constraint.ts';
import type { OverlayTable } from '../../overlay/table.ts';
import type { Partitioning } from '../../sql/ast/table.ts';
import { Execution } from '../../sql/execution.ts';
import { fromMs } from '../../sql/value/temporal.ts';
import { escapedText } from '../definition-text.ts';
import { boundsText, ruleText } from '../partition-text.ts';
import type { Session } from '../session.ts';
import { mergeView } from '../statements/change/view-merge.ts';
import { partitionFinder, partitionNames } from '../statements/define/partitions.ts';
import { CONSTRAINT_NAMES, withRecorded } from './indexes.ts';
import type { Provider, Record_ } from './record.ts';

function ownTables(session: Session): OverlayTable[] {
  return [...session.overlay.databases.values()].flatMap((database) => [...database.tables.values()]);
}

/** Rows of information_schema.TABLE_CONSTRAINTS. */
export function tableConstraints(session: Session): Record_[] {
  return ownTables(session).flatMap((table): Record_[] => {
    const base = {
      CONSTRAINT_CATALOG: 'def',
      CONSTRAINT_SCHEMA: table.schema,
      TABLE_SCHEMA: table.schema,
      TABLE_NAME: table.name,
    };
    const row = (name: string, type: string, enforced = true): Record_ => ({
      ...base,
      CONSTRAINT_NAME: name,
      CONSTRAINT_TYPE: type,
      ENFORCED: enforced ? 'YES' : 'NO',
    });
    return [
      ...table.uniqueIndexes.map((index) => row(index.name, index.kind === 'primary' ? 'PRIMARY KEY' : 'UNIQUE')),
      ...table.foreignKeys.map((key) => row(key.name, 'FOREIGN KEY')),
      ...table.checks.map((check) => row(check.name, 'CHECK', check.enforced)),
    ];
  });
}

/** Rows of information_schema.CHECK_CONSTRAINTS. */
export function checkConstraints(session: Session): Record_[] {
  return ownTables(session).flatMap((table) =>
    table.checks.map((check) => ({
      CONSTRAINT_CATALOG: 'def',
      CONSTRAINT_SCHEMA: table.schema,
      CONSTRAINT_NAME: check.name,
      CHECK_CLAUSE: escapedText(check.text),
    })),
  );
}

/** The unique key of the parent a foreign key refers to. */
function parentKey(session: Session, key: ForeignKey): string | null {
  const parent = session.overlay.databases.get(key.schema)?.tables.get(key.table);
  const found = parent?.uniqueIndexes.find((index) => {
    const columns = index.columns.map((part) => part.name.toLowerCase());
    return key.referenced.every((name, at) => columns[at] === name.toLowerCase());
  });
  return found?.name ?? null;
}

/** Rows of information_schema.REFERENTIAL_CONSTRAINTS. */
export function referentialConstraints(session: Session): Record_[] {
  return ownTables(session).flatMap((table) =>
    table.foreignKeys.map((key) => ({
      CONSTRAINT_CATALOG: 'def',
      CONSTRAINT_SCHEMA: table.schema,
      CONSTRAINT_NAME: key.name,
      UNIQUE_CONSTRAINT_CATALOG: 'def',
      UNIQUE_CONSTRAINT_SCHEMA: key.schema,
      UNIQUE_CONSTRAINT_NAME: parentKey(session, key),
      MATCH_OPTION: 'NONE',
      UPDATE_RULE: key.onUpdate ?? 'NO ACTION',
      DELETE_RULE: key.onDelete ?? 'NO ACTION',
      TABLE_NAME: table.name,
      REFERENCED_TABLE_NAME: key.table,
    })),
  );
}

/** Rows of information_schema.KEY_COLUMN_USAGE. */
export function keyColumnUsage(session: Session): Record_[] {
  return ownTables(session).flatMap((table): Record_[] => {
    const base = {
      CONSTRAINT_CATALOG: 'def',
      CONSTRAINT_SCHEMA: table.schema,
      TABLE_CATALOG: 'def',
      TABLE_SCHEMA: table.schema,
      TABLE_NAME: table.name,
    };
    const unique = table.uniqueIndexes.flatMap((index) =>
      index.columns.flatMap((part, at): Record_[] =>
        part.expression
          ? []
          : [{ ...base, CONSTRAINT_NAME: index.name, COLUMN_NAME: part.name, ORDINAL_POSITION: BigInt(at + 1) }],
      ),
    );
    const foreign = table.foreignKeys.flatMap((key) =>
      key.columns.map(
        (column, at): Record_ => ({
          ...base,
          CONSTRAINT_NAME: key.name,
          COLUMN_NAME: column,
          ORDINAL_POSITION: BigInt(at + 1),
          POSITION_IN_UNIQUE_CONSTRAINT: BigInt(at + 1),
          REFERENCED_TABLE_SCHEMA: key.schema,
          REFERENCED_TABLE_NAME: key.table,
          REFERENCED_COLUMN_NAME: key.referenced[at] ?? null,
        }),
      ),
    );
    return [...unique, ...foreign];
  });
}

/** How many rows each partition holds. */
function partitionCounts(session: Session, table: OverlayTable): number[] {
  const p = table.partitioning;
  if (!p) return [table.rows.length];
  const counts = partitionNames(p).map(() => 0);
  const find = partitionFinder(new Execution(session, Date.now(), Math.random, session.budget), table);
  for (const row of table.rows) {
    const at = find?.(row) ?? 0;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

function methodText(rule: { readonly method: string; readonly linear: boolean; readonly columns: unknown }): string {
  const columns = rule.columns && rule.method !== 'KEY' ? ' COLUMNS' : '';
  return `${rule.linear ? 'LINEAR ' : ''}${rule.method}${columns}`;
}

interface PartitionPlace {
  readonly name: string | null;
  readonly sub: string | null;
  readonly at: number;
  readonly subAt: number | null;
}

/** Partitions with their subpartitions, in order. */
function partsOf(p: Partitioning): PartitionPlace[] {
  return partitionNames(p).flatMap((name, at): PartitionPlace[] => {
    const given = p.partitions[at]?.subpartitions ?? [];
    const count = p.sub?.count ?? given.length;
    if (!p.sub || count === 0) return [{ name, sub: null, at, subAt: null }];
    return Array.from({ length: count }, (_, subAt) => ({ name, sub: given[subAt] ?? `${name}sp${subAt}`, at, subAt }));
  });
}

/** Rows of information_schema.PARTITIONS. */
export function partitions(session: Session): Record_[] {
  return ownTables(session).flatMap((table) => {
    const p = table.partitioning;
    const counts = partitionCounts(session, table);
    const parts = p ? partsOf(p) : [{ name: null, sub: null, at: 0, subAt: null }];
    return parts.map(({ name, sub, at, subAt }): Record_ => {
      const part = p?.partitions[at];
      return {
        TABLE_CATALOG: 'def',
        TABLE_SCHEMA: table.schema,
        TABLE_NAME: table.name,
        PARTITION_NAME: name,
        SUBPARTITION_NAME: sub,
        PARTITION_ORDINAL_POSITION: p ? BigInt(at + 1) : null,
        SUBPARTITION_ORDINAL_POSITION: subAt === null ? null : BigInt(subAt + 1),
        PARTITION_METHOD: p ? methodText(p) : null,
        SUBPARTITION_METHOD: p?.sub ? methodText(p.sub) : null,
        PARTITION_EXPRESSION: p ? ruleText(p) || null : null,
        SUBPARTITION_EXPRESSION: p?.sub ? ruleText(p.sub) : null,
        PARTITION_DESCRIPTION: part ? boundsText(part) : null,
        TABLE_ROWS: BigInt(counts[at] ?? 0),
        AVG_ROW_LENGTH: counts[at] ? 16_384n / BigInt(counts[at]) : 0n,
        DATA_LENGTH: 16_384n,
        MAX_DATA_LENGTH: 0n,
        INDEX_LENGTH: 0n,
        DATA_FREE: 0n,
        CREATE_TIME: fromMs(table.facts.createdMs, 'datetime'),
        UPDATE_TIME: table.changedMs === 0 ? null : fromMs(table.changedMs, 'datetime'),
        CHECK_TIME: null,
        CHECKSUM: null,
        PARTITION_COMMENT: part?.comment ?? '',
        NODEGROUP: p ? 'default' : '',
        TABLESPACE_NAME: null,
      };
    });
  });
}

/** Rows of information_schema.VIEWS. */
export function views(session: Session): Record_[] {
  const x = new Execution(session, Date.now(), Math.random, session.budget);
  return [...session.overlay.databases.values()].flatMap((database) =>
    [...database.views.values()].map((view) => ({
      TABLE_CATALOG: 'def',
      TABLE_SCHEMA: database.name,
      TABLE_NAME: view.name,
      VIEW_DEFINITION: view.text,
      CHECK_OPTION: view.checkOption,
      IS_UPDATABLE: mergeView(x, view) ? 'YES' : 'NO',
      DEFINER: view.definer.join('@'),
      SECURITY_TYPE: view.security,
      CHARACTER_SET_CLIENT: view.charset,
      COLLATION_CONNECTION: view.collation,
    })),
  );
}

export const constraintRows: Provider = withRecorded(
  'information_schema.TABLE_CONSTRAINTS',
  CONSTRAINT_NAMES,
  tableConstraints,
);
