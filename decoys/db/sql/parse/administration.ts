// Administration of the server: FLUSH, KILL, RESET, tables' maintenance, plugins, components, instances, clones.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-server-administration-statements.html

import type { HistogramSpec } from '../ast/administration.ts';
import type { Statement } from '../ast/statement.ts';
import type { TableName } from '../ast/table.ts';
import { parseAccount } from './account.ts';
import { administration, type Parser, skipToEnd } from './clause.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseTableName } from './names.ts';
import { parseFlushedChannel, parseResetBinaryLogs, parseResetReplica } from './replication.ts';

export function parseAlterInstance(c: Cursor): Statement {
  if (c.acceptAll('ROTATE', 'INNODB', 'MASTER', 'KEY')) return administration('rotate-master-key');
  if (c.acceptAll('ROTATE', 'BINLOG', 'MASTER', 'KEY')) return administration('rotate-binlog-key');
  if (c.acceptAll('RELOAD', 'KEYRING')) return administration('reload-keyring');
  const switched = c.acceptOne('ENABLE', 'DISABLE');
  if (switched) {
    c.expect('INNODB', 'REDO_LOG');
    return administration('switch-redo-log', { text: switched });
  }
  c.expect('RELOAD', 'TLS');
  const channel = c.acceptAll('FOR', 'CHANNEL') ? c.name() : 'mysql_main';
  if (c.accept('NO')) c.expect('ROLLBACK', 'ON', 'ERROR');
  return administration('reload-tls', { text: channel });
}

export function parseFlush(c: Cursor): Statement {
  c.acceptOne('NO_WRITE_TO_BINLOG', 'LOCAL');
  const what: string[] = [];
  const tables: TableName[] = [];
  let channel = '';
  const known = ['PRIVILEGES', 'LOGS', 'STATUS', 'USER_RESOURCES', 'OPTIMIZER_COSTS'];
  c.list(() => {
    if (c.acceptOne('TABLES', 'TABLE')) {
      what.push('TABLES');
      if (c.isName() && !c.is('WITH')) tables.push(...c.list(() => parseTableName(c)));
      if (c.acceptAll('WITH', 'READ', 'LOCK')) what[what.length - 1] = 'TABLES WITH READ LOCK';
      else if (c.acceptAll('FOR', 'EXPORT')) what[what.length - 1] = 'TABLES FOR EXPORT';
      return;
    }
    const kind = c.acceptOne('BINARY', 'ENGINE', 'ERROR', 'GENERAL', 'RELAY', 'SLOW');
    if (kind) {
      c.expect('LOGS');
      what.push(`${kind} LOGS`);
      if (kind === 'RELAY') channel = parseFlushedChannel(c);
      return;
    }
    const word = c.acceptOne(...known);
    if (!word) throw c.fail();
    what.push(word);
  });
  return { kind: 'flush', what, tables, channel };
}

const DEFAULT_BUCKETS = 100;

function parseHistogram(c: Cursor): HistogramSpec | undefined {
  const word = c.acceptOne('UPDATE', 'DROP');
  if (!word) return undefined;
  c.expect('HISTOGRAM', 'ON');
  const columns = c.list(() => c.name());
  let buckets = DEFAULT_BUCKETS;
  if (word === 'UPDATE' && c.acceptAll('USING', 'DATA')) c.string();
  else if (word === 'UPDATE' && c.accept('WITH')) {
    buckets = c.integer();
    c.expect('BUCKETS');
  }
  if (word === 'UPDATE' && c.acceptOne('AUTO', 'MANUAL')) c.expect('UPDATE');
  return { action: word === 'UPDATE' ? 'update' : 'drop', columns, buckets };
}

