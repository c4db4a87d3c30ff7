// One row of an INSERT as the table's columns take it: values, defaults, and the number drawn for AUTO_INCREMENT.
// Source: https://dev.mysql.com/doc/refman/9.7/en/insert.html, example-auto-increment.html
import type { TableColumn } from '../../../overlay/column.ts';
import type { StoredRow } from '../../../overlay/row-bytes.ts';
import { storeValue } from '../../../overlay/store-value.ts';
import type { OverlayTable } from '../../../overlay/table.ts';
import { compile } from '../../../sql/compile.ts';
import { SqlError, sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { Scope } from '../../../sql/scope.ts';
import { compilerOf } from '../../../sql/select.ts';
import { toBoolean, type Value } from '../../../sql/value/value.ts';
import type { Trigger } from '../trigger.ts';
import { defaultValue, implicitDefault, lacksDefault } from './defaults.ts';
import type { InsertTarget } from './insert-target.ts';
import type { RowRules } from './row-rules.ts';

/** Stands where the next number goes. */
const PENDING = Buffer.from('auto increment');

export interface Insertion {
  readonly table: OverlayTable;
  readonly places: readonly number[];
  readonly ignore: boolean;
  readonly rules: RowRules;
  /** One row only: a NULL is refused even where sql_mode is lax. */
  readonly single: boolean;
  readonly target: InsertTarget;
  firstId: bigint;
  /** Number given by the client, told where none was drawn. */
  givenId: bigint;
  /** Rows the statement says it has; 0 where a query gives them. */
  readonly expected: number;
  /** Numbers set aside for it: from `next`, below `end`, in how many portions so far. */
  readonly numbers: { next: bigint; end: bigint; portions: number };
}

/** A row as the table's columns take it; what has to be drawn or generated is still missing. */
export function checkRow(
  x: Execution,
  insertion: Insertion,
  values: readonly (Value | undefined)[],
  number: number,
): StoredRow {
  const { table, places } = insertion;
  const strict = x.session.strict() && !insertion.ignore;
  const row: StoredRow = table.columns.map(() => null);
  const waiting: number[] = [];
  const placed: (Value | undefined)[] = [];
  for (const [at, place] of places.entries()) placed[place] = values[at];
  // What is given comes first, in the order of the statement's list: so do its warnings.
  const others = [...table.columns.keys()].filter((at) => placed[at] === undefined);
  for (const at of [...places.filter((place) => placed[place] !== undefined), ...others]) {
    const column = table.columns[at] as TableColumn;
    const given = placed[at];
    if (column.spec.generated) continue;
    if (given === undefined && column.spec.computed) waiting.push(at);
    else row[at] = checkValue(x, insertion, column, given, number, strict, row);
  }
  for (const at of waiting)
    row[at] = checkValue(x, insertion, table.columns[at] as TableColumn, undefined, number, strict, row);
  return row;
}

function checkValue(
  x: Execution,
  insertion: Insertion,
  column: TableColumn,
  given: Value | undefined,
  number: number,
  strict: boolean,
  row: StoredRow,
): Value {
  const { table } = insertion;
  const value = given === undefined ? missing(x, insertion, column, row, number) : given;
  // A number is drawn once every other value has been found good.
  if (column.spec.autoIncrement) {
    if (value === null) return PENDING;
    const stored = storeValue(value, column, { x, row: number, strict });
    if ((stored === 0n || stored === 0) && !x.session.sqlMode().includes('NO_AUTO_VALUE_ON_ZERO')) return PENDING;
    raise(table, stored);
    if (typeof stored === 'bigint' && stored >= insertion.numbers.next) insertion.numbers.next = stored + 1n;
    return stored;
  }
  if (value === null) {
    if (column.nullable) return null;
    if (!insertion.ignore && (strict || insertion.single)) throw sqlError('ER_BAD_NULL_ERROR', column.name);
    x.warn('ER_BAD_NULL_ERROR', column.name);
    return implicitDefault(column);
  }
  const settled = given === undefined && !column.spec.computed;
  return storeValue(value, column, { x, row: number, strict, table: table.name, settled });
}

/** The default of a column nothing is given for, told of with the first row where it has none; IGNORE takes what it has to. */
function missing(x: Execution, insertion: Insertion, column: TableColumn, row: StoredRow, number: number): Value {
  if (number > 1) return x.session.unwarned(() => missing(x, insertion, column, row, 1));
  const { view } = insertion.target;
  if (view && lacksDefault(column)) {
    if (x.session.strict() && !insertion.ignore) throw sqlError('ER_NO_DEFAULT_FOR_VIEW_FIELD', view.schema, view.name);
    x.warn('ER_NO_DEFAULT_FOR_VIEW_FIELD', view.schema, view.name);
    return column.nullable ? null : implicitDefault(column);
  }
  try {
    return defaultValue(x, column, false, { table: insertion.table, row });
  } catch (error) {
    if (!insertion.ignore || !(error instanceof SqlError)) throw error;
    x.session.addWarning('Warning', error.code, error.message);
    return implicitDefault(column);
  }
}

function raise(table: OverlayTable, stored: Value): void {
  if (typeof stored === 'bigint' && stored >= table.autoIncrement) table.autoIncrement = stored + 1n;
}

/** Puts the next number where one is to be drawn. */
export function drawNumbers(x: Execution, insertion: Insertion, row: StoredRow, number: number): StoredRow {
  return row.map((value, at) => {
    const column = insertion.table.columns[at];
    if (value === PENDING && column) return nextId(x, insertion, column, number);
    if (column?.spec.autoIncrement && typeof value === 'bigint') insertion.givenId = value;
    return value;
  });
}

function sessionNumber(x: Execution, name: string): bigint {
  const { value } = x.session.readVariable(name, '');
  return typeof value === 'bigint' && value > 0n ? value : 1n;
}

/** The first number of offset, offset + step … that is not below `from`; an offset past the step counts as none. */
function nextInSeries(from: bigint, step: bigint, offset: bigint): bigint {
  if (step === 1n) return from;
  const first = offset > step ? step : offset;
  if (from <= first) return first;
  return first + ((from - first + step - 1n) / step) * step;
}

/** Numbers of a later portion, or of a query's first, are at most as many at once. */
const MOST_NUMBERS = 65_535;

/** Sets numbers aside: as many as there are rows to come, and twice as many each time where nobody knows. */
function reserve({ expected, numbers }: Insertion, id: bigint, step: bigint): void {
  const count = numbers.portions === 0 && expected > 0 ? expected : Math.min(2 ** numbers.portions, MOST_NUMBERS);
  numbers.portions++;
  numbers.end = id + BigInt(count) * step;
}

/** A number drawn for a row that is not put in is the next row's. */
export function giveBack({ table, numbers }: Insertion, row: StoredRow): void {
  const id = row[table.columns.findIndex((column) => column.spec.autoIncrement)];
  if (typeof id === 'bigint' && id < numbers.next) numbers.next = id;
}

function nextId(x: Execution, insertion: Insertion, column: TableColumn, number: number): Value {
  const { table, numbers } = insertion;
  const asked = x.session.variables.get('insert_id');
  if (typeof asked === 'bigint' && asked > 0n) {
    x.session.variables.delete('insert_id');
    if (asked >= table.autoIncrement) table.autoIncrement = asked;
    numbers.end = 0n;
  }
  const step = sessionNumber(x, 'auto_increment_increment');
  const offset = sessionNumber(x, 'auto_increment_offset');
  const own = numbers.next < numbers.end ? nextInSeries(numbers.next, step, offset) : numbers.end;
  const setAside = own < numbers.end;
  const id = setAside ? own : nextInSeries(table.autoIncrement, step, offset);
  const store = { x, row: number, strict: false, settled: true };
  const stored = storeValue(id, column, store);
  // Past the end of its type the last number is tried again, which collides.
  if (stored === id) {
    if (!setAside) reserve(insertion, id, step);
    const last = storeValue(numbers.end - 1n, column, store);
    const end = typeof last === 'bigint' ? last + 1n : numbers.end;
    if (end > table.autoIncrement) table.autoIncrement = end;
    numbers.next = id + 1n;
  } else if (numbers.portions > 0) throw sqlError('ER_AUTOINC_READ_FAILED');
  if (insertion.firstId === 0n) insertion.firstId = typeof stored === 'bigint' ? stored : id;
  return stored;
}

/** Throws 1369 for a row that a view with CHECK OPTION would not show. */
export function checkView(x: Execution, target: InsertTarget, row: readonly Value[]): void {
  for (const { view, condition } of target.checks) {
    const node = compile(compilerOf(x), condition, new Scope(target.table.scopeColumns(), undefined));
    if (toBoolean(node.get({ values: row })) !== true) throw sqlError('ER_VIEW_CHECK_FAILED', view.schema, view.name);
  }
}

/** A number still to be drawn shows as 0 to the trigger. */
export function beforeInsert(trigger: Trigger, row: StoredRow): void {
  const pending = row.indexOf(PENDING);
  if (pending >= 0) row[pending] = 0n;
  trigger('BEFORE', { old: undefined, new: row });
  if (pending >= 0 && row[pending] === 0n) row[pending] = PENDING;
}
