// By which columns of which other tables, or by which constants, the rows of a table can be looked up: equalities and what follows from them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/explain-output.html (ref, eq_ref), where-optimization.html
import type { Expression } from '../ast/expression.ts';
import type { ScopeColumn } from '../scope.ts';
import { queriesIn } from '../walk.ts';
import type { Conditions, Mask, PlanColumn } from './conditions.ts';
import { isFixed } from './ranges.ts';

/** One way to know a column's value: of the column of another table, or a constant (`depends` is 0). */
export interface KeyUse {
  readonly table: number;
  /** The column, in lower case. */
  readonly name: string;
  readonly depends: Mask;
  /** The column or constant it is equal to. */
  readonly source: PlanColumn | Expression;
  /** It may be NULL on both sides: `<=>` and IS NULL. */
  readonly nulls: boolean;
}

function sameColumn(a: PlanColumn, b: PlanColumn): boolean {
  return a.table === b.table && a.column.name === b.column.name;
}

/** Whether an index of one column finds the values of the other. */
function comparable(a: ScopeColumn, b: ScopeColumn): boolean {
  if (a.type.text && !b.type.text) return false;
  return !a.type.text || a.type.collation === b.type.collation;
}

function findable(column: ScopeColumn, e: Expression): boolean {
  if (e.kind === 'collate') return false;
  return !column.type.text || (e.kind !== 'number' && e.kind !== 'boolean');
}

interface Class {
  readonly columns: PlanColumn[];
  constant: Expression | undefined;
}

function isColumn(source: PlanColumn | Expression): source is PlanColumn {
  return 'table' in source;
}

/** All ways to look rows up, and the columns that are equal to each other, as they were written. Tables of an outer join's inner side take what its ON says, and what is known of the columns it names. */
export function keyUsesOf(conditions: Conditions): {
  readonly uses: KeyUse[];
  readonly equals: readonly (readonly PlanColumn[])[];
} {
  const { columnOf, conjuncts, optional } = conditions;
  const classes: Class[] = [];
  const uses: KeyUse[] = [];
  const classOf = (column: PlanColumn): Class => {
    let found = classes.find(({ columns }) => columns.some((other) => sameColumn(other, column)));
    if (!found) {
      found = { columns: [column], constant: undefined };
      classes.push(found);
    }
    return found;
  };
  const join = (a: PlanColumn, b: PlanColumn): void => {
    const [one, other] = [classOf(a), classOf(b)];
    if (one === other) return;
    one.columns.push(...other.columns);
    one.constant ??= other.constant;
    classes.splice(classes.indexOf(other), 1);
  };
  const add = (to: PlanColumn, source: PlanColumn | Expression, nulls: boolean): void => {
    if (isColumn(source) ? !comparable(to.column, source.column) : !findable(to.column, source)) return;
    const depends = isColumn(source) ? 1 << source.table : 0;
    uses.push({ table: to.table, name: to.column.name.toLowerCase(), depends, source, nulls });
  };
  const nested: (readonly [PlanColumn, PlanColumn | Expression, Mask])[] = [];
  const equate = (left: PlanColumn | Expression, right: PlanColumn | Expression, nest: Mask, nulls: boolean): void => {
    const [a, b] = isColumn(left) ? [left, right] : [right, left];
    if (!isColumn(a)) return;
    if (nest !== 0 || nulls) {
      if (nulls && nest === 0) {
        add(a, b, true);
        if (isColumn(b)) add(b, a, true);
      } else nested.push([a, b, nest]);
    } else if (isColumn(b)) {
      if (a.column.type.text === b.column.type.text) join(a, b);
      else {
        add(a, b, false);
        add(b, a, false);
      }
    } else classOf(a).constant ??= b;
  };
  for (const { e, nest } of conjuncts) {
    if (e.kind === 'is' && e.what === 'null' && !e.not) {
      const column = columnOf(e.operand);
      if (column && nest === 0) add(column, { kind: 'null', start: 0, end: 0 }, true);
      continue;
    }
    if (e.kind !== 'binary' || (e.operator !== '=' && e.operator !== '<=>')) continue;
    const [left, right] = [columnOf(e.left), columnOf(e.right)];
    const nulls = e.operator === '<=>';
    // A column of an outer query has one value for all rows of this one.
    const isValue = (side: Expression) => isFixed(side) || queriesIn(side).length > 0 || side.kind === 'column';
    if (left && right) equate(left, right, nest, nulls);
    else if (left && isValue(e.right)) equate(left, e.right, nest, nulls);
    else if (right && isValue(e.left)) equate(right, e.left, nest, nulls);
  }
  for (const [a, b] of conditions.pairs) {
    const inner = optional & ((1 << a.table) | (1 << b.table));
    equate(a, b, inner, false);
  }
  for (const { columns, constant } of classes)
    for (const column of columns) {
      if (constant) add(column, constant, false);
      for (const other of columns) if (other.table !== column.table) add(column, other, false);
    }
  for (const [a, b, nest] of nested) {
    const inside = (column: PlanColumn) => (nest & (1 << column.table)) !== 0;
    for (const [to, from] of [
      [a, b],
      [b, a],
    ] as const) {
      if (!isColumn(to) || !inside(to)) continue;
      add(to, from, false);
      if (!isColumn(from)) continue;
      const known = classes.find(({ columns }) => columns.some((other) => sameColumn(other, from)));
      if (known?.constant) add(to, known.constant, false);
      for (const other of known?.columns ?? [])
        if (other.table !== to.table && !sameColumn(other, from)) add(to, other, false);
    }
  }
  return { uses, equals: classes.map(({ columns }) => columns) };
}
