// A result column as the wire describes it, and its Protocol::ColumnDefinition41.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response_text_resultset_column_definition.html
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
  readonly collation?: number;
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
}

const LENGTH_MAX = 0xffff_ffff;
/** Characters from which a text is a LONGTEXT, whose length is told in bytes whatever the client's character set. */
const LONG_TEXT_CHARACTERS = 1_073_741_823;
const WIDEST_CHARACTER_BYTES = 4;

function toldLength({ binary, length, type }: Column, { bytesPerCharacter }: ResultCharset): number {
  if (binary) return length;
  const long = length >= LONG_TEXT_CHARACTERS && type !== TYPE.JSON;
  return length * (long ? WIDEST_CHARACTER_BYTES : bytesPerCharacter);
}

/** Writes a column's definition, told in the client's character set. */
export function writeColumn(out: ByteWriter, column: Column, charset: ResultCharset): void {
  out.lenencText('def').lenencText(column.schema).lenencText(column.table).lenencText(column.orgTable);
  out.lenencText(column.name).lenencText(column.orgName).uint(0x0c, 1);
  out.uint(column.binary ? BINARY_CHARSET : charset.id, 2).uint(Math.min(toldLength(column, charset), LENGTH_MAX), 4);
  out.uint(column.type, 1).uint(column.flags, 2).uint(column.decimals, 1).uint(0, 2);
}
