// A table's definition as SHOW CREATE TABLE writes it, and what of it INFORMATION_SCHEMA tells too.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show-create-table.html; texts as seen from 9.7.4.
import { baseOf, type TableColumn } from '../overlay/column.ts';
import type { ForeignKey } from '../overlay/constraint.ts';
import type { OverlayTable } from '../overlay/table.ts';
import type { Expression } from '../sql/ast/expression.ts';
import type { ColumnSpec, IndexSpec, KeyPart } from '../sql/ast/table.ts';
import { isNow } from '../sql/parse/column-spec.ts';
import { printWith } from '../sql/print.ts';
import { quoteName } from '../sql/quote-name.ts';
import { findCharset, findCollation } from '../sql/value/charset.ts';
import type { Temporal } from '../sql/value/temporal.ts';
import { TYPE } from '../wire/constants.ts';
import { partitionClause } from './partition-text.ts';

const CHARSET = 'utf8mb4';
const DEFAULT_COLLATION = 'utf8mb4_0900_ai_ci';

/** An expression as a definition keeps it. */
export function expressionText(e: Expression): string {
  return printWith(e, {
    column: (path) => quoteName(path.at(-1) as string),
    introducer: CHARSET,
    query: () => 'select #2',
  });
}

/** As `expressionText`, with its quotes escaped as the dictionary's views show them. */
export function escapedText(text: string): string {
  return text.replace(/'/g, "\\'");
}

/** A text as a definition quotes it. */
export function quotedText(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "''").replace(/\n/g, '\\n').replaceAll('\0', '\\0')}'`;
}

function precision(column: { readonly type: ColumnSpec['type'] }): string {
  return column.type.length ? `(${column.type.length})` : '';
}

/** A default as INFORMATION_SCHEMA.COLUMNS tells it; null where there is none. */
export function defaultOf(column: TableColumn): string | null {
  const { fallback, computed } = column.spec;
  if (!fallback || fallback.kind === 'null') return null;
  if (computed) return expressionText(fallback);
  if (isNow(fallback)) return `CURRENT_TIMESTAMP${precision(column.spec)}`;
  const shown = column.shownDefault ?? '';
  if (baseOf(column).kind !== 'bytes') return shown;
  const bytes = Buffer.from(shown.replace(/\0+$/, ''), 'latin1');
  return bytes.length === 0 ? '' : `0x${bytes.toString('hex').toUpperCase()}`;
}

