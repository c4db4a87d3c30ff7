// Indexes of a table as defined: their names, their order, and what their columns show of them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-index.html
import type { ColumnSpec, IndexSpec } from '../../../sql/ast/definition.ts';
import { sqlError } from '../../../sql/errors.ts';
import { FLAG } from '../../../wire/constants.ts';

export function indexFlags(indexes: readonly IndexSpec[], column: ColumnSpec): number {
  let flags = column.primary
    ? FLAG.PRI_KEY | FLAG.PART_KEY
    : column.unique || column.type.name === 'serial'
      ? FLAG.UNIQUE_KEY | FLAG.PART_KEY
      : 0;
  for (const index of indexes) {
    const at = index.columns.findIndex((part) => part.name.toLowerCase() === column.name.toLowerCase());
    if (at < 0) continue;
    if (index.kind !== 'fulltext') flags |= FLAG.PART_KEY;
    if (index.kind === 'primary') flags |= FLAG.PRI_KEY;
    else if (at === 0)
      flags |= index.kind === 'unique' && index.columns.length === 1 ? FLAG.UNIQUE_KEY : FLAG.MULTIPLE_KEY;
  }
  return flags;
}

/** Indexes of a definition with those its columns carry, named as the server names them, primary first, unique next. */
export function allIndexes(columns: readonly ColumnSpec[], indexes: readonly IndexSpec[]): IndexSpec[] {
  const own: IndexSpec[] = [];
  for (const column of columns) {
    const part = [{ name: column.name, length: undefined }];
    if (column.primary) own.push({ kind: 'primary', name: 'PRIMARY', columns: part });
    if (column.unique || column.type.name === 'serial') own.push({ kind: 'unique', name: '', columns: part });
  }
  const all = [...indexes, ...own];
  if (all.filter((index) => index.kind === 'primary').length > 1) throw sqlError('ER_MULTIPLE_PRI_KEY');
  const names = new Set<string>();
  const named = all.map((index) => {
    for (const part of index.columns) {
      if (part.name !== '' && !columns.some((column) => column.name.toLowerCase() === part.name.toLowerCase()))
        throw sqlError('ER_KEY_COLUMN_DOES_NOT_EXIST', part.name);
    }
    let { name } = index;
    if (name === '') {
      const base = index.columns[0]?.name || 'functional_index';
      name = base;
      for (let number = 2; names.has(name.toLowerCase()); number++) name = `${base}_${number}`;
    } else if (names.has(name.toLowerCase())) throw sqlError('ER_DUP_KEYNAME', name);
    names.add(name.toLowerCase());
    return { ...index, name };
  });
  const rank = { primary: 0, unique: 1, index: 2, spatial: 2, fulltext: 3 } as const;
  return named.sort((a, b) => rank[a.kind] - rank[b.kind]);
}

/** Blob columns need a length in a key, but a fulltext one. */
export function checkKeyParts(columns: readonly ColumnSpec[], indexes: readonly IndexSpec[]): void {
  for (const index of indexes) {
    for (const part of index.columns) {
      const column = columns.find((other) => other.name.toLowerCase() === part.name.toLowerCase());
      if (!column) continue;
      if (/text$|blob$/.test(column.type.name) && part.length === undefined && index.kind !== 'fulltext')
        throw sqlError('ER_BLOB_KEY_WITHOUT_LENGTH', column.name);
      if (index.kind === 'primary' && column.nullable === true) throw sqlError('ER_PRIMARY_CANT_HAVE_NULL');
    }
  }
}
