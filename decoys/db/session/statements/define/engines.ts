// Storage engines a table may name, and what those that are not InnoDB lack.
// Source: https://dev.mysql.com/doc/refman/9.7/en/storage-engines.html
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';

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
