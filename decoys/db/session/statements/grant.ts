// GRANT and REVOKE on the source's own accounts: everywhere, on schemas, tables, columns and routines; roles; PROXY.
// Source: https://dev.mysql.com/doc/refman/9.7/en/grant.html; errors and their order as recorded from 9.7.

import {
  type Account,
  accountKey,
  addColumns,
  dropEmpty,
  type Grants,
  grantsAt,
  levelKey,
  MAX_ROLES,
} from '../../overlay/account.ts';
import type { AccountName, GrantLevel, GrantStatement } from '../../sql/ast/account.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import {
  COLUMN_PRIVILEGES,
  dynamicPrivileges,
  ROUTINE_PRIVILEGES,
  SCHEMA_PRIVILEGES,
  STATIC_PRIVILEGES,
  TABLE_PRIVILEGES,
} from '../accounts.ts';
import { OK, type Outcome } from '../outcome.ts';
import { routineExists, tableExists } from '../schemas.ts';
import { resolveAccount } from './account.ts';
import { grantRoles } from './role.ts';

const ALL = 'ALL PRIVILEGES';
const OPTION = 'GRANT OPTION';
const NOTHING = 'USAGE';
const WORDS: ReadonlySet<string> = new Set([ALL, OPTION, NOTHING]);

/** Privileges that may be granted at each kind of level. */
const GRANTABLE: Readonly<Record<GrantLevel['kind'], readonly string[]>> = {
  global: STATIC_PRIVILEGES,
  schema: SCHEMA_PRIVILEGES,
  table: TABLE_PRIVILEGES,
  PROCEDURE: ROUTINE_PRIVILEGES,
  FUNCTION: ROUTINE_PRIVILEGES,
};

/** Levels at which a host that is a name is told of: nobody looks names up with skip_name_resolve. */
const UNRESOLVED: readonly GrantLevel['kind'][] = ['global', 'schema', 'table'];

/** True for a host that is neither an address nor a pattern. */
function isHostName(host: string): boolean {
  return /[^\d./]/.test(host) && !/[%_:]/.test(host);
}

/** The level with the default schema in place. */
function resolved(x: Execution, level: GrantLevel): GrantLevel {
  if (level.kind === 'global' || level.schema !== '') return level;
  if (x.session.database === '') throw sqlError('ER_NO_DB_ERROR');
  return { ...level, schema: x.session.database };
}

/** What is refused before anybody looks whether the accounts are there. */
function checkLevel(x: Execution, s: GrantStatement, level: GrantLevel): void {
  const { session } = x;
  for (const { name } of s.privileges) {
    if (WORDS.has(name)) continue;
    if (!STATIC_PRIVILEGES.includes(name)) {
      if (level.kind !== 'global') throw sqlError('ER_ILLEGAL_PRIVILEGE_LEVEL', name);
    } else if (level.kind !== 'global' && level.kind !== 'schema' && !GRANTABLE[level.kind].includes(name))
      throw sqlError('ER_ILLEGAL_GRANT_FOR_TABLE');
  }
  if (level.schema.toLowerCase() === 'information_schema')
    throw sqlError('ER_DBACCESS_DENIED_ERROR', session.user, session.accountName.split('@')[1] ?? '%', level.schema);
  if (!s.revoke) checkTarget(x, s, level);
}

/** A table, its columns and a routine have to be there, but for who is granted to create the table. */
function checkTarget(x: Execution, s: GrantStatement, { kind, schema, name }: GrantLevel): void {
  const { session } = x;
  if (kind === 'PROCEDURE' || kind === 'FUNCTION') {
    if (!routineExists(session, kind, schema, name)) throw sqlError('ER_SP_DOES_NOT_EXIST', kind, name);
    return;
  }
  if (kind !== 'table') return;
  const makes = s.privileges.some((privilege) => privilege.name === 'CREATE' || privilege.name === ALL);
  if (!tableExists(session, schema, name)) {
    if (makes) return;
    throw sqlError('ER_NO_SUCH_TABLE', `${schema}.${name}`);
  }
  const known = new Set(session.table(schema, name).columns.map((column) => column.name.toLowerCase()));
  for (const { columns } of s.privileges) {
    const unknown = columns.find((column) => !known.has(column.toLowerCase()));
    if (unknown !== undefined) throw sqlError('ER_BAD_FIELD_ERROR', unknown, name);
  }
}

