// Result columns: of a query from its scope columns, of a SHOW from the columns recorded for it.
import { showColumns } from '../../persona/catalogue.ts';
import type { ScopeColumn } from '../../sql/scope.ts';
import { keptBytes, type SqlType, SYSTEM_COLLATION, wireFlags } from '../../sql/value/type.ts';
import type { Value } from '../../sql/value/value.ts';
import type { Column } from '../../wire/column.ts';
import { FLAG, TYPE } from '../../wire/constants.ts';
import type { RowsOutcome } from '../outcome.ts';
import type { Session } from '../session.ts';

/** A text no VARCHAR holds is told as if each of its bytes were a character. */
function toldLength(type: SqlType): number {
  return type.text && !type.exactFlags && (type.type === TYPE.MEDIUM_BLOB || type.type === TYPE.LONG_BLOB)
    ? keptBytes(type)
    : type.length;
}

/** The collation of a column; names of the server's own tables that tell case are of the binary one. */
function keptCollation({ collation, exactFlags, flags = 0 }: SqlType): string {
  return exactFlags && collation === SYSTEM_COLLATION && (flags & FLAG.BINARY) !== 0 ? 'utf8mb3_bin' : collation;
}

/** A query's column as the wire tells it. */
export function resultColumn(column: ScopeColumn): Column {
  const { type } = column;
  return {
    name: column.name,
    orgName: column.orgName,
    schema: column.shownSchema,
    table: column.table,
    orgTable: column.orgTable,
    type: type.type === 247 || type.type === 248 ? 254 : type.type,
    binary: !type.text,
    length: toldLength(type),
    flags: wireFlags(type),
    decimals: type.decimals,
    ...(type.text ? { collation: keptCollation(type) } : {}),
  };
}

/** Columns of a SHOW as recorded; `%s` in a name stands for `subject`. */
export function shown(session: Session, form: string, rows: readonly (readonly Value[])[], subject = ''): RowsOutcome {
  const columns = showColumns(form, session.strict()).map(
    (column): Column => ({
      ...column,
      name: column.name.replace('%s', subject),
      ...((column.flags & FLAG.BINARY) === 0 || column.binary ? {} : { collation: 'utf8mb3_bin' }),
    }),
  );
  return { kind: 'rows', columns, rows };
}
