// CREATE, ALTER, DROP and SET RESOURCE GROUP.
// Source: https://dev.mysql.com/doc/refman/9.7/en/resource-group-statements.html; errors as answered by a live 9.7.4.

import {
  ALL_PROCESSORS,
  isDefaultGroup,
  PROCESSORS,
  type ResourceGroup,
  resourceGroup,
} from '../../overlay/resource-groups.ts';
import type { StatementOf } from '../../sql/ast/statement.ts';
import { SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { detached } from '../../sql/value/detached.ts';
import { OK, type Outcome } from '../outcome.ts';
import { threadIdOf } from '../thread-id.ts';

type Handler = (x: Execution, s: StatementOf<'administration'>) => Outcome;

/** Groups of one source; a server has up to 32. */
const MAX_GROUPS = 32;
const LOWEST = 19;
const HIGHEST = -20;

function failing(code: number, message: string): SqlError {
  return new SqlError(code, 'HY000', message);
}

function expected(x: Execution, name: string): ResourceGroup {
  const group = resourceGroup(x.session.overlay, name);
  if (!group) throw failing(3651, `Resource Group '${name}' does not exist.`);
  return group;
}

/** What a statement says of a group, by its words: VCPU, PRIORITY, ENABLE, DISABLE, FORCE, SYSTEM. */
function said(names: readonly string[], word: string): string | undefined {
  const at = names.indexOf(word);
  return at < 0 ? undefined : names[at + 1];
}

/** `0,1` and `0-1` as they are told: in ranges. */
function processorsIn(text: string): string {
  const found = new Set<number>();
  for (const part of text.split(',')) {
    const [from = 0, to = from] = part.split('-').map(Number);
    if (from > to) throw failing(3653, `Invalid VCPU range ${part}`);
    if (to >= PROCESSORS) throw failing(3652, `Invalid cpu id ${to}`);
    for (let id = from; id <= to; id++) found.add(id);
  }
  return found.size === PROCESSORS ? ALL_PROCESSORS : [...found].sort((a, b) => a - b).join(',');
}

function priorityIn(text: string, name: string, system: boolean): number {
  const [least, most] = system ? [HIGHEST, 0] : [0, LOWEST];
  const priority = Number(text);
  if (priority >= least && priority <= most) return priority;
  const kind = system ? 'System' : 'User';
  throw failing(
    3654,
    `Invalid thread priority value ${text} for ${kind} resource group ${name}. Allowed range is [${least}, ${most}].`,
  );
}

const create: Handler = (x, s) => {
  const { overlay } = x.session;
  if (resourceGroup(overlay, s.text)) throw failing(3650, `Resource Group '${s.text}' exists`);
  if (overlay.resourceGroups.size >= MAX_GROUPS) throw sqlError('ER_RECORD_FILE_FULL', s.text);
  const system = s.names.includes('SYSTEM');
  const processors = said(s.names, 'VCPU');
  const priority = said(s.names, 'PRIORITY');
  overlay.resourceGroups.set(detached(s.text.toLowerCase()), {
    name: detached(s.text),
    system,
    enabled: !s.names.includes('DISABLE'),
    processors: processors === undefined ? ALL_PROCESSORS : processorsIn(processors),
    priority: priority === undefined ? 0 : priorityIn(priority, s.text, system),
  });
  return OK;
};

const alter: Handler = (x, s) => {
  const group = expected(x, s.text);
  if (isDefaultGroup(group)) throw failing(3655, 'Alter operation is disallowed on default resource groups.');
  if (s.names.includes('FORCE') && !s.names.includes('DISABLE'))
    throw failing(3662, 'Option FORCE invalid as DISABLE option is not specified.');
  const processors = said(s.names, 'VCPU');
  const priority = said(s.names, 'PRIORITY');
  const [placed, ranked] = [
    processors === undefined ? group.processors : processorsIn(processors),
    priority === undefined ? group.priority : priorityIn(priority, group.name, group.system),
  ];
  group.processors = placed;
  group.priority = ranked;
  if (s.names.includes('ENABLE')) group.enabled = true;
  if (s.names.includes('DISABLE')) group.enabled = false;
  return OK;
};

const drop: Handler = (x, s) => {
  const { session } = x;
  const group = expected(x, s.text);
  if (isDefaultGroup(group)) throw failing(3655, 'Drop operation  operation is disallowed on default resource groups.');
  const members = session.server.sessionsOf(session.overlay).filter((other) => other.resourceGroup === group.name);
  if (members.length > 0 && !s.names.includes('FORCE')) throw failing(3656, `Resource group ${s.text} is busy.`);
  for (const member of members) member.resourceGroup = '';
  session.overlay.resourceGroups.delete(s.text.toLowerCase());
  return OK;
};

/** Threads below this one are the server's own. */
const OWN_THREADS = 40n;

const set: Handler = (x, s) => {
  const { session } = x;
  const group = expected(x, s.text);
  if (!group.enabled) throw failing(3657, `Resource group ${s.text} is disabled.`);
  const threads = s.names.length > 0 ? s.names.map(BigInt) : [threadIdOf(session.connectionId)];
  for (const id of threads) {
    const client = session.server.sessionsOf(session.overlay).find((other) => threadIdOf(other.connectionId) === id);
    if (!client && id >= OWN_THREADS) throw failing(3660, `Invalid thread id (${id}).`);
    if (client && group.system)
      throw failing(
        3661,
        `Unable to bind resource group ${s.text} with thread id (${id}).(System resource group can't be applied to user thread.).`,
      );
    if (client) client.resourceGroup = group.name;
  }
  return OK;
};

export const RESOURCE_GROUP_STATEMENTS: Readonly<Record<string, Handler>> = {
  'create-resource-group': create,
  'alter-resource-group': alter,
  'drop-resource-group': drop,
  'set-resource-group': set,
};
