// Accounts of the official image, and how they are looked up, shown and granted to.
// Source: mysql.user of a server initialised without a root password.

import { createHash } from 'node:crypto';
import { CANARY_SCHEMA, type Canary } from '../../touch/canary.ts';
import { type Account, accountKey, DEFAULT_TERMS, grantsAt, newAccount } from '../overlay/account.ts';
import type { Overlay } from '../overlay/overlay.ts';
import { INITIALIZED_MS, OPENED_MS } from '../persona/beginnings.ts';
import { privilegeRows } from '../persona/catalogue.ts';
import { systemRows } from '../persona/system-tables.ts';
import type { GrantLevel } from '../sql/ast/account.ts';

/** authentication_string of accounts nobody can log in to, as the server ships it. */
const LOCKED = '$A$005$THISISACOMBINATIONOFINVALIDSALTANDPASSWORDTHATMUSTNEVERBRBEUSED';

/** Static privileges in the order SHOW GRANTS lists them. */
export const STATIC_PRIVILEGES: readonly string[] = [
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'CREATE',
  'DROP',
  'RELOAD',
  'SHUTDOWN',
  'PROCESS',
  'FILE',
  'REFERENCES',
  'INDEX',
  'ALTER',
  'SHOW DATABASES',
  'SUPER',
  'CREATE TEMPORARY TABLES',
  'LOCK TABLES',
  'EXECUTE',
  'REPLICATION SLAVE',
  'REPLICATION CLIENT',
  'CREATE VIEW',
  'SHOW VIEW',
  'CREATE ROUTINE',
  'ALTER ROUTINE',
  'CREATE USER',
  'EVENT',
  'TRIGGER',
  'CREATE TABLESPACE',
  'CREATE ROLE',
  'DROP ROLE',
];

