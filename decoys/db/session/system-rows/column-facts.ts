// What INFORMATION_SCHEMA.COLUMNS and SHOW COLUMNS tell of a column, of the server's own tables and of those a source made.
// Source: https://dev.mysql.com/doc/refman/9.7/en/information-schema-columns-table.html
import type { OverlayTable } from '../../overlay/table.ts';
import type { SystemColumn } from '../../persona/system-tables.ts';
import { FLAG } from '../../wire/constants.ts';
import { defaultOf, escapedText, expressionText, extraOf } from '../definition-text.ts';

/** What INFORMATION_SCHEMA.COLUMNS and SHOW COLUMNS tell of a column. */
export interface ColumnFacts {
  readonly name: string;
  readonly columnType: string;
  readonly nullable: boolean;
  readonly fallback: string | null;
  readonly charset: string;
  readonly collation: string;
  readonly key: string;
  readonly extra: string;
  readonly comment: string;
  /** What a generated column is worked out from. */
  readonly generation: string;
  readonly srid: bigint | null;
}

/** Facts of a client's table, column by column. */
export function overlayColumnFacts(table: OverlayTable): ColumnFacts[] {
  return table.named.map((column) => {
    const flags = column.type.flags ?? 0;
    const { generated, srid } = column.spec;
    const fallback = defaultOf(column);
    return {
      name: column.name,
      columnType: column.columnType,
      nullable: column.nullable,
      fallback: column.spec.computed && fallback !== null ? escapedText(fallback) : fallback,
      charset: column.charset,
      collation: column.collation,
      key: flags & FLAG.PRI_KEY ? 'PRI' : flags & FLAG.UNIQUE_KEY ? 'UNI' : flags & FLAG.MULTIPLE_KEY ? 'MUL' : '',
      extra: extraOf(column),
      comment: column.spec.comment,
      generation: generated ? escapedText(expressionText(generated.expression)) : '',
      srid: srid === undefined ? null : BigInt(srid),
    };
  });
}

/** Facts of a column of the server's own. */
export function systemColumnFacts(column: SystemColumn): ColumnFacts {
  return {
    name: column.name,
    columnType: column.columnType,
    nullable: column.nullable,
    fallback: column.fallback,
    charset: column.charset,
    collation: column.collation,
    key: column.key,
    extra: column.extra,
    comment: column.comment,
    generation: '',
    srid: null,
  };
}

interface TypeFacts {
  readonly dataType: string;
  readonly characters: bigint | null;
  readonly precision: bigint | null;
  readonly scale: bigint | null;
  readonly fraction: bigint | null;
}

const LENGTHS: ReadonlyMap<string, bigint> = new Map([
  ['tinytext', 255n],
  ['text', 65_535n],
  ['mediumtext', 16_777_215n],
  ['longtext', 4_294_967_295n],
  ['tinyblob', 255n],
  ['blob', 65_535n],
  ['mediumblob', 16_777_215n],
  ['longblob', 4_294_967_295n],
]);

const PRECISIONS: ReadonlyMap<string, bigint> = new Map([
  ['tinyint', 3n],
  ['smallint', 5n],
  ['mediumint', 7n],
  ['int', 10n],
  ['bigint', 19n],
  ['float', 12n],
  ['double', 22n],
]);

/** Facts of the types met, few of them the server's; past the cap those are forgotten all at once. */
const knownTypes = new Map<string, TypeFacts>();

const KNOWN_TYPES = 512;

const KNOWN_TYPE_CHARACTERS = 256;

/** Lengths, precision and character set of a type as COLUMN_TYPE writes it. */
export function typeFacts(columnType: string): TypeFacts {
  const known = knownTypes.get(columnType);
  if (known) return known;
  const made = readType(columnType);
  if (columnType.length > KNOWN_TYPE_CHARACTERS) return made;
  if (knownTypes.size >= KNOWN_TYPES) knownTypes.clear();
  knownTypes.set(columnType, made);
  return made;
}

function readType(columnType: string): TypeFacts {
  const dataType = columnType.split(/[( ]/)[0] as string;
  const args = /\((\d+)(?:,(\d+))?\)/.exec(columnType);
  let characters: bigint | null = LENGTHS.get(dataType) ?? null;
  if (/char|binary/.test(dataType)) characters = BigInt(args?.[1] ?? 1);
  if (dataType === 'enum' || dataType === 'set') {
    const members = [...columnType.matchAll(/'((?:[^']|'')*)'/g)].map(
      (match) => (match[1] as string).replace(/''/g, "'").length,
    );
    characters = BigInt(
      dataType === 'enum' ? Math.max(0, ...members) : members.reduce((sum, length) => sum + length + 1, -1),
    );
  }
  const decimal = dataType === 'decimal';
  const integer = /^(tiny|small|medium|big)?int$/.test(dataType);
  const temporal = dataType === 'time' || dataType === 'datetime' || dataType === 'timestamp';
  let precision: bigint | null = PRECISIONS.get(dataType) ?? null;
  if (dataType === 'bigint' && columnType.includes('unsigned')) precision = 20n;
  if (dataType === 'bit') precision = BigInt(args?.[1] ?? 1);
  if (decimal) precision = BigInt(args?.[1] ?? 10);
  return {
    dataType,
    characters,
    precision,
    scale: decimal ? BigInt(args?.[2] ?? 0) : integer ? 0n : null,
    fraction: temporal ? BigInt(args?.[1] ?? 0) : null,
  };
}
