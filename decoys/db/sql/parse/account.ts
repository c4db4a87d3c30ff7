// Accounts: CREATE, ALTER, DROP and RENAME USER, SET ROLE and SET DEFAULT ROLE.
// Source: https://dev.mysql.com/doc/refman/9.7/en/account-management-statements.html
import type { AccountName, AccountSpec } from '../ast/account.ts';
import type { Statement } from '../ast/statement.ts';
import { sqlError } from '../errors.ts';
import { parseTerms, ROLE_TERMS } from './account-terms.ts';
import { type Cursor, decode } from './cursor.ts';

export const EVERY_HOST = '%';

/** Plugins that keep a password, which no second factor may. */
const PASSWORD_PLUGINS: ReadonlySet<string> = new Set(['caching_sha2_password', 'sha256_password']);

/** Further factors a login would need: the plugins of none are loaded. Throws 1524 or 4052 of the first. */
function parseFactor(c: Cursor, factor: number, command: string): void {
  c.expect('IDENTIFIED');
  const plugin = c.accept('WITH') ? c.nameOrText() : '';
  if (plugin === '') c.expect('BY');
  throw PASSWORD_PLUGINS.has(plugin)
    ? sqlError('ER_INVALID_MFA_PLUGIN_SPECIFIED', plugin, factor, command)
    : sqlError('ER_PLUGIN_IS_NOT_LOADED', plugin);
}

const FACTORS = [2, 3];

/** ADD, MODIFY or DROP of a factor, or its registration: accounts have but one. */
function parseFactorChange(c: Cursor): void {
  const word = c.acceptOne('ADD', 'MODIFY', 'DROP');
  if (!word && !/^[0-9]+$/.test(c.token.text)) return;
  const factor = c.integer();
  if (!FACTORS.includes(factor)) throw c.fail();
  c.expect('FACTOR');
  if (!word) {
    const step = c.acceptOne('INITIATE', 'FINISH', 'UNREGISTER');
    if (step !== 'UNREGISTER') c.expect('REGISTRATION');
    throw sqlError('ER_USER_REGISTRATION', 'root', EVERY_HOST);
  }
  if (word === 'ADD' && factor === 2) parseFactor(c, factor, 'ALTER USER');
  const missing = word === 'ADD' ? 2 : factor;
  throw sqlError('ER_MFA_METHOD_NOT_EXISTS', missing, missing);
}

/** 'user'@'host', user, or CURRENT_USER[()]. */
export function parseAccount(c: Cursor): AccountName {
  if (c.accept('CURRENT_USER')) {
    if (c.accept('(')) c.expect(')');
    return { user: '', host: '', current: true };
  }
  const user = c.nameOrText();
  const { token } = c;
  // The lexer reads `@host` as a user variable; an empty one is a bare `@` before a quoted host it has already taken.
  if (token.kind === 'variable') {
    c.advance();
    return { user, host: decode(token.text).toLowerCase(), current: false };
  }
  return { user, host: EVERY_HOST, current: false };
}

function parseIdentified(c: Cursor, account: AccountName, altering: boolean): AccountSpec {
  let [replaces, retains, discards] = [false, false, false];
  let plugin = '';
  let password: string | undefined;
  let hash: string | undefined;
  let random = false;
  if (c.accept('IDENTIFIED')) {
    if (c.accept('WITH')) {
      plugin = c.nameOrText();
      if (c.accept('AS')) {
        hash = c.token.kind === 'hex' ? Buffer.from(c.advance().text, 'hex').toString() : c.string();
      } else if (c.accept('BY')) {
        random = c.acceptAll('RANDOM', 'PASSWORD');
        if (!random) password = c.string();
      }
    } else {
      c.expect('BY');
      random = c.acceptAll('RANDOM', 'PASSWORD');
      if (!random) password = c.string();
    }
    replaces = c.accept('REPLACE');
    if (replaces) c.string();
    retains = c.acceptAll('RETAIN', 'CURRENT', 'PASSWORD');
    if (c.is('AND') && c.peek().upper === 'IDENTIFIED') {
      c.advance();
      parseFactor(c, 2, altering ? 'ALTER USER' : 'CREATE USER');
    }
  } else discards = altering && c.acceptAll('DISCARD', 'OLD', 'PASSWORD');
  if (altering && !discards) parseFactorChange(c);
  return { account, plugin, password, hash, random, replaces, retains, discards };
}

export function parseCreateUser(c: Cursor, role: boolean): Statement {
  const ifNotExists = c.acceptAll('IF', 'NOT', 'EXISTS');
  const users = c.list(() => {
    const account = parseAccount(c);
    return role
      ? { account, plugin: '', password: undefined, hash: undefined, random: false }
      : parseIdentified(c, account, false);
  });
  const defaultRoles = !role && c.acceptAll('DEFAULT', 'ROLE') ? c.list(() => parseAccount(c)) : [];
  const terms = role ? ROLE_TERMS : parseTerms(c);
  return { kind: 'create-user', users, ifNotExists, role, terms, defaultRoles };
}

/** An account, or USER() for one's own. */
function parseAlteredAccount(c: Cursor): AccountName {
  if (!c.accept('USER')) return parseAccount(c);
  c.parenthesised(() => undefined);
  return { user: '', host: '', current: true };
}

export function parseAlterUser(c: Cursor): Statement {
  const ifExists = c.acceptAll('IF', 'EXISTS');
  const users = c.list(() => {
    return parseIdentified(c, parseAlteredAccount(c), true);
  });
  const defaultRoles = c.acceptAll('DEFAULT', 'ROLE') ? parseRoles(c) : undefined;
  return { kind: 'alter-user', users, ifExists, terms: defaultRoles ? {} : parseTerms(c), defaultRoles };
}

/** ALL, NONE or a list of roles. */
function parseRoles(c: Cursor): 'all' | readonly AccountName[] {
  if (c.accept('ALL')) return 'all';
  return c.accept('NONE') ? [] : c.list(() => parseAccount(c));
}

/** SET ROLE, after those words. */
export function parseSetRole(c: Cursor): Statement {
  if (c.accept('DEFAULT')) return { kind: 'set-role', roles: 'default', except: [] };
  const roles = parseRoles(c);
  const except = roles === 'all' && c.accept('EXCEPT') ? c.list(() => parseAccount(c)) : [];
  return { kind: 'set-role', roles, except };
}

/** SET DEFAULT ROLE, after those words. */
export function parseSetDefaultRole(c: Cursor): Statement {
  const roles = parseRoles(c);
  c.expect('TO');
  return { kind: 'set-default-role', roles, users: c.list(() => parseAccount(c)) };
}

export function parseDropUser(c: Cursor, role: boolean): Statement {
  const ifExists = c.acceptAll('IF', 'EXISTS');
  return { kind: 'drop-user', users: c.list(() => parseAccount(c)), ifExists, role };
}

export function parseRenameUser(c: Cursor): Statement {
  const pairs = c.list(() => {
    const from = parseAccount(c);
    c.expect('TO');
    return [from, parseAccount(c)] as const;
  });
  return { kind: 'rename-user', pairs };
}