export function parseMaintenance(operation: 'check' | 'analyze' | 'optimize' | 'repair' | 'checksum'): Parser {
  return (c) => {
    c.acceptOne('NO_WRITE_TO_BINLOG', 'LOCAL');
    if (!c.acceptOne('TABLE', 'TABLES')) throw c.fail();
    const tables = c.list(() => parseTableName(c));
    let quick = false;
    if (operation === 'check') {
      while (c.acceptOne('QUICK', 'FAST', 'MEDIUM', 'EXTENDED', 'CHANGED') || c.acceptAll('FOR', 'UPGRADE'));
    } else while (c.isOne('QUICK', 'EXTENDED', 'USE_FRM')) if (c.advance().upper === 'QUICK') quick = true;
    const histogram = operation === 'analyze' ? parseHistogram(c) : undefined;
    return { kind: 'table-maintenance', operation, tables, histogram, quick };
  };
}

export function parseInstall(c: Cursor): Statement {
  if (c.accept('COMPONENT')) {
    const urns = c.list(() => c.string());
    if (c.accept('SET')) skipToEnd(c);
    return { kind: 'install-component', urns, uninstall: false };
  }
  c.expect('PLUGIN');
  const name = c.name();
  c.expect('SONAME');
  return { kind: 'install-plugin', name, library: c.string() };
}

export function parseUninstall(c: Cursor): Statement {
  if (c.accept('COMPONENT')) return { kind: 'install-component', urns: c.list(() => c.string()), uninstall: true };
  c.expect('PLUGIN');
  return { kind: 'uninstall-plugin', name: c.name() };
}

export function parseKill(c: Cursor): Statement {
  const word = c.acceptOne('CONNECTION', 'QUERY');
  return { kind: 'kill', query: word === 'QUERY', id: parseExpression(c) };
}

/** RESET's options are done one after the other; the last of them is told. */
function parseResetOption(c: Cursor): Statement {
  return c.accept('REPLICA') ? parseResetReplica(c) : parseResetBinaryLogs(c);
}

export function parseReset(c: Cursor): Statement {
  if (c.is('BINARY') || c.is('REPLICA')) return c.list(() => parseResetOption(c)).at(-1) as Statement;
  if (c.accept('PERSIST')) {
    const ifExists = c.acceptAll('IF', 'EXISTS');
    return administration(ifExists ? 'reset-persist-if-exists' : 'reset-persist', { text: c.isName() ? c.name() : '' });
  }
  throw c.fail();
}

export function parseHelp(c: Cursor): Statement {
  return administration('help', { text: c.nameOrText() });
}

/** CLONE LOCAL DATA DIRECTORY path, and CLONE INSTANCE FROM account:port IDENTIFIED BY …: `text` is the path, or `names` the donor's host and port. */
export function parseClone(c: Cursor): Statement {
  if (c.accept('LOCAL')) {
    c.expect('DATA', 'DIRECTORY');
    c.accept('=');
    return administration('clone-local', { text: c.string() });
  }
  c.expect('INSTANCE', 'FROM');
  const { host } = parseAccount(c);
  c.expect(':');
  const port = c.integer();
  c.expect('IDENTIFIED');
  c.expect('BY');
  c.string();
  if (c.accept('DATA')) {
    c.expect('DIRECTORY');
    c.accept('=');
    c.string();
  }
  if (c.accept('REQUIRE')) {
    c.accept('NO');
    c.expect('SSL');
  }
  return administration('clone', { names: [host, String(port)] });
}

export function parseBinlog(c: Cursor): Statement {
  return administration('binlog', { text: c.string() });
}

export function parseImport(c: Cursor): Statement {
  c.expect('TABLE', 'FROM');
  return administration('import-table', { names: c.list(() => c.string()) });
}

/** CACHE INDEX t, … IN cache */
export function parseCacheIndex(c: Cursor): Statement {
  c.expect('INDEX');
  const tables = c.list(() => parseTableName(c));
  c.expect('IN');
  const cache = c.is('DEFAULT') ? c.advance().text : c.nameOrText();
  return administration('cache-index', { tables, text: cache });
}

/** LOAD INDEX INTO CACHE t, … */
export function parseLoadIndex(c: Cursor): Statement {
  c.expect('INTO', 'CACHE');
  const tables = c.list(() => {
    const table = parseTableName(c);
    if (c.acceptAll('IGNORE', 'LEAVES')) return table;
    return table;
  });
  return administration('preload-keys', { tables });
}
