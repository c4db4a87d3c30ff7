// FAILED_LOGIN_ATTEMPTS and PASSWORD_LOCK_TIME: an account whose password was wrong too often in a row is blocked for some days.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-user.html#create-user-password-management; error as a live 9.7.4 answers.
import type { Account } from '../overlay/account.ts';
import { type SqlError, sqlError } from '../sql/errors.ts';

const DAY_MS = 86_400_000;
const ANEW = { count: 0, blockedMs: undefined };

/** What a login that failed, or did not, makes of an account's failures; gives the error where the account is blocked. */
export function blockedAfter(account: Account, address: string, failed: boolean, nowMs: number): SqlError | undefined {
  const { failedLogins, lockDays } = account.terms;
  if (failedLogins === 0 || lockDays === 0) return undefined;
  const { blockedMs } = account.failures;
  const passed = blockedMs === undefined ? 0 : Math.floor((nowMs - blockedMs) / DAY_MS);
  if (lockDays > 0 && passed >= lockDays) account.failures = ANEW;
  if (account.failures.blockedMs === undefined) {
    if (!failed) {
      account.failures = ANEW;
      return undefined;
    }
    const count = account.failures.count + 1;
    account.failures = { count, blockedMs: count >= failedLogins ? nowMs : undefined };
    if (count < failedLogins) return undefined;
  }
  const days = (count: number) => (lockDays < 0 ? 'unlimited' : count);
  const left = lockDays - (blockedMs === undefined ? 0 : passed);
  return sqlError(
    'ER_USER_ACCESS_DENIED_FOR_USER_ACCOUNT_BLOCKED_BY_PASSWORD_LOCK',
    account.user,
    address,
    days(lockDays),
    days(left),
    failedLogins,
  );
}

/** ACCOUNT UNLOCK and FLUSH PRIVILEGES: what failed is forgotten. */
export function forgetFailures(account: Account): void {
  account.failures = ANEW;
}
