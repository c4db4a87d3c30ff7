// INTO OUTFILE and DUMPFILE: which files may be named, and what they would hold. None is written; what a source would read
// back with LOAD_FILE is remembered for it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/select-into.html; contents and refusals as recorded from 9.7.
import { posix } from 'node:path';
import { resolvedFile } from '../../overlay/file-path.ts';
import type { FileFormat, Into } from '../../sql/ast/query.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { encodeText } from '../../sql/value/charset.ts';
import { toBytes, type Value } from '../../sql/value/value.ts';
import type { Column } from '../../wire/column.ts';
import { TYPE } from '../../wire/constants.ts';

/** Files one source is remembered to have written. */
const MAX_FILES = 64;
/** Bytes kept of such a file, for the LOAD_FILE that looks whether it is there; a longer one is not shown again. */
const FILE_BYTES = 1_024;

/** Throws 1083 for a format that cannot be, 1290 for a file outside the one directory, 1086 for one that is there. */
export function checkFile(x: Execution, into: Into): void {
  const { session } = x;
  if (into.format.enclosed.length > 1 || into.format.escaped.length > 1) throw sqlError('ER_WRONG_FIELD_TERMINATORS');
  const file = resolvedFile(into.file);
  const directory = resolvedFile(session.server.options.persona.secureFilePriv);
  if (file === undefined || (file !== directory && posix.dirname(file) !== directory))
    throw sqlError('ER_OPTION_PREVENTS_STATEMENT', '--secure-file-priv');
  if (file === directory || session.overlay.files.has(file)) throw sqlError('ER_FILE_EXISTS_ERROR', into.file);
}

/** Remembers what the file would hold. */
export function rememberFile(
  x: Execution,
  into: Into,
  columns: readonly Column[],
  rows: readonly (readonly Value[])[],
): void {
  const { files } = x.session.overlay;
  const file = resolvedFile(into.file);
  if (file === undefined || files.size >= MAX_FILES) return;
  const content = into.kind === 'dumpfile' ? dumped(rows) : written(into.format, columns, rows);
  files.set(file, content);
}

/** Values one after the other, NULL as a zero byte. */
function dumped(rows: readonly (readonly Value[])[]): Buffer | null {
  return limited(rows.slice(0, FILE_BYTES).flatMap((row) => row.map((value) => toBytes(value) ?? Buffer.alloc(1))));
}

/** Types whose fields are not enclosed where only text is. */
const NUMBERS: ReadonlySet<number> = new Set([
  TYPE.TINY,
  TYPE.SHORT,
  TYPE.LONG,
  TYPE.FLOAT,
  TYPE.DOUBLE,
  TYPE.LONGLONG,
  TYPE.INT24,
  TYPE.YEAR,
  TYPE.NEWDECIMAL,
]);
/** Bytes of the widest character a field of fixed width is made for. */
const CHARACTER_BYTES = 4;

function written(format: FileFormat, columns: readonly Column[], rows: readonly (readonly Value[])[]): Buffer | null {
  const fixed = format.fieldEnd === '' && format.enclosed === '';
  const field = fixed ? fixedField : separatedField;
  const start = Buffer.from(format.lineStart, 'latin1');
  // A line that nothing ends is ended as a field is.
  const end = Buffer.from(format.lineEnd || format.fieldEnd, 'latin1');
  const between = Buffer.from(format.fieldEnd, 'latin1');
  return limited(
    rows.slice(0, FILE_BYTES).flatMap((row) => [
      start,
      ...row.flatMap((value, at) => {
        const cell = field(format, value, columns[at] as Column);
        return at === row.length - 1 ? [cell] : [cell, between];
      }),
      end,
    ]),
  );
}

/** The parts as one file; null where it is too long to be kept. */
function limited(parts: readonly Buffer[]): Buffer | null {
  return parts.reduce((sum, part) => sum + part.length, 0) > FILE_BYTES ? null : Buffer.concat(parts);
}

function bytesOf(format: FileFormat, value: Value): Buffer {
  const plain = format.charset === '' || typeof value !== 'string';
  const bytes = plain ? toBytes(value) : encodeText(value, format.charset);
  return (bytes ?? Buffer.alloc(0)).subarray(0, FILE_BYTES + 1);
}

/** A field as wide as its column can be. */
function fixedField(format: FileFormat, value: Value, column: Column): Buffer {
  const bytes = bytesOf(format, value);
  const widest = column.length * (NUMBERS.has(column.type) ? 1 : CHARACTER_BYTES);
  return Buffer.concat([bytes, Buffer.alloc(Math.max(0, Math.min(widest, FILE_BYTES) - bytes.length), ' ')]);
}

/** A field enclosed where it is to be, with what would end it escaped. */
function separatedField(format: FileFormat, value: Value, column: Column): Buffer {
  const { enclosed, escaped } = format;
  if (value === null) return Buffer.from(escaped === '' ? 'NULL' : `${escaped}N`, 'latin1');
  let text = bytesOf(format, value).toString('latin1');
  if (escaped !== '') {
    const special = new Set([escaped, ...(enclosed === '' ? [format.fieldEnd[0], format.lineEnd[0]] : [enclosed])]);
    text = [...text].map((c) => (c === '\0' ? `${escaped}0` : special.has(c) ? escaped + c : c)).join('');
  }
  const quote = format.optionally && NUMBERS.has(column.type) ? '' : enclosed;
  return Buffer.from(quote + text + quote, 'latin1');
}
