// Rows of information_schema.PROFILING: the stages of a session's last statements, and where the server goes through each.
// Source: https://dev.mysql.com/doc/refman/9.7/en/information-schema-profiling-table.html; places as a live 9.7.4 tells them.
import type { Value } from '../../sql/value/value.ts';
import { type Profile, stageSeconds } from '../profiles.ts';
import type { Session } from '../session.ts';
import type { Record_ } from './record.ts';

type Place = readonly [source: string, file: string, line: bigint];

/** Where a statement enters each stage. */
const PLACES: Readonly<Record<string, Place>> = {
  __proto__: null as never,
  'After create': ['create_table_impl', 'sql_table.cc', 9_928n],
  'Creating tmp table': ['create_intermediate_table', 'sql_executor.cc', 246n],
  'Executing hook on transaction ': ['launch_hook_trans_begin', 'rpl_handler.cc', 1_485n],
  'Opening tables': ['open_tables', 'sql_base.cc', 6_073n],
  'System lock': ['mysql_lock_tables', 'lock.cc', 333n],
  'checking permissions': ['check_access', 'sql_authorization.cc', 2_195n],
  'cleaning up': ['dispatch_command', 'sql_parse.cc', 2_500n],
  'closing tables': ['mysql_execute_command', 'sql_parse.cc', 5_005n],
  'creating table': ['create_table_impl', 'sql_table.cc', 9_850n],
  end: ['execute', 'sql_select.cc', 825n],
  executing: ['ExecuteIteratorQuery', 'sql_union.cc', 1_037n],
  'freeing items': ['dispatch_sql_command', 'sql_parse.cc', 5_491n],
  init: ['execute', 'sql_select.cc', 776n],
  optimizing: ['optimize', 'sql_optimizer.cc', 361n],
  preparing: ['optimize', 'sql_optimizer.cc', 797n],
  'query end': ['mysql_execute_command', 'sql_parse.cc', 4_929n],
  starting: ['launch_hook_trans_begin', 'rpl_handler.cc', 1_487n],
  statistics: ['optimize', 'sql_optimizer.cc', 712n],
  update: ['execute_inner', 'sql_insert.cc', 574n],
  updating: ['update_single_table', 'sql_update.cc', 861n],
  'User sleep': ['val_int', 'item_func.cc', 5_914n],
  'waiting for handler commit': ['ha_commit_trans', 'handler.cc', 1_688n],
};

/** Number of a statement's first stage. */
const FIRST_STAGE = 2;
/** The processor's share of a stage. */
const USER_SHARE = 0.97;

/** What a stage tells in a column beyond its time; `at` is its place among the statement's stages. */
export function stageCell(column: string, stage: string, seconds: number, at: number): Value {
  const place = at === 0 ? undefined : PLACES[stage];
  if (column === 'CPU_USER') return (seconds * USER_SHARE).toFixed(6);
  if (column === 'CPU_SYSTEM') return (0).toFixed(6);
  if (column === 'SOURCE_FUNCTION') return place?.[0] ?? null;
  if (column === 'SOURCE_FILE') return place?.[1] ?? null;
  if (column === 'SOURCE_LINE') return place?.[2] ?? null;
  return 0n;
}

const COUNTED = [
  ...['CPU_USER', 'CPU_SYSTEM', 'CONTEXT_VOLUNTARY', 'CONTEXT_INVOLUNTARY', 'BLOCK_OPS_IN', 'BLOCK_OPS_OUT'],
  ...['MESSAGES_SENT', 'MESSAGES_RECEIVED', 'PAGE_FAULTS_MAJOR', 'PAGE_FAULTS_MINOR', 'SWAPS'],
  ...['SOURCE_FUNCTION', 'SOURCE_FILE', 'SOURCE_LINE'],
];

function stageRows(profile: Profile): Record_[] {
  const seconds = stageSeconds(profile);
  return profile.stages.map((stage, at) => ({
    QUERY_ID: BigInt(profile.id),
    SEQ: BigInt(at + FIRST_STAGE),
    STATE: stage,
    DURATION: (seconds[at] ?? 0).toFixed(6),
    ...Object.fromEntries(COUNTED.map((column) => [column, stageCell(column, stage, seconds[at] ?? 0, at)])),
  }));
}

/** Rows of information_schema.PROFILING. */
export function profiling(session: Session): Record_[] {
  return session.profiles.all().flatMap(stageRows);
}
