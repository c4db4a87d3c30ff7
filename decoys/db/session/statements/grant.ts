// GRANT and REVOKE on the source's own accounts, and the lines in which SHOW tells of them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/grant.html; errors as recorded from 9.7.
import type { Account } from '../../overlay/overlay.ts';
import type { Statement } from '../../sql/ast/statement.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { accountKey, dynamicPrivileges, STATIC_PRIVILEGES } from '../accounts.ts';
import { OK, type Outcome } from '../outcome.ts';
import { tableExists } from '../schemas.ts';
import { resolveAccount } from './account.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** Schemas and tables one account may hold privileges on; further ones are forgotten. */
const MAX_LEVELS = 64;

function everything(): string[] {
  return [...STATIC_PRIVILEGES, ...dynamicPrivileges()];
}

function expand(privileges: readonly string[]): string[] {
  return privileges.flatMap((privilege) =>
    privilege === 'ALL' || privilege === 'ALL PRIVILEGES' ? everything() : privilege === 'USAGE' ? [] : [privilege],
  );
}

function checkPrivileges(x: Execution, s: Of<'grant'>): void {
  const known = new Set([...everything(), 'ALL', 'ALL PRIVILEGES', 'USAGE', 'PROXY', 'GRANT OPTION']);
  for (const privilege of s.privileges) {
    if (known.has(privilege)) continue;
    if (s.level === '*.*') throw sqlError('ER_SYNTAX_ERROR');
    throw sqlError('ER_ILLEGAL_GRANT_FOR_TABLE');
  }
  if (s.level === '*' && x.session.database === '') throw sqlError('ER_NO_DB_ERROR');
  if (s.privileges.includes('PROXY')) throw sqlError('ER_ACCESS_DENIED_NO_PASSWORD', x.session.user, x.session.address);
  if (!s.level.endsWith('.*') && s.level.includes('.')) {
    checkTable(x, s);
    return;
  }
  const global = s.privileges.find((privilege) => GLOBAL_ONLY.has(privilege) || !STATIC_PRIVILEGES.includes(privilege));
  if (s.level !== '*.*' && s.level !== '' && global && !LEVEL_WORDS.has(global))
    throw sqlError('ER_WRONG_USAGE_GRANT', 'DB GRANT', 'GLOBAL PRIVILEGES');
}

const LEVEL_WORDS: ReadonlySet<string> = new Set(['ALL', 'ALL PRIVILEGES', 'USAGE', 'GRANT OPTION']);
const GLOBAL_ONLY: ReadonlySet<string> = new Set([
  'RELOAD',
  'SHUTDOWN',
  'PROCESS',
  'FILE',
  'SHOW DATABASES',
  'SUPER',
  'REPLICATION SLAVE',
  'REPLICATION CLIENT',
  'CREATE USER',
  'CREATE TABLESPACE',
  'CREATE ROLE',
  'DROP ROLE',
]);

/** A table has to be there, but for who is granted to create it; a routine's name is not told from a table's. */
function checkTable(x: Execution, s: Of<'grant'>): void {
  const [schema = '', name = ''] = s.level.split('.');
  if (s.revoke || s.privileges.includes('CREATE') || s.privileges.some((privilege) => privilege.startsWith('ALL')))
    return;
  if (s.privileges.some((privilege) => privilege === 'EXECUTE' || privilege === 'ALTER ROUTINE')) return;
  if (!tableExists(x.session, schema, name)) throw sqlError('ER_NO_SUCH_TABLE', `${schema}.${name}`);
}

export function runGrant(x: Execution, s: Of<'grant'>): Outcome {
  const { accounts } = x.session.overlay;
  checkPrivileges(x, s);
  for (const name of s.users) {
    const { user, host } = resolveAccount(x, name);
    const account = accounts.get(accountKey(user, host));
    if (!account) {
      if (s.revoke) throw sqlError('ER_NONEXISTING_GRANT', user, host);
      throw sqlError('ER_CANT_CREATE_USER_WITH_GRANT');
    }
    for (const role of s.roles)
      if (!accounts.has(accountKey(role.user, role.host))) throw sqlError('ER_INVALID_ROLE', role.user, role.host);
    apply(x, s, account);
  }
  return OK;
}

function apply(x: Execution, s: Of<'grant'>, account: Account): void {
  const privileges = expand(s.privileges);
  if (s.level === '*.*') {
    for (const privilege of privileges)
      s.revoke ? account.privileges.delete(privilege) : account.privileges.add(privilege);
    if (s.option || s.privileges.includes('GRANT OPTION')) account.grantOption = !s.revoke;
    if (s.revoke && s.everything) account.levels.clear();
    return;
  }
  if (s.level === '') return;
  if (s.revoke && !account.levels.has(s.level === '*' ? `${x.session.database}.*` : s.level))
    throw sqlError('ER_NONEXISTING_GRANT_ANY', account.user, account.host);
  const level = s.level === '*' ? `${x.session.database}.*` : s.level;
  const held = account.levels.get(level) ?? new Set<string>();
  const whole = s.privileges.some((privilege) => privilege.startsWith('ALL'));
  for (const privilege of whole ? ['ALL PRIVILEGES'] : privileges)
    s.revoke ? held.delete(privilege) : held.add(privilege);
  if (s.option) held.add('GRANT OPTION');
  if (held.size === 0 || (s.revoke && whole)) account.levels.delete(level);
  else if (account.levels.size < MAX_LEVELS) account.levels.set(level, held);
}

function tick(name: string): string {
  return `\`${name.replace(/`/g, '``')}\``;
}

/** Lines of SHOW GRANTS. */
export function grantLines(account: Account): string[] {
  const whom = `${tick(account.user)}@${tick(account.host)}`;
  const option = account.grantOption ? ' WITH GRANT OPTION' : '';
  const fixed = STATIC_PRIVILEGES.filter((privilege) => account.privileges.has(privilege));
  const dynamic = dynamicPrivileges().filter((privilege) => account.privileges.has(privilege));
  const lines = [`GRANT ${fixed.length === 0 ? 'USAGE' : fixed.join(', ')} ON *.* TO ${whom}${option}`];
  if (dynamic.length > 0) lines.push(`GRANT ${dynamic.join(',')} ON *.* TO ${whom}${option}`);
  for (const [level, held] of account.levels) {
    const [schema, table] = level.split('.');
    const where = `${tick(schema as string)}.${table === '*' || table === undefined ? '*' : tick(table)}`;
    const names = [...held].filter((privilege) => privilege !== 'GRANT OPTION');
    lines.push(
      `GRANT ${names.length === 0 ? 'USAGE' : names.join(', ')} ON ${where} TO ${whom}${held.has('GRANT OPTION') ? ' WITH GRANT OPTION' : ''}`,
    );
  }
  if (account.user === 'root' && account.host === 'localhost')
    lines.push(`GRANT PROXY ON \`\`@\`\` TO ${whom}${option}`);
  return lines;
}

export function createUserLine(account: Account): string {
  const secret = account.shown === '' ? '' : ` AS '${account.shown.replace(/['\\]/g, (c) => `\\${c}`)}'`;
  return `CREATE USER ${tick(account.user)}@${tick(account.host)} IDENTIFIED WITH '${account.plugin}'${secret} REQUIRE NONE PASSWORD EXPIRE DEFAULT ACCOUNT ${account.role || account.user.startsWith('mysql.') ? 'LOCK' : 'UNLOCK'} PASSWORD HISTORY DEFAULT PASSWORD REUSE INTERVAL DEFAULT PASSWORD REQUIRE CURRENT DEFAULT`;
}
