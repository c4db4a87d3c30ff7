// CREATE, ALTER, DROP and SET RESOURCE GROUP, after these words.
// Source: https://dev.mysql.com/doc/refman/9.7/en/resource-group-statements.html
import type { Statement } from '../ast/statement.ts';
import { administration } from './clause.ts';
import type { Cursor } from './cursor.ts';

/** `0-1,3` */
function parseProcessors(c: Cursor): string {
  return c
    .list(() => {
      const from = c.integer();
      return c.accept('-') ? `${from}-${c.integer()}` : String(from);
    })
    .join(',');
}

/** VCPU, THREAD_PRIORITY, ENABLE and DISABLE in their order: each word, and its value where it has one. */
function parseTerms(c: Cursor): string[] {
  const terms: string[] = [];
  if (c.accept('VCPU')) {
    c.accept('=');
    terms.push('VCPU', parseProcessors(c));
  }
  if (c.accept('THREAD_PRIORITY')) {
    c.accept('=');
    const sign = c.accept('-') ? '-' : '';
    terms.push('PRIORITY', `${sign}${c.integer()}`);
  }
  const word = c.acceptOne('ENABLE', 'DISABLE');
  if (word) terms.push(word);
  return terms;
}

export function parseCreateResourceGroup(c: Cursor): Statement {
  const text = c.name();
  c.expect('TYPE');
  c.accept('=');
  const kind = c.acceptOne('USER', 'SYSTEM');
  if (!kind) throw c.fail();
  return administration('create-resource-group', { text, names: [kind, ...parseTerms(c)] });
}

export function parseAlterResourceGroup(c: Cursor): Statement {
  const text = c.name();
  const names = parseTerms(c);
  if (c.accept('FORCE')) names.push('FORCE');
  return administration('alter-resource-group', { text, names });
}

export function parseDropResourceGroup(c: Cursor): Statement {
  const text = c.name();
  return administration('drop-resource-group', { text, names: c.accept('FORCE') ? ['FORCE'] : [] });
}

export function parseSetResourceGroup(c: Cursor): Statement {
  const text = c.name();
  const threads = c.accept('FOR') ? c.list(() => String(c.integer())) : [];
  return administration('set-resource-group', { text, names: threads });
}
