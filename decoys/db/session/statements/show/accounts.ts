// SHOW GRANTS and SHOW CREATE USER.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show.html

import { type Account, accountKey } from '../../../overlay/account.ts';
import { sqlError } from '../../../sql/errors.ts';
import { resolveAccount } from '../account.ts';
import { shown } from '../result.ts';
import { grantedRole } from '../role.ts';
import { createUserLine, grantLines } from './account-lines.ts';
import type { Handler } from './filter.ts';

/** Roles a role has in turn. */
function held(accounts: ReadonlyMap<string, Account>, role: Account, seen: Set<string> = new Set()): Account[] {
  return [...role.roles.keys()].flatMap((key) => {
    const next = accounts.get(key);
    if (!next || seen.has(key)) return [];
    seen.add(key);
    return [next, ...held(accounts, next, seen)];
  });
}

export const showGrants: Handler = (x, s) => {
  const { user, host } = resolveAccount(x, s.account ?? { user: '', host: '', current: true });
  const account = x.session.overlay.accounts.get(accountKey(user, host));
  if (!account) throw sqlError('ER_NONEXISTING_GRANT', user, host);
  const { accounts } = x.session.overlay;
  const using = s.using.map((role) => accounts.get(grantedRole(x, account, role))).filter((role) => role !== undefined);
  const roles = [...new Set(using.flatMap((role: Account) => [role, ...held(accounts, role)]))];
  return shown(
    x.session,
    'grants',
    grantLines(account, roles).map((line) => [line]),
    `${user}@${host}`,
  );
};

export const showCreateUser: Handler = (x, s) => {
  const { user, host } = resolveAccount(x, s.account ?? { user: '', host: '', current: true });
  const account = x.session.overlay.accounts.get(accountKey(user, host));
  if (!account)
    throw sqlError('ER_CANNOT_USER', 'SHOW CREATE USER', `'${user}'@'${host}' (User account does not exist)`);
  const hides = x.session.privileges()?.onTable('SELECT', 'mysql', 'user') === false;
  return shown(x.session, 'create-user', [[createUserLine(account, hides)]], `${user}@${host}`);
};
