// Accounts, and the statements that make and change them, as parsed.

export interface AccountName {
  readonly user: string;
  readonly host: string;
  /** CURRENT_USER was written instead of a name. */
  readonly current: boolean;
}

export interface AccountSpec {
  readonly account: AccountName;
  readonly plugin: string;
  /** Clear password of IDENTIFIED BY; undefined where none was given. */
  readonly password: string | undefined;
  readonly hash: string | undefined;
  readonly random: boolean;
}

export type AccountStatement =
  | { readonly kind: 'set-password'; readonly account: AccountName | undefined; readonly password: string }
  | {
      readonly kind: 'create-user';
      readonly users: readonly AccountSpec[];
      readonly ifNotExists: boolean;
      readonly role: boolean;
    }
  | { readonly kind: 'alter-user'; readonly users: readonly AccountSpec[]; readonly ifExists: boolean }
  | {
      readonly kind: 'drop-user';
      readonly users: readonly AccountName[];
      readonly ifExists: boolean;
      readonly role: boolean;
    }
  | { readonly kind: 'rename-user'; readonly pairs: readonly (readonly [AccountName, AccountName])[] }
  | {
      readonly kind: 'grant';
      readonly privileges: readonly string[];
      readonly level: string;
      readonly users: readonly AccountName[];
      readonly option: boolean;
      readonly revoke: boolean;
      /** REVOKE ALL PRIVILEGES, GRANT OPTION: at every level. */
      readonly everything?: boolean;
      readonly roles: readonly AccountName[];
    };
