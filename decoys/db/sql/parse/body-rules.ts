// Which statements routines may not hold, and what keeps a body from being a function's or a trigger's.
// Source: https://dev.mysql.com/doc/refman/9.7/en/stored-program-restrictions.html; errors and their order as answered by a live 9.7.4.
import type { Statement } from '../ast/statement.ts';
import { type ErrorName, type SqlError, sqlError } from '../errors.ts';
import { type Around, conditionNamed, type Deed, expectVariable } from './body-scope.ts';
import type { Cursor } from './cursor.ts';

type Kind = Statement['kind'];

/** Statements error 1314 keeps out of routines, as it names them. */
const FORBIDDEN: Readonly<Partial<Record<Kind, string>>> = {
  use: 'USE',
  'lock-tables': 'LOCK',
  'unlock-tables': 'UNLOCK',
  'handler-open': 'HANDLER',
  'handler-read': 'HANDLER',
  'handler-close': 'HANDLER',
};

/** What a routine may not do to another, by the statement. */
const OF_ROUTINES: Readonly<Partial<Record<Kind, ErrorName>>> = {
  'create-routine': 'ER_SP_NO_RECURSIVE_CREATE',
  'drop-routine': 'ER_SP_NO_DROP_SP',
  'alter-routine': 'ER_SP_NO_DROP_SP',
};

function refused(c: Cursor, first: number, s: Statement): SqlError | undefined {
  const word = FORBIDDEN[s.kind];
  if (word !== undefined) return sqlError('ER_SP_BADSTATEMENT', word);
  if (s.kind === 'load-data') return sqlError('ER_SP_BADSTATEMENT', `LOAD ${c.tokens[first + 1]?.upper}`);
  if (s.kind === 'table-maintenance' && s.operation === 'check') return sqlError('ER_SP_BADSTATEMENT', 'CHECK');
  if (s.kind === 'administration' && s.what === 'help') return sqlError('ER_SP_BADSTATEMENT', 'HELP');
  if (s.kind === 'create-view' && s.alters) return sqlError('ER_SP_BADSTATEMENT', 'ALTER VIEW');
  const recursive = s.kind === 'create-routine' && s.type === 'EVENT';
  if (recursive || (s.kind === 'alter-event' && s.body !== undefined)) return sqlError('ER_EVENT_RECURSION_FORBIDDEN');
  const error = OF_ROUTINES[s.kind];
  if (!error || !('type' in s)) return undefined;
  const type = s.type as string;
  const elsewhere = s.kind === 'create-routine' ? type === 'LIBRARY' : type !== 'FUNCTION' && type !== 'PROCEDURE';
  return elsewhere ? undefined : sqlError(error, type);
}

/** What statements of a kind do. */
const DEEDS: Readonly<Partial<Record<Kind, Deed>>> = {
  prepare: 'dynamic',
  execute: 'dynamic',
  deallocate: 'dynamic',
  show: 'results',
  explain: 'results',
  'table-maintenance': 'results',
  'set-password': 'autocommit',
  begin: 'commit',
  commit: 'commit',
  'create-database': 'commit',
  'alter-database': 'commit',
  'drop-database': 'commit',
  'create-index': 'commit',
  'drop-index': 'commit',
  'alter-table': 'commit',
  truncate: 'commit',
  'rename-table': 'commit',
  'create-view': 'commit',
  'create-user': 'commit',
  'alter-user': 'commit',
  'drop-user': 'commit',
  'rename-user': 'commit',
  grant: 'commit',
  'drop-routine': 'commit',
  'alter-event': 'commit',
  'install-plugin': 'commit',
  'uninstall-plugin': 'commit',
  flush: 'flush',
};

