// GRANT and REVOKE: privileges at a level, roles, PROXY.
// Source: https://dev.mysql.com/doc/refman/9.7/en/grant.html
import type { AccountName, GrantedPrivilege, GrantLevel, GrantStatement } from '../ast/account.ts';
import type { Statement } from '../ast/statement.ts';
import { EVERY_HOST, parseAccount } from './account.ts';
import { type Cursor, decode } from './cursor.ts';

interface Listed extends GrantedPrivilege {
  /** The role these words may name instead. */
  readonly role: AccountName | undefined;
}

/** Privileges that may be held on columns. */
const ON_COLUMNS: ReadonlySet<string> = new Set(['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']);

/** Words of one privilege with its columns: `CREATE TEMPORARY TABLES`, a dynamic privilege, or a role's name. */
function parsePrivilege(c: Cursor): Listed {
  if (c.token.kind === 'string' || c.token.kind === 'quoted' || c.peek().kind === 'variable')
    return { name: '', columns: [], role: parseAccount(c) };
  const first = decode(c.token.text);
  const words: string[] = [];
  while (c.token.kind === 'word' && !c.isOne('ON', 'TO', 'FROM')) words.push(c.advance().upper);
  if (words.length === 0) throw c.fail();
  const columns =
    c.is('(') && words.length === 1 && ON_COLUMNS.has(words[0] as string)
      ? c.parenthesised(() => c.list(() => c.name()))
      : [];
  const role = words.length === 1 ? { user: first, host: EVERY_HOST, current: false } : undefined;
  const name = words.join(' ');
  return { name: name === 'ALL' ? 'ALL PRIVILEGES' : name, columns, role };
}

function parseLevel(c: Cursor): GrantLevel {
  const type = c.acceptOne('TABLE', 'FUNCTION', 'PROCEDURE', 'LIBRARY');
  const kind = type === 'FUNCTION' || type === 'PROCEDURE' ? type : 'table';
  if (c.accept('*')) {
    if (!c.accept('.')) return { kind: 'schema', schema: '', name: '' };
    c.expect('*');
    return { kind: 'global', schema: '', name: '' };
  }
  const first = c.name();
  if (!c.accept('.')) return { kind, schema: '', name: first };
  return c.accept('*') ? { kind: 'schema', schema: first, name: '' } : { kind, schema: first, name: c.nameAfterDot() };
}

/** Parses after `GRANT` or `REVOKE`. */
export function parseGrant(c: Cursor, revoke: boolean): Statement {
  const ifExists = revoke && c.acceptAll('IF', 'EXISTS');
  const toward = revoke ? 'FROM' : 'TO';
  const nothing = { privileges: [], level: undefined, everything: false, roles: [], proxied: undefined };
  if (c.accept('PROXY')) {
    c.expect('ON');
    const proxied = parseAccount(c);
    c.expect(toward);
    return finish(c, { ...nothing, proxied, revoke, ifExists });
  }
  const privileges = c.list(() => parsePrivilege(c));
  if (c.accept('ON')) {
    const level = parseLevel(c);
    c.expect(toward);
    return finish(c, { ...nothing, privileges, level, revoke, ifExists });
  }
  if (ifExists && c.token.kind === 'end') throw c.fail();
  c.expect(toward);
  const everything = revoke && privileges[0]?.name.startsWith('ALL') === true;
  const roles = everything ? [] : privileges.flatMap(({ role }) => (role ? [role] : []));
  return finish(c, { ...nothing, everything, roles, revoke, ifExists });
}

type Begun = Omit<GrantStatement, 'kind' | 'users' | 'option' | 'ignoreUnknown' | 'as'>;

function finish(c: Cursor, begun: Begun): Statement {
  const users = c.list(() => parseAccount(c));
  let option = false;
  if (!begun.revoke && c.accept('WITH')) {
    c.expect(begun.roles.length > 0 ? 'ADMIN' : 'GRANT');
    c.expect('OPTION');
    option = true;
  }
  const as = !begun.revoke && begun.level && c.accept('AS') ? parseAccount(c) : undefined;
  if (as && c.accept('WITH')) {
    c.expect('ROLE');
    if (!c.acceptOne('DEFAULT', 'NONE') && (!c.accept('ALL') || c.accept('EXCEPT'))) c.list(() => parseAccount(c));
  }
  const ignoreUnknown = begun.revoke && c.acceptAll('IGNORE', 'UNKNOWN', 'USER');
  return { kind: 'grant', users, option, ignoreUnknown, as, ...begun };
}
