// Why a client whose password was right is not let in all the same: what its account is held to, and what the server is.
// Source: https://dev.mysql.com/doc/refman/9.7/en/connection-control.html, user-resources.html; order and errors as a live 9.7.4 answers.
import { MAX_CONNECTIONS } from '../limits.ts';
import type { Overlay } from '../overlay/overlay.ts';
import { countLogin } from '../session/account-use.ts';
import type { Session } from '../session/session.ts';
import type { AccountTerms } from '../sql/ast/account.ts';
import { type SqlError, sqlError } from '../sql/errors.ts';
import { CLIENT } from '../wire/constants.ts';
import type { Login } from '../wire/login.ts';

/** Connections a source may have open (max_connections), beside the one that is kept for an administrator. */
export function mostConnections(overlay: Overlay): number {
  return Math.min(MAX_CONNECTIONS, Number(overlay.globals.get('max_connections') ?? MAX_CONNECTIONS));
}

function isOn(session: Session, variable: string): boolean {
  return session.overlay.globals.get(variable) === 1n;
}

/** Whom neither offline_mode nor init_connect nor a server that is full is meant for. */
export function isAdministrator(session: Session): boolean {
  const held = session.privileges();
  return !held || held.everywhere('CONNECTION_ADMIN') || held.everywhere('SUPER');
}

export interface Applicant {
  readonly session: Session;
  readonly terms: AccountTerms | undefined;
  readonly login: Login;
  /** It speaks TLS. */
  readonly secure: boolean;
  /** It was let in before: COM_CHANGE_USER. */
  readonly changing: boolean;
  readonly nowMs: number;
  /** The error for a wrong password. */
  readonly denied: () => SqlError;
}

function heldToTerms({ session, terms, login, secure, denied }: Applicant): SqlError | undefined {
  // Certificates of clients are not asked for, so that none is ever the one wanted.
  const wantsMore = terms && terms.tls !== '' && !(terms.tls === 'ANY' && secure);
  if (wantsMore) return denied();
  if (terms?.locked) {
    session.server.count('Locked_connects');
    return sqlError('ER_ACCOUNT_LOCKED', login.user, session.address);
  }
  if (!secure && isOn(session, 'require_secure_transport')) return sqlError('ER_SECURE_TRANSPORT_REQUIRED');
  if (terms?.expired && !(login.capabilities & CLIENT.CAN_HANDLE_EXPIRED_PASSWORDS))
    return sqlError('ER_MUST_CHANGE_PASSWORD_LOGIN');
  return undefined;
}

/** The error a client is refused with; undefined where it is let in. Counts it as one of its account. */
export function refusedAdmission(applicant: Applicant): SqlError | undefined {
  const { session, changing, nowMs } = applicant;
  const held = heldToTerms(applicant);
  if (held) return held;
  const { overlay, server } = session;
  if (!changing && overlay.connections > mostConnections(overlay) && !isAdministrator(session)) {
    server.count('Connection_errors_max_connections');
    return sqlError('ER_CON_COUNT_ERROR');
  }
  if (isOn(session, 'offline_mode') && !isAdministrator(session)) return sqlError('ER_SERVER_OFFLINE_MODE');
  return countLogin(session, nowMs);
}
