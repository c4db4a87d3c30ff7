// An account of a source's own server: how it logs in, what it is held to, what it may do, which roles it has.
// Source: https://dev.mysql.com/doc/refman/9.7/en/grant-tables.html
import type { AccountTerms, GrantLevel } from '../sql/ast/account.ts';

/** Schemas, tables and routines one account may hold privileges on; further ones are forgotten. */
const MAX_LEVELS = 64;
/** Columns one account may hold privileges on at one level; further ones are forgotten. */
const MAX_COLUMNS = 64;
/** Roles one account may have; further ones are forgotten. */
export const MAX_ROLES = 32;

/** What an account holds at one level below all. */
export interface Grants {
  readonly level: GrantLevel;
  readonly held: Set<string>;
  /** Columns by the privilege that is held on them. */
  readonly columns: Map<string, Set<string>>;
  option: boolean;
}

export interface Role {
  readonly user: string;
  readonly host: string;
  /** WITH ADMIN OPTION. */
  admin: boolean;
}

export interface Account {
  readonly user: string;
  readonly host: string;
  plugin: 'caching_sha2_password' | 'sha256_password';
  /** Clear password; undefined for an account no password opens. */
  password: string | undefined;
  /** The password before this one, where RETAIN CURRENT PASSWORD kept it. */
  retained: string | undefined;
  /** True after a full login: the server's cache then answers fast. */
  cached: boolean;
  /** Static privileges held everywhere. */
  privileges: Set<string>;
  /** Dynamic privileges held everywhere, and whether they may be granted on. */
  dynamic: Map<string, boolean>;
  /** Grants below all, by `levelKey`. */
  levels: Map<string, Grants>;
  grantOption: boolean;
  /** Privileges held everywhere but in these schemas, where partial_revokes was on. */
  readonly restrictions: Map<string, Set<string>>;
  role: boolean;
  readonly changedMs: number;
  /** authentication_string as mysql.user shows it. */
  shown: string;
  terms: AccountTerms;
  /** Logins that failed in a row, and since when it is blocked for them, in ms since the epoch. */
  failures: { readonly count: number; readonly blockedMs: number | undefined };
  /** Roles granted, by `accountKey`. */
  roles: Map<string, Role>;
  defaultRoles: Set<string>;
  /** Accounts it may be a proxy of, by `accountKey`, and whether it may grant that on. */
  proxies: Map<string, { readonly user: string; readonly host: string; readonly option: boolean }>;
}

export const DEFAULT_TERMS: AccountTerms = {
  tls: '',
  cipher: '',
  issuer: '',
  subject: '',
  queriesPerHour: 0,
  updatesPerHour: 0,
  connectionsPerHour: 0,
  userConnections: 0,
  expired: false,
  lifetimeDays: null,
  locked: false,
  historyPasswords: null,
  reuseDays: null,
  requireCurrent: null,
  failedLogins: 0,
  lockDays: 0,
  attribute: undefined,
  comment: undefined,
};

/** Characters of the texts an account is held to: REQUIRE's, and its attributes. */
export function termsLength(terms: Partial<AccountTerms>): number {
  let length = 0;
  for (const term of Object.values(terms)) if (typeof term === 'string') length += term.length;
  return length;
}

/** The key of an account among those of its source. */
export function accountKey(user: string, host: string): string {
  return `${user}\0${host}`;
}

/** The key of what privileges are held on: everything, a schema, a table or a routine. */
export function levelKey({ kind, schema, name }: GrantLevel): string {
  return `${kind}\0${schema}\0${name}`;
}

/** What the account holds at a level, made where it holds nothing yet; undefined past the cap. */
export function grantsAt(account: Account, level: GrantLevel): Grants | undefined {
  const key = levelKey(level);
  const known = account.levels.get(key);
  if (known) return known;
  if (account.levels.size >= MAX_LEVELS) return undefined;
  const made: Grants = { level, held: new Set(), columns: new Map(), option: false };
  account.levels.set(key, made);
  return made;
}

/** Notes columns a privilege is held on. */
export function addColumns(grants: Grants, privilege: string, names: readonly string[]): void {
  const columns = grants.columns.get(privilege) ?? new Set();
  for (const name of names) if (columns.size < MAX_COLUMNS) columns.add(name);
  grants.columns.set(privilege, columns);
}

/** Forgets a level at which nothing is held any more. */
export function dropEmpty(account: Account, grants: Grants): void {
  for (const [privilege, columns] of grants.columns) if (columns.size === 0) grants.columns.delete(privilege);
  if (grants.held.size === 0 && grants.columns.size === 0 && !grants.option)
    account.levels.delete(levelKey(grants.level));
}

/** An account that can do nothing yet. */
export function newAccount(user: string, host: string, nowMs: number): Account {
  return {
    user,
    host,
    plugin: 'caching_sha2_password',
    password: '',
    retained: undefined,
    cached: false,
    privileges: new Set(),
    dynamic: new Map(),
    levels: new Map(),
    grantOption: false,
    restrictions: new Map(),
    role: false,
    changedMs: nowMs,
    shown: '',
    terms: DEFAULT_TERMS,
    failures: { count: 0, blockedMs: undefined },
    roles: new Map(),
    defaultRoles: new Set(),
    proxies: new Map(),
  };
}

/** What of an account counts for a session as it was at its login. */
export type Held = Pick<Account, 'privileges' | 'dynamic'>;

/** Of each account what it held everywhere when somebody logged in last: sessions share it, as it is never changed. */
const heldLast = new WeakMap<Account, Held>();

function holdsSame(a: Held, b: Held): boolean {
  if (a.privileges.size !== b.privileges.size || a.dynamic.size !== b.dynamic.size) return false;
  let same = true;
  // Walked without making a pair of each: it is done at every login.
  a.privileges.forEach((privilege) => {
    same &&= b.privileges.has(privilege);
  });
  a.dynamic.forEach((option, privilege) => {
    same &&= b.dynamic.get(privilege) === option;
  });
  return same;
}

/** What an account holds everywhere now, which stays as it is whatever becomes of the account. */
export function heldEverywhere(account: Account): Held {
  const last = heldLast.get(account);
  if (last && holdsSame(last, account)) return last;
  const held = { privileges: new Set(account.privileges), dynamic: new Map(account.dynamic) };
  heldLast.set(account, held);
  return held;
}
