// What an account is told of what it may not do.
// Source: https://dev.mysql.com/doc/mysql-errors/9.7/en/server-error-reference.html; texts as recorded from 9.7.
import { type SqlError, sqlError } from '../sql/errors.ts';
import type { Session } from './session.ts';

/** 1227, telling which privileges would do. */
export function needs(text: string): SqlError {
  return sqlError('ER_SPECIFIC_ACCESS_DENIED_ERROR', text);
}

/** User and host of the account the session runs as. */
export function ownName(session: Session): [user: string, host: string] {
  const at = session.accountName.lastIndexOf('@');
  return [session.accountName.slice(0, at), session.accountName.slice(at + 1)];
}

/** 1044, naming the account. */
export function schemaDenied(session: Session, schema: string): SqlError {
  return sqlError('ER_DBACCESS_DENIED_ERROR', ...ownName(session), schema);
}

/** 1142, naming the client. */
export function tableDenied(session: Session, command: string, name: string): SqlError {
  return sqlError('ER_TABLEACCESS_DENIED_ERROR', command, session.user, session.address, name);
}

/** 1045, naming the account. */
export function accountDenied(session: Session): SqlError {
  return sqlError('ER_ACCESS_DENIED_ERROR', ...ownName(session), session.usedPassword ? 'YES' : 'NO');
}
