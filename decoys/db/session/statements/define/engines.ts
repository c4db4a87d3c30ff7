// Storage engines a table may name, and what those that are not InnoDB lack.
// Source: https://dev.mysql.com/doc/refman/9.7/en/storage-engines.html
import { baseOf, type TableColumn } from '../../../overlay/column.ts';
import type { TableFacts } from '../../../overlay/table.ts';
import type { IndexSpec } from '../../../sql/ast/table.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { TYPE } from '../../../wire/constants.ts';

const ENGINES = ['InnoDB', 'MyISAM', 'MEMORY', 'CSV', 'ARCHIVE', 'BLACKHOLE', 'MRG_MYISAM'];
const ALIASES: Readonly<Record<string, string>> = { __proto__: null as never, heap: 'MEMORY', merge: 'MRG_MYISAM' };
/** Built in, but not switched on. */
const OFF = ['federated', 'ndb', 'ndbcluster', 'ndbinfo'];

/** The engine by any of its names; throws 1286 for one there is not, or takes InnoDB with a warning where sql_mode allows. */
export function engineOf(x: Execution, name: string, table: string): string {
  if (name === '') return defaultEngine(x);
  const lower = name.toLowerCase();
  const found = ALIASES[lower] ?? ENGINES.find((engine) => engine.toLowerCase() === lower);
  if (lower === 'performance_schema') throw sqlError('ER_WRONG_PERFSCHEMA_USAGE');
  if (found) return found;
  if (x.session.sqlMode().includes('NO_ENGINE_SUBSTITUTION') || OFF.includes(lower))
    throw sqlError('ER_UNKNOWN_STORAGE_ENGINE', name);
  x.warn('ER_UNKNOWN_STORAGE_ENGINE', name);
  x.warn('ER_WARN_USING_OTHER_HANDLER', 'InnoDB', table);
  return 'InnoDB';
}

function defaultEngine(x: Execution): string {
  const name = x.session.text('default_storage_engine').toLowerCase();
  return ENGINES.find((engine) => engine.toLowerCase() === name) ?? 'InnoDB';
}

/** Whether an engine enforces foreign keys; others forget them. */
export function keepsForeignKeys(engine: string): boolean {
  return engine === 'InnoDB';
}

/** Engines that keep generated columns. */
const GENERATING: ReadonlySet<string> = new Set(['InnoDB', 'MyISAM', 'CSV', 'BLACKHOLE']);

/** Throws 1163, 1178, 1478 or 3106 for columns or indexes an engine cannot keep. */
export function checkEngine(columns: readonly TableColumn[], indexes: readonly IndexSpec[], engine: string): void {
  const virtual = new Set<string>();
  for (const { name, spec } of columns) {
    if (!spec.generated) continue;
    if (!GENERATING.has(engine))
      throw sqlError('ER_UNSUPPORTED_ACTION_ON_GENERATED_COLUMN', 'Specified storage engine');
    if (!spec.generated.stored) virtual.add(name.toLowerCase());
  }
  if (engine !== 'InnoDB' && indexes.some((index) => index.columns.some(({ name }) => virtual.has(name.toLowerCase()))))
    throw sqlError('ER_ILLEGAL_HA_CREATE_OPTION', engine, 'Index on virtual generated column');
  if (engine === 'MEMORY' && columns.some((column) => LARGE.has(baseOf(column).type)))
    throw sqlError('ER_TABLE_CANT_HANDLE_BLOB');
  if (engine === 'CSV' && columns.some((column) => column.nullable))
    throw sqlError('ER_CHECK_NOT_IMPLEMENTED', 'nullable columns');
}

const LARGE: ReadonlySet<number> = new Set([TYPE.BLOB, TYPE.JSON, TYPE.GEOMETRY]);

/** An index as the engine makes it: InnoDB has trees alone, and blocks of other sizes in compressed tables alone. */
export function suitedIndex(x: Execution, index: IndexSpec, { engine, others }: TableFacts): IndexSpec {
  if (engine !== 'InnoDB') return index;
  const hashed = index.using === 'HASH';
  if (hashed) x.note('ER_UNSUPPORTED_INDEX_ALGORITHM');
  const { using, blockSize, ...rest } = index;
  const compressed = others.get('ROW_FORMAT') === 'COMPRESSED';
  return { ...rest, ...(using && !hashed && { using }), ...(blockSize && compressed && { blockSize }) };
}

/** Throws 3185 or 3981 for options that need a keyring, or another engine. */
export function refuseOptions(engine: string, others: ReadonlyMap<string, string>): void {
  if (others.get('ENCRYPTION')?.toUpperCase() === 'Y') throw sqlError('ER_CANNOT_FIND_KEY_IN_KEYRING');
  if ((others.get('ENGINE_ATTRIBUTE') ?? '') !== '') throw sqlError('ER_ENGINE_ATTRIBUTE_NOT_SUPPORTED', engine);
}
