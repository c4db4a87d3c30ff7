// SHOW CREATE DATABASE, TABLE and VIEW: statements written from what is there.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show.html

import type { OverlayTable } from '../../../overlay/table.ts';
import { systemRows } from '../../../persona/catalogue.ts';
import { definitionOf } from '../../../persona/contents.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Column } from '../../../wire/column.ts';
import type { RowsOutcome } from '../../outcome.ts';
import { canonicalSchema, schemaExists } from '../../schemas.ts';
import type { Session } from '../../session.ts';
import { defaultText } from '../../system-rows/column-facts.ts';
import { shown } from '../result.ts';
import type { Handler } from './filter.ts';
import { tick } from './filter.ts';

export const showCreateDatabase: Handler = (x, s) => {
  const name = canonicalSchema(s.name);
  if (!schemaExists(x.session, name)) throw sqlError('ER_BAD_DB_ERROR', s.name);
  const collation =
    x.session.overlay.databases.get(name)?.collation ??
    (name === 'information_schema' ? 'utf8mb3_general_ci' : 'utf8mb4_0900_ai_ci');
  const charset = collation.split('_')[0] as string;
  const told = charset === 'utf8mb4' || !isDefaultCollation(collation) ? ` COLLATE ${collation}` : '';
  const text = `CREATE DATABASE ${s.ifNotExists ? '/*!32312 IF NOT EXISTS*/ ' : ''}${tick(name)} /*!40100 DEFAULT CHARACTER SET ${charset}${told} */ /*!80016 DEFAULT ENCRYPTION='N' */`;
  return shown(x.session, 'create-database', [[name, text]]);
};

function isDefaultCollation(collation: string): boolean {
  return systemRows('information_schema.CHARACTER_SETS').some((row) => row[1] === collation);
}

function columnDefinition(table: OverlayTable, at: number): string {
  const column = table.columns[at] as OverlayTable['columns'][number];
  const parts = [`  ${tick(column.name)} ${column.columnType}`];
  if (column.collation && column.collation !== table.facts.collation)
    parts.push(`CHARACTER SET ${column.charset} COLLATE ${column.collation}`);
  const blob = /text$|blob$|^json$|geometry|point|polygon|linestring/.test(column.base);
  const timestamp = column.base === 'timestamp';
  if (!column.nullable) parts.push('NOT NULL');
  else if (timestamp) parts.push('NULL');
  const fallback = defaultText(column.spec.fallback);
  const literal = column.spec.fallback && ['string', 'number', 'boolean', 'unary'].includes(column.spec.fallback.kind);
  if (fallback !== null && literal) parts.push(`DEFAULT '${fallback.replace(/'/g, "''")}'`);
  else if (fallback !== null && fallback !== '')
    parts.push(`DEFAULT ${fallback === 'CURRENT_TIMESTAMP' ? fallback : `(${fallback})`}`);
  else if (column.nullable && (!blob || column.base === 'json') && !column.spec.autoIncrement)
    parts.push('DEFAULT NULL');
  if (column.spec.onUpdateNow) parts.push('ON UPDATE CURRENT_TIMESTAMP');
  if (column.spec.autoIncrement) parts.push('AUTO_INCREMENT');
  if (column.spec.comment) parts.push(`COMMENT '${column.spec.comment.replace(/'/g, "''")}'`);
  return parts.join(' ');
}

const INDEX_WORDS = {
  primary: 'PRIMARY KEY',
  unique: 'UNIQUE KEY',
  index: 'KEY',
  fulltext: 'FULLTEXT KEY',
  spatial: 'SPATIAL KEY',
} as const;

function tableDefinition(table: OverlayTable): string {
  const lines = table.columns.map((_, at) => columnDefinition(table, at));
  for (const index of table.indexes) {
    const columns = index.columns
      .map((part) => tick(part.name) + (part.length === undefined ? '' : `(${part.length})`))
      .join(',');
    lines.push(`  ${INDEX_WORDS[index.kind]} ${index.kind === 'primary' ? '' : `${tick(index.name)} `}(${columns})`);
  }
  const next =
    table.autoIncrement > 1n && table.columns.some((column) => column.spec.autoIncrement)
      ? ` AUTO_INCREMENT=${table.autoIncrement}`
      : '';
  const charset = table.facts.collation.split('_')[0] as string;
  const collate =
    charset === 'utf8mb4' || !isDefaultCollation(table.facts.collation) ? ` COLLATE=${table.facts.collation}` : '';
  const comment = table.facts.comment ? ` COMMENT='${table.facts.comment.replace(/'/g, "''")}'` : '';
  return `CREATE TABLE ${tick(table.name)} (\n${lines.join(',\n')}\n) ENGINE=${table.facts.engine}${next} DEFAULT CHARSET=${charset}${collate}${comment}`;
}

const DEFINITION_CHARACTERS = 1024;

/** The column of a definition is told as long as a long definition is. */
function asLongAs(columns: readonly Column[], text: string): Column[] {
  return columns.map((column, at) =>
    at === 1 ? { ...column, length: Math.max(DEFINITION_CHARACTERS, text.length) } : column,
  );
}

function definition(session: Session, name: string, text: string): RowsOutcome {
  const outcome = shown(session, 'create-table', [[name, text]]);
  return { ...outcome, columns: asLongAs(outcome.columns, text) };
}

export const showCreateTable: Handler = (x, s) => {
  const { session } = x;
  const source = session.table(s.table?.schema ?? '', s.table?.name ?? '');
  const own = session.overlay.databases.get(source.schema);
  const view = own?.views.get(source.name);
  if (view) {
    const text = `CREATE ALGORITHM=UNDEFINED DEFINER=\`root\`@\`%\` SQL SECURITY DEFINER VIEW ${tick(view.name)} AS ${view.text}`;
    return shown(session, 'create-view', [[view.name, text, 'utf8mb4', 'utf8mb4_0900_ai_ci']]);
  }
  const table = own?.tables.get(source.name);
  const recorded = table ? undefined : definitionOf(source.schema, source.name);
  if (typeof recorded === 'object') {
    const outcome = shown(session, 'create-view', [[source.name, ...recorded]]);
    return { ...outcome, columns: asLongAs(outcome.columns, recorded[0]) };
  }
  if (s.what === 'create-view') throw sqlError('ER_WRONG_OBJECT', source.schema, source.name, 'VIEW');
  return definition(session, source.name, table ? tableDefinition(table) : (recorded ?? ''));
};
