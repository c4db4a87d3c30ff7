// ALTER TABLE: its list of changes.
// Source: https://dev.mysql.com/doc/refman/9.7/en/alter-table.html
import type { AlterAction } from '../ast/definition.ts';
import type { Statement } from '../ast/statement.ts';
import { parseColumnSpec, parseDefaultValue } from './column-spec.ts';
import type { Cursor } from './cursor.ts';
import { parseIndexSpec } from './index-spec.ts';
import { parseTableName } from './names.ts';
import { skipPartitions } from './table.ts';
import { parseCharsetOption, parseTableOption, type TableOptions } from './table-options.ts';

function parsePlace(c: Cursor): { after: string | undefined; first: boolean } {
  if (c.accept('FIRST')) return { after: undefined, first: true };
  return { after: c.accept('AFTER') ? c.name() : undefined, first: false };
}

function parseAlterAction(c: Cursor, options: TableOptions): AlterAction[] {
  if (c.accept('ADD')) {
    const index = c.is('COLUMN') ? undefined : parseIndexSpec(c);
    if (index === 'constraint') return [{ kind: 'options' }];
    if (index) return [{ kind: 'add-index', index }];
    c.accept('COLUMN');
    if (c.is('('))
      return c.parenthesised(() =>
        c.list(
          () => ({ kind: 'add-column', column: parseColumnSpec(c, c.name()), after: undefined, first: false }) as const,
        ),
      );
    const column = parseColumnSpec(c, c.name());
    return [{ kind: 'add-column', column, ...parsePlace(c) }];
  }
  if (c.accept('DROP')) {
    if (c.acceptAll('PRIMARY', 'KEY')) return [{ kind: 'drop-index', name: 'PRIMARY' }];
    if (c.acceptOne('INDEX', 'KEY')) return [{ kind: 'drop-index', name: c.name() }];
    if (c.acceptAll('FOREIGN', 'KEY') || c.acceptOne('CONSTRAINT', 'CHECK')) {
      c.name();
      return [{ kind: 'options' }];
    }
    c.accept('COLUMN');
    return [{ kind: 'drop-column', name: c.name() }];
  }
  if (c.accept('MODIFY')) {
    c.accept('COLUMN');
    const from = c.name();
    const column = parseColumnSpec(c, from);
    parsePlace(c);
    return [{ kind: 'change-column', from, column }];
  }
  if (c.accept('CHANGE')) {
    c.accept('COLUMN');
    const from = c.name();
    const column = parseColumnSpec(c, c.name());
    parsePlace(c);
    return [{ kind: 'change-column', from, column }];
  }
  if (c.accept('RENAME')) {
    if (c.acceptOne('INDEX', 'KEY')) {
      c.name();
      c.expect('TO');
      c.name();
      return [{ kind: 'options' }];
    }
    if (c.accept('COLUMN')) {
      const from = c.name();
      c.expect('TO');
      return [{ kind: 'rename-column', from, to: c.name() }];
    }
    c.acceptOne('TO', 'AS', '=');
    return [{ kind: 'rename', ...parseTableName(c) }];
  }
  return parseAlterOption(c, options);
}

function parseAlterOption(c: Cursor, options: TableOptions): AlterAction[] {
  if (c.acceptOne('ALGORITHM', 'LOCK')) {
    c.accept('=');
    c.advance();
  } else if (c.acceptOne('ENABLE', 'DISABLE')) c.expect('KEYS');
  else if (c.acceptAll('ORDER', 'BY')) c.list(() => c.name());
  else if (c.acceptAll('CONVERT', 'TO')) {
    if (!parseCharsetOption(c, options)) throw c.fail();
    if (c.accept('COLLATE')) c.nameOrText();
  } else if (c.accept('ALTER')) {
    c.accept('COLUMN');
    c.name();
    if (c.acceptAll('DROP', 'DEFAULT')) return [{ kind: 'options' }];
    c.expect('SET', 'DEFAULT');
    parseDefaultValue(c);
  } else if (!c.accept('FORCE') && !c.acceptAll('DISCARD', 'TABLESPACE') && !c.acceptAll('IMPORT', 'TABLESPACE')) {
    if (!parseTableOption(c, options)) throw c.fail();
    while (parseTableOption(c, options));
  }
  return [{ kind: 'options' }];
}

export function parseAlterTable(c: Cursor): Statement {
  const table = parseTableName(c);
  const options: TableOptions = { engine: '', charset: '', collation: '', comment: '', autoIncrement: 0 };
  const actions = c.token.kind === 'end' || c.is(';') ? [] : c.list(() => parseAlterAction(c, options)).flat();
  skipPartitions(c);
  return { kind: 'alter-table', table, actions };
}
