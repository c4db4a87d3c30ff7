// CREATE, ALTER, DROP and RENAME USER, SET PASSWORD: on the source's own accounts, which then can log in.
// Source: https://dev.mysql.com/doc/refman/9.7/en/account-management-statements.html

import { type Account, accountKey, newAccount, termsLength } from '../../overlay/account.ts';
import { MAX_ACCOUNTS } from '../../overlay/overlay.ts';
import type { AccountName, AccountSpec, AccountTerms } from '../../sql/ast/account.ts';
import type { Statement } from '../../sql/ast/statement.ts';
import { sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { detached } from '../../sql/value/detached.ts';
import { type JsonData, parseJson, writeJson } from '../../sql/value/json.ts';
import type { Value } from '../../sql/value/value.ts';
import { type Column, textColumn } from '../../wire/column.ts';
import { shownHash } from '../accounts.ts';
import { ownName } from '../denied.ts';
import { forgetFailures } from '../failed-logins.ts';
import { OK, type Outcome } from '../outcome.ts';
import { checkPassword } from '../password-policy.ts';
import { findRole, giveDefault, setDefaultRoles } from './role.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

const PLUGINS = ['caching_sha2_password', 'sha256_password'] as const;
const PASSWORD_CHARACTERS = 256;
const USER_CHARACTERS = 32;
/** What an error tells of a host that is too long. */
const SHOWN_HOST = 70;
const HOST_CHARACTERS = 255;
const RANDOM_CHARACTERS = 20;
const PASSWORD_ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&()*+,-./:;<=>?@[]^_{|}~';

function randomPassword(x: Execution): string {
  const pick = () => PASSWORD_ALPHABET[Math.floor(x.random() * PASSWORD_ALPHABET.length)] as string;
  return Array.from({ length: RANDOM_CHARACTERS }, pick).join('');
}

/** What IDENTIFIED BY RANDOM PASSWORD answers with. */
const GENERATED_COLUMNS: readonly Column[] = [
  textColumn('user', 4),
  textColumn('host', 4),
  textColumn('generated password', 18),
  { ...textColumn('auth_factor', 13), type: 8, binary: true, flags: 161, decimals: 0 },
];

/** The account a name means; CURRENT_USER() means the session's own. */
export function resolveAccount(x: Execution, name: AccountName): { user: string; host: string } {
  if (!name.current) return name;
  const [user, host] = ownName(x.session);
  return { user, host };
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

/** Throws 1819 where the password given is not good enough; one given as a hash cannot be looked at. */
function checkPolicy(x: Execution, spec: AccountSpec): void {
  if (spec.hash === undefined && !spec.random) checkPassword(x.session, spec.password ?? '');
}

function setPassword(x: Execution, account: Account, spec: AccountSpec): void {
  if (spec.retains && account.password === '')
    throw sqlError('ER_SECOND_PASSWORD_CANNOT_BE_EMPTY', account.user, account.host);
  account.retained = spec.retains && account.password ? account.password : undefined;
  account.plugin = pluginOf(spec.plugin);
  account.cached = false;
  account.terms = { ...account.terms, expired: false };
  if (`${account.user}@${account.host}` === x.session.accountName) x.session.passwordExpired = false;
  account.password =
    spec.hash === undefined || spec.hash === ''
      ? detached((spec.password ?? '').slice(0, PASSWORD_CHARACTERS))
      : undefined;
  account.shown =
    spec.hash ?? (account.password === '' ? '' : shownHash(account.password as string, salt(x), account.plugin));
}

/** A hash of caching_sha2_password as mysql.user keeps it: rounds, 20 bytes of salt, 43 of digest. */
const HASH_BYTES = 70;

function checkHash(spec: AccountSpec): void {
  const { hash } = spec;
  if (hash === undefined || hash === '' || pluginOf(spec.plugin) !== 'caching_sha2_password') return;
  if (Buffer.byteLength(hash) !== HASH_BYTES || !hash.startsWith('$A$')) throw sqlError('ER_PASSWORD_FORMAT');
}

/** The attributes after `terms`: COMMENT is one of them, null takes one away. */
function attributesWith(attribute: string | undefined, terms: Partial<AccountTerms>): string | undefined {
  if (terms.attribute === undefined && terms.comment === undefined) return attribute;
  const comment: [string, JsonData][] = [['comment', terms.comment ?? null]];
  const changed = terms.attribute === undefined ? new Map(comment) : parseAttribute(terms.attribute);
  const merged = attribute === undefined ? new Map<string, JsonData>() : parseAttribute(attribute);
  for (const [name, value] of changed) value === null ? merged.delete(name) : merged.set(name, value);
  return merged.size === 0 ? undefined : writeJson(Object.fromEntries(merged));
}

/** Bytes of attributes one account may have. */
const ATTRIBUTE_BYTES = 16 * 1024;

function parseAttribute(text: string): Map<string, JsonData> {
  const parsed = parseJson(text);
  const data = 'data' in parsed ? parsed.data : undefined;
  if (data === null || typeof data !== 'object' || Array.isArray(data))
    throw sqlError('ER_INVALID_USER_ATTRIBUTE_JSON');
  if (text.length > ATTRIBUTE_BYTES) throw sqlError('ER_RECORD_FILE_FULL', 'user');
  return new Map(Object.entries(data));
}

function applyTerms(account: Account, terms: Partial<AccountTerms>): void {
  const attribute = attributesWith(account.terms.attribute, terms);
  account.terms = { ...account.terms, ...terms, attribute, comment: undefined };
}

/** Room an account is given before it is made. */
const ACCOUNT_CLAIM_BYTES = 2_048;

/** Throws 1114 where the source has no room for what is told of an account. */
function claimRoom(x: Execution, spec: AccountSpec, terms: Partial<AccountTerms>, accounts: number): void {
  const bytes = accounts * ACCOUNT_CLAIM_BYTES + (spec.hash?.length ?? 0) + termsLength(terms);
  if (bytes > 0) x.session.server.overlays.claim(x.session.overlay, 'user', bytes, accounts);
}

/** CREATE USER and CREATE ROLE. Throws 1396 or 1470. */
export function createUser(x: Execution, s: Of<'create-user'>): Outcome {
  const { accounts } = x.session.overlay;
  const names = s.users.map((spec) => ({ spec, ...resolveAccount(x, spec.account) }));
  for (const { user, host, spec } of names) {
    if ([...user].length > USER_CHARACTERS)
      throw sqlError('ER_WRONG_STRING_LENGTH', user, 'user name', USER_CHARACTERS);
    if (host.length > HOST_CHARACTERS)
      throw sqlError('ER_WRONG_STRING_LENGTH', host.slice(0, SHOWN_HOST), 'host name', HOST_CHARACTERS);
    pluginOf(spec.plugin);
    checkHash(spec);
  }
  for (const role of s.defaultRoles) findRole(x, role);
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
  if (!s.role) for (const { spec } of names) checkPolicy(x, spec);
  for (const { spec, user, host } of names) {
    if (accounts.has(accountKey(user, host))) {
      x.session.addWarning('Note', 3163, `Authorization ID ${quoted({ user, host })} already exists.`);
      continue;
    }
    if (accounts.size >= MAX_ACCOUNTS) throw sqlError('ER_CANNOT_USER', operation, quoted({ user, host }));
    const account = newAccount(user, host, x.startedMs);
    account.role = s.role;
    for (const role of s.defaultRoles) giveDefault(x, account, role);
    if (!s.role) setPassword(x, account, spec.random ? { ...spec, password: randomPassword(x) } : spec);
    claimRoom(x, spec, s.terms, 1);
    applyTerms(account, s.terms);
    accounts.set(accountKey(user, host), account);
    if (spec.random) generated.push([user, host, account.password ?? '', 1n]);
  }
  return generated.length > 0 ? { kind: 'rows', columns: GENERATED_COLUMNS, rows: generated } : OK;
}

/** Throws 1396 naming the accounts that are not there, or with IF EXISTS notes each. */
function tellMissing(
  x: Execution,
  command: string,
  names: readonly { readonly user: string; readonly host: string }[],
  ifExists: boolean,
): void {
  const missing = names.filter(({ user, host }) => !x.session.overlay.accounts.has(accountKey(user, host)));
  const told = missing.map(quoted);
  if (told.length > 0 && !ifExists)
    throw sqlError('ER_CANNOT_USER', command, told.map((name) => `${name} (User account does not exist)`).join(','));
  for (const name of told) x.session.addWarning('Note', 3162, `Authorization ID ${name} does not exist.`);
}

/** ALTER USER. Throws 3893. */
export function alterUser(x: Execution, s: Of<'alter-user'>): Outcome {
  const { accounts } = x.session.overlay;
  const names = s.users.map((spec) => ({ spec, ...resolveAccount(x, spec.account) }));
  for (const { spec } of names) {
    pluginOf(spec.plugin);
    checkHash(spec);
  }
  tellMissing(x, 'ALTER USER', names, s.ifExists);
  const generated: Value[][] = [];
  for (const { spec, user, host } of names) {
    const account = accounts.get(accountKey(user, host));
    if (!account) continue;
    if (spec.replaces && `${user}@${host}` !== x.session.accountName)
      throw sqlError('ER_CURRENT_PASSWORD_NOT_REQUIRED');
    claimRoom(x, spec, s.terms, 0);
    if (spec.discards) account.retained = undefined;
    if (spec.password !== undefined) checkPolicy(x, spec);
    if (spec.password !== undefined || spec.hash !== undefined || spec.plugin !== '' || spec.random)
      setPassword(x, account, spec.random ? { ...spec, password: randomPassword(x) } : spec);
    if (spec.plugin !== '' && spec.password === undefined && spec.hash === undefined && !spec.random)
      account.terms = { ...account.terms, expired: true };
    applyTerms(account, s.terms);
    if (s.terms.locked === false) forgetFailures(account);
    if (spec.random) generated.push([user, host, account.password ?? '', 1n]);
    if (s.defaultRoles !== undefined) setDefaultRoles(x, account, s.defaultRoles);
  }
  return generated.length > 0 ? { kind: 'rows', columns: GENERATED_COLUMNS, rows: generated } : OK;
}

/** SET PASSWORD, the session's own account's where none is named. Throws 1133 or 3893. */
export function setPasswordFor(x: Execution, s: Of<'set-password'>): Outcome {
  const { user, host } = resolveAccount(x, s.account ?? { user: '', host: '', current: true });
  const account = x.session.overlay.accounts.get(accountKey(user, host));
  if (!account) throw sqlError('ER_PASSWORD_NO_MATCH');
  if (s.replaces && `${user}@${host}` !== x.session.accountName) throw sqlError('ER_CURRENT_PASSWORD_NOT_REQUIRED');
  if (!s.random) checkPassword(x.session, s.password);
  const password = s.random ? randomPassword(x) : s.password;
  const name = { user, host, current: false };
  setPassword(x, account, { account: name, plugin: account.plugin, password, hash: undefined, random: false });
  if (!s.random) return OK;
  return { kind: 'rows', columns: GENERATED_COLUMNS, rows: [[user, host, password, 1n]] };
}

/** DROP USER and DROP ROLE. */
export function dropUser(x: Execution, s: Of<'drop-user'>): Outcome {
  const { accounts } = x.session.overlay;
  const names = s.users.map((name) => resolveAccount(x, name));
  tellMissing(x, s.role ? 'DROP ROLE' : 'DROP USER', names, s.ifExists);
  for (const { user, host } of names) {
    const key = accountKey(user, host);
    accounts.delete(key);
    for (const other of accounts.values()) {
      other.roles.delete(key);
      other.defaultRoles.delete(key);
    }
  }
  return OK;
}

/** RENAME USER: all of the pairs or none. Throws 1396. */
export function renameUser(x: Execution, s: Of<'rename-user'>): Outcome {
  const { accounts } = x.session.overlay;
  const pairs = s.pairs.map(([from, to]) => [resolveAccount(x, from), resolveAccount(x, to)] as const);
  const undo: (() => void)[] = [];
  const refused: string[] = [];
  for (const [from, to] of pairs) {
    const [key, next] = [accountKey(from.user, from.host), accountKey(to.user, to.host)];
    const account = accounts.get(key);
    if (!account || accounts.has(next)) {
      refused.push(quoted(from));
      continue;
    }
    accounts.delete(key);
    accounts.set(next, { ...account, user: to.user, host: to.host });
    undo.push(() => {
      accounts.delete(next);
      accounts.set(key, account);
    });
  }
  if (refused.length === 0) return OK;
  // All pairs or none.
  for (const back of undo.reverse()) back();
  throw sqlError('ER_CANNOT_USER', 'RENAME USER', refused.join(','));
}
