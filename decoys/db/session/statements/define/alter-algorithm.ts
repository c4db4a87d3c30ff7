// Whether an ALTER copies rows, and what ALGORITHM and LOCK it can be asked to do it with.
// Source: https://dev.mysql.com/doc/refman/9.7/en/innodb-online-ddl-operations.html; errors as answered by a live 9.7.4.
import { baseOf, type TableColumn } from '../../../overlay/column.ts';
import type { OverlayTable, TableFacts } from '../../../overlay/table.ts';
import type { AlterAction } from '../../../sql/ast/definition.ts';
import type { Expression } from '../../../sql/ast/expression.ts';
import type { StatementOf } from '../../../sql/ast/statement.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { columnsOf } from '../../../sql/parts.ts';
import { expressionText } from '../../definition-text.ts';
import type { Shape } from './alter-actions.ts';
import { checksForeignKeys } from './references.ts';

const ALGORITHMS = ['DEFAULT', 'INSTANT', 'INPLACE', 'COPY'];
const LOCKS = ['DEFAULT', 'NONE', 'SHARED', 'EXCLUSIVE'];

function asked(actions: readonly AlterAction[], kind: 'algorithm' | 'lock'): string {
  const found = actions.filter((action) => action.kind === kind).at(-1);
  const said = found && 'value' in found ? found.value : 'DEFAULT';
  const value = said.toUpperCase();
  if (kind === 'algorithm' && !ALGORITHMS.includes(value)) throw sqlError('ER_UNKNOWN_ALTER_ALGORITHM', said);
  if (kind === 'lock' && !LOCKS.includes(value)) throw sqlError('ER_UNKNOWN_ALTER_LOCK', said);
  return value;
}

/** True where the column's values have to be written anew: another type, or a shorter one. */
function changesType(before: TableColumn, after: Shape['columns'][number]): boolean {
  const { spec } = before;
  const [old, next] = [spec.type, after.type];
  if (old.name !== next.name || old.unsigned !== next.unsigned) return true;
  const base = baseOf(before);
  if (base.kind === 'enum' || base.kind === 'set')
    return next.values.length < old.values.length || old.values.some((value, at) => next.values[at] !== value);
  if (base.kind === 'text' && old.name === 'varchar') {
    const [from, to] = [old.length ?? 1, next.length ?? 1];
    // One byte or two tell the length; a column that needs the second is written anew.
    return to < from || (from * 4 < 256 && to * 4 >= 256);
  }
  if (base.kind === 'int') return false;
  return (old.length ?? -1) !== (next.length ?? -1) || (old.decimals ?? -1) !== (next.decimals ?? -1);
}

/** Whether the rows go through a copy of the table, which the reply then counts. */
export function copiesRows(x: Execution, s: StatementOf<'alter-table'>, shape: Shape, facts: TableFacts): boolean {
  const { table } = shape;
  if (asked(s.actions, 'algorithm') === 'COPY' || table.temporary) return true;
  if (facts.engine !== table.facts.engine || table.facts.engine !== 'InnoDB') return true;
  if (shape.convert !== undefined) return convertsText(shape);
  if (shape.newChecks.some((check) => check.enforced)) return true;
  if (shape.newForeignKeys.length > 0 && checksForeignKeys(x)) return true;
  return s.actions.some((action) => copies(action, shape, table));
}

function convertsText(shape: Shape): boolean {
  return shape.table.named.some((column) => column.charset !== '') && shape.convert !== shape.table.facts.collation;
}

function copies(action: AlterAction, shape: Shape, table: OverlayTable): boolean {
  switch (action.kind) {
    case 'order':
      return true;
    case 'enforce-check':
      return action.enforced && table.checks.some((check) => check.name === action.name && !check.enforced);
    case 'add-column':
      return action.column.generated?.stored === true || action.column.computed;
    case 'change-column': {
      const before = table.columns[table.columnAt(action.from)];
      if (!before) return false;
      if (action.column.generated?.stored || before.spec.generated?.stored) return true;
      if (changesSource(action, before, table)) return true;
      if (before.collation !== '' && collationChanges(action, before, shape)) return true;
      return changesType(before, action.column) || before.spec.autoIncrement !== action.column.autoIncrement;
    }
    case 'drop-index':
      return action.name.toLowerCase() === 'primary' && !shape.added.some((index) => index.kind === 'primary');
    default:
      return false;
  }
}

