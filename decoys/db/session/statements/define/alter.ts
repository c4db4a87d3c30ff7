// ALTER TABLE, and the CREATE INDEX and DROP INDEX it stands for.
// Source: https://dev.mysql.com/doc/refman/9.7/en/alter-table.html
import { storeValue } from '../../../overlay/store-value.ts';
import type { OverlayTable } from '../../../overlay/table.ts';
import type { AlterAction, ColumnSpec, IndexSpec, TableName } from '../../../sql/ast/definition.ts';
import type { StatementOf } from '../../../sql/ast/statement.ts';
import { compile } from '../../../sql/compile.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { Scope } from '../../../sql/scope.ts';
import { compilerOf } from '../../../sql/select.ts';
import { isDecimal, isDouble, isInteger } from '../../../sql/value/type.ts';
import type { Value } from '../../../sql/value/value.ts';
import { OK, type Outcome } from '../../outcome.ts';
import { materialize } from '../materialize.ts';
import { buildTable, warnWidths } from './build.ts';
import { renameTables } from './drop.ts';

const NOTHING_COPIED = 'Records: 0  Duplicates: 0  Warnings: 0';

/** Rebuilds a table with other columns; a column that stays keeps its values. */
function rebuild(
  x: Execution,
  table: OverlayTable,
  columns: readonly ColumnSpec[],
  indexes: readonly IndexSpec[],
  origin: readonly (string | undefined)[],
): void {
  const bare = columns.map((column) => ({ ...column, primary: false, unique: false }));
  const carried = columns.flatMap((column, at): IndexSpec[] => {
    const part = [{ name: column.name, length: undefined }];
    if (origin[at] !== undefined) return [];
    return [
      ...(column.primary ? [{ kind: 'primary', name: 'PRIMARY', columns: part } as const] : []),
      ...(column.unique ? [{ kind: 'unique', name: '', columns: part } as const] : []),
    ];
  });
  const made = buildTable(x, table.schema, table.name, bare, [...indexes, ...carried], table.facts);
  const places = origin.map((name) => (name === undefined ? -1 : table.columnAt(name)));
  const rows = table.rows.map((row, number) =>
    made.columns.map((column, at) =>
      places[at] === -1
        ? freshValue(x, column)
        : storeValue(row[places[at] as number] as Value, column, { x, row: number + 1, strict: x.session.strict() }),
    ),
  );
  table.columns = made.columns;
  table.indexes = made.indexes;
  table.restore(rows);
}

function freshValue(x: Execution, column: OverlayTable['columns'][number]): Value {
  if (column.spec.fallback)
    return storeValue(
      compile(compilerOf(x), column.spec.fallback, new Scope([], undefined)).get({ values: [] }),
      column,
      { x, row: 1, strict: false },
    );
  if (column.nullable) return null;
  return isInteger(column.type) || isDecimal(column.type) || isDouble(column.type)
    ? storeValue(0n, column, { x, row: 1, strict: false })
    : '';
}

interface Shape {
  columns: ColumnSpec[];
  origin: (string | undefined)[];
  indexes: IndexSpec[];
}

function place(shape: Shape, name: string): number {
  return shape.columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
}

type Alter = {
  readonly [K in AlterAction['kind']]?: (
    shape: Shape,
    action: Extract<AlterAction, { kind: K }>,
    table: OverlayTable,
  ) => void;
};

