// Transactions: BEGIN, START, COMMIT, ROLLBACK, savepoints, locks of tables, XA.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-transactional-statements.html
import type { Statement } from '../ast/statement.ts';
import { sqlError } from '../errors.ts';
import { administration } from './clause.ts';
import type { Cursor } from './cursor.ts';
import { parseTableName } from './names.ts';
import { parseStartReplica } from './replication.ts';

export function parseBegin(c: Cursor): Statement {
  c.accept('WORK');
  return { kind: 'begin', readOnly: undefined, snapshot: false };
}

interface Ending {
  readonly chain: boolean;
  readonly release: boolean;
  /** Neither CHAIN nor RELEASE was said. */
  readonly plain: boolean;
}

/** What follows COMMIT and ROLLBACK: another transaction begins at once, or the connection ends. */
function parseEndOfTransaction(c: Cursor): Ending {
  c.accept('WORK');
  const { at } = c;
  let chain = false;
  if (c.accept('AND')) {
    chain = !c.accept('NO');
    c.expect('CHAIN');
  }
  if (c.acceptAll('NO', 'RELEASE')) return { chain, release: false, plain: false };
  const release = !chain && c.accept('RELEASE');
  return { chain, release, plain: c.at === at };
}

export function parseCommit(c: Cursor): Statement {
  return { kind: 'commit', ...parseEndOfTransaction(c) };
}

export function parseRollback(c: Cursor): Statement {
  c.accept('WORK');
  if (c.accept('TO')) {
    c.accept('SAVEPOINT');
    return { kind: 'rollback', to: c.name(), chain: false, release: false, plain: false };
  }
  return { kind: 'rollback', to: '', ...parseEndOfTransaction(c) };
}

export function parseLock(c: Cursor): Statement {
  if (c.acceptAll('INSTANCE', 'FOR', 'BACKUP')) return administration('lock-instance');
  if (!c.acceptOne('TABLES', 'TABLE')) throw c.fail();
  const tables = c.list(() => {
    const name = parseTableName(c);
    const alias = c.accept('AS') || c.isName() ? c.name() : name.name;
    const write = !c.accept('READ');
    if (write) c.expect('WRITE');
    else c.accept('LOCAL');
    return { ...name, alias, write };
  });
  return { kind: 'lock-tables', tables };
}

export function parseUnlock(c: Cursor): Statement {
  if (c.accept('INSTANCE')) return administration('unlock-instance');
  if (!c.acceptOne('TABLES', 'TABLE')) throw c.fail();
  return { kind: 'unlock-tables' };
}

/** `gtrid [, bqual [, format]]` of an XA statement, as one text. */
function parseXid(c: Cursor): string {
  if (c.token.kind !== 'string' && c.token.kind !== 'hex') throw c.fail();
  const parts = [c.advance().text];
  while (parts.length < 3 && c.accept(',')) {
    if (parts.length === 2) c.integer();
    else if (c.token.kind !== 'string' && c.token.kind !== 'hex') throw c.fail();
    else parts.push(c.advance().text);
  }
  return parts.join(',');
}

export function parseXa(c: Cursor): Statement {
  const word = c.acceptOne('START', 'BEGIN', 'END', 'PREPARE', 'COMMIT', 'ROLLBACK', 'RECOVER');
  if (!word) throw c.fail();
  if (word === 'RECOVER') {
    const converts = c.accept('CONVERT');
    if (converts) c.expect('XID');
    return administration('xa-recover', { text: converts ? 'XID' : '' });
  }
  const xid = parseXid(c);
  if (word === 'START' || word === 'BEGIN') {
    c.acceptOne('JOIN', 'RESUME');
    return administration('xa-start', { text: xid });
  }
  if (word === 'END' && c.accept('SUSPEND')) {
    if (c.accept('FOR')) c.expect('MIGRATE');
    throw sqlError('ER_XAER_INVAL');
  }
  const onePhase = word === 'COMMIT' && c.acceptAll('ONE', 'PHASE');
  return administration(onePhase ? 'xa-commit-one-phase' : `xa-${word.toLowerCase()}`, { text: xid });
}

export function parseStart(c: Cursor): Statement {
  if (c.isOne('REPLICA', 'GROUP_REPLICATION')) return parseStartReplica(c);
  c.expect('TRANSACTION');
  let readOnly: boolean | undefined;
  let snapshot = false;
  if (c.isOne('WITH', 'READ')) {
    do {
      if (c.acceptAll('WITH', 'CONSISTENT', 'SNAPSHOT')) snapshot = true;
      else {
        c.expect('READ');
        const only = c.accept('ONLY');
        if (!only) c.expect('WRITE');
        // Both at once are refused where the statement ends.
        if (readOnly !== undefined && readOnly !== only) throw c.fail();
        readOnly = only;
      }
    } while (c.accept(','));
  }
  return { kind: 'begin', readOnly, snapshot };
}
