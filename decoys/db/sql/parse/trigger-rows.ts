// Which columns of NEW and OLD a trigger's body names, and which of them it could not have at its moment.
// Source: https://dev.mysql.com/doc/refman/9.7/en/trigger-syntax.html; errors as answered by a live 9.7.4.
import type { Flow, TriggerMoment } from '../ast/routine.ts';
import { sqlError } from '../errors.ts';

type RowName = readonly [row: string, column: string];

/** Nodes of a body looked at; a body that is cut by the cap of operands holds fewer. */
const MAX_NODES = 100_000;

function rowName(path: readonly string[]): RowName | undefined {
  const row = (path[0] ?? '').toUpperCase();
  return path.length === 2 && (row === 'NEW' || row === 'OLD') ? [row, path[1] as string] : undefined;
}

function expectThere([row]: RowName, { event }: TriggerMoment): void {
  if (event === (row === 'NEW' ? 'DELETE' : 'INSERT')) throw sqlError('ER_TRG_NO_SUCH_ROW_IN_TRG', row, event);
}

/** Throws 1362 and 1363 where SET may not give the row's column a value. */
function expectSettable(name: RowName, moment: TriggerMoment): void {
  if (name[0] === 'OLD') throw sqlError('ER_TRG_CANT_CHANGE_ROW', 'OLD', '');
  if (moment.event === 'DELETE') expectThere(name, moment);
  if (moment.timing === 'AFTER') throw sqlError('ER_TRG_CANT_CHANGE_ROW', 'NEW', 'after ');
}

/** The columns named, in no order. Throws 1362 and 1363 as the server does when the trigger is made. */
export function rowNames(flow: Flow, moment: TriggerMoment): RowName[] {
  const found: RowName[] = [];
  const open: unknown[] = [flow];
  for (let seen = 0; open.length > 0 && seen < MAX_NODES; seen++) {
    const node = open.pop();
    if (typeof node !== 'object' || node === null || Buffer.isBuffer(node)) continue;
    if (node instanceof Map) {
      open.push(...node.values());
      continue;
    }
    const { kind, path, scope, name } = node as { kind?: string; path?: string[]; scope?: string; name?: unknown };
    if (kind === 'column' && path) {
      const named = rowName(path);
      if (named) expectThere(named, moment);
      if (named) found.push(named);
    } else if (kind === 'system' && scope === '' && typeof name === 'string') {
      const named = rowName(name.split('.'));
      if (named) expectSettable(named, moment);
      if (named) found.push(named);
    }
    for (const value of Object.values(node)) if (typeof value === 'object') open.push(value);
  }
  return found;
}
