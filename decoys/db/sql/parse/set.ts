// SET in all its forms: system and user variables, NAMES, CHARACTER SET, TRANSACTION, PASSWORD, ROLE.
// Source: https://dev.mysql.com/doc/refman/9.7/en/set-statement.html
import type { SetItem } from '../ast/administration.ts';
import type { Expression } from '../ast/expression.ts';
import type { Statement } from '../ast/statement.ts';
import { parseAccount, parseSetDefaultRole, parseSetRole } from './account.ts';
import { type Cursor, decode } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseSetResourceGroup } from './resource-group.ts';

type Scope = '' | 'global' | 'session' | 'persist' | 'persist_only';
const SCOPES: Readonly<Record<string, Scope>> = {
  GLOBAL: 'global',
  SESSION: 'session',
  LOCAL: 'session',
  PERSIST: 'persist',
  PERSIST_ONLY: 'persist_only',
};
/** Words that stand for themselves as a variable's value. */
const VALUE_WORDS = ['ON', 'ALL', 'BINARY', 'ROW', 'SYSTEM'];

export function parseSet(c: Cursor): Statement {
  if (c.is('PASSWORD') && (c.peek().upper === '=' || c.peek().upper === 'FOR' || c.peek().upper === 'TO'))
    return parseSetPassword(c);
  if (c.accept('ROLE')) return parseSetRole(c);
  if (c.acceptAll('DEFAULT', 'ROLE')) return parseSetDefaultRole(c);
  if (c.acceptAll('RESOURCE', 'GROUP')) return parseSetResourceGroup(c);
  // A scope that is written holds for the variables after it too, until another is.
  let standing: Scope = '';
  const items = c.list(() => {
    const word = SCOPES[c.token.upper];
    const item = parseItem(c, standing);
    if (word !== undefined && item.kind === 'system' && item.scope === word) standing = word;
    return item;
  });
  return { kind: 'set', items };
}

function parseSetPassword(c: Cursor): Statement {
  c.expect('PASSWORD');
  const account = c.accept('FOR') ? parseAccount(c) : undefined;
  const random = c.accept('TO');
  if (random) c.expect('RANDOM');
  else c.expect('=');
  const password = random ? '' : c.string();
  const replaces = c.accept('REPLACE');
  if (replaces) c.string();
  c.acceptAll('RETAIN', 'CURRENT', 'PASSWORD');
  return { kind: 'set-password', account, password, random, replaces };
}

/** `standing` is the scope of a variable written without one. */
function parseItem(c: Cursor, standing: Scope): SetItem {
  const { token } = c;
  if (token.kind === 'variable') {
    c.advance();
    if (!c.accept(':=')) c.expect('=');
    return { kind: 'user', name: decode(token.text), value: parseExpression(c) };
  }
  if (token.upper === 'NAMES') return parseNames(c);
  if ((token.upper === 'CHARACTER' || token.upper === 'CHAR') && c.peek().upper === 'SET') {
    c.at += 2;
    return { kind: 'charset', charset: parseCharset(c) };
  }
  if (token.upper === 'CHARSET') {
    c.advance();
    return { kind: 'charset', charset: parseCharset(c) };
  }
  const prefixed = token.kind === 'system';
  if (prefixed) c.advance();
  const scopeWord = SCOPES[c.token.upper];
  const scoped =
    scopeWord !== undefined &&
    (prefixed
      ? c.peek().text === '.'
      : c.peek().kind === 'word' || c.peek().kind === 'quoted' || c.peek().kind === 'system');
  const scope: Scope = scoped ? scopeWord : '';
  if (scoped) {
    c.advance();
    if (prefixed) c.expect('.');
  }
  if (!prefixed && c.is('TRANSACTION')) return parseTransaction(c, scope);
  if (!prefixed && scope && c.token.kind === 'system') throw c.fail();
  let name = prefixed && scoped ? c.nameAfterDot() : c.name();
  if (c.accept('.')) name += `.${c.nameAfterDot()}`;
  if (!c.accept(':=')) c.expect('=');
  return { kind: 'system', scope: prefixed ? scope : scope || standing, name, value: parseValue(c) };
}

/** undefined is DEFAULT. */
function parseValue(c: Cursor): Expression | undefined {
  if (c.is('DEFAULT') && c.peek().upper !== '(') {
    c.advance();
    return undefined;
  }
  if (c.isOne(...VALUE_WORDS) && c.peek().upper !== '(') {
    const { start, end, text } = c.advance();
    return { kind: 'string', bytes: Buffer.from(text, 'latin1'), introducer: '', first: text, start, end };
  }
  return parseExpression(c);
}

function parseCharset(c: Cursor): string | undefined {
  if (c.accept('DEFAULT')) return undefined;
  if (c.is('BINARY')) return c.advance().text.toLowerCase();
  return c.nameOrText().toLowerCase();
}

function parseNames(c: Cursor): SetItem {
  c.expect('NAMES');
  if (c.is('=')) throw c.fail();
  const charset = parseCharset(c);
  const collation = c.accept('COLLATE') ? (c.is('BINARY') ? c.advance().text : c.nameOrText()) : '';
  return { kind: 'names', charset, collation };
}

function parseTransaction(c: Cursor, scope: Scope): SetItem {
  c.expect('TRANSACTION');
  let isolation = '';
  let readOnly: boolean | undefined;
  do {
    // Each is said once.
    if (c.is('READ') ? readOnly !== undefined : isolation !== '') throw c.fail();
    if (c.acceptAll('ISOLATION', 'LEVEL')) {
      if (c.accept('SERIALIZABLE')) isolation = 'SERIALIZABLE';
      else if (c.acceptAll('REPEATABLE', 'READ')) isolation = 'REPEATABLE-READ';
      else {
        c.expect('READ');
        isolation = `READ-${c.acceptOne('COMMITTED', 'UNCOMMITTED') ?? ''}`;
        if (isolation === 'READ-') throw c.fail();
      }
    } else {
      c.expect('READ');
      readOnly = c.accept('ONLY');
      if (!readOnly) c.expect('WRITE');
    }
  } while (c.accept(','));
  return { kind: 'transaction', scope: scope === 'global' || scope === 'session' ? scope : '', isolation, readOnly };
}
