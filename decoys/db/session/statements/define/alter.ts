// ALTER TABLE, and the CREATE INDEX and DROP INDEX it stands for.
// Source: https://dev.mysql.com/doc/refman/9.7/en/alter-table.html
import { definitionBytes } from '../../../overlay/overlay.ts';
import type { StoredRow } from '../../../overlay/row-bytes.ts';
import { storeValue } from '../../../overlay/store-value.ts';
import type { OverlayTable, TableFacts } from '../../../overlay/table.ts';
import type { AlterAction } from '../../../sql/ast/definition.ts';
import type { StatementOf } from '../../../sql/ast/statement.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { mapped, type Steps } from '../../../sql/steps.ts';
import { findCollation } from '../../../sql/value/charset.ts';
import type { Value } from '../../../sql/value/value.ts';
import { OK, type Outcome } from '../../outcome.ts';
import { expectIdle, redefined } from '../../row-locking.ts';
import { canonicalSchema } from '../../schemas.ts';
import { addedValue, implicitDefault } from '../change/defaults.ts';
import { checkReferred } from '../change/references.ts';
import { rowRules } from '../change/row-rules.ts';
import { materialize } from '../materialize.ts';
import { ALTERS, type Shape } from './alter-actions.ts';
import { afterwards, checkAlgorithm, copiesRows } from './alter-algorithm.ts';
import { alterPartitions, isPartitionAction } from './alter-partitions.ts';
import { buildTable } from './build.ts';
import { checkKinds, leads } from './constraints.ts';
import { collationFrom } from './database.ts';
import { renameTable } from './drop.ts';
import { engineOf, refuseOptions } from './engines.ts';
import { warnDuplicates } from './keys.ts';
import { checksForeignKeys, childrenOf } from './references.ts';

function shapeOf(table: OverlayTable): Shape {
  return {
    table,
    columns: table.named.map((column) => ({ ...column.spec, primary: false, unique: false })),
    origin: table.named.map((column) => column.name),
    indexes: [...table.indexes],
    added: [],
    foreignKeys: [...table.foreignKeys],
    newForeignKeys: [],
    checks: [...table.checks],
    newChecks: [],
    convert: undefined,
  };
}

function factsAfter(x: Execution, s: StatementOf<'alter-table'>, shape: Shape): TableFacts {
  const { facts } = shape.table;
  const { options } = s;
  const others = new Map(facts.others);
  for (const [name, value] of options.others) {
    if (value === 'DEFAULT') others.delete(name);
    else others.set(name, value);
  }
  refuseOptions(facts.engine, options.others);
  const collation = shape.convert ?? collationFrom(options.charset, options.collation, facts.collation);
  return {
    ...facts,
    others,
    collation,
    engine: options.engine ? engineOf(x, options.engine, shape.table.name) : facts.engine,
    comment: options.comment || facts.comment,
  };
}

/** A column keeps the collation it had while its table takes another, unless it is converted. */
function fixCollations(shape: Shape, collation: string): void {
  if (collation === shape.table.facts.collation && shape.convert === undefined) return;
  const charset = findCollation(collation)?.charset;
  shape.columns = shape.columns.map((spec, at) => {
    const name = shape.origin[at];
    const column = name === undefined ? undefined : shape.table.columns[shape.table.columnAt(name)];
    if (!column?.charset) return spec;
    if (shape.convert === undefined)
      return {
        ...spec,
        inherited: spec.type.collation === '' && spec.type.charset === '',
        type: { ...spec.type, collation: spec.type.collation || column.collation, charset: '' },
      };
    const grown = charset === 'utf8mb4' && column.charset !== 'utf8mb4' && /text$/.test(spec.type.name);
    const name_ = grown ? (WIDER[spec.type.name] ?? spec.type.name) : spec.type.name;
    return { ...spec, type: { ...spec.type, name: name_, collation: '', charset: '' } };
  });
}

/** A text type that holds as many characters of a wider character set. */
const WIDER: Readonly<Record<string, string>> = { tinytext: 'text', text: 'mediumtext', mediumtext: 'longtext' };

/** The table rebuilt to the shape; a column that stays keeps its values. */
function rebuild(x: Execution, shape: Shape, facts: TableFacts): OverlayTable {
  const { table } = shape;
  const made = buildTable(
    x,
    {
      schema: table.schema,
      name: table.name,
      columns: shape.columns,
      indexes: shape.indexes,
      foreignKeys: shape.newForeignKeys,
      checks: shape.newChecks,
      partitioning: table.partitioning,
      facts,
    },
    { checks: shape.checks, foreignKeys: shape.foreignKeys },
  );
  made.temporary = table.temporary;
  made.autoIncrement = made.columns.some((column) => column.spec.autoIncrement) ? table.autoIncrement : 1n;
  return made;
}

