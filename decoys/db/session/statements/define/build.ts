// A table made from its definition, or the error MySQL answers for one it cannot be made from.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-table.html

import { makeColumn, type TableColumn } from '../../../overlay/column.ts';
import type { Check, ForeignKey } from '../../../overlay/constraint.ts';
import { OverlayTable, type TableFacts } from '../../../overlay/table.ts';
import type {
  CheckSpec,
  ColumnSpec,
  ForeignKeySpec,
  IndexSpec,
  KeyPart,
  Partitioning,
} from '../../../sql/ast/table.ts';
import { compile } from '../../../sql/compile.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { madeColumn, Scope, type ScopeColumn } from '../../../sql/scope.ts';
import { compilerOf } from '../../../sql/select.ts';
import { FLAG, TYPE } from '../../../wire/constants.ts';
import { checkColumns, checkReferences, withDefault } from './column-rules.ts';
import {
  checkCounts,
  checkForeignKey,
  checkForeignKeyNames,
  impliedIndexes,
  namedChecks,
  namedForeignKeys,
} from './constraints.ts';
import { checkEngine, keepsForeignKeys, suitedIndex } from './engines.ts';
import { problemOf } from './expressions.ts';
import { specOf } from './inferred.ts';
import { allIndexes, checkKeys, indexFlags } from './keys.ts';
import { checkPartitioning } from './partitions.ts';

export interface TableDefinition {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly ColumnSpec[];
  /** Those of the columns' own attributes among them. */
  readonly indexes: readonly IndexSpec[];
  readonly foreignKeys: readonly ForeignKeySpec[];
  readonly checks: readonly CheckSpec[];
  readonly partitioning: Partitioning | undefined;
  readonly facts: TableFacts;
}

/** Constraints a table keeps while it is altered. */
export interface Kept {
  readonly checks: readonly Check[];
  readonly foreignKeys: readonly ForeignKey[];
}

const NOTHING_KEPT: Kept = { checks: [], foreignKeys: [] };

/** The table of a definition, empty. Throws what MySQL answers for one it cannot be made from. */
export function buildTable(x: Execution, definition: TableDefinition, kept: Kept = NOTHING_KEPT): OverlayTable {
  const { schema, name, facts } = definition;
  const { columns } = definition;
  checkColumns(columns);
  const added = keepsForeignKeys(facts.engine) ? definition.foreignKeys : [];
  checkCounts(added);
  const keys = allIndexes(columns, [...definition.indexes, ...impliedIndexes(definition.indexes, added)]);
  const plain = columns.map((column) => makeColumn(column, facts.collation, indexFlags(keys, columns, column)));
  const made = plain.map((column) => withDefault(x, column));
  checkReferences(made);
  const suited = keys.map((index) => suitedIndex(x, index, facts));
  const { indexes, hidden } = functionalParts(x, schema, name, suited, made, facts.collation);
  const all = [...made, ...hidden];
  checkAutoIncrement(all, indexes);
  checkKeys(x, all, indexes, facts.engine);
  checkEngine(made, indexes, facts.engine);
  checkGenerations(x, made);
  const table = new OverlayTable(schema, name, all, indexes, facts);
  table.checks = namedChecks(name, made, kept.checks, definition.checks);
  const foreignKeys = namedForeignKeys(x, schema, name, kept.foreignKeys, added);
  const checked = foreignKeys.map((key) => checkForeignKey(x, table, key));
  checkForeignKeyNames(x, table, [...kept.foreignKeys, ...checked]);
  table.foreignKeys = [...kept.foreignKeys, ...checked];
  table.partitioning = definition.partitioning && checkPartitioning(x, table, definition.partitioning);
  return table;
}

function checkAutoIncrement(columns: readonly TableColumn[], indexes: readonly IndexSpec[]): void {
  const autos = columns.filter((column) => column.spec.autoIncrement);
  const keyed = (column: TableColumn) =>
    indexes.some((index) => index.columns[0]?.name.toLowerCase() === column.name.toLowerCase());
  if (autos.length > 1 || !autos.every(keyed)) throw sqlError('ER_WRONG_AUTO_KEY');
}

function scopeOf(schema: string, table: string, columns: readonly TableColumn[]): Scope {
  return new Scope(
    columns.map(
      (column): ScopeColumn => ({
        schema,
        table,
        name: column.name,
        type: column.type,
        orgTable: table,
        orgName: column.name,
        shownSchema: schema,
      }),
    ),
    undefined,
  );
}

/** Compiles what columns are generated from, so that its own errors are told now. */
function checkGenerations(x: Execution, columns: readonly TableColumn[]): void {
  const generated = columns.flatMap(({ spec }) => spec.generated ?? []);
  if (generated.length === 0) return;
  const scope = scopeOf('', '', columns);
  scope.clause = 'generated column function';
  for (const { expression } of generated) compile(compilerOf(x), expression, scope);
}

/** Gives each expression of an index a hidden column that holds it. */
function functionalParts(
  x: Execution,
  schema: string,
  table: string,
  indexes: readonly IndexSpec[],
  columns: readonly TableColumn[],
  collation: string,
): { readonly indexes: IndexSpec[]; readonly hidden: TableColumn[] } {
  const hidden: TableColumn[] = [];
  const made = indexes.map((index) => ({
    ...index,
    columns: index.columns.map((part, at): KeyPart => {
      if (!part.expression) return part;
      const column = hiddenColumn(x, scopeOf(schema, table, columns), index, at, part.expression, collation, columns);
      hidden.push(column);
      return { ...part, name: column.name };
    }),
  }));
  return { indexes: made, hidden };
}

function hiddenColumn(
  x: Execution,
  scope: Scope,
  index: IndexSpec,
  at: number,
  expression: NonNullable<KeyPart['expression']>,
  collation: string,
  columns: readonly TableColumn[],
): TableColumn {
  if (index.kind === 'fulltext') throw sqlError('ER_FULLTEXT_FUNCTIONAL_INDEX');
  if (index.kind === 'spatial') throw sqlError('ER_SPATIAL_FUNCTIONAL_INDEX');
  if (expression.kind === 'column') throw sqlError('ER_FUNCTIONAL_INDEX_ON_FIELD');
  const problem = problemOf(expression, 'other');
  if (problem) throw sqlError('ER_FUNCTIONAL_INDEX_FUNCTION_IS_NOT_ALLOWED', index.name);
  scope.clause = 'functional index';
  const array = expression.kind === 'cast' && expression.array === true;
  const kept = expression.kind === 'cast' && array ? { ...expression, elements: index.name } : expression;
  const node = compile(compilerOf(x), kept, scope);
  for (const read of scope.used)
    if (columns.find((column) => column.name === read.name)?.spec.autoIncrement)
      throw sqlError('ER_FUNCTIONAL_INDEX_REF_AUTO_INCREMENT', index.name);
  const { type } = node;
  if (!array && (type.type === TYPE.JSON || type.type === TYPE.GEOMETRY))
    throw sqlError('ER_FUNCTIONAL_INDEX_ON_JSON_OR_GEOMETRY_FUNCTION');
  const spec = specOf(madeColumn(`!hidden!${index.name}!${at}!0`, { ...type, nullable: true }));
  if (!array && /text$|blob$/.test(spec.type.name)) throw sqlError('ER_FUNCTIONAL_INDEX_ON_LOB');
  const flags = index.kind === 'unique' ? FLAG.UNIQUE_KEY : FLAG.MULTIPLE_KEY;
  const full = { ...spec, generated: { expression: kept, stored: false }, nullable: undefined };
  return { ...makeColumn(full, type.text ? type.collation : collation, flags), hidden: true };
}
