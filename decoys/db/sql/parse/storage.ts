// Servers, tablespaces, resource groups and other things kept beside schemas: CREATE, ALTER and DROP of them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-server.html, create-tablespace.html, create-resource-group.html
import type { Statement } from '../ast/statement.ts';
import { administration, skipToEnd } from './clause.ts';
import type { Cursor } from './cursor.ts';
import { parseCreateResourceGroup, parseDropResourceGroup } from './resource-group.ts';

/** Text options of a server: HOST 'x', PORT 3306 … as `name` and value by turns. */
function parseServerOptions(c: Cursor): string[] {
  c.expect('OPTIONS');
  const found: string[] = [];
  c.parenthesised(() =>
    c.list(() => {
      const word = c.acceptOne('USER', 'HOST', 'DATABASE', 'OWNER', 'PASSWORD', 'SOCKET', 'PORT');
      if (!word) throw c.fail();
      found.push(word, word === 'PORT' ? String(c.integer()) : c.string());
    }),
  );
  return found;
}

function parseCreateServer(c: Cursor): Statement {
  const name = c.nameOrText();
  c.expect('FOREIGN', 'DATA', 'WRAPPER');
  const wrapper = c.nameOrText();
  return administration('create-server', { text: name, names: ['WRAPPER', wrapper, ...parseServerOptions(c)] });
}

export function parseAlterServer(c: Cursor): Statement {
  const name = c.nameOrText();
  return administration('alter-server', { text: name, names: parseServerOptions(c) });
}

function parseCreateTablespace(c: Cursor, undo: boolean): Statement {
  const name = c.name();
  const file = c.acceptAll('ADD', 'DATAFILE') ? c.string() : '';
  skipToEnd(c);
  return administration(undo ? 'create-undo-tablespace' : 'create-tablespace', { text: name, names: [file] });
}

export function parseAlterTablespace(c: Cursor): Statement {
  const text = c.name();
  if (c.acceptAll('RENAME', 'TO')) return administration('rename-tablespace', { text, names: [c.name()] });
  if (!c.isOne('ENCRYPTION', 'ENGINE', 'AUTOEXTEND_SIZE', 'ADD', 'DROP', 'ENGINE_ATTRIBUTE')) throw c.fail();
  skipToEnd(c);
  return administration('alter-tablespace', { text });
}

export function parseAlterUndoTablespace(c: Cursor): Statement {
  const text = c.name();
  c.expect('SET');
  const state = c.acceptOne('ACTIVE', 'INACTIVE');
  if (!state) throw c.fail();
  skipToEnd(c);
  return administration('alter-undo-tablespace', { text, names: [state] });
}

/** What follows CREATE where it is none of the common things; undefined where nothing does. */
export function parseCreateOther(c: Cursor): Statement | undefined {
  if (c.accept('SERVER')) return parseCreateServer(c);
  if (c.accept('TABLESPACE')) return parseCreateTablespace(c, false);
  if (c.acceptAll('UNDO', 'TABLESPACE')) return parseCreateTablespace(c, true);
  if (c.acceptAll('LOGFILE', 'GROUP')) {
    skipToEnd(c);
    return administration('logfile-group');
  }
  if (c.acceptAll('RESOURCE', 'GROUP')) return parseCreateResourceGroup(c);
  if (c.acceptAll('SPATIAL', 'REFERENCE', 'SYSTEM')) {
    c.acceptAll('IF', 'NOT', 'EXISTS');
    const id = c.integer();
    skipToEnd(c);
    return administration('create-reference-system', { text: String(id) });
  }
  return undefined;
}

export function parseDropOther(c: Cursor): Statement | undefined {
  if (c.accept('SERVER')) {
    const ifExists = c.acceptAll('IF', 'EXISTS');
    return administration(ifExists ? 'drop-server-if-exists' : 'drop-server', { text: c.nameOrText() });
  }
  if (c.accept('TABLESPACE')) return dropped(c, 'drop-tablespace');
  if (c.acceptAll('UNDO', 'TABLESPACE')) return dropped(c, 'drop-undo-tablespace');
  if (c.acceptAll('LOGFILE', 'GROUP')) return dropped(c, 'logfile-group');
  if (c.acceptAll('RESOURCE', 'GROUP')) return parseDropResourceGroup(c);
  if (c.acceptAll('SPATIAL', 'REFERENCE', 'SYSTEM')) {
    const ifExists = c.acceptAll('IF', 'EXISTS');
    return administration(ifExists ? 'drop-reference-system-if-exists' : 'drop-reference-system', {
      text: String(c.integer()),
    });
  }
  return undefined;
}

function dropped(c: Cursor, what: string): Statement {
  const name = c.name();
  skipToEnd(c);
  return administration(what, { text: name });
}