/** Another expression of a column that stored ones or indexes are made of. */
function changesSource(
  { column }: Extract<AlterAction, { kind: 'change-column' }>,
  before: TableColumn,
  table: OverlayTable,
): boolean {
  const [old, next] = [before.spec.generated, column.generated];
  if (!old || !next || expressionText(old.expression) === expressionText(next.expression)) return false;
  const name = before.name.toLowerCase();
  const read = (e: Expression) => columnsOf(e).some((part) => part.toLowerCase() === name);
  return (
    table.columns.some(({ spec }) => spec.generated?.stored && read(spec.generated.expression)) ||
    table.indexes.some((index) => index.columns.some((part) => part.name.toLowerCase() === name))
  );
}

function collationChanges(
  { column }: Extract<AlterAction, { kind: 'change-column' }>,
  before: TableColumn,
  shape: Shape,
): boolean {
  if (column.type.collation) return column.type.collation !== before.collation;
  if (column.type.charset) return column.type.charset !== before.charset;
  return before.collation !== shape.table.facts.collation;
}

/** Kinds of action done by changing nothing but the dictionary. */
const INSTANT: ReadonlySet<AlterAction['kind']> = new Set([
  'set-default',
  'column-visibility',
  'rename-column',
  'rename',
  'drop-index',
  'rename-index',
  'index-visibility',
  'drop-check',
  'algorithm',
  'lock',
  'drop-constraint',
]);

function isInstant(action: AlterAction, shape: Shape): boolean {
  if (INSTANT.has(action.kind)) return true;
  const fulltext = shape.table.indexes.some((index) => index.kind === 'fulltext');
  const compressed = shape.table.facts.others.get('ROW_FORMAT') === 'COMPRESSED';
  if (action.kind === 'add-column') return !action.column.autoIncrement && !fulltext && !compressed;
  if (action.kind === 'drop-column') return !fulltext && !compressed;
  return action.kind === 'change-column';
}

/** Throws 1845 or 1846 where the ALGORITHM or LOCK asked for cannot be had. */
export function checkAlgorithm(s: StatementOf<'alter-table'>, shape: Shape, copying: boolean): void {
  const algorithm = asked(s.actions, 'algorithm');
  const lock = asked(s.actions, 'lock');
  if (algorithm === 'INSTANT' && lock !== 'DEFAULT')
    throw sqlError('ER_WRONG_USAGE', 'ALGORITHM=INSTANT', 'LOCK=NONE/SHARED/EXCLUSIVE');
  const retyped = s.actions.some((action) => action.kind === 'change-column' && copies(action, shape, shape.table));
  const reason = retyped ? 'Cannot change column type INPLACE' : undefined;
  if ((algorithm === 'INSTANT' || algorithm === 'INPLACE') && copying) {
    if (algorithm === 'INSTANT' && reason)
      throw sqlError(
        'ER_ALTER_OPERATION_NOT_SUPPORTED_REASON',
        'ALGORITHM=INSTANT',
        'Need to rebuild the table to change column type',
        'ALGORITHM=COPY/INPLACE',
      );
    if (reason)
      throw sqlError('ER_ALTER_OPERATION_NOT_SUPPORTED_REASON', `ALGORITHM=${algorithm}`, reason, 'ALGORITHM=COPY');
    throw sqlError('ER_ALTER_OPERATION_NOT_SUPPORTED', `ALGORITHM=${algorithm}`, 'ALGORITHM=COPY');
  }
  if (algorithm === 'INSTANT' && !s.actions.every((action) => isInstant(action, shape)))
    throw sqlError('ER_ALTER_OPERATION_NOT_SUPPORTED', 'ALGORITHM=INSTANT', 'ALGORITHM=COPY/INPLACE');
  if (lock !== 'NONE') return;
  if (copying || algorithm === 'COPY')
    throw sqlError(
      'ER_ALTER_OPERATION_NOT_SUPPORTED_REASON',
      'LOCK=NONE',
      reason ?? 'COPY algorithm requires a lock',
      'LOCK=SHARED',
    );
  if (shape.added.some((index) => index.kind === 'fulltext'))
    throw sqlError(
      'ER_ALTER_OPERATION_NOT_SUPPORTED_REASON',
      'LOCK=NONE',
      'Fulltext index creation requires a lock',
      'LOCK=SHARED',
    );
}

/** The hidden column InnoDB numbers documents by. */
const DOCUMENT_ID = 124;

/** What is told once the new table stands. */
export function afterwards(x: Execution, shape: Shape, made: OverlayTable, _actions: readonly AlterAction[]): void {
  const had = shape.table.indexes.some((index) => index.kind === 'fulltext');
  if (!had && made.facts.engine === 'InnoDB' && made.indexes.some((index) => index.kind === 'fulltext'))
    x.session.addWarning('Warning', DOCUMENT_ID, 'InnoDB rebuilding table to add column FTS_DOC_ID');
}