/** What is refused of a privilege once the account is known to be there. */
function checkPrivileges(x: Execution, s: GrantStatement, level: GrantLevel): void {
  for (const { name } of s.privileges) {
    if (WORDS.has(name)) continue;
    if (level.kind === 'global') {
      if (STATIC_PRIVILEGES.includes(name) || dynamicPrivileges().includes(name)) continue;
      if (!s.revoke) throw sqlError('ER_SYNTAX_ERROR');
      x.warn('ER_WARN_DYNAMIC_PRIVILEGE', name);
    } else if (level.kind === 'schema' && !SCHEMA_PRIVILEGES.includes(name))
      throw sqlError('ER_WRONG_USAGE_GRANT', 'DB GRANT', 'GLOBAL PRIVILEGES');
  }
}

/** GRANT of privileges, roles or PROXY. Throws 1141, 1269, 1410 or 3835. */
export function runGrant(x: Execution, s: GrantStatement): Outcome {
  if (s.roles.length > 0) return grantRoles(x, s);
  const level = s.level && resolved(x, s.level);
  if (s.as && level?.kind !== 'global') throw sqlError('ER_UNSUPPORTED_USE_OF_GRANT_AS');
  if (level) checkLevel(x, s, level);
  if (s.as) expectGrantor(x, s.as);
  if (level?.kind === 'global' && s.privileges.some((privilege) => privilege.name === 'SUPER'))
    x.warn('ER_WARN_DEPRECATED_PRIVILEGE', 'SUPER');
  for (const name of s.users) {
    const { user, host } = resolveAccount(x, name);
    if (level && UNRESOLVED.includes(level.kind) && isHostName(host)) x.warn('ER_WARN_HOSTNAME_WONT_WORK');
    const account = x.session.overlay.accounts.get(accountKey(user, host));
    if (!account) {
      if (s.ignoreUnknown) x.session.addWarning('Warning', 3162, `Authorization ID ${user} does not exist.`);
      else if (s.everything) throw sqlError('ER_REVOKE_GRANTS');
      else if (s.revoke) throw sqlError('ER_NONEXISTING_GRANT', user, host);
      else throw sqlError('ER_CANT_CREATE_USER_WITH_GRANT');
    } else if (s.proxied) setProxy(x, s, account);
    else if (s.everything) revokeEverything(account);
    else if (level) {
      checkPrivileges(x, s, level);
      if (level.kind === 'global') setEverywhere(s, account);
      else if (s.revoke && !restrict(x, s, account, level)) revokeAt(x, s, account, level);
      else if (!s.revoke && !unrestrict(s, account, level)) grantAt(s, account, level);
    }
  }
  return OK;
}

/** Throws 3836 for a grantor that is not there. */
function expectGrantor(x: Execution, name: AccountName): void {
  const { user, host } = resolveAccount(x, name);
  if (!x.session.overlay.accounts.has(accountKey(user, host))) throw sqlError('ER_FAILED_REVOKE_GRANT_AS');
}

function revokeEverything(account: Account): void {
  account.privileges.clear();
  account.dynamic.clear();
  account.levels.clear();
  account.restrictions.clear();
  account.grantOption = false;
}

/** One may let others be a proxy of oneself; of others only who was told so may. */
function setProxy(x: Execution, s: GrantStatement, account: Account): void {
  const { user, host } = resolveAccount(x, s.proxied as NonNullable<GrantStatement['proxied']>);
  const own = x.session.ownAccount();
  const allowed = own?.proxies.get(accountKey('', '')) ?? own?.proxies.get(accountKey(user, host));
  if (own && allowed?.option !== true && !(own.user === user && own.host === host))
    throw sqlError('ER_ACCESS_DENIED_NO_PASSWORD', x.session.user, x.session.address);
  const key = accountKey(user, host);
  if (s.revoke) account.proxies.delete(key);
  else if (account.proxies.size < MAX_ROLES) account.proxies.set(key, { user, host, option: s.option });
}

