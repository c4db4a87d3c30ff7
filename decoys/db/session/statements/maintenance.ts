// CHECK, ANALYZE, OPTIMIZE, REPAIR and CHECKSUM TABLE, and what engines answer that know no such thing.
// Source: https://dev.mysql.com/doc/refman/9.7/en/table-maintenance-statements.html; rows as recorded from 9.7.
import { type SystemTable, systemTable } from '../../persona/system-tables.ts';
import type { StatementOf } from '../../sql/ast/statement.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import type { Value } from '../../sql/value/value.ts';
import type { Outcome } from '../outcome.ts';
import { canonicalSchema, schemaExists, tableExists } from '../schemas.ts';
import { shown } from './result.ts';

const DONE: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  check: [['status', 'OK']],
  analyze: [['status', 'OK']],
  optimize: [
    ['note', 'Table does not support optimize, doing recreate + analyze instead'],
    ['status', 'OK'],
  ],
  repair: [['note', "The storage engine for the table doesn't support repair"]],
};

/** What maintenance of the server's own views and of engines other than InnoDB is answered with; undefined where as of others. */
function specialMaintenance({ type, engine }: SystemTable, operation: string, name: string): Value[][] | undefined {
  if (type === 'VIEW' && operation !== 'check' && operation !== 'checksum')
    return [
      [name, operation, 'Error', `'${name}' is not BASE TABLE`],
      [name, operation, 'status', 'Operation failed'],
    ];
  const unsupported = [[name, operation, 'note', `The storage engine for the table doesn't support ${operation}`]];
  if (engine === 'PERFORMANCE_SCHEMA' && operation !== 'checksum') return unsupported;
  if (engine === 'CSV' && operation === 'optimize') return unsupported;
  if (engine === 'CSV' && operation === 'repair') return [[name, operation, 'status', 'OK']];
  return undefined;
}

/** Rows of Table, Op, Msg_type and Msg_text, or of Table and Checksum. */
export function runMaintenance(x: Execution, s: StatementOf<'table-maintenance'>): Outcome {
  const { session } = x;
  const rows: Value[][] = [];
  for (const table of s.tables) {
    const schema = canonicalSchema(table.schema || session.database);
    if (schema === '') throw sqlError('ER_NO_DB_ERROR');
    const name = `${schema}.${table.name}`;
    const there = tableExists(session, schema, table.name);
    if (schema === 'information_schema' && there && s.operation !== 'check' && s.operation !== 'checksum')
      throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, '%', schema);
    const system = systemTable(schema, table.name);
    const special = system && specialMaintenance(system, s.operation, name);
    if (special) rows.push(...special);
    else if (s.operation === 'checksum') {
      if (!there) session.addWarning('Error', 1146, `Table '${name}' doesn't exist`);
      const empty = there && session.table(schema, table.name).rows(x).length === 0;
      rows.push([name, there ? (empty ? 0n : BigInt(session.server.hash(name))) : null]);
    } else if (there) for (const [type, text] of DONE[s.operation] ?? []) rows.push([name, s.operation, type, text]);
    else if (schemaExists(session, schema))
      rows.push(
        [name, s.operation, 'Error', `Table '${name}' doesn't exist`],
        [name, s.operation, 'status', 'Operation failed'],
      );
    else
      rows.push(
        [name, s.operation, 'Error', `Unknown database '${schema}'`],
        s.operation === 'check'
          ? [name, s.operation, 'error', 'Corrupt']
          : [name, s.operation, 'status', 'Operation failed'],
      );
  }
  return shown(session, s.operation === 'checksum' ? 'checksum' : 'table-maintenance', rows);
}

/** Key caches are MyISAM's: for a table of any other engine one note says so. */
export function unsupportedByEngine(x: Execution, s: StatementOf<'administration'>, operation: string): Outcome {
  const rows = s.tables.map((table): Value[] => {
    const schema = canonicalSchema(table.schema || x.session.database);
    if (schema === '') throw sqlError('ER_NO_DB_ERROR');
    const name = `${schema}.${table.name}`;
    if (!tableExists(x.session, schema, table.name)) return [name, operation, 'Error', `Table '${name}' doesn't exist`];
    return [name, operation, 'note', `The storage engine for the table doesn't support ${operation}`];
  });
  return shown(x.session, 'table-maintenance', rows);
}
