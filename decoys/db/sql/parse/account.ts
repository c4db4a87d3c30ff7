// Accounts: CREATE, ALTER, DROP and RENAME USER, roles, GRANT, REVOKE, SET PASSWORD's names.
// Source: https://dev.mysql.com/doc/refman/9.7/en/account-management-statements.html
import type { AccountName, AccountSpec } from '../ast/account.ts';
import type { Statement } from '../ast/statement.ts';
import { type Cursor, decode } from './cursor.ts';

const EVERY_HOST = '%';

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

function parseIdentified(c: Cursor, account: AccountName): AccountSpec {
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
    if (c.accept('REPLACE')) c.string();
    c.acceptAll('RETAIN', 'CURRENT', 'PASSWORD');
  } else if (c.acceptAll('DISCARD', 'OLD', 'PASSWORD')) {
    return { account, plugin, password, hash, random };
  }
  return { account, plugin, password, hash, random };
}

const LIMITS = ['MAX_QUERIES_PER_HOUR', 'MAX_UPDATES_PER_HOUR', 'MAX_CONNECTIONS_PER_HOUR', 'MAX_USER_CONNECTIONS'];

function parseOptions(c: Cursor): void {
  if (c.acceptAll('DEFAULT', 'ROLE')) {
    if (!c.acceptOne('ALL', 'NONE')) c.list(() => parseAccount(c));
  }
  if (c.accept('REQUIRE')) {
    if (!c.acceptOne('NONE', 'SSL', 'X509')) {
      while (c.acceptOne('CIPHER', 'ISSUER', 'SUBJECT')) {
        c.string();
        c.accept('AND');
      }
    }
  }
  if (c.accept('WITH')) {
    if (!c.isOne(...LIMITS)) throw c.fail();
    while (c.acceptOne(...LIMITS)) c.integer();
  }
  while (c.isOne('PASSWORD', 'ACCOUNT', 'FAILED_LOGIN_ATTEMPTS', 'PASSWORD_LOCK_TIME')) parseLockOption(c);
  if (c.acceptOne('COMMENT', 'ATTRIBUTE')) c.string();
}

function parseLockOption(c: Cursor): void {
  const word = c.advance().upper;
  if (word === 'ACCOUNT') {
    if (!c.acceptOne('LOCK', 'UNLOCK')) throw c.fail();
  } else if (word === 'PASSWORD') {
    if (c.accept('EXPIRE')) {
      if (c.acceptOne('DEFAULT', 'NEVER')) return;
      if (c.accept('INTERVAL')) {
        c.integer();
        c.expect('DAY');
      }
    } else if (c.accept('HISTORY')) {
      if (!c.accept('DEFAULT')) c.integer();
    } else if (c.accept('REUSE')) {
      c.expect('INTERVAL');
      if (!c.accept('DEFAULT')) {
        c.integer();
        c.expect('DAY');
      }
    } else if (c.accept('REQUIRE')) {
      c.expect('CURRENT');
      c.acceptOne('DEFAULT', 'OPTIONAL');
    } else throw c.fail();
  } else if (!c.accept('UNBOUNDED')) c.integer();
}

export function parseCreateUser(c: Cursor, role: boolean): Statement {
  const ifNotExists = c.acceptAll('IF', 'NOT', 'EXISTS');
  const users = c.list(() => {
    const account = parseAccount(c);
    return role
      ? { account, plugin: '', password: undefined, hash: undefined, random: false }
      : parseIdentified(c, account);
  });
  if (!role) parseOptions(c);
  return { kind: 'create-user', users, ifNotExists, role };
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
    return parseIdentified(c, parseAlteredAccount(c));
  });
  parseOptions(c);
  return { kind: 'alter-user', users, ifExists };
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

/** Words of one privilege up to its column list: `CREATE TEMPORARY TABLES`, a dynamic privilege, or a role's name. */
function parsePrivilege(c: Cursor): { text: string; account: AccountName | undefined } {
  if (c.token.kind === 'string' || c.token.kind === 'quoted' || c.peek().kind === 'variable') {
    return { text: '', account: parseAccount(c) };
  }
  const first = decode(c.token.text);
  const words: string[] = [];
  while (c.token.kind === 'word' && !c.isOne('ON', 'TO', 'FROM')) words.push(c.advance().upper);
  if (words.length === 0) throw c.fail();
  if (c.accept('(')) {
    c.list(() => c.name());
    c.expect(')');
  }
  return {
    text: words.join(' '),
    account: words.length === 1 ? { user: first, host: EVERY_HOST, current: false } : undefined,
  };
}

function parseLevel(c: Cursor): string {
  c.acceptOne('TABLE', 'FUNCTION', 'PROCEDURE', 'LIBRARY');
  if (c.accept('*')) {
    if (!c.accept('.')) return '*';
    c.expect('*');
    return '*.*';
  }
  const schema = c.name();
  if (!c.accept('.')) return schema;
  return c.accept('*') ? `${schema}.*` : `${schema}.${c.nameAfterDot()}`;
}

export function parseGrant(c: Cursor, revoke: boolean): Statement {
  const ifExists = revoke && c.acceptAll('IF', 'EXISTS');
  const toward = revoke ? 'FROM' : 'TO';
  if (c.accept('PROXY')) {
    c.expect('ON');
    parseAccount(c);
    c.expect(toward);
    return finishGrant(c, { privileges: ['PROXY'], level: '', revoke, roles: [] });
  }
  const list = c.list(() => parsePrivilege(c));
  const privileges = list.map((entry) => entry.text);
  if (c.accept('ON')) {
    const level = parseLevel(c);
    c.expect(toward);
    return finishGrant(c, { privileges, level, revoke, roles: [] });
  }
  if (ifExists && c.token.kind === 'end') throw c.fail();
  c.expect(toward);
  if (revoke && privileges[0]?.startsWith('ALL'))
    return finishGrant(c, { privileges, level: '*.*', revoke, roles: [], everything: true });
  return finishGrant(c, {
    privileges: [],
    level: '',
    revoke,
    roles: list.flatMap((entry) => (entry.account ? [entry.account] : [])),
  });
}

function finishGrant(
  c: Cursor,
  grant: { privileges: string[]; level: string; revoke: boolean; roles: AccountName[]; everything?: boolean },
): Statement {
  const users = c.list(() => parseAccount(c));
  let option = false;
  if (!grant.revoke && c.accept('WITH')) {
    option = c.accept('GRANT');
    if (!option) c.expect('ADMIN');
    c.expect('OPTION');
  }
  if (c.accept('AS')) parseAccount(c);
  if (grant.revoke) c.acceptAll('IGNORE', 'UNKNOWN', 'USER');
  return { kind: 'grant', users, option, ...grant };
}
