// Accounts, and the statements that make and change them, as parsed.

export interface AccountName {
  readonly user: string;
  readonly host: string;
  /** CURRENT_USER was written instead of a name. */
  readonly current: boolean;
}

/** What an account is held to, beside its password: the options of CREATE and ALTER USER. */
export interface AccountTerms {
  readonly tls: '' | 'ANY' | 'X509' | 'SPECIFIED';
  readonly cipher: string;
  readonly issuer: string;
  readonly subject: string;
  readonly queriesPerHour: number;
  readonly updatesPerHour: number;
  readonly connectionsPerHour: number;
  readonly userConnections: number;
  readonly expired: boolean;
  /** Days a password lasts; null as the server says, 0 for ever. */
  readonly lifetimeDays: number | null;
  readonly locked: boolean;
  readonly historyPasswords: number | null;
  readonly reuseDays: number | null;
  readonly requireCurrent: boolean | null;
  readonly failedLogins: number;
  /** Days an account stays locked after failed logins; -1 until it is unlocked. */
  readonly lockDays: number;
  /** ATTRIBUTE, a JSON object as text, and COMMENT; undefined where none was said. */
  readonly attribute: string | undefined;
  readonly comment: string | undefined;
}

export interface AccountSpec {
  readonly account: AccountName;
  readonly plugin: string;
  /** Clear password of IDENTIFIED BY; undefined where none was given. */
  readonly password: string | undefined;
  readonly hash: string | undefined;
  readonly random: boolean;
  /** REPLACE gave the password held so far. */
  readonly replaces?: boolean;
  /** RETAIN CURRENT PASSWORD: the one before opens the account too; DISCARD OLD PASSWORD ends that. */
  readonly retains?: boolean;
  readonly discards?: boolean;
}

export type AccountStatement =
  | {
      readonly kind: 'set-password';
      readonly account: AccountName | undefined;
      readonly password: string;
      readonly random: boolean;
      /** REPLACE gave the password held so far. */
      readonly replaces: boolean;
    }
  | {
      readonly kind: 'create-user';
      readonly users: readonly AccountSpec[];
      readonly ifNotExists: boolean;
      readonly role: boolean;
      readonly terms: Partial<AccountTerms>;
      readonly defaultRoles: readonly AccountName[];
    }
  | {
      readonly kind: 'alter-user';
      readonly users: readonly AccountSpec[];
      readonly ifExists: boolean;
      readonly terms: Partial<AccountTerms>;
      /** DEFAULT ROLE: every role, or these; undefined where it was not said. */
      readonly defaultRoles: 'all' | readonly AccountName[] | undefined;
    }
  | {
      readonly kind: 'set-role';
      readonly roles: 'all' | 'default' | readonly AccountName[];
      readonly except: readonly AccountName[];
    }
  | {
      readonly kind: 'set-default-role';
      readonly roles: 'all' | readonly AccountName[];
      readonly users: readonly AccountName[];
    }
  | {
      readonly kind: 'drop-user';
      readonly users: readonly AccountName[];
      readonly ifExists: boolean;
      readonly role: boolean;
    }
  | { readonly kind: 'rename-user'; readonly pairs: readonly (readonly [AccountName, AccountName])[] }
  | GrantStatement;

/** Where privileges hold: everywhere, in a schema, on a table, on a routine. */
export interface GrantLevel {
  readonly kind: 'global' | 'schema' | 'table' | 'PROCEDURE' | 'FUNCTION';
  /** Empty for the default schema. */
  readonly schema: string;
  readonly name: string;
}

export interface GrantedPrivilege {
  readonly name: string;
  readonly columns: readonly string[];
}

export interface GrantStatement {
  readonly kind: 'grant';
  readonly privileges: readonly GrantedPrivilege[];
  /** undefined for roles, PROXY, and REVOKE ALL PRIVILEGES, GRANT OPTION. */
  readonly level: GrantLevel | undefined;
  readonly users: readonly AccountName[];
  /** WITH GRANT OPTION or WITH ADMIN OPTION. */
  readonly option: boolean;
  readonly revoke: boolean;
  /** REVOKE ALL PRIVILEGES, GRANT OPTION: at every level. */
  readonly everything: boolean;
  readonly roles: readonly AccountName[];
  /** The account of GRANT PROXY ON. */
  readonly proxied: AccountName | undefined;
  readonly ifExists: boolean;
  /** AS: whose privileges the grantor is to use. */
  readonly as: AccountName | undefined;
  readonly ignoreUnknown: boolean;
}
