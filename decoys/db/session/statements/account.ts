// CREATE, ALTER, DROP and RENAME USER, GRANT, REVOKE, SET PASSWORD: on the source's own accounts, which then can log in.
// Source: https://dev.mysql.com/doc/refman/9.7/en/account-management-statements.html
import { type Account, MAX_ACCOUNTS } from '../../overlay/overlay.ts';
import type { AccountName, AccountSpec, Statement } from '../../sql/ast.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import type { Value } from '../../sql/value/value.ts';
import type { Column } from '../../wire/column.ts';
import { accountKey, dynamicPrivileges, STATIC_PRIVILEGES, shownHash } from '../accounts.ts';
import { OK, type Outcome } from '../outcome.ts';
import { tableExists } from '../schemas.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

const PLUGINS = ['caching_sha2_password', 'sha256_password'] as const;
const PASSWORD_CHARACTERS = 256;
const USER_CHARACTERS = 32;
const RANDOM_CHARACTERS = 20;
const PASSWORD_ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&()*+,-./:;<=>?@[]^_{|}~';

function randomPassword(x: Execution): string {
  const pick = () => PASSWORD_ALPHABET[Math.floor(x.random() * PASSWORD_ALPHABET.length)] as string;
  return Array.from({ length: RANDOM_CHARACTERS }, pick).join('');
}

function generatedColumn(name: string, characters: number): Column {
  return {
    name,
    orgName: '',
    schema: '',
    table: '',
    orgTable: '',
    type: 253,
    binary: false,
    length: characters,
    flags: 1,
    decimals: 31,
  };
}

/** What CREATE USER … IDENTIFIED BY RANDOM PASSWORD answers with. */
const GENERATED_COLUMNS: readonly Column[] = [
  generatedColumn('user', 4),
  generatedColumn('host', 4),
  generatedColumn('generated password', 18),
  { ...generatedColumn('auth_factor', 13), type: 8, binary: true, flags: 161, decimals: 0 },
];

export function resolveAccount(x: Execution, name: AccountName): { user: string; host: string } {
  if (!name.current) return name;
  const at = x.session.accountName.lastIndexOf('@');
  return { user: x.session.accountName.slice(0, at), host: x.session.accountName.slice(at + 1) };
}

function quoted({ user, host }: { user: string; host: string }): string {
  return `'${user}'@'${host}'`;
}

function pluginOf(name: string): Account['plugin'] {
  if (name === '') return 'caching_sha2_password';
  const found = PLUGINS.find((plugin) => plugin === name);
  if (!found) throw sqlError('ER_PLUGIN_IS_NOT_LOADED', name);
  return found;
}

function salt(x: Execution): string {
  return Array.from({ length: 20 }, () => String.fromCharCode(1 + Math.floor(x.random() * 126)))
    .join('')
    .replace(/\$/g, '%');
}

function setPassword(x: Execution, account: Account, spec: AccountSpec): void {
  account.plugin = pluginOf(spec.plugin);
  account.cached = false;
  account.password = spec.hash === undefined ? (spec.password ?? '').slice(0, PASSWORD_CHARACTERS) : undefined;
  account.shown = spec.hash ?? (account.password === '' ? '' : shownHash(account.password as string, salt(x)));
}

function blank(user: string, host: string, role: boolean, nowMs: number): Account {
  return {
    user,
    host,
    plugin: 'caching_sha2_password',
    password: role ? undefined : '',
    cached: false,
    privileges: new Set(),
    levels: new Map(),
    grantOption: false,
    role,
    changedMs: nowMs,
    shown: '',
  };
}

