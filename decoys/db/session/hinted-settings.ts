// SET_VAR and RESOURCE_GROUP hints: variables that have another value for one statement.
// Source: https://dev.mysql.com/doc/refman/9.7/en/optimizer-hints.html#optimizer-hints-set-var; the list as a live 9.7.4 takes it.

import { resourceGroup } from '../overlay/resource-groups.ts';
import type { SettingHint } from '../sql/ast/statement.ts';
import { SqlError } from '../sql/errors.ts';
import type { Execution } from '../sql/execution.ts';
import type { Value } from '../sql/value/value.ts';
import type { Session } from './session.ts';
import { convertValue } from './statements/set-value.ts';
import { findVariable } from './variables.ts';

const SETTABLE: ReadonlySet<string> = new Set(
  'auto_increment_increment auto_increment_offset big_tables bulk_insert_buffer_size cte_max_recursion_depth default_table_encryption default_tmp_storage_engine div_precision_increment enable_secondary_engine_statistics end_markers_in_json eq_range_index_dive_limit foreign_key_checks group_concat_max_len insert_id internal_tmp_mem_storage_engine join_buffer_size lock_wait_timeout max_error_count max_execution_time max_heap_table_size max_join_size max_length_for_sort_data max_points_in_geometry max_seeks_for_key max_sort_length optimizer_max_subgraph_pairs optimizer_prune_level optimizer_search_depth optimizer_switch range_alloc_block_size range_optimizer_max_mem_size read_buffer_size read_rnd_buffer_size secondary_engine_cost_threshold select_into_buffer_size select_into_disk_sync select_into_disk_sync_delay set_operations_buffer_size sort_buffer_size sql_auto_is_null sql_big_selects sql_buffer_result sql_mode sql_require_primary_key sql_safe_updates sql_select_limit time_zone timestamp tmp_table_size unique_checks updatable_views_with_limit use_secondary_engine windowing_use_high_precision xa_detach_on_prepare'.split(
    ' ',
  ),
);

function warnGroup(session: Session, name: string): void {
  const group = resourceGroup(session.overlay, name);
  if (!group) session.addWarning('Warning', 3651, `Resource Group '${name}' does not exist.`);
  else if (group.system)
    session.addWarning(
      'Warning',
      3661,
      `Unable to bind resource group ${name} with thread id (${session.connectionId}).(System resource group can't be bound with a session thread).`,
    );
}

/** Sets what the hints set and warns of what they cannot; gives how to take it back. */
export function applyHints(x: Execution, hints: readonly SettingHint[]): () => void {
  const { session } = x;
  const before = new Map<string, Value | undefined>();
  for (const hint of hints) {
    if (hint.group) {
      warnGroup(session, hint.name);
      continue;
    }
    const facts = findVariable(hint.name, session.overlay);
    if (!facts) session.addWarning('Warning', 3128, `Unresolved name '${hint.name}' for SET_VAR hint`);
    else if (!SETTABLE.has(facts.name))
      session.addWarning('Warning', 3637, `Variable '${hint.name}' cannot be set using SET_VAR hint.`);
    else if (before.has(facts.name)) {
      const quoted = typeof hint.value === 'string' ? `'${hint.value}'` : String(hint.value);
      const told = `Hint SET_VAR(${hint.name}=${quoted})  is ignored as conflicting/duplicated`;
      session.addWarning('Warning', 3126, told);
    } else {
      try {
        const value = convertValue(x, facts, hint.value);
        before.set(facts.name, session.variables.get(facts.name));
        session.variables.set(facts.name, value);
      } catch (error) {
        if (!(error instanceof SqlError)) throw error;
        session.addWarning('Warning', error.code, error.message);
      }
    }
  }
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) session.variables.delete(name);
      else session.variables.set(name, value);
    }
  };
}
