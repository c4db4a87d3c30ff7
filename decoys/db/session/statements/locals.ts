// Variables of a routine, and the NEW and OLD rows of a trigger: typed as columns are, and found by name before any column.
// Source: https://dev.mysql.com/doc/refman/9.7/en/local-variable-scope.html, trigger-syntax.html

import { makeColumn, type TableColumn } from '../../overlay/column.ts';
import type { StoredRow } from '../../overlay/row-bytes.ts';
import { storeValue } from '../../overlay/store-value.ts';
import type { ColumnType } from '../../sql/ast/table.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution, LocalName, LocalNames } from '../../sql/execution.ts';
import { PLAIN_COLUMN } from '../../sql/parse/column-spec.ts';
import type { SqlType } from '../../sql/value/type.ts';
import type { Value } from '../../sql/value/value.ts';
import { databaseCollation } from '../schemas.ts';

/** Variables one block may declare. */
const MAX_LOCALS = 128;

/** A column as routines' variables and results are made of, with a database's collation where it says none. */
export function databaseColumn(name: string, type: ColumnType, collation: string): TableColumn {
  return makeColumn({ name, type, nullable: true, fallback: undefined, ...PLAIN_COLUMN }, collation, 0);
}

/** As `databaseColumn`, of the routine under way. */
export function localColumn(x: Execution, name: string, type: ColumnType): TableColumn {
  return databaseColumn(name, type, databaseCollation(x.session, x.session.database));
}

/** The type a routine's variable has in results. */
export function toldType(column: TableColumn): SqlType {
  return { ...column.type, nullable: true };
}

/** A value as a variable of the column's type keeps it. */
export function fitted(x: Execution, column: TableColumn, value: Value): Value {
  return value === null ? null : storeValue(value, column, { x, row: 1, strict: x.session.strict() });
}

/** One block's variables over those of the blocks around it. */
export class Locals implements LocalNames {
  readonly #x: Execution;
  readonly #outer: LocalNames | undefined;
  readonly #own = new Map<string, LocalName>();

  constructor(x: Execution, outer: LocalNames | undefined) {
    this.#x = x;
    this.#outer = outer;
  }

  declare(name: string, type: ColumnType, value: Value): void {
    if (this.#own.size >= MAX_LOCALS) throw sqlError('ER_OUT_OF_RESOURCES');
    const column = localColumn(this.#x, name, type);
    let held = fitted(this.#x, column, value);
    this.#own.set(name.toLowerCase(), {
      type: toldType(column),
      get: () => this.#x.session.atZone(held),
      set: (given) => {
        held = fitted(this.#x, column, given);
      },
    });
  }

  find(path: readonly string[]): LocalName | undefined {
    const own = path.length === 1 ? this.#own.get((path[0] as string).toLowerCase()) : undefined;
    return own ?? this.#outer?.find(path);
  }
}

/** NEW and OLD of a trigger; NEW takes values before the row is written. */
export class TriggerRows implements LocalNames {
  readonly #x: Execution;
  readonly #columns: readonly TableColumn[];
  readonly #rows: Readonly<Record<string, StoredRow | undefined>>;
  readonly #event: string;
  readonly #settable: boolean;

  constructor(
    x: Execution,
    columns: readonly TableColumn[],
    rows: { readonly old: StoredRow | undefined; readonly new: StoredRow | undefined },
    event: string,
    settable: boolean,
  ) {
    this.#x = x;
    this.#columns = columns;
    this.#rows = rows;
    this.#event = event;
    this.#settable = settable;
  }

  find(path: readonly string[]): LocalName | undefined {
    const which = path.length === 2 ? (path[0] as string).toLowerCase() : '';
    if (which !== 'new' && which !== 'old') return undefined;
    const row = this.#rows[which];
    if (!row) throw sqlError('ER_TRG_NO_SUCH_ROW_IN_TRG', which.toUpperCase(), this.#event);
    const wanted = (path[1] as string).toLowerCase();
    const at = this.#columns.findIndex((column) => column.name.toLowerCase() === wanted);
    const column = this.#columns[at];
    if (!column) throw sqlError('ER_BAD_FIELD_ERROR', path[1] as string, which.toUpperCase());
    return {
      type: toldType(column),
      get: () => this.#x.session.atZone(row[at] ?? null),
      set: (value) => {
        if (which === 'old' || !this.#settable) throw sqlError('ER_TRG_CANT_CHANGE_ROW', which.toUpperCase(), 'after ');
        row[at] = fitted(this.#x, column, value);
      },
    };
  }
}
