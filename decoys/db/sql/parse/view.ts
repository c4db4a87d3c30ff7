// CREATE and ALTER VIEW.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-view.html
import type { AccountName } from '../ast/account.ts';
import type { ViewOptions } from '../ast/definition.ts';
import type { Statement } from '../ast/statement.ts';
import { parseAccount } from './account.ts';
import { type Cursor, decode } from './cursor.ts';
import { parseTableName } from './names.ts';

/** DEFINER = account, which views, routines and events begin with; undefined where it is not given. */
function parseDefiner(c: Cursor): AccountName | undefined {
  if (!c.accept('DEFINER')) return undefined;
  c.expect('=');
  return parseAccount(c);
}

/** ALGORITHM, DEFINER and SQL SECURITY, in that order. */
export function parseViewOptions(c: Cursor): ViewOptions {
  let algorithm = '';
  if (c.accept('ALGORITHM')) {
    c.expect('=');
    const word = c.acceptOne('UNDEFINED', 'MERGE', 'TEMPTABLE');
    if (!word) throw c.fail();
    algorithm = word;
  }
  const definer = parseDefiner(c);
  let security = '';
  if (c.acceptAll('SQL', 'SECURITY')) {
    const word = c.acceptOne('DEFINER', 'INVOKER');
    if (!word) throw c.fail();
    security = word;
  }
  return { algorithm, definer, security };
}

/** What follows VIEW. */
export function parseView(c: Cursor, options: ViewOptions, verb: { replace: boolean; alters: boolean }): Statement {
  const ifNotExists = !verb.alters && c.acceptAll('IF', 'NOT', 'EXISTS');
  const view = parseTableName(c);
  const columns = c.is('(') ? c.parenthesised(() => c.list(() => c.name())) : [];
  c.expect('AS');
  const start = c.token.start;
  const query = c.parseQuery(c);
  const text = decode(c.source(start));
  let checkOption: 'NONE' | 'LOCAL' | 'CASCADED' = 'NONE';
  if (c.accept('WITH')) {
    checkOption = c.acceptOne('CASCADED', 'LOCAL') === 'LOCAL' ? 'LOCAL' : 'CASCADED';
    c.expect('CHECK', 'OPTION');
  }
  return { kind: 'create-view', view, query, columns, ...verb, ifNotExists, text, checkOption, options };
}
