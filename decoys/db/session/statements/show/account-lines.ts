// The lines in which SHOW GRANTS and SHOW CREATE USER tell of an account.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show-grants.html; order and words as recorded from 9.7.

import type { Account, Grants } from '../../../overlay/account.ts';
import type { AccountTerms, GrantLevel } from '../../../sql/ast/account.ts';
import { quoteName } from '../../../sql/quote-name.ts';
import {
  COLUMN_PRIVILEGES,
  dynamicPrivileges,
  ROUTINE_PRIVILEGES,
  SCHEMA_PRIVILEGES,
  STATIC_PRIVILEGES,
  TABLE_PRIVILEGES,
} from '../../accounts.ts';

function whom({ user, host }: { readonly user: string; readonly host: string }): string {
  return `${quoteName(user)}@${quoteName(host)}`;
}

const WITH_OPTION = ' WITH GRANT OPTION';

/** Kinds of levels in the order they are listed, with what stands before the name and what all of it is. */
const LISTED: readonly (readonly [GrantLevel['kind'], string, readonly string[]])[] = [
  ['schema', '', SCHEMA_PRIVILEGES],
  ['table', '', TABLE_PRIVILEGES],
  ['PROCEDURE', 'PROCEDURE ', ROUTINE_PRIVILEGES],
  ['FUNCTION', 'FUNCTION ', ROUTINE_PRIVILEGES],
];

function privilegesOf(grants: Grants, all: readonly string[]): string {
  if (all !== ROUTINE_PRIVILEGES && all.every((privilege) => grants.held.has(privilege))) return 'ALL PRIVILEGES';
  const listed = all.flatMap((privilege) => {
    const columns = COLUMN_PRIVILEGES.includes(privilege) ? grants.columns.get(privilege) : undefined;
    const onColumns = columns ? [`${privilege} (${[...columns].sort().map(quoteName).join(', ')})`] : [];
    return grants.held.has(privilege) ? [...onColumns, privilege] : onColumns;
  });
  return listed.length === 0 ? 'USAGE' : listed.join(', ');
}

/** Lines of SHOW GRANTS; `using` adds what these roles hold. */
export function grantLines(account: Account, using: readonly Account[] = []): string[] {
  const to = ` TO ${whom(account)}`;
  const all = [account, ...using];
  const fixed = STATIC_PRIVILEGES.filter((privilege) => all.some((each) => each.privileges.has(privilege)));
  const option = all.some((each) => each.grantOption) ? WITH_OPTION : '';
  const lines = [`GRANT ${fixed.length === 0 ? 'USAGE' : fixed.join(', ')} ON *.*${to}${option}`];
  for (const grantable of [false, true]) {
    const names = dynamicPrivileges().filter((privilege) =>
      all.some((each) => each.dynamic.has(privilege) && each.dynamic.get(privilege) === grantable),
    );
    if (names.length > 0) lines.push(`GRANT ${names.join(',')} ON *.*${to}${grantable ? WITH_OPTION : ''}`);
  }
  for (const [schema, taken] of account.restrictions)
    lines.push(
      `REVOKE ${STATIC_PRIVILEGES.filter((privilege) => taken.has(privilege)).join(', ')} ON ${quoteName(schema)}.* FROM ${whom(account)}`,
    );
  for (const [kind, before, whole] of LISTED) {
    const levels = all.flatMap((each) => [...each.levels.values()]).filter((grants) => grants.level.kind === kind);
    for (const grants of levels) {
      const { schema, name } = grants.level;
      const where = `${before}${quoteName(schema)}.${kind === 'schema' ? '*' : quoteName(name)}`;
      lines.push(`GRANT ${privilegesOf(grants, whole)} ON ${where}${to}${grants.option ? WITH_OPTION : ''}`);
    }
  }
  for (const proxy of account.proxies.values())
    lines.push(`GRANT PROXY ON ${whom(proxy)}${to}${proxy.option ? WITH_OPTION : ''}`);
  for (const admin of [false, true]) {
    const roles = [...account.roles.values()].filter((role) => role.admin === admin).map(whom);
    if (roles.length > 0) lines.push(`GRANT ${roles.sort().join(',')}${to}${admin ? ' WITH ADMIN OPTION' : ''}`);
  }
  return lines;
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, (c) => `\\${c}`)}'`;
}

function tlsOf({ tls, subject, issuer, cipher }: AccountTerms): string {
  if (tls === '') return 'NONE';
  if (tls !== 'SPECIFIED') return tls === 'ANY' ? 'SSL' : tls;
  const parts = [
    ['SUBJECT', subject],
    ['ISSUER', issuer],
    ['CIPHER', cipher],
  ] as const;
  return parts.flatMap(([word, text]) => (text === '' ? [] : [`${word} ${quoted(text)}`])).join(' ');
}

function limitsOf(terms: AccountTerms): string {
  const parts = [
    ['MAX_QUERIES_PER_HOUR', terms.queriesPerHour],
    ['MAX_UPDATES_PER_HOUR', terms.updatesPerHour],
    ['MAX_CONNECTIONS_PER_HOUR', terms.connectionsPerHour],
    ['MAX_USER_CONNECTIONS', terms.userConnections],
  ] as const;
  const said = parts.flatMap(([word, count]) => (count === 0 ? [] : [`${word} ${count}`]));
  return said.length === 0 ? '' : ` WITH ${said.join(' ')}`;
}

function expiryOf({ expired, lifetimeDays }: AccountTerms): string {
  if (expired) return '';
  if (lifetimeDays === null) return ' DEFAULT';
  return lifetimeDays === 0 ? ' NEVER' : ` INTERVAL ${lifetimeDays} DAY`;
}

function lockingOf({ failedLogins, lockDays }: AccountTerms): string {
  const attempts = failedLogins === 0 ? '' : ` FAILED_LOGIN_ATTEMPTS ${failedLogins}`;
  const time = lockDays === 0 ? '' : ` PASSWORD_LOCK_TIME ${lockDays < 0 ? 'UNBOUNDED' : lockDays}`;
  return attempts + time;
}

/** The line of SHOW CREATE USER; `hides` where who asks may not read passwords' hashes. */
export function createUserLine(account: Account, hides: boolean): string {
  const { terms } = account;
  const secret = account.shown === '' ? '' : ` AS ${hides ? '<secret>' : quoted(account.shown)}`;
  const roles = [...account.defaultRoles].map((key) =>
    whom({ user: key.split('\0')[0] ?? '', host: key.split('\0')[1] ?? '' }),
  );
  const byDefault = roles.length === 0 ? '' : ` DEFAULT ROLE ${roles.sort().join(',')}`;
  const current = terms.requireCurrent === null ? ' DEFAULT' : terms.requireCurrent ? '' : ' OPTIONAL';
  return [
    `CREATE USER ${whom(account)} IDENTIFIED WITH '${account.plugin}'${secret}${byDefault}`,
    `REQUIRE ${tlsOf(terms)}${limitsOf(terms)}`,
    `PASSWORD EXPIRE${expiryOf(terms)}`,
    `ACCOUNT ${terms.locked ? 'LOCK' : 'UNLOCK'}`,
    `PASSWORD HISTORY ${terms.historyPasswords ?? 'DEFAULT'}`,
    `PASSWORD REUSE INTERVAL ${terms.reuseDays === null ? 'DEFAULT' : `${terms.reuseDays} DAY`}`,
    `PASSWORD REQUIRE CURRENT${current}${lockingOf(terms)}${terms.attribute === undefined ? '' : ` ATTRIBUTE ${quoted(terms.attribute)}`}`,
  ].join(' ');
}
