// FOR UPDATE and FOR SHARE: which tables of a query they hold.
// Source: https://dev.mysql.com/doc/refman/9.7/en/innodb-locking-reads.html
import type { Locking, Query, SelectCore, TableRef } from '../ast/query.ts';
import { sqlError } from '../errors.ts';
import type { Source } from './source.ts';

/** How a query holds the rows it reads. Throws 3568 for a table that is not there, 3569 for one named twice. */
export function lockingOf({ locks = [] }: Query, core: SelectCore, source: Source): Locking | undefined {
  const aliases = aliasesOf(core.from);
  const named = new Set<string>();
  for (const { of } of locks) {
    for (const name of of) if (!aliases.includes(name)) throw sqlError('ER_UNRESOLVED_TABLE_LOCK', `\`${name}\``);
    for (const name of of.length > 0 ? of : aliases) {
      if (named.has(name)) throw sqlError('ER_DUPLICATE_TABLE_LOCK', of.length > 0 ? `\`${name}\`` : name);
      named.add(name);
    }
  }
  return source.table ? locks[0] : undefined;
}

function aliasesOf(ref: TableRef | undefined): string[] {
  if (!ref) return [];
  return ref.kind === 'join' ? [...aliasesOf(ref.left), ...aliasesOf(ref.right)] : [ref.alias];
}