/** As `DEEDS`, of what is told apart by its words. */
const ADMINISTRATION: Readonly<Record<string, Deed>> = {
  __proto__: null as never,
  'cache-index': 'results',
  'preload-keys': 'results',
  'xa-recover': 'results',
  'reset-replica': 'reset',
  'reset-replica-all': 'reset',
  'reset-binary-logs': 'reset',
  'create-server': 'commit',
  'alter-server': 'commit',
  'drop-server': 'commit',
  'drop-server-if-exists': 'commit',
  'create-tablespace': 'commit',
  'create-undo-tablespace': 'commit',
  'alter-tablespace': 'commit',
  'rename-tablespace': 'commit',
  'alter-undo-tablespace': 'commit',
  'drop-tablespace': 'commit',
  'drop-undo-tablespace': 'commit',
  'create-resource-group': 'commit',
  'alter-resource-group': 'commit',
  'drop-resource-group': 'commit',
  'create-reference-system': 'commit',
  'drop-reference-system': 'commit',
  'drop-reference-system-if-exists': 'commit',
  'rotate-master-key': 'commit',
  'rotate-binlog-key': 'commit',
  'reload-keyring': 'commit',
  'reload-tls': 'commit',
  'switch-redo-log': 'commit',
  'change-source': 'commit',
  'change-filter': 'commit',
  'start-replica': 'commit',
  'stop-replica': 'commit',
};

function deedOf(s: Statement): Deed | undefined {
  switch (s.kind) {
    case 'query':
      return s.query.into ? undefined : 'results';
    case 'rollback':
      return s.to === '' ? 'commit' : undefined;
    case 'create-table':
    case 'drop-table':
      return s.temporary ? undefined : 'commit';
    case 'set':
      return s.items.some((item) => item.kind === 'system' && item.name.toLowerCase() === 'autocommit')
        ? 'autocommit'
        : undefined;
    case 'administration':
      return ADMINISTRATION[s.what];
    default:
      return DEEDS[s.kind];
  }
}

/** What is told where a function's or a trigger's body does what it may not, the first that holds. */
const NOT_IN_FUNCTIONS: readonly (readonly [Deed, (what: string) => SqlError])[] = [
  ['dynamic', () => sqlError('ER_STMT_NOT_ALLOWED_IN_SF_OR_TRG', 'Dynamic SQL')],
  ['results', (what) => sqlError('ER_SP_NO_RETSET', what)],
  ['autocommit', () => sqlError('ER_SP_CANT_SET_AUTOCOMMIT')],
  ['commit', () => sqlError('ER_COMMIT_NOT_ALLOWED_IN_SF_OR_TRG')],
  ['reset', () => sqlError('ER_STMT_NOT_ALLOWED_IN_SF_OR_TRG', 'RESET')],
  ['flush', () => sqlError('ER_STMT_NOT_ALLOWED_IN_SF_OR_TRG', 'FLUSH')],
];

/** Throws what the whole of a function's or trigger's body is refused for; other routines may do all of it. */
export function checkDeeds({ type, seen }: Pick<Around, 'type' | 'seen'>): void {
  if (type !== 'FUNCTION' && type !== 'TRIGGER') return;
  const found = NOT_IN_FUNCTIONS.find(([deed]) => seen.deeds.has(deed));
  if (found) throw found[1](type.toLowerCase());
}

/** Which names a SET gives values: the routine's own, NEW and OLD, or system variables to be looked up. */
function checkSet(s: Extract<Statement, { kind: 'set' }>, around: Around): void {
  for (const item of s.items) {
    if (item.kind !== 'system' || item.scope !== '' || around.scope.hasVariable(item.name)) continue;
    const row = /^(new|old)\./i.test(item.name) && around.type === 'TRIGGER';
    if (!row) around.seen.sets.push(item.name);
  }
}

/**
 * A plain statement of a body, whose first token is `first`, as the routine keeps it: conditions it names are set in.
 * Throws 1303, 1314, 1319, 1327, 1357, 1576 and 1646 as the server does when the routine is made.
 */
export function checkedStatement(c: Cursor, first: number, s: Statement, around: Around): Statement {
  const error = refused(c, first, s);
  if (error) throw error;
  const deed = deedOf(s);
  if (deed) around.seen.deeds.add(deed);
  if (s.kind === 'set') checkSet(s, around);
  if (s.kind === 'query' && s.query.into?.kind === 'variables') {
    const { names, local } = s.query.into;
    for (const [at, name] of names.entries()) if (local[at]) expectVariable(around, name);
  }
  if (s.kind === 'get-diagnostics')
    for (const { target, variable } of s.items) if (!variable) expectVariable(around, target);
  if ((s.kind !== 'signal' && s.kind !== 'resignal') || s.condition === '') return s;
  const condition = conditionNamed(around, s.condition);
  if (condition.kind !== 'state') throw sqlError('ER_SIGNAL_BAD_CONDITION_TYPE');
  return { ...s, state: condition.state, condition: '' };
}