function setEverywhere(s: GrantStatement, account: Account): void {
  for (const { name } of s.privileges) {
    const fixed = name === ALL ? STATIC_PRIVILEGES : STATIC_PRIVILEGES.filter((known) => known === name);
    const dynamic = name === ALL ? dynamicPrivileges() : dynamicPrivileges().filter((known) => known === name);
    for (const privilege of fixed) s.revoke ? account.privileges.delete(privilege) : account.privileges.add(privilege);
    for (const privilege of dynamic) {
      if (s.revoke) account.dynamic.delete(privilege);
      else account.dynamic.set(privilege, s.option || account.dynamic.get(privilege) === true);
    }
    if (name === OPTION) account.grantOption = !s.revoke;
    // Static privileges are granted on together; each dynamic one by itself.
    if (s.option && (fixed.length > 0 || name === NOTHING)) account.grantOption = true;
  }
}

/** With partial_revokes on, what is held everywhere is taken away in one schema; false where it is not held so. */
function restrict(x: Execution, s: GrantStatement, account: Account, level: GrantLevel): boolean {
  if (level.kind !== 'schema' || x.session.readVariable('partial_revokes', 'global').value !== 1n) return false;
  const names = s.privileges.map(({ name }) => name).filter((name) => account.privileges.has(name));
  if (names.length === 0 || account.restrictions.size >= MAX_ROLES) return false;
  account.restrictions.set(level.schema, new Set([...(account.restrictions.get(level.schema) ?? []), ...names]));
  return true;
}

/** A grant in such a schema gives back what was taken away there; false where nothing was. */
function unrestrict(s: GrantStatement, account: Account, level: GrantLevel): boolean {
  const taken = level.kind === 'schema' ? account.restrictions.get(level.schema) : undefined;
  const names = s.privileges.map(({ name }) => name).filter((name) => taken?.has(name));
  for (const name of names) taken?.delete(name);
  if (taken?.size === 0) account.restrictions.delete(level.schema);
  return names.length > 0;
}

function grantAt(s: GrantStatement, account: Account, level: GrantLevel): void {
  const grants = grantsAt(account, level);
  if (!grants) return;
  for (const { name, columns } of s.privileges) {
    if (columns.length > 0 && COLUMN_PRIVILEGES.includes(name)) addColumns(grants, name, columns);
    else if (name === ALL) for (const privilege of GRANTABLE[level.kind]) grants.held.add(privilege);
    else if (name === OPTION) grants.option = true;
    else if (name !== NOTHING) grants.held.add(name);
  }
  if (s.option) grants.option = true;
  dropEmpty(account, grants);
}

function revokeAt(x: Execution, s: GrantStatement, account: Account, level: GrantLevel): void {
  const grants = account.levels.get(levelKey(level));
  if (!grants || !s.privileges.some((privilege) => holds(grants, privilege.name, privilege.columns))) {
    const refused = notHeld(account, level);
    if (!s.ifExists) throw refused;
    x.session.addWarning('Warning', refused.code, refused.message);
    return;
  }
  for (const { name, columns } of s.privileges) {
    if (columns.length > 0) for (const column of columns) grants.columns.get(name)?.delete(column);
    else if (name === ALL) {
      grants.held.clear();
      grants.columns.clear();
    } else if (name === OPTION) grants.option = false;
    else {
      grants.held.delete(name);
      grants.columns.delete(name);
    }
  }
  dropEmpty(account, grants);
}

function holds(grants: Grants, name: string, columns: readonly string[]): boolean {
  if (columns.length > 0) return columns.every((column) => grants.columns.get(name)?.has(column) === true);
  if (name === ALL || name === NOTHING) return true;
  return name === OPTION ? grants.option : grants.held.has(name) || grants.columns.has(name);
}

function notHeld({ user, host }: Account, { kind, name }: GrantLevel): ReturnType<typeof sqlError> {
  if (kind === 'table') return sqlError('ER_NONEXISTING_TABLE_GRANT', user, host, name);
  if (kind === 'PROCEDURE' || kind === 'FUNCTION') return sqlError('ER_NONEXISTING_PROC_GRANT', user, host, name);
  return sqlError('ER_NONEXISTING_GRANT', user, host);
}