/** Rows of the old table as the new one holds them, in turns; throws where a value or a constraint stands against it. */
function* carryRows(x: Execution, shape: Shape, made: OverlayTable, copies: boolean): Steps<void> {
  const { table } = shape;
  const places = shape.origin.map((name) => (name === undefined ? -1 : table.columnAt(name)));
  const rules = rowRules(x, made);
  const strict = x.session.strict();
  const rows = yield* mapped(x, table.ordered(), (row, number): StoredRow => {
    x.spend(1 + made.columns.length);
    const values = made.columns.map((column, at): Value => {
      const place = places[at] ?? -1;
      if (place < 0) return column.spec.generated ? null : addedValue(x, made, column);
      const value = row[place] as Value;
      if (value === null) {
        if (column.nullable || column.spec.autoIncrement) return null;
        // What is changed in place is refused as a whole; what is copied is looked at row by row.
        if (strict && !copies) throw sqlError('ER_INVALID_USE_OF_NULL');
        if (strict) throw sqlError('ER_WARN_DATA_TRUNCATED', column.name, number + 1);
        x.warn('ER_WARN_DATA_TRUNCATED', column.name, number + 1);
        return implicitDefault(column);
      }
      if (column === table.columns[place]) return value;
      return storeValue(value, column, { x, row: number + 1, strict, cut: true });
    });
    return rules.complete(values, number + 1);
  });
  for (const row of rows) {
    x.spend(1 + made.indexes.length);
    if (x.turnIsOver) yield;
    rules.check(row);
    rules.place(row);
    const conflict = made.conflict(row);
    if (conflict) throw made.duplicateError(row, conflict.index, x);
    made.insert(row);
  }
  const fresh = made.foreignKeys.filter((key) => !shape.foreignKeys.includes(key));
  if (fresh.length === 0) return;
  for (const row of made.rows) {
    x.spend(fresh.length);
    if (x.turnIsOver) yield;
    checkReferred(x, made, row, fresh);
  }
}

/** True where a column that could be NULL no longer may: where sql_mode is lax its rows are copied for that. */
function takesNull({ table, origin }: Shape, made: OverlayTable): boolean {
  return made.columns.some((column, at) => {
    const from = origin[at];
    return from !== undefined && !column.nullable && table.columns[table.columnAt(from)]?.nullable === true;
  });
}

/** Throws 3780 where a key would no longer fit the column it is over or refers to. */
function refuseMismatch(x: Execution, shape: Shape, made: OverlayTable): void {
  for (const key of made.foreignKeys) if (shape.foreignKeys.includes(key)) checkKinds(x, made, key);
  if (!checksForeignKeys(x)) return;
  const renamed = new Map(
    shape.origin.flatMap((from, at) => (from === undefined ? [] : [[from, shape.columns[at]?.name ?? from] as const])),
  );
  for (const { child, key } of childrenOf(x, shape.table)) {
    const referenced = key.referenced.map((name) => renamed.get(name) ?? name);
    if (child !== shape.table) checkKinds(x, child, { ...key, referenced }, made);
  }
}

/** Takes over what was rebuilt; the table stays the same object for those who hold it. */
function adopt(table: OverlayTable, made: OverlayTable): void {
  table.columns = made.columns;
  table.indexes = made.indexes;
  table.facts = made.facts;
  table.checks = made.checks;
  table.foreignKeys = made.foreignKeys;
  table.partitioning = made.partitioning;
  table.autoIncrement = made.autoIncrement;
  table.restore(made.rows);
  table.opened = true;
}

function copied(x: Execution, rows: number): string {
  return `Records: ${rows}  Duplicates: 0  Warnings: ${x.session.warningCount}`;
}

type Apply = (shape: Shape, action: AlterAction, x: Execution) => void;

