// What CREATE and ALTER USER hold an account to: TLS, limits, passwords, locks, attributes.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-user.html
import type { AccountTerms } from '../ast/account.ts';
import { sqlError } from '../errors.ts';
import type { Cursor } from './cursor.ts';

type Terms = { -readonly [K in keyof AccountTerms]?: AccountTerms[K] };

/** A role is an account nobody logs in to. */
export const ROLE_TERMS: Partial<AccountTerms> = { locked: true, expired: true };

type Limit = 'queriesPerHour' | 'updatesPerHour' | 'connectionsPerHour' | 'userConnections';

const LIMITS: Readonly<Record<string, Limit>> = {
  MAX_QUERIES_PER_HOUR: 'queriesPerHour',
  MAX_UPDATES_PER_HOUR: 'updatesPerHour',
  MAX_CONNECTIONS_PER_HOUR: 'connectionsPerHour',
  MAX_USER_CONNECTIONS: 'userConnections',
};
const SPECIFIED: Readonly<Record<string, 'cipher' | 'issuer' | 'subject'>> = {
  CIPHER: 'cipher',
  ISSUER: 'issuer',
  SUBJECT: 'subject',
};
const TLS: Readonly<Record<string, AccountTerms['tls']>> = { NONE: '', SSL: 'ANY', X509: 'X509' };

function parseTls(c: Cursor, terms: Terms): void {
  terms.cipher = '';
  terms.issuer = '';
  terms.subject = '';
  const word = c.acceptOne(...Object.keys(TLS));
  if (word) {
    terms.tls = TLS[word] ?? '';
    return;
  }
  terms.tls = 'SPECIFIED';
  const words = Object.keys(SPECIFIED);
  if (!c.isOne(...words)) throw c.fail();
  const given = new Set<string>();
  for (let kind = c.acceptOne(...words); kind; kind = c.acceptOne(...words)) {
    if (given.has(kind)) throw sqlError('ER_DUP_ARGUMENT', kind);
    given.add(kind);
    terms[SPECIFIED[kind] ?? 'cipher'] = c.string();
    c.accept('AND');
  }
}

/** The longest an account may be locked, and the most logins that may fail. */
const MOST_LOCKED = 32_767;
/** The most days a password may last, and passwords be remembered. */
const MOST_DAYS = 65_535;

/** A count within bounds. Throws 1525, which names what was counted. */
function bounded(c: Cursor, what: string, low: number, high: number): number {
  const count = c.integer();
  if (count < low || count > high) throw sqlError('ER_WRONG_VALUE', what, count);
  return count;
}

function days(c: Cursor, low: number): number {
  const count = bounded(c, 'DAY', low, MOST_DAYS);
  c.expect('DAY');
  return count;
}

function parsePasswordTerm(c: Cursor, terms: Terms): void {
  if (c.accept('EXPIRE')) {
    if (c.accept('DEFAULT')) terms.lifetimeDays = null;
    else if (c.accept('NEVER')) terms.lifetimeDays = 0;
    else if (c.accept('INTERVAL')) terms.lifetimeDays = days(c, 1);
    else terms.expired = true;
  } else if (c.accept('HISTORY')) terms.historyPasswords = c.accept('DEFAULT') ? null : c.integer();
  else if (c.accept('REUSE')) {
    c.expect('INTERVAL');
    terms.reuseDays = c.accept('DEFAULT') ? null : days(c, 0);
  } else if (c.accept('REQUIRE')) {
    c.expect('CURRENT');
    terms.requireCurrent = c.accept('DEFAULT') ? null : !c.accept('OPTIONAL');
  } else throw c.fail();
}

const TERMS: Readonly<Record<string, (c: Cursor, terms: Terms) => void>> = {
  PASSWORD: parsePasswordTerm,
  ACCOUNT(c, terms) {
    const word = c.acceptOne('LOCK', 'UNLOCK');
    if (!word) throw c.fail();
    terms.locked = word === 'LOCK';
  },
  FAILED_LOGIN_ATTEMPTS(c, terms) {
    terms.failedLogins = bounded(c, 'FAILED_LOGIN_ATTEMPTS', 0, MOST_LOCKED);
  },
  PASSWORD_LOCK_TIME(c, terms) {
    terms.lockDays = c.accept('UNBOUNDED') ? -1 : bounded(c, 'PASSWORD_LOCK_TIME', 0, MOST_LOCKED);
  },
};

/** REQUIRE …, WITH …, password and lock options, COMMENT or ATTRIBUTE, each where it is said. */
export function parseTerms(c: Cursor): Partial<AccountTerms> {
  const terms: Terms = {};
  if (c.accept('REQUIRE')) parseTls(c, terms);
  if (c.accept('WITH')) {
    const words = Object.keys(LIMITS);
    if (!c.isOne(...words)) throw c.fail();
    for (let word = c.acceptOne(...words); word; word = c.acceptOne(...words))
      terms[LIMITS[word] ?? 'queriesPerHour'] = c.integer();
  }
  const words = Object.keys(TERMS);
  for (let word = c.acceptOne(...words); word; word = c.acceptOne(...words)) TERMS[word]?.(c, terms);
  if (c.accept('COMMENT')) terms.comment = c.string();
  else if (c.accept('ATTRIBUTE')) terms.attribute = c.string();
  return terms;
}