const ALTERS: Alter = {
  'add-column': (shape, action) => {
    if (place(shape, action.column.name) >= 0) throw sqlError('ER_DUP_FIELDNAME', action.column.name);
    const after = action.after === undefined ? -1 : place(shape, action.after);
    if (action.after !== undefined && after < 0) throw sqlError('ER_BAD_FIELD_ERROR', action.after, 'alter table');
    const at = action.first ? 0 : action.after === undefined ? shape.columns.length : after + 1;
    shape.columns.splice(at, 0, action.column);
    shape.origin.splice(at, 0, undefined);
  },
  'drop-column': (shape, action) => {
    const at = place(shape, action.name);
    if (at < 0) throw sqlError('ER_CANT_DROP_FIELD_OR_KEY', action.name);
    if (shape.columns.length === 1) throw sqlError('ER_CANT_REMOVE_ALL_FIELDS');
    shape.columns.splice(at, 1);
    shape.origin.splice(at, 1);
    shape.indexes = shape.indexes
      .map((index) => ({
        ...index,
        columns: index.columns.filter((part) => part.name.toLowerCase() !== action.name.toLowerCase()),
      }))
      .filter((index) => index.columns.length > 0);
  },
  'change-column': (shape, action, table) => {
    const at = place(shape, action.from);
    if (at < 0) throw sqlError('ER_BAD_FIELD_ERROR', action.from, table.name);
    shape.columns[at] = action.column;
    renameParts(shape, action.from, action.column.name);
  },
  'rename-column': (shape, action, table) => {
    const at = place(shape, action.from);
    if (at < 0) throw sqlError('ER_BAD_FIELD_ERROR', action.from, table.name);
    shape.columns[at] = { ...(shape.columns[at] as ColumnSpec), name: action.to };
    renameParts(shape, action.from, action.to);
  },
  'add-index': (shape, action) => {
    if (action.index.kind === 'primary' && shape.indexes.some((index) => index.kind === 'primary'))
      throw sqlError('ER_MULTIPLE_PRI_KEY');
    shape.indexes.push(action.index);
  },
  'drop-index': (shape, action) => {
    const at = shape.indexes.findIndex((index) => index.name.toLowerCase() === action.name.toLowerCase());
    if (at < 0) throw sqlError('ER_CANT_DROP_FIELD_OR_KEY', action.name);
    shape.indexes.splice(at, 1);
  },
};

function renameParts(shape: Shape, from: string, to: string): void {
  shape.indexes = shape.indexes.map((index) => ({
    ...index,
    columns: index.columns.map((part) =>
      part.name.toLowerCase() === from.toLowerCase() ? { ...part, name: to } : part,
    ),
  }));
}

export function alterTable(x: Execution, s: StatementOf<'alter-table'>): Outcome {
  const table = materialize(x, s.table);
  const shape: Shape = {
    columns: table.columns.map((column) => column.spec),
    origin: table.columns.map((column) => column.name),
    indexes: [...table.indexes],
  };
  let renamed: TableName | undefined;
  let copies = false;
  for (const action of s.actions) {
    if (action.kind === 'rename') renamed = action;
    else
      (ALTERS[action.kind] as ((shape: Shape, action: AlterAction, table: OverlayTable) => void) | undefined)?.(
        shape,
        action,
        table,
      );
    if (action.kind === 'change-column') {
      warnWidths(x, [action.column]);
      copies = true;
    }
    if (action.kind === 'add-column') warnWidths(x, [action.column]);
  }
  rebuild(x, table, shape.columns, shape.indexes, shape.origin);
  if (renamed)
    renameTables(x, {
      kind: 'rename-table',
      pairs: [
        [
          { schema: table.schema, name: table.name },
          { schema: renamed.schema || table.schema, name: renamed.name },
        ],
      ],
    });
  if (s.actions.length > 0 && s.actions.every((action) => action.kind === 'rename')) return OK;
  const rows = copies ? table.rows.length : 0;
  return {
    kind: 'ok',
    affected: BigInt(rows),
    info:
      rows === 0 && x.session.warningCount === 0
        ? NOTHING_COPIED
        : `Records: ${rows}  Duplicates: 0  Warnings: ${x.session.warningCount}`,
  };
}

export function createIndex(x: Execution, s: StatementOf<'create-index'>): Outcome {
  return alterTable(x, { kind: 'alter-table', table: s.table, actions: [{ kind: 'add-index', index: s.index }] });
}

export function dropIndex(x: Execution, s: StatementOf<'drop-index'>): Outcome {
  return alterTable(x, { kind: 'alter-table', table: s.table, actions: [{ kind: 'drop-index', name: s.name }] });
}
