// Rows of the tables of accounts and what they may do.
// Source: https://dev.mysql.com/doc/refman/9.7/en/grant-tables.html
import type { Account } from '../../overlay/account.ts';
import { systemRows } from '../../persona/system-tables.ts';
import type { AccountTerms } from '../../sql/ast/account.ts';
import { Json, type JsonData, parseJson } from '../../sql/value/json.ts';
import { fromMs } from '../../sql/value/temporal.ts';
import { dynamicPrivileges } from '../accounts.ts';
import type { Session } from '../session.ts';
import type { Record_ } from './record.ts';

/** `'user'@'host'`, as GRANTEE tells it. */
export function quotedAccount(account: Account): string {
  return `'${account.user}'@'${account.host}'`;
}

/** Accounts in the order the server's in-memory list has them, by user within host. */
export function accountsOf(session: Session): Account[] {
  return [...session.overlay.accounts.values()].sort((a, b) =>
    a.host !== b.host ? (a.host < b.host ? -1 : 1) : a.user < b.user ? -1 : 1,
  );
}

/** Rows of information_schema.USER_PRIVILEGES. */
export function userPrivileges(session: Session): Record_[] {
  const out: Record_[] = [];
  const recorded = systemRows('information_schema.USER_PRIVILEGES');
  const known = new Set(recorded.map(([grantee]) => grantee));
  const present = new Set(accountsOf(session).map(quotedAccount));
  for (const [grantee, catalog, privilege, grantable] of recorded) {
    if (present.has(grantee as string))
      out.push({
        GRANTEE: grantee as string,
        TABLE_CATALOG: catalog as string,
        PRIVILEGE_TYPE: privilege as string,
        IS_GRANTABLE: grantable as string,
      });
  }
  for (const account of accountsOf(session)) {
    if (known.has(quotedAccount(account))) continue;
    const privileges = [...account.privileges, ...account.dynamic.keys()];
    for (const privilege of privileges.length === 0 ? ['USAGE'] : privileges)
      out.push({
        GRANTEE: quotedAccount(account),
        TABLE_CATALOG: 'def',
        PRIVILEGE_TYPE: privilege,
        IS_GRANTABLE: (account.dynamic.get(privilege) ?? account.grantOption) ? 'YES' : 'NO',
      });
  }
  return out;
}

/** mysql.user's privilege columns and the static privilege each shows. */
export const USER_COLUMNS: Readonly<Record<string, string>> = {
  Select_priv: 'SELECT',
  Insert_priv: 'INSERT',
  Update_priv: 'UPDATE',
  Delete_priv: 'DELETE',
  Create_priv: 'CREATE',
  Drop_priv: 'DROP',
  Reload_priv: 'RELOAD',
  Shutdown_priv: 'SHUTDOWN',
  Process_priv: 'PROCESS',
  File_priv: 'FILE',
  References_priv: 'REFERENCES',
  Index_priv: 'INDEX',
  Alter_priv: 'ALTER',
  Show_db_priv: 'SHOW DATABASES',
  Super_priv: 'SUPER',
  Create_tmp_table_priv: 'CREATE TEMPORARY TABLES',
  Lock_tables_priv: 'LOCK TABLES',
  Execute_priv: 'EXECUTE',
  Repl_slave_priv: 'REPLICATION SLAVE',
  Repl_client_priv: 'REPLICATION CLIENT',
  Create_view_priv: 'CREATE VIEW',
  Show_view_priv: 'SHOW VIEW',
  Create_routine_priv: 'CREATE ROUTINE',
  Alter_routine_priv: 'ALTER ROUTINE',
  Create_user_priv: 'CREATE USER',
  Event_priv: 'EVENT',
  Trigger_priv: 'TRIGGER',
  Create_tablespace_priv: 'CREATE TABLESPACE',
  Create_role_priv: 'CREATE ROLE',
  Drop_role_priv: 'DROP ROLE',
};

/** Rows of mysql.user. */
export function users(session: Session): Record_[] {
  return accountsOf(session).map((account) => {
    const flags = Object.fromEntries(
      Object.entries(USER_COLUMNS).map(([column, privilege]) => [
        column,
        account.privileges.has(privilege) ? 'Y' : 'N',
      ]),
    );
    const { terms } = account;
    return {
      Host: account.host,
      User: account.user,
      ...flags,
      Grant_priv: account.grantOption ? 'Y' : 'N',
      ssl_type: terms.tls,
      ssl_cipher: Buffer.from(terms.cipher),
      x509_issuer: Buffer.from(terms.issuer),
      x509_subject: Buffer.from(terms.subject),
      max_questions: BigInt(terms.queriesPerHour),
      max_updates: BigInt(terms.updatesPerHour),
      max_connections: BigInt(terms.connectionsPerHour),
      max_user_connections: BigInt(terms.userConnections),
      plugin: account.plugin,
      authentication_string: account.shown,
      password_expired: terms.expired ? 'Y' : 'N',
      password_last_changed: account.role ? null : fromMs(Math.floor(account.changedMs / 1000) * 1000, 'datetime'),
      password_lifetime: days(terms.lifetimeDays),
      account_locked: terms.locked ? 'Y' : 'N',
      Password_reuse_history: days(terms.historyPasswords),
      Password_reuse_time: days(terms.reuseDays),
      Password_require_current: terms.requireCurrent === null ? null : terms.requireCurrent ? 'Y' : 'N',
      User_attributes: attributesOf(terms),
    };
  });
}

function days(count: number | null): bigint | null {
  return count === null ? null : BigInt(count);
}

function attributesOf({ attribute, failedLogins, lockDays }: AccountTerms): Json | null {
  const data: { [key: string]: JsonData } = {};
  const parsed = attribute === undefined ? undefined : parseJson(attribute);
  if (parsed && 'data' in parsed) data.metadata = parsed.data;
  if (failedLogins !== 0 || lockDays !== 0)
    data.Password_locking = { failed_login_attempts: BigInt(failedLogins), password_lock_time_days: BigInt(lockDays) };
  return Object.keys(data).length === 0 ? null : new Json(data);
}

const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** In the order of the table's key: by user, then by host. */
export function globalGrants(session: Session): Record_[] {
  const byUser = accountsOf(session).toSorted((a, b) => byBytes(a.user, b.user) || byBytes(a.host, b.host));
  return byUser.flatMap((account) =>
    dynamicPrivileges().flatMap((privilege) => {
      const option = account.dynamic.get(privilege);
      if (option === undefined) return [];
      return [{ USER: account.user, HOST: account.host, PRIV: privilege, WITH_GRANT_OPTION: option ? 'Y' : 'N' }];
    }),
  );
}
