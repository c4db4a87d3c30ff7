// What the expressions of a definition may hold: those of generated columns, defaults, checks and functional indexes.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-table-generated-columns.html and create-table-check-constraints.html
import type { Expression } from '../../../sql/ast/expression.ts';
import { partsOf } from '../../../sql/parts.ts';

/** Functions whose result is not settled by their arguments. */
const UNSETTLED: ReadonlySet<string> = new Set(
  'benchmark connection_id curdate current_role current_user curtime database found_rows get_lock is_free_lock is_used_lock last_insert_id load_file master_pos_wait now rand release_all_locks release_lock row_count sleep source_pos_wait sysdate unix_timestamp user utc_date utc_time utc_timestamp uuid uuid_short version wait_for_executed_gtid_set statement_digest statement_digest_text name_const roles_graphml icu_version ps_current_thread_id ps_thread_id'.split(
    ' ',
  ),
);

/** Of those, what a default may call all the same. */
const IN_DEFAULTS: ReadonlySet<string> = new Set(
  'connection_id curdate current_role current_user curtime database found_rows now rand row_count sysdate unix_timestamp user utc_date utc_time utc_timestamp uuid uuid_short version'.split(
    ' ',
  ),
);

/** Aliases the server names itself by when it refuses them. */
const REFUSED_NAMES: Readonly<Record<string, string>> = {
  __proto__: null as never,
  current_timestamp: 'now',
  localtime: 'now',
  localtimestamp: 'now',
  current_date: 'curdate',
  current_time: 'curtime',
  schema: 'database',
  session_user: 'user',
  system_user: 'user',
};

export type Problem =
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'subquery' | 'variable' | 'row' };

/** What an expression holds that no definition may; undefined where there is nothing. */
export function problemOf(e: Expression, where: 'default' | 'other'): Problem | undefined {
  for (const part of partsOf(e)) {
    switch (part.kind) {
      case 'call': {
        const lower = part.name.toLowerCase();
        const name = REFUSED_NAMES[lower] ?? lower;
        if (part.schema !== '') return { kind: 'function', name: part.name };
        if (UNSETTLED.has(name) && !(where === 'default' && IN_DEFAULTS.has(name))) return { kind: 'function', name };
        break;
      }
      case 'subquery':
      case 'exists':
      case 'in-query':
      case 'compare-query':
        return { kind: 'subquery' };
      case 'aggregate':
      case 'window':
        return { kind: 'function', name: part.name.toLowerCase() };
      case 'variable':
      case 'system':
      case 'assign':
      case 'parameter':
        return { kind: 'variable' };
      default:
    }
  }
  return e.kind === 'row' ? { kind: 'row' } : undefined;
}
