// CREATE, DROP, ALTER and RENAME: which kind of object, and then that object's own parser.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-data-definition-statements.html
import type { RoutineType } from '../ast/routine.ts';
import type { Statement } from '../ast/statement.ts';
import { parseAlterUser, parseCreateUser, parseDropUser, parseRenameUser } from './account.ts';
import { parseAlterInstance } from './administration.ts';
import { parseAlterTable } from './alter-table.ts';
import type { Parser } from './clause.ts';
import type { Cursor } from './cursor.ts';
import { parseAlterDatabase, parseCreateDatabase } from './database.ts';
import { parseAlterEvent } from './event.ts';
import { parseCreateIndex, parseIndexLock } from './index-spec.ts';
import { parseRoutineName, parseSchemaName, parseTableName } from './names.ts';
import { parseAlterResourceGroup } from './resource-group.ts';
import { parseAlterRoutine, parseCreateRoutine } from './routine.ts';
import {
  parseAlterServer,
  parseAlterTablespace,
  parseAlterUndoTablespace,
  parseCreateOther,
  parseDropOther,
} from './storage.ts';
import { parseCreateTable } from './table.ts';
import { parseView, parseViewOptions } from './view.ts';

/** `parseInner` reads the statements a routine is made of. */
export function parseCreate(c: Cursor, parseInner: Parser): Statement {
  const replace = c.acceptAll('OR', 'REPLACE');
  if (c.acceptOne('DATABASE', 'SCHEMA')) return parseCreateDatabase(c);
  if (c.accept('TEMPORARY')) {
    c.expect('TABLE');
    return parseCreateTable(c, true);
  }
  if (c.accept('TABLE')) return parseCreateTable(c, false);
  if (c.is('INDEX')) return parseCreateIndex(c, 'index');
  if (c.accept('UNIQUE')) return parseCreateIndex(c, 'unique');
  if (c.accept('FULLTEXT')) return parseCreateIndex(c, 'fulltext');
  const other = parseCreateOther(c);
  if (other) return other;
  if (c.accept('SPATIAL')) return parseCreateIndex(c, 'spatial');
  if (c.accept('USER')) return parseCreateUser(c, false);
  if (c.accept('ROLE')) return parseCreateUser(c, true);
  const options = parseViewOptions(c);
  if (c.accept('VIEW')) return parseView(c, options, { replace, alters: false });
  const aggregate = c.accept('AGGREGATE');
  const word = c.acceptOne('FUNCTION', 'PROCEDURE', 'TRIGGER', 'EVENT', 'LIBRARY');
  const head = { type: word as RoutineType, definer: options.definer, aggregate };
  if (word) return parseCreateRoutine(c, head, parseInner);
  throw c.fail();
}

export function parseDrop(c: Cursor): Statement {
  if (c.acceptOne('DATABASE', 'SCHEMA')) {
    const ifExists = c.acceptAll('IF', 'EXISTS');
    return { kind: 'drop-database', name: parseSchemaName(c), ifExists };
  }
  const temporary = c.accept('TEMPORARY');
  const word = c.acceptOne('TABLE', 'TABLES', 'VIEW');
  if (word) {
    const ifExists = c.acceptAll('IF', 'EXISTS');
    const tables = c.list(() => parseTableName(c));
    c.acceptOne('RESTRICT', 'CASCADE');
    return { kind: 'drop-table', tables, ifExists, view: word === 'VIEW', temporary };
  }
  if (c.accept('USER')) return parseDropUser(c, false);
  if (c.accept('ROLE')) return parseDropUser(c, true);
  const type = c.acceptOne('FUNCTION', 'PROCEDURE', 'TRIGGER', 'EVENT', 'LIBRARY');
  if (type) {
    const ifExists = c.acceptAll('IF', 'EXISTS');
    return { kind: 'drop-routine', type: type as RoutineType, name: parseRoutineName(c), ifExists };
  }
  if (c.accept('INDEX')) {
    const name = c.name();
    c.expect('ON');
    return { kind: 'drop-index', table: parseTableName(c), name, actions: parseIndexLock(c) };
  }
  if (c.accept('PREPARE')) return { kind: 'deallocate', name: c.name() };
  const other = parseDropOther(c);
  if (other) return other;
  throw c.fail();
}

export function parseAlter(c: Cursor, parseInner: Parser): Statement {
  if (c.accept('TABLE')) return parseAlterTable(c);
  if (c.acceptOne('DATABASE', 'SCHEMA')) return parseAlterDatabase(c);
  if (c.accept('USER')) return parseAlterUser(c);
  if (c.accept('INSTANCE')) return parseAlterInstance(c);
  if (c.accept('SERVER')) return parseAlterServer(c);
  if (c.acceptAll('RESOURCE', 'GROUP')) return parseAlterResourceGroup(c);
  if (c.accept('TABLESPACE')) return parseAlterTablespace(c);
  if (c.acceptAll('UNDO', 'TABLESPACE')) return parseAlterUndoTablespace(c);
  const options = parseViewOptions(c);
  if (c.accept('VIEW')) return parseView(c, options, { replace: true, alters: true });
  if (c.accept('EVENT')) return parseAlterEvent(c, options.definer, parseInner);
  const type = c.acceptOne('FUNCTION', 'PROCEDURE', 'LIBRARY');
  if (type) return parseAlterRoutine(c, type as RoutineType);
  throw c.fail();
}

export function parseRename(c: Cursor): Statement {
  if (c.accept('USER')) return parseRenameUser(c);
  if (!c.acceptOne('TABLE', 'TABLES')) throw c.fail();
  const pairs = c.list(() => {
    const from = parseTableName(c);
    c.expect('TO');
    return [from, parseTableName(c)] as const;
  });
  return { kind: 'rename-table', pairs };
}
