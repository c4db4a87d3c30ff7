// Roles: granted, revoked, set for a session and by default.
// Source: https://dev.mysql.com/doc/refman/9.7/en/roles.html; errors as recorded from 9.7.
import { type Account, accountKey, MAX_ROLES } from '../../overlay/account.ts';
import type { AccountName } from '../../sql/ast/account.ts';
import type { StatementOf } from '../../sql/ast/statement.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { OK, type Outcome } from '../outcome.ts';
import { resolveAccount } from './account.ts';

/** An account that is to be a role; throws 3523 where there is none. */
export function findRole(x: Execution, name: AccountName): Account {
  const { user, host } = resolveAccount(x, name);
  const found = x.session.overlay.accounts.get(accountKey(user, host));
  if (!found) throw sqlError('ER_INVALID_ROLE', user, host);
  return found;
}

/** True where `account` has the role `key`, directly or through other roles. */
function reaches(x: Execution, account: Account, key: string, seen: Set<string> = new Set()): boolean {
  for (const role of account.roles.keys()) {
    if (role === key) return true;
    if (seen.has(role)) continue;
    seen.add(role);
    const next = x.session.overlay.accounts.get(role);
    if (next && reaches(x, next, key, seen)) return true;
  }
  return false;
}

/** GRANT of roles to accounts. Throws 4027. */
export function grantRoles(x: Execution, s: StatementOf<'grant'>): Outcome {
  const roles = s.roles.map((name) => findRole(x, name));
  for (const account of s.users.map((name) => findRole(x, name))) {
    const own = accountKey(account.user, account.host);
    for (const role of roles) {
      const key = accountKey(role.user, role.host);
      if (s.revoke) {
        account.roles.delete(key);
        account.defaultRoles.delete(key);
        continue;
      }
      if (key === own || reaches(x, role, own))
        throw sqlError('ER_ROLE_GRANTED_TO_ITSELF', account.user, account.host, role.user, role.host);
      const admin = s.option || account.roles.get(key)?.admin === true;
      if (account.roles.has(key) || account.roles.size < MAX_ROLES)
        account.roles.set(key, { user: role.user, host: role.host, admin });
    }
  }
  return OK;
}

/** A role by name, as one `account` has; throws 3530 where it has it not. */
export function grantedRole(x: Execution, account: Account, name: AccountName): string {
  const { user, host } = resolveAccount(x, name);
  const key = accountKey(user, host);
  if (!account.roles.has(key)) throw sqlError('ER_ROLE_NOT_GRANTED', user, host, account.user, account.host);
  return key;
}

/** Grants a role and makes it one by default, as CREATE USER … DEFAULT ROLE does. */
export function giveDefault(x: Execution, account: Account, name: AccountName): void {
  const { user, host } = findRole(x, name);
  account.roles.set(accountKey(user, host), { user, host, admin: false });
  account.defaultRoles.add(accountKey(user, host));
}

/** Throws 3530 for a role the account does not have. */
export function setDefaultRoles(x: Execution, account: Account, roles: 'all' | readonly AccountName[]): void {
  const keys = roles === 'all' ? [...account.roles.keys()] : roles.map((name) => grantedRole(x, account, name));
  account.defaultRoles = new Set(keys);
}

/** SET DEFAULT ROLE. */
export function runSetDefaultRole(x: Execution, s: StatementOf<'set-default-role'>): Outcome {
  for (const name of s.users) setDefaultRoles(x, findRole(x, name), s.roles);
  return OK;
}

/** SET ROLE: the roles a session has from now on. */
export function runSetRole(x: Execution, s: StatementOf<'set-role'>): Outcome {
  const { session } = x;
  const account = session.ownAccount();
  if (!account) return OK;
  const except = new Set(
    s.except.map((name) => {
      const { user, host } = resolveAccount(x, name);
      return accountKey(user, host);
    }),
  );
  if (s.roles === 'default') session.activeRoles = new Set(account.defaultRoles);
  else if (s.roles === 'all')
    session.activeRoles = new Set([...account.roles.keys()].filter((key) => !except.has(key)));
  else session.activeRoles = new Set(s.roles.map((name) => grantedRole(x, account, name)));
  return OK;
}