/** What a column is besides its type, as EXTRA tells it. */
export function extraOf(column: TableColumn): string {
  const { spec } = column;
  const generated = spec.generated ? `${spec.generated.stored ? 'STORED' : 'VIRTUAL'} GENERATED` : '';
  return [
    spec.autoIncrement ? 'auto_increment' : '',
    spec.computed || isNow(spec.fallback) ? 'DEFAULT_GENERATED' : '',
    spec.onUpdateNow ? `on update CURRENT_TIMESTAMP${precision(spec)}` : '',
    generated,
    spec.invisible ? 'INVISIBLE' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** The text of a TIMESTAMP in the time zone of who reads a definition. */
type ShownAs = (moment: Temporal) => string;

function defaultClause(column: TableColumn, shownAs: ShownAs): string {
  const { fallback, computed, generated, autoIncrement, bare } = column.spec;
  if (generated || autoIncrement) return '';
  if (fallback && fallback.kind !== 'null') {
    if (computed) return `DEFAULT (${expressionText(fallback)})`;
    if (isNow(fallback)) return `DEFAULT CURRENT_TIMESTAMP${precision(column.spec)}`;
    const shown = column.spec.moment ? shownAs(column.spec.moment) : (column.shownDefault ?? '');
    return `DEFAULT ${baseOf(column).kind === 'bit' ? shown : quotedText(shown)}`;
  }
  const base = baseOf(column);
  const blob = base.type === TYPE.BLOB && column.base !== 'vector';
  return column.nullable && !blob && !bare ? 'DEFAULT NULL' : '';
}

function isDefaultCollation(collation: string): boolean {
  const charset = findCollation(collation)?.charset ?? '';
  return findCharset(charset)?.defaultCollation === collation;
}

/** Character set and collation, where they are not those of the table. */
function charsetClause(column: TableColumn, table: OverlayTable): string {
  if (column.collation === '') return '';
  const { charset } = findCollation(table.facts.collation) ?? { charset: '' };
  const parts: string[] = [];
  if (column.collation !== table.facts.collation && column.charset !== charset)
    parts.push(`CHARACTER SET ${column.charset}`);
  else if (column.collation !== table.facts.collation) parts.push(`CHARACTER SET ${column.charset}`);
  // What the column took from its table of before was never said of it.
  const said = column.collation !== table.facts.collation && !column.spec.inherited;
  if (said || !isDefaultCollation(column.collation) || (parts.length > 0 && column.collation === DEFAULT_COLLATION))
    parts.push(`COLLATE ${column.collation}`);
  return parts.join(' ');
}

function columnLine(table: OverlayTable, column: TableColumn, shownAs: ShownAs): string {
  const { spec } = column;
  const generated = spec.generated
    ? `GENERATED ALWAYS AS (${expressionText(spec.generated.expression)}) ${spec.generated.stored ? 'STORED' : 'VIRTUAL'}`
    : '';
  const parts = [
    quoteName(column.name),
    column.columnType,
    charsetClause(column, table),
    generated,
    column.nullable ? (column.base === 'timestamp' ? 'NULL' : '') : 'NOT NULL',
    spec.srid === undefined ? '' : `/*!80003 SRID ${spec.srid} */`,
    defaultClause(column, shownAs),
    spec.onUpdateNow ? `ON UPDATE CURRENT_TIMESTAMP${precision(spec)}` : '',
    spec.autoIncrement ? 'AUTO_INCREMENT' : '',
    spec.invisible ? '/*!80023 INVISIBLE */' : '',
    spec.storage && spec.storage !== 'DEFAULT' ? `/*!50606 STORAGE ${spec.storage} */` : '',
    spec.format && spec.format !== 'DEFAULT' ? `/*!50606 COLUMN_FORMAT ${spec.format} */` : '',
    spec.comment ? `COMMENT ${quotedText(spec.comment)}` : '',
  ];
  return `  ${parts.filter((part) => part !== '').join(' ')}`;
}

const INDEX_WORDS = {
  primary: 'PRIMARY KEY',
  unique: 'UNIQUE KEY',
  index: 'KEY',
  fulltext: 'FULLTEXT KEY',
  spatial: 'SPATIAL KEY',
} as const;

function partText(part: KeyPart): string {
  const name = part.expression ? `(${expressionText(part.expression)})` : quoteName(part.name);
  return `${name}${part.length === undefined ? '' : `(${part.length})`}${part.descending ? ' DESC' : ''}`;
}

function indexLine(index: IndexSpec): string {
  const name = index.kind === 'primary' ? '' : `${quoteName(index.name)} `;
  const options = [
    index.blockSize ? ` KEY_BLOCK_SIZE=${index.blockSize}` : '',
    index.using ? ` USING ${index.using}` : '',
    index.comment ? ` COMMENT ${quotedText(index.comment)}` : '',
    index.parser ? ` /*!50100 WITH PARSER ${quoteName(index.parser)} */ ` : '',
    index.invisible ? ' /*!80000 INVISIBLE */' : '',
  ];
  return `  ${INDEX_WORDS[index.kind]} ${name}(${index.columns.map(partText).join(',')})${options.join('')}`;
}

/** A foreign key as the server writes it; the parent's schema is told where it is another one. */
export function foreignKeyText(key: ForeignKey, schema: string): string {
  const list = (names: readonly string[]) => names.map(quoteName).join(', ');
  const parent = key.schema === schema ? quoteName(key.table) : `${quoteName(key.schema)}.${quoteName(key.table)}`;
  const action = (word: string, does: string | undefined) =>
    does && does !== 'NO ACTION' ? ` ON ${word} ${does}` : '';
  return `CONSTRAINT ${quoteName(key.name)} FOREIGN KEY (${list(key.columns)}) REFERENCES ${parent} (${list(key.referenced)})${action('DELETE', key.onDelete)}${action('UPDATE', key.onUpdate)}`;
}

const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);

function constraintLines(table: OverlayTable): string[] {
  return [
    ...[...table.foreignKeys].sort(byName).map((key) => `  ${foreignKeyText(key, table.schema)}`),
    ...[...table.checks]
      .sort(byName)
      .map(
        ({ name, text, enforced }) =>
          `  CONSTRAINT ${quoteName(name)} CHECK (${text})${enforced ? '' : ' /*!80016 NOT ENFORCED */'}`,
      ),
  ];
}

/** Options in the order SHOW CREATE TABLE tells them; those not listed are not told. */
const OPTIONS = [
  'MIN_ROWS',
  'MAX_ROWS',
  'AVG_ROW_LENGTH',
  'PACK_KEYS',
  'STATS_PERSISTENT',
  'STATS_AUTO_RECALC',
  'STATS_SAMPLE_PAGES',
  'CHECKSUM',
  'DELAY_KEY_WRITE',
  'ROW_FORMAT',
] as const;
const QUOTED_OPTIONS = ['COMPRESSION', 'ENCRYPTION'] as const;

/** Options as CREATE_OPTIONS tells them, in lower case. */
export function optionsText(table: OverlayTable): string {
  const { others } = table.facts;
  const parts = OPTIONS.flatMap((name) => {
    const value = others.get(name);
    return value === undefined ? [] : [`${name.toLowerCase()}=${value}`];
  });
  const block = others.get('KEY_BLOCK_SIZE');
  if (block !== undefined) parts.push(`KEY_BLOCK_SIZE=${block}`);
  for (const name of QUOTED_OPTIONS) {
    const value = others.get(name);
    if (value !== undefined) parts.push(`${name}="${value}"`);
  }
  if (table.partitioning) parts.push('partitioned');
  return parts.join(' ');
}

function optionClauses(table: OverlayTable): string {
  const { others, collation, comment } = table.facts;
  const charset = findCollation(collation)?.charset ?? '';
  const next = table.columns.some((column) => column.spec.autoIncrement) && table.autoIncrement > 1n;
  const told = OPTIONS.flatMap((name) => {
    const value = others.get(name);
    return value === undefined ? [] : [` ${name}=${value}`];
  });
  const block = others.get('KEY_BLOCK_SIZE');
  const quoted = QUOTED_OPTIONS.flatMap((name) => {
    const value = others.get(name);
    if (value === undefined) return [];
    return [name === 'ENCRYPTION' ? ` /*!80016 ENCRYPTION='${value}' */` : ` ${name}='${value}'`];
  });
  const grows = others.get('AUTOEXTEND_SIZE') ?? '0';
  return [
    grows === '0' ? '' : ` /*!80023 AUTOEXTEND_SIZE=${grows} */`,
    ` ENGINE=${table.facts.engine}`,
    next ? ` AUTO_INCREMENT=${table.autoIncrement}` : '',
    ` DEFAULT CHARSET=${charset}`,
    charset === CHARSET || !isDefaultCollation(collation) ? ` COLLATE=${collation}` : '',
    ...told,
    block === undefined ? '' : ` KEY_BLOCK_SIZE=${block}`,
    ...quoted,
    comment ? ` COMMENT=${quotedText(comment)}` : '',
  ].join('');
}

/** The whole statement that would make the table again. */
export function tableDefinition(table: OverlayTable, shownAs: ShownAs, options = true): string {
  const lines = [
    ...table.named.map((column) => columnLine(table, column, shownAs)),
    ...table.indexes.map(indexLine),
    ...constraintLines(table),
  ];
  const word = table.temporary ? 'CREATE TEMPORARY TABLE' : 'CREATE TABLE';
  return `${word} ${quoteName(table.name)} (\n${lines.join(',\n')}\n)${options ? optionClauses(table) : ''}${partitionClause(table)}`;
}