const EVERYWHERE_ONLY: ReadonlySet<string> = new Set([
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
const NOT_ON_TABLES: ReadonlySet<string> = new Set([
  'CREATE TEMPORARY TABLES',
  'LOCK TABLES',
  'EXECUTE',
  'CREATE ROUTINE',
  'ALTER ROUTINE',
  'EVENT',
]);

/** What ALL PRIVILEGES is on a schema, a table, columns and a routine, in the order SHOW GRANTS lists them. */
export const SCHEMA_PRIVILEGES: readonly string[] = STATIC_PRIVILEGES.filter(
  (privilege) => !EVERYWHERE_ONLY.has(privilege),
);
export const TABLE_PRIVILEGES: readonly string[] = SCHEMA_PRIVILEGES.filter(
  (privilege) => !NOT_ON_TABLES.has(privilege),
);
export const COLUMN_PRIVILEGES: readonly string[] = ['SELECT', 'INSERT', 'UPDATE', 'REFERENCES'];
export const ROUTINE_PRIVILEGES: readonly string[] = ['EXECUTE', 'ALTER ROUTINE'];

let dynamic: readonly string[] | undefined;

/** Dynamic privileges in the order SHOW GRANTS lists them. */
export function dynamicPrivileges(): readonly string[] {
  dynamic ??= privilegeRows()
    .map(([name]) => name as string)
    .filter((name) => /^[A-Z0-9_]+$/.test(name))
    .sort();
  return dynamic;
}

/** How a hash begins by the plugin that made it: its kind, its rounds where it tells them, 20 bytes of salt. */
const SALTED: Readonly<Record<Account['plugin'], (salt: string) => string>> = {
  caching_sha2_password: (salt) => `$A$00A$${salt}`,
  sha256_password: (salt) => `$5$${salt}$`,
};

/** What the server keeps of a password: salted rounds in the form of its plugin. */
export function shownHash(password: string, salt: string, plugin: Account['plugin'] = 'caching_sha2_password'): string {
  const digest = createHash('sha256').update(salt).update(password).digest('base64').replace(/[+=]/g, '.').slice(0, 43);
  return `${SALTED[plugin](salt.slice(0, 20).padEnd(20, 'x'))}${digest}`;
}

interface ServerAccount {
  readonly privileges: readonly string[];
  readonly levels: readonly (readonly [level: GrantLevel, privilege: string])[];
}

const EXEMPT = ['AUDIT_ABORT_EXEMPT', 'FIREWALL_EXEMPT', 'SYSTEM_USER'];

/** What the server's own accounts hold. */
const OF_SERVER: Readonly<Record<string, ServerAccount>> = {
  'mysql.infoschema': { privileges: ['SELECT', ...EXEMPT], levels: [] },
  'mysql.session': {
    privileges: [
      'SHUTDOWN',
      'SUPER',
      ...EXEMPT,
      'AUTHENTICATION_POLICY_ADMIN',
      'BACKUP_ADMIN',
      'CLONE_ADMIN',
      'CONNECTION_ADMIN',
      'PERSIST_RO_VARIABLES_ADMIN',
      'SESSION_VARIABLES_ADMIN',
      'SYSTEM_VARIABLES_ADMIN',
    ],
    levels: [
      [{ kind: 'schema', schema: 'performance_schema', name: '' }, 'SELECT'],
      [{ kind: 'table', schema: 'mysql', name: 'user' }, 'SELECT'],
    ],
  },
  'mysql.sys': {
    privileges: EXEMPT,
    levels: [
      [{ kind: 'schema', schema: 'sys', name: '' }, 'TRIGGER'],
      [{ kind: 'table', schema: 'sys', name: 'sys_config' }, 'SELECT'],
    ],
  },
};

function seeded(user: string, host: string, all: boolean, nowMs: number): Account {
  const account = newAccount(user, host, nowMs);
  const held = all ? [...STATIC_PRIVILEGES, ...dynamicPrivileges()] : (OF_SERVER[user]?.privileges ?? []);
  for (const privilege of held) {
    if (STATIC_PRIVILEGES.includes(privilege)) account.privileges.add(privilege);
    else account.dynamic.set(privilege, all);
  }
  for (const [level, privilege] of OF_SERVER[user]?.levels ?? []) grantsAt(account, level)?.held.add(privilege);
  account.grantOption = all;
  if (all && host === 'localhost') account.proxies.set(accountKey('', ''), { user: '', host: '', option: true });
  if (!user.startsWith('mysql.')) return account;
  return { ...account, password: undefined, shown: LOCKED, terms: { ...DEFAULT_TERMS, locked: true } };
}

/** The account of a leaked credential: it opens, and holds what an application's account would. */
function canaryAccount({ user, password }: Canary, nowMs: number): Account {
  const salt = createHash('sha256').update(`salt\0${user}\0${password}`).digest('hex');
  const account = newAccount(user, '%', nowMs);
  const grants = grantsAt(account, { kind: 'schema', schema: CANARY_SCHEMA, name: '' });
  for (const privilege of SCHEMA_PRIVILEGES) grants?.held.add(privilege);
  return { ...account, password, shown: shownHash(password, salt) };
}

/** Gives every new overlay the accounts a fresh server has; with canaries theirs too, and the schema they are for, empty. */
export function seedAccounts(nowMs: number, canaries: readonly Canary[]): (overlay: Overlay) => void {
  return (overlay) => {
    for (const row of systemRows('mysql.user')) {
      const [host, user] = row as [string, string];
      const madeMs = nowMs - (user === 'root' && host === '%' ? OPENED_MS : INITIALIZED_MS);
      overlay.accounts.set(accountKey(user, host), seeded(user, host, user === 'root', madeMs));
    }
    for (const canary of canaries) overlay.accounts.set(accountKey(canary.user, '%'), canaryAccount(canary, nowMs));
    if (canaries.length === 0) return;
    overlay.databases.set(CANARY_SCHEMA, {
      name: CANARY_SCHEMA,
      collation: 'utf8mb4_0900_ai_ci',
      tables: new Map(),
      views: new Map(),
    });
  };
}

function hostMatches(pattern: string, address: string): boolean {
  if (pattern === '%' || pattern === address || pattern === '') return true;
  if (!pattern.includes('%') && !pattern.includes('_')) return false;
  // Only `%` and `_` mean anything; everything else is literal, so the expression cannot backtrack far.
  const parts = pattern.split('%');
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const found = index === 0 ? (address.startsWith(part) ? 0 : -1) : address.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return parts.at(-1) === '' || at === address.length;
}

/** The account a client from `address` logs in as; more exact hosts come first. */
export function findAccount(overlay: Overlay, user: string, address: string): Account | undefined {
  let best: Account | undefined;
  for (const account of overlay.accounts.values()) {
    if (account.user !== user && account.user !== '') continue;
    if (!hostMatches(account.host, address)) continue;
    const exact = best && account.host !== '%' && best.host === '%';
    const named = best && account.user !== '' && best.user === '' && (best.host === '%' || account.host !== '%');
    const better = !best || exact || named;
    if (better) best = account;
  }
  return best;
}
