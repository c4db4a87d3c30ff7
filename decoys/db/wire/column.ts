// A result column as the wire describes it, and its Protocol::ColumnDefinition41.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_text_resultset_column_definition.html
import { encodeText, findCharset, findCollation } from '../sql/value/charset.ts';
import type { ByteWriter } from './bytes.ts';
import { BINARY_CHARSET, FLAG, TYPE } from './constants.ts';

export interface Column {
  readonly name: string;
  readonly orgName: string;
  readonly schema: string;
  readonly table: string;
  readonly orgTable: string;
  /** One of TYPE. */
  readonly type: number;
  /** True for numbers, times and bytes (collation 63); false for text, told in the client's charset. */
  readonly binary: boolean;
  /** Display length: bytes where binary, characters where text. */
  readonly length: number;
  readonly flags: number;
  readonly decimals: number;
  /** Collation of a text column, as the server keeps it; told where the client asked for no conversion. */
  readonly collation?: string;
}

/** A column of no table. */
export function bareColumn(
  name: string,
  told: Pick<Column, 'type' | 'binary' | 'length' | 'flags' | 'decimals'>,
): Column {
  return { name, orgName: '', schema: '', table: '', orgTable: '', ...told };
}

/** Decimals of what has no point of its own. */
const NO_DECIMALS = 31;

/** A text of no table, never NULL; its length is in characters. */
export function textColumn(name: string, length: number): Column {
  return bareColumn(name, {
    type: TYPE.VAR_STRING,
    binary: false,
    length,
    flags: FLAG.NOT_NULL,
    decimals: NO_DECIMALS,
  });
}

/** How results are told to this client: collation id of character_set_results, and its bytes a character. */
export interface ResultCharset {
  readonly id: number;
  readonly bytesPerCharacter: number;
  /** Character set names are told in; null where the client asked for no conversion: each column is told in its own. */
  readonly charset: string | null;
}

const LENGTH_MAX = 0xffff_ffff;
/** Characters from which a text is a LONGTEXT, whose length is told in bytes whatever the client's character set. */
const LONG_TEXT_CHARACTERS = 1_073_741_823;
const WIDEST_CHARACTER_BYTES = 4;

/** Kept texts without a length of their own tell it in bytes. */
const TEXTS: ReadonlySet<number> = new Set([TYPE.TINY_BLOB, TYPE.BLOB, TYPE.MEDIUM_BLOB, TYPE.LONG_BLOB]);

function toldLength({ binary, length, type }: Column, { bytesPerCharacter, charset }: ResultCharset): number {
  if (binary || (charset === null && TEXTS.has(type))) return length;
  if (charset === null && type === TYPE.JSON) return LENGTH_MAX;
  const long = length >= LONG_TEXT_CHARACTERS && type !== TYPE.JSON;
  return length * (long ? WIDEST_CHARACTER_BYTES : bytesPerCharacter);
}

/** Collation of the server's own names, which columns are of that tell none. */
const OF_NAMES = 'utf8mb3_general_ci';
const OF_PERFORMANCE = 'utf8mb4_0900_ai_ci';

/** How a column is told where the client asked for no conversion. */
function ownCharset({ collation, schema }: Column): ResultCharset {
  const found = findCollation(collation ?? (schema === 'performance_schema' ? OF_PERFORMANCE : OF_NAMES));
  return {
    id: found?.id ?? 255,
    bytesPerCharacter: findCharset(found?.charset ?? '')?.maxBytes ?? WIDEST_CHARACTER_BYTES,
    charset: null,
  };
}

/** Character set a column's text is written in, where `asked` is what the client asked for. */
export function writtenCharset({ collation }: Column, asked: string | null): string | null {
  return asked ?? (collation === undefined ? null : (findCollation(collation)?.charset ?? null));
}

/** Writes a column's definition, told in the client's character set. */
export function writeColumn(out: ByteWriter, column: Column, asked: ResultCharset): void {
  const charset = asked.charset === null ? ownCharset(column) : asked;
  const { schema, table, orgTable, name, orgName } = column;
  out.lenencText('def');
  const plain = charset.charset === null || charset.charset.startsWith('utf8') || charset.charset === 'binary';
  for (const text of [schema, table, orgTable, name, orgName])
    if (plain) out.lenencText(text);
    else out.lenencBytes(encodeText(text, charset.charset as string));
  out.uint(0x0c, 1);
  out.uint(column.binary ? BINARY_CHARSET : charset.id, 2).uint(Math.min(toldLength(column, charset), LENGTH_MAX), 4);
  out.uint(column.type, 1).uint(column.flags, 2).uint(column.decimals, 1).uint(0, 2);
}