/** ALTER TABLE: all of its actions or none. */
export function* alterTable(x: Execution, s: StatementOf<'alter-table'>): Steps<Outcome> {
  const table = alterable(x, s);
  const partitions = s.actions.find(isPartitionAction);
  if (partitions) return alterPartitions(x, table, partitions);
  const shape = shapeOf(table);
  const renamed = s.actions.find((action) => action.kind === 'rename');
  if (s.actions.length === 0) return OK;
  const keysOnly = s.actions.every((action) => action.kind === 'keys');
  if (keysOnly) {
    if (table.facts.engine === 'InnoDB') x.note('ER_NISAMCHK', table.name);
    return OK;
  }
  if (s.actions.every((action) => action.kind === 'rename')) {
    if (renamed) renameTable(x, table, targetOf(table, renamed));
    if (!table.temporary) return OK;
    return { kind: 'ok', affected: BigInt(table.rows.length), info: copied(x, table.rows.length) };
  }
  for (const action of s.actions) (ALTERS[action.kind] as Apply | undefined)?.(shape, action, x);
  // An index made for a foreign key goes where another does its work.
  shape.indexes = shape.indexes.filter(
    (index) =>
      !index.implied ||
      !shape.added.some((other) =>
        leads(
          other,
          index.columns.map(({ name }) => name),
        ),
      ),
  );
  shape.indexes.push(...shape.added);
  const facts = factsAfter(x, s, shape);
  fixCollations(shape, facts.collation);
  const copies = copiesRows(x, s, shape, facts);
  checkAlgorithm(s, shape, copies);
  const made = rebuild(x, shape, facts);
  afterwards(x, shape, made, s.actions);
  refuseMismatch(x, shape, made);
  const fresh = made.indexes.filter((index) => !table.indexes.some((old) => old.name === index.name));
  warnDuplicates(x, made.indexes, fresh, table);
  yield* carryRows(x, shape, made, copies);
  const moved = copies || (!x.session.strict() && takesNull(shape, made));
  const grown = Math.max(0, made.bytes + definitionBytes(made) - table.bytes - definitionBytes(table));
  x.session.server.overlays.claim(x.session.overlay, table.name, grown, 0);
  const children = childrenOf(x, table);
  adopt(table, made);
  redefined(x.session, table);
  followRenames(shape, children);
  if (s.options.autoIncrement > 0) raiseCounter(table, BigInt(s.options.autoIncrement));
  if (renamed) renameTable(x, table, targetOf(table, renamed));
  const rows = moved ? table.rows.length : 0;
  return {
    kind: 'ok',
    affected: BigInt(rows),
    info: copied(x, rows),
  };
}

function targetOf(
  table: OverlayTable,
  { schema, name }: Extract<AlterAction, { kind: 'rename' }>,
): { schema: string; name: string } {
  return { schema: schema || table.schema, name };
}

/** The table to alter; a view, and a table of the server's own, is none. */
function alterable(x: Execution, s: StatementOf<'alter-table'>): OverlayTable {
  const schema = canonicalSchema(s.table.schema || x.session.database);
  if (x.session.overlay.databases.get(schema)?.views.has(s.table.name))
    throw sqlError('ER_WRONG_OBJECT', schema, s.table.name, 'BASE TABLE');
  const table = materialize(x, s.table, 'ALTER');
  expectIdle(x.session, table);
  return table;
}

/** The next number: never below one that is taken. */
function raiseCounter(table: OverlayTable, wanted: bigint): void {
  const at = table.columns.findIndex((column) => column.spec.autoIncrement);
  let next = wanted;
  for (const row of at < 0 ? [] : table.rows) {
    const value = row[at];
    if (typeof value === 'bigint' && value >= next) next = value + 1n;
  }
  table.autoIncrement = next;
}

/** Keys that refer to a column follow it when it is renamed. */
function followRenames(shape: Shape, children: ReturnType<typeof childrenOf>): void {
  const renamed = new Map(
    shape.origin.flatMap((from, at) => (from === undefined ? [] : [[from, shape.columns[at]?.name ?? from] as const])),
  );
  for (const { child, key } of children)
    child.foreignKeys = child.foreignKeys.map((other) =>
      other === key ? { ...other, referenced: other.referenced.map((name) => renamed.get(name) ?? name) } : other,
    );
}

const NO_OPTIONS = { engine: '', charset: '', collation: '', comment: '', autoIncrement: 0, others: new Map() };

/** CREATE INDEX. */
export function createIndex(x: Execution, s: StatementOf<'create-index'>): Steps<Outcome> {
  const actions = [{ kind: 'add-index', index: s.index } as const, ...s.actions];
  return alterTable(x, { kind: 'alter-table', table: s.table, actions, options: NO_OPTIONS });
}

/** DROP INDEX. */
export function dropIndex(x: Execution, s: StatementOf<'drop-index'>): Steps<Outcome> {
  const actions = [{ kind: 'drop-index', name: s.name } as const, ...s.actions];
  return alterTable(x, { kind: 'alter-table', table: s.table, actions, options: NO_OPTIONS });
}
