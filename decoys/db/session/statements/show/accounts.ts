// SHOW GRANTS and SHOW CREATE USER.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show.html

import { SqlError, sqlError } from '../../../sql/errors.ts';
import { accountKey } from '../../accounts.ts';
import { resolveAccount } from '../account.ts';
import { createUserLine, grantLines } from '../grant.ts';
import { shown } from '../result.ts';
import type { Handler } from './filter.ts';

export const showGrants: Handler = (x, s) => {
  const { user, host } = resolveAccount(x, s.account ?? { user: '', host: '', current: true });
  const account = x.session.overlay.accounts.get(accountKey(user, host));
  if (!account) throw sqlError('ER_NONEXISTING_GRANT', user, host);
  const [role] = s.using;
  if (role)
    throw new SqlError(3530, 'HY000', `\`${role.user}\`@\`${role.host}\` is not granted to \`${user}\`@\`${host}\``);
  return shown(
    x.session,
    'grants',
    grantLines(account).map((line) => [line]),
    `${user}@${host}`,
  );
};

export const showCreateUser: Handler = (x, s) => {
  const { user, host } = resolveAccount(x, s.account ?? { user: '', host: '', current: true });
  const account = x.session.overlay.accounts.get(accountKey(user, host));
  if (!account)
    throw sqlError('ER_CANNOT_USER', 'SHOW CREATE USER', `'${user}'@'${host}' (User account does not exist)`);
  return shown(x.session, 'create-user', [[createUserLine(account)]], `${user}@${host}`);
};
