// What accounts of one source used of what they may an hour: logins, statements, changes.
// Source: https://dev.mysql.com/doc/refman/9.7/en/user-resources.html; errors as a live 9.7.4 answers.
import type { AccountTerms } from '../sql/ast/account.ts';
import type { Statement } from '../sql/ast/statement.ts';
import { type SqlError, sqlError } from '../sql/errors.ts';
import type { Session } from './session.ts';
import { COMMITS, WRITES } from './statement-kinds.ts';

/** Accounts counted of one source; whoever was counted first is forgotten first. */
const COUNTED_ACCOUNTS = 64;
const HOUR_MS = 3_600_000;

interface Hour {
  readonly begunMs: number;
  logins: number;
  statements: number;
  changes: number;
}

export class AccountUse {
  readonly #hours = new Map<string, Hour>();

  /** What an account used in the hour that is under way. */
  of(accountName: string, nowMs: number): Hour {
    const known = this.#hours.get(accountName);
    if (known && nowMs - known.begunMs < HOUR_MS) return known;
    this.#hours.delete(accountName);
    for (const first of this.#hours.keys()) {
      if (this.#hours.size < COUNTED_ACCOUNTS) break;
      this.#hours.delete(first);
    }
    const begun = { begunMs: nowMs, logins: 0, statements: 0, changes: 0 };
    this.#hours.set(accountName, begun);
    return begun;
  }

  /** FLUSH USER_RESOURCES: every hour begins anew. */
  clear(): void {
    this.#hours.clear();
  }
}

function exceeded(session: Session, resource: string, limit: number): SqlError {
  return sqlError('ER_USER_LIMIT_REACHED', session.user, resource, limit);
}

/** What of an account's terms counts what it uses; undefined where nothing does. */
export function limitsOf(terms: AccountTerms | undefined): AccountTerms | undefined {
  if (!terms) return undefined;
  const { queriesPerHour, updatesPerHour, connectionsPerHour, userConnections } = terms;
  return queriesPerHour + updatesPerHour + connectionsPerHour + userConnections > 0 ? terms : undefined;
}

/** Counts a login; gives why it is one too many. */
export function countLogin(session: Session, nowMs: number): SqlError | undefined {
  const { server, overlay, accountName, limits } = session;
  const most = Number(overlay.globals.get('max_user_connections') ?? 0);
  const own = limits?.userConnections ?? 0;
  // Who came while nothing was limited is not counted later either.
  session.countedAsUser = most > 0 || limits !== undefined;
  if (most > 0 || own > 0) {
    const others = server.sessionsOf(overlay);
    const open = others.filter((other) => other.countedAsUser && other.accountName === accountName).length;
    if (own === 0 && open >= most) return sqlError('ER_TOO_MANY_USER_CONNECTIONS', session.user);
    if (own > 0 && open >= own) return exceeded(session, 'max_user_connections', own);
  }
  if (!limits) return undefined;
  if (own > 0) session.variables.set('max_user_connections', BigInt(own));
  const hour = server.countedOf(overlay).use.of(accountName, nowMs);
  const { connectionsPerHour } = limits;
  if (connectionsPerHour > 0 && hour.logins >= connectionsPerHour)
    return exceeded(session, 'max_connections_per_hour', connectionsPerHour);
  hour.logins++;
  return undefined;
}

/** Counts a statement; gives why it is one too many. */
export function countUse(session: Session, statement: Statement, nowMs: number): SqlError | undefined {
  const { server, overlay, accountName, limits } = session;
  if (!limits) return undefined;
  const hour = server.countedOf(overlay).use.of(accountName, nowMs);
  const { queriesPerHour, updatesPerHour } = limits;
  if (queriesPerHour > 0 && hour.statements++ >= queriesPerHour)
    return exceeded(session, 'max_questions', queriesPerHour);
  const changes = WRITES.has(statement.kind) || COMMITS.has(statement.kind);
  if (updatesPerHour > 0 && changes && hour.changes++ >= updatesPerHour)
    return exceeded(session, 'max_updates', updatesPerHour);
  return undefined;
}