export function createUser(x: Execution, s: Of<'create-user'>): Outcome {
  const { accounts } = x.session.overlay;
  const names = s.users.map((spec) => ({ spec, ...resolveAccount(x, spec.account) }));
  for (const { user, spec } of names) {
    if ([...user].length > USER_CHARACTERS)
      throw sqlError('ER_WRONG_STRING_LENGTH', user, 'user name', USER_CHARACTERS);
    pluginOf(spec.plugin);
  }
  const existing = names.filter(({ user, host }) => accounts.has(accountKey(user, host)));
  const operation = s.role ? 'CREATE ROLE' : 'CREATE USER';
  if (existing.length > 0 && !s.ifNotExists)
    throw sqlError(
      'ER_CANNOT_USER',
      operation,
      existing
        .map(quoted)
        .map((name) => `${name} (User account already exists)`)
        .join(','),
    );
  const generated: Value[][] = [];
  for (const { spec, user, host } of names) {
    if (accounts.has(accountKey(user, host))) {
      x.session.addWarning('Note', 3163, `Authorization ID ${quoted({ user, host })} already exists.`);
      continue;
    }
    if (accounts.size >= MAX_ACCOUNTS) throw sqlError('ER_CANNOT_USER', operation, quoted({ user, host }));
    const account = blank(user, host, s.role, x.startedMs);
    if (!s.role) setPassword(x, account, spec.random ? { ...spec, password: randomPassword(x) } : spec);
    accounts.set(accountKey(user, host), account);
    if (spec.random) generated.push([user, host, account.password ?? '', 1n]);
  }
  return generated.length > 0 ? { kind: 'rows', columns: GENERATED_COLUMNS, rows: generated } : OK;
}

export function alterUser(x: Execution, s: Of<'alter-user'>): Outcome {
  const { accounts } = x.session.overlay;
  const names = s.users.map((spec) => ({ spec, ...resolveAccount(x, spec.account) }));
  for (const { spec } of names) pluginOf(spec.plugin);
  const missing = names.filter(({ user, host }) => !accounts.has(accountKey(user, host)));
  if (missing.length > 0 && !s.ifExists)
    throw sqlError(
      'ER_CANNOT_USER',
      'ALTER USER',
      missing
        .map(quoted)
        .map((name) => `${name} (User account does not exist)`)
        .join(','),
    );
  for (const { user, host } of missing)
    x.session.addWarning('Note', 3162, `Authorization ID ${quoted({ user, host })} does not exist.`);
  for (const { spec, user, host } of names) {
    const account = accounts.get(accountKey(user, host));
    if (account && (spec.password !== undefined || spec.hash !== undefined || spec.plugin !== ''))
      setPassword(x, account, spec);
  }
  return OK;
}

export function setPasswordFor(x: Execution, s: Of<'set-password'>): Outcome {
  const { user, host } = resolveAccount(x, s.account ?? { user: '', host: '', current: true });
  const account = x.session.overlay.accounts.get(accountKey(user, host));
  if (!account) throw sqlError('ER_PASSWORD_NO_MATCH');
  setPassword(x, account, {
    account: { user, host, current: false },
    plugin: account.plugin,
    password: s.password,
    hash: undefined,
    random: false,
  });
  return OK;
}

export function dropUser(x: Execution, s: Of<'drop-user'>): Outcome {
  const { accounts } = x.session.overlay;
  const names = s.users.map((name) => resolveAccount(x, name));
  const missing = names.filter(({ user, host }) => !accounts.has(accountKey(user, host)));
  if (missing.length > 0 && !s.ifExists)
    throw sqlError(
      'ER_CANNOT_USER',
      s.role ? 'DROP ROLE' : 'DROP USER',
      missing
        .map(quoted)
        .map((name) => `${name} (User account does not exist)`)
        .join(','),
    );
  for (const { user, host } of missing)
    x.session.addWarning('Note', 3162, `Authorization ID ${quoted({ user, host })} does not exist.`);
  for (const { user, host } of names) accounts.delete(accountKey(user, host));
  return OK;
}

export function renameUser(x: Execution, s: Of<'rename-user'>): Outcome {
  const { accounts } = x.session.overlay;
  for (const [fromName, toName] of s.pairs) {
    const [from, to] = [resolveAccount(x, fromName), resolveAccount(x, toName)];
    const account = accounts.get(accountKey(from.user, from.host));
    if (!account || accounts.has(accountKey(to.user, to.host)))
      throw sqlError('ER_CANNOT_USER', 'RENAME USER', quoted(from));
    accounts.delete(accountKey(from.user, from.host));
    accounts.set(accountKey(to.user, to.host), { ...account, ...to });
  }
  return OK;
}

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
  else if (account.levels.size < 64) account.levels.set(level, held);
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
